"""Where texts are corrected: the addresses of their fields in forms, from their paths in a document."""

from django.urls import reverse

from ..models.partner import PartnerOrganization


def field_urls(page, locations):
    """For each (path of `document.Text`, language or ""), in order: at most one query.

    None for a partner organization that is no longer there.
    """
    locations = list(locations)
    keys = {path[-2] for path, _language in locations if "partners" in path[:-1]}
    partners = dict(PartnerOrganization.objects.filter(key__in=keys).values_list("key", "pk"))
    return [_field_url(page, path, language, partners) for path, language in locations]


def with_urls(page, reasons):
    """Each reason (or finding) with the address at which it can be corrected."""
    found = field_urls(page, [(reason.path, reason.language) for reason in reasons])
    return list(zip(reasons, found, strict=True))


def _field_url(page, path, language, partners):
    *above, name = path or ("title",)
    field = f"{name}_{language or 'en'}" if name not in ("image", "decorative", "partners") else name
    if "partners" in above:
        known = partners.get(above[-1])
        return known and reverse("admin:pages_partnerorganization_change", args=[known]) + f"#id_{field}"
    form_url = reverse("admin:pages_page_change", args=[page.pk])
    return f"{form_url}#block-{above[1]}-{field}" if above else f"{form_url}#id_{field}"

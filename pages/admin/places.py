"""Where texts are put right: the addresses of their fields in forms, from their paths in a document."""

from django.urls import reverse

from ..rows import PartnerOrganization


def addresses(page, places):
    """For each (path of `document.Text`, language or ""), in order: at most one query.

    None for a partner organization that is no longer there.
    """
    places = list(places)
    keys = {path[-2] for path, _language in places if "partners" in path[:-1]}
    partners = dict(PartnerOrganization.objects.filter(key__in=keys).values_list("key", "pk"))
    return [_address(page, path, language, partners) for path, language in places]


def placed(page, reasons):
    """Each reason (or finding) with the address at which it can be put right."""
    found = addresses(page, [(reason.path, reason.language) for reason in reasons])
    return list(zip(reasons, found, strict=True))


def _address(page, path, language, partners):
    *above, name = path or ("title",)
    field = f"{name}_{language or 'en'}" if name not in ("image", "decorative", "partners") else name
    if "partners" in above:
        known = partners.get(above[-1])
        return known and reverse("admin:pages_partnerorganization_change", args=[known]) + f"#id_{field}"
    here = reverse("admin:pages_page_change", args=[page.pk])
    return f"{here}#block-{above[1]}-{field}" if above else f"{here}#id_{field}"

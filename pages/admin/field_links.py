"""Where texts are corrected: the addresses of their fields in forms, from their paths in a document."""

from django.urls import reverse

from ..document import SHARED_PARTS, VOCABULARIES, shared_part
from ..models.shared_parts import SHARED_MODELS

# The fields of a form that are not of one language.
WITHOUT_LANGUAGE = frozenset(
    {"image", "decorative", "shared_block", "file_en", "file_fr", *SHARED_PARTS, *VOCABULARIES}
)


def field_urls(page, locations):
    """For each (path of `document.Text`, language or ""), in order: at most one query for each kind of shared parts.

    A text of a shared block is corrected in the form of that block. None for one that is no longer there.
    """
    locations = list(locations)
    in_blocks = any(len(path) > 1 and path[0] == "blocks" for path, _language in locations)
    places = _shared_block_urls(page) if in_blocks else {}
    chosen = {shared for path, _language in locations if (shared := shared_part(path))}
    rows = {}
    for name, model in SHARED_MODELS.items():
        keys = {key for kind, key in chosen if kind == name}
        view = f"admin:pages_{model._meta.model_name}_change"
        found = model.objects.filter(key__in=keys).values_list("key", "pk") if keys else ()
        rows |= {(name, key): reverse(view, args=[pk]) for key, pk in found}
    return [_field_url(page, path, language, rows, places) for path, language in locations]


def _shared_block_urls(page):
    """By the key of each place of a shared block in a page, where that block is edited: a query, unless prefetched."""
    return {
        place.key: reverse("admin:pages_sharedblock_change", args=[place.shared_block_id])
        for place in page.pages_sharedplace_set.all()
        if place.shared_block_id
    }


def with_urls(page, reasons):
    """Each reason (or finding) with the address at which it can be corrected."""
    found = field_urls(page, [(reason.path, reason.language) for reason in reasons])
    return list(zip(reasons, found, strict=True))


def _field_url(page, path, language, rows, places):
    *above, name = path or ("title",)
    field = name if name in WITHOUT_LANGUAGE else f"{name}_{language or 'en'}"
    if shared := shared_part(path):
        form_url = rows.get(shared)
        return form_url and f"{form_url}#id_{field}"
    if above and above[1] in places and name != "shared_block":
        return f"{places[above[1]]}#id_{field}"
    form_url = reverse("admin:pages_page_change", args=[page.pk])
    return f"{form_url}#block-{above[1]}-{field}" if above else f"{form_url}#id_{field}"

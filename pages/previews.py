"""What a working copy, or an edition that is not live, looks like at its place among the pages that are public."""

from . import rendering
from .letters import sort_key
from .link_targets import LinkTargets
from .models.edition import Edition
from .models.page import Page


def preview_of(page, document, language, *, toggle, media, unpublished_url=lambda _key, _language: ""):
    """A document of a page as a `rendering.PageView`; `toggle` is where it is shown in the other language.

    `media` is where those who see the preview find its images. `unpublished_url` gives for the key of a page that is
    not public, and a language, where they find it; "" for nowhere.
    """
    return rendering.render_preview(
        document,
        language,
        trail=_trail(page, language),
        children=_children(page, language),
        toggle=toggle,
        links=LinkTargets.of_documents([document], unknown_url=unpublished_url),
        media=media,
    )


def _trail(page, language):
    """The public pages above the working copy's place, from the home page down."""
    above = _above(page)
    live = {edition.page_id: edition for edition in Edition.objects.live().readable().filter(page__in=above)}
    links = [
        rendering.link(live[ancestor.pk], language)
        for ancestor in above
        if ancestor.parent_id and ancestor.pk in live
    ]
    return [rendering.home(language), *links] if above else []


def _above(page):
    above, known = [], {page.pk}
    while page.parent_id and page.parent_id not in known:
        known.add(page.parent_id)
        page = Page.objects.get(pk=page.parent_id)
        above.insert(0, page)
    return above


def _children(page, language):
    below = Edition.objects.live().readable().filter(parent=page)
    ordered = sorted(below, key=lambda edition: (edition.position, sort_key(edition.text("title", language))))
    return [rendering.link(edition, language) for edition in ordered]

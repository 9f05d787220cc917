"""Links to pages of the site in the editor of rich text: finding a page, and keeping links as links to pages."""

import re

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.urls import path
from django.views.generic import View

from .. import html, letters, page_links, working_copy
from ..address_checks import AddressOwners
from ..content_checks.links import own_address
from ..document import LANGUAGES, RICH_TEXT, Bilingual, heading
from ..link_targets import LinkTargets
from ..models.audit_entry import AuditEntry
from ..models.edition import Edition
from ..models.page import Page
from ..page_links import PageLink
from ..page_status import State
from ..section_anchors import heading_anchors, keep_anchors
from ..text_cleaning import without_zero_width
from .edit_conflicts import FormState

MAX_RESULTS = 12
MAX_TYPED = 200  # characters
# Saves among which pages are looked for that were changed last.
RECENT_SAVES = 200
_QUOTES = str.maketrans("’‘“”", "''\"\"")


class LinkSearchView(View):
    """What the dialog for links shows, in JSON: pages for `q`, the words typed; or with `page`, a key, the page itself.

    The number of queries does not depend on the number of pages.
    """

    http_method_names = ("get", "head", "options")
    model_admin = None

    @classmethod
    def url_pattern(cls, model_admin):
        """Returns the URL pattern of this view, open to staff only."""
        view = model_admin.admin_site.admin_view(cls.as_view(model_admin=model_admin))
        return path("links/", view, name="pages_page_links")

    def get(self, request):
        if not self.model_admin.has_view_or_change_permission(request):
            raise PermissionDenied
        if "page" in request.GET:
            return JsonResponse({"page": _described_page(request.GET["page"])})
        found = _find(request.GET.get("q", "").replace("\0", "")[:MAX_TYPED])
        return JsonResponse({"pages": [_described(row, *state) for row, *state in _with_states(found)]})


def _find(typed):
    """The pages whose titles, address or key have all of the words, those that were saved last first."""
    at_address = _key_at(typed.strip())
    wanted = _folded(typed).split()
    recent = _recent_pages()
    columns = ("pk", "key", "title_en", "title_fr", "address_en", "address_fr")
    found = []
    for pk, *values in Page.objects.order_by("pk").values_list(*columns):
        texts = [text or "" for text in values]
        folded = _folded("\n".join(texts))
        if at_address == texts[0] or not at_address and all(word in folded for word in wanted):
            is_title = " ".join(wanted) in (_folded(title).strip() for title in texts[1:3])
            found.append((not is_title, recent.get(pk, len(recent)), letters.sort_key(texts[1]), pk))
    ids = [pk for *_order, pk in sorted(found)[:MAX_RESULTS]]
    rows = Page.objects.in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]


def _folded(text):
    """A text in which any apostrophe or quotation mark stands for the one that people type."""
    return letters.fold(without_zero_width(text)).translate(_QUOTES)


def _recent_pages():
    """By id of the pages that were saved last, their place among these."""
    saves = AuditEntry.objects.filter(content_type__app_label="pages", content_type__model="page")
    ids = saves.order_by("-action_time", "-pk").values_list("object_id", flat=True)[:RECENT_SAVES]
    distinct = dict.fromkeys(int(number) for number in ids if number.isdecimal())
    return {page: place for place, page in enumerate(distinct)}


def _key_at(typed):
    """The key of the page whose address was typed or pasted; None for what is no address of the site."""
    address = own_address(typed) if typed.startswith(("/", "http")) else None
    return _keys_at({address}).get(address, "") if address else None


def _keys_at(addresses):
    """By language and address of those given, the key of the page that has or had it."""
    owners = AddressOwners([Bilingual(**{language: text}) for language, text in addresses], drafts=True)
    found = {}
    for language, address in addresses:
        owner = owners.owned_by_other("", language, address) if address else None
        if owner:
            found[language, address] = owner.key
    home = [each for each in addresses if not each[1]]
    key = Page.objects.filter(parent=None).values_list("key", flat=True).first() if home else None
    return found | (dict.fromkeys(home, key) if key else {})


def _with_states(pages):
    """Each page with its live edition, or None, and whether one is to come: two queries."""
    live = {
        edition.page_id: edition
        for edition in Edition.objects.live().filter(page__in=pages).defer("document")
    }
    scheduled = set(
        Edition.objects.scheduled().filter(page__in=pages).order_by().values_list("page", flat=True)
    )
    return [(page, live.get(page.pk), page.pk in scheduled) for page in pages]


def _described(page, live, is_scheduled):
    """A page as the dialog shows it: at the address where readers find it, if they do."""
    row = live or page
    return {
        "key": page.key,
        "titles": {language: getattr(page, f"title_{language}") or "" for language in LANGUAGES},
        "addresses": {
            language: f"/{language}/{getattr(row, f'address_{language}') or ''}" for language in LANGUAGES
        },
        "state": str(_state(live, is_scheduled).label),
        "isReadable": live is not None and live.kind != Edition.Kind.WITHDRAWN,
    }


def _state(live, is_scheduled):
    if live is None:
        return State.SCHEDULED if is_scheduled else State.NEVER_PUBLISHED
    return State.LIVE if live.kind == Edition.Kind.CURRENT else State(live.kind)


def _described_page(key):
    """A page with its sections: those that readers see, or those of the working copy. Raises Http404."""
    page = Page.objects.with_content().filter(key=key.replace("\0", "")).first()
    if page is None:
        raise Http404
    live = Edition.objects.live().filter(page=page).first()
    is_scheduled = Edition.objects.scheduled().filter(page=page).exists()
    described = _described(page, live, is_scheduled)
    document = live.read() if described["isReadable"] else working_copy.read(page)
    described["sections"] = list(_described_sections(document))
    return described


def _described_sections(document):
    """The blocks that links can lead to, and the headings within them in each language, in the order of the page.

    A block without a heading of its own has no key here.
    """
    within = {language: list(heading_anchors(document, language)) for language in LANGUAGES}
    for block in document.blocks:
        titles = {language: heading(block)[language] for language in LANGUAGES}
        headings = {
            language: [
                {"key": each.anchor, "title": each.text, "level": each.level}
                for key, each in within[language]
                if key == block.key
            ]
            for language in LANGUAGES
        }
        is_titled = all(titles.values())
        if is_titled or any(headings.values()):
            yield {"key": block.key if is_titled else "", "titles": titles, "headings": headings}


# Saving


_RICH_NAME = re.compile(rf"(?:.*-)?(?:{'|'.join(sorted(RICH_TEXT))})_(?P<language>en|fr)", re.DOTALL)


def with_page_links(post):
    """Returns what a form sent with links to addresses of the site as links to the pages that these belong to.

    Only those in the language of their field: a link to the other language on purpose stays as it is. A text that is as
    it was when the form was opened stays as it is too, or saving a page untouched would change it. Three queries at
    most, however many links there are; none where there are no such links.
    """
    texts = {name: found for name in post if (found := _own_links(name, post[name]))}
    untouched = FormState.loads(post.get("opened", "")).texts() if texts else ()
    texts = {name: found for name, found in texts.items() if found[0] not in untouched}
    if not texts:
        return post
    hrefs = {href for _text, _language, hrefs in texts.values() for href in hrefs}
    links = links_for(hrefs)
    changed = post.copy()
    for name, (text, _language, _hrefs) in texts.items():
        changed[name] = page_links.replace_hrefs(text, links.get)
    return changed


_BLOCK_TEXT = re.compile(
    rf"(?P<prefix>.*-)(?P<name>(?:{'|'.join(sorted(RICH_TEXT))})_(?P<language>en|fr))", re.DOTALL
)


def with_stored_anchors(post, page_id):
    """Returns what a form sent with headings that keep the anchors that readers know, although their words changed.

    Looks at the live edition of the page only where a heading changed: one query.
    """
    opened = FormState.loads(post.get("opened", "")).blocks
    changed = {name: texts for name in post if (texts := _changed_headings(name, post, opened))}
    live = Edition.objects.live().filter(page=page_id).first() if changed else None
    if not changed:
        return post
    document = live.read() if live else None
    known = {language: list(heading_anchors(document, language)) if live else [] for language in LANGUAGES}
    kept = post.copy()
    for name, (block, language, before, text) in changed.items():
        kept[name] = keep_anchors(text, before, [each for key, each in known[language] if key == block])
    return kept


def _changed_headings(name, post, opened):
    """The key of a block, a language, and the texts before and after; None where no heading changed."""
    field = _BLOCK_TEXT.fullmatch(name)
    key = field and post.get(f"{field['prefix']}known_as", "")
    if not field or key not in opened or not re.search("<h[1-6]", post[name]):
        return None
    before = opened[key][1].get(field["name"], [""])[0]
    text = html.clean(post[name])
    if html.headings(before) == html.headings(text):
        return None
    return key, field["language"], before, text


def _own_links(name, value):
    """The clean text of a field, its language and the addresses in it that are of the site; None if there are none."""
    field = _RICH_NAME.fullmatch(name)
    if not field or "href" not in value:
        return None
    text = html.clean(value)
    language = field["language"]
    hrefs = [href for href in page_links.hrefs_in(text) if _is_own(href, language)]
    return (text, language, hrefs) if hrefs else None


def _is_own(href, language):
    address = own_address(href)
    return address is not None and address[0] == language and "?" not in href


def own_hrefs(text, language):
    """Returns the addresses of links in a clean rich text that are those of pages in a language."""
    return {href for href in page_links.hrefs_in(text) if _is_own(href, language)}


def links_for(hrefs):
    """By address, the link to the page that it belongs to; none for a part of a page that is not a section."""
    keys = _keys_at({own_address(href) for href in hrefs})
    found, parts = {}, {}
    for href in hrefs:
        address = own_address(href)
        anchor = href.partition("#")[2]
        if key := keys.get(address):
            if anchor:
                parts[href] = (key, address[0], anchor)
            else:
                found[href] = PageLink(key).href
    sections = LinkTargets.sections_at(parts.values())
    return found | {href: sections[part].href for href, part in parts.items() if part in sections}

"""Do links say where they lead, in the right language, and do they lead there?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext_lazy as _

from .. import html, image_marks
from ..document import LANGUAGES, RICH_TEXT, Bilingual, Document, Partner, texts
from ..page_links import parse_href
from ..public_urls import absolute_url
from ..slugs import slug
from .examples import Example, en, fr, pair
from .parsed_document import Claim, LanguageView, Link, ParsedDocument
from .rules import (
    ERROR,
    INFO,
    SPACE,
    WARNING,
    Match,
    Rule,
    match_in_field,
    match_in_link,
    match_in_run,
    per_language,
)

_VAGUE = {
    "en": frozenset(
        "click here|click|here|read more|more|learn more|find out more|see more|more information|more details|"
        "this page|this link|link|this|details|continue|continue reading|go|download|view|website|page|see here".split(
            "|"
        )
    ),
    "fr": frozenset(
        "cliquez ici|cliquer ici|ici|lire la suite|en savoir plus|pour en savoir plus|plus|voir plus|"
        "plus d’information|plus d’informations|plus de renseignements|plus de détails|cette page|ce lien|lien|"
        "suite|détails|continuer|télécharger|voir|site web|page|voir ici|consulter".split("|")
    ),
}
_ONLY = {
    "en": re.compile(r"\((?!internal|accessible)(?:[\w, ]+ only|in [A-Z]\w+)\)"),
    "fr": re.compile(r"\(en [\w, ]+ seulement\)|\(en [a-zéïç]+\)"),
}
_IN_BRACKETS = re.compile(rf"{SPACE}?\([^()]*\)")
_LANGUAGE_NAMES = {
    "en": "en", "eng": "en", "en-ca": "en", "english": "en", "fr": "fr", "fra": "fr", "fr-ca": "fr", "francais": "fr",
}  # fmt: skip
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+/\S*")
_FILE = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|csv|zip|epub|odt|ods)\Z", re.IGNORECASE)
# With either decimal mark, which has a rule of its own.
_SIZE = {
    "en": re.compile(rf"[(\[][A-Z]+,{SPACE}?\d+(?:[.,]\d+)?{SPACE}(?:KB|MB|GB)[)\]]"),
    "fr": re.compile(rf"[(\[][A-Z]+,{SPACE}?\d+(?:[.,]\d+)?{SPACE}(?:Ko|Mo|Go)[)\]]"),
}
# What several words may name: a section, and a person or an office that is written to or called.
_NAMED_FREELY = ("#", "mailto:", "tel:")
_RECORDING = re.compile(
    r"\.(?:mp[34]|m4a|webm|ogg|mov)\Z|(?:^|\.)(?:youtube\.com/watch|youtu\.be/|vimeo\.com/\d)", re.IGNORECASE
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_INTERNAL = re.compile(
    r"(?:^|[.-])(?:intranet|gcpedia|gcconnex|gcxchange|gcintranet)[.-]|\.(?:local|lan|corp)$"
)
# Parts of the site that are not pages.
_NOT_PAGES = frozenset("report-a-problem signaler-un-probleme search recherche corrections feed fil".split())
# Ids of the frame around a page begin with these.
_FRAME = ("wb-", "ci-", "main", "top")


def own_address(href: str) -> tuple[str, str] | None:
    """The language and address of a page of this site; None where a link leads elsewhere."""
    path = href.removeprefix(absolute_url("")) if href.startswith("http") else href
    found = re.match(r"/(en|fr)(?:/([^?#]*))?(?:[?#]|\Z)", path)
    return (found[1], (found[2] or "").strip("/")) if found else None


def language_in_url(href: str) -> str:
    """The official language that the address of another site tells; empty when it tells none."""
    try:
        parts = urlsplit(href.lower())
        query = parse_qs(parts.query, max_num_fields=50)
    except ValueError:
        return ""
    labels = [*query.get("lang", []), *query.get("language", []), *parts.path.split("/")]
    labels += parts.netloc.split(".")[:1]
    by_page = {_LANGUAGE_NAMES[label] for label in labels if label in _LANGUAGE_NAMES}
    return by_page.pop() if len(by_page) == 1 else ""


def _is_web(link: Link) -> bool:
    return link.href.startswith(("http:", "https:"))


def _link_words(link: Link) -> str:
    return " ".join(re.sub(r"[^\w’'-]+", " ", link.text.replace("'", "’")).split()).casefold()


# Texts

_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_FOOTNOTE_SIGN = re.compile(r"[*†‡§¶]+|\[[*†‡§¶]+\]")


def vague(view: LanguageView) -> Iterator[Match]:
    return (match_in_link(link) for link in view.links if _link_words(link) in _VAGUE[view.language])


def empty(view: LanguageView) -> Iterator[Match]:
    """Links without a name: spaces, marks or decorative images alone. The sign of a footnote is a name."""
    for text in texts(view.document):
        if text.path[-1] not in RICH_TEXT or "<a " not in text.value[view.language]:
            continue
        wordless = {
            link.href: link for link in view.links if link.run.path == text.path and not _is_named(link.text)
        }
        if not wordless and image_marks.PREFIX not in text.value[view.language]:
            continue
        for href in _unnamed(text.value[view.language]):
            if link := wordless.get(href):
                yield match_in_link(link, href=href)
            else:
                yield match_in_field(text.path, view.language, href=href)


def _unnamed(rich_text: str) -> Iterator[str]:
    """Where the links of a rich text lead that have no name for those who hear them."""
    for block in html.leaves(html.parse(rich_text)):
        for mark, linked in groupby(block.runs, key=html.link_mark):
            if mark and not _is_named("".join(map(_spoken, linked))):
                yield mark.get("href")


def _spoken(run: html.Run) -> str:
    """The words of a run; of an image what is said in its place, or its key while the library is not known."""
    if run.image is None:
        return html.spoken_text(run)
    image = image_marks.read(run.image.attributes)
    return image.key if image.own_text is None and image.description is None else image.text


def _is_named(text: str) -> bool:
    return bool(_LETTER_OR_DIGIT.search(text) or _FOOTNOTE_SIGN.fullmatch(text.strip()))


def raw(view: LanguageView) -> Iterator[Match]:
    return (match_in_link(link) for link in view.links if _ADDRESS.fullmatch(link.text.strip()))


def ambiguous(view: LanguageView) -> Iterator[Match]:
    """The same words that lead to different places; the number of a note leads to it and back."""
    seen: dict[str, Link] = {}
    for link in view.links:
        if link.href.startswith("#") and link.text.strip("[]() \u00a0").isdigit():
            continue
        first = seen.setdefault(_link_words(link), link)
        if _link_words(link) and _target(first) != _target(link):
            yield match_in_link(link, href=link.href, other=first.href)


def _target(link: Link) -> str:
    return link.href.rstrip("/")


def inconstant(view: LanguageView) -> Iterator[Match]:
    """Different words that lead to the same page, but for an article or a label."""
    seen: dict[str, Link] = {}
    parts = [following for _link, following in _neighbours(view)]
    for link in view.links:
        if link.href.startswith(_NAMED_FREELY) or not _link_words(link) or link in parts:
            continue
        first = seen.setdefault(_target(link), link)
        if not _is_similar(_link_words(first), _link_words(link)):
            yield match_in_link(link, other=first.text)


def _is_similar(one: str, other: str) -> bool:
    return one in other or other in one


def divided(view: LanguageView) -> Iterator[Match]:
    """Neighbours that lead to the same place."""
    return (match_in_link(following, other=link.text) for link, following in _neighbours(view))


def _neighbours(view: LanguageView) -> Iterator[tuple[Link, Link]]:
    for link, following in pairwise(view.links):
        between = link.run.text[link.end : following.start]
        if link.run is following.run and _target(link) == _target(following) and not between.strip():
            yield link, following


def file_unsaid(view: LanguageView) -> Iterator[Match]:
    for link in view.links:
        kind = _FILE.search(link.href.partition("?")[0].partition("#")[0])
        if kind and not _SIZE[view.language].search(link.text):
            example = {"en": "4.35 MB", "fr": "4,35\u00a0Mo"}[view.language]
            yield match_in_link(link, example=f"({kind[1].upper()}, {example})")


def length_unsaid(view: LanguageView) -> Iterator[Match]:
    for link in view.links:
        address = link.href.partition("//")[2] or link.href
        if _RECORDING.search(address.partition("#")[0]) and not re.search(r"\d:\d\d", link.text):
            yield match_in_link(link)


# Languages


_OTHER_LANGUAGE = {"en": re.compile("(?i)fran[cç]ais|french"), "fr": re.compile("(?i)english|anglais")}


def to_other_language(view: LanguageView) -> Iterator[Match]:
    """Links to a page of this site in the other language that do not say so."""
    for link in view.links:
        address = own_address(link.href)
        says_so = link.hreflang or _OTHER_LANGUAGE[view.language].search(link.text)
        if address and address[0] != view.language and not says_so:
            yield match_in_link(link, href=link.href)


def language_unsaid(view: LanguageView) -> Iterator[Match]:
    """A label without hreflang, or hreflang without a label."""
    for link in view.links:
        labelled = bool(_ONLY[view.language].search(link.text))
        marked = bool(link.hreflang) and not link.hreflang.lower().startswith(view.language)
        if labelled != marked:
            yield match_in_link(link)


def unlabelled_other_language(view: LanguageView) -> Iterator[Match]:
    """An address in the other language, without a word about it."""
    for link in view.links:
        silent = not link.hreflang and not _ONLY[view.language].search(link.text + _remark(link))
        if _is_web(link) and not own_address(link.href) and silent and _is_other(link.href, view):
            yield match_in_link(link, href=link.href)
    for partner in _partners(view.document):
        href = partner.website[view.language]
        if href and _is_other(href, view):
            path = ("blocks", *_partner_path(view.document, partner), "website")
            yield match_in_field(path, view.language, href, text=partner.name[view.language], href=href)


def _is_other(href: str, view: LanguageView) -> bool:
    return language_in_url(href) not in ("", view.language)


def _partners(document: Document) -> Iterator[Partner]:
    for block in document.blocks:
        yield from getattr(block, "partners", ())


def _partner_path(document: Document, partner: Partner) -> tuple[str, ...]:
    block = next(block for block in document.blocks if partner in getattr(block, "partners", ()))
    return (block.key, "partners", partner.key)


# Targets


def claims(parsed: ParsedDocument) -> Iterator[Claim]:
    """The addresses of a page."""
    for language in LANGUAGES:
        yield Claim(_about(language, parsed.document.address[language]))


def linked_pages(parsed: ParsedDocument) -> Iterator[str]:
    """The pages of this site to which a page leads: whether they exist is known by what they claim."""
    for view in parsed.views:
        for link in view.links:
            if address := own_address(link.href):
                yield _about(*address)


def _about(language: str, address: str) -> str:
    return f"{language} address {address}"


def _page_at(parsed: ParsedDocument, language: str, address: str) -> str | None:
    """The key of the page at an address; this page is at those that it would have."""
    document = parsed.document
    if document.address[language] == address:
        return document.key
    return next(
        (by_page.key for by_page in parsed.site.claims_about(claims, _about(language, address))), None
    )


def nowhere(parsed: ParsedDocument) -> Iterator[Match]:
    """Links to pages of this site that do not exist; only where the whole site is known."""
    if not parsed.site.is_whole:
        return
    for view in parsed.views:
        for link in view.links:
            address = own_address(link.href)
            if not address or address[1].split("/")[0] in _NOT_PAGES:
                continue
            if _page_at(parsed, *address) is None:
                yield match_in_link(link, href=link.href)


def no_such_part(view: LanguageView) -> Iterator[Match]:
    anchors = view.anchors | {slug(run.text) for run in view.runs if run.kind == "heading"}
    for link in view.links:
        if not link.href.startswith("#") or link.href.startswith(tuple(f"#{name}" for name in _FRAME)):
            continue
        anchor = link.href[1:]
        if anchor not in anchors and re.sub(r"-\d+\Z", "", anchor) not in anchors:
            yield match_in_link(link, href=link.href)


def lead_apart(parsed: ParsedDocument) -> Iterator[Match]:
    """Pages of this site to which one language leads and the other does not, text by text."""
    english, french = (_leads(parsed, view) for view in parsed.views)
    for path in english.keys() & french.keys():
        if len(english[path]) != len(french[path]):
            continue  # another rule says so
        english_keys, french_keys = ({key for key, _link in found[path]} for found in (english, french))
        for language, found, missing in (("fr", english, french_keys), ("en", french, english_keys)):
            for key, link in found[path]:
                if key not in missing:
                    yield match_in_field(path, language, link.text, text=link.text, href=link.href)


def _leads(parsed: ParsedDocument, view: LanguageView) -> dict[tuple[str, ...], list[tuple[str, Link]]]:
    found: dict[tuple[str, ...], list[tuple[str, Link]]] = {}
    for link in view.links:
        key = _linked_page(parsed, view, link)
        if key:
            found.setdefault(link.run.path, []).append((key, link))
    return found


def _linked_page(parsed: ParsedDocument, view: LanguageView, link: Link) -> str | None:
    """The key of the page that a link goes to, by its key or by its address in this language."""
    if page_link := parse_href(link.href):
        return page_link.page
    address = own_address(link.href)
    return _page_at(parsed, *address) if address and address[0] == view.language else None


def internal(view: LanguageView) -> Iterator[Match]:
    for link in view.links:
        host = re.match(r"https?://([^/:?#]+)", link.href)
        if host and _INTERNAL.search(host[1].lower()) and "(" not in link.text + _remark(link):
            yield match_in_link(link)


def _remark(link: Link) -> str:
    """What stands in brackets right after a link; empty where nothing does."""
    found = _IN_BRACKETS.match(link.run.text, link.end)
    return found[0] if found else ""


def insecure(view: LanguageView) -> Iterator[Match]:
    return (match_in_link(link, href=link.href) for link in view.links if link.href.startswith("http://"))


def email_unlinked(view: LanguageView) -> Iterator[Match]:
    """Addresses that are not linked, not in small letters, or hidden under other words."""
    for link in view.links:
        address = link.href.removeprefix("mailto:").partition("?")[0].lower()
        if link.href.startswith("mailto:") and address and not _EMAIL.search(link.text):
            yield match_in_link(link, address=address)
    for run in view.runs:
        for found in _EMAIL.finditer(run.text) if "@" in run.text else ():
            linked = run.within(found.start(), found.end(), "a") or len(run.path) == 1
            if not linked or found[0] != found[0].lower():
                yield match_in_run(run, found.start(), found.end(), address=found[0].lower())


def _a(href: str, text: str, language: str = "") -> str:
    hreflang = f' hreflang="{language}"' if language else ""
    return f'<a href="{href}"{hreflang}>{text}</a>'


_SITE = tuple(
    Document(key, parent=parent, address=Bilingual(*address))
    for key, parent, address in (
        ("home", None, ("", "")),
        ("trade", "home", ("trade", "commerce")),
        ("aid", "home", ("aid", "aide")),
    )
)


def _site(language: str, bad: str, good: str) -> Example:
    example = {"en": en, "fr": fr}[language](_a(bad, "trade"), _a(good, "trade"))
    return Example(language, example.bad, example.good, _SITE, example.text, example.better)


def _partner_site(language: str, bad: str, good: str) -> Example:
    example = {"en": en, "fr": fr}[language](bad, good, field="partner_website")
    return example


_A = "https://example.org/a"
_B = "https://example.org/b"

RULES = (
    Rule(
        "link-vague",
        WARNING,
        _("“%(text)s” does not say where the link goes. Link the words that name the page."),
        per_language(vague),
        (
            en(f"For the rules, {_a(_A, 'click here')}.", f"See the {_a(_A, 'rules on trade')}."),
            fr(f"Pour les règles, {_a(_A, 'cliquez ici')}.", f"Voir les {_a(_A, 'règles du commerce')}."),
        ),
        number=10,
    ),
    Rule(
        "link-ambiguous",
        WARNING,
        _("“%(text)s” goes to %(href)s here and to %(other)s above. Use different link text for each."),
        per_language(ambiguous),
        (
            en(
                f"{_a(_A, 'Report')} and {_a(_B, 'report')}",
                f"{_a(_A, 'Report 2019')} and {_a(_B, 'report 2020')}",
            ),
            fr(
                f"{_a(_A, 'Rapport')} et {_a(_B, 'rapport')}",
                f"{_a(_A, 'Rapport 2019')} et {_a(_B, 'rapport 2020')}",
            ),
        ),
        number=11,
    ),
    Rule(
        "link-inconstant",
        WARNING,
        _("“%(text)s” goes to the same page as “%(other)s”. Use the same link text for the same page."),
        per_language(inconstant),
        (
            en(
                f"{_a(_A, 'Trade statistics')} and {_a(_A, 'annual figures')}",
                f"{_a(_A, 'Trade statistics')} and {_a(_A, 'trade statistics')}",
            ),
            fr(
                f"{_a(_A, 'Statistiques du commerce')} et {_a(_A, 'chiffres annuels')}",
                f"{_a(_A, 'Statistiques du commerce')} et {_a(_A, 'statistiques du commerce')}",
            ),
        ),
        number=12,
    ),
    Rule(
        "link-file-unsaid",
        WARNING,
        _("“%(text)s” goes to a file. Add its format and size to the link text, for example %(example)s."),
        per_language(file_unsaid),
        (
            en(_a(_A + ".pdf", "Annual report"), _a(_A + ".pdf", "Annual report (PDF, 1.2 MB)")),
            fr(_a(_A + ".pdf", "Rapport annuel"), _a(_A + ".pdf", "Rapport annuel (PDF, 1,2\u00a0Mo)")),
        ),
        number=13,
    ),
    Rule(
        "link-language-unsaid",
        WARNING,
        _(
            "“%(text)s” must name the language of the linked page twice: in the link text, for example "
            "“(French only)”, and in the link’s language field. One of them is missing."
        ),
        per_language(language_unsaid),
        (
            en(_a(_A, "Rapport annuel", "fr"), _a(_A, "Rapport annuel (French only)", "fr")),
            fr(
                _a(_A, "Annual report (en anglais seulement)"),
                _a(_A, "Annual report (en anglais seulement)", "en"),
            ),
        ),
        number=14,
    ),
    Rule(
        "link-length-unsaid",
        WARNING,
        _("“%(text)s” goes to a recording. Add its length to the link text, for example “(2:07 minutes)”."),
        per_language(length_unsaid),
        (
            en(_a(_A + ".mp4", "Speech"), _a(_A + ".mp4", "Speech (2:07 minutes)")),
            fr(_a(_A + ".mp4", "Discours"), _a(_A + ".mp4", "Discours (2:07 minutes)")),
        ),
        number=15,
    ),
    Rule(
        "link-raw",
        WARNING,
        _("The link text is “%(text)s”. Use the name of the page instead of its address."),
        per_language(raw),
        (
            en(f"See {_a(_A, _A)}.", f"See the {_a(_A, 'rules on trade')}."),
            fr(f"Voir {_a(_A, 'www.example.org/a')}.", f"Voir les {_a(_A, 'règles du commerce')}."),
        ),
        number=16,
    ),
    Rule(
        "link-empty",
        ERROR,
        _("The link to %(href)s has no text. Add the name of the page it goes to, or remove the link."),
        per_language(empty),
        (
            en(f"The rules {_a(_A, '»')}", _a(_A, "The rules")),
            fr(f"Les règles {_a(_A, '→')}", _a(_A, "Les règles")),
        ),
        number=16,
    ),
    Rule(
        "link-divided",
        WARNING,
        _("“%(other)s” and “%(text)s” are two links to the same page. Combine them into one."),
        per_language(divided),
        (
            en(f"{_a(_A, 'Annual')} {_a(_A, 'report')}", _a(_A, "Annual report")),
            fr(f"{_a(_A, 'Rapport')} {_a(_A, 'annuel')}", _a(_A, "Rapport annuel")),
        ),
        number=16,
    ),
    Rule(
        "email-form",
        INFO,
        _("Write the email address in lowercase and make it a link: %(address)s."),
        per_language(email_unlinked),
        (
            en(
                "Write to Info@example.org.", f"Write to {_a('mailto:info@example.org', 'info@example.org')}."
            ),
            fr(
                f"Écrivez {_a('mailto:info@example.org', 'au service')}.",
                f"Écrivez à {_a('mailto:info@example.org', 'info@example.org')}.",
            ),
        ),
        number=17,
    ),
    Rule(
        "link-to-other-language",
        ERROR,
        _(
            "“%(text)s” goes to %(href)s, a page of this site in the other language. Link to the page in "
            "this language."
        ),
        per_language(to_other_language),
        (
            en(_a("/fr/commerce", "trade"), _a("/en/trade", "trade")),
            fr(_a("/en/trade", "commerce"), _a("/fr/commerce", "commerce")),
        ),
        number=19,
    ),
    Rule(
        "link-language-told",
        WARNING,
        _(
            "“%(text)s” goes to %(href)s, which seems to be in the other language. Link to the page in this "
            "language, or name the language in the link text."
        ),
        per_language(unlabelled_other_language),
        (
            en(_a("https://example.org/fr/commerce", "trade"), _a("https://example.org/en/trade", "trade")),
            fr(
                "https://example.org/?lang=eng",
                "https://example.org/?lang=fra",
                field="partner_website",
            ),
        ),
        number=19,
    ),
    Rule(
        "link-nowhere",
        WARNING,
        _(
            "“%(text)s” goes to %(href)s, but that page does not exist. Correct the address or remove the "
            "link."
        ),
        nowhere,
        (_site("en", "/en/trades", "/en/trade"), _site("fr", "/fr/commerces", "/fr/commerce")),
        number=19,
    ),
    Rule(
        "link-to-no-part",
        WARNING,
        _("“%(text)s” goes to %(href)s on this page, but there is no such heading. Correct the link."),
        per_language(no_such_part),
        (
            en(f"<p>{_a('#aids', 'aid')}</p>\n<h3>Aid</h3>", f"<p>{_a('#aid', 'aid')}</p>\n<h3>Aid</h3>"),
            fr(
                f"<p>{_a('#aides', 'aide')}</p>\n<h3>Aide</h3>",
                f"<p>{_a('#aide', 'aide')}</p>\n<h3>Aide</h3>",
            ),
        ),
        number=19,
    ),
    Rule(
        "links-lead-apart",
        WARNING,
        _(
            "“%(text)s” goes to %(href)s, but the other language does not link to that page. Link to the "
            "same pages in both languages."
        ),
        lead_apart,
        (
            pair(
                "en",
                (_a("/en/aid", "trade"), _a("/fr/commerce", "commerce")),
                (_a("/en/trade", "trade"), _a("/fr/commerce", "commerce")),
                others=_SITE,
            ),
            pair(
                "fr",
                (_a("/en/trade", "trade"), _a("/fr/aide", "commerce")),
                (_a("/en/trade", "trade"), _a("/fr/commerce", "commerce")),
                others=_SITE,
            ),
        ),
    ),
    Rule(
        "link-internal",
        WARNING,
        _(
            "“%(text)s” goes to an internal network. Say so in the link text, for example “(accessible only "
            "on the Government of Canada network)”."
        ),
        per_language(internal),
        (
            en(
                _a("https://intranet.example.org/a", "Guide"),
                _a(
                    "https://intranet.example.org/a",
                    "Guide (accessible only on the Government of Canada network)",
                ),
            ),
            fr(
                _a("https://intranet.example.org/a", "Guide"),
                _a(
                    "https://intranet.example.org/a",
                    "Guide (accessible uniquement sur le réseau du gouvernement du Canada)",
                ),
            ),
        ),
        number=20,
    ),
    Rule(
        "link-insecure",
        INFO,
        _("%(href)s is not encrypted. Use its https address if there is one."),
        per_language(insecure),
        (
            en(_a("http://example.org/", "rules"), _a("https://example.org/", "rules")),
            fr(_a("http://example.org/", "règles"), _a("https://example.org/", "règles")),
        ),
    ),
)

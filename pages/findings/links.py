"""Do links say where they lead, in the right language, and do they lead there?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext_lazy as _

from ..addresses import absolute
from ..document import LANGUAGES, Bilingual, Document, Partner
from ..slugs import slug
from .examples import Example, en, fr, pair
from .reading import Claim, Link, Reading, Side
from .rules import BLOCKS, HINTS, SPACE, WARNS, Hit, Rule, each_side, in_field, in_link, in_piece

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
    "en": re.compile(r"\((?:[\w, ]+ only|in [A-Z]\w+)\)"),
    "fr": re.compile(r"\(en [\w, ]+ seulement\)|\(en [a-zéïç]+\)"),
}
_LANGUAGE_NAMES = {
    "en": "en", "eng": "en", "en-ca": "en", "english": "en", "fr": "fr", "fra": "fr", "fr-ca": "fr", "francais": "fr",
}  # fmt: skip
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+/\S*")
_FILE = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|csv|zip|epub|odt|ods)\Z", re.IGNORECASE)
_SIZE = {
    "en": re.compile(rf"\([A-Z]+,{SPACE}?\d+(?:\.\d+)?{SPACE}(?:KB|MB|GB)\)"),
    "fr": re.compile(rf"\([A-Z]+,{SPACE}?\d+(?:,\d+)?{SPACE}(?:Ko|Mo|Go)\)"),
}
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
    path = href.removeprefix(absolute("")) if href.startswith("http") else href
    found = re.match(r"/(en|fr)(?:/([^?#]*))?(?:[?#]|\Z)", path)
    return (found[1], (found[2] or "").strip("/")) if found else None


def told_language(href: str) -> str:
    """The official language that the address of another site tells; empty when it tells none."""
    try:
        parts = urlsplit(href.lower())
        query = parse_qs(parts.query, max_num_fields=50)
    except ValueError:
        return ""
    labels = [*query.get("lang", []), *query.get("language", []), *parts.path.split("/")]
    labels += parts.netloc.split(".")[:1]
    told = {_LANGUAGE_NAMES[label] for label in labels if label in _LANGUAGE_NAMES}
    return told.pop() if len(told) == 1 else ""


def _is_web(link: Link) -> bool:
    return link.href.startswith(("http:", "https:"))


def _said(link: Link) -> str:
    return " ".join(re.sub(r"[^\w’'-]+", " ", link.text.replace("'", "’")).split()).casefold()


# Texts


def vague(side: Side) -> Iterator[Hit]:
    return (in_link(link) for link in side.links if _said(link) in _VAGUE[side.language])


def empty(side: Side) -> Iterator[Hit]:
    return (in_link(link, href=link.href) for link in side.links if not _said(link))


def raw(side: Side) -> Iterator[Hit]:
    return (in_link(link) for link in side.links if _ADDRESS.fullmatch(link.text.strip()))


def ambiguous(side: Side) -> Iterator[Hit]:
    """The same words that lead to different places."""
    seen: dict[str, Link] = {}
    for link in side.links:
        first = seen.setdefault(_said(link), link)
        if _said(link) and _target(first) != _target(link):
            yield in_link(link, href=link.href, other=first.href)


def _target(link: Link) -> str:
    return link.href.rstrip("/")


def inconstant(side: Side) -> Iterator[Hit]:
    """Different words that lead to the same place, but for an article or a label."""
    seen: dict[str, Link] = {}
    parts = [following for _link, following in _neighbours(side)]
    for link in side.links:
        if link.href.startswith("#") or not _said(link) or link in parts:
            continue
        first = seen.setdefault(_target(link), link)
        if not _alike(_said(first), _said(link)):
            yield in_link(link, other=first.text)


def _alike(one: str, other: str) -> bool:
    return one in other or other in one


def divided(side: Side) -> Iterator[Hit]:
    """Neighbours that lead to the same place."""
    return (in_link(following, other=link.text) for link, following in _neighbours(side))


def _neighbours(side: Side) -> Iterator[tuple[Link, Link]]:
    for link, following in pairwise(side.links):
        between = link.piece.text[link.end : following.start]
        if link.piece is following.piece and _target(link) == _target(following) and not between.strip():
            yield link, following


def file_unsaid(side: Side) -> Iterator[Hit]:
    for link in side.links:
        kind = _FILE.search(link.href.partition("?")[0].partition("#")[0])
        if kind and not _SIZE[side.language].search(link.text):
            example = {"en": "4.35 MB", "fr": "4,35\u00a0Mo"}[side.language]
            yield in_link(link, example=f"({kind[1].upper()}, {example})")


def length_unsaid(side: Side) -> Iterator[Hit]:
    for link in side.links:
        address = link.href.partition("//")[2] or link.href
        if _RECORDING.search(address.partition("#")[0]) and not re.search(r"\d:\d\d", link.text):
            yield in_link(link)


# Languages


def to_other_language(side: Side) -> Iterator[Hit]:
    for link in side.links:
        address = own_address(link.href)
        if address and address[0] != side.language:
            yield in_link(link, href=link.href)


def language_unsaid(side: Side) -> Iterator[Hit]:
    """A label without hreflang, or hreflang without a label."""
    for link in side.links:
        labelled = bool(_ONLY[side.language].search(link.text))
        marked = bool(link.hreflang) and not link.hreflang.lower().startswith(side.language)
        if labelled != marked:
            yield in_link(link)


def language_told(side: Side) -> Iterator[Hit]:
    """An address in the other language, without a word about it."""
    for link in side.links:
        silent = not link.hreflang and not _ONLY[side.language].search(link.text)
        if _is_web(link) and not own_address(link.href) and silent and _is_other(link.href, side):
            yield in_link(link, href=link.href)
    for partner in _partners(side.document):
        href = partner.website[side.language]
        if href and _is_other(href, side):
            path = ("blocks", *_place_of(side.document, partner), "website")
            yield in_field(path, side.language, href, text=partner.name[side.language], href=href)


def _is_other(href: str, side: Side) -> bool:
    return told_language(href) not in ("", side.language)


def _partners(document: Document) -> Iterator[Partner]:
    for block in document.blocks:
        yield from getattr(block, "partners", ())


def _place_of(document: Document, partner: Partner) -> tuple[str, ...]:
    block = next(block for block in document.blocks if partner in getattr(block, "partners", ()))
    return (block.key, "partners", partner.key)


# Targets


def claims(reading: Reading) -> Iterator[Claim]:
    """The addresses of a page."""
    for language in LANGUAGES:
        yield Claim(_about(language, reading.document.address[language]))


def asked(reading: Reading) -> Iterator[str]:
    """The pages of this site to which a page leads: whether they exist is known by what they claim."""
    for side in reading.sides:
        for link in side.links:
            if address := own_address(link.href):
                yield _about(*address)


def _about(language: str, address: str) -> str:
    return f"{language} address {address}"


def _page_at(reading: Reading, language: str, address: str) -> str | None:
    """The key of the page at an address; this page is at those that it would have."""
    document = reading.document
    if document.address[language] == address:
        return document.key
    return next((told.key for told in reading.site.told(claims, _about(language, address))), None)


def nowhere(reading: Reading) -> Iterator[Hit]:
    """Links to pages of this site that do not exist; only where the whole site is known."""
    if not reading.site.is_whole:
        return
    for side in reading.sides:
        for link in side.links:
            address = own_address(link.href)
            if not address or address[1].split("/")[0] in _NOT_PAGES:
                continue
            if _page_at(reading, *address) is None:
                yield in_link(link, href=link.href)


def no_such_part(side: Side) -> Iterator[Hit]:
    anchors = {slug(piece.text) for piece in side.pieces if piece.kind == "heading"}
    for link in side.links:
        if not link.href.startswith("#") or link.href.startswith(tuple(f"#{name}" for name in _FRAME)):
            continue
        anchor = link.href[1:]
        if anchor not in anchors and re.sub(r"-\d+\Z", "", anchor) not in anchors:
            yield in_link(link, href=link.href)


def lead_apart(reading: Reading) -> Iterator[Hit]:
    """Pages of this site to which one language leads and the other does not, text by text."""
    english, french = (_leads(reading, side) for side in reading.sides)
    for path in english.keys() & french.keys():
        if len(english[path]) != len(french[path]):
            continue  # another rule says so
        here, there = ({key for key, _link in found[path]} for found in (english, french))
        for language, found, missing in (("fr", english, there), ("en", french, here)):
            for key, link in found[path]:
                if key not in missing:
                    yield in_field(path, language, link.text, text=link.text, href=link.href)


def _leads(reading: Reading, side: Side) -> dict[tuple[str, ...], list[tuple[str, Link]]]:
    found: dict[tuple[str, ...], list[tuple[str, Link]]] = {}
    for link in side.links:
        address = own_address(link.href)
        key = _page_at(reading, *address) if address and address[0] == side.language else None
        if key:
            found.setdefault(link.piece.path, []).append((key, link))
    return found


def internal(side: Side) -> Iterator[Hit]:
    for link in side.links:
        host = re.match(r"https?://([^/:?#]+)", link.href)
        if host and _INTERNAL.search(host[1].lower()) and "(" not in link.text:
            yield in_link(link)


def insecure(side: Side) -> Iterator[Hit]:
    return (in_link(link, href=link.href) for link in side.links if link.href.startswith("http://"))


def email_unlinked(side: Side) -> Iterator[Hit]:
    """Addresses that are not linked, not in small letters, or hidden under other words."""
    for link in side.links:
        if link.href.startswith("mailto:") and not _EMAIL.search(link.text):
            yield in_link(link, address=link.href.removeprefix("mailto:").partition("?")[0].lower())
    for piece in side.pieces:
        for found in _EMAIL.finditer(piece.text) if "@" in piece.text else ():
            linked = piece.within(found.start(), found.end(), "a") or len(piece.path) == 1
            if not linked or found[0] != found[0].lower():
                yield in_piece(piece, found.start(), found.end(), address=found[0].lower())


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


def _site(language: str, fails: str, passes: str) -> Example:
    made = {"en": en, "fr": fr}[language](_a(fails, "trade"), _a(passes, "trade"))
    return Example(language, made.fails, made.passes, _SITE, made.text, made.better)


def _partner_site(language: str, fails: str, passes: str) -> Example:
    made = {"en": en, "fr": fr}[language](fails, passes, field="partner_website")
    return made


_A = "https://example.org/a"
_B = "https://example.org/b"

RULES = (
    Rule(
        "link-vague",
        WARNS,
        _("“%(text)s” does not say where the link leads: link the words that name the target."),
        each_side(vague),
        (
            en(f"For the rules, {_a(_A, 'click here')}.", f"See the {_a(_A, 'rules on trade')}."),
            fr(f"Pour les règles, {_a(_A, 'cliquez ici')}.", f"Voir les {_a(_A, 'règles du commerce')}."),
        ),
        number=10,
    ),
    Rule(
        "link-ambiguous",
        WARNS,
        _("“%(text)s” leads to %(href)s here and to %(other)s above: give the two links different words."),
        each_side(ambiguous),
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
        WARNS,
        _("“%(text)s” leads to the same place as “%(other)s”: use the same words for the same target."),
        each_side(inconstant),
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
        WARNS,
        _("“%(text)s” leads to a file: say its kind and size within the link, such as %(example)s."),
        each_side(file_unsaid),
        (
            en(_a(_A + ".pdf", "Annual report"), _a(_A + ".pdf", "Annual report (PDF, 1.2 MB)")),
            fr(_a(_A + ".pdf", "Rapport annuel"), _a(_A + ".pdf", "Rapport annuel (PDF, 1,2\u00a0Mo)")),
        ),
        number=13,
    ),
    Rule(
        "link-language-unsaid",
        WARNS,
        _(
            "“%(text)s” must name the language of the target in the link, such as “(French only)”, and in the "
            "link’s language field: one of the two is missing."
        ),
        each_side(language_unsaid),
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
        WARNS,
        _("“%(text)s” leads to a recording: say how long it is within the link, such as “(2:07 minutes)”."),
        each_side(length_unsaid),
        (
            en(_a(_A + ".mp4", "Speech"), _a(_A + ".mp4", "Speech (2:07 minutes)")),
            fr(_a(_A + ".mp4", "Discours"), _a(_A + ".mp4", "Discours (2:07 minutes)")),
        ),
        number=15,
    ),
    Rule(
        "link-raw",
        WARNS,
        _("The link reads “%(text)s”: write the name of the target instead of its address."),
        each_side(raw),
        (
            en(f"See {_a(_A, _A)}.", f"See the {_a(_A, 'rules on trade')}."),
            fr(f"Voir {_a(_A, 'www.example.org/a')}.", f"Voir les {_a(_A, 'règles du commerce')}."),
        ),
        number=16,
    ),
    Rule(
        "link-empty",
        BLOCKS,
        _("A link to %(href)s has no words: write the name of the target, or remove the link."),
        each_side(empty),
        (
            en(f"The rules {_a(_A, '»')}", _a(_A, "The rules")),
            fr(f"Les règles {_a(_A, '→')}", _a(_A, "Les règles")),
        ),
        number=16,
    ),
    Rule(
        "link-divided",
        WARNS,
        _("“%(other)s” and “%(text)s” are two links to the same place: make them one."),
        each_side(divided),
        (
            en(f"{_a(_A, 'Annual')} {_a(_A, 'report')}", _a(_A, "Annual report")),
            fr(f"{_a(_A, 'Rapport')} {_a(_A, 'annuel')}", _a(_A, "Rapport annuel")),
        ),
        number=16,
    ),
    Rule(
        "email-form",
        WARNS,
        _("Write and link the whole email address in small letters: %(address)s."),
        each_side(email_unlinked),
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
        BLOCKS,
        _(
            "“%(text)s” leads to %(href)s, a page of this site in the other language: link the page in this one."
        ),
        each_side(to_other_language),
        (
            en(_a("/fr/commerce", "trade"), _a("/en/trade", "trade")),
            fr(_a("/en/trade", "commerce"), _a("/fr/commerce", "commerce")),
        ),
        number=19,
    ),
    Rule(
        "link-language-told",
        WARNS,
        _(
            "“%(text)s” leads to %(href)s, which seems to be in the other language: link the page in this one, "
            "or say the language within the link."
        ),
        each_side(language_told),
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
        WARNS,
        _("“%(text)s” leads to %(href)s, and there is no such page: correct the address or remove the link."),
        nowhere,
        (_site("en", "/en/trades", "/en/trade"), _site("fr", "/fr/commerces", "/fr/commerce")),
        number=19,
    ),
    Rule(
        "link-to-no-part",
        WARNS,
        _(
            "“%(text)s” leads to the part %(href)s of this page, and there is no such heading: correct the link."
        ),
        each_side(no_such_part),
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
        WARNS,
        _(
            "“%(text)s” leads to %(href)s, and the other language does not lead to that page: make both "
            "languages lead to the same pages."
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
        WARNS,
        _(
            "“%(text)s” leads to an internal network: say so within the link, such as “(accessible only on the "
            "Government of Canada network)”."
        ),
        each_side(internal),
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
        HINTS,
        _("%(href)s is not encrypted: use its https address if there is one."),
        each_side(insecure),
        (
            en(_a("http://example.org/", "rules"), _a("https://example.org/", "rules")),
            fr(_a("http://example.org/", "règles"), _a("https://example.org/", "règles")),
        ),
    ),
)

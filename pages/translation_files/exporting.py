"""Some fields of a page as a file for a translator."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .. import html, xliff
from ..document import Document
from ..glossary import Glossary, Term
from ..xliff import Segment
from .segments import Field, Path, Piece, known_sources, other_language
from .translations import LANGUAGE_CODES, ORIGINAL, digest

# A translation of another structure goes along as a note, up to so many characters.
MAX_NOTE_LENGTH = 2000
MAX_GLOSSARY_NOTES = 10


@dataclass(frozen=True, slots=True)
class Context:
    """What a translator is told beside the texts: the name of each field, and the glossary of the site."""

    label: Callable[[Path], str]
    glossary: Glossary


def export(
    document: Document, fields: Iterable[Field], stale: Mapping[Path, str], context: Context
) -> xliff.File | None:
    """Returns some fields of a page as a file; None where there is nothing to translate.

    `stale` has the source texts as they were when they were last translated, by the path of the field.
    """
    fields = list(fields)
    if not any(each.pieces for each in fields):
        return None
    language = fields[0].source_language
    glossary = _GlossaryNotes(context.glossary, language)
    segments = (
        segment
        for each in fields
        for segment in _segments(each, stale.get(each.path), context.label(each.path), glossary)
    )
    title = document.title[language] or document.title[other_language(language)]
    return xliff.File(
        original=f"{ORIGINAL}{document.key}",
        source_language=LANGUAGE_CODES[language],
        target_language=LANGUAGE_CODES[other_language(language)],
        segments=tuple(segments),
        skeleton=json.dumps(
            {
                "page": document.key,
                "translations": {each.id: digest(each.target) for each in fields},
            }
        ),  # fmt: skip
        notes=(title,),
    )


def _segments(each: Field, before: str | None, label: str, glossary: _GlossaryNotes) -> Iterator[Segment]:
    known = known_sources(each, before)
    other = _other_structure(each)
    for piece in each.pieces:
        is_new = known is not None and xliff.fingerprint(piece.source) not in known
        tag = each.leaves[piece.leaf].block.tag if each.is_rich else ""
        name = f"{label}, {_part_name(tag, piece)}" if tag else label
        notes = [name, *other, *glossary.on(piece)]
        other = []
        yield Segment(
            piece.id,
            piece.source,
            piece.target,
            name=name,
            kind=f"x-html-{tag}" if tag else "",
            state="" if piece.target is None else "needs-review-translation" if is_new else "translated",
            notes=tuple(notes),
            max_length=None if each.is_rich else each.max_length,
        )


def _other_structure(each: Field) -> list[str]:
    """The translation that there is, where it cannot be parted like the source."""
    if not each.target or any(piece.target is not None for piece in each.pieces):
        return []
    words = html.plain_text(each.target)[:MAX_NOTE_LENGTH]
    return [_("Current translation, divided differently: %(text)s") % {"text": words}]


def _part_name(tag: str, piece: Piece) -> str:
    if piece.attribute:
        return _("text of an abbreviation or an image")
    names = {"li": _("list item"), "td": _("table cell"), "th": _("table heading"), "note": _("footnote")}
    return _("heading") if tag in html.HEADINGS else names.get(tag, _("paragraph"))


class _GlossaryNotes:
    """The notes on terms of the glossary, whose names are made ready once for all segments of a page."""

    def __init__(self, glossary: Glossary, language: str):
        self.language = language
        self.names = [
            (name, name.casefold(), term)
            for term in glossary
            for name in (term[language].term, term[language].abbreviation)
            if name
        ]

    def on(self, piece: Piece) -> list[str]:
        """Returns a note for each term that occurs in a segment, up to `MAX_GLOSSARY_NOTES`."""
        words = xliff.plain_text(piece.source)
        lowered = words.casefold()
        found = [term for name, folded, term in self.names if folded in lowered and _stands_in(name, words)]
        return [self._note(term) for term in list(dict.fromkeys(found))[:MAX_GLOSSARY_NOTES]]

    def _note(self, term: Term) -> str:
        text = _("Glossary: %(term)s = %(translation)s")
        other = other_language(self.language)
        return text % {"term": term[self.language].term, "translation": term[other].term}


def _stands_in(name: str, words: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?:e?s|x)?(?!\w)", words, re.IGNORECASE))

"""What a file that came back says of a page."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from .. import xliff
from ..document import LANGUAGES
from ..xliff import Code, Content
from .segments import has_words, other_language

# What translators and their tools call the two languages of the site.
LANGUAGE_CODES = {"en": "en-CA", "fr": "fr-CA"}
# What a file says of a translation that somebody has gone through, changed or not.
CONFIRMED_STATES = frozenset({"final", "signed-off", "translated"})
# What a file names its page by, before its key.
ORIGINAL = "page:"


def digest(text: str) -> str:
    """What stands in a file for a translation that it was made with."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class TranslationError(Exception):
    """Why a file that was read is no translation of a page, as a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Translation:
    """What a file says of one page: its key ("" where the file does not say), the language, and its segments.

    `confirmed` are the numbers of the segments whose translation somebody has gone through.
    """

    page: str
    source_language: str
    segments: tuple[tuple[str, Content, Content], ...]
    digests: Mapping[str, str] = field(default_factory=dict)
    confirmed: frozenset[int] = frozenset()

    @property
    def has_words(self) -> bool:
        """Whether any segment has a translation."""
        return any(has_words(target) for _id, _source, target in self.segments)

    def with_more(self, other: Translation) -> Translation:
        """Returns it with the segments of another one of the same page."""
        digests = {**self.digests, **other.digests}
        confirmed = self.confirmed | {len(self.segments) + number for number in other.confirmed}
        return replace(self, segments=self.segments + other.segments, digests=digests, confirmed=confirmed)


def translation_of(file: xliff.File) -> Translation:
    """Returns what a file says. Raises TranslationError for other languages than the two of the site."""
    source, target = (_language(code) for code in (file.source_language, file.target_language))
    if not source or file.target_language.strip() and target != other_language(source):
        text = _("This file is from “%(source)s” to “%(target)s”. Only English and French are accepted.")
        values = {"source": file.source_language[:20], "target": file.target_language[:20]}
        raise TranslationError(text % values)
    page, digests = _skeleton(file.skeleton)
    if file.original.startswith(ORIGINAL):
        page = file.original.removeprefix(ORIGINAL)
    segments = tuple((each.id, each.source, each.target or ()) for each in file.segments)
    confirmed = (number for number, each in enumerate(file.segments) if each.state in CONFIRMED_STATES)
    return Translation(page, source, segments, digests, frozenset(confirmed))


def _language(code: str) -> str:
    language = re.split("[-_]", code.strip().lower())[0]
    return language if language in LANGUAGES else ""


def _skeleton(text: str) -> tuple[str, dict[str, str]]:
    """What the export has put aside for the way back; nothing where a tool has lost it."""
    try:
        data = json.loads(text)
        return str(data["page"]), {str(name): str(digest) for name, digest in data["translations"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "", {}


def to_plain(translation: Translation) -> list:
    """Returns a translation as lists and texts, for JSON."""
    segments = [
        [id_, _plain_content(source), _plain_content(target)] for id_, source, target in translation.segments
    ]
    digests, confirmed = dict(translation.digests), sorted(translation.confirmed)
    return [translation.page, translation.source_language, segments, digests, confirmed]


def from_plain(data: list) -> Translation:
    """Returns the translation that `to_plain` gave."""
    page, language, segments, digests, *more = data  # a process of an older version has put less aside
    known = ((id_, _content(source), _content(target)) for id_, source, target in segments)
    return Translation(page, language, tuple(known), digests, frozenset(more[0] if more else ()))


def _plain_content(content: Content) -> list:
    return [
        part
        if isinstance(part, str)
        else [part.id, None if part.content is None else _plain_content(part.content), part.text]
        for part in content
    ]


def _content(data: list) -> Content:
    return tuple(
        part
        if isinstance(part, str)
        else Code(part[0], None if part[1] is None else _content(part[1]), text=part[2])
        for part in data
    )

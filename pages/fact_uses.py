"""Where facts are used: each place at which the words of one stand, live and in the working copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from . import fact_places, fact_words
from .document import LANGUAGES, RICH_TEXT, Document, texts
from .fact_places import Place
from .models.edition import ReferenceKind
from .models.fact import Fact
from .shared_content import SharedContent, Use


@dataclass(frozen=True, slots=True)
class FactUse(Use):
    """The words of a fact in one text of one language, with what stands around them."""

    language: str

    @property
    def is_changed(self) -> bool:
        """Whether readers see other words than the working copy says."""
        return (self.live and self.live.words) != (self.draft and self.draft.words)


class Facts(SharedContent):
    """What texts say of facts."""

    reference_kind = ReferenceKind.FACT

    def uses(self, row: Fact, live: Document | None, draft: Document) -> Iterator[FactUse]:
        """Gives each place with its counterpart: that of the same number in the same text."""
        before, after = (_places(row.key, document) if document else {} for document in (live, draft))
        for path, language in {**after, **before}:
            both = zip_longest(before.get((path, language), ()), after.get((path, language), ()))
            for live_place, draft_place in both:
                yield FactUse(path, live_place, draft_place, language)

    def with_current(self, row: Fact, documents: Sequence[Document]) -> list[Document]:
        """Returns the documents with the words of all facts as they are now."""
        return fact_words.with_current_words(documents)


FACTS = Facts()


def _places(key: str, document: Document) -> dict[tuple[tuple[str, ...], str], list[Place]]:
    found = {}
    for text in texts(document):
        for language in LANGUAGES if text.path[-1] in RICH_TEXT else ():
            if places := list(fact_places.places(text.value[language], key)):
                found[text.path, language] = places
    return found

"""Facts in texts: which there are, and their words as they are now, in each language."""

from . import fact_marks
from .document import LANGUAGES, with_rich_text
from .field_kinds import Kind, names_of
from .models.fact import Fact


def current_words(keys):
    """Returns the words of facts, by their keys; those that there are not are left out. No query for no keys."""
    keys = set(keys)
    return {fact.key: fact.words for fact in Fact.objects.filter(key__in=keys)} if keys else {}


def facts_of(document):
    """Gives the key of each fact that a document uses, as often as it stands there, in either language."""
    for part in (document, *document.blocks):
        for name in names_of(type(part), Kind.RICH_TEXT):
            for language in LANGUAGES:
                yield from fact_marks.keys_in(getattr(part, name)[language])


def with_current_words(documents):
    """Returns documents in which the words of facts are those of now: one query, none where there are no facts.

    Words that name a fact which does not exist are words like all others.
    """
    words = current_words(key for document in documents for key in facts_of(document))
    return [
        with_rich_text(document, lambda text, language: text_with_words(text, language, words))
        for document in documents
    ]


def text_with_words(text, language, words):
    """Returns clean HTML of a language in which facts have these words, by their keys."""
    return fact_marks.with_words(text, lambda key: words[key][language] if key in words else None)

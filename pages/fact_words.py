"""The words of facts in working copies: always those of the fact as it is now, in each language.

Whatever writes a working copy lets them be brought up to date before anything is counted of it (`indexes.index.Batch`).
So nothing is looked up when a text is read, and an edition is frozen with the words that its fact had.
"""

from collections import defaultdict

from . import fact_marks
from .document import LANGUAGES, Document, with_rich_text
from .field_kinds import Kind, names_of
from .models.blocks import BLOCK_MODELS, SharedPlace
from .models.fact import Fact
from .models.shared_block import SharedBlock


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
        with_rich_text(document, lambda text, language: _text_with_words(text, language, words))
        for document in documents
    ]


def _text_with_words(text, language, words):
    return fact_marks.with_words(text, lambda key: words[key][language] if key in words else None)


def refresh(pages):
    """Brings the words of facts in the rows of pages up to date, and saves those that said something else.

    The pages come with all their blocks (`with_content`), under lock. No query where no text names a fact; otherwise
    one, and one more for each kind of row that changes, however many pages there are.
    """
    _refresh_rows([row for page in pages for row in _rows(page)])


def refresh_shared_blocks():
    """Does the same for all shared blocks, whether pages show them or not. Comes before any lock of a page."""
    _refresh_rows(list(SharedBlock.objects.naming_facts().for_update_in_order()))


def _refresh_rows(rows):
    texts = [found for row in rows for found in _texts_with_facts(row)]
    words = current_words(key for row, column in texts for key in fact_marks.keys_in(getattr(row, column)))
    changed = defaultdict(set)
    for row, column in texts:
        before = getattr(row, column)
        after = _text_with_words(before, column[-2:], words)
        if after != before:
            setattr(row, column, after)
            changed[type(row), column].add(row)
    for (model, column), rows in changed.items():
        model._default_manager.bulk_update(rows, [column], batch_size=200)


def _rows(page):
    yield page
    for model in BLOCK_MODELS:
        for row in getattr(page, f"pages_{model._meta.model_name}_set").all():
            yield row.shared_block or row if isinstance(row, SharedPlace) else row


def _texts_with_facts(row):
    """The row with each of its columns in which some words are those of a fact."""
    for name in names_of(getattr(row, "declaration", Document), Kind.RICH_TEXT):
        for language in LANGUAGES:
            column = f"{name}_{language}"
            if fact_marks.PREFIX in (getattr(row, column) or ""):
                yield row, column

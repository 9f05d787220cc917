"""What texts of working copies take from elsewhere, always as it is now: the words of facts, the files of images.

Whatever writes a working copy lets its texts be brought up to date before anything is counted of it
(`indexes.index.Batch`). So nothing is looked up when a text is read, and an edition is frozen with what there was.
"""

from collections import defaultdict

from . import fact_marks, fact_words, image_marks, text_images
from .document import LANGUAGES, Document, images_of_texts, with_rich_text
from .field_kinds import Kind, names_of
from .models.blocks import BLOCK_MODELS, SharedPlace
from .models.shared_block import SharedBlock


class _Known:
    """What facts and images are now, of those that some texts name: a query for either, none where there are none."""

    def __init__(self, facts, images):
        self.words = fact_words.current_words(facts)
        self.descriptions = text_images.current_descriptions(images)

    def text(self, text, language):
        """Returns clean HTML of a language as it is with what is known."""
        text = fact_words.text_with_words(text, language, self.words)
        return text_images.described(text, language, self.descriptions)


def with_current_texts(documents):
    """Returns documents whose texts take what facts and images are now: two queries at most, however many there are.

    Words that name a fact which does not exist are words like all others. An image that the library does not have stays
    as it was, or is left out where nothing is known of it.
    """
    facts = (key for document in documents for key in fact_words.facts_of(document))
    images = (image.key for document in documents for image in images_of_texts(document))
    known = _Known(facts, images)
    return [with_rich_text(document, known.text) for document in documents]


def as_written(text):
    """Returns clean HTML without what it takes from facts and images.

    Where two texts are the same so, nobody wrote anything else, whatever a fact or an image has become.
    """
    return image_marks.as_written(fact_marks.as_written(text))


def refresh(pages):
    """Brings the texts in the rows of pages up to date, and saves those that said something else.

    The pages come with all their blocks (`with_content`), under lock. No query where no text names a fact or an image;
    otherwise one for either, and one more for each kind of row that changes, however many pages there are.
    """
    _refresh_rows([row for page in pages for row in _rows(page)])


def refresh_shared_blocks():
    """Does the same for all shared blocks, whether pages show them or not. Comes before any lock of a page."""
    _refresh_rows(list(SharedBlock.objects.naming_others().for_update_in_order()))


def _refresh_rows(rows):
    texts = [found for row in rows for found in _texts_that_name(row)]
    named = [getattr(row, column) for row, column in texts]
    known = _Known(
        (key for text in named for key in fact_marks.keys_in(text)),
        (image.key for text in named for image in image_marks.images_in(text)),
    )
    changed = defaultdict(set)
    for (row, column), before in zip(texts, named, strict=True):
        after = known.text(before, column[-2:])
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


def _texts_that_name(row):
    """The row with each of its columns that names a fact or an image."""
    for name in names_of(getattr(row, "declaration", Document), Kind.RICH_TEXT):
        for language in LANGUAGES:
            column = f"{name}_{language}"
            text = getattr(row, column) or ""
            if fact_marks.PREFIX in text or image_marks.PREFIX in text:
                yield row, column

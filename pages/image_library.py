"""The library of images: finding the one that a figure shows, and taking in those that it does not have yet."""

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext_noop

from . import letters
from .document import (
    LANGUAGES,
    NOTHING,
    Bilingual,
    Block,
    Document,
    Figure,
    FigureImage,
    images_by_language,
)
from .image_marks import Description
from .images import Image
from .models.blocks import Figure as FigureRow
from .models.library_image import LibraryImage
from .text_cleaning import clean_line

# What an image is called of which nothing is known.
UNNAMED = gettext_noop("Image")
MAX_TITLE_LENGTH = 200


def find(images: Iterable[FigureImage]) -> dict[str, LibraryImage]:
    """Finds the rows of images, by `library_key`: those of that key, or for one without a key that of the same file."""
    wanted = {image.library_key: image for image in images}
    found = LibraryImage.objects.in_bulk(wanted, field_name="key") if wanted else {}
    unnamed = {image.digest for key, image in wanted.items() if key not in found and not image.key}
    if unnamed:
        rows = LibraryImage.objects.filter(digest__in=unnamed).order_by("-pk")
        found |= {row.digest: row for row in rows}
    return found


def rows_for(blocks: Iterable[Block]) -> Mapping[str, LibraryImage]:
    """Finds the images of figures, by `library_key`, and adds those that the library does not have."""
    figures = {
        block.image.library_key: block for block in blocks if isinstance(block, Figure) and block.image
    }
    found = find(figure.image for figure in figures.values())
    return found | {key: _add(figure) for key, figure in figures.items() if key not in found}


def _add(figure: Figure) -> LibraryImage:
    image = figure.image
    values = {
        "image": image.neutral,
        "image_fr": image.french,
        "focus_x": image.focus_x,
        "focus_y": image.focus_y,
        "has_words": image.lacks_french or image.french is not None,
        **_titles(figure.alternative_text or figure.caption),
        **_texts("alternative_text", NOTHING if figure.decorative else figure.alternative_text),
        **_texts("credit", figure.credit),
    }
    return LibraryImage.objects.get_or_create(key=image.library_key, defaults=values)[0]


def take_in(documents: Iterable[Document]) -> None:
    """Adds the images within texts that the library does not have: those of an edition that is restored.

    One query where there are such images at all.
    """
    known = _descriptions(documents)
    there = set(LibraryImage.objects.filter(key__in=known).values_list("key", flat=True)) if known else set()
    for key, found in known.items():
        if key not in there:
            LibraryImage.objects.get_or_create(key=key, defaults=_described(found))


def _descriptions(documents: Iterable[Document]) -> dict[str, dict[str, Description]]:
    """By key and language, what is known of each image within texts."""
    known: dict[str, dict[str, Description]] = {}
    for document in documents:
        for language, image in images_by_language(document):
            if image.description:
                known.setdefault(image.key, {}).setdefault(language, image.description)
    return known


def _described(found: Mapping[str, Description]) -> dict[str, Any]:
    """The columns of an image of which its descriptions are known, in one language or in both."""
    english, french = (found.get(language) for language in LANGUAGES)
    first = english or found["fr"]
    own = french.file if french and english and french.file != english.file else None
    text = Bilingual(english.text if english else "", french.text if french else "")
    values = {"image": first.file, "image_fr": own, "has_words": own is not None}
    return {**values, **_titles(text), **_texts("alternative_text", text)}


def search(typed: str, most: int) -> list[LibraryImage]:
    """Finds the images that have all of the words in their texts of either language, the newest first."""
    wanted = letters.fold(typed).split()
    columns = [
        f"{name}_{language}" for name in ("title", "alternative_text", "credit") for language in LANGUAGES
    ]
    found = []
    for pk, *values in LibraryImage.objects.order_by("-pk").values_list("pk", "key", *columns):
        text = letters.fold("\n".join(value or "" for value in values))
        if all(word in text for word in wanted):
            found.append(pk)
        if len(found) == most:
            break
    rows = LibraryImage.objects.in_bulk(found)
    return [rows[pk] for pk in found if pk in rows]


def add_file(image: Image, name: str) -> LibraryImage:
    """Returns the row of a stored file, which is new unless the library has the file; `name` is what it was called."""
    row = LibraryImage.objects.filter(digest=image.digest).order_by("pk").first()
    if row:
        return row
    title = title_of_file(name)
    values = {"image": image, **_titles(Bilingual(title, title))}
    return LibraryImage.objects.get_or_create(key=image.digest, defaults=values)[0]


def title_of_file(name: str) -> str:
    """Makes a title of the name of a file: `bridge-over_tigris.jpg` becomes “Bridge over tigris”."""
    words = clean_line(PurePath(name).stem.replace("_", " ").replace("-", " "))
    return (words[:1].upper() + words[1:])[:MAX_TITLE_LENGTH].strip()


def adopt() -> int:
    """Takes in the images of figures that a process of the version before has written; returns their number."""
    rows = FigureRow.objects.filter(image=None).exclude(stored_image="")
    for row in rows:
        texts = {
            name: Bilingual(*(getattr(row, f"{name}_{language}") or "" for language in LANGUAGES))
            for name in ("alternative_text", "caption")
        }
        image = FigureImage(**{name: getattr(row.stored_image, name) for name in Image.__dataclass_fields__})
        figure = Figure(row.key, image, row.decorative, **texts)
        FigureRow.objects.filter(pk=row.pk).update(image=rows_for([figure])[image.library_key])
    return len(rows)


def _titles(text: Bilingual) -> dict[str, str]:
    if not text:
        return {"title_en": UNNAMED, "title_fr": UNNAMED}
    return {f"title_{language}": text[language][:MAX_TITLE_LENGTH] for language in LANGUAGES}


def _texts(name: str, text: Bilingual) -> dict[str, str]:
    return {f"{name}_{language}": text[language] for language in LANGUAGES}

"""Images of the library in texts: which there are, and what the library knows of them now."""

from collections.abc import Iterable, Mapping

from . import html, image_marks
from .document import LANGUAGES
from .image_marks import Description
from .models import LibraryImage

# By the key of an image, then by language; None of an image without a file.
Descriptions = Mapping[str, Mapping[str, Description | None]]


def current_descriptions(keys: Iterable[str]) -> Descriptions:
    """Returns what the library knows of images, by their keys; those that it does not have are left out.

    No query for no keys.
    """
    keys = set(keys)
    return descriptions_of(LibraryImage.objects.filter(key__in=keys)) if keys else {}


def descriptions_of(rows: Iterable[LibraryImage]) -> Descriptions:
    """Returns the same of some images."""
    return {row.key: {language: _description(row, language) for language in LANGUAGES} for row in rows}


def _description(row: LibraryImage, language: str) -> Description | None:
    file = row.file(language)
    return Description(getattr(row, f"alternative_text_{language}") or "", file) if file else None


def described(text: str, language: str, descriptions: Descriptions) -> str:
    """Returns clean HTML of a language, each image with what is known of it now."""
    found = image_marks.described(text, lambda key: descriptions.get(key, {}).get(language))
    return html.clean(found) if found.count("<img") < text.count("<img") else found

"""Has every video captions in both languages, for those who cannot hear it?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from ..document import LANGUAGES, Bilingual, Document, Download, Video
from ..stored_files import StoredFile
from .examples import Example
from .parsed_document import ParsedDocument
from .rules import WARNING, Match, Rule, match_in_field


def without_captions(parsed: ParsedDocument) -> Iterator[Match]:
    for block in parsed.document.blocks:
        for download in block.downloads if isinstance(block, Video) else ():
            for language in LANGUAGES if download.is_video else ():
                if not download.captions(language):
                    title = download.title[language] or download.title.en or download.title.fr
                    path = ("blocks", block.key, "downloads")
                    yield match_in_field(path, language, title, title=title)


_FILE, _CAPTIONS = StoredFile("0" * 64, "mp4", 1), StoredFile("1" * 64, "vtt", 1)
_VIDEO = Download("tour", Bilingual("Tour", "Visite"), _FILE, captions_en=_CAPTIONS, captions_fr=_CAPTIONS)


def _page(download: Download) -> Document:
    return Document("example", parent="home", blocks=(Video("part", downloads=(download,)),))


RULES = (
    Rule(
        "video-captions",
        WARNING,
        _(
            "The video “%(title)s” has no captions in this language. Add a WebVTT file to it under “Files to download”."
        ),
        without_captions,
        tuple(
            Example(
                language,
                _page(replace(_VIDEO, **{f"captions_{language}": None})),
                _page(_VIDEO),
                (),
                *shown,
            )
            for language, shown in (
                ("en", ("A video with captions in French only", "A video with captions in both languages")),
                (
                    "fr",
                    (
                        "Une vidéo sous-titrée en anglais seulement",
                        "Une vidéo sous-titrée dans les deux langues",
                    ),
                ),
            )
        ),
    ),
)

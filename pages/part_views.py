"""What the parts of a page show in one language: pictures, partners, files, videos and values chosen from a list.

Every text below is safe HTML, as in `rendering`, which lays whole pages out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import override

from . import stored_files
from .document import Download, Partner
from .file_formats import FORMATS
from .images import Image
from .letters import sort_key
from .models.partner import PartnerOrganization
from .page_texts import plain
from .public_urls import other_language
from .stored_files import StoredFile
from .typography import file_size


@dataclass(frozen=True, slots=True)
class PictureView:
    """One picture in its renditions. Width and height are those of the original, for its proportions."""

    avif: str
    webp: str
    fallback: str
    width: int
    height: int
    alternative_text: SafeString = SafeString("")
    cut: str = ""  # the version of what is cut around its focal point (`picture_cuts`), where it has one


@dataclass(frozen=True, slots=True)
class Website:
    """A partner's website, and the language to announce when it is not the language of the page."""

    url: str
    other_language: str = ""


@dataclass(frozen=True, slots=True)
class PartnerView:
    """`name_language` is that of the name where it is not the language of the page."""

    name: SafeString
    acronym: SafeString
    kind: str
    website: Website | None
    description: SafeString
    logo: PictureView | None
    name_language: str = ""


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that readers download: where it is, its kind and its size in words."""

    path: str
    format: str
    size: SafeString
    digest: str


@dataclass(frozen=True, slots=True)
class DownloadView:
    """A document as a link says it. `language` is that of its file, which may be there in the other one only."""

    title: SafeString
    file: FileView
    language: str
    is_in_other_language: bool


@dataclass(frozen=True, slots=True)
class CaptionsView:
    """The captions of a video in one language, which calls itself by its name."""

    path: str
    language: str
    name: str


@dataclass(frozen=True, slots=True)
class VideoView:
    """A video in the page. Its captions in the language of the page come first; None where it cannot be played."""

    download: DownloadView
    content_type: str
    captions: tuple[CaptionsView, ...]
    poster: PictureView | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a field may have, and what readers call it."""

    value: str
    label: SafeString


@lru_cache(maxsize=1000)
def choice_view(model, name: str, value: str, language: str) -> Choice:
    """The value of a field that is chosen from a list, with its label in this language."""
    labels = dict(model._meta.get_field(name).flatchoices)
    with override(language):
        return Choice(value, plain(str(labels.get(value, value)), language))


def partner_views(organizations: Iterable[Partner], language: str, media: str) -> tuple[PartnerView, ...]:
    """Partner organizations in the alphabetical order of the language."""
    ordered = sorted(organizations, key=lambda partner: sort_key(partner.name.either(language)))
    return tuple(_partner(partner, language, media) for partner in ordered)


def _partner(partner, language, media) -> PartnerView:
    other = "" if partner.name[language] or not partner.name else other_language(language)
    return PartnerView(
        name=plain(partner.name.either(language), other or language),
        acronym=plain(partner.acronym[language], language),
        kind=_kind(partner.kind, language),
        website=_website(partner.website, language),
        description=plain(partner.description[language], language),
        logo=partner.logo and picture(partner.logo, media=media),
        name_language=other,
    )


@lru_cache
def _kind(kind, language) -> str:
    with override(language):
        return str(PartnerOrganization.Kind(kind).label)


def _website(website, language) -> Website | None:
    if website[language]:
        return Website(website[language])
    other = other_language(language)
    return Website(website[other], other) if website[other] else None


def picture(image: Image, alternative_text: str = "", *, media: str = settings.MEDIA_URL) -> PictureView:
    """An image with the addresses of all its renditions; without an alternative text it is decoration."""
    base = f"{media}images/{image.digest}"

    def renditions(extension):
        return ", ".join(f"{base}/{width}.{extension} {width}w" for width in image.widths)

    middle = image.widths[len(image.widths) // 2]
    return PictureView(
        avif=renditions("avif"),
        webp=renditions("webp"),
        fallback=f"{base}/{middle}.webp",
        width=image.width,
        height=image.height,
        alternative_text=alternative_text,
    )


def download_views(downloads: Iterable[Download], language: str, media: str) -> tuple[DownloadView, ...]:
    """Files to download in the alphabetical order of the language; one that has no file in it has that of the other."""
    ordered = sorted(downloads, key=lambda download: sort_key(download.title[language]))
    return tuple(view for download in ordered if (view := _download(download, language, media)))


def _download(download, language, media) -> DownloadView | None:
    other = other_language(language)
    own = language if download.file(language) else other
    file = download.file(own)
    if file is None:
        return None
    return DownloadView(
        title=plain(download.title[language], language),
        file=file_view(file, download.file_title(own), language, media=media),
        language=own,
        is_in_other_language=own == other,
    )


# What each language calls itself, in the menu of a player.
LANGUAGE_NAMES = {"en": "English", "fr": "Français"}


def video_views(downloads: Iterable[Download], language: str, media: str) -> tuple[VideoView, ...]:
    """Videos as pages show them; a file that is none has no `content_type` and can only be saved."""
    return tuple(view for download in downloads if (view := _video(download, language, media)))


def _video(download, language, media) -> VideoView | None:
    view = _download(download, language, media)
    if view is None:
        return None
    file = download.file(view.language)
    return VideoView(
        download=view,
        content_type=FORMATS[file.format].content_type if download.is_video else "",
        captions=tuple(
            CaptionsView(
                file_view(captions, download.file_title(own), language, media=media).path,
                own,
                LANGUAGE_NAMES[own],
            )
            for own in (language, other_language(language))
            if (captions := download.captions(own))
        ),
        poster=download.poster and picture(download.poster, media=media),
    )


def file_view(file: StoredFile, title: str, language: str, *, media: str = settings.MEDIA_URL) -> FileView:
    """A file with its address, which ends with the name that it is saved under, made of its title."""
    name = stored_files.download_name(title, file.format)
    return FileView(
        path=f"{media}files/{file.digest}/{name}",
        format=FORMATS[file.format].label if file.format in FORMATS else file.format.upper(),
        size=plain(file_size(file.size, language), language),
        digest=file.digest,
    )

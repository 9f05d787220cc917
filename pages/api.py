"""A read-only interface for programs: the live pages and their partner organizations as JSON, in both languages.

`/api/v1/openapi.json` describes it (`api_schema`). What is not public is not in it: it reads live editions only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from . import cache_tags, image_marks, placeholders, single_language
from .api_schema import PER_PAGE, openapi
from .compression import compressed
from .document import (
    LANGUAGES,
    VOCABULARIES,
    Bilingual,
    Block,
    Document,
    Download,
    FigureImage,
    Partner,
    Term,
)
from .images import Image
from .integers import parse_integer
from .link_targets import LinkTargets
from .models.edition import Edition
from .part_views import file_view
from .public_urls import absolute_url, other_language, page_path
from .site_version import SiteVersion, site_version

MAX_PAGE = 1_000_000


def _for_programs(view):
    """Lets programs of every site read an answer, and keeps it out of search engines; an error is JSON too."""

    @compressed
    @require_safe
    @wraps(view)
    def answer(request, *args, **values):
        response = cache_tags.make_cacheable(_json(view(request, *args, **values)), None)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return answer


def _json(result: dict[str, Any] | HttpResponse) -> HttpResponse:
    if isinstance(result, HttpResponse):
        return result
    return JsonResponse(result, json_dumps_params={"ensure_ascii": False})


def _error(status: int, message: str) -> HttpResponse:
    return JsonResponse({"error": message}, status=status)


@_for_programs
def schema(request: HttpRequest):
    return openapi(settings.SITE_URL, settings.SITE_IDENTITY["name"]["en"])


@_for_programs
def page_list(request: HttpRequest):
    """All pages that readers find, fifty at a time, in an order that stays: two queries."""
    live = Edition.objects.live_everywhere().readable()
    rows = live.with_dates().select_related("page", "parent").defer("document").order_by("page_id")
    return _paged(request, "api_pages", live.order_by().count(), lambda part: map(_summary, rows[part]))


@_for_programs
def page(request: HttpRequest, key: str):
    """One page with its text: one query, and another one where it links to pages."""
    live = Edition.objects.live().readable().filter(page__key=key)
    edition = live.with_dates().select_related("parent", "page", "emergency_record").first()
    if edition is None:
        return _error(404, "There is no such page.")
    document = edition.read()
    links = LinkTargets.of_documents([document])
    summary = _summary(edition)
    for language in LANGUAGES:
        shown = single_language.visible_in(document, language) if edition.emergency else document
        summary[language] |= _content(shown, language, links.resolver(shown, language))
    return summary


@_for_programs
def partner_list(request: HttpRequest):
    """The partner organizations that live pages name, each as the page that was published last says it.

    Two queries after a publication, one otherwise.
    """
    partners = _partners(site_version())
    return _paged(request, "api_partners", len(partners), lambda part: partners[part])


def _paged(request, name, count, rows):
    number = parse_integer(request.GET.get("page", "1"), maximum=MAX_PAGE)
    pages = max(-(-count // PER_PAGE), 1)
    if not number:
        return _error(400, "“page” is a number from 1.")
    if number > pages:
        return _error(404, "There are not so many pages of this list.")
    return {
        "count": count,
        "page": number,
        "pages": pages,
        "next": _list_url(name, number + 1) if number < pages else None,
        "previous": _list_url(name, number - 1) if number > 1 else None,
        "items": list(rows(slice((number - 1) * PER_PAGE, number * PER_PAGE))),
    }


def _list_url(name: str, number: int) -> str:
    return absolute_url(f"{reverse(name)}?{urlencode({'page': number})}")


# What is said of a page.


def _summary(edition: Edition) -> dict[str, Any]:
    key = edition.page.key
    summary = {
        "key": key,
        "state": str(edition.kind),
        "published": edition.issued_at.isoformat(),
        "modified": edition.modified_at.isoformat(),
        "parent": edition.parent and edition.parent.key,
        "self": absolute_url(reverse("api_page", kwargs={"key": key})),
    }
    for language in LANGUAGES:
        summary[language] = {
            "url": absolute_url(page_path(language, edition.text("address", language))),
            "title": edition.text("title", language),
            "description": edition.text("description", language),
        }
    return summary


def _content(document: Document, language: str, resolve_links: Callable[[str], str]) -> dict[str, Any]:
    return {
        **{name: _value(getattr(document, name), language, resolve_links) for name in VOCABULARIES},
        "introduction": _value(document.introduction, language, resolve_links),
        "blocks": [_value(block, language, resolve_links) for block in document.blocks],
    }


def _value(value: Any, language: str, resolve_links: Callable[[str], str]) -> Any:
    """A value of a document as JSON in one language; HTML has its placeholders and its links to pages filled in."""
    if isinstance(value, Bilingual):
        text = placeholders.fill(resolve_links(value[language]), language)
        return image_marks.with_shown(text, absolute_url(settings.MEDIA_URL))
    if isinstance(value, FigureImage):
        return {**_image(value.file(language)), "focus": value.focus}
    if isinstance(value, Download):
        return _download(value, language)
    if isinstance(value, Term):
        return {"code": value.code, "label": value.label[language]}
    if isinstance(value, Block | Partner):
        named = {
            field.name: _value(getattr(value, field.name), language, resolve_links)
            for field in fields(value)
            if field.name != "shared"  # the words stand in the block itself
        }
        return {"kind": value.kind, **named}
    if isinstance(value, tuple):
        return [_value(part, language, resolve_links) for part in value]
    return value


def _image(image: Image) -> dict[str, Any]:
    return {
        "url": absolute_url(f"{settings.MEDIA_URL}images/{image.digest}/{image.widths[-1]}.webp"),
        "width": image.width,
        "height": image.height,
    }


def _download(download: Download, language: str) -> dict[str, Any]:
    """A document with its file in this language, or in the other one where there is none in this; a video with more."""
    own = language if download.file(language) else other_language(language)
    file = download.file(own)
    view = file and file_view(file, download.file_title(own), language)
    return {
        "key": download.key,
        "title": download.title[language],
        "file": file
        and {"url": absolute_url(view.path), "format": file.format, "size": file.size, "language": own},
        **(_of_video(download, language) if download.is_video else {}),
    }


def _of_video(download: Download, language: str) -> dict[str, Any]:
    """What only a video has; its transcript is a text of the block that shows it."""
    captions = {own: file for own in LANGUAGES if (file := download.captions(own))}
    return {
        "captions": [
            {
                "url": absolute_url(file_view(file, download.file_title(own), language).path),
                "language": own,
            }
            for own, file in captions.items()
        ],
        "poster": download.poster and _image(download.poster),
    }


# Partner organizations.


@lru_cache(maxsize=1)
def _partners(version: SiteVersion) -> list[dict[str, Any]]:
    """All of them, worked out once for a version of the site, because every document that names some is read."""
    found: dict[str, dict[str, Any]] = {}
    # Only documents that name some are read.
    naming = Edition.objects.live_everywhere().readable().filter(document__contains='"partners":[{')
    for edition in naming.select_related("page").order_by("-publish_at", "-pk"):
        for partner in _named(edition.read().blocks):
            entry = found.setdefault(partner.key, _partner(partner))
            if edition.page.key not in entry["named_on"]:
                entry["named_on"].append(edition.page.key)
    for entry in found.values():
        entry["named_on"].sort()
    return [found[key] for key in sorted(found)]


def _named(blocks: Iterable[Block]) -> Iterable[Partner]:
    for block in blocks:
        yield from getattr(block, "partners", ())


def _partner(partner: Partner) -> dict[str, Any]:
    texts = {
        language: {
            name: getattr(partner, name)[language] for name in ("name", "acronym", "website", "description")
        }
        for language in LANGUAGES
    }
    return {
        "key": partner.key,
        "kind": partner.kind,
        "logo": partner.logo and _image(partner.logo),
        "named_on": [],
        **texts,
    }

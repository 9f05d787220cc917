"""Public views: each turns a request into one query for live editions and one rendering."""

import json
from html import unescape

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import content_disposition_header, http_date, urlencode
from django.views.decorators.http import require_safe

from . import (
    byte_ranges,
    cache_tags,
    card_images,
    images,
    picture_cuts,
    rendering,
    single_language,
    stored_files,
)
from .compression import compressed
from .document import LANGUAGES
from .file_formats import FORMATS
from .indexes import public_files, public_images
from .integers import parse_integer
from .models.edition import Edition
from .models.site_alert import SiteAlert, alert_documents
from .public_urls import absolute_url, card_path, cut_path, other_language, page_path
from .search.results import results
from .stored_files import StoredFile
from .typography import number

# Of results of a search; there are no more.
MAX_PAGE = 9_999

CONTENT_TYPES = {"avif": "image/avif", "webp": "image/webp"}

# For how long caches may show an image without asking whether it is still public. A page of a site without a cache in
# front needs its images at most once in this time for each reader; a withdrawn image is gone everywhere after it.
MEDIA_SECONDS = 5 * 60


@require_safe
def language_selection(request):
    """Show the language selection page, in both languages."""
    documents = SiteAlert.objects.documents()
    alerts = [alert for language in LANGUAGES for alert in rendering.site_alerts(documents, language)]
    body = render_to_string(
        "pages/language_selection.html", {"languages": settings.LANGUAGES, "alerts": alerts}
    )
    return _cacheable_response(body, tags=frozenset())


@require_safe
def page(request, language, address=""):
    """A page in one language: as it is live, moved (301), withdrawn (410) or unknown (404)."""
    editions = Edition.objects.fetch_with_navigation(language, address)
    edition = edition_at(address, language, editions)
    if edition is None:
        raise Http404
    alerts = rendering.site_alerts(alert_documents(edition), language)
    if edition.kind == Edition.Kind.WITHDRAWN:
        context = {**_withdrawn(edition, language), "alerts": alerts}
        return _cacheable_response(render_to_string("errors/error.html", context), status=410)
    if edition.text("address", language) != address:
        return HttpResponsePermanentRedirect(page_path(language, edition.text("address", language)))
    page_view = rendering.render_edition(edition, language, editions)
    links_changed = [edition.links_changed_at] if edition.links_changed_at else []
    alerts_changed = [time for time in (edition.alert_began, edition.alert_ended) if time]
    modified = max([edition.publish_at for edition in editions] + links_changed + alerts_changed)
    context = {"page": page_view, "language": language, "alerts": alerts}
    body = render_to_string("pages/page.html", context)
    tags = cache_tags.of_page(edition, editions, page_view.linked_pages)
    return _cacheable_response(body, modified=modified, tags=tags)


def edition_at(address, language, editions):
    """The edition at an address: of the page that has it now rather than of one that once had it."""
    requested = [edition for edition in editions if edition.is_requested]
    return min(requested, key=lambda edition: edition.text("address", language) != address, default=None)


def _withdrawn(edition, language):
    return {"status": 410, "language": language, "withdrawn": rendering.withdrawal(edition, language)}


def _cacheable_response(body, *, status=200, modified=None, tags=None):
    """Returns an answer that caches may keep (`cache_tags.make_cacheable`), with the time of its last change."""
    response = cache_tags.make_cacheable(HttpResponse(body, status=status), tags)
    if modified:
        response["Last-Modified"] = http_date(modified.timestamp())
    return response


@compressed  # no end of what can be typed, so the page cache, which compresses all other pages, keeps none of these
@require_safe
def search(request, language):
    """The pages of one language that have the words of `q`, twenty at a time."""
    page = parse_integer(request.GET.get("page", ""), maximum=MAX_PAGE) or 1
    found = results(request.GET.get("q", ""), language, page=page)
    typed = found.query.typed
    has_found_nothing = bool(found.query) and not found.found
    context = {
        "language": language,
        "alerts": rendering.current_site_alerts(language),
        "trail": [rendering.home(language)],
        "results": found,
        "count": number(found.count, language),
        "previous": found.page > 1 and _search_path(language, typed, found.page - 1),
        "next": found.page < found.pages and _search_path(language, typed, found.page + 1),
        "elsewhere": _search_path(other_language(language), typed),
        "suggested": _search_path(language, found.suggestion),
        "one_by_one": [(word, _search_path(language, word)) for word in found.query.words],
        "contact": rendering.site_links(language)["contact"] if has_found_nothing else "",
    }
    return _cacheable_response(render_to_string("pages/search.html", context))


def _search_path(language, typed, page=1):
    parameters = {"q": typed} if typed else {}
    parameters |= {"page": page} if page > 1 else {}
    return reverse("search", kwargs={"language": language}) + (
        f"?{urlencode(parameters)}" if parameters else ""
    )


# An image that is opened by itself can do nothing: neither run, load, send nor be framed by anybody.
IMAGE_POLICY = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@require_safe
def image(request, digest, width, extension):
    """A rendition of an image that a live edition shows to readers: any other is not found (404).

    Its address names its content, so caches need never fetch it twice; but they ask again whether it is public.
    """
    now = timezone.now()
    period = public_images.period(digest, now)
    if period is None:
        raise Http404
    return _while_public(request, digest, period, now, lambda: rendition(digest, width, extension))


def rendition(digest, width, extension):
    """Returns a stored rendition, for views that have made sure that it may be seen.

    Raises Http404 where there is none, and `images.StorageFailed`.
    """
    try:
        with images.storage_errors():
            file = default_storage.open(f"images/{digest}/{width}.{extension}")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=CONTENT_TYPES[extension])
    response["Content-Security-Policy"] = IMAGE_POLICY
    return response


@require_safe
def card_image(request, language, key, version):
    """The card of a page that readers find: any other is not found (404). An older version leads to the one of now.

    The page cache keeps it, as it does the page, until the page has another edition.
    """
    edition = Edition.objects.live().readable().filter(page__key=key).defer("document").first()
    if edition is None:
        raise Http404
    card = card_images.card(unescape(rendering.plain(edition.text("title", language), language)), language)
    if not card.can_be_drawn:
        raise Http404
    if version != card.version:
        return HttpResponseRedirect(card_path(language, key, card.version))
    response = _cacheable_response(card_images.draw(card), tags={cache_tags.page_tag(edition.page_id)})
    response["Content-Type"] = "image/png"
    response["Content-Security-Policy"] = IMAGE_POLICY
    return response


@require_safe
def cut_picture(request, language, key, version):
    """A picture that a page shows readers, cut around its focal point: any other is not found (404).

    One that was cut otherwise before leads to the first of now. The page cache keeps it as it does the page.
    """
    edition = Edition.objects.live().readable().filter(page__key=key).first()
    if edition is None:
        raise Http404
    # In an emergency, a block may be there in one language only.
    blocks = single_language.visible_in(edition.read(), language).blocks
    shown = [getattr(block, "image", None) for block in blocks]
    pictures = {
        picture_cuts.version(image.file(language).digest, image.focus): image
        for image in shown
        if image and image.focus
    }
    if not pictures:
        raise Http404
    if version not in pictures:
        return HttpResponseRedirect(cut_path(language, key, next(iter(pictures))))
    image = pictures[version]
    content = picture_cuts.cut(_largest_rendition(image.file(language)), image.focus)
    response = _cacheable_response(content, tags={cache_tags.page_tag(edition.page_id)})
    response["Content-Type"] = "image/jpeg"
    response["Content-Security-Policy"] = IMAGE_POLICY
    return response


def _largest_rendition(image):
    try:
        with images.storage_errors():
            file = default_storage.open(images.rendition_name(image, image.widths[-1], "webp"))
            with file:
                return file.read()
    except FileNotFoundError:
        raise Http404 from None


@require_safe
def file(request, digest, name, format):
    """A file that a live edition offers to readers, to be saved: any other is not found (404).

    Under a name that no page has for it, it leads to the one that a page has.
    """
    now = timezone.now()
    requested = f"{name}.{format}"
    period = public_files.period(digest, requested, now)
    if period is None:
        raise Http404
    if period.name != requested:
        return HttpResponseRedirect(f"{settings.MEDIA_URL}files/{digest}/{period.name}")
    return _while_public(request, digest, period, now, lambda: stored_file(request, digest, name, format))


def _while_public(request, digest, period, now, respond):
    """An answer that names its content, for as long as that is public: caches ask again whether it still is."""
    etag = f'"{digest}"'
    response = get_conditional_response(request, etag=etag) or respond()
    response["ETag"] = etag
    seconds = MEDIA_SECONDS
    if period.public_until:  # not a second longer
        seconds = min(seconds, int((period.public_until - now).total_seconds()))
    patch_cache_control(response, public=True, max_age=seconds, must_revalidate=True)
    return response


def stored_file(request, digest, name, format):
    """Returns a stored file to be saved under a name, for views that have made sure that it may be read.

    It is never shown by the browser itself, and whatever it holds, it is what its kind says and nothing else. A player
    of videos may ask for a part of it. Raises Http404 where there is none, and `images.StorageFailed`.
    """
    if format not in FORMATS:
        raise Http404
    headers = {
        "Content-Type": FORMATS[format].content_type,
        "Content-Disposition": content_disposition_header(True, f"{name}.{format}"),
        "Content-Security-Policy": IMAGE_POLICY,
    }
    try:
        with images.storage_errors():
            file = default_storage.open(stored_files.stored_name(StoredFile(digest, format, 0)))
            return byte_ranges.respond(request, file, etag=f'"{digest}"', headers=headers)
    except FileNotFoundError:
        raise Http404 from None


@require_safe
def opensearch(request, language):
    """How to search the site from the box of a browser (https://github.com/dewitt/opensearch)."""
    context = {
        "name": settings.SITE_IDENTITY["name"][language],
        "language": language,
        "search": absolute_url(reverse("search", kwargs={"language": language})),
        "own": absolute_url(request.path),
        "icon": absolute_url(static(FAVICON)) if _has_own_icon() else "",
    }
    response = _cacheable_response(render_to_string("pages/opensearch.xml", context))
    response["Content-Type"] = "application/opensearchdescription+xml; charset=utf-8"
    return response


@require_safe
def web_manifest(request, language):
    """What a phone that keeps the site on its screen shows of it (https://www.w3.org/TR/appmanifest/)."""
    site = settings.SITE_IDENTITY
    icons = [*site["icons"], (TOUCH_ICON, "image/png")] if _has_own_icon() else site["icons"]
    home = page_path(language, "")
    manifest = {
        "name": site["name"][language],
        "description": site["tagline"][language],
        "lang": f"{language}-CA",
        "dir": "ltr",
        "id": home,
        "start_url": home,
        "scope": home,
        "display": "browser",
        "theme_color": (site["header"] or {}).get("light", card_images.DEFAULT_GROUND),
        "background_color": "#ffffff",
        "icons": [{"src": static(path), "type": kind, **_sizes(kind)} for path, kind in icons],
    }
    response = _cacheable_response(json.dumps(manifest, ensure_ascii=False, indent=2), tags=frozenset())
    response["Content-Type"] = "application/manifest+json; charset=utf-8"
    return response


def _sizes(kind):
    """A drawing has any size; of other pictures browsers find out themselves."""
    return {"sizes": "any"} if kind == "image/svg+xml" else {}


FAVICON, TOUCH_ICON = "pages/favicon.ico", "pages/apple-touch-icon.png"


def _has_own_icon():
    """Whether the site shows the icon of this project, and not that of an institution."""
    return settings.SITE_IDENTITY["icons"] == OWN_ICONS


OWN_ICONS = [("pages/favicon.svg", "image/svg+xml")]


@require_safe
def icon(request, name):
    """Leads programs that ask for an icon at the place of old to it, or to the one of the institution."""
    chosen = {"favicon": FAVICON, "touch": TOUCH_ICON}[name]
    if not _has_own_icon():
        icons = {kind: path for path, kind in settings.SITE_IDENTITY["icons"]}
        chosen = icons.get("image/png") or next(iter(icons.values()))
    response = HttpResponseRedirect(static(chosen))
    patch_cache_control(response, public=True, max_age=24 * 60 * 60)
    return response


@require_safe
def robots(request):
    body = f"User-agent: *\nDisallow: /admin/\n\nSitemap: {absolute_url('/sitemap.xml')}\n"
    response = _cacheable_response(body)
    response["Content-Type"] = "text/plain; charset=utf-8"
    return response

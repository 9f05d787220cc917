"""The public doors: each turns a request into one question about live editions and one rendering."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import http_date, urlencode
from django.views.decorators.http import require_safe

from . import rendering
from .addresses import absolute, other, path_of
from .editions import Edition
from .search.results import results
from .typography import number

TYPES = {"avif": "image/avif", "webp": "image/webp"}


@require_safe
def language_selection(request):
    """The front door, in both languages, before anything is known of the visitor's."""
    return _same_for_all(render_to_string("pages/language_selection.html", {"languages": settings.LANGUAGES}))


@require_safe
def page(request, language, address=""):
    """A page in one language: as it is live, moved (301), withdrawn (410) or unknown (404)."""
    editions = Edition.objects.read_around(language, address)
    here = standing_at(address, language, editions)
    if here is None:
        raise Http404
    if here.kind == Edition.Kind.WITHDRAWN:
        return _same_for_all(render_to_string("errors/error.html", _withdrawn(here, language)), status=410)
    if here.text("address", language) != address:
        return HttpResponsePermanentRedirect(path_of(language, here.text("address", language)))
    shown = rendering.edition(here, language, editions)
    modified = max(edition.publish_at for edition in editions)
    return _same_for_all(
        render_to_string("pages/page.html", {"page": shown, "language": language}), modified=modified
    )


def standing_at(address, language, editions):
    """The edition at an address: of the page that has it now rather than of one that once had it."""
    here = [edition for edition in editions if edition.is_here]
    return min(here, key=lambda edition: edition.text("address", language) != address, default=None)


def _withdrawn(edition, language):
    return {"status": 410, "language": language, "withdrawn": rendering.withdrawal(edition, language)}


def _same_for_all(body, *, status=200, modified=None):
    """An answer that any cache may keep, if it asks each time whether it still holds."""
    response = HttpResponse(body, status=status)
    patch_cache_control(response, public=True, no_cache=True)
    if modified:
        response["Last-Modified"] = http_date(modified.timestamp())
    response.keep = status == 200  # see `canada_iraq.kept`
    return response


@require_safe
def search(request, language):
    """The pages of one language that have the words of `q`, twenty at a time."""
    asked = request.GET.get("page", "")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    found = results(request.GET.get("q", ""), language, page=page)
    typed = found.query.typed
    context = {
        "language": language,
        "trail": [rendering.home(language)],
        "results": found,
        "count": number(found.count, language),
        "previous": found.page > 1 and _search_path(language, typed, found.page - 1),
        "next": found.page < found.pages and _search_path(language, typed, found.page + 1),
        "elsewhere": _search_path(other(language), typed),
        "one_by_one": [(word, _search_path(language, word)) for word in found.query.words],
    }
    response = _same_for_all(render_to_string("pages/search.html", context))
    response.keep = False  # there is no end of what can be typed
    return response


def _search_path(language, typed, page=1):
    asked = {"q": typed} if typed else {}
    asked |= {"page": page} if page > 1 else {}
    return reverse("search", kwargs={"language": language}) + (f"?{urlencode(asked)}" if asked else "")


@require_safe
def image(request, digest, width, extension):
    """A rendition of a picture. Its address names its content, so it may be kept for ever."""
    try:
        file = default_storage.open(f"images/{digest}/{width}.{extension}")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=TYPES[extension])
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_cache_control(response, public=True, max_age=31_536_000, immutable=True)
    return response


@require_safe
def robots(request):
    body = f"User-agent: *\nDisallow: /admin/\n\nSitemap: {absolute('/sitemap.xml')}\n"
    response = _same_for_all(body)
    response["Content-Type"] = "text/plain; charset=utf-8"
    return response

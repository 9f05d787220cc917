"""Show a preview of what is not public yet to people who have a link to it."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from . import previews, single_language, working_copy
from .document import files_offered, pictures
from .models.edition import Edition
from .models.preview_link import PreviewLink
from .public_urls import other_language, page_path
from .views import rendition, stored_file

PATH_WORDS = {"en": "preview", "fr": "apercu"}


def preview_path(language, token):
    return page_path(language, f"{PATH_WORDS[language]}/{token}")


@require_safe
def preview(request, language, token):
    """The working copy or edition of an open link. Ended, revoked and invented ones are all just not found."""
    link = _open_link(token)
    if link.edition and _is_public(link.edition):
        return _never_cache(HttpResponseRedirect(page_path(language, link.edition.text("address", language))))
    toggle = preview_path(other_language(language), token)
    media = f"{preview_path(language, token)}/"
    page = previews.preview_of(link.page, _document(link, language), language, toggle=toggle, media=media)
    context = {"page": page, "language": language, "link": link}
    return _never_cache(HttpResponse(render_to_string("pages/shared_preview.html", context)))


@require_safe
def image(request, language, token, digest, width, extension):
    """Sends a rendition of an image that the preview of an open link shows; not found as soon as the preview is not."""
    link = _open_link(token)
    is_public = link.edition and _is_public(link.edition)
    if is_public or digest not in {image.digest for image in pictures(_document(link, language))}:
        raise Http404
    return _never_cache(rendition(digest, width, extension))


@require_safe
def file(request, language, token, digest, name, format):
    """Sends a file that the preview of an open link offers, to be saved; not found as soon as the preview is not."""
    link = _open_link(token)
    is_public = link.edition and _is_public(link.edition)
    if is_public or digest not in {file.digest for file, _title in files_offered(_document(link, language))}:
        raise Http404
    return _never_cache(stored_file(request, digest, name, format))


def _open_link(token):
    try:
        return PreviewLink.objects.find(token)
    except PreviewLink.DoesNotExist:
        raise Http404 from None


def _document(link, language):
    if link.edition:
        return single_language.visible_in(link.edition.read(), language)
    return working_copy.read(link.page)


def _is_public(edition):
    return edition.status == Edition.Status.APPROVED and edition.publish_at <= timezone.now()


def _never_cache(response):
    """Neither kept nor found by anybody, and no site that it links to is told the address."""
    add_never_cache_headers(response)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response

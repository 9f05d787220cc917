"""The public door to what is not public: a preview, for whoever was given a link to it."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from . import one_language, previews, working_copy
from .addresses import other, path_of
from .editions import Edition
from .preview_links import PreviewLink

WORDS = {"en": "preview", "fr": "apercu"}


def path_of_preview(language, token):
    return path_of(language, f"{WORDS[language]}/{token}")


@require_safe
def preview(request, language, token):
    """The working copy or edition of an open link. Ended, revoked and invented ones are all just not found."""
    try:
        link = PreviewLink.objects.find(token)
    except PreviewLink.DoesNotExist:
        raise Http404 from None
    if link.edition and _is_public(link.edition):
        return _unkept(HttpResponseRedirect(path_of(language, link.edition.text("address", language))))
    document = (
        one_language.shown(link.edition.read(), language) if link.edition else working_copy.read(link.page)
    )
    page = previews.shown(link.page, document, language, toggle=path_of_preview(other(language), token))
    context = {"page": page, "language": language, "link": link}
    return _unkept(HttpResponse(render_to_string("pages/shared_preview.html", context)))


def _is_public(edition):
    return edition.status == Edition.Status.APPROVED and edition.publish_at <= timezone.now()


def _unkept(response):
    """Neither kept nor found by anybody, and no site that it links to is told the address."""
    add_never_cache_headers(response)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response

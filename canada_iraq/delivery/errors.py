"""Pages that say what went wrong: in the language of the address, or in both where it does not tell."""

import sys

from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.gzip import gzip_page

from pages.images import StorageFailed

# Seconds until it is worth trying again when the database does not answer or takes no writes.
RETRY_AFTER = 30

# Views whose addresses are the editors' to choose, by name: what is near to one that does not exist is offered.
PAGES = frozenset({"home", "page", "page_corrections"})


def error_page(request, *, status, headers=None, **context):
    """A whole page for one of the statuses that have a template in `templates/errors`.

    It reads neither the body of the request nor the database, so it works when these are what failed.
    """
    language = path_language(request)
    with translation.override(language or settings.LANGUAGE_CODE):
        body = render_to_string("errors/error.html", {"status": status, "language": language, **context})
    response = HttpResponse(body, status=status, headers=headers)
    response.setdefault("Cache-Control", "no-store")
    return response


def path_language(request):
    """The language that the address of a request names; None where it names none."""
    first = request.path_info.split("/")[1] if request.path_info.startswith("/") else ""
    return first if first in dict(settings.LANGUAGES) else None


def bad_request(request, exception=None):
    return error_page(request, status=400)


def permission_denied(request, exception=None):
    return error_page(request, status=403)


@gzip_page
def not_found(request, exception=None):
    """Leads on to the page that was meant, or says that there is none and offers those that are like it."""
    from pages import near_addresses, rendering  # its tables are there only when Django is set up

    is_ours = request.resolver_match is None or request.resolver_match.url_name in PAGES
    if not is_ours or request.method not in ("GET", "HEAD") or request.path_info.startswith("/admin/"):
        return error_page(request, status=404)
    if found := near_addresses.redirect(request.path_info):
        query = request.META.get("QUERY_STRING", "")
        answer = HttpResponsePermanentRedirect if found.is_permanent else HttpResponseRedirect
        return answer(f"{found.path}?{query}" if query else found.path)
    language = path_language(request)
    if language is None:
        return error_page(request, status=404)
    typed, pages = near_addresses.similar(request.path_info, language)
    alerts = rendering.current_site_alerts(language)
    return error_page(request, status=404, typed=typed, similar=pages, alerts=alerts)


def server_error(request):
    """A fault of ours (500), or a database or image store that cannot be used for the moment (503)."""
    if isinstance(sys.exc_info()[1], OperationalError | StorageFailed):
        return error_page(request, status=503, headers={"Retry-After": str(RETRY_AFTER)})
    return error_page(request, status=500)

"""Pages that say what went wrong: in the language of the address, or in both where it does not tell."""

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation


def error_page(request, *, status, headers=None, **context):
    """A whole page for one of the statuses that have a template in `templates/errors`.

    It reads neither the body of the request nor the database, so it works when these are what failed.
    """
    first = request.path_info.split("/")[1] if request.path_info.startswith("/") else ""
    language = first if first in dict(settings.LANGUAGES) else None
    with translation.override(language or settings.LANGUAGE_CODE):
        body = render_to_string("errors/error.html", {"status": status, "language": language, **context})
    response = HttpResponse(body, status=status, headers=headers)
    response.setdefault("Cache-Control", "no-store")
    return response


def bad_request(request, exception=None):
    return error_page(request, status=400)


def permission_denied(request, exception=None):
    return error_page(request, status=403)


def not_found(request, exception=None):
    return error_page(request, status=404)


def server_error(request):
    return error_page(request, status=500)

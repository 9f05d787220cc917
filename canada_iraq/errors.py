"""Pages that say what went wrong: in the language of the address, or in both where it does not tell."""

import sys

from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

# Seconds until it is worth trying again when the database does not answer or takes no writes.
RETRY = 30


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
    """A fault of ours (500), or a database that takes nothing for the moment (503): locked, full or out of reach."""
    if isinstance(sys.exc_info()[1], OperationalError):
        return error_page(request, status=503, headers={"Retry-After": str(RETRY)})
    return error_page(request, status=500)

"""What every request passes through: refusal of hostile ones, headers of defence, and the language of the address."""

from email.message import Message

from django.conf import settings
from django.utils import translation

from .bodies import REFUSED
from .errors import error_page

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
STAFF = "/admin/"


def refuse_hostile_requests(get_response):
    """Answers with a clear 4xx what would otherwise cost memory or end in a server error further in.

    Django reads a body of any size when it holds files, fails on a charset that it does not know, and
    lets views answer any method.
    """

    def middleware(request):
        refused = _refusal(request)
        return error_page(request, **refused) if refused else get_response(request)

    return middleware


def _refusal(request):
    if status := request.META.get(REFUSED):
        return {"status": status, "headers": {"Retry-After": "10"}}
    if request.method not in METHODS:
        return {"status": 405, "headers": {"Allow": ", ".join(METHODS)}}
    if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return {"status": 400}
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    if not _is_utf8(request.META.get("CONTENT_TYPE", "")):
        return {"status": 415}
    return _refused_size(request)


def _is_utf8(content_type):
    header = Message()
    header["Content-Type"] = content_type
    try:
        charset = header.get_param("charset", "utf-8")
    except (ValueError, LookupError):
        return False
    return isinstance(charset, str) and charset.strip().lower() in ("utf-8", "utf8")


def _refused_size(request):
    length = request.META.get("CONTENT_LENGTH", "")
    if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
        return {"status": 411}
    if length and not (length.isascii() and length.isdigit()):
        return {"status": 400}
    is_staff = request.path_info.startswith(STAFF)
    limit = settings.STAFF_BODY_LIMIT if is_staff else settings.PUBLIC_BODY_LIMIT
    return {"status": 413} if int(length or 0) > limit else None


def browser_defences(get_response):
    """Tells browsers what this site never does; staff pages are never kept by any cache."""

    def middleware(request):
        response = get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault(
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        )
        if request.path_info.startswith(STAFF):
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware


def language_of_address(get_response):
    """The address says which language is spoken; only in the admin does the person's own choice count."""

    def middleware(request):
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.setdefault("Content-Language", language)
        return response

    return middleware


def language_of(request):
    """The code of the language that a request is answered in."""
    if request.path_info.startswith(STAFF):
        return translation.get_language_from_request(request)
    first = request.path_info.split("/")[1]
    return first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

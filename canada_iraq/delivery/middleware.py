"""What every request passes through: refusal of hostile ones, headers of defence, charset, language of the address."""

import re
from email.message import Message

from django.conf import settings
from django.utils import translation

from .body_buffering import REFUSED_STATUS_KEY
from .errors import error_page

ALLOWED_METHODS = ("GET", "HEAD", "POST", "OPTIONS")

# Media types of texts, all of which the site writes in UTF-8.
TEXT_TYPE = re.compile(r"text/|application/(json|javascript|xml)\b|[^;]+\+(json|xml)\b", re.I)


def request_limits(get_response):
    """Answers with a clear 4xx what would otherwise cost memory or end in a server error further in.

    Django reads a body of any size when it holds files, fails on a charset that it does not know, and
    lets views answer any method.
    """

    def middleware(request):
        rejection = _rejection(request)
        return error_page(request, **rejection) if rejection else get_response(request)

    return middleware


def _rejection(request):
    if status := request.META.get(REFUSED_STATUS_KEY):
        return {"status": status, "headers": {"Retry-After": "10"}}
    if request.method not in ALLOWED_METHODS:
        return {"status": 405, "headers": {"Allow": ", ".join(ALLOWED_METHODS)}}
    if not request.path_info.startswith("/"):  # "*" names the server, not a page: RFC 9112, section 3.2.4
        return {"status": 400}
    if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return {"status": 400}
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    if not _is_utf8(request.META.get("CONTENT_TYPE", "")):
        return {"status": 415}
    return _size_rejection(request)


def _is_utf8(content_type):
    header = Message()
    header["Content-Type"] = content_type
    try:
        charset = header.get_param("charset", "utf-8")
    except (ValueError, LookupError):
        return False
    return isinstance(charset, str) and charset.strip().lower() in ("utf-8", "utf8")


def _size_rejection(request):
    length = request.META.get("CONTENT_LENGTH", "")
    if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
        return {"status": 411}
    if length and not (length.isascii() and length.isdigit() and len(length) < 20):
        return {"status": 400}
    is_staff = request.path_info.startswith(settings.ADMIN_PREFIX)
    limit = settings.STAFF_BODY_LIMIT if is_staff else settings.PUBLIC_BODY_LIMIT
    return {"status": 413} if int(length or 0) > limit else None


def security_headers(get_response):
    """Tells browsers what this site never does; staff pages are never kept by any cache.

    Some are those of Django's SecurityMiddleware, which says nothing when it refuses a host by itself.
    """

    def middleware(request):
        response = get_response(request)
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.setdefault("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        response.setdefault(
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        )
        if request.path_info.startswith(settings.ADMIN_PREFIX):
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware


def declare_charset(get_response):
    """Names the charset of every text whose type does not, as those of WhiteNoise and of JsonResponse do not.

    Without it, programs take a text for what they like: ASCII (RFC 7303, section 3), or the charset of the machine.
    """

    def middleware(request):
        response = get_response(request)
        content_type = response.headers.get("Content-Type", "")
        if TEXT_TYPE.match(content_type) and "charset=" not in content_type.lower():
            response["Content-Type"] = f"{content_type}; charset=utf-8"
        return response

    return middleware


def language_from_path(get_response):
    """The address says which language is spoken; only in the admin does the person's own choice count."""

    def middleware(request):
        language = request_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.setdefault("Content-Language", language)
        return response

    return middleware


def request_language(request):
    """The code of the language that a request is answered in."""
    if request.path_info.startswith(settings.ADMIN_PREFIX):
        return translation.get_language_from_request(request)
    first = request.path_info.split("/")[1]
    return first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

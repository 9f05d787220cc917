"""Tells whoever finds a weakness of the site where to report it: `/.well-known/security.txt` (RFC 9116)."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

PATH = ".well-known/security.txt"

# RFC 9116, section 2.5.5, recommends less than a year. Six months are long for those who wrote the file down, and short
# enough for one that nobody brings up to date any more, such as that of an abandoned copy, to be known as stale.
MONTHS = 6


def read_contacts(value: str) -> list[str]:
    """Reads SECURITY_CONTACT: addresses with commas between them, as URIs. Raises ImproperlyConfigured."""
    return [_read_contact(contact) for contact in _split(value)]


def read_policies(value: str) -> list[str]:
    """Reads SECURITY_POLICY: addresses of pages with commas between them. Raises ImproperlyConfigured."""
    for policy in _split(value):
        if not _is_https(policy):
            raise ImproperlyConfigured(
                f"SECURITY_POLICY: {policy!r} must begin with https:// and name a page."
            )
    return _split(value)


def expiry(now: datetime) -> datetime:
    """Returns when the file of a moment goes stale: the same throughout a month, five to six months later."""
    months = now.year * 12 + now.month - 1 + MONTHS
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


@require_safe
def security_txt(request):
    """The file, made of settings. Raises Http404 where no contact is set."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    body = "".join(f"{name}: {value}\n" for name, value in _fields())
    response = HttpResponse(body, content_type="text/plain; charset=utf-8")
    patch_cache_control(response, public=True, no_cache=True)
    return response


def _fields():
    yield from (("Contact", contact) for contact in settings.SECURITY_CONTACT)
    yield "Expires", f"{expiry(timezone.now().astimezone(UTC)):%Y-%m-%dT%H:%M:%SZ}"
    yield "Preferred-Languages", ", ".join(language for language, _name in settings.LANGUAGES)
    if _is_https(settings.SITE_URL):  # section 2.5.2 allows no other
        yield "Canonical", f"{settings.SITE_URL}/{PATH}"
    yield from (("Policy", policy) for policy in settings.SECURITY_POLICY)


def _split(value):
    return [part.strip() for part in value.split(",") if part.strip()]


def _read_contact(contact):
    if _is_https(contact) or re.fullmatch(r"tel:\+[0-9-]+", contact):
        return contact
    try:
        validate_email(contact.removeprefix("mailto:"))
    except ValidationError:
        raise ImproperlyConfigured(
            f"SECURITY_CONTACT: {contact!r} is neither an e-mail address nor begins with https:// or tel:+."
        ) from None
    return f"mailto:{contact.removeprefix('mailto:')}"


def _is_https(address):
    return bool(re.fullmatch(r"https://[!-~]+", address)) and bool(urlsplit(address).hostname)

"""Whether a form was sent from a page of this site, told without a cookie or a token in the page.

Public pages are kept whole by caches and set no cookie, so they cannot carry the usual token. Nor is there a
session to abuse: a forged form can do no more than its author could do alone. What is refused is the browser of an
unsuspecting visitor being made to post from somebody else's page, and every browser since 2020 says when it is.
"""

from urllib.parse import urlsplit

from django.conf import settings

# Absent in older browsers; "none" is a person repeating their own request.
OWN_FETCH_SITES = {"same-origin", "none"}


def is_cross_site(request):
    """Whether any of the headers that browsers add, and pages cannot, names another site.

    None of them at all is let through: that is an old or a very private browser, or no browser, and what a
    program sends on its own account is a matter for `spam` and `report_throttle`.
    """
    fetched_from = request.headers.get("Sec-Fetch-Site", "")
    if fetched_from and fetched_from not in OWN_FETCH_SITES:
        return True
    origin = request.headers.get("Origin", "")
    if origin == "null" and fetched_from:
        return False  # hidden by a strict referrer policy, and already vouched for above
    source = origin or request.headers.get("Referer", "")
    return bool(source) and _parse_origin(source) not in _own_origins(request)


def _parse_origin(address):
    """Scheme and host of an address: a page that came without https may have been written by anybody on the way."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.scheme.lower(), parts.netloc.lower()


def _own_origins(request):
    return {(request.scheme, request.get_host().lower()), _parse_origin(settings.SITE_URL)}

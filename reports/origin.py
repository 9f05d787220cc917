"""Whether a form was sent from a page of this site, told without a cookie or a token in the page.

Public pages are kept whole by caches and set no cookie, so they cannot carry the usual token. Nor is there a
session to abuse: a forged form can do no more than its author could do alone. What is refused is the browser of an
unsuspecting visitor being made to post from somebody else's page, and every browser since 2020 says when it is.
"""

from urllib.parse import urlsplit

from django.conf import settings

# Absent in older browsers; "none" is a person repeating their own request.
OWN_FETCHES = {"same-origin", "none"}


def is_foreign(request):
    """Whether any of the headers that browsers add, and pages cannot, names another site.

    None of them at all is let through: that is an old or a very private browser, or no browser, and what a
    program sends on its own account is a matter for `spam` and `limits`.
    """
    fetched_from = request.headers.get("Sec-Fetch-Site", "")
    if fetched_from and fetched_from not in OWN_FETCHES:
        return True
    origin = request.headers.get("Origin", "")
    if origin == "null" and fetched_from:
        return False  # hidden by a strict referrer policy, and already vouched for above
    source = origin or request.headers.get("Referer", "")
    return bool(source) and _host_of(source) not in _own_hosts(request)


def _host_of(address):
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def _own_hosts(request):
    return {request.get_host().lower(), urlsplit(settings.SITE_URL).netloc.lower()}

"""Where does a request come from? Only for counting, and never kept or logged as it is: see `limits`."""

import ipaddress

from django.conf import settings


def network_of(request):
    """One household or office: the whole IPv4 address, the first half of an IPv6 one; empty when it is not known."""
    try:
        found = ipaddress.ip_address(_address(request))
    except ValueError:
        return ""
    if found.version == 6 and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(found) if found.version == 4 else found.exploded[:19]


def _address(request):
    """Behind a proxy of our own it is the last entry of X-Forwarded-For: the sender wrote those before it."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")

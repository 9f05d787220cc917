"""Network of the client of a request. Only for counting, and never kept or logged as it is: see `report_throttle`."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings

# Lengths of the prefixes, by the version of IP: one household or office, one site of a customer, one provider.
# RFC 6177 gives a customer a /48 to a /56, and registries give a provider a /32 of IPv6.
PREFIXES = {4: (32, 24, 16), 6: (64, 48, 32)}


def network_of(environ: Mapping[str, Any]) -> str:
    """Return one household or office: the whole IPv4 address, a /64 of IPv6; empty when it is not known.

    `environ` is that of WSGI, or the META of a request.
    """
    return next(iter(networks_of(environ)), "")


def networks_of(environ: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the household and the wider networks that it is in, narrowest first; none when it is not known."""
    try:
        address = ipaddress.ip_address(_address(environ))
    except ValueError:
        return ()
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return tuple(
        str(ipaddress.ip_network((address.packed, length), strict=False))
        for length in PREFIXES[address.version]
    )


def _address(environ: Mapping[str, Any]) -> str:
    """Behind a proxy of our own it is the last entry of X-Forwarded-For: the sender wrote those before it."""
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rsplit(",", 1)[-1].strip() or environ.get("REMOTE_ADDR", "")

"""How much may be sent in how short a time, and what was sent before; kept only in the cache and only for hours.

Reports are counted by household, by the wider networks that it is in, and for the whole site: one with a provider's
/32 of IPv6 has four thousand million households, and would otherwise close the form for everybody.

Senders are known by a hash with a salt of the day that exists nowhere else: when the cache drops it, no one can
tell who a sender was. Where the cache keeps nothing or does not answer, every report is welcome.
"""

import functools
import hashlib
import hmac
import logging
import secrets
import time

from django.conf import settings
from django.core.cache import cache

from accounts.client_network import networks_of

logger = logging.getLogger(__name__)

# Seconds. Windows begin at the same moment for everybody, so that one number is all that is kept.
WINDOW_SECONDS = 10 * 60
DAY_SECONDS = 24 * 60 * 60


def fail_open(default):
    """A cache that fails must not cost a visitor the report: the function then returns `default`."""

    def decorate(function):
        @functools.wraps(function)
        def wrapped(*args):
            try:
                return function(*args)
            except Exception as error:
                logger.warning("The cache did not answer (%s): reports are not limited", type(error).__name__)
                return default

        return wrapped

    return decorate


@fail_open(())
def client_keys(request):
    """Stand for the networks that a request comes from until midnight (UTC), the narrowest first; none if not known."""
    return tuple(_daily_hash(network) for network in networks_of(request.META))


@fail_open(0)
def retry_after(*clients):
    """Count one report that was sent, refused ones included; return the seconds until the next one will be read.

    0: this one will. `client_network` are those of `client_keys`. What is turned away here counts for nothing, so that
    nobody uses up what wider networks and the whole site are allowed.
    """
    window, elapsed = divmod(int(time.time()), WINDOW_SECONDS)
    keys = [f"reports:from:{client}:{window}" for client in clients if client]
    allowed = dict(zip(keys, _allowed(), strict=False))
    site_key = f"reports:all:{window}"
    counts = cache.get_many([*keys, site_key])
    if any(counts.get(key, 0) >= allowed[key] for key in keys) or _is_full(
        counts.get(site_key, 0) + 1, counts.get(keys[-1], 0) + 1 if keys else None
    ):
        return WINDOW_SECONDS - elapsed
    counts = {key: _count(key) for key in [*keys, site_key]}
    if any(counts[key] > allowed[key] for key in keys) or _is_full(
        counts[site_key], counts[keys[-1]] if keys else None
    ):
        return WINDOW_SECONDS - elapsed  # others came first in between
    return 0


def _allowed():
    """Reports of a household, of a customer's site and of a provider within a window (`client_network.PREFIXES`)."""
    one, all_of_them = settings.REPORTS_PER_SENDER, settings.REPORTS_PER_SITE
    return one, max(one, all_of_them // 10), max(one, all_of_them // 4)


def _is_full(number, of_provider):
    """Whether the site takes no more: it keeps as many again for providers of which few reports have come so far."""
    few = settings.REPORTS_PER_SITE // 100
    is_newcomer = of_provider is not None and of_provider <= few
    return number > settings.REPORTS_PER_SITE * (2 if is_newcomer else 1)


@fail_open(False)
def is_repeat(client, text):
    """Whether the same sender sent the same text within a day. Remembers it for the next time."""
    if not (client and text):
        return False
    words = " ".join(text.casefold().split())
    return not cache.add(f"reports:text:{_daily_hash(f'{client} {words}')}", 1, DAY_SECONDS)


def _count(key):
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # a cache that keeps nothing, or the end of the window in between
        return 1


def _daily_hash(text):
    salt = cache.get_or_set(f"reports:salt:{int(time.time()) // DAY_SECONDS}", secrets.token_hex, DAY_SECONDS)
    return hmac.new(salt.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]

"""How much may be sent in how short a time, and what was sent before; kept only in the cache and only for hours.

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

from .senders import network_of

logger = logging.getLogger(__name__)

# Seconds. Windows begin at the same moment for everybody, so that one number is all that is kept.
WINDOW = 10 * 60
DAY = 24 * 60 * 60


def whatever_the_cache_does(otherwise):
    """A cache that fails must not cost a visitor the report: the function then returns `otherwise`."""

    def decorate(function):
        @functools.wraps(function)
        def forgiving(*args):
            try:
                return function(*args)
            except Exception as error:
                logger.warning("The cache did not answer (%s): reports are not limited", type(error).__name__)
                return otherwise

        return forgiving

    return decorate


@whatever_the_cache_does("")
def sender_of(request):
    """Stands for where a request comes from until midnight (UTC); empty when that is not known."""
    network = network_of(request)
    return network and _hash_of_today(network)


@whatever_the_cache_does(0)
def seconds_to_wait(sender):
    """Counts one report. 0: welcome; otherwise the seconds until the next one will be."""
    window, elapsed = divmod(int(time.time()), WINDOW)
    too_many = _count(f"reports:all:{window}") > settings.REPORTS_PER_SITE
    if sender:
        too_many |= _count(f"reports:from:{sender}:{window}") > settings.REPORTS_PER_SENDER
    return WINDOW - elapsed if too_many else 0


@whatever_the_cache_does(False)
def has_sent(sender, text):
    """Whether the same sender sent the same text within a day. Remembers it for the next time."""
    if not (sender and text):
        return False
    words = " ".join(text.casefold().split())
    return not cache.add(f"reports:text:{_hash_of_today(f'{sender} {words}')}", 1, DAY)


def _count(key):
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key)
    except ValueError:  # a cache that keeps nothing, or the end of the window in between
        return 1


def _hash_of_today(text):
    salt = cache.get_or_set(f"reports:salt:{int(time.time()) // DAY}", secrets.token_hex, DAY)
    return hmac.new(salt.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]

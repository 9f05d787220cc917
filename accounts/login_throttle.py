"""Limit failed attempts to sign in from one network: beyond a few, no further one is verified.

Never by account, so that nobody can keep a person out by typing their name. Counted in the database, because the cache
of one process does not know of the others, and before the password is looked at, because that is what costs time.
"""

import logging
import time
from contextlib import contextmanager
from datetime import timedelta
from math import ceil

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext_lazy

from .client_network import networks_of
from .models import FailedLoginCount

logger = logging.getLogger(__name__)

# Failed attempts from one place, which may be a whole office, within a window that starts with the first of them.
MAX_ATTEMPTS = 20
# And from one customer's site of IPv6, a /48.
MAX_ATTEMPTS_PER_SITE = 60
WINDOW = timedelta(minutes=10)
DAY_SECONDS = 24 * 60 * 60


class TooManyAttempts(ValidationError):
    """What forms say instead of looking at what was typed; the next attempt is looked at after `retry_after`
    seconds.
    """

    def __init__(self, wait):
        self.retry_after = wait
        text = ngettext_lazy(
            "There were too many failed attempts to sign in from your network, perhaps by someone else in "
            "your office. Try again in %(minutes)d minute, or sign in now from another network.",
            "There were too many failed attempts to sign in from your network, perhaps by someone else in "
            "your office. Try again in %(minutes)d minutes, or sign in now from another network.",
            "minutes",
        )
        super().__init__(text, code="too_many", params={"minutes": ceil(wait / 60)})


@contextmanager
def throttled_attempt(request):
    """Around a look at a password or a code: it counts as wrong if an exception ends it. Raises TooManyAttempts."""
    clients = client_keys(request)
    if wait := register_attempt(*clients):
        logger.warning("A sign-in was blocked: too many failed attempts in a short time")
        raise TooManyAttempts(wait)
    yield
    refund_attempt(*clients)


def with_retry_after(response, form):
    """The answer, with what programs read if the form said that there were too many tries."""
    for error in form.non_field_errors().as_data():
        if isinstance(error, TooManyAttempts):
            response.status_code = 429
            response["Retry-After"] = str(error.retry_after)
    return response


def client_keys(request):
    """Stand for where a request comes from until midnight (UTC): the household, and the customer's site of IPv6.

    Those of which that is not known are one place.
    """
    day = int(time.time()) // DAY_SECONDS
    networks = networks_of(request.META)
    # A site of IPv6 (/48) belongs to one customer, who has 65,536 households. The neighbours of an IPv4 address are
    # strangers, and so are the customers of a provider: none of them may keep staff out.
    throttled = networks[:2] if ":" in "".join(networks) else networks[:1] or ("",)
    return [
        salted_hmac("sign-in", f"{day} {network}", algorithm="sha256").hexdigest()[:32]
        for network in throttled
    ]


def register_attempt(*clients):
    """Counts one try, as wrong until it proves right. 0: it may be made; otherwise the seconds until the next one may.

    However many arrive at once at however many processes: the database adds one only where there is room for it.
    """
    now = timezone.now()
    FailedLoginCount.objects.filter(until__lte=now).delete()
    for index, (sender, limit) in enumerate(
        zip(clients, (MAX_ATTEMPTS, MAX_ATTEMPTS_PER_SITE), strict=False)
    ):
        if wait := _register(sender, limit, now):
            refund_attempt(*clients[:index])  # what is not looked at counts for nothing
            return wait
    return 0


def _register(sender, limit, now):
    FailedLoginCount.objects.bulk_create(
        [FailedLoginCount(sender=sender, until=now + WINDOW)], ignore_conflicts=True
    )
    tries = FailedLoginCount.objects.filter(sender=sender)
    if tries.filter(count__lt=limit).update(count=F("count") + 1):
        return 0
    until = tries.values_list("until", flat=True).first() or now  # none: the window has ended in between
    return max(1, round((until - now).total_seconds()))


def refund_attempt(*clients):
    """The try was right, and leaves the others from its place as many as they had."""
    FailedLoginCount.objects.filter(sender__in=clients, count__gt=0).update(count=F("count") - 1)

"""How many wrong tries to sign in came from one place lately? Beyond a few, no further one is looked at.

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

from reports.senders import network_of

from .models import WrongTries

logger = logging.getLogger(__name__)

# Wrong tries from one place, which may be a whole office, within a window that begins with the first of them.
MOST = 20
WINDOW = timedelta(minutes=10)
DAY = 24 * 60 * 60


class TooMany(ValidationError):
    """What forms say instead of looking at what was typed; the next try is looked at after `wait` seconds."""

    def __init__(self, wait):
        self.wait = wait
        text = ngettext_lazy(
            "There were too many wrong tries to sign in from your network, perhaps by somebody else in your office. "
            "Try again in %(minutes)d minute. From another network, you can sign in at once.",
            "There were too many wrong tries to sign in from your network, perhaps by somebody else in your office. "
            "Try again in %(minutes)d minutes. From another network, you can sign in at once.",
            "minutes",
        )
        super().__init__(text, code="too_many", params={"minutes": ceil(wait / 60)})


@contextmanager
def counted(request):
    """Around a look at a password or a code: it counts as wrong if an exception ends it. Raises TooMany."""
    sender = sender_of(request)
    if wait := seconds_to_wait(sender):
        logger.warning("A sign-in was turned away: too many wrong tries in a short time")
        raise TooMany(wait)
    yield
    take_back(sender)


def told(response, form):
    """The answer, with what programs read if the form said that there were too many tries."""
    for error in form.non_field_errors().as_data():
        if isinstance(error, TooMany):
            response.status_code = 429
            response["Retry-After"] = str(error.wait)
    return response


def sender_of(request):
    """Stands for where a request comes from until midnight (UTC). Those of which that is not known are one place."""
    day = int(time.time()) // DAY
    return salted_hmac("sign-in", f"{day} {network_of(request)}", algorithm="sha256").hexdigest()[:32]


def seconds_to_wait(sender):
    """Counts one try, as wrong until it proves right. 0: it may be made; otherwise the seconds until the next one may.

    However many arrive at once at however many processes: the database adds one only where there is room for it.
    """
    now = timezone.now()
    WrongTries.objects.filter(until__lte=now).delete()
    WrongTries.objects.bulk_create([WrongTries(sender=sender, until=now + WINDOW)], ignore_conflicts=True)
    tries = WrongTries.objects.filter(sender=sender)
    if tries.filter(count__lt=MOST).update(count=F("count") + 1):
        return 0
    until = tries.values_list("until", flat=True).first() or now  # none: the window has ended in between
    return max(1, round((until - now).total_seconds()))


def take_back(sender):
    """The try was right, and leaves the others from its place as many as they had."""
    WrongTries.objects.filter(sender=sender, count__gt=0).update(count=F("count") - 1)

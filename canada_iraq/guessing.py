"""How many wrong tries to sign in came from one place lately? Beyond a few, no further one is looked at.

Never by account, so that nobody can keep a person out by typing their name. Counted in the database, because the cache
of one process does not know of the others, and before the password is looked at, because that is what costs time.
"""

import time
from datetime import timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from reports.senders import network_of

from .models import WrongTries

# Wrong tries from one place, which may be a whole office, within a window that begins with the first of them.
MOST = 20
WINDOW = timedelta(minutes=10)
DAY = 24 * 60 * 60


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

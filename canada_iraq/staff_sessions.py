"""Which sessions of staff hold: those in use, not too old, and begun with the second factor if the account has one.

Any other is ended before something looks at it. `going_on` then asks to sign in, and keeps what was sent.
"""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from . import second_factor
from .middleware import STAFF

logger = logging.getLogger(__name__)

USED = "used_at"
# Seconds for which a session in use is not written again, so that not every request writes.
EVERY = 5 * 60

# What somebody may do who still has to turn on a second factor.
OPEN = ("admin:second_factor", "admin:logout", "admin:jsi18n", "set_language")


def only_those_that_hold(get_response):
    """Middleware for the admin; whoever reads the public site has no session that it could ask for."""

    def middleware(request):
        if not request.path_info.startswith(STAFF):
            return get_response(request)
        if request.user.is_authenticated and (answer := _look_at(request)):
            return answer
        response = get_response(request)
        if request.session.modified and request.user.is_authenticated:
            _note_use(request.session)  # it is written in any case, also when it has just begun
        return response

    return middleware


def _look_at(request):
    """Ends the session, or notes that it is in use. An answer only for who must turn on a second factor first."""
    idle = time.time() - _last_used(request)
    if idle > settings.SESSION_IDLE_MINUTES * 60 or not second_factor.is_given(request):
        logger.info("A session was ended: account %s", request.user.pk)
        logout(request)
        return None
    if settings.REQUIRE_SECOND_FACTOR and request.user.device_id is None and not _is_open(request):
        return HttpResponseRedirect(reverse("admin:second_factor"))
    if idle > EVERY:
        _note_use(request.session)
    return None


def _last_used(request):
    """Sessions of an older version do not say, but the account says when somebody last signed in."""
    begun = request.user.last_login or timezone.now()
    return request.session.get(USED) or begun.timestamp()


def _note_use(session):
    if USED not in session:
        # From the beginning; else every note would make it longer.
        session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    session[USED] = int(time.time())


def _is_open(request):
    return request.path_info in map(reverse, OPEN)

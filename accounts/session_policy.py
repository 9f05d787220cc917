"""Which sessions of staff hold: those in use, not too old, and begun with a code if the account needs one.

Any other is ended before something looks at it. `reauthentication` then asks to sign in, and keeps what was sent.
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

logger = logging.getLogger(__name__)

LAST_USED_KEY = "used_at"
# Seconds for which a session in use is not written again, so that not every request writes.
TOUCH_INTERVAL = 5 * 60

# What a person may do who still has to turn on two-factor authentication.
ALLOWED_WITHOUT_2FA = ("admin:second_factor", "admin:logout", "admin:jsi18n", "set_language")


def staff_session_middleware(get_response):
    """Middleware for the admin; whoever reads the public site has no session that it could ask for."""

    def middleware(request):
        if not request.path_info.startswith(settings.ADMIN_PREFIX):
            return get_response(request)
        if request.user.is_authenticated and (redirect := _enforce(request)):
            return redirect
        response = get_response(request)
        if request.session.modified and request.user.is_authenticated:
            _touch(request.session)  # it is written in any case, also when it has just begun
        return response

    return middleware


def _enforce(request):
    """End the session, or note that it is in use; return a redirect only where two-factor authentication must be
    turned on.
    """
    idle = time.time() - _last_used(request)
    if idle > settings.SESSION_IDLE_MINUTES * 60 or not second_factor.session_is_verified(request):
        logger.info("A session was ended: account %s", request.user.pk)
        logout(request)
        return None
    if (
        settings.REQUIRE_SECOND_FACTOR
        and second_factor.otp_device_id(request.user) is None
        and not _is_allowed_without_2fa(request)
    ):
        return HttpResponseRedirect(reverse("admin:second_factor"))
    if idle > TOUCH_INTERVAL:
        _touch(request.session)
    return None


def _last_used(request):
    """Sessions of an older version do not say, but the account says when somebody last signed in."""
    begun = request.user.last_login or timezone.now()
    return request.session.get(LAST_USED_KEY) or begun.timestamp()


def _touch(session):
    if LAST_USED_KEY not in session:
        # From the beginning; else every note would make it longer.
        session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    session[LAST_USED_KEY] = int(time.time())


def _is_allowed_without_2fa(request):
    return request.path_info in map(reverse, ALLOWED_WITHOUT_2FA)

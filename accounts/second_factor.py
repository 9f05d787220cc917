"""Two-factor authentication of an account: a code that an app on a phone shows, or one of the recovery codes on paper.

`django_otp` knows how codes are made, and its tables keep what they are made from. Whoever asks for one does so within
`login_throttle.throttled_attempt`: nothing here is counted by account, or a stranger could keep its owner out.
"""

import logging
import secrets
from base64 import b32encode
from binascii import unhexlify

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.crypto import salted_hmac
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

logger = logging.getLogger(__name__)

APP_DIGITS = 6
# The clock of a phone may be wrong by as many steps, of thirty seconds each.
CLOCK_TOLERANCE = 1
RECOVERY_CODES, RECOVERY_DIGITS = 10, 12


class OTPModelBackend(ModelBackend):
    """Django's, which reads with an account, in the same query, which device it has: `otp_device_id`, None without
    one.
    """

    def get_user(self, user_id):
        device = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True).order_by("pk")
        accounts = get_user_model().objects.annotate(otp_device_id=Subquery(device.values("pk")[:1]))
        account = accounts.filter(pk=user_id).first()
        return account if account and self.user_can_authenticate(account) else None


Accounts = OTPModelBackend  # the name that settings give it, because sessions hold it


def otp_device_id(account):
    """Return the key of the device that an account has, or None. Another backend does not read it with the account."""
    if not hasattr(account, "otp_device_id"):
        account.otp_device_id = getattr(confirmed_device(account), "pk", None)
    return account.otp_device_id


def session_is_verified(request):
    """Whether the session began with a code of the device that its account has now, if it has one."""
    device = otp_device_id(request.user)
    name = f"{TOTPDevice.model_label()}/{device}"
    return device is None or request.session.get(DEVICE_ID_SESSION_KEY) == name


def confirmed_device(account):
    """What the codes of an account are compared with; None where two-factor authentication is off."""
    return TOTPDevice.objects.filter(user=account, confirmed=True).order_by("pk").first()


def generate_secret():
    """160 random bits, from which an app and this site make the same codes."""
    return random_hex(20)


def format_secret(key):
    """A key in the letters and digits that apps take, in groups of four."""
    text = b32encode(unhexlify(key)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def otpauth_url(account, key):
    """The address that a QR code of a key holds."""
    return TOTPDevice(user=account, key=key).config_url


def enrol(account, *, key, code):
    """The device and its recovery codes, once a code shows that the app has the key; (None, []) for any other code.

    What the account had before is forgotten.
    """
    totp, code = TOTP(unhexlify(key)), _strip_separators(code)
    if not (_is_app_code(code) and totp.verify(int(code), tolerance=CLOCK_TOLERANCE)):
        return None, []
    with transaction.atomic():
        # Or two at once would leave two devices.
        get_user_model().objects.select_for_update().get(pk=account.pk)
        _delete_devices(account)
        device = TOTPDevice.objects.create(
            user=account, name="app", key=key, tolerance=CLOCK_TOLERANCE, last_t=totp.t()
        )
        codes = _make_recovery_codes(account)
    logger.info("Two-factor authentication turned on: account %s", account.pk)
    return device, codes


def disable(account):
    """Whether there was one to turn off."""
    with transaction.atomic():
        was_enrolled = confirmed_device(account) is not None
        _delete_devices(account)
    if was_enrolled:
        logger.info("Two-factor authentication turned off: account %s", account.pk)
    return was_enrolled


def verify_code(account, typed):
    """Whether what was typed is a code of the app or a recovery code. Either is taken only once."""
    code = _strip_separators(typed)
    kind, token = (TOTPDevice, code) if _is_app_code(code) else (StaticDevice, _digest(code))
    with transaction.atomic():
        device = kind.objects.select_for_update().filter(user=account, confirmed=True).first()
        is_valid = device is not None and device.verify_token(token)
    if is_valid and kind is StaticDevice:
        logger.warning(
            "A recovery code was used: account %s, %s left", account.pk, recovery_codes_left(account)
        )
    return is_valid


def recovery_codes_left(account):
    return StaticToken.objects.filter(device__user=account).count()


def new_recovery_codes(account):
    """Ten of them, in place of those that were there; to be shown now, because only their digests are kept."""
    with transaction.atomic():
        codes = _make_recovery_codes(account)
    logger.info("Recovery codes made anew: account %s", account.pk)
    return codes


def _make_recovery_codes(account):
    StaticDevice.objects.filter(user=account).delete()
    device = StaticDevice.objects.create(user=account, name="paper")
    codes = [f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}}" for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(code)) for code in codes)
    return ["-".join(code[start : start + 4] for start in range(0, RECOVERY_DIGITS, 4)) for code in codes]


def _delete_devices(account):
    TOTPDevice.objects.filter(user=account).delete()
    StaticDevice.objects.filter(user=account).delete()


def _strip_separators(typed):
    """Without the spaces and hyphens that apps and this site show among them."""
    return "".join(typed.split()).replace("-", "")


def _is_app_code(code):
    return len(code) == APP_DIGITS and code.isascii() and code.isdecimal()


def _digest(code):
    """With the secret of the site, so that a backup does not tell the codes."""
    return salted_hmac("recovery code", code, algorithm="sha256").hexdigest()[:16]

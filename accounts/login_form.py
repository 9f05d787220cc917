"""The form to sign in with, on the admin's own page and on the one that carries what was sent (`reauthentication`)."""

import logging

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from . import login_throttle, second_factor

logger = logging.getLogger(__name__)


class CodeField(forms.CharField):
    """For a code of two-factor authentication. Recovery codes are digits too, so that phones show digits for either."""

    def __init__(self, **options):
        super().__init__(
            **{
                "label": _("Code"),
                "help_text": _("Enter the six digits from your app or a recovery code."),
                **options,
            },
            max_length=30,
            widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        )


class LoginForm(AdminAuthenticationForm):
    """Django's, with a code, few guesses from one place, and a line in the log for either end.

    What was typed is not in the log: it may be a password. Nothing that is shown tells which of the three was wrong.
    """

    code = CodeField(
        required=False,
        help_text=_(
            "Only if you use two-factor authentication. Enter the six digits from your app or a recovery "
            "code."
        ),
    )

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": _(
            "Enter the correct %(username)s and password for a staff account, and a code if the account uses "
            "two-factor authentication. Passwords are case-sensitive."
        ),
    }

    @sensitive_variables()
    def clean(self):
        if self.errors:
            return self.cleaned_data  # the fields say what is missing, and nothing is looked at
        with login_throttle.throttled_attempt(self.request):
            cleaned = self._check_password()
            self._check_code(self.get_user())
        logger.info("Signed in: account %s", self.get_user().pk)
        return cleaned

    def _check_password(self):
        try:
            return super().clean()
        except ValidationError:
            logger.warning("A sign-in was refused")
            raise

    def _check_code(self, account):
        device = second_factor.confirmed_device(account)
        if device is None:
            return
        if not second_factor.verify_code(account, self.cleaned_data["code"]):
            logger.warning("A sign-in was refused: right password, no right code, account %s", account.pk)
            raise self.get_invalid_login_error()
        account.otp_device = device  # `django_otp` notes it in the session that begins

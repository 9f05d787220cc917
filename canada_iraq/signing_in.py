"""The form to sign in with, on the admin's own page and on the one that carries what was sent (`going_on`)."""

import logging
from math import ceil

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext_lazy
from django.views.decorators.debug import sensitive_variables

from . import guessing

logger = logging.getLogger(__name__)


class SignInForm(AdminAuthenticationForm):
    """Django's, with few guesses from one place, and a line in the log for either end.

    What was typed is not in the log: it may be a password. `wait` is set when too many wrong tries came before.
    """

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "too_many": ngettext_lazy(
            "There were too many wrong tries to sign in from your network, perhaps by somebody else in your office. "
            "Try again in %(minutes)d minute. From another network, you can sign in at once.",
            "There were too many wrong tries to sign in from your network, perhaps by somebody else in your office. "
            "Try again in %(minutes)d minutes. From another network, you can sign in at once.",
            "minutes",
        ),
    }

    # Seconds until the next try will be looked at.
    wait = 0

    @sensitive_variables()
    def clean(self):
        if not ("username" in self.cleaned_data and self.cleaned_data.get("password")):
            return self.cleaned_data  # which the fields themselves say
        sender = guessing.sender_of(self.request)
        self._refuse_guessing(sender)
        try:
            cleaned = super().clean()
        except ValidationError:
            logger.warning("A sign-in was refused")
            raise
        guessing.take_back(sender)
        logger.info("Signed in: account %s", self.get_user().pk)
        return cleaned

    def _refuse_guessing(self, sender):
        self.wait = guessing.seconds_to_wait(sender)
        if self.wait:
            logger.warning("A sign-in was turned away: too many wrong tries in a short time")
            raise ValidationError(
                self.error_messages["too_many"],
                code="too_many",
                params={"minutes": ceil(self.wait / 60)},
            )


def told(response, form):
    """The answer with what programs read: that there were too many tries, and when the next one will be looked at."""
    if form.wait:
        response.status_code = 429
        response["Retry-After"] = str(form.wait)
    return response

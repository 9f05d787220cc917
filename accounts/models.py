"""Tables about signing in. Accounts and groups are Django's, two-factor authentication is django-otp's."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FailedLoginCount(models.Model):
    """How many tries to sign in from one place were wrong since the first of them. Deleted once its window has ended.

    `sender` is a hash of the network and the day, with the secret of the site: it tells nobody who somebody is.
    """

    sender = models.CharField(_("sender"), max_length=32, primary_key=True)
    count = models.PositiveSmallIntegerField(_("number"), default=0)
    until = models.DateTimeField(_("until"), db_index=True)

    class Meta:
        db_table = "canada_iraq_wrongtries"  # the name that the model once had
        verbose_name = _("failed sign-in attempts")
        verbose_name_plural = _("failed sign-in attempts")
        default_permissions = ()

    def __str__(self):
        return f"{self.count}, {self.until:%H:%M}"

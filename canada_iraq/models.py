"""Tables of the site itself; what it publishes and what the public tells it are in `pages` and `reports`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WrongTries(models.Model):
    """How many tries to sign in from one place were wrong since the first of them. Deleted once its window has ended.

    `sender` is a hash of the network and the day, with the secret of the site: it tells nobody who somebody is.
    """

    sender = models.CharField(_("sender"), max_length=32, primary_key=True)
    count = models.PositiveSmallIntegerField(_("number"), default=0)
    until = models.DateTimeField(_("until"), db_index=True)

    class Meta:
        verbose_name = _("wrong tries to sign in")
        verbose_name_plural = _("wrong tries to sign in")
        default_permissions = ()

    def __str__(self):
        return f"{self.count}, {self.until:%H:%M}"

"""Tables of the site itself; what it publishes, what the public tells it and who signs in are in other applications."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ScheduledJob(models.Model):
    """When one of the `scheduled_jobs` was last done, with what result, and which process has it now, until when."""

    name = models.CharField(_("name"), max_length=50, primary_key=True)
    done_for = models.DateField(_("done for the day"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    result = models.JSONField(_("result"), default=dict)
    begun_at = models.DateTimeField(_("begun"), null=True)
    holder = models.CharField(_("process"), max_length=100, blank=True)
    leased_until = models.DateTimeField(_("leased until"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts since it was last done"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True)
    error = models.CharField(_("error of the last attempt"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("scheduled job")
        verbose_name_plural = _("scheduled jobs")
        default_permissions = ()

    def __str__(self):
        return self.name

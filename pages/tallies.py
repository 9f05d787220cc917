"""What lists need to know of every working copy, counted when it is saved instead of when somebody looks.

All of it follows from rows, editions and decisions, and can be counted anew at any time; `tallying` keeps it in step.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .editions import Edition
from .rows import Page


class WorkingCopyTally(models.Model):
    """One working copy: its digest, to be compared with those of editions, and what keeps it from the public."""

    page = models.OneToOneField(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, primary_key=True, related_name="tally"
    )
    digest = models.CharField(_("digest"), max_length=64)
    reasons = models.PositiveIntegerField(_("reasons not to publish"))

    class Meta:
        verbose_name = _("tally of a working copy")
        verbose_name_plural = _("tallies of working copies")
        default_permissions = ()
        indexes = [models.Index(fields=["page"], condition=Q(reasons__gt=0), name="tally_not_ready")]

    def __str__(self):
        return str(self.page_id)


class StaleTally(models.Model):
    """How many texts of its page are stale beside one edition; no row where there are none.

    Of the live edition and of each scheduled one: so the number is right at the moment at which one gives way to
    the next, and nothing has to run then.
    """

    edition = models.OneToOneField(
        Edition, verbose_name=_("edition"), on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="stale_tallies"
    )
    texts = models.PositiveIntegerField(_("stale texts"))

    class Meta:
        verbose_name = _("tally of stale texts")
        verbose_name_plural = _("tallies of stale texts")
        default_permissions = ()

    def __str__(self):
        return f"{self.edition_id}: {self.texts}"

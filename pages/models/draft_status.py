"""What lists need to know of every working copy, counted when it is saved instead of when somebody looks.

All of it follows from rows, editions and decisions, and can be counted anew at any time; `pages.indexes` keeps it
in step.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .edition import Edition
from .page import Page


class DraftStatus(models.Model):
    """One working copy: its digest, to be compared with those of editions, and what keeps it from the public.

    `live_digest` is that of the live edition, or empty where another one is scheduled. As long as both are the same,
    nothing has changed since the page was published, and no edition need be looked at.
    """

    page = models.OneToOneField(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, primary_key=True, related_name="draft_status"
    )
    digest = models.CharField(_("checksum"), max_length=64)
    live_digest = models.CharField(
        _("checksum of the live edition"), max_length=64, blank=True, default="", db_default=""
    )
    reasons = models.PositiveIntegerField(_("issues that block publication"))

    class Meta:
        db_table = "pages_workingcopytally"  # the name that the model once had
        verbose_name = _("working copy count")
        verbose_name_plural = _("working copy counts")
        default_permissions = ()
        indexes = [
            models.Index(fields=["page"], condition=Q(reasons__gt=0), name="tally_not_ready"),
            models.Index(
                fields=["page"],
                condition=Q(digest__lt=F("live_digest")) | Q(digest__gt=F("live_digest")),
                name="draft_differs",
            ),
        ]

    def __str__(self):
        return str(self.page_id)


class StaleTextCount(models.Model):
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
    texts = models.PositiveIntegerField(_("outdated translations"))

    class Meta:
        db_table = "pages_staletally"  # the name that the model once had
        verbose_name = _("count of outdated translations")
        verbose_name_plural = _("counts of outdated translations")
        default_permissions = ()

    def __str__(self):
        return f"{self.edition_id}: {self.texts}"

"""Findings of the content checks that an editor decided to leave as they are, each in one place and with a reason."""

import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .. import people
from ..fields import PlainCharField
from .page import Page


class DismissedFinding(models.Model):
    """One finding in one place that needs no change, why, and who said so.

    `fingerprint` stands for the rule, the field, the language and the words around the place: once they change, the
    finding is shown again.
    """

    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="dismissed_findings"
    )
    rule = models.CharField(_("rule"), max_length=100)
    path = PlainCharField(_("field"), max_length=400)
    language = models.CharField(_("language"), max_length=2, blank=True)
    fingerprint = models.CharField(_("checksum"), max_length=64)
    reason = PlainCharField(_("reason"), max_length=500)
    by = people.account_field(_("by"))
    by_name = people.name_field(_("name"))
    made_at = models.DateTimeField(_("created on"), auto_now_add=True)

    class Meta:
        verbose_name = _("dismissed finding")
        verbose_name_plural = _("dismissed findings")
        default_permissions = ()
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "fingerprint"], name="one_dismissal_per_finding"),
            models.CheckConstraint(condition=~Q(reason=""), name="dismissal_needs_a_reason"),
        ]

    def __str__(self):
        return f"{self.rule}: {self.path}"

    @property
    def by_shown(self):
        """The name of the person who dismissed it, as far as it is known."""
        return people.recorded(self, "by")


def fingerprint(rule, path, language, excerpt):
    """Returns what stands for a finding in its place."""
    parts = "\0".join((rule, "/".join(path), language, excerpt))
    return hashlib.sha256(parts.encode()).hexdigest()

"""What people decided about texts that changed in one language only: kept for good, and true of exactly those texts."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .rows import Page


class TranslationDecision(models.Model):
    """Somebody looked at a text whose other language had changed, and said that it needs no change, or one later.

    `digest` stands for the text in both languages (`comparison.fingerprint`): once either changes, the decision is
    history. `language` is the one that was left as it was; `before` what the other one said until then.
    """

    class Kind(models.TextChoices):
        NO_CHANGE = "no_change", _("No change needed")
        LATER = "later", _("To be translated later")

    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="translation_decisions"
    )
    path = models.CharField(_("field"), max_length=400)
    language = models.CharField(_("language"), max_length=2)
    digest = models.CharField(_("digest"), max_length=64)
    kind = models.CharField(_("decision"), max_length=10, choices=Kind)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    before = models.TextField(_("text before"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("decision on a translation")
        verbose_name_plural = _("decisions on translations")
        default_permissions = ()
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "path", "digest", "kind"], name="one_decision_of_a_kind_per_text"
            ),
            models.CheckConstraint(
                condition=Q(kind="later") | (Q(kind="no_change") & ~Q(reason="")),
                name="no_change_needs_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["en", "fr"]), name="decisions_are_on_a_known_language"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.path}"

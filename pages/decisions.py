"""What people decided on the way to publication, kept for good: about translations, and about editions in review."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .editions import Edition
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


class ReviewStep(models.Model):
    """What somebody did about an edition on its way to the public, and what they said; written once, never changed."""

    class Action(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted for review")
        REPLACED = "replaced", _("Replaced by a newer submission")
        COMMENTED = "commented", _("Commented")
        RETURNED = "returned", _("Returned")
        APPROVED = "approved", _("Approved")

    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.PROTECT, related_name="steps"
    )
    action = models.CharField(_("action"), max_length=10, choices=Action)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("step of a review")
        verbose_name_plural = _("steps of a review")
        default_permissions = ()
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(action__in=["commented", "returned"]) | ~Q(comment=""),
                name="who_returns_says_why",
            )
        ]

    def __str__(self):
        return self.get_action_display()

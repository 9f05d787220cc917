"""What people decided on the way to publication, kept for good: about translations, and about editions in review."""

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .. import people
from ..fields import PlainCharField, PlainTextField
from .edition import Edition
from .page import Page


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
    path = PlainCharField(_("field"), max_length=400)
    language = models.CharField(_("language"), max_length=2)
    digest = models.CharField(_("checksum"), max_length=64)
    kind = models.CharField(_("decision"), max_length=10, choices=Kind)
    reason = PlainCharField(_("reason"), max_length=500, blank=True)
    before = models.TextField(_("previous text"), blank=True)
    by = people.account_field(_("by"))
    by_name = people.name_field(_("name"))
    made_at = models.DateTimeField(_("created on"), auto_now_add=True)

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

    @property
    def by_shown(self):
        """The name of the person who decided, as far as it is known."""
        return people.recorded(self, "by")


class ReviewStep(models.Model):
    """One act on an edition, from its submission to its cancellation: who did what, when; never changed afterwards.

    `made_at` is None where an earlier release did not keep the time.
    """

    class Action(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted for review")
        REPLACED = "replaced", _("Replaced by a newer version")
        COMMENTED = "commented", _("Commented")
        RETURNED = "returned", _("Returned")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", pgettext_lazy("what was done with an edition", "Published")
        EMERGENCY = "emergency", _("Published in one language only")
        SCHEDULED = "scheduled", _("Scheduled")
        ARCHIVED = "archived", _("Archived")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        CANCELLED = "cancelled", _("Cancelled")

    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.PROTECT, related_name="steps"
    )
    action = models.CharField(_("action"), max_length=10, choices=Action)
    comment = PlainTextField(_("comment"), max_length=2000, blank=True, multiline=True)
    # The number of the edition of this page that has what a cancelled one would have published; see `rescheduling`.
    carried_into = models.PositiveIntegerField(_("carried into edition"), null=True, editable=False)
    by = people.account_field(_("by"))
    by_name = people.name_field(_("name"))
    made_at = models.DateTimeField(_("created on"), null=True, default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("action on an edition")
        verbose_name_plural = _("actions on editions")
        default_permissions = ()
        ordering = [F("made_at").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(action__in=["commented", "returned"]) | ~Q(comment=""),
                name="who_returns_says_why",
            )
        ]

    def __str__(self):
        return self.description

    @property
    def description(self):
        """What was done, in words."""
        if self.carried_into is None:
            return self.get_action_display()
        return gettext("Cancelled: its changes were carried into edition %(number)s") % {
            "number": self.carried_into
        }

    @property
    def by_shown(self):
        """The name of the person who did it, as far as it is known."""
        return people.recorded(self, "by")

    @property
    def due(self):
        """The time from which the act counts for the public, where that was later than the act; else None."""
        at = self.edition.publish_at
        is_known = self.action in TAKING_EFFECT and at is not None and self.made_at is not None
        return at if is_known and at > self.made_at else None


class CommentedPassage(models.Model):
    """What a comment of a review is about, and who marked it as resolved, which can be taken back.

    `block` is the key of a block, "" for the page in general. `quote` are the words that were selected in it, in
    `language`; both are "" for a comment on the whole block. They are those of the edition, which never changes.
    """

    step = models.OneToOneField(
        ReviewStep, verbose_name=_("action"), on_delete=models.PROTECT, related_name="passage"
    )
    block = models.SlugField(_("part of the page"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=2, blank=True)
    quote = PlainTextField(_("quoted words"), max_length=500, blank=True, multiline=True)
    resolved_by = people.account_field(_("resolved by"))
    resolved_by_name = people.name_field(_("name"))
    resolved_at = models.DateTimeField(_("resolved on"), null=True, editable=False)

    class Meta:
        verbose_name = _("passage of a comment")
        verbose_name_plural = _("passages of comments")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(quote="") | Q(language__in=["en", "fr"]), name="quotes_are_in_a_known_language"
            )
        ]

    def __str__(self):
        return self.quote or self.block

    @property
    def resolved_by_shown(self):
        """The name of the person who resolved it, as far as it is known."""
        return people.recorded(self, "resolved_by")


class ReviewRequest(models.Model):
    """Whom an author asked to review an edition: a person or a group. Others who may review still can.

    The name stays when the account or the group is deleted.
    """

    edition = models.OneToOneField(
        Edition, verbose_name=_("edition"), on_delete=models.PROTECT, related_name="review_request"
    )
    reviewer = people.account_field(_("reviewer"), related_name="review_requests")
    reviewer_name = people.name_field(_("name"))
    group = models.ForeignKey(
        Group,
        verbose_name=_("group"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="review_requests",
    )
    group_name = PlainCharField(_("name of the group"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("review request")
        verbose_name_plural = _("review requests")
        default_permissions = ()

    def __str__(self):
        return self.shown

    @property
    def shown(self):
        """The name of the person or the group that was asked."""
        if self.group_name:
            return self.group.name if self.group else self.group_name
        return people.recorded(self, "reviewer")


# Acts that name the time from which the public sees something else.
TAKING_EFFECT = frozenset({ReviewStep.Action.APPROVED, ReviewStep.Action.SCHEDULED})

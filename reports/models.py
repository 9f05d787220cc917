"""What the public tells us about a page."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.editions import Edition
from pages.models import Page

# Characters, a line break counting as one.
DETAILS_LIMIT = 300


class Reason(models.TextChoices):
    """What the visitor may tick. The codes are column names of `ProblemReport` too."""

    BROKEN = "broken", _("A link, button or video is not working")
    SPELLING = "spelling", _("It has a spelling mistake")
    MISSING = "missing", _("Information is missing")
    OUTDATED = "outdated", _("Information is outdated or wrong")
    LOGIN = "login", _("Login error when trying to access an account")
    NOT_FOUND = "not_found", _("I can’t find what I’m looking for")
    OTHER = "other", _("Other issue not in this list")


class ProblemReportQuerySet(models.QuerySet):
    def marked(self):
        """Those with a sign of spam, kept apart."""
        return self.exclude(spam_sign="")

    def unmarked(self):
        return self.filter(spam_sign="")

    def giving(self, reason):
        """Those with one of the reasons ticked."""
        return self.filter(**{Reason(reason).value: True})


class ProblemReport(models.Model):
    """What one visitor said of one edition of a page in one language, after personal information was masked.

    Of the visitor themselves nothing is kept: no address, no browser, no page they came from. What they said
    never changes; how far it has been dealt with does.
    """

    class Status(models.TextChoices):
        NEW = "new", _("New")
        IN_PROGRESS = "in_progress", _("In progress")
        WAITING = "waiting", _("Waiting for an edition")
        RESOLVED = "resolved", _("Resolved")
        DISMISSED = "dismissed", _("Dismissed")

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        FRENCH = "fr", _("French")

    # The page of the edition, which never changes. Kept here so that lists and counts of a page's reports
    # stay on one index however many editions the page has had.
    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.PROTECT, related_name="reports", db_index=False
    )
    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.PROTECT, related_name="reports"
    )
    language = models.CharField(_("language"), max_length=2, choices=Language)
    section = models.SlugField(
        _("section"),
        max_length=100,
        blank=True,
        db_index=False,
        help_text=_("The key of the block that the visitor chose; empty when none was."),
    )

    # One column a reason: each is filtered and counted on a small index of its own, in either database.
    broken = models.BooleanField(Reason.BROKEN.label, default=False)
    spelling = models.BooleanField(Reason.SPELLING.label, default=False)
    missing = models.BooleanField(Reason.MISSING.label, default=False)
    outdated = models.BooleanField(Reason.OUTDATED.label, default=False)
    login = models.BooleanField(Reason.LOGIN.label, default=False)
    not_found = models.BooleanField(Reason.NOT_FOUND.label, default=False)
    other = models.BooleanField(Reason.OTHER.label, default=False)
    details = models.CharField(_("details"), max_length=DETAILS_LIMIT, blank=True)
    masked_kinds = models.JSONField(_("kinds of personal information masked"), default=list, blank=True)

    received_at = models.DateTimeField(_("received"), default=timezone.now)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.NEW)
    spam_sign = models.CharField(
        _("sign of spam"),
        max_length=30,
        blank=True,
        help_text=_("Why it is kept apart; empty when it is not."),
    )

    objects = ProblemReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem report")
        verbose_name_plural = _("problem reports")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(language__in=["en", "fr"]), name="known_language_of_report"),
            models.CheckConstraint(
                condition=Q(status__in=["new", "in_progress", "waiting", "resolved", "dismissed"]),
                name="known_status_of_report",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("details"), DETAILS_LIMIT),
                name="report_details_within_limit",
            ),
            models.CheckConstraint(
                condition=~Q(details="")
                | Q(broken=True)
                | Q(spelling=True)
                | Q(missing=True)
                | Q(outdated=True)
                | Q(login=True)
                | Q(not_found=True)
                | Q(other=True),
                name="report_says_something",
            ),
        ]
        # Each answers one list of the queue and its count without reading the rows: what lists are narrowed by
        # stands in the index itself, even where its condition already says it.
        indexes = [
            models.Index(fields=["spam_sign", "-received_at", "-id"], name="report_received"),
            models.Index(fields=["spam_sign", "status", "-received_at"], name="report_status"),
            models.Index(fields=["page", "spam_sign", "-received_at", "status"], name="report_page"),
            models.Index(fields=["spam_sign", "language", "-received_at", "status"], name="report_language"),
            models.Index(
                fields=["-received_at", "spam_sign"], condition=~Q(spam_sign=""), name="report_spam"
            ),
            *(
                models.Index(
                    fields=["spam_sign", "-received_at", "status", reason],
                    condition=Q(**{reason: True}),
                    name=f"report_{reason}",
                )
                for reason in Reason.values
            ),
        ]

    def __str__(self):
        return _("Report %(number)s") % {"number": self.pk}

    @property
    def reasons(self):
        """What was ticked, in the order of the form."""
        return [reason for reason in Reason if getattr(self, reason.value)]

"""What the public tells us about a page, how far it has been dealt with, and the counts that outlive it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages import people
from pages.fields import PlainCharField
from pages.models import Page
from pages.models.edition import Edition

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
    def suspected_spam(self):
        """Those held as spam."""
        return self.exclude(spam_sign="")

    def not_spam(self):
        return self.filter(spam_sign="")

    def giving(self, reason):
        """Those with one of the reasons ticked."""
        return self.filter(**{Reason(reason).value: True})

    # Where reports stand at a moment (default: now). Nothing runs when an edition becomes public: what it fixes
    # waits until then, is resolved from then on, and is in progress again when the edition is called off.

    def new(self, at=None):
        return self.filter(status=ProblemReport.Status.NEW)

    def in_progress(self, at=None):
        return self.filter(
            Q(status=ProblemReport.Status.IN_PROGRESS) | _fixed_by(Edition.objects.filter(_NOT_APPROVED))
        )

    def waiting(self, at=None):
        return self.filter(_fixed_by(Edition.objects.scheduled(at)))

    def resolved(self, at=None):
        return self.filter(status=ProblemReport.Status.WAITING).exclude(_fixed_by(_not_public(at)))

    def dismissed(self, at=None):
        return self.filter(status=ProblemReport.Status.DISMISSED)

    def open(self, at=None):
        """Those that somebody still has to do something about, or that wait for an edition."""
        return self.filter(_UNSETTLED | _fixed_by(_not_public(at)))

    def closed(self, at=None):
        """Those with which nobody has anything more to do."""
        return self.exclude(_UNSETTLED | _fixed_by(_not_public(at)))

    def unsettled(self):
        """The open ones for which no edition is named."""
        return self.filter(_UNSETTLED)

    def pending(self, at=None):
        """The open ones for which an edition is named that is not public: with those above, all open ones."""
        return self.filter(_fixed_by(_not_public(at)))

    def in_state(self, state, at=None):
        return getattr(self, State(state).value)(at)

    def overdue(self, on=None):
        # From the few that have a date to those of them that are open, and not the other way round.
        due = ProblemReport.objects.filter(due_on__lt=on or timezone.localdate())
        return self.open().filter(pk__in=due.order_by().values("pk"))


_APPROVED = Q(status=Edition.Status.APPROVED)
# By name, because no index finds what is *not* something: all editions would be read to find the few.
_NOT_APPROVED = Q(status__in=[status for status in Edition.Status if status != Edition.Status.APPROVED])


_UNSETTLED = Q(status__in=["new", "in_progress"])


def _fixed_by(editions):
    """Only waiting reports name an edition: the database holds that."""
    return Q(fixed_by__in=editions.order_by().values("pk"))


def _not_public(at):
    """Few at any time, unlike those that are or were public."""
    return Edition.objects.filter(_NOT_APPROVED | _APPROVED & Q(publish_at__gt=at or timezone.now()))


class State(models.TextChoices):
    """Where a report stands. All but “resolved” are stored: that one follows from the edition that fixes it."""

    NEW = "new", _("New")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("Awaiting publication")
    RESOLVED = "resolved", _("Resolved")
    DISMISSED = "dismissed", _("Dismissed")


class Severity(models.IntegerChoices):
    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")


class Dismissal(models.TextChoices):
    """Why a report closes without an edition."""

    CORRECT = "correct", _("The page is correct as is")
    UNCLEAR = "unclear", _("The problem is not clear")
    ELSEWHERE = "elsewhere", _("Concerns another site or service")
    NOT_FOUND = "not_found", _("The problem could not be reproduced")
    UNWELCOME = "unwelcome", _("Spam or abuse")
    DUPLICATE = "duplicate", _("Duplicate of another report")


# What lists of open reports are narrowed by; it stands at the end of the indexes they read.
STANDING = ("status", "fixed_by")


class ProblemReport(models.Model):
    """What one visitor said of one edition of a page in one language, after personal information was masked.

    Of the visitor themselves nothing is kept: no address, no browser, no page they came from. What they said
    never changes; how far it has been dealt with does.
    """

    class Status(models.TextChoices):
        NEW = "new", _("New")
        IN_PROGRESS = "in_progress", _("In progress")
        WAITING = "waiting", _("Awaiting publication")
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
        help_text=_("The key of the block that the visitor selected. Empty if none was selected."),
    )

    # One column a reason: each is filtered and counted on a small index of its own, in either database.
    broken = models.BooleanField(Reason.BROKEN.label, default=False)
    spelling = models.BooleanField(Reason.SPELLING.label, default=False)
    missing = models.BooleanField(Reason.MISSING.label, default=False)
    outdated = models.BooleanField(Reason.OUTDATED.label, default=False)
    login = models.BooleanField(Reason.LOGIN.label, default=False)
    not_found = models.BooleanField(Reason.NOT_FOUND.label, default=False)
    other = models.BooleanField(Reason.OTHER.label, default=False)
    details = PlainCharField(_("details"), max_length=DETAILS_LIMIT, blank=True, multiline=True)
    looking_for = PlainCharField(
        _("what the visitor was looking for"),
        max_length=DETAILS_LIMIT,
        blank=True,
        multiline=True,
        default="",
        db_default="",
    )
    masked_kinds = models.JSONField(_("types of personal information masked"), default=list, blank=True)

    received_at = models.DateTimeField(_("received"), default=timezone.now)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.NEW)
    spam_sign = models.CharField(
        _("reason held as spam"),
        max_length=30,
        blank=True,
        help_text=_("Why the report is held as spam. Empty if it is not."),
    )

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="problem_reports",
        db_index=False,
    )
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity, default=Severity.NORMAL)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    fixed_by = models.ForeignKey(
        Edition,
        verbose_name=_("fixed in"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="fixes",
        db_index=False,
    )
    dismissal = models.CharField(_("reason for dismissal"), max_length=12, choices=Dismissal, blank=True)
    duplicate_of = models.ForeignKey(
        "self",
        verbose_name=_("duplicate of"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="duplicates",
        db_index=False,
    )

    objects = ProblemReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem report")
        verbose_name_plural = _("problem reports")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(language__in=["en", "fr"]), name="known_language_of_report"),
            models.CheckConstraint(
                condition=Q(status__in=["new", "in_progress", "waiting", "dismissed"]),
                name="known_status_of_report",
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", fixed_by__isnull=False)
                | ~Q(status="waiting") & Q(fixed_by__isnull=True),
                name="reports_wait_for_the_edition_that_fixes_them",
            ),
            models.CheckConstraint(
                condition=Q(status="dismissed") & ~Q(dismissal="") | ~Q(status="dismissed") & Q(dismissal=""),
                name="reports_are_dismissed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True)
                | Q(dismissal="duplicate") & ~Q(duplicate_of=models.F("id")),
                name="duplicates_are_dismissed_as_such",
            ),
            models.CheckConstraint(condition=Q(severity__in=[1, 2, 3, 4]), name="known_severity_of_report"),
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
            models.Index(fields=["spam_sign", "-received_at", "-id", *STANDING], name="report_received"),
            models.Index(fields=["spam_sign", "status", "-received_at", "fixed_by"], name="report_status"),
            models.Index(fields=["spam_sign", "status", "page", "received_at"], name="report_open"),
            models.Index(
                fields=["page", "spam_sign", "-received_at", *STANDING, "section"], name="report_page"
            ),
            models.Index(
                fields=["owner", "spam_sign", "-received_at", *STANDING],
                condition=Q(owner__isnull=False),
                name="report_owner",
            ),
            models.Index(fields=["spam_sign", "language", "-received_at", *STANDING], name="report_language"),
            models.Index(
                fields=["-received_at", "spam_sign"], condition=~Q(spam_sign=""), name="report_spam"
            ),
            *(
                models.Index(
                    fields=["spam_sign", "-received_at", *STANDING, "language", reason],
                    condition=Q(**{reason: True}),
                    name=f"report_{reason}",
                )
                for reason in Reason.values
            ),
            models.Index(
                fields=["fixed_by", "spam_sign", "page", "received_at"],
                condition=Q(fixed_by__isnull=False),
                name="report_fixed_by",
            ),
            models.Index(
                fields=["duplicate_of"], condition=Q(duplicate_of__isnull=False), name="report_duplicates"
            ),
            models.Index(fields=["due_on"], condition=Q(due_on__isnull=False), name="report_due"),
        ]

    def __str__(self):
        return _("Report %(number)s") % {"number": self.pk}

    @property
    def reasons(self):
        """What was ticked, in the order of the form."""
        return [reason for reason in Reason if getattr(self, reason.value)]

    def state(self, at=None):
        """Where it stands at a moment, as `State`; reads the edition that fixes it."""
        if self.status != self.Status.WAITING:
            return State(self.status)
        if self.fixed_by.status != Edition.Status.APPROVED:
            return State.IN_PROGRESS
        is_public = self.fixed_by.publish_at <= (at or timezone.now())
        return State.RESOLVED if is_public else State.WAITING

    @property
    def is_open(self):
        return self.state() not in (State.RESOLVED, State.DISMISSED)


class TimelineEntry(models.Model):
    """One thing that was done about a report, by whom and when. It is never edited; it goes with its report.

    `values` holds what the kind needs to be told in either language; `text` what a person wrote.
    """

    class Kind(models.TextChoices):
        NOTE = "note", _("Note")
        STATUS = "status", _("Status")
        DISMISSED = "dismissed", _("Dismissed")
        MERGED = "merged", _("Merged into another report")
        RECEIVED = "received", _("Duplicate merged into this report")
        FIXED = "fixed", _("Fixed in an edition")
        OWNER = "owner", _("Assigned to")
        SEVERITY = "severity", _("Severity")
        DUE = "due", _("Due date")
        SPAM = "spam", _("Not spam")

    report = models.ForeignKey(
        ProblemReport, verbose_name=_("report"), on_delete=models.CASCADE, related_name="timeline"
    )
    at = models.DateTimeField(_("date and time"), default=timezone.now)
    by = people.account_field(_("by"))
    by_name = people.name_field(_("name"))
    kind = models.CharField(_("type"), max_length=10, choices=Kind)
    text = PlainCharField(_("note"), max_length=2000, blank=True, multiline=True)
    values = models.JSONField(_("values"), default=dict, blank=True)

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline entries")
        ordering = ["at", "pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_kind_display()}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("What was done is never rewritten: add another entry.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("What was done stays as long as its report.")

    @property
    def by_shown(self):
        """The name of the person who did it, as far as it is known."""
        return people.recorded(self, "by")


class DailyCount(models.Model):
    """How many reports one page got on one day in one language: kept when the reports themselves are deleted.

    `day` is a day of the site’s time zone. `marked` counts those with a sign of spam, which are in no other number.
    """

    day = models.DateField(_("day"))
    page = models.ForeignKey(Page, verbose_name=_("page"), on_delete=models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=2, choices=ProblemReport.Language)
    total = models.PositiveIntegerField(_("reports"), default=0)
    marked = models.PositiveIntegerField(_("held as spam"), default=0)
    broken = models.PositiveIntegerField(Reason.BROKEN.label, default=0)
    spelling = models.PositiveIntegerField(Reason.SPELLING.label, default=0)
    missing = models.PositiveIntegerField(Reason.MISSING.label, default=0)
    outdated = models.PositiveIntegerField(Reason.OUTDATED.label, default=0)
    login = models.PositiveIntegerField(Reason.LOGIN.label, default=0)
    not_found = models.PositiveIntegerField(Reason.NOT_FOUND.label, default=0)
    other = models.PositiveIntegerField(Reason.OTHER.label, default=0)

    class Meta:
        verbose_name = _("daily count")
        verbose_name_plural = _("daily counts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["day", "page", "language"], name="one_daily_count_per_language")
        ]
        indexes = [models.Index(fields=["day", "language", "page", "total"], name="daily_count")]

    def __str__(self):
        return f"{self.day} {self.language}: {self.total}"


class ReportDigest(models.Model):
    """The e-mails to owners of pages up to one finished day. The last complete one is kept, and a newer one begun.

    An account is added to `recipients` before its e-mail is sent: after a crash none is sent twice.
    """

    day = models.DateField(_("day"), primary_key=True)
    recipients = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("recipients"), related_name="+"
    )
    completed_at = models.DateTimeField(_("completed"), null=True)

    class Meta:
        verbose_name = _("problem report digest")
        verbose_name_plural = _("problem report digests")
        default_permissions = ()

    def __str__(self):
        return str(self.day)

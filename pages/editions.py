"""What the public sees, and has seen: editions, and the one rule that says which of them is live.

    The public state of a page at time *t* is its approved edition with the latest `publish_at`
    that is not after *t*.

Nothing has to run at the moment of publication, and there is no flag to keep in step.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import connections, models
from django.db.models import Count, Exists, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import document
from .addresses import other
from .compiled import Compiled
from .rows import Page

# How far up the breadcrumb goes; deeper pages leave out the ancestors nearest to the home page.
TRAIL = 4


class EditionQuerySet(models.QuerySet):
    def approved(self):
        return self.filter(status=Edition.Status.APPROVED)

    def live(self, at=None):
        """The one edition of each page that is public at a moment (default: now), withdrawn ones included."""
        at = at or timezone.now()
        return self.approved().filter(publish_at__lte=at, pk=live_of(OuterRef("page"), at))

    def readable(self):
        """Without the withdrawn ones, which answer with a notice only."""
        return self.exclude(kind=Edition.Kind.WITHDRAWN)

    def behind(self, at=None):
        """Those that readers see and that were published in one language only: their translation is still due."""
        return self.live(at).readable().filter(emergency_record__language__in=document.LANGUAGES)

    def at_address(self, language, address, at=None):
        """Those of the page that has, or by `at` had had, this address in this language."""
        return self.filter(page__in=_holders(language, address, at or timezone.now()))

    def scheduled(self, at=None):
        """Approved, but only to become live later."""
        return self.approved().filter(publish_at__gt=at or timezone.now())

    def dated(self):
        """Adds `modified_at`, when the page last changed significantly, and `issued_at`, when it was new.

        Both are the same in the two languages, because an edition holds both.
        """
        until_then = Edition.objects.approved().filter(
            page=OuterRef("page"), publish_at__lte=OuterRef("publish_at")
        )
        significant = until_then.filter(significant=True).order_by("-publish_at").values("publish_at")[:1]
        first = until_then.order_by().values("page").annotate(first=Min("publish_at")).values("first")
        return self.annotate(
            modified_at=Coalesce(Subquery(significant), F("publish_at")), issued_at=Subquery(first)
        )

    def around(self, language, address, at=None):
        """All that showing one address takes, in one query: the page, those above it and those just below.

        Which of them stands at the address is marked by `is_here`. The parents are those that each edition
        was published with: no working row is read.
        """
        at = at or timezone.now()
        here = _holders(language, address, at)
        # Pages that may be below, found by their own index: from them, and not from all that is live, the database
        # starts. Some have moved elsewhere since.
        near = [here, Edition.objects.filter(parent__in=here).order_by().values("page")]
        above, up = Q(), here
        for _step in range(TRAIL):
            up = Edition.objects.live(at).filter(page__in=up).order_by().values("parent")
            near.append(up)
            above |= Q(page__in=up)
        editions = self.filter(page__in=near[0].union(*near[1:])).live(at)
        editions = editions.filter(Q(page__in=here) | Q(parent__in=here) | above)
        return editions.dated().annotate(
            is_here=Exists(here.filter(page=OuterRef("page"))),
            urgent_language=F("emergency_record__language"),
            urgent_since=F("emergency_record__since"),
            translation_due=F("emergency_record__due_on"),
            has_corrections=Exists(
                Edition.objects.approved().filter(
                    page=OuterRef("page"), publish_at__lte=OuterRef("publish_at"), correction__isnull=False
                )
            ),
        )

    def read_around(self, language, address, at=None):
        """The list of what `around` finds, without its SQL being written anew for every reader."""
        compiled = _compiled_around(language, self.db, connections[self.db].vendor)
        return compiled.rows(self.db, address=address, at=at or timezone.now())

    def public_state(self, at=None):
        """What every public page is made from, in a few looks at indexes: as long as it is equal, so are they.

        It can be so short because approved editions never change, and are never taken back once they are due.
        """
        at = at or timezone.now()
        due = Edition.objects.approved().filter(publish_at__lte=at).order_by("-publish_at")
        # Whatever the clocks of several machines say, an edition is approved for a moment of these two days.
        yesterday = at.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
        recent = due.filter(publish_at__gte=yesterday).order_by().values("status").annotate(count=Count("pk"))
        coming = Edition.objects.scheduled(at).order_by("publish_at")
        found = self.order_by("-pk").annotate(
            recent=Subquery(recent.values("count")),
            newest=Subquery(due.values("publish_at")[:1]),
            coming=Subquery(coming.values("publish_at")[:1]),
        )
        last = found.values_list("pk", "recent", "newest", "coming").first()
        return PublicState(*(last or (None, None, None, None)))

    def delete(self):
        raise TypeError("Editions are the record of what was public: withdraw a page instead of deleting.")


@dataclass(frozen=True, slots=True)
class PublicState:
    """The last edition made, how many came due since yesterday, when the newest did, and when the next one will."""

    last: int | None
    recent: int | None
    newest: datetime | None
    coming: datetime | None = field(default=None, compare=False)


def live_of(page, at=None):
    """The id of the edition of one page that is public at a moment, as a subquery: of `OuterRef("page")`, say."""
    newest = Edition.objects.approved().filter(page=page, publish_at__lte=at or timezone.now())
    return Subquery(newest.order_by("-publish_at", "-number").values("pk")[:1])


def _holders(language, address, at):
    """The page that an address belongs to at a moment, as a subquery of page ids."""
    held = Q(**{f"address_{language}": address}, publish_at__lte=at)
    return Edition.objects.approved().filter(held).order_by().values("page")


@cache
def _compiled_around(language, using, vendor):
    """Per vendor too, because a test or a move of the site may put another database behind the same name."""
    samples = {"address": "an address/that no page/can have", "at": datetime(1, 2, 3, 4, 5, 6, 7, tzinfo=UTC)}
    return Compiled(Edition.objects.using(using).around(language, **samples), **samples)


class Edition(models.Model):
    """One immutable text of a page in both languages: once made, only its workflow columns change.

    The columns from `parent` to `description_fr` are taken from the document, for lists and addresses.
    """

    class Kind(models.TextChoices):
        CURRENT = "current", _("Current")
        ARCHIVED = "archived", _("Archived")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Status(models.TextChoices):
        IN_REVIEW = "in_review", _("In review")
        RETURNED = "returned", _("Returned")
        APPROVED = "approved", _("Approved")

    page = models.ForeignKey(Page, verbose_name=_("page"), on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CURRENT)
    status = models.CharField(_("status"), max_length=10, choices=Status)

    document = models.TextField(_("document"))
    digest = models.CharField(_("digest"), max_length=64)

    parent = models.ForeignKey(
        Page, verbose_name=_("parent page"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    position = models.PositiveIntegerField(_("position"))
    address_en = models.CharField(_("address in English"), max_length=200, blank=True)
    address_fr = models.CharField(_("address in French"), max_length=200, blank=True)
    title_en = models.CharField(_("title in English"), max_length=200)
    title_fr = models.CharField(_("title in French"), max_length=200)
    description_en = models.CharField(_("description in English"), max_length=300, blank=True)
    description_fr = models.CharField(_("description in French"), max_length=300, blank=True)

    publish_at = models.DateTimeField(_("published at"), null=True)
    significant = models.BooleanField(_("significant change"), default=True)
    note = models.CharField(_("note on the change"), max_length=500, blank=True)
    explanation_en = models.CharField(_("explanation in English"), max_length=500, blank=True)
    explanation_fr = models.CharField(_("explanation in French"), max_length=500, blank=True)

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="editions_written",
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="editions_approved",
    )
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)

    objects = EditionQuerySet.as_manager()

    WORKFLOW = frozenset({"status", "publish_at", "significant", "note", "approver"})

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["page", "-number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="one_edition_per_number"),
            models.CheckConstraint(
                condition=Q(kind__in=["current", "archived", "withdrawn"]), name="known_kind_of_edition"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["in_review", "returned", "approved"]), name="known_status_of_edition"
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(publish_at__isnull=False),
                name="approved_editions_have_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["page", "status", "-publish_at", "-number"], name="edition_live"),
            models.Index(fields=["address_en", "status", "publish_at"], name="edition_address_en"),
            models.Index(fields=["address_fr", "status", "publish_at"], name="edition_address_fr"),
            models.Index(fields=["parent", "position"], name="edition_parent"),
            models.Index(fields=["status", "publish_at"], name="edition_status"),
        ]

    def __str__(self):
        return _("Edition %(number)s") % {"number": self.number}

    def save(self, *args, update_fields=None, **kwargs):
        if not self._state.adding and not self.WORKFLOW.issuperset(update_fields or ["everything"]):
            raise TypeError("An edition never changes: name workflow columns in update_fields.")
        super().save(*args, update_fields=update_fields, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("Editions are the record of what was public: withdraw a page instead of deleting.")

    @classmethod
    def of(cls, content, **columns):
        """A new edition of a `document.Document`, not yet saved, with the columns that are taken from it."""
        text = document.dumps(content)
        taken = {
            f"{name}_{language}": getattr(content, name)[language]
            for name in ("address", "title", "description")
            for language in document.LANGUAGES
        }
        return cls(document=text, digest=document.digest(text), position=content.position, **taken, **columns)

    def read(self):
        """The document that was published, as `document.Document`."""
        return document.loads(self.document)

    def text(self, name, language):
        """One of the bilingual columns: `text("title", "fr")`."""
        return getattr(self, f"{name}_{language}")

    @property
    def emergency(self):
        """Why it is written in one language only; None for all others. Fetch it with `emergency_record`."""
        return getattr(self, "emergency_record", None)


class CorrectionQuerySet(models.QuerySet):
    def public(self, at=None):
        """Those of editions that are or were live, the newest first, with their editions but for the documents."""
        due = self.filter(
            edition__status=Edition.Status.APPROVED, edition__publish_at__lte=at or timezone.now()
        )
        return (
            due.select_related("edition").defer("edition__document").order_by("-edition__publish_at", "-pk")
        )


class Correction(models.Model):
    """What an edition put right, said to the public in both languages; made with its edition, and never changed."""

    edition = models.OneToOneField(
        Edition, verbose_name=_("edition"), on_delete=models.PROTECT, related_name="correction"
    )
    text_en = models.CharField(_("what was corrected, in English"), max_length=500)
    text_fr = models.CharField(_("what was corrected, in French"), max_length=500)
    thanks = models.BooleanField(_("thanks to a visitor"), default=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(text_en="") & ~Q(text_fr=""), name="corrections_are_in_both_languages"
            )
        ]

    def __str__(self):
        return self.text_en

    def text(self, language):
        return getattr(self, f"text_{language}")


class Emergency(models.Model):
    """That an edition was published in one language only, why, and by when the other one follows; never changed.

    The other language keeps the texts that were public before. An edition that archives or withdraws such a page
    has a record of its own, because its document is behind in one language too. `agreed` is the last edition in which
    both languages said the same: what translations are compared with until there is another one.
    """

    edition = models.OneToOneField(
        Edition, verbose_name=_("edition"), on_delete=models.PROTECT, related_name="emergency_record"
    )
    language = models.CharField(_("language published"), max_length=2)
    reason = models.CharField(_("reason"), max_length=500)
    due_on = models.DateField(_("translation due by"))
    since = models.DateTimeField(_("published at"))
    agreed = models.ForeignKey(
        Edition, verbose_name=_("last edition in both languages"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("publication in one language only")
        verbose_name_plural = _("publications in one language only")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(language__in=["en", "fr"]), name="emergencies_are_in_a_known_language"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_emergency_needs_a_reason"),
        ]

    def __str__(self):
        if not self.is_late:
            return self.promise
        words = {
            "en": gettext("English was due by %(date)s: late"),
            "fr": gettext("French was due by %(date)s: late"),
        }
        return words[self.language_due] % {"date": self._due}

    @property
    def promise(self):
        """What was said when it was published: “French due by November 30, 2026”."""
        words = {"en": gettext("English due by %(date)s"), "fr": gettext("French due by %(date)s")}
        return words[self.language_due] % {"date": self._due}

    @property
    def _due(self):
        return date_format(self.due_on, "DATE_FORMAT")

    @property
    def language_due(self):
        return other(self.language)

    @property
    def is_late(self):
        return timezone.localdate() > self.due_on

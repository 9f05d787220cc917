"""What the public sees, and has seen: editions, and the one rule that says which of them is live.

    The public state of a page at time *t* is its approved edition with the latest `publish_at`
    that is not after *t*.

Nothing has to run at the moment of publication, and there is no flag to keep in step.
"""

from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.db import connections, models
from django.db.models import Case, Exists, ExpressionWrapper, F, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import document, people
from ..compiled_query import CompiledQuery
from ..fields import PlainCharField
from ..local_time import format_date, format_short
from ..public_urls import other_language
from ..text_cleaning import clean_json
from ..tree import MAX_ANCESTORS, MAX_POSITION
from .page import Page
from .site_alert import alert_columns

# Where the home page is in each language, and how many pages it tells of that changed last.
HOME_ADDRESS = ""
MAX_RECENT = 4

# The pages that the report form leads to; SITE_IDENTITY names their addresses.
LINKED_PAGES = ("contact", "privacy")


class ReferenceKind(models.TextChoices):
    """What an edition or a working copy can use of what others use too (`models.indexes.EditionReference`)."""

    PAGE = "page"
    IMAGE = "image"
    PARTNER = "partner"
    DOWNLOAD = "download"
    FACT = "fact"
    SHARED_BLOCK = "shared"
    NOTHING = "nothing"  # which every text uses, so that one without a reference was never indexed


# What an edition says, and the columns that are taken from it.
TEXT_COLUMNS = (
    "document",
    "digest",
    "parent",
    "position",
    "address_en",
    "address_fr",
    "title_en",
    "title_fr",
    "description_en",
    "description_fr",
)


# What readers are not told: of every page that one view looks up, it would be read for nothing.
COLUMNS_OF_STAFF = ("note", "author", "author_name", "approver", "approver_name", "created_at")


class EditionQuerySet(models.QuerySet):
    def approved(self):
        return self.filter(status=Edition.Status.APPROVED)

    def live(self, at=None):
        """The one edition of each page that is public at a moment (default: now), withdrawn ones included.

        Looked up from the editions: for those of few pages. Lists of many use `live_of` or `live_everywhere`.
        """
        at = at or timezone.now()
        return self.approved().filter(publish_at__lte=at, pk=live_edition_id(OuterRef("page"), at))

    def live_of(self, pages, at=None):
        """The same of a queryset of pages: looked up from these, so that a long history costs no more."""
        pages = pages.order_by().annotate(live_edition=live_edition_id(OuterRef("pk"), at))
        return self.filter(pk__in=pages.values("live_edition"))

    def live_everywhere(self, at=None):
        """The same of all pages of the site."""
        return self.live_of(Page.objects.all(), at)

    def changes_of_state(self):
        """Archives and withdrawals, which keep the text that is live when they fall due."""
        # In the words of the index `edition_state`: nearly all editions are neither.
        return self.filter(kind__in=[Edition.Kind.ARCHIVED, Edition.Kind.WITHDRAWN])

    def readable(self):
        """Without the withdrawn ones, which answer with a notice only."""
        return self.exclude(kind=Edition.Kind.WITHDRAWN)

    def awaiting_translation(self, at=None):
        """Those that readers see and that were published in one language only: their translation is still due."""
        return self.filter(pk__in=Emergency.objects.values("edition")).live(at).readable()

    def at_address(self, language, address, at=None):
        """Those of the page that has, or by `at` had had, this address in this language."""
        return self.filter(page__in=_pages_at_address(language, address, at or timezone.now()))

    def scheduled(self, at=None):
        """Approved, but only to become live later."""
        return self.approved().filter(publish_at__gt=at or timezone.now())

    def changed_last(self, limit, at=None):
        """The pages that last changed significantly and are current, but the home page: a subquery of page ids."""
        significant = Edition.objects.approved().filter(
            significant=True, publish_at__lte=at or timezone.now()
        )
        later = significant.filter(page=OuterRef("page"), publish_at__gt=OuterRef("publish_at"))
        last = significant.filter(~Exists(later), kind=Edition.Kind.CURRENT, parent__isnull=False)
        newest = last.order_by("-publish_at", "-number", "page").values("page")[:limit]
        return Page.objects.filter(pk__in=newest).order_by().values("pk")

    def with_dates(self):
        """Adds `modified_at`, when the page last changed significantly, and `issued_at`, when it was new.

        Both are the same in the two languages, because an edition holds both.
        """
        until_then = Edition.objects.approved().filter(
            page=OuterRef("page"), publish_at__lte=OuterRef("publish_at")
        )
        significant = until_then.filter(significant=True).order_by("-publish_at").values("publish_at")[:1]
        first = until_then.order_by("publish_at").values("publish_at")[:1]
        return self.annotate(
            modified_at=Coalesce(Subquery(significant), F("publish_at")), issued_at=Subquery(first)
        )

    def with_links(self, language, at=None, **addresses):
        """Adds where the pages of LINKED are in this language: `contact_address` and `privacy_address`.

        They are None where readers find no such page. `links_changed_at` is when one of them was published last.
        `public_urls` are theirs by name and language ("contact_en"), those of SITE_IDENTITY if not given.
        """
        at, addresses = at or timezone.now(), addresses or linked_addresses()
        found, all_pages = {}, []
        for name in LINKED_PAGES:
            # The page may have only one of the two addresses. A union keeps to the indexes; “or” does not.
            pages = [
                _pages_at_address(language_code, addresses[f"{name}_{language_code}"], at)
                for language_code in document.LANGUAGES
            ]
            live = Edition.objects.filter(page__in=pages[0].union(pages[1])).live(at).readable()
            own = When(**{f"address_{language}": addresses[f"{name}_{language}"]}, then=0)
            found[f"{name}_address"] = Subquery(
                live.order_by(Case(own, default=1), "page").values(f"address_{language}")[:1]
            )
            all_pages += pages
        changed = Edition.objects.filter(page__in=all_pages[0].union(*all_pages[1:]))
        changed = changed.approved().filter(publish_at__lte=at).order_by()
        # Not the first in order of time: the database would look for it among all editions of the site.
        last = changed.values(site=Value(1)).annotate(last=Max("publish_at")).values("last")
        return self.annotate(**found, links_changed_at=Subquery(last))

    def with_navigation(self, language, address, at=None, **links):
        """All that showing one address takes, in one query: the page, those above it, just below, and linked to.

        Which of them stands at the address is marked by `is_requested`, and which it links to by `is_linked`. The
        document is read of the first, and of those of which it links to a section, as `document_here`
        (`fetch_with_navigation` puts it where `read` finds it). The parents are those that each edition
        was published with: no working row is read. `links` are the addresses that `with_links` takes. Each row also
        has what `alert_columns` adds: the site-wide alerts. The home page also tells what changed last (`is_recent`).
        """
        at = at or timezone.now()
        requested = _pages_at_address(language, address, at)
        # Pages that may be below, found by their own index: from them, and not from all that is live, the database
        # starts. Some have moved elsewhere since.
        near = [requested, Edition.objects.filter(parent__in=requested).order_by().values("page")]
        above, ancestors = Q(), requested
        for _step in range(MAX_ANCESTORS + 1):  # one more, which tells whether any are left out
            ancestors = Edition.objects.live(at).filter(page__in=ancestors).order_by().values("parent")
            near.append(ancestors)
            above |= Q(page__in=ancestors)
        linked = _pages_linked_from(requested)
        recent = self.changed_last(MAX_RECENT, at) if address == HOME_ADDRESS else Page.objects.none()
        near += [linked, recent] if address == HOME_ADDRESS else [linked]
        editions = self.live_of(Page.objects.filter(pk__in=near[0].union(*near[1:])), at).filter(
            Q(page__in=requested) | Q(parent__in=requested) | above | Q(page__in=linked) | Q(page__in=recent)
        )
        corrected = Edition.objects.approved().filter(
            page=OuterRef("page"), publish_at__lte=OuterRef("publish_at"), correction__isnull=False
        )
        return (
            editions.with_dates()
            .with_links(language, at, **links)
            .defer("document", *COLUMNS_OF_STAFF)
            .annotate(**alert_columns(at))
            .annotate(
                page_key=F("page__key"),
                is_requested=_is_page_of(requested),
                is_linked=_is_page_of(linked),
                is_recent=_is_page_of(recent) if address == HOME_ADDRESS else Value(False),
                # Those around are links: what they say would be megabytes below a page with hundreds of others.
                document_here=Case(
                    When(page__in=requested, then=F("document")),
                    When(page__in=_pages_linked_from(requested, with_section=True), then=F("document")),
                    default=Value(""),
                    output_field=models.TextField(),
                ),
                emergency_language=F("emergency_record__language"),
                emergency_since=F("emergency_record__since"),
                translation_due=F("emergency_record__due_on"),
                has_corrections=Case(
                    When(page__in=requested, then=Exists(corrected)),
                    default=Value(False),
                ),
            )
        )

    def fetch_with_navigation(self, language, address, at=None):
        """The list of what `with_navigation` finds, without its SQL being written anew for every reader."""
        of_home, of_others = _compiled_navigation_queries(language, self.db, connections[self.db].vendor)
        compiled = of_home if address == HOME_ADDRESS else of_others
        found = compiled.rows(self.db, address=address, at=at or timezone.now(), **linked_addresses())
        for edition in found:
            if edition.document_here:
                edition.document = edition.document_here
        return found

    def delete(self):
        raise TypeError("Editions are the record of what was public: withdraw a page instead of deleting.")


def live_edition_id(page, at=None):
    """The id of the edition of one page that is public at a moment, as a subquery: of `OuterRef("page")`, say."""
    newest = Edition.objects.approved().filter(page=page, publish_at__lte=at or timezone.now())
    return Subquery(newest.order_by("-publish_at", "-number").values("pk")[:1])


def _is_page_of(pages):
    """Whether the page of an edition is one of a subquery, which the database answers once and not for each edition."""
    return ExpressionWrapper(Q(page__in=pages), output_field=models.BooleanField())


def _pages_at_address(language, address, at):
    """The page that an address belongs to at a moment, as a subquery of page ids."""
    has_address = Q(**{f"address_{language}": address}, publish_at__lte=at)
    return Edition.objects.approved().filter(has_address).order_by().values("page")


def _pages_linked_from(requested, *, with_section=False):
    """The pages that the live or coming editions of some pages link to, as a subquery of page ids.

    Only those that they link to a section of, if asked for. The index of references knows (`pages.indexes.references`).
    """
    sections = {"edition_references__section__gt": ""} if with_section else {}
    linking = Page.objects.filter(
        pk__in=requested, edition_references__kind=ReferenceKind.PAGE, **sections
    ).order_by()
    return Page.objects.filter(key__in=linking.values("edition_references__name")).order_by().values("pk")


def linked_addresses():
    """Gives the addresses of the pages of LINKED by name and language, as SITE_IDENTITY has them."""
    return {
        f"{name}_{language}": settings.SITE_IDENTITY[name][language]
        for name in LINKED_PAGES
        for language in document.LANGUAGES
    }


@cache
def _compiled_navigation_queries(language, using, vendor):
    """That of the home page and that of all others, together: so a process that has shown one page is quick with all.

    Per vendor too, because a test or a move of the site may put another database behind the same name.
    """
    address = "an address/that no page/can have"
    samples = {"at": datetime(1, 2, 3, 4, 5, 6, 7, tzinfo=UTC)}
    samples |= {name: f"an address/of {name}/that no page/can have" for name in linked_addresses()}
    editions = Edition.objects.using(using)
    of_home = CompiledQuery(editions.with_navigation(language, HOME_ADDRESS, **samples), **samples)
    samples["address"] = address
    return of_home, CompiledQuery(editions.with_navigation(language, **samples), **samples)


class Edition(models.Model):
    """One immutable text of a page in both languages: once made, only its workflow columns change.

    The columns from `parent` to `description_fr` are taken from the document, for lists and addresses. An archive or
    a withdrawal has no text of its own: until it is due, its columns follow the edition before it (`scheduling`).
    """

    class Kind(models.TextChoices):
        CURRENT = "current", _("Regular")
        ARCHIVED = "archived", _("Archived")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Status(models.TextChoices):
        IN_REVIEW = "in_review", _("In review")
        RETURNED = "returned", _("Returned")
        REPLACED = "replaced", _("Replaced")
        APPROVED = "approved", _("Approved")
        CANCELLED = "cancelled", _("Cancelled")

    page = models.ForeignKey(Page, verbose_name=_("page"), on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("type"), max_length=10, choices=Kind, default=Kind.CURRENT)
    status = models.CharField(_("status"), max_length=10, choices=Status)

    document = models.TextField(_("document"))
    digest = models.CharField(_("checksum"), max_length=64)

    parent = models.ForeignKey(
        Page, verbose_name=_("parent page"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    position = models.PositiveIntegerField(_("position"))
    address_en = PlainCharField(_("address in English"), max_length=200, blank=True)
    address_fr = PlainCharField(_("address in French"), max_length=200, blank=True)
    title_en = PlainCharField(_("title in English"), max_length=200)
    title_fr = PlainCharField(_("title in French"), max_length=200)
    description_en = PlainCharField(_("description in English"), max_length=300, blank=True)
    description_fr = PlainCharField(_("description in French"), max_length=300, blank=True)

    publish_at = models.DateTimeField(_("published on"), null=True)
    significant = models.BooleanField(_("significant change"), default=True)
    note = PlainCharField(_("note on the change"), max_length=500, blank=True)
    explanation_en = PlainCharField(_("explanation in English"), max_length=500, blank=True)
    explanation_fr = PlainCharField(_("explanation in French"), max_length=500, blank=True)

    author = people.account_field(_("author"), related_name="editions_written")
    author_name = people.name_field(_("name of the author"))
    approver = people.account_field(_("approved by"), related_name="editions_approved")
    approver_name = people.name_field(_("name of the approver"))
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)

    objects = EditionQuerySet.as_manager()

    WORKFLOW = frozenset({"status", "publish_at", "significant", "note", "approver", "approver_name"})

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
                condition=Q(status__in=["in_review", "returned", "replaced", "approved", "cancelled"]),
                name="known_status_of_edition",
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
            # Which pages may be below another one, without reading a row of their history.
            models.Index(fields=["parent", "page"], name="edition_below"),
            models.Index(fields=["status", "publish_at"], name="edition_status"),
            models.Index(fields=["kind", "status", "page"], name="edition_state"),
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
        text_columns = {
            f"{name}_{language}": getattr(content, name)[language]
            for name in ("address", "title", "description")
            for language in document.LANGUAGES
        }
        position = min(content.position, MAX_POSITION)  # documents of older releases may say more
        return cls(document=text, digest=document.digest(text), position=position, **text_columns, **columns)

    @property
    def changes_state(self):
        """Whether it archives or withdraws the page, and so keeps the text that is live just before it."""
        return self.kind != self.Kind.CURRENT

    @property
    def due_words(self):
        """From when it counts for the public, and as what, in words: “to be archived on 2027-11-30 09:00”."""
        words = {
            self.Kind.CURRENT: gettext("to be published on %(moment)s"),
            self.Kind.ARCHIVED: gettext("to be archived on %(moment)s"),
            self.Kind.WITHDRAWN: gettext("to be withdrawn on %(moment)s"),
        }
        return words[self.kind] % {"moment": format_short(self.publish_at)}

    def take_text(self, before):
        """Copies the text of another edition of the page, of a change of state only; returns whether it differed."""
        if not self.changes_state:
            raise TypeError("Only an archive or a withdrawal takes its text from another edition.")
        if (self.digest, self.parent_id) == (before.digest, before.parent_id):
            return False
        for name in TEXT_COLUMNS:
            column = self._meta.get_field(
                name
            ).attname  # the key of the parent, and not the page, which is a query
            setattr(self, column, getattr(before, column))
        return True

    def read(self):
        """The document that was published, as `document.Document`.

        Characters that no text may hold are left out: an edition from before there was that rule never changes.
        """
        return document.loads(clean_json(self.document))

    def text(self, name, language):
        """One of the bilingual columns: `text("title", "fr")`."""
        return getattr(self, f"{name}_{language}")

    @property
    def explanation(self):
        """What the addresses of a withdrawn page say, as a `document.Bilingual`; false if there is none."""
        return document.Bilingual(self.explanation_en, self.explanation_fr)

    @property
    def author_shown(self):
        """The name of the person who wrote it, as far as it is known."""
        return people.recorded(self, "author")

    @property
    def approver_shown(self):
        """The name of the person who approved it, as far as it is known; "" for an edition that nobody approved."""
        was_approved = self.status in (Edition.Status.APPROVED, Edition.Status.CANCELLED)
        return people.recorded(self, "approver") if was_approved else ""

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
    """What an edition corrects, in both languages; public from when its edition is, and unchanged from then on."""

    edition = models.OneToOneField(
        Edition, verbose_name=_("edition"), on_delete=models.PROTECT, related_name="correction"
    )
    text_en = PlainCharField(_("what was corrected, in English"), max_length=500)
    text_fr = PlainCharField(_("what was corrected, in French"), max_length=500)
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

    @property
    def words(self):
        """Both languages, as a `document.Bilingual`."""
        return document.Bilingual(self.text_en, self.text_fr)

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
    reason = PlainCharField(_("reason"), max_length=500)
    due_on = models.DateField(_("translation due by"))
    since = models.DateTimeField(_("published on"))
    agreed = models.ForeignKey(
        Edition, verbose_name=_("last edition in both languages"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("emergency publication")
        verbose_name_plural = _("emergency publications")
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
            "en": gettext("English overdue (was due by %(date)s)"),
            "fr": gettext("French overdue (was due by %(date)s)"),
        }
        return words[self.language_due] % {"date": self._due}

    @property
    def promise(self):
        """What was said when it was published: “French due by November 30, 2026”."""
        words = {"en": gettext("English due by %(date)s"), "fr": gettext("French due by %(date)s")}
        return words[self.language_due] % {"date": self._due}

    @property
    def _due(self):
        return format_date(self.due_on)

    @property
    def language_due(self):
        return other_language(self.language)

    @property
    def is_late(self):
        return timezone.localdate() > self.due_on

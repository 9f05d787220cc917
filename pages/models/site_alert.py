"""Site-wide alerts: what every public page says at its top, from one moment until another.

    An alert is public at time *t* when it is published, `starts_at` is not after *t* and `ends_at` is after it.

Nothing has to run at either moment. What readers see is `document`, which never changes once it is published.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import document, people
from ..document import LANGUAGES, Bilingual
from ..fields import PlainCharField, RichTextField
from .active_language import in_active_language
from .blocks import Alert
from .locking import LockingQuerySet

# More at the top of every page than these, and nobody reads any.
MAX_SHOWN = 2


class SiteAlertQuerySet(LockingQuerySet):
    def published(self):
        """Those that readers see, saw or will see."""
        return self.filter(published_at__isnull=False)

    def shown(self, at=None):
        """Those that are public at a moment (default: now), the newest first."""
        at = at or timezone.now()
        return self.published().filter(starts_at__lte=at, ends_at__gt=at).order_by("-starts_at", "-pk")

    def documents(self, at=None):
        """What readers are told at a moment, as the JSON of a document for each alert, in one query."""
        return list(self.shown(at).values_list("document", flat=True)[:MAX_SHOWN])

    def overlapping(self, starts_at, ends_at):
        """Those that are shown at some moment of a period."""
        period = self.published().filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
        return period.exclude(ends_at__lte=models.F("starts_at"))  # those that were cancelled


class SiteAlert(models.Model):
    """A message on every public page, in both languages: a draft until it is published, and never changed after that.

    Only its end may come sooner. What is to be said otherwise is another alert.
    """

    level = models.CharField(
        _("level"),
        max_length=20,
        choices=Alert.Level,
        default=Alert.Level.WARNING,
        help_text=Alert._meta.get_field("level").help_text,
    )
    heading = PlainCharField(
        _("heading of the alert"),
        max_length=120,
        help_text=_("What has happened, in a few words. Readers see the level beside it."),
    )
    body = RichTextField(
        _("text"), help_text=_("One or two sentences, with a link to the page that says more.")
    )
    document = models.TextField(_("document"), blank=True, editable=False)
    starts_at = models.DateTimeField(_("shown from"), null=True, editable=False)
    ends_at = models.DateTimeField(_("shown until"), null=True, editable=False)
    saved_by = people.account_field(_("saved by"))
    saved_by_name = people.name_field(_("name of the person who saved it"))
    published_at = models.DateTimeField(_("published on"), null=True, editable=False)
    published_by = people.account_field(_("published by"))
    published_by_name = people.name_field(_("name of the person who published it"))

    objects = SiteAlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("site-wide alert")
        verbose_name_plural = _("site-wide alerts")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None)
                | Q(starts_at__isnull=False, ends_at__isnull=False) & ~Q(document=""),
                name="published_alerts_have_a_text_and_times",
            )
        ]
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="site_alert_shown")]

    def __str__(self):
        return in_active_language(self, "heading") or str(self._meta.verbose_name)

    def read(self):
        """What the alert says, as a document of one block: of the draft, or as it was published."""
        if self.document:
            return document.loads(self.document)
        texts = {
            name: Bilingual(*(getattr(self, f"{name}_{language}") or "" for language in LANGUAGES))
            for name in ("heading", "body")
        }
        return document.Document("site-alert", blocks=(document.Alert("alert", level=self.level, **texts),))

    def refuse_change(self):
        """Raises ValidationError for one that is published."""
        if self.published_at:
            raise ValidationError(
                _("This alert is published and never changes. End it, and publish another one.")
            )

    def state(self, at=None):
        """What has become of it at a moment: “draft”, “cancelled”, “scheduled”, “shown” or “ended”."""
        at = at or timezone.now()
        if not self.published_at:
            return "draft"
        if self.ends_at <= self.starts_at:
            return "cancelled"
        if at < self.starts_at:
            return "scheduled"
        return "shown" if at < self.ends_at else "ended"


def alert_columns(at):
    """What a query may add to its rows to know the alerts of a moment: their documents, as `alert_0` and `alert_1`, and
    when one of them last began and ended.
    """
    shown = SiteAlert.objects.shown(at).values("document")
    documents = {f"alert_{index}": Subquery(shown[index : index + 1]) for index in range(MAX_SHOWN)}
    return {**documents, **_last_changes(at)}


def alert_documents(row):
    """Returns the documents in the columns of `alert_columns`."""
    return [text for index in range(MAX_SHOWN) if (text := getattr(row, f"alert_{index}"))]


def alert_state(at):
    """What tells whether readers are shown other alerts than before: which ones, when one began and ended, and will."""
    shown, published = SiteAlert.objects.shown(at).values("pk"), SiteAlert.objects.published()
    begin = published.filter(starts_at__gt=at).order_by("starts_at").values("starts_at")
    end = published.filter(ends_at__gt=at).order_by("ends_at").values("ends_at")
    return {
        **{f"alert_{index}": Subquery(shown[index : index + 1]) for index in range(MAX_SHOWN)},
        **_last_changes(at),
        "alert_begins": Subquery(begin[:1]),
        "alert_ends": Subquery(end[:1]),
    }


def _last_changes(at):
    published = SiteAlert.objects.published()
    began = published.filter(starts_at__lte=at).order_by("-starts_at").values("starts_at")
    ended = published.filter(ends_at__lte=at).order_by("-ends_at").values("ends_at")
    return {"alert_began": Subquery(began[:1]), "alert_ended": Subquery(ended[:1])}

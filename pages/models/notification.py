"""What people of the staff are told of what others did, and how each of them wants to be told."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import people
from .page import Page
from .review import ReviewStep

# Notifications are deleted after so many days.
KEPT_DAYS = 180


class Delivery(models.TextChoices):
    """How somebody is told: not at all, in the list of the admin only, or also by e-mail."""

    NONE = "none", _("Do not notify me")
    LIST = "list", _("In the list only")
    NOW = "now", _("In the list, and by email at once")
    DAILY = "daily", _("In the list, and by email once a day")


class NotificationQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def awaiting_email(self, *deliveries):
        """Those of which an e-mail is still to be sent; what was read in the list meanwhile needs none."""
        return self.unread().filter(delivery__in=deliveries, sent_at=None)

    def past_retention(self, now):
        return self.filter(made_at__lt=now - timedelta(days=KEPT_DAYS))


class Notification(models.Model):
    """That one person is told of one thing about a page: an act of the review, a date, or a report.

    `kind` is the code of a `notifications.Kind`, which knows the words. `sent_at` is when an e-mail was about to be
    sent, so that nobody is sent two.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recipient"),
        on_delete=models.CASCADE,
        related_name="notifications",
        db_index=False,
    )
    kind = models.CharField(_("type"), max_length=20)
    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.CASCADE, related_name="notifications"
    )
    step = models.ForeignKey(
        ReviewStep, verbose_name=_("action"), on_delete=models.CASCADE, null=True, related_name="+"
    )
    report_number = models.PositiveBigIntegerField(_("number of the report"), null=True)
    due_on = models.DateField(_("due date"), null=True)
    by = people.account_field(_("by"))
    by_name = people.name_field(_("name"))
    made_at = models.DateTimeField(_("created on"), default=timezone.now)
    read_at = models.DateTimeField(_("read on"), null=True)
    delivery = models.CharField(_("delivery"), max_length=5, choices=Delivery, default=Delivery.LIST)
    sent_at = models.DateTimeField(_("sent on"), null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        default_permissions = ()
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "step"],
                condition=Q(step__isnull=False),
                name="one_notification_per_act",
            ),
            models.UniqueConstraint(
                fields=["recipient", "kind", "page", "due_on"],
                condition=Q(due_on__isnull=False),
                name="one_notification_per_date",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-made_at", "-id"], name="notification_list"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(
                fields=["delivery", "recipient"],
                condition=Q(sent_at=None, read_at=None),
                name="notification_unsent",
            ),
            models.Index(fields=["made_at"], name="notification_made_at"),
        ]

    def __str__(self):
        return f"{self.kind}: {self.page_id}"

    @property
    def by_shown(self):
        """The name of the person who did it, as far as it is known."""
        return people.recorded(self, "by")


class NotificationPreferences(models.Model):
    """How one person wants to be told: by kind, as far as they chose, and in which language e-mails are.

    Without a language they are in both, because nobody’s choice is known.
    """

    class Language(models.TextChoices):
        BOTH = "", _("English and French")
        ENGLISH = "en", _("English")
        FRENCH = "fr", _("French")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="notification_preferences",
    )
    language = models.CharField(
        _("language of emails"), max_length=2, choices=Language, blank=True, default=Language.BOTH
    )
    deliveries = models.JSONField(_("delivery by type"), default=dict)

    class Meta:
        verbose_name = _("notification preferences")
        verbose_name_plural = _("notification preferences")
        default_permissions = ()

    def __str__(self):
        return str(self.person)

"""What people of the staff are told: which kinds of notification there are, who gets one, and in which words.

A notification is written in the transaction of the act that it tells of, so both are there or neither is. E-mails are
sent later (`notification_emails`). Other applications add kinds of their own: settings.NOTIFICATION_KINDS names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .local_time import format_date, format_date_time
from .models.edition import Edition
from .models.notification import Delivery, Notification, NotificationPreferences
from .models.page import Page, title_of
from .models.review import ReviewRequest, ReviewStep

Action = ReviewStep.Action

# Days before a date on which people are told that it is near.
REVIEW_NOTICE = timedelta(days=14)
TRANSLATION_NOTICE = timedelta(days=1)

# Pages read at a time by the daily job.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notification: its name, who may get it, how they get it if they choose nothing, and its words.

    `text` gives a sentence in the active language, and `path` the address of the place in the admin that it is about.
    """

    code: str
    label: Any
    permission: str
    default: Delivery
    text: Callable[[Notification], str]
    path: Callable[[Notification], str]


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is to be told; `columns` are other columns of `Notification`."""

    recipient_id: int
    kind: Kind
    page_id: int
    columns: dict[str, Any]


# The words


def _words(notification: Notification) -> dict[str, str]:
    return {"name": notification.by_shown, "title": title_of(notification.page)}


def _requested(notification):
    return _("%(name)s submitted “%(title)s” to you for review.") % _words(notification)


def _submitted(notification):
    return _("%(name)s submitted “%(title)s” for review.") % _words(notification)


def _returned(notification):
    return _("%(name)s returned “%(title)s”. The review says why.") % _words(notification)


def _approved(notification):
    if due := notification.step.due:
        words = _words(notification) | {"moment": format_date_time(due)}
        return _("On %(moment)s, “%(title)s” becomes public: %(name)s approved it.") % words
    return _("%(name)s approved “%(title)s”.") % _words(notification)


PUBLIC_TEXTS = {
    Action.ARCHIVED: gettext_lazy("%(name)s archived “%(title)s”."),
    Action.WITHDRAWN: gettext_lazy("%(name)s withdrew “%(title)s”."),
    Action.EMERGENCY: gettext_lazy("%(name)s published “%(title)s” in one language only."),
    Action.CANCELLED: gettext_lazy("%(name)s cancelled edition %(number)s of “%(title)s”."),
}


def _published(notification):
    step = notification.step
    words = _words(notification) | {"number": step.edition.number}
    if due := step.due:
        words |= {"moment": format_date_time(due)}
        return (
            _("On %(moment)s, edition %(number)s of “%(title)s” becomes public: %(name)s scheduled it.")
            % words
        )
    return PUBLIC_TEXTS.get(step.action, gettext_lazy("%(name)s published “%(title)s”.")) % words


def _review_near(notification):
    words = {"title": title_of(notification.page), "date": format_date(notification.due_on)}
    return _("The content review date of “%(title)s” is %(date)s.") % words


def _translation_due(notification):
    words = {"title": title_of(notification.page), "date": format_date(notification.due_on)}
    return _("The translation of “%(title)s” is due by %(date)s.") % words


# The places


def _review(notification):
    edition = notification.step.edition
    return reverse("admin:pages_page_review", args=[edition.page_id, edition.number])


def _history(notification):
    return reverse("admin:pages_page_history", args=[notification.page_id])


def _form(notification):
    return reverse("admin:pages_page_change", args=[notification.page_id])


# The kinds

REQUESTED = Kind(
    "requested",
    gettext_lazy("Submitted to me for review"),
    "pages.publish_page",
    Delivery.NOW,
    _requested,
    _review,
)
SUBMITTED = Kind(
    "submitted",
    gettext_lazy("Submitted for review (no reviewer chosen)"),
    "pages.publish_page",
    Delivery.DAILY,
    _submitted,
    _review,
)
RETURNED = Kind(
    "returned", gettext_lazy("Returned to me"), "pages.change_page", Delivery.NOW, _returned, _review
)
APPROVED = Kind(
    "approved",
    gettext_lazy("Approved (what I submitted)"),
    "pages.change_page",
    Delivery.NOW,
    _approved,
    _review,
)
PUBLISHED = Kind(
    "published",
    gettext_lazy("Published, scheduled, archived, withdrawn or cancelled (pages I own)"),
    "pages.view_page",
    Delivery.LIST,
    _published,
    _history,
)
REVIEW_NEAR = Kind(
    "review_near",
    gettext_lazy("Content review date near (pages I own)"),
    "pages.change_page",
    Delivery.DAILY,
    _review_near,
    _form,
)
TRANSLATION_DUE = Kind(
    "translation_due",
    gettext_lazy("Emergency translation due (pages I own or published)"),
    "pages.change_page",
    Delivery.NOW,
    _translation_due,
    _form,
)


@cache
def _external_kinds(names: tuple[str, ...]) -> tuple[Kind, ...]:
    return tuple(import_string(name) for name in names)


def kinds() -> tuple[Kind, ...]:
    """Returns all kinds, those of other applications last."""
    own = (REQUESTED, SUBMITTED, RETURNED, APPROVED, PUBLISHED, REVIEW_NEAR, TRANSLATION_DUE)
    return own + _external_kinds(tuple(settings.NOTIFICATION_KINDS))


def kinds_for(person: Any) -> tuple[Kind, ...]:
    """Returns the kinds that a person may get, by what they may do."""
    return tuple(kind for kind in kinds() if person.has_perm(kind.permission))


def sends_email() -> bool:
    """Returns whether the site has a server for e-mails; without one there is the list alone."""
    return bool(settings.EMAIL_HOST)


# Writing


def write(messages: Iterable[Message]) -> int:
    """Writes notifications as their recipients prefer, and returns how many: two queries, none for no message.

    Belongs in the transaction of the act. What somebody has been told already is not told again.
    """
    messages = list(messages)
    if not messages:
        return 0
    chosen = NotificationPreferences.objects.in_bulk({message.recipient_id for message in messages})
    rows = []
    for message in messages:
        delivery = delivery_of(message.kind, chosen.get(message.recipient_id))
        if delivery != Delivery.NONE:
            rows.append(
                Notification(
                    recipient_id=message.recipient_id,
                    kind=message.kind.code,
                    page_id=message.page_id,
                    delivery=delivery if sends_email() else Delivery.LIST,
                    **message.columns,
                )
            )
    Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    return len(rows)


def delivery_of(kind: Kind, preferences: NotificationPreferences | None) -> Delivery:
    """Returns how a person gets a kind of notification: as they chose (None: they chose nothing), or its default."""
    value = preferences.deliveries.get(kind.code) if preferences else None
    return Delivery(value) if value in Delivery.values else kind.default


def notify_about_steps(steps: Iterable[ReviewStep]) -> None:
    """Tells everybody whom acts of the review concern, but for the person who did them."""
    write(message for step in steps for message in _messages_about(step))


def _messages_about(step):
    for recipient_id, kind in _recipients(step).items():
        if recipient_id is not None and recipient_id != step.by_id:
            columns = {"step": step, "by_id": step.by_id, "by_name": step.by_name}
            yield Message(recipient_id, kind, step.edition.page_id, columns)


def _recipients(step):
    """Who is told of an act, with the kind: one for each person, so nobody is told twice."""
    edition = step.edition
    match step.action:
        case Action.SUBMITTED:
            return _requested_reviewers(edition)
        case Action.RETURNED:
            return {edition.author_id: RETURNED}
        case Action.APPROVED:
            return {edition.page.owner_id: PUBLISHED} | {edition.author_id: APPROVED}
        case Action.REPLACED | Action.COMMENTED:
            return {}
    return {edition.page.owner_id: PUBLISHED}


def _requested_reviewers(edition):
    """Who was asked to review an edition, or everybody who may where nobody was."""
    request = ReviewRequest.objects.filter(edition=edition).first()
    found, kind = reviewers(), SUBMITTED if request is None else REQUESTED
    if request is not None:
        asked = {"groups": request.group_id} if request.group_id else {"pk": request.reviewer_id}
        found = found.filter(**asked)
    return dict.fromkeys(found.values_list("pk", flat=True), kind)


def reviewers() -> QuerySet:
    """Returns the accounts that may review what others submit, by rights that the site itself keeps."""
    permitted = get_user_model().objects.with_perm(
        "pages.publish_page", backend="django.contrib.auth.backends.ModelBackend"
    )
    return permitted.filter(is_staff=True)


# Dates


def notify_about_dates(checkpoint: Callable[[], None] = lambda: None, today: date | None = None) -> int:
    """Tells people of dates that are near, of each date once, and returns how many notifications that took.

    `checkpoint` is called between transactions.
    """
    today = today or timezone.localdate()
    number, last = write(_translations_due(today + TRANSLATION_NOTICE)), 0
    while pages := list(_reviews_near(today + REVIEW_NOTICE).filter(pk__gt=last).order_by("pk")[:BATCH]):
        number += write(
            Message(page.owner_id, REVIEW_NEAR, page.pk, {"due_on": page.review_by}) for page in pages
        )
        last = pages[-1].pk
        checkpoint()
    return number


def _reviews_near(latest):
    told = Notification.objects.filter(
        page=OuterRef("pk"), recipient=OuterRef("owner"), kind=REVIEW_NEAR.code, due_on=OuterRef("review_by")
    )
    near = Page.objects.filter(review_by__lte=latest, owner__isnull=False)
    return near.exclude(Exists(told)).only("owner", "review_by")


def _translations_due(latest):
    found = Edition.objects.awaiting_translation().filter(emergency_record__due_on__lte=latest)
    told = Notification.objects.filter(
        page=OuterRef("page"), kind=TRANSLATION_DUE.code, due_on=OuterRef("emergency_record__due_on")
    )
    rows = found.exclude(Exists(told)).values_list(
        "page", "emergency_record__due_on", "page__owner", "author"
    )
    for page, due_on, *people in rows:
        for person in set(people) - {None}:
            yield Message(person, TRANSLATION_DUE, page, {"due_on": due_on})


# Reading


def shown_to(person: Any) -> QuerySet[Notification]:
    """Returns what a person has been told and may still see, the newest first, with all that its words need."""
    codes = [kind.code for kind in kinds_for(person)]
    found = Notification.objects.filter(recipient=person, kind__in=codes)
    return found.select_related("page", "step__edition", "by").defer("step__edition__document")


def unread_count(person: Any) -> int:
    """Returns how many notifications a person has not read."""
    codes = [kind.code for kind in kinds_for(person)]
    return Notification.objects.unread().filter(recipient=person, kind__in=codes).count()


def kind_of(notification: Notification) -> Kind:
    """Returns the kind of a notification. Raises KeyError where this release does not know it."""
    return {kind.code: kind for kind in kinds()}[notification.kind]


def mark_read(rows: QuerySet[Notification]) -> int:
    """Marks notifications as read, and returns how many were unread."""
    return rows.filter(read_at=None).update(read_at=timezone.now())

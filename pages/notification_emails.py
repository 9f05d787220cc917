"""Sends notifications by e-mail: to each person one e-mail with all that they have not been told yet.

A notification is marked as sent before its e-mail is handed to the server, so nobody is told twice however many
processes send at once. Where the server takes nothing, nothing is marked, and the next run sends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import ngettext, override

from . import notifications
from .document import LANGUAGES
from .email_delivery import Postponed, deliver
from .integers import format_count
from .models.notification import Delivery, Notification, NotificationPreferences
from .public_urls import absolute_url
from .text_cleaning import clean_line

# Notifications that one e-mail names; it counts the others.
MAX_LINES = 50

# Tells programs that answer e-mails, such as those of people on leave, not to answer (RFC 3834).
NOT_FROM_A_PERSON = {"Auto-Submitted": "auto-generated"}

# Characters of a subject: more than fit on a screen are cut.
MAX_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Sent:
    """How many e-mails were sent, and how many the server refused for good."""

    sent: int = 0
    refused: int = 0


def is_due() -> bool:
    """Returns whether somebody is to be told at once. One query, which an index answers; none without a server."""
    return notifications.sends_email() and Notification.objects.awaiting_email(Delivery.NOW).exists()


def send(deliveries: Iterable[Delivery], checkpoint: Callable[[], None] = lambda: None) -> Sent:
    """Sends what waits for these deliveries; `checkpoint` is called before each e-mail and may raise to break off.

    Raises OSError or SMTPException where the server fails, and Postponed where it takes some later. Calling it again
    sends the rest. An e-mail is not sent again where it is not known whether the server took it.
    """
    waiting = Notification.objects.awaiting_email(*deliveries)
    if not notifications.sends_email() or not (people := _reachable(waiting)):
        return Sent()
    outcomes = []
    with get_connection() as connection:  # if this fails, nothing has been marked
        for person in people:
            checkpoint()
            if found := _claim(waiting, person):
                outcomes.append(deliver(connection, message(person, found), partial(_release, found)))
    if "postponed" in outcomes:
        raise Postponed(format_count(outcomes.count("postponed"), "email"))
    return Sent(outcomes.count("sent"), outcomes.count("refused"))


def _reachable(waiting: QuerySet[Notification]) -> list[Any]:
    """The people with an e-mail address who could sign in now and read the same."""
    keys = waiting.order_by().values("recipient")
    accounts = get_user_model().objects.filter(pk__in=keys, is_active=True, is_staff=True)
    return list(accounts.exclude(email="").order_by("pk"))


def _claim(waiting: QuerySet[Notification], person: Any) -> list[Notification]:
    """Marks what waits for a person as sent, and returns it; what another process has marked is left out."""
    with transaction.atomic():
        rows = waiting.filter(recipient=person).order_by("pk").select_for_update()
        keys = list(rows.values_list("pk", flat=True))
        Notification.objects.filter(pk__in=keys).update(sent_at=timezone.now())
    return list(notifications.shown_to(person).filter(pk__in=keys))


def _release(found: list[Notification]) -> None:
    Notification.objects.filter(pk__in=[row.pk for row in found]).update(sent_at=None)


def message(person: Any, found: list[Notification]) -> EmailMultiAlternatives:
    """Returns the e-mail that tells a person of some notifications, in the language that they chose, or in both."""
    chosen = NotificationPreferences.objects.filter(pk=person.pk).values_list("language", flat=True).first()
    languages = [chosen] if chosen else LANGUAGES
    subjects, parts, texts = [], [], []
    for language in languages:
        with override(language):
            lines = [_line(notification) for notification in found[:MAX_LINES]]
            subjects.append(_subject(lines, len(found)))
            parts.append(_part(language, lines, len(found) - len(lines)))
            texts.append(render_to_string("pages/notifications.txt", parts[-1]).strip())
    text = "\n\n---\n\n".join(texts)
    html = render_to_string("pages/notifications.html", {"parts": parts, "language": languages[0]})
    letter = EmailMultiAlternatives(
        " / ".join(subjects), f"{text}\n", to=[person.email], headers=NOT_FROM_A_PERSON
    )
    letter.attach_alternative(html, "text/html")
    return letter


def _line(notification: Notification) -> tuple[str, str]:
    text = notifications.kind_of(notification).text(notification)
    return text, absolute_url(reverse("notification", args=[notification.pk]))


def _subject(lines: list[tuple[str, str]], number: int) -> str:
    if number == 1:
        return Truncator(clean_line(lines[0][0])).chars(MAX_SUBJECT)
    return ngettext("%(number)s notification", "%(number)s notifications", number) % {"number": number}


def _part(language: str, lines: list[tuple[str, str]], more: int) -> dict[str, Any]:
    """What one language of an e-mail shows."""
    return {
        "language": language,
        "site": settings.SITE_IDENTITY["name"][language],
        "lines": lines,
        "more": more,
        "list": absolute_url(reverse("notifications")),
        "preferences": absolute_url(reverse("notification_preferences")),
    }

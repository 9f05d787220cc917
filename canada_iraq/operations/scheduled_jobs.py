"""Declares the daily jobs: deletion of everything whose time is over, and e-mails to people of the staff.

To add a job, add a line to `JOBS`. `scheduler` runs them: it calls each with a function `checkpoint`, which the job has
to call between short transactions, and which may raise to break it off. A job that was broken off is begun again, and
may even run twice at once where a machine was suspended for minutes, so it must do no harm then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import FailedLoginCount
from pages import indexes, notification_emails, notifications
from pages.models.notification import Delivery, Notification
from pages.models.preview_link import PreviewLink
from reports import digest, retention

Checkpoint = Callable[[], None]

# Rows deleted in one transaction: with more, people who write in that moment would wait.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of work. `run` returns what it did, in numbers, for the log; `name` stands in the database.

    It is done once a day, and besides whenever `has_work`, which is asked every minute, says that there is something
    to do.
    """

    name: str
    run: Callable[[Checkpoint], Mapping[str, int]]
    has_work: Callable[[], bool] = lambda: False


def delete_old_reports(checkpoint: Checkpoint) -> Mapping[str, int]:
    """Delete problem reports whose time is over. Raises ImproperlyConfigured where the settings make no sense."""
    deleted = retention.delete_due(tell=lambda gone: checkpoint())
    return {"deleted": deleted.total, "of them spam": deleted.marked, "still open": deleted.still_open}


def send_report_digest(checkpoint: Checkpoint) -> Mapping[str, int]:
    """Send owners of pages the numbers of reports by e-mail, nobody twice. Raises what `digest.send` does."""
    found = digest.due()
    done = digest.send(found, checkpoint=checkpoint)
    return {"sent": done.sent, "refused": done.refused, "pages without a reader": len(found.unreached)}


def notify_about_dates(checkpoint: Checkpoint) -> Mapping[str, int]:
    """Tell people of the staff of dates that are near, of each one once."""
    return {"notifications": notifications.notify_about_dates(checkpoint)}


def sending_of(*deliveries: Delivery) -> Callable[[Checkpoint], Mapping[str, int]]:
    """Return a job that sends notifications by e-mail, nobody twice. It raises what `notification_emails.send` does."""

    def send(checkpoint):
        done = notification_emails.send(deliveries, checkpoint)
        return {"sent": done.sent, "refused": done.refused}

    return send


def deletion_of(rows: Callable[[datetime], QuerySet]) -> Callable[[Checkpoint], Mapping[str, int]]:
    """Return a job that deletes, in batches, the rows that a function finds for the present moment."""

    def delete(checkpoint):
        ended, total = rows(timezone.now()), 0
        while keys := list(ended.order_by("pk").values_list("pk", flat=True)[:BATCH]):
            with transaction.atomic():
                _number, deleted = ended.filter(
                    pk__in=keys
                ).delete()  # except rows that were renewed in between
            total += deleted.get(ended.model._meta.label, 0)
            checkpoint()
        return {"deleted": total}

    return delete


def prune_indexes(checkpoint: Checkpoint) -> Mapping[str, int]:
    """Take out of the indexes what they hold of editions that have given way to scheduled ones."""
    return {"pages": indexes.prune(checkpoint)}


JOBS = (
    Job("delete_old_reports", delete_old_reports),
    Job("delete_ended_sessions", deletion_of(lambda now: Session.objects.filter(expire_date__lt=now))),
    Job("delete_failed_sign_ins", deletion_of(lambda now: FailedLoginCount.objects.filter(until__lte=now))),
    Job("delete_ended_preview_links", deletion_of(PreviewLink.objects.past_retention)),
    Job("delete_old_notifications", deletion_of(Notification.objects.past_retention)),
    Job("prune_indexes", prune_indexes),
    Job("notify_about_dates", notify_about_dates),
    Job("send_daily_notifications", sending_of(Delivery.NOW, Delivery.DAILY)),
    Job("send_notifications", sending_of(Delivery.NOW), notification_emails.is_due),
    Job("send_report_digest", send_report_digest),
)

"""What the owner of a page is told by e-mail: how many reports came and wait, and what is unusual or open for long.

Only numbers and addresses: what visitors wrote stays on the site. In both languages, as nobody’s choice is known.

`due` and `send` are for every day. They send each owner one e-mail a day at most, however many processes call them how
often, because `ReportDigest` records each recipient before the e-mail is sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db.models import Count, Max, Min
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from pages import placeholders
from pages.document import LANGUAGES
from pages.email_delivery import Postponed, deliver
from pages.integers import format_count
from pages.models.page import Page
from pages.public_urls import absolute_url

from . import report_statistics, retention
from .models import ReportDigest

# Finished days that one e-mail tells of at most, where none could be sent for longer.
MAX_DAYS = 31


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One page of a digest. `limit` is what is usual for a day; `is_unusual` when its last day was above it.

    `beyond` is how many of the open reports are older than closed ones are kept.
    """

    page: Page
    came: int
    open: int
    last_day: int
    limit: float
    is_unusual: bool
    beyond: int = 0

    @property
    def queue(self) -> str:
        return absolute_url(reverse("admin:reports_problemreport_changelist") + f"?page_id={self.page.pk}")


def lines(days: int = 1, today: date | None = None) -> list[DigestLine]:
    """Gives the pages of which there is news of the last `days` finished days, those with something unusual first.

    News are reports that came, and open ones that became older than closed ones are kept.
    """
    today = today or timezone.localdate()
    last = today - timedelta(days=1)
    busy = report_statistics.busy_days(last - timedelta(days=days - 1), last)
    waiting = {count.page_id: count.total for count in report_statistics.open_by_page()}
    beyond, newly = _beyond_limit(days, today)
    pages = Page.objects.filter(pk__in={*busy, *newly}).select_related("owner").order_by("pk")
    found = [
        _line(page, busy.get(page.pk), waiting.get(page.pk, 0), beyond.get(page.pk, 0)) for page in pages
    ]
    return sorted(found, key=lambda line: (not line.is_unusual, -line.came))


def _line(page, busy, waiting, beyond):
    came, unusual = (busy.came, busy.unusual) if busy else (0, (0, 0.0, False))
    return DigestLine(page, came, waiting, *unusual, beyond)


def _beyond_limit(days, today):
    """By page the number of open reports beyond the limit, and the pages with one that was not `days` days ago."""
    found = retention.open_beyond_limit(today).order_by().values_list("page_id")
    counts = list(found.annotate(number=Count("pk"), newest=Max("received_at")))
    before = retention.received_before(settings.REPORTS_KEPT_DAYS + days, today)
    return (
        {page: number for page, number, _newest in counts},
        {page for page, _number, newest in counts if newest >= before},
    )


def digests(found: list[DigestLine]) -> dict:
    """Gives the lines by owner; under None those whose owner has no e-mail address, or may not see reports now."""
    may_see = _accounts_with_access()
    owners = defaultdict(list)
    for line in found:
        owner = line.page.owner
        owners[owner if owner in may_see and owner.email else None].append(line)
    return owners


def _accounts_with_access():
    """Gives the accounts that would see the same numbers if they signed in, by rights that the site itself keeps."""
    permitted = get_user_model().objects.with_perm(
        "reports.view_problemreport", backend="django.contrib.auth.backends.ModelBackend"
    )
    return set(permitted.filter(is_staff=True))


def message(owner, own_lines: list[DigestLine]) -> EmailMessage:
    """The e-mail to one owner, English before French."""
    subjects, texts = [], []
    for language in LANGUAGES:
        with override(language):
            subjects.append(_subject(own_lines))
            titled = [(line, getattr(line.page, f"title_{language}")) for line in own_lines]
            limit = placeholders.value("reports_kept_days", language)
            texts.append(render_to_string("reports/digest.txt", {"lines": titled, "limit": limit}).strip())
    return EmailMessage(" / ".join(subjects), "\n\n---\n\n".join(texts) + "\n", to=[owner.email])


def _subject(own_lines):
    if any(line.is_unusual for line in own_lines):
        return _("Unusual number of problem reports")
    came = sum(line.came for line in own_lines)
    if not came:
        return _("Problem reports open for too long")
    return ngettext("%(number)d problem report", "%(number)d problem reports", came) % {"number": came}


# Once a day


@dataclass(frozen=True, slots=True)
class Due:
    """The e-mails up to a finished day that have not been sent: lines by account, and those that nobody can be sent."""

    day: date
    by_owner: dict = field(default_factory=dict)
    unreached: list[DigestLine] = field(default_factory=list)
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """How many e-mails were sent, and how many the server refused for good."""

    sent: int = 0
    refused: int = 0


def due(today: date | None = None) -> Due:
    """Gives the news of the days of which an owner has had no e-mail, `MAX_DAYS` at most, for each owner."""
    today = today or timezone.localdate()
    day = today - timedelta(days=1)
    known = ReportDigest.objects.filter(day__lte=day)
    last = _last_complete(known, day)
    if last == day:
        return Due(day, is_complete=True)
    begun = known.filter(day__gt=last, recipients__isnull=False).order_by()
    covered_until = dict(begun.values_list("recipients").annotate(last=Max("day")))
    by_days = {days: digests(lines(days, today)) for days in _lengths(day, last, covered_until)}
    everybody = by_days[(day - last).days]
    unreached = everybody.pop(None, [])
    by_owner = {}
    for owner in everybody:
        days = (day - covered_until.get(owner.pk, last)).days
        if days and owner in by_days[days]:
            by_owner[owner] = by_days[days][owner]
    return Due(day, by_owner, unreached)


def _last_complete(known, day):
    """Finds the last day whose e-mails are complete; the day before the first ones where none are complete yet."""
    complete = known.exclude(completed_at=None).aggregate(last=Max("day"))["last"]
    first = known.aggregate(first=Min("day"))["first"] or day
    return max(complete or first - timedelta(days=1), day - timedelta(days=MAX_DAYS))


def _lengths(day, last, covered_until):
    """Gives the numbers of days that e-mails have to cover: one, unless sending was broken off on another day."""
    return {(day - until).days for until in (last, *covered_until.values())} - {0}


def send(
    found: Due,
    tell: Callable[[object, list[DigestLine]], None] = lambda owner, own_lines: None,
    checkpoint: Callable[[], None] = lambda: None,
) -> Sent:
    """Sends what `due` found, and records each recipient before the e-mail is sent.

    `tell` is called after each e-mail, and `checkpoint` before each one, which may raise to break off. Raises OSError
    or SMTPException where the server fails, and Postponed where it takes some later. Calling it again sends the rest.
    An e-mail is not sent again where it is not known whether the server took it.
    """
    if found.is_complete:
        return Sent()
    record, _created = ReportDigest.objects.get_or_create(day=found.day)
    done = _send_all(record, found.by_owner, tell, checkpoint) if found.by_owner else Sent()
    record.completed_at = timezone.now()
    record.save(update_fields=["completed_at"])
    ReportDigest.objects.exclude(pk=record.pk).delete()
    return done


def _send_all(record, by_owner, tell, checkpoint):
    outcomes = []
    with get_connection() as connection:  # if this fails, no recipient has been recorded
        for owner, own_lines in by_owner.items():
            checkpoint()
            letter = message(owner, own_lines)
            if _claim(record, owner):
                release = partial(record.recipients.remove, owner)
                outcomes.append(deliver(connection, letter, release))
                if outcomes[-1] == "sent":
                    tell(owner, own_lines)
    if "postponed" in outcomes:
        raise Postponed(format_count(outcomes.count("postponed"), "email"))
    return Sent(outcomes.count("sent"), outcomes.count("refused"))


def _claim(record, owner):
    """Records a recipient; returns False where another process has sent the e-mail or is about to."""
    recipients = record.recipients.through.objects
    _row, is_new = recipients.get_or_create(reportdigest_id=record.pk, user_id=owner.pk)
    return is_new

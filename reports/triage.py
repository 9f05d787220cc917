"""What staff do about reports. Every change goes through here, and is told on the report’s timeline by whom and when.

Each function takes one report or several, locks them, leaves out those that it would not change, and returns how many
it changed.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pages import people

from . import daily_counts
from .models import Dismissal, ProblemReport, Severity, TimelineEntry
from .notifications import notify_owner

Status = ProblemReport.Status
Kind = TimelineEntry.Kind

# More than this at once would hold the database for too long.
MAX_BATCH = 5000


def assign_to(reports, *, by):
    """Makes somebody the owner of open reports, and puts the new ones in progress."""
    with transaction.atomic():
        open_ones = [report for report in _locked(reports) if report.is_open]
        started = [report for report in open_ones if report.status == Status.NEW]
        _update_and_log(
            started, Kind.STATUS, by=by, values={"to": Status.IN_PROGRESS}, status=Status.IN_PROGRESS
        )
        reassigned = [report for report in open_ones if report.owner_id != by.pk]
        _update_and_log(reassigned, Kind.OWNER, by=by, values={"to": people.name_of(by)}, owner=by)
        return len({report.pk for report in [*started, *reassigned]})


def update_details(report, *, by, owner, severity, due_on):
    """Says who looks after a report, how bad it is and by when it should be dealt with."""
    with transaction.atomic():
        [report] = _locked([report])
        changes = [
            (Kind.OWNER, "owner", owner, people.name_of(owner)),
            (Kind.SEVERITY, "severity", Severity(severity), int(severity)),
            (Kind.DUE, "due_on", due_on, due_on.isoformat() if due_on else ""),
        ]
        changed = 0
        for kind, name, value, logged in changes:
            if getattr(report, name) != value:
                changed += _update_and_log([report], kind, by=by, values={"to": logged}, **{name: value})
                if name == "owner":
                    notify_owner(report, value, by=by)
        return changed


def note(report, *, by, text):
    """Adds what a person has to say to the timeline."""
    return TimelineEntry.objects.create(report=report, kind=Kind.NOTE, text=text, **people.columns(by=by))


def dismiss(reports, *, by, reason, text=""):
    """Closes open reports without an edition. Duplicates are merged instead: they must say of what."""
    reason = Dismissal(reason)
    if reason == Dismissal.DUPLICATE:
        raise ValidationError(_("Enter the number of the report that it duplicates."))
    with transaction.atomic():
        open_ones = [report for report in _locked(reports) if report.is_open]
        values = {"reason": reason}
        closed = {"status": Status.DISMISSED, "dismissal": reason, "fixed_by": None}
        return _update_and_log(open_ones, Kind.DISMISSED, by=by, values=values, text=text, **closed)


def reopen(reports, *, by):
    """Puts reports that were closed, or wait for an edition, back in progress."""
    with transaction.atomic():
        others = [
            report for report in _locked(reports) if report.status in (Status.DISMISSED, Status.WAITING)
        ]
        back = {"status": Status.IN_PROGRESS, "dismissal": "", "fixed_by": None, "duplicate_of": None}
        return _update_and_log(others, Kind.STATUS, by=by, values={"to": Status.IN_PROGRESS}, **back)


def merge(reports, *, by, into=None):
    """Closes reports as duplicates of one of them: `into`, or the oldest that is open.

    None is lost: each stays whole and points at the one that goes on, and so do those that were merged into it
    before. Raises ValidationError when there is nothing to merge, or they are about different pages.
    """
    with transaction.atomic():
        locked = _locked([*reports, *([into] if into else [])])
        primary = _primary(locked, into)
        others = [report for report in locked if report.pk != primary.pk and report.is_open]
        if not others:
            raise ValidationError(_("Select at least two open reports to merge."))
        if any(report.page_id != primary.page_id for report in others):
            raise ValidationError(_("Only reports about the same page can be duplicates."))
        earlier = list(ProblemReport.objects.filter(duplicate_of__in=others))
        closed = {
            "status": Status.DISMISSED,
            "dismissal": Dismissal.DUPLICATE,
            "duplicate_of": primary,
            "fixed_by": None,
        }
        _update_and_log(others, Kind.MERGED, by=by, values={"into": primary.pk}, **closed)
        _update_and_log(earlier, Kind.MERGED, by=by, values={"into": primary.pk}, duplicate_of=primary)
        received = [report.pk for report in [*others, *earlier]]
        _update_and_log([primary], Kind.RECEIVED, by=by, values={"reports": received})
        return len(others)


def _primary(reports, into):
    """The report that goes on: never one that is itself a duplicate."""
    chosen = into or next((report for report in reports if report.is_open), None)
    if chosen is None:
        raise ValidationError(_("Select at least two open reports to merge."))
    found = next((report for report in reports if report.pk == chosen.pk), None)
    if found is None:
        raise ValidationError(_("No report has that number."))
    return found.duplicate_of or found


def link_to_fix(reports, edition, *, by):
    """Says that an edition of their page fixes open reports: they close when it becomes public, and not before."""
    with transaction.atomic():
        open_ones = [
            report for report in _locked(reports) if report.is_open and report.page_id == edition.page_id
        ]
        values = {"edition": edition.number}
        return _update_and_log(
            open_ones, Kind.FIXED, by=by, values=values, status=Status.WAITING, fixed_by=edition
        )


def mark_not_spam(reports, *, by):
    """Returns reports that were held as spam to the queue."""
    with transaction.atomic():
        held = [report for report in _locked(reports) if report.spam_sign]
        daily_counts.move_from_spam(held)
        for report in held:
            _log([report], Kind.SPAM, by=by, values={"sign": report.spam_sign})
        return _update(held, spam_sign="")


def _locked(reports):
    """The reports as they are now, oldest first, held until the end of the transaction."""
    keys = {report.pk for report in reports}
    if len(keys) > MAX_BATCH:
        raise ValidationError(
            _("Select %(number)s reports or fewer at a time.") % {"number": MAX_BATCH}, code="too_many"
        )
    locked = ProblemReport.objects.filter(pk__in=keys).select_for_update(of=("self",))
    return list(locked.select_related("fixed_by", "duplicate_of", "owner").order_by("received_at", "pk"))


def _update_and_log(reports, kind, *, by, values, text="", **columns):
    _log(reports, kind, by=by, values=values, text=text)
    return _update(reports, **columns)


def _log(reports, kind, *, by, values, text=""):
    author = people.columns(by=by)
    TimelineEntry.objects.bulk_create(
        [TimelineEntry(report=report, kind=kind, values=values, text=text, **author) for report in reports],
        batch_size=500,
    )


def _update(reports, **columns):
    if columns:
        ProblemReport.objects.filter(pk__in=[report.pk for report in reports]).update(**columns)
    return len(reports)

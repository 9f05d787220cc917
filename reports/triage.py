"""What staff do about reports. Every change goes through here, and is told on the report’s timeline by whom and when.

Each function takes one report or several, locks them, leaves out those that it would not change, and returns how many
it changed.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from . import counts
from .models import Dismissal, ProblemReport, Severity, TimelineEntry

Status = ProblemReport.Status
Kind = TimelineEntry.Kind

# More than this at once would hold the database for too long.
AT_ONCE = 5000


def take(reports, *, by):
    """Makes somebody the owner of open reports, and puts the new ones in progress."""
    with transaction.atomic():
        open_ones = [report for report in _locked(reports) if report.is_open]
        started = [report for report in open_ones if report.status == Status.NEW]
        _set(started, Kind.STATUS, by=by, values={"to": Status.IN_PROGRESS}, status=Status.IN_PROGRESS)
        taken = [report for report in open_ones if report.owner_id != by.pk]
        _set(taken, Kind.OWNER, by=by, values={"to": by.get_username()}, owner=by)
        return len({report.pk for report in [*started, *taken]})


def organize(report, *, by, owner, severity, due_on):
    """Says who looks after a report, how bad it is and by when it should be dealt with."""
    with transaction.atomic():
        [report] = _locked([report])
        changes = [
            (Kind.OWNER, "owner", owner, owner.get_username() if owner else ""),
            (Kind.SEVERITY, "severity", Severity(severity), int(severity)),
            (Kind.DUE, "due_on", due_on, due_on.isoformat() if due_on else ""),
        ]
        changed = 0
        for kind, name, value, told in changes:
            if getattr(report, name) != value:
                changed += _set([report], kind, by=by, values={"to": told}, **{name: value})
        return changed


def note(report, *, by, text):
    """Adds what a person has to say to the timeline."""
    return TimelineEntry.objects.create(report=report, by=by, kind=Kind.NOTE, text=text)


def dismiss(reports, *, by, reason, text=""):
    """Closes open reports without an edition. Duplicates are merged instead: they must say of what."""
    reason = Dismissal(reason)
    if reason == Dismissal.DUPLICATE:
        raise ValidationError(_("Say which report it is a duplicate of."))
    with transaction.atomic():
        open_ones = [report for report in _locked(reports) if report.is_open]
        values = {"reason": reason}
        closed = {"status": Status.DISMISSED, "dismissal": reason, "fixed_by": None}
        return _set(open_ones, Kind.DISMISSED, by=by, values=values, text=text, **closed)


def reopen(reports, *, by):
    """Puts reports that were closed, or wait for an edition, back in progress."""
    with transaction.atomic():
        others = [
            report for report in _locked(reports) if report.status in (Status.DISMISSED, Status.WAITING)
        ]
        back = {"status": Status.IN_PROGRESS, "dismissal": "", "fixed_by": None, "duplicate_of": None}
        return _set(others, Kind.STATUS, by=by, values={"to": Status.IN_PROGRESS}, **back)


def merge(reports, *, by, into=None):
    """Closes reports as duplicates of one of them: `into`, or the oldest that is open.

    None is lost: each stays whole and points at the one that goes on, and so do those that were merged into it
    before. Raises ValidationError when there is nothing to merge, or they are about different pages.
    """
    with transaction.atomic():
        every = _locked([*reports, *([into] if into else [])])
        primary = _primary(every, into)
        others = [report for report in every if report.pk != primary.pk and report.is_open]
        if not others:
            raise ValidationError(_("Choose at least two open reports to merge."))
        if any(report.page_id != primary.page_id for report in others):
            raise ValidationError(_("Only reports about the same page can be duplicates."))
        earlier = list(ProblemReport.objects.filter(duplicate_of__in=others))
        closed = {
            "status": Status.DISMISSED,
            "dismissal": Dismissal.DUPLICATE,
            "duplicate_of": primary,
            "fixed_by": None,
        }
        _set(others, Kind.MERGED, by=by, values={"into": primary.pk}, **closed)
        _set(earlier, Kind.MERGED, by=by, values={"into": primary.pk}, duplicate_of=primary)
        received = [report.pk for report in [*others, *earlier]]
        _set([primary], Kind.RECEIVED, by=by, values={"reports": received})
        return len(others)


def _primary(reports, into):
    """The report that goes on: never one that is itself a duplicate."""
    chosen = into or next((report for report in reports if report.is_open), None)
    if chosen is None:
        raise ValidationError(_("Choose at least two open reports to merge."))
    found = next((report for report in reports if report.pk == chosen.pk), None)
    if found is None:
        raise ValidationError(_("There is no report of that number."))
    return found.duplicate_of or found


def fix(reports, edition, *, by):
    """Says that an edition of their page fixes open reports: they close when it becomes public, and not before."""
    with transaction.atomic():
        open_ones = [
            report for report in _locked(reports) if report.is_open and report.page_id == edition.page_id
        ]
        values = {"edition": edition.number}
        return _set(open_ones, Kind.FIXED, by=by, values=values, status=Status.WAITING, fixed_by=edition)


def welcome(reports, *, by):
    """Puts reports that were kept apart as spam into the queue."""
    with transaction.atomic():
        marked = [report for report in _locked(reports) if report.spam_sign]
        counts.unmark(marked)
        for report in marked:
            _tell([report], Kind.SPAM, by=by, values={"sign": report.spam_sign})
        return _write(marked, spam_sign="")


def _locked(reports):
    """The reports as they are now, oldest first, held until the end of the transaction."""
    keys = {report.pk for report in reports}
    if len(keys) > AT_ONCE:
        raise ValidationError(
            _("Choose at most %(number)s reports at once.") % {"number": AT_ONCE}, code="too_many"
        )
    locked = ProblemReport.objects.filter(pk__in=keys).select_for_update(of=("self",))
    return list(locked.select_related("fixed_by", "duplicate_of", "owner").order_by("received_at", "pk"))


def _set(reports, kind, *, by, values, text="", **columns):
    _tell(reports, kind, by=by, values=values, text=text)
    return _write(reports, **columns)


def _tell(reports, kind, *, by, values, text=""):
    TimelineEntry.objects.bulk_create(
        [TimelineEntry(report=report, by=by, kind=kind, values=values, text=text) for report in reports],
        batch_size=500,
    )


def _write(reports, **columns):
    if columns:
        ProblemReport.objects.filter(pk__in=[report.pk for report in reports]).update(**columns)
    return len(reports)

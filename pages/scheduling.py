"""Keeps scheduled archives and withdrawals in step with the text that is live when they fall due."""

from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from django.db.models import Q
from django.utils import timezone

from .models.edition import TEXT_COLUMNS, Edition, Emergency

CARRIED = ("language", "reason", "due_on", "since", "agreed_id")


def follow(pages, since):
    """Gives each archive and withdrawal from a date and time on the text of the edition that is live just before it.

    `since` is the earliest time at which what is public of these pages has just changed. Call it under the lock of the
    pages, in the transaction that changes them: two queries, and two more where texts differ, for any number of
    pages. Returns the editions to come that nothing is left for, because the page is not public or is withdrawn by
    then: the caller cancels them. One that is due stays: it explains the withdrawal of a page that is withdrawn.
    """
    changes = Edition.objects.approved().changes_of_state().filter(page__in=pages, publish_at__gte=since)
    affected = list(changes.order_by("page").values_list("page", flat=True).distinct())
    if not affected:
        return []
    differing, void = [], []
    for _page, editions in groupby(_from(affected, since), key=attrgetter("page_id")):
        _walk(editions, since, differing, void)
    Edition.objects.bulk_update([edition for edition, _before in differing], TEXT_COLUMNS)
    _carry_emergencies(differing)
    return void


def _from(pages, since):
    """The editions of some pages that are live from a date and time on, in the order in which they are."""
    approved = Edition.objects.approved().filter(page__in=pages)
    just_before = Edition.objects.live(since - timedelta(microseconds=1)).filter(page__in=pages)
    reached = Q(publish_at__gte=since) | Q(pk__in=just_before.values("pk"))
    return (
        approved.filter(reached).select_related("emergency_record").order_by("page", "publish_at", "number")
    )


def _walk(editions, since, differing, void):
    before, emergency = None, None
    for edition in editions:
        if edition.changes_state and edition.publish_at >= since:
            if _has_nothing_left(edition, before):
                void.append(edition)
                continue
            if edition.take_text(before) | (_carried(edition.emergency) != _carried(emergency)):
                differing.append((edition, emergency))
        else:
            emergency = edition.emergency
        before = edition


def _has_nothing_left(edition, before):
    is_public = before is not None and before.kind != Edition.Kind.WITHDRAWN
    return not is_public and edition.publish_at > timezone.now()


def _carried(emergency):
    return emergency and [getattr(emergency, name) for name in CARRIED]


def _carry_emergencies(differing):
    """What is archived or withdrawn is public in one language only, exactly where the text that it keeps is."""
    Emergency.objects.filter(edition__in=[edition for edition, _emergency in differing]).delete()
    Emergency.objects.bulk_create(
        Emergency(edition=edition, **{name: getattr(emergency, name) for name in CARRIED})
        for edition, emergency in differing
        if emergency
    )

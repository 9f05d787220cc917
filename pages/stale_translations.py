"""Which translations wait for a look because only the other language changed, and what people decided about them.

Everything follows from texts: those of the working copy, of the live edition and of the decisions. Never from time.
While a page is public in one language only, it is compared with the last edition in which both said the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from . import comparison, people, working_copy
from .comparison import Stale, TranslationDecisions
from .document import Document, texts
from .models.draft_status import StaleTextCount
from .models.edition import Edition
from .models.page import Page
from .models.review import TranslationDecision


def stale_texts(page, document: Document, live: Edition | None) -> tuple[Stale, ...]:
    """The stale texts of one page: one query. `live` is its live edition with its document and `emergency_record`."""
    if live is None:
        return ()
    return comparison.stale(document, _baseline(live).read(), _decisions([page.pk])[page.pk])


def outstanding_after_emergency(document: Document) -> tuple[Stale, ...]:
    """What became public in one language only, in an emergency, and is not yet in the other one in this document."""
    emergencies = Edition.objects.live().filter(page__key=document.key, emergency_record__isnull=False)
    live = emergencies.select_related("page", "emergency_record__agreed").first()
    if live is None:
        return ()
    emergency = live.emergency
    one_sided = {stale.path for stale in comparison.stale(live.read(), emergency.agreed.read())}
    return tuple(
        stale
        for stale in stale_texts(live.page, document, live)
        if stale.path in one_sided and stale.untouched == emergency.language_due
    )


def stale_texts_by_page(pages, statuses) -> dict[int, tuple[Stale, ...]]:
    """By primary key, for pages fetched `with_content()`: two queries, however many pages."""
    decisions = _decisions([page.pk for page in pages])
    candidates = [page for page in pages if _may_be_stale(statuses[page.pk], decisions[page.pk])]
    ids = [_baseline_id(statuses[page.pk].live) for page in candidates]
    baselines = {edition.page_id: edition for edition in Edition.objects.filter(pk__in=ids)}
    found = {
        page.pk: comparison.stale(working_copy.read(page), baselines[page.pk].read(), decisions[page.pk])
        for page in candidates
    }
    return {page.pk: found.get(page.pk, ()) for page in pages}


def _may_be_stale(status, decisions) -> bool:
    live = status.live
    return bool(live and (status.is_changed or decisions.later or live.emergency))


def _baseline(edition: Edition) -> Edition:
    """The last edition in which both languages said the same, up to this one."""
    return edition.emergency.agreed if edition.emergency else edition


def _baseline_id(edition: Edition) -> int:
    return edition.emergency.agreed_id if edition.emergency else edition.pk


def _decisions(pages) -> dict[int, TranslationDecisions]:
    rows = defaultdict(list)
    for row in TranslationDecision.objects.filter(page__in=pages):
        rows[row.page_id].append(row)
    return {page: _settled_and_later(rows[page]) for page in pages}


def _settled_and_later(rows) -> TranslationDecisions:
    """What was to be translated later and then was said to need no change is settled."""
    key = {row: (tuple(row.path.split("/")), row.digest) for row in rows}
    settled = {key[row] for row in rows if row.kind == TranslationDecision.Kind.NO_CHANGE}
    later = {key[row]: (row.language, row.before) for row in rows if key[row] not in settled}
    return TranslationDecisions(frozenset(settled), later)


def decide(page, document: Document, stale: Iterable[Stale], *, by, kind, reason="") -> None:
    """Keeps what somebody decided on some stale texts of a document, for exactly the texts that it has now.

    Raises ValidationError when texts are said to need no change without a reason.
    """
    if kind == TranslationDecision.Kind.NO_CHANGE and not reason:
        raise ValidationError(_("Explain why it needs no change. Your reason is kept on record."))
    values = {text.path: text.value for text in texts(document)}
    for text in stale:
        TranslationDecision.objects.get_or_create(
            page=page,
            path="/".join(text.path),
            digest=comparison.fingerprint(values[text.path]),
            kind=kind,
            defaults={
                "language": text.untouched,
                "before": text.before,
                "reason": reason,
                **people.columns(by=by),
            },
        )
    save_counts({page: document})


def save_counts(documents: Mapping[Page, Document]) -> None:
    """Counts the stale texts of some working copies anew, about which somebody has just decided."""
    StaleTextCount.objects.filter(page__in=[page.pk for page in documents]).delete()
    StaleTextCount.objects.bulk_create(counts(documents))


def counts(documents: Mapping[Page, Document]) -> list[StaleTextCount]:
    """Counts the stale texts of working copies beside the editions that are live or scheduled: see `StaleTextCount`.

    Returns rows that are not saved yet, none for an edition without stale texts.
    """
    ids = [page.pk for page in documents]
    drafts = {page.pk: document for page, document in documents.items()}
    decisions = _decisions(ids)
    editions = Edition.objects.filter(page__in=ids).select_related("emergency_record__agreed")
    found = []
    for edition in editions.filter(
        Q(pk__in=editions.live().values("pk")) | Q(pk__in=editions.scheduled().values("pk"))
    ):
        page = edition.page_id
        stale = comparison.stale(drafts[page], _baseline(edition).read(), decisions[page])
        found += [StaleTextCount(edition=edition, page_id=page, texts=len(stale))] if stale else []
    return found

"""Which translations wait for a look because only the other language changed, and what people decided about them.

Everything follows from texts: those of the working copy, of the live edition and of the decisions. Never from time.
While a page is public in one language only, it is compared with the last edition in which both said the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from . import comparison, working_copy
from .comparison import Decided, Stale
from .decisions import TranslationDecision
from .document import Document, texts
from .editions import Edition
from .rows import Page
from .tallies import StaleTally


def of_document(page, document: Document, live: Edition | None) -> tuple[Stale, ...]:
    """The stale texts of one page: one query. `live` is its live edition with its document and `emergency_record`."""
    if live is None:
        return ()
    return comparison.stale(document, _agreed(live).read(), _decided([page.pk])[page.pk])


def owed(document: Document) -> tuple[Stale, ...]:
    """What became public in one language only, in an emergency, and is not yet in the other one in this document."""
    emergencies = Edition.objects.live().filter(page__key=document.key, emergency_record__isnull=False)
    live = emergencies.select_related("page", "emergency_record__agreed").first()
    if live is None:
        return ()
    emergency = live.emergency
    alone = {each.path for each in comparison.stale(live.read(), emergency.agreed.read())}
    return tuple(
        each
        for each in of_document(live.page, document, live)
        if each.path in alone and each.untouched == emergency.language_due
    )


def of_pages(pages, standings) -> dict[int, tuple[Stale, ...]]:
    """By primary key, for pages fetched `with_content()`: two queries, however many pages."""
    decided = _decided([page.pk for page in pages])
    asked = [page for page in pages if _may_be_stale(standings[page.pk], decided[page.pk])]
    ids = [_id_of_agreed(standings[page.pk].live) for page in asked]
    agreed = {edition.page_id: edition for edition in Edition.objects.filter(pk__in=ids)}
    found = {
        page.pk: comparison.stale(working_copy.read(page), agreed[page.pk].read(), decided[page.pk])
        for page in asked
    }
    return {page.pk: found.get(page.pk, ()) for page in pages}


def _may_be_stale(standing, decided) -> bool:
    live = standing.live
    return bool(live and (standing.is_changed or decided.later or live.emergency))


def _agreed(edition: Edition) -> Edition:
    """The last edition in which both languages said the same, up to this one."""
    return edition.emergency.agreed if edition.emergency else edition


def _id_of_agreed(edition: Edition) -> int:
    return edition.emergency.agreed_id if edition.emergency else edition.pk


def _decided(pages) -> dict[int, Decided]:
    rows = defaultdict(list)
    for row in TranslationDecision.objects.filter(page__in=pages):
        rows[row.page_id].append(row)
    return {page: _by_text(rows[page]) for page in pages}


def _by_text(rows) -> Decided:
    """What was to be translated later and then was said to need no change is settled."""
    key = {row: (tuple(row.path.split("/")), row.digest) for row in rows}
    settled = {key[row] for row in rows if row.kind == TranslationDecision.Kind.NO_CHANGE}
    later = {key[row]: (row.language, row.before) for row in rows if key[row] not in settled}
    return Decided(frozenset(settled), later)


def decide(page, document: Document, stale: Iterable[Stale], *, by, kind, reason="") -> None:
    """Keeps what somebody decided on some stale texts of a document, for exactly the texts that it has now.

    Raises ValidationError when texts are said to need no change without a reason.
    """
    if kind == TranslationDecision.Kind.NO_CHANGE and not reason:
        raise ValidationError(_("Say why it needs no change: the reason is kept."))
    values = {text.path: text.value for text in texts(document)}
    for each in stale:
        TranslationDecision.objects.get_or_create(
            page=page,
            path="/".join(each.path),
            digest=comparison.fingerprint(values[each.path]),
            kind=kind,
            defaults={"language": each.untouched, "before": each.before, "reason": reason, "by": by},
        )
    tally({page: document})


def renew(pages) -> None:
    """Counts the stale texts of some pages anew, whose editions have just changed."""
    ids = {page.pk for page in pages}
    tally({page: working_copy.read(page) for page in Page.objects.with_content().filter(pk__in=ids)})


def tally(documents: Mapping[Page, Document]) -> None:
    """Counts the stale texts of working copies beside the editions that are live or scheduled: see `StaleTally`."""
    ids = [page.pk for page in documents]
    written = {page.pk: document for page, document in documents.items()}
    decided = _decided(ids)
    ours = Edition.objects.filter(page__in=ids).select_related("emergency_record__agreed")
    StaleTally.objects.filter(page__in=ids).delete()
    found = []
    for edition in ours.filter(Q(pk__in=ours.live().values("pk")) | Q(pk__in=ours.scheduled().values("pk"))):
        page = edition.page_id
        stale = comparison.stale(written[page], _agreed(edition).read(), decided[page])
        found += [StaleTally(edition=edition, page_id=page, texts=len(stale))] if stale else []
    StaleTally.objects.bulk_create(found)

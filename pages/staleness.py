"""Which translations wait for a look because only the other language changed, and what people decided about them.

Everything follows from texts: those of the working copy, of the live edition and of the decisions. Never from time.
"""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import comparison, working_copy
from .comparison import Decided, Stale
from .decisions import TranslationDecision
from .document import Document, texts
from .editions import Edition


def of_document(page, document: Document, live: Edition | None) -> tuple[Stale, ...]:
    """The stale texts of one page: one query. `live` is its live edition with its document."""
    if live is None:
        return ()
    return comparison.stale(document, live.read(), _decided([page.pk])[page.pk])


def of_pages(pages, standings) -> dict[int, tuple[Stale, ...]]:
    """By primary key, for pages fetched `with_content()`: two queries, however many pages."""
    decided = _decided([page.pk for page in pages])
    asked = [page for page in pages if standings[page.pk].is_changed or decided[page.pk].later]
    ids = [standings[page.pk].live.pk for page in asked if standings[page.pk].live]
    live = {edition.page_id: edition for edition in Edition.objects.filter(pk__in=ids)}
    found = {
        page.pk: comparison.stale(working_copy.read(page), live[page.pk].read(), decided[page.pk])
        for page in asked
        if page.pk in live
    }
    return {page.pk: found.get(page.pk, ()) for page in pages}


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


def decide(page, document: Document, stale: Stale, *, by, kind, reason="") -> None:
    """Keeps what somebody decided on one stale text of a document, for exactly the texts that it has now.

    Raises ValidationError when a text is said to need no change without a reason.
    """
    if kind == TranslationDecision.Kind.NO_CHANGE and not reason:
        raise ValidationError(_("Say why it needs no change: the reason is kept."))
    value = next(text.value for text in texts(document) if text.path == stale.path)
    TranslationDecision.objects.get_or_create(
        page=page,
        path="/".join(stale.path),
        digest=comparison.fingerprint(value),
        kind=kind,
        defaults={"language": stale.untouched, "before": stale.before, "reason": reason, "by": by},
    )

"""What the owner of a page is told by e-mail: how many reports came, how many wait, and whether it is unusual.

Only numbers and addresses: what visitors wrote stays on the site. In both languages, as nobody’s choice is known.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from pages.addresses import absolute
from pages.document import LANGUAGES
from pages.rows import Page

from . import statistics


@dataclass(frozen=True, slots=True)
class Line:
    """One page of a digest. `limit` is what is usual for a day; `is_unusual` when its last day was above it."""

    page: Page
    came: int
    open: int
    last_day: int
    limit: float
    is_unusual: bool

    @property
    def queue(self) -> str:
        return absolute(reverse("admin:reports_problemreport_changelist") + f"?page_id={self.page.pk}")


def lines(days: int = 1, today: date | None = None) -> list[Line]:
    """The pages on which reports came in the last `days` finished days, those with something unusual first."""
    today = today or timezone.localdate()
    last = today - timedelta(days=1)
    busy = statistics.busy_days(last - timedelta(days=days - 1), last)
    waiting = {count.page_id: count.total for count in statistics.open_by_page()}
    pages = Page.objects.filter(pk__in=busy).select_related("owner").order_by("pk")
    found = [
        Line(page, busy[page.pk].came, waiting.get(page.pk, 0), *busy[page.pk].unusual) for page in pages
    ]
    return sorted(found, key=lambda line: (not line.is_unusual, -line.came))


def digests(found: list[Line]) -> dict:
    """The lines by owner; under None those whose page has no owner with an e-mail address who may still log in."""
    owners = defaultdict(list)
    for line in found:
        owner = line.page.owner
        reachable = owner is not None and owner.is_active and owner.email
        owners[owner if reachable else None].append(line)
    return owners


def message(owner, mine: list[Line]) -> EmailMessage:
    """The e-mail to one owner, English before French."""
    subjects, texts = [], []
    for language in LANGUAGES:
        with override(language):
            subjects.append(_subject(mine))
            titled = [(line, getattr(line.page, f"title_{language}")) for line in mine]
            texts.append(render_to_string("reports/digest.txt", {"lines": titled}).strip())
    return EmailMessage(" / ".join(subjects), "\n\n---\n\n".join(texts) + "\n", to=[owner.email])


def _subject(mine):
    if any(line.is_unusual for line in mine):
        return _("Unusually many problem reports")
    came = sum(line.came for line in mine)
    return ngettext("%(number)d problem report", "%(number)d problem reports", came) % {"number": came}

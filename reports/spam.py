"""Small named signs that no person wrote a report. Each shows one that has it and one that has not.

A report with a sign is held as spam and deleted sooner, and its sender is thanked like everyone else. There is no
puzzle and no third party. A page is kept whole by caches, one for all visitors, so nothing in it can tell when this
visitor got it: `too_fast` judges only the form shown again after an error, which is made for one visitor.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Submission:
    """What was sent and how, as far as the signs need it; `details` are redacted."""

    details: str = ""
    reasons: tuple[str, ...] = ()
    language: str = "en"
    decoy: str = ""
    form_languages: tuple[str, ...] = ()
    seconds_since_shown: float | None = None
    sent_before: bool = False


@dataclass(frozen=True)
class SpamSignal:
    code: str
    label: str | Promise
    is_in: Callable[[Submission], bool]
    present: Submission
    absent: Submission


# A person needs longer than this to find and mend one mistake.
MIN_SECONDS = 2
LINK = re.compile(r"(?:https?://|www\.)\S{1,300}+", re.IGNORECASE)
MARKUP = re.compile(r"<a\s|\[(?:url|link)\b|\]\(https?://", re.IGNORECASE)


def fills_honeypot(submission: Submission) -> bool:
    return bool(submission.decoy)


def is_too_fast(submission: Submission) -> bool:
    seconds = submission.seconds_since_shown
    return seconds is not None and seconds < MIN_SECONDS


def repeats_itself(submission: Submission) -> bool:
    return submission.sent_before


def holds_links_only(submission: Submission) -> bool:
    """Somebody who reports a broken link may well paste nothing else."""
    links = LINK.findall(submission.details)
    rest = re.search(r"[^\W\d_]{2}", LINK.sub(" ", submission.details))
    return bool(links) and not rest and "broken" not in submission.reasons


def holds_link_markup(submission: Submission) -> bool:
    return MARKUP.search(submission.details) is not None


def mixes_the_languages(submission: Submission) -> bool:
    """Our form names its own language once. Robots fill in both forms at once, or post one to the other's address."""
    return any(language != submission.language for language in submission.form_languages)


SIGNALS = (
    SpamSignal(
        "decoy",
        _("A hidden field was filled in"),
        fills_honeypot,
        present=Submission(details="Nice page", decoy="Great offer"),
        absent=Submission(details="Nice page"),
    ),
    SpamSignal(
        "too_fast",
        _("Submitted faster than a person could read the form"),
        is_too_fast,
        present=Submission(details="Table 2 is empty", seconds_since_shown=0.4),
        absent=Submission(details="Table 2 is empty", seconds_since_shown=9),
    ),
    SpamSignal(
        "repeated",
        _("The same text was already received from the same sender"),
        repeats_itself,
        present=Submission(details="Table 2 is empty", sent_before=True),
        absent=Submission(details="Table 2 is empty"),
    ),
    SpamSignal(
        "links_only",
        _("Only links"),
        holds_links_only,
        present=Submission(details="https://casino.example/win http://pills.example"),
        absent=Submission(details="https://www.example.org/rapport", reasons=("broken",)),
    ),
    SpamSignal(
        "link_markup",
        _("Links written in HTML or forum code"),
        holds_link_markup,
        present=Submission(details='Nice! <a href="https://casino.example">win</a>'),
        absent=Submission(details="The link to https://www.example.org is missing from [3]"),
    ),
    SpamSignal(
        "mixed_languages",
        _("Form in one language submitted to the address of the other"),
        mixes_the_languages,
        present=Submission(details="Bonjour", language="en", form_languages=("fr",)),
        absent=Submission(details="Bonjour", language="en", form_languages=("en",)),
    ),
)


def detect(submission: Submission) -> str:
    """The code of the first sign found, or nothing."""
    return next((signal.code for signal in SIGNALS if signal.is_in(submission)), "")

"""Small named signs that no person wrote a report. Each shows one that has it and one that has not.

A report with a sign is kept apart and deleted sooner, and its sender is thanked like everybody else. There is no
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
class Sign:
    code: str
    label: str | Promise
    is_in: Callable[[Submission], bool]
    present: Submission
    absent: Submission


# A person needs longer than this to find and mend one mistake.
SECONDS_TO_READ = 2
LINK = re.compile(r"(?:https?://|www\.)\S{1,300}+", re.IGNORECASE)
MARKUP = re.compile(r"<a\s|\[(?:url|link)\b|\]\(https?://", re.IGNORECASE)


def fills_the_decoy(submission: Submission) -> bool:
    return bool(submission.decoy)


def is_too_fast(submission: Submission) -> bool:
    seconds = submission.seconds_since_shown
    return seconds is not None and seconds < SECONDS_TO_READ


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


SIGNS = (
    Sign(
        "decoy",
        _("A field that people do not see was filled in"),
        fills_the_decoy,
        present=Submission(details="Nice page", decoy="Great offer"),
        absent=Submission(details="Nice page"),
    ),
    Sign(
        "too_fast",
        _("Sent again faster than a person reads"),
        is_too_fast,
        present=Submission(details="Table 2 is empty", seconds_since_shown=0.4),
        absent=Submission(details="Table 2 is empty", seconds_since_shown=9),
    ),
    Sign(
        "repeated",
        _("The same sender sent the same text before"),
        repeats_itself,
        present=Submission(details="Table 2 is empty", sent_before=True),
        absent=Submission(details="Table 2 is empty"),
    ),
    Sign(
        "links_only",
        _("Nothing but links"),
        holds_links_only,
        present=Submission(details="https://casino.example/win http://pills.example"),
        absent=Submission(details="https://www.example.org/rapport", reasons=("broken",)),
    ),
    Sign(
        "link_markup",
        _("Links in the code of web pages or forums"),
        holds_link_markup,
        present=Submission(details='Nice! <a href="https://casino.example">win</a>'),
        absent=Submission(details="The link to https://www.example.org is missing from [3]"),
    ),
    Sign(
        "mixed_languages",
        _("The form of one language sent to the address of the other"),
        mixes_the_languages,
        present=Submission(details="Bonjour", language="en", form_languages=("fr",)),
        absent=Submission(details="Bonjour", language="en", form_languages=("en",)),
    ),
)


def sign_of(submission: Submission) -> str:
    """The code of the first sign found, or nothing."""
    return next((sign.code for sign in SIGNS if sign.is_in(submission)), "")

"""Which dates a text may name: those that exist, on the day of the week that they fall on."""

import pytest

from pages.content_checks import findings
from pages.content_checks.calendar_dates import RULES
from pages.content_checks.examples import page_with
from pages.document import Bilingual


def said_of(language, text):
    page = page_with("body", Bilingual(**{language: text}))
    ids = {rule.id for rule in RULES}
    return [
        (found.rule.id, found.params.get("right", "")) for found in findings(page) if found.rule.id in ids
    ]


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "On Thursday, July 31, 2026, it opens.", [("weekday-wrong", "Friday")]),
        ("en", "On Thursday the 31st of July 2026 it opens.", [("weekday-wrong", "Friday")]),
        ("en", "On Thursday 31 July 2026 it opens.", [("weekday-wrong", "Friday")]),
        ("en", "On Friday, July 31, 2026, it opens.", []),
        ("en", "It opens on July 31, 2026.", []),
        ("en", "It opened on February 29, 2024.", []),
        ("en", "It opened on February 29, 2023.", [("date-impossible", "")]),
        ("en", "It opened on Monday, February 29, 2023.", [("date-impossible", "")]),
        ("en", "It opened on July 0, 2023.", [("date-impossible", "")]),
        ("en", "From June 28–31 2016 it was open.", []),
        ("en", "The Julian calendar had a Friday, February 29, 1700.", []),
        ("en", "In August 2026, 31 people came.", []),
        ("fr", "Ouvert le jeudi 31 juillet 2026.", [("weekday-wrong", "vendredi")]),
        ("fr", "Ouvert le Jeudi, le 31 juillet 2026.", [("weekday-wrong", "vendredi")]),
        ("fr", "Ouvert le vendredi 1er mai 2026.", []),
        ("fr", "Ouvert le 31 juin 2026.", [("date-impossible", "")]),
    ],
)
def test_a_date_exists_and_falls_on_the_day_that_is_named(language, text, said):
    assert said_of(language, text) == said

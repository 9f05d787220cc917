"""Reports that tell of the same problem are found, in one language and across the two; others are not."""

import pytest

from reports.duplicates import (
    ReportText,
    duplicate_groups,
    find_duplicates,
    is_duplicate,
    numbers_in,
    similarity,
    trigrams,
)


def a_remark(number=1, language="en", **changes):
    return ReportText(number=number, language=language, **changes)


MISSING, OUTDATED = frozenset({"missing"}), frozenset({"outdated"})
HERE = {"section": "trade", "reasons": OUTDATED}

PAIRS = [
    # the first, the second, whether they are alike
    ({"details": "Table 2 is empty"}, {"details": "table 2 is empty!"}, True),
    ({"details": "The link to the report is brokn"}, {"details": "The link to the report is broken"}, True),
    ({"details": "Table 2 is empty"}, {"details": "The minister’s name is wrong"}, False),
    (
        HERE | {"details": "Exports were 850 million, not 480"},
        {"language": "fr", **HERE, "details": "Les exportations : 850 millions et non 480"},
        True,
    ),
    (
        {"details": "Exports were 850 million, not 480"},
        {"language": "fr", "details": "Les exportations : 850 millions et non 480"},
        True,
    ),
    ({"details": "It was in 2020"}, {"language": "fr", "details": "Le texte date de 2020"}, False),
    (HERE | {"details": "It was in 2020"}, {"language": "fr", **HERE, "details": "Depuis 2020, non"}, True),
    (HERE | {"details": "850 in 2020"}, {"language": "fr", **HERE, "details": "850, non 483"}, False),
    (HERE, {"language": "fr", **HERE}, True),
    (HERE, {"section": "trade", "reasons": OUTDATED | MISSING}, False),
    ({"reasons": OUTDATED}, {"reasons": OUTDATED}, False),
    (HERE | {"details": "numbers look old"}, HERE | {"details": "old numbers here"}, True),
    ({"details": "numbers look old"}, {"details": "old numbers here"}, False),
    (HERE | {"details": "Table 2 is empty"}, HERE, False),
]


@pytest.mark.parametrize(("first", "second", "expected"), PAIRS)
def test_two_reports_are_told_to_be_about_the_same_problem(first, second, expected):
    one, other = a_remark(1, **first), a_remark(2, **second)
    assert is_duplicate(one, other) is expected
    assert is_duplicate(other, one) is expected


def test_accents_count():
    assert similarity(trigrams("élève"), trigrams("eleve")) < 0.6
    assert trigrams("Élève !") == trigrams("élève")


@pytest.mark.parametrize("text", ["4,500 people", "4 500 personnes", "4\u00a0500 personnes", "4500"])
def test_a_number_is_the_same_in_both_languages(text):
    assert numbers_in(text) == {"4500"}


def test_a_decimal_is_the_same_in_both_languages():
    assert numbers_in("3.5 %") == numbers_in("3,5 %") == {"3.5"}


def test_groups_are_closed_through_others_and_the_largest_comes_first():
    remarks = [
        a_remark(1, details="Table 2 is empty"),
        a_remark(2, details="The map is upside down"),
        a_remark(3, details="Table 2 is empty on my phone"),
        a_remark(4, details="The map is upside down!"),
        a_remark(5, details="table 2 is empty on my phone too"),
        a_remark(6, details="Nothing like the others"),
    ]
    assert [[remark.number for remark in group] for group in duplicate_groups(remarks)] == [[1, 3, 5], [2, 4]]
    assert [remark.number for remark in find_duplicates(remarks[0], remarks)] == [3, 5]

"""Personal information is masked, honest figures are left alone, and hostile texts cost no more than long ones."""

from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from reports import redaction
from reports.management.commands.redaction_figures import measure, read
from reports.personal_information import RULES, Kind, passes_luhn
from reports.redaction import MARKS, Redacted, kinds_masked_in, redact

CORPUS = {path.stem: read(path) for path in (Path(__file__).parent / "redaction_corpus").glob("*.yaml")}

# Python's own reader of patterns: private, and the only way to see what a pattern may cost.
syntax = import_module("re._parser")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_language_has_a_corpus_of_120_remarks_half_of_them_honest(language):
    honest, personal = CORPUS[language]
    assert len(honest) + len(personal) >= 120
    assert min(len(honest), len(personal)) >= 60
    assert {mark for mark in MARKS.values() for remark in personal if mark in remark.expected} == set(
        MARKS.values()
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_redaction_is_as_precise_and_as_thorough_as_promised(language):
    figures = measure(*CORPUS[language])
    assert figures.untouched >= 0.99
    assert figures.precision >= 0.99
    assert figures.recall >= 0.97


def test_the_figures_can_be_printed(capsys):
    call_command("redaction_figures")
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["language", "en", "fr"]


def test_what_was_found_is_named_once_and_in_order():
    found = redact("Call 613-555-0134 or 613-555-0199, or write to a.b@example.com")
    assert found == Redacted("Call [tel] or [tel], or write to [mail]", (Kind.PHONE, Kind.EMAIL))


def test_the_words_between_two_numbers_are_never_masked():
    assert redact("613-555-0134 is not 613-555-0199").text == "[tel] is not [tel]"
    assert redact("046 454 286, then 1 200 000 000 $, then 4111 1111 1111 1111").text == (
        "[SIN/NAS], then 1 200 000 000 $, then [card/carte]"
    )


@pytest.mark.parametrize(
    "text",
    [
        "046 454 287",  # fails the check digit
        "182 345 674 120",  # a figure in thousands whose first nine digits would pass
        "4111 1111 1111 1112",
        "2016 2017 2018 2019",
        "211 555 0134",  # no such area code
        "K1A OK1",
        "D1A 0B1",  # no postal code begins with D
        "The 2015 Federal Court",
        "the link at canada.ca",
    ],
)
def test_what_only_resembles_personal_information_stays(text):
    assert redact(text) == Redacted(text, ())


@pytest.mark.parametrize(
    ("digits", "passes"), [("046454286", True), ("046454287", False), ("4111111111111111", True)]
)
def test_check_digits(digits, passes):
    assert passes_luhn(digits) is passes


def test_digits_of_other_keyboards_are_read_and_the_rest_of_the_text_is_kept():
    assert redact("هاتف ٠٧٧٠١٢٣٤٥٦٧ ٢٠٢٠").text == "هاتف [tel] ٢٠٢٠"


def test_the_kinds_of_a_masked_text_are_still_known_when_it_is_sent_again():
    masked = redact("Call 613-555-0134, SIN 046 454 286")
    assert redact(masked.text) == Redacted(masked.text, ())
    assert set(kinds_masked_in(masked.text)) == set(masked.found)


# Words and figures of the kinds that the rules look for, in any order: worse than what any person writes.
FRAGMENTS = (
    "613 555 0134 613-555-0134 046 454 286 4111 1111 K1A 0B1 AB123456 12 123 2020 3e bis rue Main Street St. Ave "
    "born né le 12/03/1985 mars March SIN NAS UCI RAMQ TREM 5203 1512 passport tel call at arobase point dot gmail "
    "example.com a@b.ca @ %40 + 00964 770 $ % ( ) , . - : # [tel] [mail] [date] RT0001 apt box po c.p. la de"
)
fragments = st.sampled_from(FRAGMENTS.split())
texts = st.one_of(
    st.text(max_size=120), st.lists(fragments, max_size=30).map(" ".join), st.lists(fragments).map("".join)
)


@given(texts)
def test_masking_twice_masks_no_more_than_masking_once(text):
    once = redact(text).text
    assert redact(once) == Redacted(once, ())


@given(texts)
def test_masking_never_lengthens_a_text(text):
    assert len(redact(text).text) <= len(text)


@given(st.text(st.characters(exclude_categories=["Nd", "Cs"], exclude_characters="@%"), max_size=300))
def test_a_text_without_digits_or_at_signs_is_never_changed(text):
    assert redact(text).text == text


# Cost.


def ways(pattern):
    """The most ways in which a matcher that goes back on its steps could read one place of a text.

    Fails where a repetition has no upper limit.
    """
    product = 1
    for operation, argument in pattern:
        product *= WAYS.get(str(operation), lambda argument: 1)(argument)
    return product


def ways_of_a_repetition(argument):
    least, most, inner = argument
    assert most <= 100
    return sum(ways(inner) ** times for times in range(least, most + 1))


def ways_of_a_possessive_repetition(argument):
    least, most, inner = argument
    assert most <= 100
    assert ways(inner) <= 1000
    return 1


WAYS = {
    "MAX_REPEAT": ways_of_a_repetition,
    "MIN_REPEAT": ways_of_a_repetition,
    "POSSESSIVE_REPEAT": ways_of_a_possessive_repetition,
    "ATOMIC_GROUP": lambda argument: ways(argument) ** 0,
    "SUBPATTERN": lambda argument: ways(argument[-1]),
    "BRANCH": lambda argument: sum(map(ways, argument[1])),
    "ASSERT": lambda argument: ways(argument[1]) ** 0,
    "ASSERT_NOT": lambda argument: ways(argument[1]) ** 0,
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.kind}-{RULES.index(rule)}")
def test_no_pattern_can_be_made_to_search_for_long(rule):
    parsed = syntax.parse(rule.pattern.pattern, rule.pattern.flags)
    assert ways(parsed) <= 3000
    assert parsed.getwidth()[1] <= 1500


@pytest.mark.parametrize(
    "text", ["1 ", "a@", "a.", "613-", "12 Main ", "born at ", "a at ", "+9", "[tel]", "x" * 50]
)
def test_every_rule_looks_at_every_word_once_at_most(text, monkeypatch):
    looks = 0

    def counted(rule):
        def span(text, start):
            nonlocal looks
            looks += 1
            return rule.span(text, start)

        return type("Counted", (), {"kind": rule.kind, "span": staticmethod(span)})

    monkeypatch.setattr(redaction, "RULES", [counted(rule) for rule in RULES])
    hostile = (text * 3_000)[:3_000]
    redact(hostile)
    assert looks <= len(RULES) * len(hostile)


def test_a_hundred_thousand_characters_are_read_to_the_end():
    assert redact("a@b.c " * 16_000 + "613-555-0134").text.endswith("a@b.c [tel]")

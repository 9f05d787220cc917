"""A whole number from outside: what is one, and what is none."""

import pytest

from pages.integers import MAX_ID, MAX_INTEGER, parse_integer, parse_integers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("7", 7),
        ("007", 7),
        ("9223372036854775807", MAX_ID),
        ("9223372036854775808", None),
        ("9" * 5000, None),
        *[(text, None) for text in ("", " 1", "1 ", "+1", "-1", "1.0", "1e3", "1_000", "x", "\x00", "1\n")],
        *[(text, None) for text in ("٣", "²", "１", "½", "Ⅻ")],
    ],
)
def test_only_ascii_digits_up_to_the_largest_number_are_a_number(text, number):
    assert parse_integer(text) == number


def test_a_smaller_limit_may_be_set():
    assert parse_integer("2147483647", maximum=MAX_INTEGER) == MAX_INTEGER
    assert parse_integer("2147483648", maximum=MAX_INTEGER) is None
    assert parse_integer("100", maximum=99) is None


def test_of_many_texts_those_that_are_no_numbers_are_left_out():
    assert parse_integers(["3", "x", "", "٣", "1", "9" * 30]) == [3, 1]

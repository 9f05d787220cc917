"""What is shown of a page that was found."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.search.highlighting import EXTRACT_LENGTH, Finder, highlight, passage
from pages.search.queries import parse_query


def shown(typed, *lines, language="en", headings=()):
    return passage(((line, line in headings) for line in lines), Finder(parse_query(typed, language)))


def marks(typed, text, language="en"):
    finder = Finder(parse_query(typed, language))
    return highlight(text, finder.matches(text), finder.language)


@pytest.mark.parametrize(
    ("typed", "text", "language", "expected"),
    [
        ("partner", "Its partners’ help", "en", "Its <mark>partners</mark>’ help"),
        ("egalite", "L’égalité des genres", "fr", "L’<mark>égalité</mark> des genres"),
        ("art", "a partner of art", "en", "a partner of <mark>art</mark>"),
        ("b", "<b>x</b> & y", "en", "&lt;<mark>b</mark>&gt;x&lt;/<mark>b</mark>&gt; &amp; y"),
        ("“private sector”", "Sector: the private sector.", "en", "Sector: the <mark>private sector</mark>."),
        ("sector “private sector”", "private sector", "en", "<mark>private sector</mark>"),
        ("25000", "25 000 personnes", "fr", "<mark>25\u00a0000</mark>\u00a0personnes"),
        ("the trade", "the trade", "en", "the <mark>trade</mark>"),
        ("zebra", "no <such> word", "en", "no &lt;such&gt; word"),
    ],
)
def test_whole_words_are_marked_and_the_rest_is_escaped(typed, text, language, expected):
    assert marks(typed, text, language) == expected


def test_the_passage_with_most_of_the_words_is_shown():
    assert shown("wheat exports", "Wheat.", "Exports of wheat.", "Wheat and more exports.") == (
        "<mark>Exports</mark> of <mark>wheat</mark>."
    )


def test_a_heading_is_shown_only_for_want_of_a_better_passage():
    assert shown("wheat", "Wheat", "About wheat.", headings=["Wheat"]) == "About <mark>wheat</mark>."
    assert shown("wheat", "Wheat", "About rye.", headings=["Wheat"]) == "<mark>Wheat</mark>"


def test_nothing_is_shown_of_a_text_without_the_words():
    assert shown("zebra", "Wheat.") == ""


def test_a_long_text_is_cut_between_words_around_the_match():
    text = "word " * 100 + "wheat " + "other " * 100
    html = shown("wheat", text)
    assert html.startswith("… word")
    assert html.endswith("other …")
    assert "<mark>wheat</mark>" in html


def test_a_match_at_the_end_is_shown_with_what_comes_before():
    html = shown("wheat", "word " * 100 + "wheat.")
    assert html.endswith("<mark>wheat</mark>.")
    assert len(html) > EXTRACT_LENGTH // 2


def test_a_text_without_spaces_is_cut_all_the_same():
    html = shown("wheat", "x-" * 500 + "wheat" + "-x" * 500)
    assert "<mark>wheat</mark>" in html
    assert len(html) < 2 * EXTRACT_LENGTH


def test_of_a_word_repeated_without_end_a_passage_is_shown():
    assert 1 < shown("wheat corn", "wheat " * 100_000).count("<mark>") <= EXTRACT_LENGTH // len("wheat ") + 1


@given(st.text(), st.text(max_size=30))
def test_marking_changes_nothing_but_kinds_of_spaces(text, typed):
    html = marks(typed, text, "fr")
    bare = re.sub("</?mark>", "", html)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        bare = bare.replace(entity, character)
    assert bare.replace("\u00a0", " ") == text.replace("\u00a0", " ")

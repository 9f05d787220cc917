from datetime import date
from decimal import Decimal

import pytest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import strategies as st

from pages.html import clean, marked_up, parse, plain_text
from pages.typography import NBSP, date_html, date_text, number, typeset, typeset_runs

WORDS = [
    "4", "31", "1 200", "16 h 30", "2016", "1er", "décembre", "July", "July 31", "milliards", "de", "people", "of", "%",
    "$", "US", "«", "»", ":", ";", "!", "?", "n°", "<p>", "</p>", "<strong>", "</strong>", "<br>", "<td>", "&amp;",
    '<span lang="ar">', '<span lang="fr">', "</span>", '<a href="/en/x 4 people" title="4 people">', "</a>", "<", ">",
    NBSP, "\n", "  ", "\ufffc",
]  # fmt: skip
SOUP = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)


def typeset_html(text, language):
    """One paragraph, without its tags."""
    return "".join(marked_up(typeset_runs(block.runs, language)) for block in parse(text))


def ordinary(text):
    return text.replace(NBSP, " ")


@given(SOUP | st.text(), st.sampled_from(["en", "fr"]))
def test_only_the_kind_of_spaces_changes(text, language):
    assert ordinary(typeset(text, language)) == ordinary(text)
    for block in parse(clean(text)):
        words = ordinary(marked_up(typeset_runs(block.runs, language)))
        assert words == ordinary(marked_up(block.runs))


@given(SOUP, st.sampled_from(["en", "fr"]))
def test_a_text_typeset_twice_is_typeset_once(text, language):
    once = typeset(plain_text(clean(text)), language)
    assert typeset(once, language) == once


# In these tables "~" is a no-break space: each text is written without any, and must come out with these.


@pytest.mark.parametrize(
    "expected",
    [
        "Langue~: français",
        "«~La stratégie~»",
        "24~% des femmes",
        "10~000~$ et 4~$~US",
        "1~200~survivants en 2017",
        "10~000~000 d’habitants",
        "plus de 4~milliards de dollars",
        "1,2~million de personnes",
        "20~ans et 850~militaires",
        "de 9~h à 17~h, puis à 16~h~30",
        "le 31~juillet 2016",
        "le 1er~décembre 2018",
        "5~km, 3~m et 20~°C",
        "le poste~123 et le n°~5",
        "en 2020 483~millions",
        "de 2016 à 2022 pour 5 des 10~objectifs",
        "Bonjour ! Vraiment ? Oui ; non",
        "Pas d’espace: ici, «là» et 24%",
        "en 2016 le Canada",
    ],
)
def test_french_spaces_that_may_not_break(expected):
    assert typeset(expected.replace("~", " "), "fr") == expected.replace("~", NBSP)


@pytest.mark.parametrize(
    "expected",
    [
        "more than $4~billion over 6~years",
        "1.2~million people and 4.1~million in need",
        "20~years, 850~personnel",
        "on July~31, 2016 and May~5",
        "in July 2016",
        "from 19% to 24% of them",
        "4:30~pm to 9~am",
        "call 613-555-0199, ext.~123",
        "from 2016 to 2022, and 5 of 10~objectives",
        "In 2016 Canada said : “yes” ; no ! 10 % of $ 5",
        "in 2018 and 2020",
    ],
)
def test_english_spaces_that_may_not_break(expected):
    assert typeset(expected.replace("~", " "), "en") == expected.replace("~", NBSP)


def test_amounts_hold_together_across_marks():
    html = '<p>4 <strong>milliards</strong> et le 1<sup>er</sup> décembre <a href="/fr/x">: 24</a> %</p>'
    assert typeset_html(html, "fr") == (
        f"4{NBSP}<strong>milliards</strong> et le 1<sup>er</sup>{NBSP}décembre{NBSP}"
        f'<a href="/fr/x">: 24</a>{NBSP}%'
    )


def test_tags_and_attributes_stay_as_they_are():
    html = '<a href="/en/4 people" title="20 years &gt; 4 people">4 people</a>'
    assert typeset_html(html, "en") == html[:-12] + f"4{NBSP}people</a>"


def test_a_passage_in_another_language_is_left_alone():
    html = '4 people <span lang="fr">4 ans <span dir="ltr">20 ans</span> 5 ans</span> 20 years'
    assert typeset_html(html, "en") == (
        f'4{NBSP}people <span lang="fr">4 ans <span dir="ltr">20 ans</span> 5 ans</span> 20{NBSP}years'
    )


def test_a_passage_in_the_same_language_is_typeset():
    assert typeset_html('<span lang="fr-CA">20 ans</span>', "fr") == f'<span lang="fr-CA">20{NBSP}ans</span>'


def test_the_language_of_a_link_says_nothing_of_its_text():
    assert typeset_html('<a hreflang="fr">20 years</a>', "en") == f'<a hreflang="fr">20{NBSP}years</a>'


def test_escaped_text_is_typeset_as_it_reads():
    assert typeset(escape("l'Irak & 4 <milliards> : 20 ans"), "fr") == (
        f"l&#x27;Irak &amp; 4 &lt;milliards&gt;{NBSP}: 20{NBSP}ans"
    )


def test_what_was_marked_safe_comes_back_as_plain_text():
    assert type(typeset(mark_safe("20 years"), "en")) is str


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        (date(2016, 7, 31), f"July{NBSP}31, 2016", f"31{NBSP}juillet 2016"),
        (date(2018, 12, 1), f"December{NBSP}1, 2018", f"1er{NBSP}décembre 2018"),
        (date(2021, 8, 21), f"August{NBSP}21, 2021", f"21{NBSP}août 2021"),
    ],
)
def test_dates_are_in_words(day, english, french):
    assert date_text(day, "en") == date_html(day, "en") == english
    assert date_text(day, "fr") == french
    assert typeset(ordinary(english), "en") == english
    assert typeset(ordinary(french), "fr") == french


def test_the_first_of_a_month_is_raised_in_french_html():
    assert date_html(date(2018, 12, 1), "fr") == f"1<sup>er</sup>{NBSP}décembre 2018"
    assert isinstance(date_html(date(2018, 12, 1), "fr"), SafeString)
    assert date_html(date(2018, 12, 11), "fr") == f"11{NBSP}décembre 2018"


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (0, "0", "0"),
        (850, "850", "850"),
        (1200, "1,200", f"1{NBSP}200"),
        (-10_000_000, "-10,000,000", f"-10{NBSP}000{NBSP}000"),
        (1.2, "1.2", "1,2"),
        (Decimal("4100.50"), "4,100.50", f"4{NBSP}100,50"),
        (Decimal("1E+3"), "1,000", f"1{NBSP}000"),
        (0.1 + 0.2, "0.30000000000000004", "0,30000000000000004"),
    ],
)
def test_numbers_have_the_marks_of_the_language(value, english, french):
    assert number(value, "en") == english
    assert number(value, "fr") == french

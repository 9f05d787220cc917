"""Numbers in texts: what each language states, in whatever way, has a value that can be compared."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.content_checks import findings
from pages.content_checks.amounts import NUMBER_WORDS, amounts
from pages.content_checks.examples import page_with
from pages.document import Bilingual

SAME = [
    ("money", ("$", Decimal("4E9")), "$4-billion", "4 milliards $"),
    ("money", ("$", Decimal("1E7")), "$10 Million", "10 M$"),
    ("money", ("$", Decimal("0.05")), "5 cents", "0,05 $"),
    ("number", Decimal("1E4"), "10k", "10 000"),
    ("number", Decimal("5E5"), "half a million", "demi-million"),
    ("number", Decimal("6.5E4"), "65 000", "65 000"),
    ("time", 365, "6:05 am", "6 h 5"),
    ("time", 930, "3.30 p.m.", "15h30"),
    ("ordinal", Decimal(20), "20th", "XXe"),
    ("code", "COVID19", "COVID\u201119", "COVID-19"),
    ("code", "2FA", "2FA", "A2F"),
    ("money", ("$", Decimal("4E9")), "$4 billion", "4 milliards de dollars"),
    ("money", ("$", Decimal("4E9")), "4 billion dollars", "4 G$"),
    ("money", ("$", Decimal("1.2E6")), "CAN$1.2M", "1,2 million de dollars"),
    ("money", ("$", Decimal(12500)), "$12,500", "12\u00a0500\u00a0$"),
    ("money", ("$", Decimal(12500)), "$12,500", "12 500 $"),
    ("money", ("$", Decimal("2.5E6")), "2.5 million Canadian dollars", "2,5 M$"),
    ("money", ("€", Decimal("2E6")), "€2 million", "2 millions d’euros"),
    ("percent", Decimal(24), "24%", "24 %"),
    ("percent", Decimal("2.5"), "2.5 per cent", "2,5 pour cent"),
    ("number", Decimal("1.2E6"), "1.2 million", "1 200 000"),
    ("number", Decimal("4.1E6"), "4.1million", "4,1millions"),
    ("number", Decimal(1200), "1,200", "1\u202f200"),
    ("number", Decimal(7), "seven", "sept"),
    ("number", Decimal(25), "twenty-five", "vingt-cinq"),
    ("number", Decimal(71), "71", "soixante et onze"),
    ("number", Decimal(99), "Ninety-nine", "quatre-vingt-dix-neuf"),
    ("number", Decimal("2E6"), "two million", "deux millions"),
    ("year", Decimal(2016), "2016", "2016"),
    ("year", Decimal(1990), "1990s", "1990"),
    ("date", (2016, 7, 31), "July 31, 2016", "31 juillet 2016"),
    ("date", (2016, 7, 31), "31st of July, 2016", "2016-07-31"),
    ("date", (None, 5, 1), "May 1", "1er mai"),
    ("date", (2020, 6, None), "June 2020", "juin 2020"),
    ("time", 990, "4:30 pm", "16 h 30"),
    ("time", 0, "12 am", "0 h"),
    ("time", 720, "12 p.m.", "12h"),
    ("ordinal", Decimal(10), "10th", "10e"),
    ("code", "C130", "C-130s", "C-130"),
    ("code", "K1A0G2", "K1A 0G2", "k1a-0g2"),
    ("code", "Q1", "Q1", "T1"),
    ("code", "CMIP5", "CMIP5-based", "CMIP5"),
    ("number", Decimal(600), "0600UTC", "0600Z"),
    ("code", "3.2.1".replace(".", ""), "3.2.1", "3.2.1"),
    ("phone", "8006226232", "1-800-622-6232", "1 800 622-6232"),
]
NOTHING = [
    ("en", "It may help; a march took place."),
    ("en", "a.m."),
    ("fr", "Il sortit."),
    ("fr", "dixième"),
]


@pytest.mark.parametrize(("kind", "value", "english", "french"), SAME)
def test_both_languages_say_the_same(kind, value, english, french):
    for text, language in ((english, "en"), (french, "fr")):
        assert [(amount.kind, amount.value) for amount in amounts(text, language)] == [(kind, value)]


@pytest.mark.medium
@pytest.mark.parametrize(("language", "text"), NOTHING)
def test_words_that_look_like_numbers_are_none(language, text):
    assert [amount for amount in amounts(text, language) if not amount.optional] == []


def test_numbers_come_in_reading_order_with_their_places():
    text = "In 2018, 24% of 850 people gave $5."
    found = amounts(text, "en")
    assert [amount.kind for amount in found] == ["year", "percent", "number", "money"]
    assert [text[amount.start : amount.end] for amount in found] == ["2018", "24%", "850", "$5"]


def test_a_fiscal_year_is_two_years():
    assert [amount.value for amount in amounts("2024-25", "en")] == [2024, 2025]


@pytest.mark.parametrize(
    ("language", "text"), [("en", "both two a dozen"), ("fr", "un deux neuf mille douzaine")]
)
def test_numbers_that_languages_say_in_many_ways_are_optional(language, text):
    assert all(amount.optional for amount in amounts(text, language))


def test_there_is_a_word_for_every_number_below_a_hundred():
    for language in ("en", "fr"):
        assert set(NUMBER_WORDS[language].values()) == set(range(100))


@given(st.text(max_size=200), st.sampled_from(["en", "fr"]))
def test_no_text_is_too_odd_to_be_read(text, language):
    for amount in amounts(text, language):
        assert 0 <= amount.start < amount.end <= len(text)


@given(st.integers(3, 10**12), st.sampled_from(["", "$", "%"]))
def test_a_number_is_the_same_however_its_thousands_are_grouped(number, sign):
    english = f"{sign if sign == '$' else ''}{number:,}{sign if sign == '%' else ''}"
    french = f"{number:,}".replace(",", "\u00a0") + (f"\u00a0{sign}" if sign else "")
    plain = (amounts(english, "en")[0].value, amounts(french, "fr")[0].value)
    assert plain[0] == plain[1]


SHARED = [
    ("en", "$2 to $3 million", ("money", ("$", Decimal("2E6")))),
    ("fr", "De 1,2 à 3 millions de dollars", ("money", ("$", Decimal("1.2E6")))),
    ("fr", "Entre 5 et 10 %", ("percent", Decimal(5))),
    ("en", "From 8 to 10 am", ("time", 480)),
    ("fr", "La totalité", ("percent", Decimal(100))),
    ("fr", "aucun", ("percent", Decimal(0))),
    ("fr", "13,889 mètres", ("number", Decimal("13.889"))),
    ("fr", "SGPD-7", ("number of an abbreviation", "7")),
    ("en", "half of them", ("percent", Decimal(50))),
]


@pytest.mark.parametrize(("language", "text", "reading"), SHARED)
def test_a_number_may_share_the_unit_of_the_next_one_or_be_a_word(language, text, reading):
    assert reading in amounts(text, language)[0].readings


def test_an_amount_says_which_dollars_it_means():
    assert [amount.currency for amount in amounts("US$5, CAN$6, 7 Canadian dollars and $8", "en")] == [
        "US",
        "CA",
        "CA",
        "",
    ]
    assert amounts("5 dollars américains", "fr")[0].currency == "US"


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("It opens from 10:30 am to 4:30 pm.", "Le bureau ouvre de 10h:30 à 16h:30."),
        ("In fiscal year 23-24, sales rose.", "Durant l’exercice 2023-2024, les ventes ont augmenté."),
        ("On April 4, 2026, we met.", "Le 4 avril, nous nous sommes réunis."),
        ("See pages 23-24.", "Voir les pages 23-24."),
        # Each language has a line of its own.
        ("Call 1-800-555-0181.", "Composez le 1-800-555-7392."),
    ],
)
def test_what_each_language_writes_or_has_in_its_own_way_does_not_differ(english, french):
    assert not differences(english, french)


@pytest.mark.parametrize(
    ("english", "french", "rule"),
    [
        ("Call 1-800-555-0181.", "Composez le 1-800-555-0118.", "phone-differs"),
        ("Call 1-800-555-0181.", "Composez le 1-800-555-0187.", "phone-differs"),
        ("Call us.", "Composez le 1-800-555-0181.", "phone-differs"),
        ("Call 613-555-0181 or 1-800-555-0182.", "Composez le 1-800-555-7392.", "phone-differs"),
        (
            "In fiscal year 23-24, sales rose.",
            "Durant l’exercice 2024-2025, les ventes ont augmenté.",
            "number-differs",
        ),
        ("It opens at 10:30 am.", "Le bureau ouvre à 10h:20.", "date-differs"),
    ],
)
def test_a_line_a_year_or_an_hour_that_is_another_one_differs(english, french, rule):
    assert rule in differences(english, french)


def differences(english, french):
    found = findings(page_with("body", Bilingual(f"<p>{english}</p>", f"<p>{french}</p>")))
    return {one.rule.id for one in found if one.rule.id.endswith("-differs")}

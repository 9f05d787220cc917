"""How figures are read and written: in both languages, by the rules of the site."""

import pytest

from pages.content_checks.amounts import amounts
from pages.figures import UnreadableFigure, figure_text, read_figure
from pages.typography import typeset


@pytest.mark.parametrize(
    ("value", "unit", "currency", "english", "french"),
    [
        ("4000000000", "money", "CAD", "$4 billion", "4 milliards de dollars"),
        ("1200000", "money", "CAD", "$1.2 million", "1,2 million de dollars"),
        ("483000000", "money", "CAD", "$483 million", "483 millions de dollars"),
        ("1500000000000", "money", "CAD", "$1.5 trillion", "1,5 billion de dollars"),
        ("1234567", "money", "CAD", "$1,234,567", "1 234 567 $"),
        ("10000", "money", "CAD", "$10,000", "10 000 $"),
        ("12.5", "money", "CAD", "$12.50", "12,50 $"),
        ("0", "money", "CAD", "$0", "0 $"),
        ("88000000", "money", "USD", "US$88 million", "88 millions de dollars américains"),
        ("1200", "money", "USD", "US$1,200", "1 200 $ US"),
        ("4000000000", "money", "EUR", "€4 billion", "4 milliards d’euros"),
        ("1200", "money", "EUR", "€1,200", "1 200 €"),
        ("4000000000", "money", "IQD", "4 billion Iraqi dinars", "4 milliards de dinars irakiens"),
        ("1200", "money", "IQD", "1,200 Iraqi dinars", "1 200 dinars irakiens"),
        ("1200000", "people", "CAD", "1.2 million people", "1,2 million de personnes"),
        ("4100000", "people", "CAD", "4.1 million people", "4,1 millions de personnes"),
        ("1400", "people", "CAD", "1,400 people", "1 400 personnes"),
        ("1", "people", "CAD", "1 person", "1 personne"),
        ("0", "people", "CAD", "0 people", "0 personne"),
        ("19", "percent", "CAD", "19%", "19 %"),
        ("2.5", "percent", "CAD", "2.5%", "2,5 %"),
        ("2020-12-31", "date", "CAD", "December 31, 2020", "31 décembre 2020"),
        ("2018-12-01", "date", "CAD", "December 1, 2018", "1er décembre 2018"),
        ("850", "plain", "CAD", "850", "850"),
        ("1234.5", "plain", "CAD", "1,234.5", "1 234,5"),
        ("2000000", "plain", "CAD", "2 million", "2 millions"),
        ("1990000", "plain", "CAD", "1.99 million", "1,99 million"),
    ],
)
def test_a_figure_reads_by_the_rules_of_each_language(value, unit, currency, english, french):
    assert figure_text(value, unit, "en", currency) == english
    assert figure_text(value, unit, "fr", currency) == french


@pytest.mark.parametrize("value", ["4000000000", "1200000", "483000000", "10000", "1234567", "88000000"])
def test_the_content_checks_read_the_same_amount_in_both_languages(value):
    for currency in ("CAD", "USD", "EUR"):
        [english] = amounts(f"It cost {figure_text(value, 'money', 'en', currency)} then.", "en")
        [french] = amounts(f"Le coût est de {figure_text(value, 'money', 'fr', currency)} alors.", "fr")
        assert (english.kind, english.value, english.currency) == (french.kind, french.value, french.currency)


def test_shown_figures_do_not_break():
    assert typeset(figure_text("4000000000", "money", "fr"), "fr") == "4\u00a0milliards de dollars"
    assert typeset(figure_text("1234567", "money", "fr"), "fr") == "1\u00a0234\u00a0567\u00a0$"
    assert typeset(figure_text("12", "percent", "fr"), "fr") == "12\u00a0%"


@pytest.mark.parametrize(
    ("written", "unit", "kept"),
    [
        ("4000000000", "money", "4000000000"),
        ("4,000,000,000", "money", "4000000000"),
        ("4\u00a0000\u202f000 000", "money", "4000000000"),
        ("$4 billion", "money", "4000000000"),
        ("4 milliards de dollars", "money", "4000000000"),
        ("1.2 million", "people", "1200000"),
        ("1,2 million de personnes", "people", "1200000"),
        ("1,400 people", "people", "1400"),
        ("US$88 million", "money", "88000000"),
        ("1 200 $", "money", "1200"),
        ("1 200 $ US", "money", "1200"),
        ("12,50 $", "money", "12.5"),
        ("19%", "percent", "19"),
        ("19 %", "percent", "19"),
        ("2,5", "percent", "2.5"),
        ("0850", "plain", "850"),
        ("3 thousand", "plain", "3000"),
        ("2020-12-31", "date", "2020-12-31"),
    ],
)
def test_a_figure_is_read_as_people_write_it(written, unit, kept):
    assert read_figure(written, unit) == kept


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("", "money"),
        ("about 4", "money"),
        ("-4", "plain"),
        ("1,234 million", "money"),
        ("1.234.567", "plain"),
        ("1e9", "plain"),
        ("1.23456", "plain"),
        ("1000000000000000", "money"),
        ("1.5", "people"),
        ("4 million 5", "plain"),
        ("٤", "plain"),
        ("31/12/2020", "date"),
        ("2020-02-30", "date"),
        ("12", "date"),
    ],
)
def test_what_is_no_figure_or_could_be_two_is_refused(written, unit):
    with pytest.raises(UnreadableFigure):
        read_figure(written, unit)


@pytest.mark.parametrize("value", ["0", "7", "1200", "12.5", "1234567", "1200000", "4000000000"])
@pytest.mark.parametrize("unit", ["money", "percent", "plain"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_written_is_read_again(value, unit, language):
    assert read_figure(figure_text(value, unit, language), unit) == value

"""What looks like a mistake to a rule and is none: each sentence stands for a kind that public pages have."""

import pytest

from pages import html
from pages.content_checks import RULES, findings
from pages.content_checks.examples import page_with
from pages.document import Bilingual


def found(english, french=""):
    """The ids of all rules, also those that are off, which find something in the texts of a page."""
    page = page_with("body", Bilingual(html.clean(english), html.clean(french)))
    return {finding.rule.id for finding in findings(page, rules=RULES)}


def a_link(href, words):
    return f'<a href="{href}">{words}</a>'


LEFT_ALONE = [
    ("time-form", "<p>It changed at 2026-12-23T23:33Z.</p>"),
    ("time-form", "<p>00:02.500 and 14:06.340 are the first captions.</p>"),
    ("thousands-mark", "<p>The meeting has the conference ID 241 274 204.</p>"),
    ("thousands-mark", "<p>Dial 241 274 204# and wait.</p>"),
    ("thousands-mark", "<p>Write it on line 21200 from your return.</p>"),
    ("space-missing", "<p>Versions are named Major.Minor.Patch here.</p>"),
    ("space-missing", "<p>Enter the library(charts) command first.</p>"),
    ("quotation-marks", '<p>Write alt="Flag" in the tag.</p>'),
    (
        "link-ambiguous",
        f"<p>Aid {a_link('#fn1', '1')} and trade. {a_link('#fn1-rf', '1')} See the report.</p>",
    ),
    (
        "link-inconstant",
        f"<p>{a_link('mailto:a@example.org', 'Anna Keller')}, {a_link('mailto:a@example.org', 'the office')}</p>",
    ),
    ("link-file-unsaid", f"<p>See the {a_link('https://example.org/a.pdf', 'form [PDF, 1.42 MB]')}.</p>"),
    ("list-lead", "<p>Canada provides:\u00a0</p><ul><li>food</li><li>water</li></ul>"),
    ("sentence-begins-with-digit", "<p>We met (2026, October 3). 4.2.27 Aid is paid.</p>"),
    ("sentence-begins-with-digit", "<p>2026-04 - The pattern was changed.</p>"),
    ("placeholder-unknown", "<p>Enter <code>{table_path}</code> there.</p>"),
    ("abbreviation-of-other-language", "<p>We met at AMC Toronto.</p>"),
    ("other-language", "<p>Read “Le Canada et la paix dans le monde” (in French only).</p>"),
]


@pytest.mark.parametrize(("rule", "text"), LEFT_ALONE)
def test_what_is_right_in_english_is_left_alone(rule, text):
    assert rule not in found(text)


STILL_FOUND = [
    ("time-form", "<p>It changed at 23:33 that day.</p>"),
    ("thousands-mark", "<p>Up to 241 274 people came.</p>"),
    ("space-missing", "<p>Canada helped.Iraq rebuilt.</p>"),
    ("space-missing", "<p>The form(required fields) is here.</p>"),
    ("quotation-marks", '<p>The word "flag" is there.</p>'),
    ("link-ambiguous", f"<p>{a_link('#aid', 'More')} and {a_link('#trade', 'More')}</p>"),
    (
        "link-inconstant",
        f"<p>{a_link('https://example.org/a', 'Aid')}, {a_link('https://example.org/a', 'trade')}</p>",
    ),
    ("link-file-unsaid", f"<p>See the {a_link('https://example.org/a.pdf', 'form [PDF]')}.</p>"),
    ("sentence-begins-with-digit", "<p>25 people came.</p>"),
    ("placeholder-unknown", "<p>We keep it {table_path} long.</p>"),
    ("abbreviation-of-other-language", "<p>We met AMC in Ottawa.</p>"),
    ("other-language", "<p>Le Canada et la paix dans le monde sont dans ce livre.</p>"),
]


@pytest.mark.parametrize(("rule", "text"), STILL_FOUND)
def test_what_is_wrong_in_english_is_still_found(rule, text):
    assert rule in found(text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("space-in-quotation-marks", "<table><tr><th>Signe</th><td>«</td></tr></table>"),
        ("anglicism", "<p>Il y a des questions quant au niveau de conformité des pages.</p>"),
        ("space-missing", "<p>Entrez la commande library(cartes) dans la fenêtre.</p>"),
    ],
)
def test_what_is_right_in_french_is_left_alone(rule, text):
    assert rule not in found("", text)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("<p>The SIX team met.</p>", "<p>L’équipe ESX s’est réunie.</p>"),
        ("<p>Sales rose in Q3.</p>", "<p>Les ventes ont augmenté au troisième trimestre.</p>"),
        ("<p>It costs CAD$330.</p>", "<p>Le prix est de CAD330$.</p>"),
        ("<p>It has 300M visitors.</p>", "<p>Il a 300 millions de visiteurs.</p>"),
        ("<p>Call 1 866 518 0000 now.</p>", "<p>Composez le 1 866 518 0000.</p>"),
    ],
)
def test_amounts_that_languages_write_in_their_own_way_do_not_differ(english, french):
    assert not {rule for rule in found(english, french) if rule.endswith("-differs")} - {"name-differs"}


def test_a_website_that_has_a_name_of_its_own_in_each_language_is_the_same():
    english = f"<p>Read {a_link('https://www.cnib.ca/en', 'the rules')}.</p>"
    french = f"<p>Lisez {a_link('https://www.inca.ca/fr', 'les règles')}.</p>"
    assert "link-host-differs" not in found(english, french)

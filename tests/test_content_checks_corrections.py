"""Corrections: each is right in every context, or not offered; it leaves nothing to find and says the same numbers."""

import pytest

from pages.content_checks import RULES, findings
from pages.content_checks.amounts import amounts
from pages.content_checks.examples import page_with
from pages.document import Bilingual

BY_ID = {rule.id: rule for rule in RULES}
CORRECTED = [
    ("date-form", "en", "On the 31st of March 2024, it ended.", "On March 31, 2024, it ended."),
    ("date-form", "en", "The 5 May 2025 meeting", "The May 5, 2025 meeting"),
    (
        "date-form",
        "en",
        "It closed on 31 July 2026 and reopened.",
        "It closed on July 31, 2026 and reopened.",
    ),
    ("date-form", "fr", "Le 31 Mars 2024, il a pris fin.", "Le 31 mars 2024, il a pris fin."),
    ("time-form", "en", "Open until 3.30 p.m., then closed", "Open until 3:30\u00a0pm, then closed"),
    ("time-form", "en", "Open until 4 P.M. today", "Open until 4\u00a0pm today"),
    ("time-form", "fr", "Ouvert à 9h00", "Ouvert à 9\u00a0h"),
    ("time-form", "fr", "Ouvert à 8H30", "Ouvert à 8\u00a0h\u00a030"),
    ("money-form", "fr", "Cela a coûté 1000$.", "Cela a coûté 1\u00a0000\u00a0$."),
    ("money-form", "fr", "Cela a coûté $4,5 millions.", "Cela a coûté 4,5\u00a0millions de dollars."),
    (
        "million-number",
        "fr",
        "1,2 millions de gens et 3 million d’autres",
        "1,2 million de gens et 3 millions d’autres",
    ),
    ("period-dash", "fr", "De 2016-2022", "De 2016 à 2022"),
    ("phone-form", "en", "Call (613)944-4000.", "Call 613-944-4000."),
    ("phone-form", "en", "Call 1 (800) 622-6232.", "Call 1-800-622-6232."),
    ("phone-form", "en", "(Call 613 944-4000)", "(Call 613-944-4000)"),
    ("spelling", "fr", "Le site web", "Le site Web"),
    ("quotation-marks", "en", 'See "a", ("b") and "c".', "See “a”, (“b”) and “c”."),
    ("apostrophe-straight", "fr", "L’aide de l'<strong>ONU</strong>", "L’aide de l’<strong>ONU</strong>"),
    ("apostrophe-straight", "en", "Iraq’s and Canada's dogs' tails", "Iraq’s and Canada’s dogs’ tails"),
]
LEFT_ALONE = [
    ("quotation-marks", "en", 'Say "<strong>all</strong>", or "<strong>none</strong>".'),
    ("apostrophe-straight", "en", "Iraq’s 'MONTHLY' report"),
    ("date-form", "en", "From 5 to 7 May 2025"),
    ("date-form", "en", "In March, 2024 visitors came."),
    ("date-form", "en", "Join the 1st of May celebrations."),
    ("time-form", "fr", "Le bureau ferme à 4:30 pm."),
    ("time-form", "en", "It ends at 4 p.m. The next day, it opens."),
    ("period-dash", "fr", "La période 2016-2022"),
    ("range-dash", "en", "Between 10-15 days"),
    ("money-form", "fr", "Il a coûté US$25 millions."),
    ("money-form", "fr", "Il a coûté $1,200."),
    ("money-form", "en", "From 5 to 10 dollars"),
    ("spelling", "fr", "Le weekend, l’email et le mail"),
    ("space-after-number", "en", "Use 1password."),
    ("space-missing", "en", "It uses ASP.Net here."),
    ("space-missing", "en", "The TL;DR of it"),
    ("spelling", "en", "They fulfill their duties."),
    ("decimal-mark", "fr", "Il coûte 1.200 $."),
    ("space-missing", "en", "Write &nbsp;here"),
    ("word-doubled", "en", "the rules that came in in 2019"),
    ("quotation-marks", "en", 'a sheet of 5" by 7" paper'),
    ("postal-code-form", "en", "the colour #b8e6c1"),
]


def corrected(rule, language, text):
    return BY_ID[rule].fix(text, language)


@pytest.mark.parametrize(("rule", "language", "text", "better"), CORRECTED)
def test_a_correction_is_what_a_person_would_write(rule, language, text, better):
    assert corrected(rule, language, text) == better


@pytest.mark.parametrize(("rule", "language", "text"), LEFT_ALONE)
def test_what_may_be_right_or_needs_more_than_a_correction_is_left_to_people(rule, language, text):
    assert corrected(rule, language, text) == text


@pytest.mark.parametrize(("rule", "language", "text", "better"), CORRECTED)
def test_what_is_corrected_has_no_such_finding_left(rule, language, text, better):
    page = page_with("body", Bilingual(**{language: better}))
    assert [finding.excerpt for finding in findings(page, rules=[BY_ID[rule]])] == []


@pytest.mark.parametrize(("rule", "language", "text", "better"), CORRECTED)
def test_what_is_corrected_says_the_same_numbers(rule, language, text, better):
    said = [[(amount.kind, amount.value) for amount in amounts(one, language)] for one in (text, better)]
    assert said[0] == said[1]

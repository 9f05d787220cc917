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
    ("time-form", "fr", "Ouvert de 10h:30 à 16h:00", "Ouvert de 10\u00a0h\u00a030 à 16\u00a0h"),
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
    ("date-form", "en", "It was made on 02 March 2022.", "It was made on March 2, 2022."),
    ("period-dash", "en", "From 1950-2005", "From 1950 to 2005"),
    ("range-dash", "en", "It takes 6-9 months.", "It takes 6 to 9 months."),
    ("space-doubled", "en", "The work\u00a0 goes on.", "The work goes on."),
    ("space-doubled", "fr", "«\u2009 Aide\u00a0 »", "«\u00a0Aide\u00a0»"),
    ("space-doubled", "fr", "58\u202f 469 abonnements", "58\u00a0469 abonnements"),
    ("quotation-marks", "fr", "Il dit “Bonjour. ” et sort.", "Il dit «\u00a0Bonjour.\u00a0» et sort."),
    ("spelling-ise", "en", "They recognised it.", "They recognized it."),
    ("heading-end-mark", "fr", "Vers le nuage\u00a0!", "Vers le nuage"),
]
LEFT_ALONE = [
    ("percent-form", "fr", "Indiquez width:100% dans la feuille."),
    ("period-dash", "fr", "Durant le troisième trimestre de 2026-2027"),
    ("quotation-marks", "en", 'Write alt="Flag" there.'),
    ("period-dash", "en", "It went from 1995-2014 to 1998-2017."),
    ("period-dash", "fr", "Elle passe de 1995-2014 à 1998-2017."),
    ("range-dash", "en", "A 3-12 month wait"),
    ("decimal-mark", "fr", "L’analyse CaPA-2.5km"),
    ("time-form", "en", "Open from 8 a.m. to 8 p.m."),
    ("space-stray", "en", "The site Canada . ca is new."),
    ("space-stray", "fr", "Des parts( voir plus bas)"),
    ("space-after-number", "fr", "La résolution [1km]"),
    ("space-before-colon", "fr", "mailto:"),
    ("space-before-colon", "fr", "Interviewing users: how to do it"),
    ("space-in-quotation-marks", "fr", "Le mot «&nbsp;aide&nbsp;»"),
    ("space-in-quotation-marks", "fr", "Appuyez sur (»)."),
    ("quotation-marks", "fr", "Écrivez “import “axe”;” en haut."),
    ("apostrophe-straight", "en", "how we''re doing it"),
    ("spelling-ise", "en", "The Harmonised European Standard"),
    ("spelling-ise", "en", "The Organisation for Economic Co-operation and Development"),
    ("heading-end-mark", "fr", "Se connecter&nbsp;&raquo;"),
    ("heading-end-mark", "en", "Visas, permits, etc."),
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


def a_list(*items, lead=""):
    lines = "".join(f"<li>{item}</li>\n" for item in items)
    return f"{lead}<ul>\n{lines}</ul>"


LEAD = "<p>On y trouve :</p>\n"
LISTS = [
    ("list-marks", "en", ("food;", "shelter."), ("food", "shelter")),
    ("list-marks", "en", ("repeat; and,", "stop;"), ("repeat; and,", "stop")),
    ("list-marks", "en", ("cy.visit(path);", "food;"), ("cy.visit(path);", "food")),
    ("list-marks-french", "fr", ("nourriture", "abris;\u00a0", "eau"), ("nourriture;", "abris;", "eau.")),
    (
        "list-marks-french",
        "fr",
        ("nourriture", "un abri?</strong>", "eau"),
        ("nourriture;", "un abri?</strong>", "eau."),
    ),
    (
        "list-marks-french",
        "fr",
        ("<code>h3</code>", "le fichier a_b.tif", "eau"),
        ("<code>h3</code>", "le fichier a_b.tif", "eau."),
    ),
    ("list-marks-french", "fr", ("« Il aide. »", "eau"), ("« Il aide. »", "eau.")),
]
SENTENCES = ("Canada helps the people of Iraq.", "It has helped them since the year 2014.")
PHRASES = ("Le Canada aide les gens en Irak.", "Il les aide depuis l’année 2014 déjà.")


@pytest.mark.parametrize(("rule", "language", "items", "better"), LISTS)
def test_items_end_as_a_person_would_write_them(rule, language, items, better):
    assert corrected(rule, language, a_list(*items, lead=LEAD)) == a_list(*better, lead=LEAD)


@pytest.mark.parametrize(
    ("rule", "language", "items"),
    [
        ("list-marks", "en", SENTENCES),
        ("list-marks-french", "fr", PHRASES),
        ("list-marks-french", "fr", ('<a href="/fr/a">Aide</a>', '<a href="/fr/b">Échanges</a>')),
        ("list-marks-french", "fr", ("<em>aide.</em>", "eau")),
    ],
)
def test_a_list_of_sentences_a_menu_and_marks_in_tags_are_left_to_people(rule, language, items):
    text = a_list(*items, lead=LEAD)
    assert corrected(rule, language, text) == text


def test_a_menu_after_a_colon_needs_no_marks():
    menu = a_list('<a href="/fr/a">Aide</a>', '<a href="/fr/b">Échanges</a>', lead=LEAD)
    page = page_with("body", Bilingual(fr=menu))
    assert findings(page, rules=[BY_ID["list-marks-french"]]) == []


def test_an_ampersand_which_may_stand_in_the_name_of_a_menu_is_left_to_people():
    assert BY_ID["ampersand"].fix is None


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

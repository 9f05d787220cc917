"""Passages that stand in the same place, also where only a part of two texts has the same parts."""

import pytest

from pages import html
from pages.content_checks import findings
from pages.content_checks.examples import page_with
from pages.document import Bilingual

SHORT = "<p>Read the rules.</p>"


def found(english, french, rule):
    text = Bilingual(html.clean(english), html.clean(french))
    return [finding for finding in findings(page_with("body", text)) if finding.rule.id == rule]


@pytest.mark.parametrize(
    ("english", "french", "rule"),
    [
        ("<p>Apply by July 3, 2019.</p><p>Pay by July 7, 2019.</p>",
         "<p>Demandez avant le 7 juillet 2019.</p><p>Payez avant le 7 juillet 2019.</p>", "date-differs"),
        ("<p>It has 120 beds.</p><p>It has 450 desks.</p>",
         "<p>Il a 450 lits.</p><p>Il a 450 bureaux.</p>", "number-differs"),
    ],
)  # fmt: skip
def test_a_number_that_the_text_has_elsewhere_is_compared_in_its_place(english, french, rule):
    assert len(found(english, french, rule)) == 1


def test_rows_of_tables_may_have_another_order():
    table = "<table><tbody><tr><td>{}</td></tr><tr><td>{}</td></tr></tbody></table>"
    assert not found(table.format("31301", "32109"), table.format("32109", "31301"), "number-differs")


LONG = (
    "The data is available with this protocol and is in a directory that a web browser can read. "
    "Visit it to see a list of links."
)
WHOLE = (
    "On peut obtenir les données avec ce protocole. {} Consultez le répertoire pour voir une liste de liens."
)
SECOND = "Elles se trouvent dans un répertoire que tout navigateur peut lire."


def test_a_sentence_that_is_missing_is_found_where_the_other_language_has_as_many():
    french = WHOLE.replace("On peut obtenir les données", "Les données existent")
    assert not found(LONG, WHOLE.format(SECOND), "sentence-missing")
    assert len(found(LONG, french.replace("{} ", ""), "sentence-missing")) == 1


def test_parts_below_the_same_headings_are_compared_where_another_part_differs():
    english = f"<h3>First</h3>{SHORT}{SHORT}<h3>Second</h3><p>Apply within 30 days or pay $5.</p><p>It has 9 desks.</p>"
    french = (
        "<h3>Premier</h3><p>Lisez les règles.</p><h3>Second</h3><p>Demandez dans les 30 jours ou payez 6 $.</p>"
        "<p>Il a 9 bureaux.</p>"
    )
    assert len(found(english, french, "money-differs")) == 1

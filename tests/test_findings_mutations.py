"""The changes that the recall of content checks is measured with are what they are called, and are counted rightly."""

from random import Random

import pytest

from pages.content_checks import RULES
from pages.document import Bilingual, Document, TextSection
from tests import findings_mutations
from tests.findings_mutations import MUTATIONS, is_found, measure, mutated

FRENCH = (
    "<p>Le programme compte 40 projets depuis mars. Il a pris fin au mois de juin dans toutes les régions.</p>\n"
    '<p>Il est décrit dans <a href="https://example.org/rapport">le rapport</a> du comité de coordination.</p>\n'
    "<ul>\n<li>l’eau potable</li>\n<li>les écoles</li>\n</ul>"
)
ENGLISH = (
    "<p>The program has had 40 projects since March. It ended in June in all of the regions.</p>\n"
    '<p>It is described in <a href="https://example.org/report">the report</a> of the coordination committee.</p>\n'
    "<ul>\n<li>drinking water</li>\n<li>schools</li>\n</ul>"
)
PAGE = Document(
    key="program",
    title=Bilingual("Program", "Programme"),
    blocks=(
        TextSection(key="text", heading=Bilingual("Results", "Résultats"), body=Bilingual(ENGLISH, FRENCH)),
    ),
)

CHANGES = {
    "digit changed": lambda new: "40 projets" not in new and " projets depuis mars" in new,
    "sentence removed": lambda new: ("Il a pris fin" in new) != ("40 projets" in new),
    "paragraph removed": lambda new: new.count("<p>") == 1,
    "item removed": lambda new: new.count("<li>") == 1,
    "link removed": lambda new: "<a " not in new and "le rapport" in new,
    "month changed": lambda new: ("mars" in new) != ("juin" in new),
    "host of a link changed": lambda new: "www.example.com/rapport" in new,
}


@pytest.mark.parametrize("kind", MUTATIONS)
def test_one_thing_is_changed_in_french_and_nothing_else(kind):
    for seed in range(10):
        changed = mutated(PAGE, MUTATIONS[kind], Random(seed))
        assert changed.blocks[0].body.en == ENGLISH
        assert CHANGES[kind](changed.blocks[0].body.fr), changed.blocks[0].body.fr


@pytest.mark.parametrize("kind", MUTATIONS)
def test_a_text_without_such_a_thing_is_not_changed(kind):
    page = Document(
        key="short", blocks=(TextSection(key="text", body=Bilingual("<p>Yes</p>", "<p>Oui</p>")),)
    )
    assert mutated(page, MUTATIONS[kind], Random(1)) is None


@pytest.mark.parametrize("kind", MUTATIONS)
def test_each_change_of_a_plain_page_is_found(kind):
    found, made = measure([PAGE], kind, 3)
    assert found == made >= 1


def test_a_page_that_was_not_changed_has_nothing_that_is_found():
    assert not is_found(PAGE, PAGE)


def test_rules_that_quote_what_differs_exist():
    assert {rule.id for rule in RULES} >= findings_mutations.QUOTING

"""Carrying changes into another document: what one side changed is taken, what both changed is a conflict."""

from dataclasses import replace

import pytest

from pages.document import Bilingual, Partner, PartnerList, TextSection
from pages.merging import Outcome, merge
from tests.factories import a_document

BASE = a_document()
(EXPORTS,) = BASE.blocks


def titled(document, english=None, french=None):
    old = document.title
    return replace(document, title=Bilingual(english or old.en, french or old.fr))


def text(key, english="Imports"):
    return TextSection(key, Bilingual(english, "Importations"), Bilingual("<p>Oil.</p>", "<p>Pétrole.</p>"))


def blocks(*these):
    return replace(BASE, blocks=these)


def keys(merged):
    return [block.key for block in merged.document.blocks]


@pytest.mark.parametrize(
    ("scheduled", "new", "title", "outcome"),
    [
        ("Trade", "Trade", "Trade", None),
        ("Coming", "Trade", "Coming", Outcome.SCHEDULED),
        ("Trade", "Now", "Now", Outcome.NEW),
        ("Same", "Same", "Same", Outcome.SCHEDULED),
        ("Coming", "Now", "Now", Outcome.CONFLICT),
    ],
)
def test_a_text_comes_from_the_side_that_changed_it(scheduled, new, title, outcome):
    merged = merge(BASE, titled(BASE, scheduled), titled(BASE, new))
    assert merged.document.title == Bilingual(title, "Commerce")
    assert [each.outcome for each in merged.differences] == ([outcome] if outcome else [])


@pytest.mark.parametrize("side", ["scheduled", "new"])
def test_a_person_decides_which_side_of_a_conflict_to_take(side):
    merged = merge(BASE, titled(BASE, "Coming"), titled(BASE, "Now"), {"title/en": side})
    assert merged.document.title.en == {"scheduled": "Coming", "new": "Now"}[side]


def test_each_language_is_merged_by_itself():
    merged = merge(BASE, titled(BASE, "Coming"), titled(BASE, french="Maintenant"))
    assert (merged.document.title, merged.conflicts) == (Bilingual("Coming", "Maintenant"), ())


def test_fields_of_one_block_are_merged_by_themselves():
    scheduled = blocks(replace(EXPORTS, heading=Bilingual("Sales", "Ventes")))
    new = blocks(replace(EXPORTS, body=Bilingual("<p>Barley.</p>", "<p>De l’orge.</p>")))
    (block,) = merge(BASE, scheduled, new).document.blocks
    assert (block.heading.en, block.body.en) == ("Sales", "<p>Barley.</p>")


def test_blocks_that_either_side_inserted_stay_at_their_places():
    scheduled, new = blocks(text("a"), EXPORTS), blocks(EXPORTS, text("b"))
    assert keys(merge(BASE, scheduled, new)) == ["a", "exports", "b"]


@pytest.mark.parametrize("sides", [((), (EXPORTS,)), ((EXPORTS,), ())])
def test_a_block_that_one_side_deleted_is_gone(sides):
    assert keys(merge(BASE, *(blocks(*side) for side in sides))) == []


def test_a_block_that_one_side_deleted_and_the_other_changed_is_a_conflict():
    changed = replace(EXPORTS, heading=Bilingual("Sales", "Ventes"))
    merged = merge(BASE, blocks(changed), blocks())
    assert [each.key for each in merged.conflicts] == ["blocks/exports"]
    assert keys(merge(BASE, blocks(changed), blocks(), {"blocks/exports": "scheduled"})) == ["exports"]
    assert keys(merge(BASE, blocks(changed), blocks(), {"blocks/exports": "new"})) == []


def test_blocks_stand_in_the_order_of_the_side_that_moved_them():
    base = blocks(text("a"), text("b"), text("c"))
    moved = blocks(text("c"), text("a"), text("b"))
    assert keys(merge(base, moved, base)) == ["c", "a", "b"]
    assert keys(merge(base, base, moved)) == ["c", "a", "b"]


def test_the_order_is_the_new_one_where_both_sides_moved_blocks():
    base = blocks(text("a"), text("b"), text("c"))
    scheduled = blocks(text("c"), text("a"), text("b"), text("d"))
    assert keys(merge(base, scheduled, blocks(text("b"), text("a"), text("c")))) == ["b", "d", "a", "c"]


def test_partners_are_those_of_both_sides_but_those_that_one_has_removed():
    def listing(*names):
        return blocks(
            PartnerList("partners", partners=tuple(Partner(name, "multilateral") for name in names))
        )

    merged = merge(listing("un", "who"), listing("un", "undp"), listing("unicef", "un", "who"))
    assert [each.key for each in merged.document.blocks[0].partners] == ["un", "undp", "unicef"]


def test_a_fact_that_both_sides_changed_is_a_conflict():
    merged = merge(BASE, replace(BASE, parent="a"), replace(BASE, parent="b"))
    assert [each.key for each in merged.conflicts] == ["parent"]


def test_the_base_itself_changes_nothing():
    new = titled(BASE, "Now")
    assert merge(BASE, BASE, new).document == new
    assert merge(BASE, new, BASE).document == new

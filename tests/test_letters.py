"""One way to see letters alike, for addresses, search and alphabetical order."""

import pytest

from pages.letters import fold, sort_key
from pages.search import words
from pages.slugs import slug


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Œuvré", "oeuvre"),
        ("Ægir", "aegir"),
        ("Ǽ", "ae"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("IRAK", "irak"),
        ("l’Île", "l’ile"),
        ("العراق", "العراق"),
    ],
)
def test_letters_lose_accents_ligatures_and_capitals(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    "ordered",
    [
        ["Aide", "École", "Égypte", "État", "Fonds"],
        ["Nord", "Œuvre", "Zone"],
        ["cote", "côte", "coté", "côté"],
        ["La sécurité", "L’aide humanitaire", "L’Irak"],
        ["\u201cGreen\u201d zone", "Grey zone"],
        ["", "A"],
    ],
)
def test_lists_are_in_alphabetical_order_in_both_languages(ordered):
    backwards = ordered[::-1]
    assert sorted(backwards, key=sort_key) == ordered


@pytest.mark.parametrize("word", ["Œuvré", "Ægir", "Ǽ", "Łódź", "Straße"])
def test_addresses_and_search_see_the_same_letters(word):
    assert slug(word) == words.fold(word) == fold(word)

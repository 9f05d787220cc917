"""Words by which a passage is known in its translation."""

import pytest

from pages.content_checks.echoes import distinct, echoes, keys, log_odds

SAME = ("The region has 12 schools and a new hospital.", "La région compte 12 écoles et un nouvel hôpital.")
OTHER = "Les agriculteurs vendent leurs tomates au marché du village."


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("development", "développement"),
        ("Iraq", "Irak"),
        ("government", "gouvernement"),
        ("schools", "l’école"),
        ("using", "utilise"),
        ("2024", "2024"),
    ],
)
def test_a_word_has_an_echo_in_its_translation(english, french):
    assert keys(echoes(english, "en")) & keys(echoes(french, "fr"))


@pytest.mark.parametrize(("english", "french"), [("Canada", "région"), ("12", "13"), ("to", "tu")])
def test_other_words_have_none(english, french):
    assert not keys(echoes(english, "en")) & keys(echoes(french, "fr"))


def test_a_translation_is_likelier_to_say_the_same_than_another_sentence():
    said = echoes(SAME[0], "en")
    assert log_odds(said, keys(echoes(SAME[1], "fr"))) > 2
    assert log_odds(said, keys(echoes(OTHER, "fr"))) < -2


def test_nothing_said_tells_nothing():
    assert log_odds([], frozenset()) == 0


def test_what_two_passages_say_tells_nothing_of_either():
    first, second = distinct([echoes("the village school", "en"), echoes("the village port", "en")])
    assert not first & second
    assert first == set(echoes("school", "en"))

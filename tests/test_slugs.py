import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.slugs import slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Relations Canada-Irak", "relations-canada-irak"),
        ("Sécurité de l’Irak", "securite-de-l-irak"),
        ("Canada's strategy", "canada-s-strategy"),
        ("Cœur, Œuvre & Ægis", "coeur-oeuvre-aegis"),
        ("  À\u00a0Noël : 1\u00a0200 $!", "a-noel-1-200"),
        ("E\u0301te\u0301", "ete"),
        ("Straße Łódź", "strasse-lodz"),
        ("2016–2022", "2016-2022"),
        ("العراق", ""),
        ("", ""),
    ],
)
def test_a_slug_is_plain_ascii_words_joined_by_hyphens(text, expected):
    assert slug(text) == expected


@settings(deadline=None)
@given(st.text())
def test_any_text_gives_a_slug_that_is_its_own_slug(text):
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug(text))
    assert slug(slug(text)) == slug(text)

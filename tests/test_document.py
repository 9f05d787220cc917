"""Documents are immutable values with one canonical JSON."""

import json
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages import document as shape
from pages.document import Bilingual
from pages.images import Image
from tests.factories import a_document

words = st.text(max_size=30)
bilingual = st.builds(Bilingual, words, words)
keys = st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True)
image = st.builds(
    Image,
    digest=st.just("ab" * 16),
    format=st.sampled_from(["png", "jpeg", "webp"]),
    width=st.integers(1, 4000),
    height=st.integers(1, 4000),
    widths=st.lists(st.integers(1, 1280), max_size=4).map(tuple),
)
partners = st.lists(
    st.builds(
        shape.Partner,
        key=keys,
        kind=st.just("coalition"),
        name=bilingual,
        acronym=bilingual,
        website=bilingual,
        description=bilingual,
        logo=st.none() | image,
    ),
    max_size=2,
).map(tuple)
blocks = st.lists(
    st.one_of(
        st.builds(shape.TextSection, keys, bilingual, bilingual),
        st.builds(shape.Objective, keys, bilingual, bilingual, partners),
        st.builds(shape.PartnerList, keys, bilingual, bilingual, partners),
        st.builds(shape.Figure, keys, st.none() | image, st.booleans(), bilingual, bilingual),
        st.builds(shape.PageList, keys, bilingual),
    ),
    max_size=4,
).map(tuple)
documents = st.builds(
    shape.Document,
    key=keys,
    parent=st.none() | keys,
    position=st.integers(0, 99),
    takes_reports=st.booleans(),
    address=bilingual,
    title=bilingual,
    description=bilingual,
    introduction=bilingual,
    blocks=blocks,
)


@given(documents)
def test_a_document_comes_back_from_json_as_it_was(document):
    assert shape.loads(shape.dumps(document)) == document


@given(documents)
def test_the_same_content_gives_the_same_text(document):
    text = shape.dumps(document)
    shuffled = json.dumps(dict(reversed(json.loads(text).items())))
    assert shape.dumps(shape.loads(shuffled)) == text


def test_another_word_in_one_language_gives_another_digest():
    changed = a_document(title=Bilingual("Trade", "Commerces"))
    assert shape.digest(shape.dumps(changed)) != shape.digest(shape.dumps(a_document()))


def test_an_edition_from_before_a_field_existed_is_read_with_its_default():
    older = json.loads(shape.dumps(a_document()))
    del older["takes_reports"]
    assert shape.loads(json.dumps(older)) == a_document(takes_reports=True)


def test_a_document_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        a_document().position = 3


def test_every_text_of_a_document_is_named_by_its_place():
    partner = shape.Partner("un", "multilateral", name=Bilingual("United Nations", "Nations Unies"))
    document = a_document(blocks=(shape.PartnerList("list", partners=(partner,)),))
    paths = {text.path: text.value.en for text in shape.texts(document)}
    assert paths["title",] == "Trade"
    assert paths["blocks", "list", "partners", "un", "name"] == "United Nations"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (Bilingual("a", "b"), ()),
        (Bilingual("a", ""), ("fr",)),
        (Bilingual("", "b"), ("en",)),
        (Bilingual(), ("en", "fr")),
    ],
)
def test_a_text_knows_the_languages_it_lacks(text, missing):
    assert text.missing() == missing

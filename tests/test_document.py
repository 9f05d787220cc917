"""Documents are immutable values with one canonical JSON."""

import ast
import json
import sys
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages import document as shape
from pages.document import Bilingual
from pages.field_kinds import Kind, declarations
from pages.images import Image
from pages.stored_files import StoredFile
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
figure_image = st.builds(
    shape.FigureImage,
    digest=st.just("cd" * 16),
    format=st.just("png"),
    width=st.integers(1, 4000),
    height=st.integers(1, 4000),
    widths=st.just((320,)),
    key=st.just("") | keys,
    lacks_french=st.booleans(),
    french=st.none() | image,
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
file = st.builds(
    StoredFile,
    digest=st.just("ab" * 32),
    format=st.sampled_from(["pdf", "docx"]),
    size=st.integers(1, 5_000_000),
)
downloads = st.lists(
    st.builds(shape.Download, key=keys, title=bilingual, file_en=st.none() | file, file_fr=st.none() | file),
    max_size=2,
).map(tuple)
terms = st.lists(st.builds(shape.Term, code=keys, label=bilingual), max_size=3).map(tuple)
BY_KIND = {
    Kind.PLAIN_TEXT: bilingual,
    Kind.RICH_TEXT: bilingual,
    Kind.LIBRARY_IMAGE: st.none() | figure_image,
    Kind.FLAG: st.booleans(),
    Kind.CHOICE: words,
    Kind.TERMS: terms,
    Kind.PARTNERS: partners,
    Kind.DOWNLOADS: downloads,
}


def block_of(kind):
    values = {name: BY_KIND.get(field.kind, keys) for name, field in declarations(kind).items()}
    return st.builds(kind, **values)


blocks = st.lists(st.one_of(*map(block_of, shape.BLOCKS.values())), max_size=4).map(tuple)
documents = st.builds(
    shape.Document,
    key=keys,
    parent=st.none() | keys,
    position=st.integers(0, 99),
    takes_reports=st.booleans(),
    audience=terms,
    subject=terms,
    address=bilingual,
    title=bilingual,
    description=bilingual,
    introduction=bilingual,
    blocks=blocks,
)


@pytest.mark.medium
@given(documents)
def test_a_document_comes_back_from_json_as_it_was(document):
    assert shape.loads(shape.dumps(document)) == document


@pytest.mark.medium
@given(documents)
def test_the_same_content_gives_the_same_text(document):
    text = shape.dumps(document)
    shuffled = json.dumps(dict(reversed(json.loads(text).items())))
    assert shape.dumps(shape.loads(shuffled)) == text


def test_another_word_in_one_language_gives_another_digest():
    changed = a_document(title=Bilingual("Trade", "Commerces"))
    assert shape.digest(shape.dumps(changed)) != shape.digest(shape.dumps(a_document()))


# Across releases

STORED = Path(__file__).parent / "stored_documents"

# The documents that the first release stored, byte for byte, and their digests.
DIGESTS = {
    "every-kind-of-block": "25d10f186f5b8e5484ff01a4da3942388e63bfbf30c47d23b2142d9b534170f3",
    "empty-fields": "1ecd9f143715794b217c42071ca71c581433c8c033225999cf2fcfa255690115",
    "home": "b1ff55a42eafa584d656ed0641acaf53b92515ec00ca4193d0572cb4a5da4045",
}


def stored(name):
    return (STORED / f"{name}.json").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("name", DIGESTS)
def test_a_document_that_an_earlier_release_stored_keeps_its_text_and_its_digest(name):
    assert shape.dumps(shape.loads(stored(name))) == stored(name)
    assert shape.digest(stored(name)) == DIGESTS[name]


def a_later_release(name, field):
    """The module as a later release might have it: one of its dataclasses has one more field, after the others."""
    source = Path(shape.__file__).read_text(encoding="utf-8")
    [found] = [
        each for each in ast.parse(source).body if isinstance(each, ast.ClassDef) and each.name == name
    ]
    last = [each.end_lineno for each in found.body if isinstance(each, ast.AnnAssign)][-1]
    lines = source.splitlines()
    lines.insert(last, f"    {field}")
    later = ModuleType("pages.later_document")
    later.__package__ = "pages"
    sys.modules[later.__name__] = later
    try:
        exec(compile("\n".join(lines), "later_document.py", "exec"), later.__dict__)
    finally:
        del sys.modules[later.__name__]
    return later


DATACLASSES = ["Bilingual", "Partner", "Document", *(block.__name__ for block in shape.BLOCKS.values())]


@pytest.mark.medium
@pytest.mark.parametrize("name", DATACLASSES)
@pytest.mark.parametrize("field", ['mood: str = "calm"', "mood: int | None = None"])
def test_a_field_that_a_later_release_adds_changes_no_digest(name, field):
    later = a_later_release(name, field)
    for document, digest in DIGESTS.items():
        assert later.digest(later.dumps(later.loads(stored(document)))) == digest


def test_a_field_that_a_later_release_adds_is_stored_once_it_says_something():
    later = a_later_release("Document", 'mood: str = "calm"')
    document = replace(later.loads(stored("home")), mood="bright")
    assert '"mood":"bright"' in later.dumps(document)
    assert later.loads(later.dumps(document)) == document


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ((), "the field “mood” of Document “trade”"),
        (("title",), "the field “mood” of Bilingual"),
        (("blocks", 0), "the field “mood” of TextSection “exports”"),
        (("blocks", 1, "partners", 1), "the field “mood” of Partner “un”"),
        (("blocks", 3, "image"), "the field “mood” of FigureImage"),
    ],
)
def test_a_field_that_this_release_does_not_know_is_refused_by_name(place, said):
    data = json.loads(stored("every-kind-of-block"))
    part = data
    for step in place:
        part = part[step]
    part["mood"] = "calm"
    with pytest.raises(shape.UnknownContent, match=said):
        shape.from_plain(data)


def test_a_kind_of_block_that_this_release_does_not_know_is_refused_by_name():
    data = json.loads(stored("every-kind-of-block"))
    data["blocks"][2]["kind"] = "quotation"
    with pytest.raises(shape.UnknownContent, match="kind of block “quotation”"):
        shape.from_plain(data)


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

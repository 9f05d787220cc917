"""Links: whether those who hear them are told where they lead."""

from dataclasses import replace

import pytest

from pages import html, image_marks
from pages.content_checks import findings
from pages.content_checks.examples import PICTURE
from pages.document import Action, Bilingual, TextSection
from tests.factories import a_document

FLAG = image_marks.Description("", replace(PICTURE.neutral, digest="0" * 32))


def an_image(alt=None, description=FLAG):
    return image_marks.tag(image_marks.InlineImage("flag", alt, description).attributes)


def a_link(words):
    return f'<a href="https://example.org/a">{words}</a>'


def found_in(text, kind=TextSection):
    block = kind("part")
    field = "link" if isinstance(block, Action) else "body"
    block = replace(block, **{field: Bilingual(html.clean(text), "")})
    return [one for one in findings(a_document(blocks=(block,))) if one.rule.id == "link-empty"]


UNNAMED = {
    "a no-break space": "\u00a0",
    "a zero-width space": "\u200b",
    "a soft hyphen": "\u00ad",
    "a word joiner": "\u2060",
    "an arrow": "→",
    "a hyphen": "-",
    "an apostrophe": "’",
    "a decorative image": an_image(""),
    "an image that nobody described": an_image(),
    "a decorative image and a space": an_image("") + "\u00a0",
}


@pytest.mark.parametrize("words", UNNAMED.values(), ids=UNNAMED.keys())
@pytest.mark.parametrize(
    "around", ["<p>{} The rules</p>", "<p>The rules {}</p>", "<ul><li>{} Iraq</li></ul>"]
)
def test_a_link_that_says_nothing_is_found_wherever_it_stands(words, around):
    assert [one.params["href"] for one in found_in(around.format(a_link(words)))] == ["https://example.org/a"]


def test_a_link_of_one_decorative_image_is_found_though_its_paragraph_has_no_words():
    assert len(found_in(f"<p>{a_link(an_image(''))}</p>")) == 1


def test_a_link_without_a_name_is_found_in_a_cell_and_in_a_note():
    cell = f"<table><tr><th>Flag</th><td>{a_link(an_image(''))}</td></tr></table>"
    note = f'<p>Iraq<span role="doc-footnote">{a_link("→")} Flag</span></p>'
    assert [len(found_in(cell)), len(found_in(note))] == [1, 1]


NAMED = {
    "words": "the rules",
    "a digit": "1",
    "the sign of a footnote": "*",
    "an image with a text": an_image("Flag of Iraq"),
    "an image with the text of the library": an_image(None, FLAG._replace(text="Flag of Iraq")),
    "an image of which nothing is known yet": an_image(None, None),
    "a decorative image beside words": an_image("") + " the rules",
    "an image with a text beside an arrow": an_image("Flag of Iraq") + " →",
}


@pytest.mark.parametrize("words", NAMED.values(), ids=NAMED.keys())
def test_a_link_that_is_told_of_has_a_name(words):
    assert not found_in(f"<p>See {a_link(words)} now</p>")


def test_a_link_that_a_page_asks_to_follow_has_a_name_too():
    assert len(found_in(f"<p>{a_link('→')}</p>", kind=Action)) == 1

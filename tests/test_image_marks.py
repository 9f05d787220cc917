"""Images in rich text: where they may stand, what is kept of them, and what readers are sent."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages import fact_places, html, image_marks
from pages.image_marks import Description, InlineImage
from pages.images import Image
from pages.page_texts import rich
from pages.text_matching import replaced

FILE = Image("ab" * 16, "png", 300, 200, (150, 300))
IMAGE = '<img src="image:flag">'
DESCRIBED = (
    f'<img src="image:flag" default="Flag of Iraq" width="300" height="200" file="{FILE.digest}.png 150 300">'
)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"<ul><li>{IMAGE} Iraq</li></ul>", f"<ul>\n<li>{IMAGE} Iraq</li>\n</ul>"),
        (f"<p>{DESCRIBED} Iraq</p>", f"<p>{DESCRIBED} Iraq</p>"),
        (f"<p>{IMAGE}{IMAGE}<br>{IMAGE}</p>", f"<p>{IMAGE}{IMAGE}<br>{IMAGE}</p>"),
        ("<p><IMG ALT='' SRC='image:flag' onerror=x></p>", '<p><img src="image:flag" alt=""></p>'),
        ('<p><img src="image:flag" alt="a &quot;b&quot; &lt;c&gt;"></p>', None),
        (f'<p>See <a href="/en"><strong>{IMAGE}</strong> Iraq</a></p>', None),
        ('<p>A <img src="https://example.org/a.png" alt="x">b</p>', "<p>A b</p>"),
        ('<p>A <img src="image:a b">b</p>', "<p>A b</p>"),
        ('<p>A <img alt="x">b <img></p>', "<p>A b</p>"),
        ('<p><a href="image:flag">b</a></p>', "<p>b</p>"),
        (f'<p>{IMAGE[:-1]} width="300" height="200"></p>', f"<p>{IMAGE}</p>"),
        (f'<p>{IMAGE[:-1]} width="9" height="9" file="../x.png 9"></p>', f"<p>{IMAGE}</p>"),
        (f"<h3>A {IMAGE}b</h3>", "<h3>A b</h3>"),
        (f"<pre>a{IMAGE}b</pre>", "<pre>ab</pre>"),
        (f'<p>A<span role="doc-footnote">b{IMAGE}</span></p>', '<p>A<span role="doc-footnote">b</span></p>'),
        (f"<table><tr><td>{IMAGE}</td></tr></table>",
         f"<table>\n<tbody>\n<tr>\n<td>{IMAGE}</td>\n</tr>\n</tbody>\n</table>"),
    ],
)  # fmt: skip
def test_only_images_of_the_library_stay_and_only_among_words(written, kept):
    kept = written if kept is None else kept
    assert html.clean(written) == html.clean(kept) == kept
    assert html.serialize(html.parse(kept)) == kept


PIECES = [
    IMAGE, DESCRIBED, '<img src="image:b" alt="">', '<img src="image:b" alt="&lt;&quot;">', "a", " ", "b c", "<br>",
    "<em>", "</em>", '<a href="/x">', "</a>", "<li>", "</li>", "<ul>", "</ul>", "<td>", "<table>", "</table>", "<p>",
    "<h3>", "</h3>", '<span role="doc-footnote">', "</span>", "<img>", "<img src=x>", "&lt;", "\ufffb",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_what_is_written_with_images_is_read_exactly(text):
    cleaned = html.clean(text)
    assert html.clean(cleaned) == html.serialize(html.parse(cleaned)) == cleaned
    assert cleaned.count("<img") == len(list(image_marks.images_in(cleaned)))
    assert cleaned.count("<img") == "".join(html.leaf_texts(cleaned)).count(html.IMAGE)
    assert html.IMAGE not in cleaned + rich(cleaned, "en")


alternative_texts = st.none() | st.text(max_size=20).map(lambda text: " ".join(text.split()))


@given(alternative_texts, st.sampled_from(["", "Flag", 'A "b" <c> &amp;']))
def test_an_image_is_read_as_it_was_written(own, default):
    image = InlineImage("flag", own, Description(default, FILE))
    assert list(image_marks.images_in(image_marks.tag(image.attributes))) == [image]


def test_what_is_said_is_its_own_text_or_that_of_the_library_or_nothing():
    described = InlineImage("flag", None, Description("Flag of Iraq", FILE))
    assert described.text == "Flag of Iraq"
    assert described._replace(own_text="Ours").text == "Ours"
    assert not described._replace(own_text="").text
    assert not InlineImage("flag", None, None).text


def test_an_image_without_any_text_is_undescribed_unless_it_is_decoration():
    bare = InlineImage("flag", None, Description("", FILE))
    assert bare.is_undescribed
    assert not bare._replace(own_text="").is_undescribed
    assert not bare._replace(description=None).is_undescribed  # it is not known yet


def test_the_description_is_brought_up_to_date_or_kept_and_what_nobody_knows_is_left_out():
    now = Description("Drapeau", Image("cd" * 16, "jpeg", 30, 20, (30,)))
    text = f'<p>{DESCRIBED} and <img src="image:b" alt="B"></p>'
    changed = image_marks.described(text, {"flag": now}.get)
    assert [image.description for image in image_marks.images_in(changed)] == [now]
    assert image_marks.described(text, {}.get) == f"<p>{DESCRIBED} and </p>"


def test_people_write_no_more_than_the_key_and_their_own_text():
    text = f"<p>{DESCRIBED}{DESCRIBED[:-1]}></p>".replace('flag" default', 'flag" alt="x" default', 1)
    assert image_marks.as_written(text) == f'<p><img src="image:flag" alt="x">{IMAGE}</p>'


def test_readers_get_a_small_file_with_its_size_which_is_loaded_when_it_comes_into_sight():
    assert rich(f"<ul>\n<li>{DESCRIBED} Iraq</li>\n</ul>", "en") == (
        f'<ul>\n<li><img class="ci-inline-image" src="/media/images/{FILE.digest}/150.webp" alt="Flag of Iraq" '
        'width="72" height="48" loading="lazy"> Iraq</li>\n</ul>'
    )


def test_an_image_whose_file_is_not_known_is_its_words():
    assert rich('<p><img src="image:flag" alt="A &amp; b"> Iraq</p>', "en") == "<p>A &amp; b Iraq</p>"


def test_an_image_is_never_shown_larger_than_it_is_and_never_without_a_size():
    for width, height, shown in ((20, 10, ("20", "10")), (16_000, 2, ("240", "1")), (10, 4800, ("1", "48"))):
        image = InlineImage("a", "", Description("", Image("ab" * 16, "png", width, height, (20, 320))))
        attributes = dict(image_marks.shown(image, "/media/"))
        assert (attributes["width"], attributes["height"]) == shown


def test_search_and_links_hear_alternative_texts():
    text = f'<p><a href="/en">{DESCRIBED}</a> in words</p>'
    assert html.plain_text(text) == "Flag of Iraq in words"
    assert html.links(text)[0].text == "Flag of Iraq"


def test_key_figures_keep_an_image_beside_a_figure_and_one_alone():
    fact = '<data value="fact:trade">$4 billion</data>'
    found = fact_places.lines(f"<ul>\n<li>{DESCRIBED} {fact} of trade</li>\n<li>{DESCRIBED}</li>\n</ul>")
    assert [line.after for line in found] == [f"{DESCRIBED} of trade", DESCRIBED]


def test_words_beside_an_image_can_be_replaced_and_the_image_stays():
    text = f"<p>Trade {DESCRIBED} trade</p>"
    assert (
        replaced(text, re.compile("trade", re.IGNORECASE), "aid", rich=True, chosen={0, 1})
        == f"<p>aid {DESCRIBED} aid</p>"
    )
    assert html.edited(text, lambda _text: [(6, 6, "x"), (5, 8, "y")]) == f"<p>Trade x{DESCRIBED} trade</p>"

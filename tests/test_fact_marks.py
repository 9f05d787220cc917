"""Facts in rich text: what of them stays, what readers are sent, and what stands around them."""

import pytest

from pages import fact_marks, fact_places, html
from pages.fact_places import Place

FACT = '<data value="fact:trade-2020">$88 million</data>'


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"<p>About {FACT} in 2020.</p>", f"<p>About {FACT} in 2020.</p>"),
        (f"<p><strong>{FACT}</strong></p>", f"<p><strong>{FACT}</strong></p>"),
        ("<p><DATA VALUE='fact:a'>4 </DATA>in all</p>", '<p><data value="fact:a">4</data> in all</p>'),
        ('<p><data value="88">$88</data></p>', "<p>$88</p>"),
        ('<p><data value="fact:a b">4</data></p>', "<p>4</p>"),
        ('<p><data value="fact:a" onclick="x()">4</data></p>', '<p><data value="fact:a">4</data></p>'),
        ('<p><data value="fact:a"></data> in all</p>', "<p>in all</p>"),
        ('<p><data value="fact:a">4<data value="fact:b">5</data></data></p>', '<p><data value="fact:a">45</data></p>'),
        ("<p><data>4</data></p>", "<p>4</p>"),
    ],
)  # fmt: skip
def test_only_words_that_name_a_fact_stay_those_of_a_fact(written, kept):
    assert html.clean(written) == html.clean(kept) == kept


def test_words_are_written_as_plain_text_and_an_unknown_key_leaves_words():
    text = f'<p>{FACT} and <data value="fact:gone">a &amp; b</data>.</p>'
    words = {"trade-2020": "<90> million"}
    assert fact_marks.with_words(text, words.get) == (
        '<p><data value="fact:trade-2020">&lt;90&gt; million</data> and a &amp; b.</p>'
    )
    assert fact_marks.without_marks(text) == "<p>$88 million and a &amp; b.</p>"
    assert fact_marks.words_in(text) == {"trade-2020": "$88 million", "gone": "a & b"}
    assert list(fact_marks.keys_in(text)) == ["trade-2020", "gone"]


def test_each_place_is_shown_with_the_words_of_its_paragraph():
    text = f"<p>Before.</p>\n<p>Trade was <em>about</em> {FACT} &amp; grew.</p>\n<ul>\n<li>{FACT}</li>\n</ul>"
    assert list(fact_places.places(text, "trade-2020")) == [
        Place("Trade was about ", "$88 million", " & grew."),
        Place("", "$88 million", ""),
    ]
    assert not list(fact_places.places(text, "other"))


def test_a_place_is_shown_without_other_lines_and_without_footnotes():
    text = f'<p>First<br>Near {FACT}<span role="doc-footnote">Source.</span>, later<br>Last</p>'
    assert list(fact_places.places(text, "trade-2020")) == [Place("Near ", "$88 million", ", later")]


def test_much_text_around_a_place_is_cut_between_words():
    [place] = fact_places.places(f"<p>{'word ' * 40}{FACT} {'more ' * 40}.</p>", "trade-2020")
    assert place.before.startswith("…word ")
    assert place.after.endswith(" more…")
    assert max(len(place.before), len(place.after)) <= fact_places.CONTEXT_LENGTH + 1


def test_each_line_of_key_figures_gives_its_figure_and_the_words_around_it():
    text = (
        f'<ul>\n<li>{FACT} in <a href="page:trade">trade</a></li>\n<li>More than {FACT} in trade</li>\n'
        f"<li>About <strong>{FACT}</strong> more</li>\n</ul>\n<p>Words alone</p>"
    )
    assert list(fact_places.lines(text)) == [
        ("", "$88 million", ' in <a href="page:trade">trade</a>'),
        ("More than ", "$88 million", " in trade"),
        ("About ", "$88 million", " more"),
        ("", "", "Words alone"),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"Près d’{FACT}, surtout", ("Près d’", "$88 million", ", surtout")),
        (f"({FACT}) in  all", ("(", "$88 million", ") in all")),
        (f"<strong>Up to {FACT}</strong> in trade", ("Up to ", "$88 million", " in trade")),
        (
            f'<a href="page:trade">More than {FACT} of trade</a>',
            ("More than ", "$88 million", '<a href="page:trade"> of trade</a>'),
        ),
        (f"<em>Now</em>, {FACT}", ("", "$88 million", "<em>Now</em>,")),
        (f"Up to {FACT}<br>in trade", ("Up to ", "$88 million", "<br>in trade")),
        (
            f'Note<span role="doc-footnote">Source.</span>, {FACT} more',
            ("", "$88 million", 'Note<span role="doc-footnote">Source.</span>, more'),
        ),
        (f'<span lang="la">Circa {FACT}</span>', ("", "$88 million", '<span lang="la">Circa </span>')),
    ],
)
def test_a_line_of_key_figures_keeps_its_order_and_the_spaces_beside_its_figure(line, expected):
    assert list(fact_places.lines(f"<p>{line}</p>")) == [expected]

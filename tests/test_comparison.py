"""What changed between two documents, and which translations need a look."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages import comparison
from pages.comparison import compare, compare_texts, stale
from pages.document import Bilingual, Partner, PartnerList, TextSection
from tests.factories import a_document


def text(key, english="<p>Words.</p>", french="<p>Mots.</p>", heading="Trade"):
    return TextSection(key, Bilingual(heading, "Commerce"), Bilingual(english, french))


def told(lines):
    """Lines in short: words as they are, insertions in +…+, deletions in -…-."""
    marks = {"same": "", "inserted": "+", "deleted": "-"}
    return ["".join(f"{marks[run.fate]}{run.text}{marks[run.fate]}" for run in line.runs) for line in lines]


def test_a_document_has_not_changed_from_itself():
    assert not compare(a_document(), a_document()).changed


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("<p>One two.</p>", "<p>One two.</p>", ["One two."]),
        ("<p>One two three four.</p>", "<p>One two five four.</p>", ["One two -three-+five+ four."]),
        ("<p>One.</p>", "<p>One.</p>\n<p>New.</p>", ["One.", "+New.+"]),
        ("<p>One.</p>\n<p>Old.</p>", "<p>One.</p>", ["One.", "-Old.-"]),
        ("<ul>\n<li>a b c</li>\n<li>d e f</li>\n</ul>", "<ul>\n<li>d e f</li>\n</ul>", ["-a b c-", "d e f"]),
        (
            "<p>Entirely other words.</p>",
            "<p>Nothing shared here</p>",
            ["+Nothing shared here+", "-Entirely other words.-"],
        ),
        ("<p>R&amp;D &lt;b&gt;</p>", "<p>R&amp;D &lt;b&gt;</p>", ["R&D <b>"]),
        (
            '<p>See <a href="/en/a">the page</a>.</p>',
            '<p>See <a href="/en/b">the page</a>.</p>',
            ["See the page (/en/-a-+b+)."],
        ),
        ("", "<p>New.</p>", ["+New.+"]),
        ("<p>Gone.</p>", "", ["-Gone.-"]),
    ],
)
def test_rich_texts_are_compared_line_by_line_and_word_by_word(before, after, expected):
    assert told(compare_texts(before, after, rich=True)) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("l'Irak", "l’Irak"),
        ("4 milliards", "4\u00a0milliards"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("one  two", "one two"),
        ("one\r\ntwo", "one\ntwo"),
    ],
)
def test_differences_that_no_reader_sees_are_none(before, after):
    assert comparison.normalised(before) == comparison.normalised(after)


def test_a_paragraph_that_became_a_heading_has_changed():
    lines = compare_texts("<p>Trade</p>", "<h3>Trade</h3>", rich=True)
    assert [line.element for line in lines] == ["h3"] or lines[0].state != "same"


def test_blocks_that_came_went_and_changed_are_told_apart():
    before = a_document(blocks=(text("a"), text("b"), text("c")))
    after = a_document(blocks=(text("a"), text("c", english="<p>Other.</p>"), text("d")))
    states = {block.key: block.state for block in compare(before, after).blocks}
    assert states == {"a": "same", "b": "deleted", "c": "changed", "d": "inserted"}


def test_a_deleted_block_stands_where_it_was():
    before = a_document(blocks=(text("a"), text("b"), text("c")))
    after = a_document(blocks=(text("a"), text("c")))
    assert [block.key for block in compare(before, after).blocks] == ["a", "b", "c"]


def test_only_the_block_that_was_moved_counts_as_moved():
    before = a_document(blocks=tuple(map(text, "abcd")))
    after = a_document(blocks=tuple(map(text, "dabc")))
    assert [block.key for block in compare(before, after).blocks if block.moved] == ["d"]


def test_a_partner_that_was_added_is_a_change():
    before = a_document(blocks=(PartnerList("list"),))
    after = a_document(blocks=(PartnerList("list", partners=(Partner("imf", "multilateral"),)),))
    (block,) = compare(before, after).blocks
    assert block.state == "changed"
    assert block.facts == (("partners", "", "imf"),)


def test_both_languages_are_told_apart():
    before = a_document(blocks=(text("a"),))
    after = a_document(blocks=(text("a", french="<p>D’autres mots.</p>"),))
    body = compare(before, after).block("a").fields[1]
    assert (body.has_changed("en"), body.has_changed("fr")) == (False, True)


def test_a_text_changed_in_one_language_is_stale_in_the_other():
    live = a_document(title=Bilingual("Trade", "Commerce"))
    changed = replace(live, title=Bilingual("Trade relations", "Commerce"))
    assert stale(changed, live) == (comparison.Stale(("title",), "en", "fr"),)


def test_a_text_changed_in_both_languages_is_not_stale():
    live = a_document(title=Bilingual("Trade", "Commerce"))
    assert stale(replace(live, title=Bilingual("Trade relations", "Relations commerciales")), live) == ()


def test_another_kind_of_space_makes_nothing_stale():
    live = a_document(title=Bilingual("$4 billion", "4 milliards"))
    assert stale(replace(live, title=Bilingual("$4 billion", "4\u00a0milliards")), live) == ()


def test_a_new_block_is_not_stale():
    assert stale(a_document(blocks=(text("new"),)), a_document(blocks=())) == ()


words = st.lists(st.sampled_from(["a", "b", "c", ".", "l’Irak"]), max_size=12).map(" ".join)


@given(words, words)
def test_undoing_the_insertions_gives_the_text_before(before, after):
    lines = compare_texts(before, after)
    kept = lambda fate: "".join(run.text for line in lines for run in line.runs if run.fate != fate)  # noqa: E731
    assert comparison.normalised(kept("inserted")) == comparison.normalised(before)
    assert comparison.normalised(kept("deleted")) == comparison.normalised(after)


@given(st.permutations("abcdef"))
def test_every_block_of_both_documents_is_told_once(order):
    changed = compare(
        a_document(blocks=tuple(map(text, "abcdef"))), a_document(blocks=tuple(map(text, order)))
    )
    assert sorted(block.key for block in changed.blocks) == list("abcdef")

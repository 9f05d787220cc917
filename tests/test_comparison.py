"""What changed between two documents, and which translations need a look."""

import hashlib
import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages import comparison
from pages.comparison import TranslationDecisions, compare, compare_texts, fingerprint, stale
from pages.document import Bilingual, Figure, FigureImage, Partner, PartnerList, TextSection
from tests.factories import a_document


def text(key, english="<p>Words.</p>", french="<p>Mots.</p>", heading="Trade"):
    return TextSection(key, Bilingual(heading, "Commerce"), Bilingual(english, french))


def told(lines):
    """Lines in short: words as they are, insertions in +…+, deletions in -…-."""
    marks = {"same": "", "inserted": "+", "deleted": "-"}
    return [
        "".join(f"{marks[run.change]}{run.text}{marks[run.change]}" for run in line.spans) for line in lines
    ]


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
        ("<p>a <strong>b</strong>c</p>", "<p>a bc</p>", ["a bc"]),
        ("<p>x y</p>", "<p>q</p><p>x y z</p>", ["+q+", "x y+ z+"]),
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
        ("follow\u2011up", "follow-up"),
        ("25\u202f000", "25 000"),
        ("‘so’ “called”", "'so' \"called\""),
        ("co\u00adoperate", "cooperate"),
    ],
)
def test_differences_that_no_reader_sees_are_none(before, after):
    assert comparison.normalised(before) == comparison.normalised(after)
    assert not any(line.state != "same" for line in compare_texts(before, after))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (" a\u00a0 b ", "a b"),
        (" ", " "),
        ("\u00a0\u202f", " "),
        ("", ""),
        ("« a » b", '"a"b'),
        ("e\u0301", "é"),
    ],
)
def test_a_text_as_it_is_compared(text, plain):
    assert comparison.normalised(text) == plain


def test_each_line_of_a_link_is_followed_by_where_it_leads():
    lines = compare_texts("", '<p>See <a href="/en/a">the<br>aid</a> now.</p>', rich=True)
    assert [line.spans[0].text for line in lines] == ["See the (/en/a)", "aid (/en/a) now."]


def line_of(*words):
    return f"<p>{' '.join(words)}</p>"


ONE, OTHER = [f"a{number}" for number in range(10)], [f"b{number}" for number in range(10)]


@pytest.mark.parametrize(("shared", "is_one_line"), [(3, False), (4, True)])
def test_two_lines_of_ten_words_are_one_that_changed_if_they_share_more_than_three(shared, is_one_line):
    lines = compare_texts(line_of(*ONE), line_of(*OTHER[shared:], *ONE[:shared]), rich=True)
    assert (len(lines) == 1) is is_one_line
    assert [line.state for line in lines] == (["changed"] if is_one_line else ["inserted", "deleted"])


def test_a_line_is_compared_with_the_old_one_that_it_shares_most_words_with():
    old = line_of("a", "b", "c", "x") + line_of("a", "b", "c", "d") + line_of("a", "b", "y", "z")
    lines = compare_texts(old, line_of("a", "b", "c", "d", "e"), rich=True)
    assert told(lines) == ["-a b c x-", "a b c d+ e+", "-a b y z-"]


def test_of_two_old_lines_that_are_as_close_the_first_is_taken():
    lines = compare_texts(line_of("a", "b", "c") + line_of("a", "b", "d"), line_of("a", "b", "e"), rich=True)
    assert told(lines) == ["a b -c-+e+", "-a b d-"]


@pytest.mark.parametrize(("gone", "is_found"), [(19, True), (20, False)])
def test_the_old_line_is_sought_among_the_next_twenty(gone, is_found):
    old = "".join(line_of(f"gone{number}") for number in range(gone)) + line_of("a", "b", "c")
    lines = compare_texts(old, line_of("a", "b", "d"), rich=True)
    assert ("changed" in [line.state for line in lines]) is is_found


def test_each_old_line_is_compared_with_one_new_line_at_most():
    lines = compare_texts(line_of("a", "b", "c"), line_of("a", "b", "d") + line_of("a", "b", "e"), rich=True)
    assert told(lines) == ["a b -c-+d+", "+a b e+"]


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (comparison.SENTENCE_DIFF_LENGTH, ["same", "deleted", "inserted", "same"]),
        (comparison.SENTENCE_DIFF_LENGTH + 1, ["deleted", "inserted", "same"]),
    ],
)
def test_a_long_paragraph_is_compared_sentence_by_sentence(length, expected):
    rest = " And more words.".ljust(length - len("One fish."), "x")
    (line,) = compare_texts(f"One fish.{rest}", f"One bird.{rest}")
    assert [run.change for run in line.spans] == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("<p>Trade</p>", "<h3>Trade</h3>", [("p", "-Trade-"), ("h3", "+Trade+")]),
        ("<ul><li>a b</li></ul>", "<p>a b</p>", [("li", "-a b-"), ("p", "+a b+")]),
        ("<p>a b c</p>", "<h3>a b d</h3>", [("h3", "a b -c-+d+")]),
        ("<p>a</p><h3>b</h3>", "<p>a</p><h3>b</h3>", [("p", "a"), ("h3", "b")]),
        ("<h3>a</h3><p>b</p>", "<h4>c</h4>", [("h4", "+c+"), ("h3", "-a-"), ("p", "-b-")]),
        ("<h3>a</h3><p>b c</p>", "<p>b c d</p>", [("h3", "-a-"), ("p", "b c+ d+")]),
        ("bare", "bare <p>a</p>", [("p", "bare"), ("p", "+a+")]),
        ("<h4>a<br>b</h4>", "<h4>a<br>b</h4>", [("h4", "a"), ("h4", "b")]),
        ("<ul><li><p>a</p><ol><li>b</li></ol><p>c</p></li></ul>",) * 2
        + ([("p", "a"), ("li", "b"), ("p", "c")],),
    ],
)
def test_each_line_has_its_element_and_another_element_is_a_change(before, after, expected):
    lines = compare_texts(before, after, rich=True)
    assert list(zip([line.element for line in lines], told(lines), strict=True)) == expected


def test_a_plain_text_is_one_line_without_an_element():
    (line,) = compare_texts("a <b> c", "a <b> d")
    assert line.element == ""
    assert told([line]) == ["a <b> -c-+d+"]
    assert compare_texts("", "") == ()
    assert told(compare_texts("", "a")) == ["+a+"]


def test_words_side_by_side_that_all_changed_are_told_together():
    assert told(compare_texts("k l m a b", "k l m c d")) == ["k l m -a b-+c d+"]


def test_other_quotation_marks_around_a_line_leave_it_as_it_is():
    assert [line.state for line in compare_texts("« oui »", "“oui”")] == ["same"]


@pytest.mark.medium
def test_lines_and_words_that_come_often_are_found_again_wherever_they_stand():
    often = "<p>Yes.</p>" * 250
    lines = compare_texts("".join(f"<p>x{n}</p>" for n in range(30)) + often, often, rich=True)
    assert [line.state for line in lines] == ["deleted"] * 30 + ["same"] * 250
    often = "yes " * 250
    assert told(compare_texts(f"a b {often}", often)) == [f"-a b -{often}"]


def test_blocks_that_came_went_and_changed_are_told_apart():
    before = a_document(blocks=(text("a"), text("b"), text("c")))
    after = a_document(blocks=(text("a"), text("c", english="<p>Other.</p>"), text("d")))
    states = {block.key: block.state for block in compare(before, after).blocks}
    assert states == {"a": "same", "b": "deleted", "c": "changed", "d": "inserted"}


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("abc", "ac", "abc"),
        ("abcde", "abde", "abcde"),
        ("abcde", "cde", "abcde"),
        ("abcd", "dcb", "adcb"),
        ("ab", "cd", "abcd"),
        ("abcd", "xaby", "xabcdy"),
        ("", "ab", "ab"),
        ("ab", "", "ab"),
    ],
)
def test_a_deleted_block_stands_where_it_was(old, new, shown):
    before, after = (a_document(blocks=tuple(map(text, keys))) for keys in (old, new))
    assert "".join(block.key for block in compare(before, after).blocks) == shown


def test_a_block_is_found_by_its_key_with_its_kind():
    change = compare(a_document(blocks=()), a_document(blocks=(text("a"), PartnerList("list"))))
    assert [(block.key, block.kind) for block in change.blocks] == [("a", "text"), ("list", "partners")]
    assert change.block("list") is change.blocks[1]
    assert change.block("none") is None


def test_the_fields_of_a_page_have_their_names_and_rich_texts_their_lines():
    before = a_document(introduction=Bilingual("<p>One.</p>", "<p>Un.</p>"))
    after = replace(before, introduction=Bilingual("<p>One.</p><h3>Two</h3>", "<p>Un.</p>"))
    fields = {change.name: change for change in compare(before, after).fields}
    assert list(fields) == ["address", "title", "description", "introduction"]
    assert told(fields["introduction"].en) == ["One.", "+Two+"]
    assert [line.element for line in fields["title"].en] == [""]


def picture(name):
    return FigureImage(name.ljust(64, "0"), "png", 40, 30, (40,))


@pytest.mark.parametrize(
    ("before", "after", "facts"),
    [
        ({"position": 1}, {"position": 2}, (("position", "1", "2"),)),
        ({"parent": None}, {"parent": "home"}, (("parent", "", "home"),)),
        ({"parent": "home"}, {"parent": "home"}, ()),
    ],
)
def test_the_place_of_a_page_is_a_fact(before, after, facts):
    found = compare(a_document(**before), a_document(**after))
    assert found.facts == facts
    assert found.changed is bool(facts)


def test_a_picture_is_told_by_its_digest():
    before, after = (a_document(blocks=(Figure("map", image=picture(name)),)) for name in "ab")
    assert compare(before, after).blocks[0].facts == (("image", "a".ljust(64, "0"), "b".ljust(64, "0")),)


def test_a_block_that_came_or_went_is_told_by_its_state_alone():
    with_one, without = a_document(blocks=(Figure("map", image=picture("a")),)), a_document(blocks=())
    for before, after in ((with_one, without), (without, with_one)):
        assert [block.facts for block in compare(before, after).blocks] == [()]


def test_partners_are_told_with_their_names_and_texts():
    imf = Partner(
        "imf", "multilateral", name=Bilingual("IMF", "FMI"), description=Bilingual("A fund.", "Un fonds.")
    )
    bank = Partner("bank", "multilateral", name=Bilingual("", "Banque"))
    before = a_document(blocks=(PartnerList("list"),))
    after = a_document(blocks=(PartnerList("list", partners=(imf, bank, Partner("un", "multilateral"))),))
    (block,) = compare(before, after).blocks
    assert block.facts == (("partners", "", "IMF · A fund. | Un fonds., Banque, un"),)


def test_only_the_block_that_was_moved_counts_as_moved():
    before = a_document(blocks=tuple(map(text, "abcd")))
    after = a_document(blocks=tuple(map(text, "dabc")))
    assert [block.key for block in compare(before, after).blocks if block.moved] == ["d"]


@pytest.mark.parametrize(
    ("order", "moved"),
    [("abcdef", ""), ("fabcde", "f"), ("bcdefa", "a"), ("efabcd", "ef"), ("fbcdea", "af")],
)
def test_as_few_blocks_as_possible_count_as_moved(order, moved):
    before, after = (a_document(blocks=tuple(map(text, keys))) for keys in ("abcdef", order))
    found = "".join(sorted(block.key for block in compare(before, after).blocks if block.moved))
    assert found == moved


@given(st.permutations("abcde"))
def test_the_blocks_that_did_not_move_keep_their_order_and_no_more_could(order):
    before, after = (a_document(blocks=tuple(map(text, keys))) for keys in ("abcde", order))
    kept = [block.key for block in compare(before, after).blocks if not block.moved]
    assert kept == sorted(kept)
    longer = itertools.combinations(order, len(kept) + 1)
    assert not [keys for keys in longer if list(keys) == sorted(keys)]


def test_a_block_that_came_or_went_moves_none_of_the_others():
    before, after = (a_document(blocks=tuple(map(text, keys))) for keys in ("abcd", "xbzdc"))
    blocks = compare(before, after).blocks
    assert "".join(block.key for block in blocks) == "axbzdc"
    assert [block.key for block in blocks if block.moved] in (["c"], ["d"])


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


TITLE = ("title",)
WAS, NOW = Bilingual("Trade", "Commerce"), Bilingual("Trade relations", "Commerce")

# The rule


def stale_now(now, was=WAS, decided=None):
    live = a_document(title=was)
    return stale(replace(live, title=now), live, decided)


@pytest.mark.parametrize(
    ("decided", "now", "expected"),
    [
        (TranslationDecisions(frozenset({(TITLE, fingerprint(NOW))})), NOW, ()),
        (
            TranslationDecisions(frozenset({(TITLE, fingerprint(NOW))})),
            Bilingual("Trading", "Commerce"),
            ("en", "Trade"),
        ),
        (TranslationDecisions(frozenset({(("description",), fingerprint(NOW))})), NOW, ("en", "Trade")),
    ],
)
def test_no_change_needed_holds_for_exactly_those_texts(decided, now, expected):
    assert tuple((each.changed, each.before) for each in stale_now(now, decided=decided)) == (
        (expected,) if expected else ()
    )


LATER = TranslationDecisions(later={(TITLE, fingerprint(WAS)): ("fr", "Commerce of old")})


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (WAS, [("en", "fr", "Commerce of old")]),
        (NOW, [("en", "fr", "Commerce of old")]),
        (Bilingual("Trade", "Échanges"), []),
        (Bilingual("Trade relations", "Relations"), []),
    ],
)
def test_what_was_published_before_its_translation_stays_marked_until_that_is_written(now, expected):
    marked = stale_now(now, decided=LATER)
    assert [(each.changed, each.untouched, each.before) for each in marked] == expected


def test_an_address_that_changed_in_one_language_is_not_stale():
    live = a_document(address=Bilingual("trade", "commerce"))
    assert stale(replace(live, address=Bilingual("trading", "commerce")), live) == ()


def test_quotation_marks_and_spaces_of_another_kind_do_not_end_a_decision():
    assert fingerprint(Bilingual("a “b”", "« c »")) == fingerprint(Bilingual('a "b"', "«\u00a0c\u00a0»"))


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (WAS, NOW, [("en", "fr", "Trade")]),
        (WAS, Bilingual("Trade", "Échanges"), [("fr", "en", "Commerce")]),
        (WAS, Bilingual("Trade relations", "Échanges"), []),
        (WAS, WAS, []),
        (Bilingual("Trade", ""), Bilingual("Trade relations", ""), []),
        (Bilingual("", ""), WAS, []),
        (Bilingual("Trade", ""), WAS, []),
        (WAS, Bilingual("Trade relations", ""), []),
    ],
)
def test_the_language_that_did_not_change_is_behind_where_both_are_there(was, now, expected):
    found = stale_now(now, was)
    assert [(each.changed, each.untouched, each.before) for each in found] == expected


def test_each_stale_text_is_told_in_reading_order_whatever_stands_between():
    live = a_document(title=WAS, description=Bilingual("a", "b"), blocks=(text("one"), text("two")))
    now = replace(
        live,
        title=NOW,
        description=Bilingual("a", ""),
        blocks=(text("new"), text("one", english="<p>Else.</p>"), text("two", heading="Else")),
    )
    assert [each.path for each in stale(now, live)] == [
        ("title",),
        ("blocks", "one", "body"),
        ("blocks", "two", "heading"),
    ]


def test_a_decision_on_another_text_settles_nothing_and_what_is_settled_is_so_when_due_later_too():
    key = (TITLE, fingerprint(WAS))
    other = {(("description",), fingerprint(WAS)): ("fr", "Of old")}
    assert stale_now(WAS, decided=TranslationDecisions(later=other)) == ()
    assert len(stale_now(NOW, decided=TranslationDecisions(later=other))) == 1
    both = TranslationDecisions(frozenset({key}), {key: ("fr", "Of old")})
    assert stale_now(WAS, decided=both) == ()
    assert len(stale_now(NOW, decided=both)) == 1
    assert (
        len(stale_now(WAS, decided=TranslationDecisions(frozenset({(TITLE, "")}), {key: ("fr", "Of old")})))
        == 1
    )


def test_a_fingerprint_is_that_of_both_languages_and_tells_them_apart():
    values = [("a", "b"), ("b", "a"), ("ab", ""), ("", "ab"), ("a", "c"), ("c", "b")]
    assert len({fingerprint(Bilingual(*each)) for each in values}) == len(values)
    assert fingerprint(Bilingual("a", "b")) == hashlib.sha256(b"a\0b").hexdigest()


def test_a_new_block_is_not_stale():
    assert stale(a_document(blocks=(text("new"),)), a_document(blocks=())) == ()


words = st.lists(st.sampled_from(["a", "b", "c", ".", "l’Irak"]), max_size=12).map(" ".join)


@given(words, words)
def test_undoing_the_insertions_gives_the_text_before(before, after):
    lines = compare_texts(before, after)
    kept = lambda fate: "".join(run.text for line in lines for run in line.spans if run.change != fate)  # noqa: E731
    assert comparison.normalised(kept("inserted")) == comparison.normalised(before)
    assert comparison.normalised(kept("deleted")) == comparison.normalised(after)


@pytest.mark.medium
@given(st.permutations("abcdef"))
def test_every_block_of_both_documents_is_told_once(order):
    changed = compare(
        a_document(blocks=tuple(map(text, "abcdef"))), a_document(blocks=tuple(map(text, order)))
    )
    assert sorted(block.key for block in changed.blocks) == list("abcdef")


# Formatting.


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>Aid for all.</p>", "<p>Aid for <strong>all</strong>.</p>"),
        ("<p>Aid for <em>all</em>.</p>", "<p>Aid for <strong>all</strong>.</p>"),
        ("<p>The IMF.</p>", '<p>The <abbr title="Fund">IMF</abbr>.</p>'),
        ('<p>The <abbr title="Fund">IMF</abbr>.</p>', '<p>The <abbr title="The Fund">IMF</abbr>.</p>'),
        ("<p>Merci.</p>", '<p><span lang="fr">Merci</span>.</p>'),
        ('<p><a href="/a">A</a></p>', '<p><a href="/a" hreflang="fr">A</a></p>'),
        ("<ul><li>One</li></ul>", "<ol><li>One</li></ol>"),
        ("<ol><li>One</li></ol>", '<ol start="3"><li>One</li></ol>'),
        ("<p>Said.</p>", "<blockquote><p>Said.</p></blockquote>"),
        ("<table><tr><td>1</td></tr></table>", '<table><tr><td colspan="2">1</td></tr></table>'),
        (
            "<table><tbody><tr><th>1</th></tr></tbody></table>",
            "<table><thead><tr><th>1</th></tr></thead></table>",
        ),
    ],
)
def test_a_line_of_the_same_words_in_another_form_has_changed(before, after):
    for old, new in ((before, after), (after, before)):
        (line,) = compare_texts(old, new, rich=True)
        assert line.is_reformatted
        assert line.state == "changed"
        assert [run.change for run in line.spans] == ["same"]
        assert [each.state for each in compare_texts(new, new, rich=True)] == ["same"]


def test_only_the_line_of_another_form_has_changed():
    before = "<p>One.</p><ul><li>Two</li><li>Three</li></ul><p>Four more words.</p>"
    after = "<p>One.</p><ul><li>Two</li><li><em>Three</em></li></ul><p>Four more words, five.</p>"
    lines = compare_texts(before, after, rich=True)
    assert [(line.state, line.is_reformatted) for line in lines] == [
        ("same", False),
        ("same", False),
        ("changed", True),
        ("changed", False),
    ]


def test_spaces_and_quotation_marks_are_no_change_of_form():
    lines = compare_texts("<p>« <em>a</em> »</p>", "<p>“<em>a</em>”</p>\n", rich=True)
    assert [line.state for line in lines] == ["same"]


def test_a_document_that_differs_in_form_only_has_changed():
    before = a_document(introduction=Bilingual("<p>Aid.</p>", "<p>Aide.</p>"))
    after = a_document(introduction=Bilingual("<p><strong>Aid</strong>.</p>", "<p>Aide.</p>"))
    found = compare(before, after)
    assert found.changed
    (field,) = [field for field in found.fields if field.changed]
    assert field.name == "introduction"
    assert field.has_changed("en")
    assert not field.has_changed("fr")

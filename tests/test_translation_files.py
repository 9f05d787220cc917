"""The texts of a page leave as a translation file, come back as such, and change nothing but what was translated."""

import re
import string
from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from pages import html, translation_files, xliff
from pages.document import Bilingual, Document, TextSection, texts
from pages.glossary import NO_GLOSSARY, Glossary, Term, Wording
from pages.html import headings
from pages.translation_files import Context, TranslationError, fields_of, needed, translation_of
from pages.xliff import Code, XliffError
from tests.factories import a_block, a_document
from tests.test_html import SOUP

CONTEXT = Context(".".join, NO_GLOSSARY)
LINK = '<a href="https://example.org/{}">{}</a>'
RICH = (
    '<p>See <a href="https://example.org/en">the <strong>full</strong> report</a> of '
    '<data value="fact:trade">$88 million</data>.<span role="doc-footnote">A note.</span></p>\n'
    '<h3 id="trade">Trade</h3>\n<ul>\n<li>First</li>\n<li>Second<br>line</li>\n</ul>\n'
    "<table>\n<tbody>\n<tr>\n<td>Year</td>\n<td>—</td>\n</tr>\n</tbody>\n</table>"
)


def page_with(english, french="", **changes):
    """A document with one text."""
    return a_document(
        blocks=(TextSection("one", Bilingual("Trade", "Commerce"), Bilingual(english, french)),), **changes
    )


def exported(document, language="en", *, stale=None, fields=None, context=CONTEXT):
    """A document as the file that a translator gets."""
    fields = fields_of(document, language) if fields is None else fields
    return translation_files.export(document, fields, stale or {}, context)


def translated(file, change):
    """The same file with a translation of each segment; `change` is given a word and returns another one."""

    def content(parts):
        return tuple(
            change(part)
            if isinstance(part, str)
            else part._replace(content=None if part.content is None else content(part.content))
            for part in parts
        )

    segments = [
        segment.__class__(segment.id, segment.source, content(segment.source)) for segment in file.segments
    ]
    return xliff.File(
        file.original, file.source_language, file.target_language, tuple(segments), file.skeleton
    )


def sent(file):
    """What a file says once it was written and read."""
    [read] = xliff.read(xliff.write([file]))
    return translation_of(read)


def planned(document, file, **options):
    return translation_files.plan(document, sent(file), **options)


def brought_back(document, file, **options):
    """The document with what a file changes."""
    return translation_files.with_plans(document, planned(document, file, **options).changed)


def body(document, language="fr"):
    return document.blocks[0].body[language]


def messages(plan):
    return [refusal.message for refusal in plan.refusals]


def with_targets(document, **targets):
    """A file of a document in which some segments have a translation, by the end of their ids."""
    file = exported(document)
    segments = []
    for segment in file.segments:
        target = next(
            (value for end, value in targets.items() if segment.id.endswith(end.replace("_", "."))), None
        )
        segments.append(segment.__class__(segment.id, segment.source, target))
    return xliff.File(file.original, "en", "fr", tuple(segments), file.skeleton)


# Out


def test_each_block_of_a_rich_text_is_a_segment_and_so_is_each_footnote():
    file = exported(page_with(RICH))
    body_segments = [segment for segment in file.segments if ".body." in segment.id]
    assert [xliff.plain_text(segment.source) for segment in body_segments] == [
        "See the full report of $88 million.",
        "A note.",
        "Trade",
        "First",
        "Secondline",
        "Year",
    ]


def test_links_facts_and_footnotes_are_protected_codes_and_emphasis_is_a_code():
    [first, *_others] = [segment for segment in exported(page_with(RICH)).segments if ".body." in segment.id]
    codes = [(code.kind, code.is_protected, code.content is None) for code in xliff.codes_in(first.source)]
    assert codes == [
        ("link", True, False),
        ("bold", False, False),
        ("x-fact", True, True),
        ("x-footnote", True, True),
    ]
    assert b"example.org" not in xliff.write([exported(page_with(RICH))])


def test_what_an_abbreviation_means_and_what_an_image_shows_are_segments_of_their_own():
    text = '<p><abbr title="European Union">EU</abbr> <img src="image:flag" alt="A flag"></p>'
    sources = [xliff.plain_text(segment.source) for segment in exported(page_with(text)).segments]
    assert sources[-3:] == ["EU A flag", "European Union", "A flag"]


def test_addresses_and_what_pages_share_are_left_out():
    document = a_document(
        blocks=(a_block("partners", "one"), a_block("downloads", "two"), a_block("text", "three"))
    )
    paths = {each.path for each in fields_of(document, "en")}
    assert ("address",) not in paths
    assert not any(name in path for path in paths for name in ("partners", "downloads"))
    shared = TextSection("one", Bilingual("Shared", ""), Bilingual("<p>Shared</p>", ""), shared="note")
    assert not any("one" in each.path for each in fields_of(a_document(blocks=(shared,)), "en"))


def test_the_alternative_text_of_a_decorative_image_is_left_out():
    figure = a_block("figure", "one", decorative=True)
    assert ("blocks", "one", "alternative_text") not in {
        each.path for each in fields_of(a_document(blocks=(figure,)), "en")
    }


def test_every_text_of_a_page_that_is_not_shared_nor_an_address_can_be_exported():
    for kind in (
        "figure",
        "contact",
        "table",
        "key-figures",
        "video",
        "quote",
        "action",
        "link",
        "timeline",
        "step",
    ):
        block = a_block(kind, "one")
        document = a_document(blocks=(block,))
        own = {
            text.path
            for text in texts(document)
            if text.value.en and text.path[-1] != "address" and not {"partners", "downloads"} & set(text.path)
        }
        assert {each.path for each in fields_of(document, "en")} == own


def test_what_needs_a_translation_is_empty_or_stale():
    document = a_document(
        title=Bilingual("Trade", ""),
        description=Bilingual("Old", "Ancien"),
        introduction=Bilingual("<p>New</p>", "<p>Ancien</p>"),
        blocks=(),
    )
    fields = needed(fields_of(document, "en"), {("introduction",): "<p>Old</p>"})
    assert [each.path for each in fields] == [("title",), ("introduction",)]
    file = exported(document, fields=fields, stale={("introduction",): "<p>Old</p>"})
    assert [(segment.target, segment.state) for segment in file.segments] == [
        (None, ""),
        (("Ancien",), "needs-review-translation"),
    ]


def test_of_a_stale_text_the_segments_that_stayed_are_translated():
    document = page_with("<p>Same</p>\n<p>New</p>", "<p>Pareil</p>\n<p>Ancien</p>")
    stale = {("blocks", "one", "body"): "<p>Same</p>\n<p>Old</p>"}
    states = [segment.state for segment in exported(document, stale=stale).segments if ".body." in segment.id]
    assert states == ["translated", "needs-review-translation"]


def test_a_translation_of_another_structure_goes_along_as_a_note():
    document = page_with("<p>One</p>\n<p>Two</p>", "<p>Un et deux</p>")
    first, second = (segment for segment in exported(document).segments if ".body." in segment.id)
    assert first.target is None
    assert any("Un et deux" in note for note in first.notes)
    assert not any("Un et deux" in note for note in second.notes)


def test_terms_of_the_glossary_that_occur_are_notes():
    terms = Glossary((Term(Wording("trade"), Wording("échanges")), Term(Wording("art"), Wording("art"))))
    document = page_with("<p>Trades and parts</p>")
    [segment] = [
        each for each in exported(document, context=Context(".".join, terms)).segments if ".body." in each.id
    ]
    assert [note for note in segment.notes if "=" in note] == ["Glossary: trade = échanges"]


def test_a_page_without_any_text_has_no_file():
    assert exported(Document("empty")) is None


def test_a_file_goes_from_french_to_english_as_well():
    file = exported(page_with("", "<p>Bonjour</p>"), "fr")
    assert (file.source_language, file.target_language) == ("fr-CA", "en-CA")
    back = brought_back(page_with("", "<p>Bonjour</p>"), translated(file, lambda _word: "Good day"))
    assert body(back, "en") == "<p>Good day</p>"


# In


def test_a_translation_has_the_blocks_and_codes_of_its_source():
    document = page_with(RICH)
    french = body(brought_back(document, translated(exported(document), str.upper)))
    assert french == RICH.replace(' id="trade"', "").replace("See", "SEE").replace("the <", "THE <").replace(
        ">full<", ">FULL<"
    ).replace(" report", " REPORT").replace(" of ", " OF ").replace("A note.", "A NOTE.").replace(
        "Trade", "TRADE"
    ).replace("First", "FIRST").replace("Second", "SECOND").replace("line<", "LINE<").replace("Year", "YEAR")


def test_a_file_that_comes_back_as_it_went_out_changes_nothing():
    document = page_with(
        RICH, RICH.replace("See", "Voir").replace("/en", "/fr").replace('id="trade"', 'id="commerce"')
    )
    assert not planned(document, exported(document)).fields


def test_the_links_of_a_translation_stay_those_of_its_language():
    document = page_with(
        f"<p>See {LINK.format('en', 'this')}</p>", f"<p>Voir {LINK.format('fr', 'ceci')}</p>"
    )
    back = brought_back(document, translated(exported(document), str.upper))
    assert body(back) == f"<p>SEE {LINK.format('fr', 'THIS')}</p>"


def test_a_heading_of_a_translation_keeps_its_anchor():
    document = page_with('<h3 id="trade">Trade</h3>', '<h3 id="commerce">Commerce</h3>')
    assert (
        body(brought_back(document, translated(exported(document), str.upper)))
        == '<h3 id="commerce">TRADE</h3>'
    )
    live = {"one": headings('<h3 id="live">Commerce</h3>')}
    document = page_with("<h3>Trade</h3>", "<h3>Commerce</h3>")
    assert (
        body(brought_back(document, translated(exported(document), str.upper), live=live))
        == '<h3 id="live">TRADE</h3>'
    )


def test_footnotes_follow_the_places_that_a_translator_gives_them():
    note = '<span role="doc-footnote">{}</span>'
    document = page_with(f"<p>One{note.format('First')} two{note.format('Second')}</p>")
    file = with_targets(
        document,
        body_1=("Deux", Code("2"), " un", Code("1")),
        body_2=("Premier",),
        body_3=("Deuxième",),
    )
    french = f"<p>Deux{note.format('Deuxième')} un{note.format('Premier')}</p>"
    back = brought_back(document, file)
    assert body(back) == french
    assert body(brought_back(back, file)) == french


def test_the_text_that_an_element_carries_is_taken():
    document = page_with('<p><abbr title="European Union">EU</abbr></p>')
    file = with_targets(document, body_1=(Code("1", ("UE",)),), body_1_1=("Union européenne",))
    assert body(brought_back(document, file)) == '<p><abbr title="Union européenne">UE</abbr></p>'


def test_emphasis_that_only_the_translation_has_stays():
    document = page_with("<p>19th century</p>", "<p>XIX<sup>e</sup> siècle</p>")
    assert not planned(document, exported(document)).fields
    [segment] = [each for each in exported(document).segments if ".body." in each.id]
    file = with_targets(document, body_1=("Au ", *segment.target))
    assert body(brought_back(document, file)) == "<p>Au XIX<sup>e</sup> siècle</p>"


def test_a_segment_without_a_protected_code_is_refused_with_the_name_of_the_code():
    document = page_with(RICH)
    file = with_targets(document, body_1=("Voir le rapport.",))
    [refusal, *_more] = planned(document, file).refusals
    for words in ("the link “the full report”", "the fact “$88 million”", "a footnote"):
        assert words in refusal.message
    assert not refusal.can_be_chosen


def test_a_link_without_words_is_a_lost_link():
    document = page_with(f"<p>See {LINK.format('en', 'this')}</p>")
    assert (
        "the link “this”"
        in messages(planned(document, with_targets(document, body_1=("Voir", Code("1", ())))))[0]
    )


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (("Voir", Code("9", ("ceci",)), Code("1", ("cela",))), "tags that the text does not have: 9"),
        ((Code("1", ("un",)), Code("1", ("deux",))), "more than once"),
    ],
)
def test_codes_that_the_text_does_not_have_are_refused(target, words):
    document = page_with(f"<p>See {LINK.format('en', 'this')}</p>")
    plan = planned(document, with_targets(document, body_1=target))
    assert words in messages(plan)[0]
    assert not plan.changed


def test_a_link_that_holds_nothing_but_another_link_is_refused():
    document = page_with(f"<p>{LINK.format('a', 'one')} {LINK.format('b', 'two')}</p>")
    plan = planned(document, with_targets(document, body_1=(Code("1", (Code("2", ("deux",)),)),)))
    assert "inside another one" in messages(plan)[0]
    assert not plan.changed


def test_links_within_one_another_stand_side_by_side():
    document = page_with(f"<p>{LINK.format('a', 'one')} {LINK.format('b', 'two')}</p>")
    file = with_targets(document, body_1=(Code("1", ("un ", Code("2", ("deux",)))),))
    assert [link.href[-1] for link in html.links(body(brought_back(document, file)))] == ["a", "b"]


def test_emphasis_may_be_left_out_repeated_or_moved():
    document = page_with("<p>A <strong>big</strong> cat</p>")
    bold = Code("1", ("gros",))
    assert body(brought_back(document, with_targets(document, body_1=("Un chat",)))) == "<p>Un chat</p>"
    moved = with_targets(document, body_1=("Un ", bold, " chat ", bold))
    assert body(brought_back(document, moved)) == "<p>Un <strong>gros</strong> chat <strong>gros</strong></p>"


def test_a_text_that_was_changed_after_the_export_is_shown_with_both_sources_and_taken_when_chosen():
    before, now = page_with("<p>One cat</p>"), page_with("<p>Two cats</p>")
    file = with_targets(before, body_1=("Un chat",))
    [refusal] = planned(now, file).refusals
    assert (refusal.source_then, refusal.source, refusal.target) == ("One cat", "Two cats", "Un chat")
    assert not planned(now, file).changed
    assert body(brought_back(now, file, chosen={refusal.segment})) == "<p>Un chat</p>"


def test_a_paragraph_that_moved_finds_its_translation():
    file = with_targets(page_with("<p>One</p>\n<p>Two</p>"), body_1=("Un",), body_2=("Deux",))
    assert body(brought_back(page_with("<p>Two</p>\n<p>One</p>"), file)) == "<p>Deux</p>\n<p>Un</p>"
    plan = planned(page_with("<p>Zero</p>\n<p>One</p>\n<p>Two</p>"), file)
    assert messages(plan) == ["1 of the 3 segments of this text have no translation yet."]


def test_a_translation_that_somebody_changed_here_meanwhile_is_not_overwritten_unless_chosen():
    file = with_targets(page_with("<p>One</p>", "<p>Un</p>"), body_1=("Une",))
    now = page_with("<p>One</p>", "<p>Le premier</p>")
    [refusal] = planned(now, file).refusals
    assert "changed this translation here" in refusal.message
    assert body(brought_back(now, file, chosen={refusal.segment})) == "<p>Une</p>"


def test_a_translation_that_is_the_text_itself_is_taken_only_when_chosen_but_for_a_name():
    text = "Nothing here was translated at all"
    document = page_with(f"<p>{text}</p>")
    file = with_targets(document, body_1=(text,))
    [refusal] = planned(document, file).refusals
    assert "may not have been translated" in refusal.message
    assert body(brought_back(document, file, chosen={refusal.segment})) == f"<p>{text}</p>"
    name = page_with("<p>Ottawa</p>")
    assert body(brought_back(name, with_targets(name, body_1=("Ottawa",)))) == "<p>Ottawa</p>"


def test_a_text_of_which_a_part_has_no_translation_stays_as_it_is_and_says_so():
    document = page_with("<p>One</p>\n<p>Two</p>")
    plan = planned(document, with_targets(document, body_1=("Un",)))
    assert not plan.changed
    assert "1 of the 2 segments of this text have no translation yet." in messages(plan)


def test_where_the_translation_has_the_same_blocks_one_segment_alone_is_taken():
    document = page_with("<p>One</p>\n<p>Two</p>", "<p>Un</p>\n<p>Deux</p>")
    assert (
        body(brought_back(document, with_targets(document, body_2=("Second",)))) == "<p>Un</p>\n<p>Second</p>"
    )


BODY = ("blocks", "one", "body")


def stale_page():
    """A text of which three paragraphs changed since it was translated, what it said then, and its file."""
    document = page_with(
        "<p>One</p>\n<p>Two</p>\n<p>Three</p>\n<p>Four</p>",
        "<p>Vieux un</p>\n<p>Vieux deux</p>\n<p>Vieux trois</p>\n<p>Quatre</p>",
    )
    before = {BODY: "<p>Old one</p>\n<p>Old two</p>\n<p>Old three</p>\n<p>Four</p>"}
    return document, before, exported(document, stale=before)


def returned(file, **changes):
    """A file in which some segments have another target or state, by the end of their ids; the rest is as it was."""
    segments = [
        replace(
            segment,
            **next((c for end, c in changes.items() if segment.id.endswith(end.replace("_", "."))), {}),
        )
        for segment in file.segments
    ]
    return replace(file, segments=tuple(segments))


def test_a_stale_text_is_held_back_while_segments_are_unchanged_though_their_source_changed():
    document, stale, file = stale_page()
    plan = planned(document, returned(file, body_1={"target": ("Un",)}), stale=stale)
    [field] = plan.fields
    assert not plan.changed
    assert (field.is_held, field.unchanged) == (True, 2)
    assert [refusal.target for refusal in plan.refusals] == ["Vieux deux", "Vieux trois"]


def test_a_person_settles_each_unchanged_segment_of_a_stale_text():
    document, stale, file = stale_page()
    back = returned(file, body_1={"target": ("Un",)})
    ids = {refusal.segment for refusal in planned(document, back, stale=stale).refusals}
    assert not planned(document, back, stale=stale, chosen={min(ids)}).changed
    [field] = planned(document, back, stale=stale, chosen=ids).changed
    assert html.plain_text(field.after).split() == "Un Vieux deux Vieux trois Quatre".split()
    assert ids <= field.segments


@pytest.mark.parametrize("state", ["final", "signed-off", "translated"])
def test_a_segment_that_the_translator_confirms_does_not_hold_its_stale_text_back(state):
    document, stale, file = stale_page()
    back = returned(file, body_1={"target": ("Un",)}, body_2={"state": state}, body_3={"state": state})
    [field] = planned(document, back, stale=stale).changed
    assert field.is_proposed


def test_an_approved_segment_is_confirmed():
    unit = b"<trans-unit id='a' approved='yes'><source>x</source><target>y</target></trans-unit>"
    [file] = xliff.read(HEAD + unit + b"</body></file></xliff>")
    assert translation_of(file).confirmed == {0}


def test_a_refused_or_empty_segment_holds_a_stale_text_back():
    document, stale, file = stale_page()
    done = {f"body_{number}": {"target": ("Neuf",)} for number in (1, 2)}
    tagged = planned(document, returned(file, **done, body_3={"target": (Code("9", ("x",)),)}), stale=stale)
    empty = planned(document, returned(file, **done, body_3={"target": ()}), stale=stale)
    assert not tagged.changed
    assert not empty.changed


def test_a_text_that_is_current_is_not_proposed_where_a_segment_was_refused_or_came_back_empty():
    document, _stale, file = stale_page()
    for target in ((), (Code("9", ("x",)),)):
        back = returned(file, body_1={"target": ("Un",)}, body_3={"target": target})
        [field] = planned(document, back).changed
        assert (field.left, field.is_proposed) == (1, False)


def test_a_short_copy_of_the_source_is_no_translation_where_another_one_exists():
    document = page_with("<p>Situation in Iraq</p>", "<p>Situation en Irak</p>")
    [refusal] = planned(document, with_targets(document, body_1=("Situation in Iraq",))).refusals
    assert refusal.can_be_chosen


def test_a_short_copy_of_the_source_is_no_translation_where_other_segments_are_copies_too():
    document = page_with("<p>Situation in Iraq</p>\n<p>Wheat</p>\n<p>2024</p>")
    copied = with_targets(document, body_1=("Situation in Iraq",), body_2=("Wheat",), body_3=("2024",))
    assert len([text for text in messages(planned(document, copied)) if "may not have been" in text]) == 2
    chosen = {"blocks.one.body.1", "blocks.one.body.2"}
    assert planned(document, copied, chosen=chosen).changed


def test_a_name_that_is_the_same_in_both_languages_already_is_no_copy():
    document = a_document(
        blocks=(TextSection("one", Bilingual("Canada", "Canada"), Bilingual("<p>Baghdad</p>", "")),)
    )
    file = with_targets(document, body_1=("Baghdad",), heading=("Canada",))
    assert planned(document, file).changed


def test_a_file_without_its_skeleton_proposes_nothing_that_replaces_another_translation():
    document = page_with("<p>One</p>", "<p>Un</p>")
    file = with_targets(document, body_1=("Une",))
    for skeleton in ("", "{", '{"page": "x", "translations": {}}'):
        plan = planned(document, replace(file, skeleton=skeleton))
        [field] = plan.changed
        assert plan.is_unprotected
        assert not field.is_proposed
    assert not planned(document, file).is_unprotected


def test_a_segment_of_a_block_that_is_gone_is_named():
    file = with_targets(page_with("<p>One</p>"), body_1=("Un",))
    plan = planned(a_document(blocks=()), file)
    assert [(refusal.source_then, refusal.target) for refusal in plan.unknown] == [("One", "Un")]


def test_a_segment_that_stands_twice_with_different_translations_is_refused():
    document = page_with("<p>One</p>")
    file = with_targets(document, body_1=("Un",))
    twice = file.__class__(
        file.original,
        "en",
        "fr",
        (*file.segments, xliff.Segment("blocks.one.body.1", ("One",), ("Une",))),
    )
    plan = planned(document, twice)
    assert "more than once" in messages(plan)[0]
    assert not plan.changed


def test_a_tool_that_renumbers_segments_is_understood_by_what_they_translate():
    document = page_with("<p>One</p>")
    file = exported(document)
    other = [
        xliff.Segment(f"tu{number}", segment.source, ("Traduit",))
        for number, segment in enumerate(file.segments)
    ]
    assert body(brought_back(document, file.__class__("x", "en", "fr", tuple(other)))) == "<p>Traduit</p>"


def test_a_translation_that_a_tool_wrote_beside_an_empty_segment_is_found():
    document = page_with("<p>One</p>")
    file = exported(document)
    beside = [xliff.Segment(f"tu{each.id}", each.source, ("Traduit",)) for each in file.segments]
    both = xliff.File(file.original, "en", "fr", (*file.segments, *beside), file.skeleton)
    assert body(brought_back(document, both)) == "<p>Traduit</p>"


def test_a_text_that_is_too_long_for_its_field_is_refused_with_the_limit():
    document = page_with("<p>One</p>")
    plan = planned(document, with_targets(document, heading=("x" * 201,)))
    assert "200" in messages(plan)[0]
    assert not plan.changed


def test_a_plain_text_of_several_lines_keeps_its_lines():
    contact = a_block("contact", "one", hours=Bilingual("Monday\nTuesday", ""))
    document = a_document(blocks=(contact,))
    back = brought_back(document, with_targets(document, hours=("Lundi\nMardi",)))
    assert back.blocks[0].hours.fr == "Lundi\nMardi"


def test_other_languages_are_refused():
    for source, target in (("de", "fr"), ("en", "de"), ("en", "en"), ("", "")):
        with pytest.raises(TranslationError):
            translation_of(xliff.File("page:x", source, target, ()))
    assert translation_of(xliff.File("page:x", "EN_us", "", ())).source_language == "en"


def test_a_translation_survives_being_put_aside_as_json():
    translation_ = sent(translated(exported(page_with(RICH)), str.upper))
    plain = translation_files.to_plain(translation_)
    assert translation_files.plan(
        page_with(RICH), translation_files.from_plain(plain)
    ) == translation_files.plan(page_with(RICH), translation_)


# Any text


LETTERS = str.maketrans(string.ascii_lowercase, string.ascii_lowercase[::-1])


def rotated(word):
    return word.translate(LETTERS)


@given(SOUP, SOUP)
def test_any_page_that_comes_back_as_it_went_out_stays_as_it_is(english, french):
    document = page_with(html.clean(english), html.clean(french))
    assert not planned(document, exported(document)).changed


@given(SOUP)
def test_any_text_has_its_structure_and_its_codes_in_the_translation(english):
    document = page_with(html.clean(english))
    plan = planned(document, translated(exported(document), rotated), chosen=everything(document))
    french = body(translation_files.with_plans(document, plan.changed))
    if french:
        assert [block.tag for block in html.leaves(html.parse(french))] == [
            block.tag for block in html.leaves(html.parse(body(document, "en")))
        ]
        assert sorted(link.href for link in html.links(french)) == sorted(
            link.href for link in html.links(body(document, "en"))
        )


@given(SOUP, SOUP)
def test_what_was_taken_comes_out_again_as_the_translation(english, french):
    document = page_with(html.clean(english), html.clean(french))
    file = translated(exported(document), rotated)
    chosen = everything(document)
    plan = planned(document, file, chosen=chosen)
    back = translation_files.with_plans(document, plan.changed)
    if not plan.refusals:
        assert not planned(back, file, chosen=chosen).changed


def everything(document):
    return {piece.id for each in fields_of(document, "en") for piece in each.pieces}


# The format


def test_what_is_written_is_read_again():
    file = exported(page_with(RICH, RICH.replace("See", "Voir")))
    [read] = xliff.read(xliff.write([file]))
    assert (read.original, read.source_language, read.skeleton) == (file.original, "en-CA", file.skeleton)
    for before, after in zip(file.segments, read.segments, strict=True):
        assert xliff.fingerprint(before.source) == xliff.fingerprint(after.source)
        assert (before.id, before.state) == (after.id, after.state)


def rewritten(data, *changes):
    text = data.decode()
    for pattern, new in changes:
        text = re.sub(pattern, new, text)
    return text.encode()


def the_file():
    document = page_with("<p>A <strong>big</strong> <a href='/en/x'>cat</a></p>".replace("'", '"'))
    return document, xliff.write([translated(exported(document), str.upper)])


def single_tags(start, end):
    """What writes a pair as two tags of their own."""
    ends = [
        (f"({word})</g>", rf'\1<{end} id="{id_}"/>') for id_, word in (("1", "big|BIG"), ("2", "cat|CAT"))
    ]
    return [(r'<g id="(\d+)"[^>]*>', rf'<{start} id="\1"/>'), *ends]


REWRITTEN = {
    "a prefix for the namespace": [(r"xmlns=", "xmlns:x="), (r"<(/?)(?=[a-z])", r"<\1x:")],
    "no namespace": [(r' xmlns="[^"]*"', "")],
    "an older version": [(r'version="1\.2" xmlns="[^"]*"', 'version="1.0"')],
    "line ends of Windows": [("\n", "\r\n")],
    "groups": [(r"<body>", '<body><group id="g">'), (r"</body>", "</group></body>")],
    "segments of a tool": [
        (r"<target([^>]*)>", r'<seg-source>x</seg-source><target\1><mrk mtype="seg" mid="0">'),
        (r"</target>", "</mrk></target>"),
    ],
    "proposals of a tool": [
        (r"</trans-unit>", "<alt-trans><source>x</source><target>wrong</target></alt-trans></trans-unit>")
    ],
    "single tags for pairs": single_tags("bx", "ex"),
    "native codes": single_tags("bpt", "ept"),
    "elements of a tool": [(r"<body>", '<body><t:x xmlns:t="urn:t"><t:y/></t:x>'), (r"</header>", "<tool/></header>")],
    "comments and CDATA": [(r"<body>", "<body><!-- x -->"), ("CAT", "<![CDATA[CAT]]>")],
    "no skeleton": [(r"<skl>.*</skl>", "")],
}  # fmt: skip


@pytest.mark.parametrize("changes", REWRITTEN.values(), ids=REWRITTEN)
def test_what_a_tool_has_rewritten_is_read(changes):
    document, data = the_file()
    [file] = xliff.read(rewritten(data, *changes))
    back = translation_files.with_plans(
        document, translation_files.plan(document, translation_of(file)).changed
    )
    assert body(back) == '<p>A <strong>BIG</strong> <a href="/en/x">CAT</a></p>'


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "iso-8859-1"])
def test_the_encodings_of_xml_are_read(encoding):
    document, data = the_file()
    data = data.decode().replace("CAT", "ÉTÉ")
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    name = "utf-16" if mark else encoding.removesuffix("-sig")
    data = (mark + data.replace('encoding="UTF-8"', f'encoding="{name}"')).encode(encoding)
    [file] = xliff.read(data)
    back = translation_files.with_plans(
        document, translation_files.plan(document, translation_of(file)).changed
    )
    assert "ÉTÉ" in body(back)


def test_segments_may_come_in_any_order():
    document, data = the_file()
    units = re.findall(rb"<trans-unit.*?</trans-unit>", data, re.DOTALL)
    shuffled = re.sub(
        rb"<body>.*</body>", b"<body>" + b"".join(reversed(units)) + b"</body>", data, flags=re.DOTALL
    )
    [file] = xliff.read(shuffled)
    assert translation_files.plan(document, translation_of(file)) == translation_files.plan(
        document, translation_of(xliff.read(data)[0])
    )


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]><xliff version="1.2">&b;</xliff>'
HEAD = b'<xliff version="1.2"><file original="page:x" source-language="en" target-language="fr"><body>'
HOSTILE = {
    "nothing": (b"", "not an XLIFF file"),
    "something else": (b"PK\x03\x04 and so on", "not an XLIFF file"),
    "HTML": (b"<html><p>x</p></html>", "not an XLIFF file"),
    "a bomb of entities": (BOMB, "DOCTYPE"),
    "an external entity": (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xliff version="1.2">&a;</xliff>',
        "DOCTYPE",
    ),
    "an external document type": (
        b'<!DOCTYPE xliff SYSTEM "http://example.org/x.dtd"><xliff version="1.2"/>', "DOCTYPE"
    ),
    "an unknown entity": (HEAD + b"&a;", "not valid XML"),
    "codes that cross": (HEAD + b'<trans-unit id="x"><source><g id="1"><g id="2">a</g></source>', "not valid XML"),
    "NUL": (HEAD + b"\x00", "not valid XML"),
    "bytes that are no text": (HEAD + b"\xff\xfe\xfa", "not valid XML"),
    "an encoding that does not exist": (b'<?xml version="1.0" encoding="klingon"?><xliff version="1.2"/>', "encoding"),
    "an encoding that it does not have": (b'<?xml version="1.0" encoding="utf-16"?><xliff/>', "encoding"),
    "version 2": (b'<xliff version="2.1" xmlns="urn:oasis:names:tc:xliff:document:2.0"/>', "XLIFF 2.1"),
    "no version": (b"<xliff/>", "XLIFF ?"),
    "no text": (b'<xliff version="1.2"/>', "no text in it"),
    "too large": (b" " * (xliff.MAX_FILE_BYTES + 1), "larger than 2 MB"),
    "too deep": (b'<xliff version="1.2">' + b"<a>" * 100_000, "nested too deeply"),
    "too many elements": (b'<xliff version="1.2">' + b"<a/>" * 300_000, "too many segments"),
    "too many segments": (HEAD + b"<trans-unit/>" * 30_000 + b"</body></file></xliff>", "too many segments"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "words"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_translation_file_is_refused_with_a_sentence_in_both_languages(data, words):
    with pytest.raises(XliffError, match=re.escape(words)):
        xliff.read(data)
    with translation.override("fr"), pytest.raises(XliffError) as french:
        xliff.read(data)
    assert words not in str(french.value) or words in ("DOCTYPE", "XLIFF 2.1", "XLIFF ?")


def test_single_tags_without_end_are_read_in_bounded_depth():
    unit = (
        b'<trans-unit id="x"><source>a</source><target>'
        + b'<bx id="1"/>' * 100_000
        + b"b</target></trans-unit>"
    )
    [file] = xliff.read(HEAD + unit + b"</body></file></xliff>")
    assert xliff.plain_text(file.segments[0].target) == "b"
    assert translation_files.plan(page_with("<p>One</p>"), translation_of(file)).unknown


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    for start in (b"", HEAD):
        with pytest.raises(XliffError):
            xliff.read(start + data)


TAGS = [
    "<g id='1'>",
    "</g>",
    "<x id='1'/>",
    "<bx id='1'/>",
    "<ex id='1'/>",
    "<mrk>",
    "</mrk>",
    "word ",
    "<ph id='2'>code</ph>",
    "<sub>",
    "</sub>",
    "\ufffc",
    "\ufffb",
    "&amp;",
]


@given(st.lists(st.sampled_from(TAGS), max_size=12).map("".join), SOUP)
def test_any_target_is_taken_or_refused_and_what_is_taken_is_clean(target, english):
    document = page_with(html.clean(english))
    unit = f"<trans-unit id='blocks.one.body.1'><source>x</source><target>{target}</target></trans-unit>"
    try:
        [file] = xliff.read(HEAD + unit.encode() + b"</body></file></xliff>")
    except XliffError:
        return
    back = brought_back_from(document, file)
    assert html.clean(body(back)) == body(back)


def brought_back_from(document, file):
    plan = translation_files.plan(document, translation_of(file), chosen=everything(document))
    return translation_files.with_plans(document, plan.changed)

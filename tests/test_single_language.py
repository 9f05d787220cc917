"""What a page says when only one of its languages was written: the other one keeps its words and its blocks."""

from dataclasses import replace

import pytest

from pages import single_language
from pages.document import (
    Bilingual,
    Figure,
    FigureImage,
    Objective,
    PageList,
    Partner,
    PartnerList,
    TextSection,
)
from tests.factories import a_document

PICTURE = FigureImage("0" * 64, "image/png", 40, 30, (40,))
OTHER = replace(PICTURE, digest="1" * 64)


def text(key, english="Words.", french="Des mots."):
    return TextSection(key, Bilingual(english, french), Bilingual(english, french))


def beside(written, live, language="en"):
    """The headings that each language shows of the blocks, in order."""
    found = single_language.merge_languages(a_document(blocks=written), a_document(blocks=live), language)
    return {
        each: [block.heading[each] for block in single_language.visible_in(found, each).blocks]
        for each in ("en", "fr")
    }


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_field_is_new_in_one_language_and_as_it_was_in_the_other(language):
    written = a_document(**dict.fromkeys(("title", "description", "address"), Bilingual("new-en", "new-fr")))
    live = a_document(**dict.fromkeys(("title", "description", "address"), Bilingual("old-en", "old-fr")))
    expected = {"en": Bilingual("new-en", "old-fr"), "fr": Bilingual("old-en", "new-fr")}[language]
    found = single_language.merge_languages(written, live, language)
    assert (found.title, found.description, found.address) == (expected, expected, expected)


@pytest.mark.parametrize(
    ("written", "live", "english", "french"),
    [
        ([text("a", "New", "Brouillon")], [text("a", "Old", "Ancien")], ["New"], ["Ancien"]),
        ([text("n", "Alert", ""), text("a")], [text("a")], ["Alert", "Words."], ["Des mots."]),
        ([text("n", "Alert", "Brouillon"), text("a")], [text("a")], ["Alert", "Words."], ["Des mots."]),
        ([text("a")], [text("a"), text("g", "Gone", "Parti")], ["Words."], ["Des mots.", "Parti"]),
        ([text("a")], [text("g", "Gone", "Parti"), text("a")], ["Words."], ["Parti", "Des mots."]),
        ([], [text("g", "Gone", "Parti"), text("h", "Too", "Aussi")], [], ["Parti", "Aussi"]),
        ([text("a")], [text("a"), PageList("p"), text("g", "Gone", "Parti")], ["Words."], ["Des mots.", "Parti"]),
        ([text("b", "B", ""), text("a")], [text("a"), text("b", "B", "Bé")], ["B", "Words."], ["Bé", "Des mots."]),
        ([text("a")], [text("a"), text("n", "Alert", "")], ["Words."], ["Des mots."]),
    ],
    ids=["text", "new", "new with a draft", "gone", "gone from the top", "all gone", "gone after a list", "moved",
         "new, then gone"],
)  # fmt: skip
def test_blocks_of_one_language_only_are_shown_in_that_language(written, live, english, french):
    assert beside(tuple(written), tuple(live)) == {"en": english, "fr": french}


def test_a_list_of_pages_without_a_heading_is_the_same_in_both_languages():
    written = a_document(blocks=(PageList("below"),))
    found = single_language.merge_languages(written, a_document(blocks=()), "en")
    assert single_language.visible_in(found, "fr").blocks == written.blocks


def test_a_figure_with_another_picture_is_not_described_by_the_words_of_the_one_before():
    before = Figure("map", PICTURE, alternative_text=Bilingual("A map", "Une carte"))
    after = replace(before, image=OTHER, alternative_text=Bilingual("A photo", "Une carte"))
    found = single_language.merge_languages(a_document(blocks=(after,)), a_document(blocks=(before,)), "en")
    assert single_language.visible_in(found, "fr").blocks == ()
    assert single_language.visible_in(found, "en").blocks[0].image == OTHER


def test_a_figure_with_the_same_picture_keeps_its_words():
    before = Figure("map", PICTURE, alternative_text=Bilingual("A map", "Une carte"))
    after = replace(before, alternative_text=Bilingual("A map of Iraq", "Brouillon"))
    found = single_language.merge_languages(a_document(blocks=(after,)), a_document(blocks=(before,)), "en")
    assert found.blocks[0].alternative_text == Bilingual("A map of Iraq", "Une carte")


def test_a_partner_keeps_its_words_and_a_new_one_without_a_name_is_left_out():
    known = Partner("un", "multilateral", Bilingual("UN", "ONU"))
    renamed = replace(known, name=Bilingual("United Nations", "Nations"))
    new = Partner("wb", "multilateral", Bilingual("World Bank", ""))
    live = a_document(blocks=(Objective("aid", Bilingual("Aid", "Aide"), partners=(known,)),))
    written = a_document(blocks=(Objective("aid", Bilingual("Aid", "Aide"), partners=(renamed, new)),))
    found = single_language.merge_languages(written, live, "en")
    assert found.blocks[0].partners[0].name == Bilingual("United Nations", "ONU")
    assert [partner.key for partner in single_language.visible_in(found, "fr").blocks[0].partners] == ["un"]
    assert len(single_language.visible_in(found, "en").blocks[0].partners) == 2


def test_an_ordinary_document_is_shown_whole():
    document = a_document(
        blocks=(text("a"), PageList("below"), PartnerList("with"), Figure("map", PICTURE, True))
    )
    assert single_language.visible_in(document, "fr") == document


def test_one_language_alone_has_no_word_of_the_other_one():
    partner = Partner("un", "multilateral", Bilingual("UN", "ONU"))
    document = a_document(blocks=(Objective("aid", Bilingual("Aid", "Aide"), partners=(partner,)),))
    alone = single_language.strip_other_language(document, "fr")
    assert (alone.title, alone.blocks[0].title) == (Bilingual("", "Commerce"), Bilingual("", "Aide"))
    assert alone.blocks[0].partners[0].name == Bilingual("", "ONU")

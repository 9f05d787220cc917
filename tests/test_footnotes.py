"""Footnotes stand in the text, and are numbered through the page and listed at its end when it is shown."""

import re

import pytest
from django.template.loader import render_to_string

from pages import rendering
from pages.comparison import compare_texts
from pages.document import Bilingual, TextSection
from pages.page_texts import rich
from pages.search import text_lines
from tests.factories import a_document

NOTE = '<span role="doc-footnote">{}</span>'
ONE, TWO = NOTE.format('See <a href="page:trade">trade</a>.'), NOTE.format("Second.")


def a_section(key, body):
    return TextSection(key, Bilingual(key, key), Bilingual(body, body))


def shown(*blocks, language="en", **changes):
    return rendering.render_preview(a_document(blocks=blocks, **changes), language)


def test_notes_are_numbered_through_the_page_and_each_leads_to_its_note_and_back():
    lead = Bilingual(f"<p>Lead{NOTE.format('Zero.')}</p>", "<p>Texte</p>")
    page = shown(
        a_section("a", f"<h3>Aid{TWO}</h3>\n<p>words{ONE}{TWO}</p>"),
        a_section("b", f"<p>x{TWO}</p>"),
        introduction=lead,
    )
    assert [note.number for note in page.notes] == [1, 2, 3, 4, 5]
    assert [note.text for note in page.notes][::2] == [
        "Zero.",
        'See <a href="/en/trade">trade</a>.',
        "Second.",
    ]
    assert 'href="#note_1" id="noteref_1"' in page.lead
    body = page.blocks[0].fields["body"]
    assert re.findall(r'href="#(note_\d)" id="(noteref_\d)"', body) == [
        (f"note_{number}", f"noteref_{number}") for number in (2, 3, 4)
    ]
    assert '<h3 id="aid">' in body
    assert re.sub("<[^>]*>", "", body).endswith("wordsNote&nbsp;3, Note&nbsp;4")
    listed = render_to_string("components/notes.html", {"notes": page.notes})
    assert re.findall(r'<li id="(note_\d)">.*?href="#(noteref_\d)"', listed) == [
        (f"note_{number}", f"noteref_{number}") for number in range(1, 6)
    ]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Back to reference 1"), ("fr", "Retour à la référence 1")]
)
def test_links_back_have_names_in_the_language_of_the_page(language, words, settings):
    from django.utils.translation import override

    page = shown(a_section("a", f"<p>x{TWO}</p>"), language=language)
    with override(language):
        listed = render_to_string("components/notes.html", {"notes": page.notes})
    assert f'role="doc-backlink">{words}</a>' in listed


def test_a_note_in_another_language_says_so_in_the_list_and_where_there_is_none():
    arabic = '<span role="doc-footnote" lang="ar" dir="rtl">مرحبا</span>'
    page = shown(a_section("a", f"<p>x{arabic}</p>"))
    assert page.notes[0].attributes == ' lang="ar" dir="rtl"'
    assert rich(f"<p>x{arabic}</p>", "en") == '<p>x <span lang="ar" dir="rtl">[مرحبا]</span></p>'


def test_a_page_without_notes_has_no_list():
    assert shown(a_section("a", "<p>x</p>")).notes == ()


def test_numbers_with_notes_are_aligned_like_others():
    rows = "".join(f"<tr><td>x</td><td>{number}{TWO}</td></tr>" for number in (1, 2))
    page = shown(a_section("a", f"<table><tbody>{rows}</tbody></table>"))
    assert page.blocks[0].fields["body"].count('class="ci-number"') == 2


def test_the_name_of_a_table_has_no_notes():
    table = "<table><caption>Aid{}</caption><tbody><tr><td>x</td></tr></tbody></table>"
    page = shown(a_section("a", table.format(TWO)), a_section("b", table.format(TWO).replace("Aid", "")))
    assert 'aria-label="Aid"' in page.blocks[0].fields["body"]
    assert 'aria-label="Table"' in page.blocks[1].fields["body"]


def test_search_finds_the_words_around_a_note_and_those_in_it():
    found = [line.text for line in text_lines._rich(f"<p>The aid{ONE} was paid.</p>\n<h3>Costs{TWO}</h3>")]
    assert found == ["The aid was paid.", "Costs", "See trade.", "Second."]
    assert [line.text for line in text_lines._rich(f"<p>a{NOTE.format('one<br>two')}</p>")] == [
        "a",
        "one",
        "two",
    ]


def test_a_comparison_tells_a_note_that_changed_and_one_that_moved():
    old, new = f"<p>one{TWO} two</p>", f"<p>one{NOTE.format('Third.')} two</p>"
    assert [(line.element, line.state) for line in compare_texts(old, new, rich=True)][0] == ("p", "same")
    assert {line.element for line in compare_texts(old, new, rich=True) if line.state != "same"} == {"note"}
    moved = compare_texts(old, f"<p>one two{TWO}</p>", rich=True)
    assert [(line.element, line.is_reformatted) for line in moved] == [("p", True), ("note", False)]

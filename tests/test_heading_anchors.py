"""The anchor of a heading within a text stays when its words change, and links lead to it."""

import pytest

from pages import rendering, section_anchors
from pages.comparison import compare_texts
from pages.content_checks import findings
from pages.document import Bilingual, TextSection
from pages.html import Heading
from pages.link_targets import LinkTargets
from pages.page_links import PageLink
from pages.section_anchors import keep_anchors
from tests.factories import a_document


def a_page(body_en, body_fr=""):
    section = TextSection("costs", Bilingual("Costs", "Coûts"), Bilingual(body_en, body_fr or body_en))
    return a_document(blocks=(section,))


@pytest.mark.parametrize(
    ("before", "live", "text", "kept"),
    [
        ("<h3>Aid</h3>", "<h3>Aid</h3>", "<h3>Help</h3>", '<h3 id="aid">Help</h3>'),
        ("<h3>Aid</h3>", "", "<h3>Help</h3>", "<h3>Help</h3>"),
        ("<h3>Aid</h3>", "<h3>Aid</h3>", "<h3>Aid</h3>\n<h3>Help</h3>", "<h3>Aid</h3>\n<h3>Help</h3>"),
        ("<h3>Aid</h3>\n<h3>B</h3>", "<h3>Aid</h3>\n<h3>B</h3>", "<h3>New</h3>", "<h3>New</h3>"),
        ('<h3 id="old">Aid</h3>', "", "<h4>Help</h4>", '<h4 id="old">Help</h4>'),
        ('<h3 id="old">Aid</h3>', "", "<p>x</p>\n<h3>Aid</h3>", '<p>x</p>\n<h3 id="old">Aid</h3>'),
        ('<h3 id="old">Aid</h3>', "", '<h3 id="mine">Help</h3>', '<h3 id="mine">Help</h3>'),
        (
            "<h3>A</h3>\n<h3>B</h3>\n<h3>C</h3>",
            "<h3>A</h3>\n<h3>B</h3>\n<h3>C</h3>",
            "<h3>A</h3>\n<h3>X</h3>\n<h3>C</h3>",
            '<h3>A</h3>\n<h3 id="b">X</h3>\n<h3>C</h3>',
        ),
    ],
)
def test_a_heading_that_readers_know_keeps_its_anchor(before, live, text, kept):
    known = [each.heading for each in section_anchors.heading_anchors(a_page(live), "en")] if live else []
    assert keep_anchors(text, before, known) == kept


def test_links_lead_to_headings_and_a_missing_one_is_known():
    document = a_page('<h3 id="old">Help</h3>\n<h4>More</h4>', "<h3>Aide</h3>\n<h4>Plus</h4>")
    assert section_anchors.link_anchors(document, "en") == {"old": "old", "more": "more", "costs": "costs"}
    resolve = LinkTargets({}).resolver(document, "en")
    link = PageLink(document.key, "old").href
    assert resolve(f'<a href="{link}">x</a>') == '<a href="#old">x</a>'


def test_what_is_shown_and_what_links_know_are_the_same_anchors():
    document = a_page('<h3>Costs</h3>\n<h3 id="costs-2">B</h3>\n<h3>Main</h3>')
    page = rendering.render_preview(document, "en")
    shown = [
        each for each in ("costs-3", "costs-2", "main-2") if f'id="{each}"' in page.blocks[0].fields["body"]
    ]
    assert shown == [each.heading.anchor for each in section_anchors.heading_anchors(document, "en")]
    assert len(shown) == 3


def test_an_anchor_is_no_change_that_people_have_to_look_at():
    lines = compare_texts("<h3>Aid</h3>", '<h3 id="aid">Aid</h3>', rich=True)
    assert [line.state for line in lines] == ["same"]


def test_the_checks_know_the_anchors_that_headings_have():
    text = '<p>See <a href="#old">aid</a>.</p>\n<h3 id="old">Aid</h3>\n<p>Words.</p>'
    assert "no-such-part" not in {finding.rule for finding in findings(a_page(text, text))}
    assert Heading(3, "Aid", "old")

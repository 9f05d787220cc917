"""What rules read: a document as pieces of text, sentences, links, lists and tables of each language."""

import pytest

from pages import html
from pages.content_checks.examples import PICTURE
from pages.content_checks.parsed_document import PROSE, parse_languages, sentences
from pages.document import Bilingual, Figure, Partner, PartnerList, TextSection
from tests.factories import a_document


def english(markup, **changes):
    return parse_languages(a_document(introduction=Bilingual(html.clean(markup), ""), blocks=(), **changes))[
        0
    ]


def kinds(side):
    return [(piece.kind, piece.text) for piece in side.runs if piece.path == ("introduction",)]


def test_a_rich_text_is_read_as_pieces_of_their_kinds():
    side = english(
        "<h3>Aid</h3><p>We <strong>give</strong>:</p><ul><li>food</li></ul><blockquote><p>Thanks</p></blockquote>"
        "<table><caption>Costs</caption><tr><th>Year</th><td>High</td></tr></table>"
    )
    assert kinds(side) == [
        ("heading", "Aid"),
        ("paragraph", "We give:"),
        ("item", "food"),
        ("quotation", "Thanks"),
        ("caption", "Costs"),
        ("header", "Year"),
        ("cell", "High"),
    ]


def test_plain_texts_are_pieces_by_their_places():
    partner = Partner(
        "who", "multilateral", name=Bilingual("World Health Organization"), acronym=Bilingual("WHO")
    )
    document = a_document(
        blocks=(
            TextSection("a", heading=Bilingual("Aid")),
            Figure("b", image=PICTURE, alternative_text=Bilingual("A map"), caption=Bilingual("Iraq")),
            PartnerList("c", partners=(partner,)),
        )
    )
    assert [(piece.path[-1], piece.kind, piece.level) for piece in parse_languages(document)[0].runs] == [
        ("title", "title", 1),
        ("description", "description", 0),
        ("introduction", "paragraph", 0),
        ("heading", "heading", 2),
        ("alternative_text", "alternative_text", 0),
        ("caption", "caption", 0),
        ("name", "name", 0),
        ("acronym", "acronym", 0),
    ]


def test_characters_of_markup_are_read_as_they_are_shown():
    assert kinds(english("<p>A &amp; B &lt; C<br>D</p>")) == [("paragraph", "A & B < C\nD")]


def test_other_languages_and_addresses_are_masked_in_prose_and_kept_in_text():
    side = english(
        '<p>See <span lang="fr">Irak</span>, https://example.org/2016-2022. Write to a@b.ca now.</p>'
    )
    piece = next(side.runs_of(PROSE))
    assert "Irak" in piece.text
    assert piece.prose.replace("\ufffc", "") == "See , . Write to  now."
    assert len(piece.prose) == len(piece.text)


def test_links_are_found_with_their_words():
    side = english('<p>See <a href="/en/x" hreflang="fr"><em>the</em> rules</a>.</p>')
    assert [(link.text, link.href, link.hreflang) for link in side.links] == [("the rules", "/en/x", "fr")]


def test_a_list_knows_what_leads_to_it_and_what_it_holds():
    side = english(
        "<p>Bring:</p><ul><li>a form:<ol><li>one</li></ol></li><li>a photo</li></ul><ul><li>end</li></ul>"
    )
    outer, inner, last = side.lists
    assert (outer.lead_in.text, outer.ordered, outer.depth) == ("Bring:", False, 1)
    assert [(item.run.text, item.leads_on) for item in outer.items] == [
        ("a form:", True),
        ("a photo", False),
    ]
    assert (inner.lead_in.text, inner.ordered, inner.depth) == ("a form:", True, 2)
    assert last.lead_in is None


def test_a_table_has_rows_of_cells_the_empty_ones_too():
    side = english("<table><tr><td></td><th>Cost</th></tr><tr><th>First</th><td>High</td></tr></table>")
    rows = [[(cell.tag, cell.scope, cell.text) for cell in row] for row in side.tables[0].rows]
    assert rows == [[("td", "", ""), ("th", "col", "Cost")], [("th", "row", "First"), ("td", "", "High")]]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four…", 4),
        ("It cost 4.5 million, e.g. for Dr. Ali of St. John’s.", 1),
        ("He met her in Washington, D.C. The visit was short.", 2),
        ("On Feb. 8 it rained. (Not here.)", 2),
        ("« Mon équipe! » Elle rit.", 2),
        ("Elle a dit : « C’est ma famille! »", 1),
        ("Voir l’art. 140, par. 2. Tél. : 613-996-8885.", 2),
        ("No mark at the end", 1),
        ("", 0),
    ],
)
def test_sentences_end_where_readers_take_a_breath(text, count):
    pieces = list(english(f"<p>{text}</p>").runs_of(PROSE))
    assert sum(len(list(sentences(piece))) for piece in pieces) == count


def test_many_pieces_are_searched_as_one_text_and_found_again():
    side = english("<p>One</p><p>Two 2</p><p>Three 3</p>")
    running = side.joined(PROSE, r"\d")
    piece, offset = running.locate(running.text.index("3"))
    assert (piece.text, running.text[offset:]) == ("Three 3", "Three 3")

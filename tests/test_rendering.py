"""What a page shows in one language: pure, so editions here are never saved."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pages import rendering
from pages.document import (
    Bilingual,
    Figure,
    FigureImage,
    Objective,
    PageList,
    Partner,
    PartnerList,
    TextSection,
    dumps,
)
from pages.models.edition import Edition
from pages.page_texts import rich
from tests.factories import a_document

MAP = FigureImage(digest="ab" * 32, format="png", width=1200, height=800, widths=(320, 640, 1200))


def an_edition(page, *, parent=None, kind="current", document=None, **changes):
    document = document or a_document()
    values = {
        "page_id": page,
        "parent_id": parent,
        "number": 1,
        "kind": kind,
        "position": document.position,
        "document": dumps(document),
        "title_en": f"Page {page}",
        "title_fr": f"Page {page} en français",
        "address_en": f"page-{page}",
        "address_fr": f"page-{page}-fr",
        "publish_at": datetime(2026, 3, 4, 12, tzinfo=UTC),
        **changes,
    }
    edition = Edition(**values)
    edition.issued_at = datetime(2025, 1, 1, 12, tzinfo=UTC)
    edition.modified_at = datetime(2026, 2, 1, 12, tzinfo=UTC)
    edition.has_corrections = edition.is_linked = edition.is_recent = False
    edition.emergency_language = edition.emergency_since = edition.translation_due = None
    return edition


def a_text(key, heading=("Trade", "Commerce"), body=("<p>Words.</p>", "<p>Des mots.</p>")):
    return TextSection(key, Bilingual(*heading), Bilingual(*body))


def a_partner(key, name, **changes):
    return Partner(key=key, kind="multilateral", name=Bilingual(*name), **changes)


def shown(*blocks, language="en", **changes):
    return rendering.render_preview(a_document(blocks=blocks, **changes), language)


def titles(links):
    return [link.title for link in links]


# Where the page stands.


def test_the_breadcrumb_goes_from_home_down_to_the_parent():
    here = an_edition(4, parent=3)
    around = [an_edition(3, parent=2), here, an_edition(1), an_edition(2, parent=1)]
    page = rendering.render_edition(here, "fr", around)
    assert titles(page.trail) == ["Accueil", "Page 2 en français", "Page 3 en français"]
    assert [link.path for link in page.trail] == ["/fr/", "/fr/page-2-fr", "/fr/page-3-fr"]


def test_a_withdrawn_page_is_left_out_of_the_breadcrumb_but_not_those_above_it():
    here = an_edition(4, parent=3)
    around = [here, an_edition(1), an_edition(2, parent=1), an_edition(3, parent=2, kind="withdrawn")]
    assert titles(rendering.render_edition(here, "en", around).trail) == ["Home", "Page 2"]


def test_the_home_page_has_no_breadcrumb():
    here = an_edition(1)
    assert rendering.render_edition(here, "en", [here, an_edition(2, parent=1)]).trail == ()


def test_pages_that_are_above_each_other_do_not_hang_the_site():
    here, parent = an_edition(1, parent=2), an_edition(2, parent=1)
    assert titles(rendering.render_edition(here, "en", [here, parent]).trail) == ["Home", "Page 2"]


def children_of(*editions, language):
    here = an_edition(1, document=a_document(blocks=(PageList("below", Bilingual("Below", "Dessous")),)))
    return titles(rendering.render_edition(here, language, [here, *editions]).blocks[0].children)


def test_pages_below_come_by_position_then_in_the_alphabetical_order_of_the_language():
    editions = [
        an_edition(2, parent=1, position=2, title_en="Aid", title_fr="Aide"),
        an_edition(3, parent=1, position=1, title_en="Zinc", title_fr="Équipe"),
        an_edition(4, parent=1, position=1, title_en="Health", title_fr="Zinc"),
    ]
    assert children_of(*editions, language="en") == ["Health", "Zinc", "Aid"]
    assert children_of(*editions, language="fr") == ["Équipe", "Zinc", "Aide"]


def test_withdrawn_pages_and_pages_elsewhere_are_not_among_those_below():
    editions = [an_edition(2, parent=1, kind="withdrawn"), an_edition(3, parent=2), an_edition(4, parent=1)]
    assert children_of(*editions, language="en") == ["Page 4"]


def test_an_archived_page_says_since_when():
    here = an_edition(1, kind="archived")
    assert rendering.render_edition(here, "en", [here]).archived_since == date(2026, 3, 4)


def test_a_page_tells_its_edition_and_its_dates():
    here = an_edition(1)
    page = rendering.render_edition(here, "en", [here])
    assert (page.edition, page.issued, page.modified) == (1, date(2025, 1, 1), date(2026, 2, 1))


def test_a_preview_takes_no_reports_and_has_no_dates():
    page = shown(takes_reports=True)
    assert page.is_preview
    assert not page.takes_reports
    assert page.modified is None


def test_a_preview_leads_to_the_preview_in_the_other_language():
    assert rendering.render_preview(a_document(), "en", toggle="/preview/fr").toggle == "/preview/fr"


def test_a_withdrawal_gives_its_reason_in_the_language_and_leads_to_the_other():
    here = an_edition(1, kind="withdrawn", explanation_en="Replaced.", explanation_fr="Remplacée.")
    here.modified_at = here.publish_at - timedelta(days=3)  # its explanation has been changed since
    withdrawal = rendering.withdrawal(here, "fr")
    assert (withdrawal.title, withdrawal.explanation) == ("Page 1 en français", "Remplacée.")
    assert withdrawal.toggle == "/en/page-1"
    assert withdrawal.since == date(2026, 3, 1)


# Addresses and titles.


def test_the_two_languages_name_each_other():
    english, french = shown(language="en"), shown(language="fr")
    assert (english.path, english.toggle) == ("/en/trade", "/fr/commerce")
    assert (french.path, french.toggle) == ("/fr/commerce", "/en/trade")
    assert english.alternates == french.alternates


@pytest.mark.parametrize(
    ("title", "in_head"),
    [
        ("Trade", "Trade - Canada-Iraq Pages"),
        ("T" * 40, "T" * 40 + " - Canada-Iraq Pages"),
        ("T" * 200, "T" * 200 + " - Canada-Iraq Pages"),
        ("Canada-Iraq Pages", "Canada-Iraq Pages"),
    ],
)
def test_the_name_of_the_site_follows_the_title(title, in_head):
    assert shown(title=Bilingual(title, title)).head_title == in_head


# Sections and their anchors.


def test_anchors_are_made_of_the_headings_in_each_language():
    block = a_text("trade", ("Security and defence", "Sécurité et défense"))
    assert shown(block, language="en").blocks[0].anchor == "security-and-defence"
    assert shown(block, language="fr").blocks[0].anchor == "securite-et-defense"
    assert shown(block, language="en").blocks[0].counterpart_anchor == "securite-et-defense"


def test_no_two_anchors_are_the_same():
    body = ("<h3>Trade</h3>\n<p>x</p>\n<h4>Trade</h4>", "<h3>Commerce</h3>")
    page = shown(a_text("one", body=body), a_text("two"))
    assert [block.anchor for block in page.blocks] == ["trade", "trade-2"]
    assert '<h3 id="trade-3">' in page.blocks[0].body
    assert '<h4 id="trade-4">' in page.blocks[0].body


@pytest.mark.parametrize("taken", ["main", "contents", "wb cont", "page details", "Report problem"])
def test_no_anchor_takes_an_id_of_the_frame(taken):
    page = shown(a_text("one", (taken, taken)), a_text("two", body=(f"<h3>{taken}</h3>", "")))
    assert page.blocks[0].anchor not in rendering.RESERVED_IDS
    assert not any(f'id="{name}"' in page.blocks[1].body for name in rendering.RESERVED_IDS)


def test_a_heading_without_latin_letters_is_led_to_by_its_key():
    assert shown(a_text("in-arabic", ("العراق", "العراق"))).blocks[0].anchor == "in-arabic"


@pytest.mark.parametrize(("headings", "listed"), [(2, 0), (3, 3)])
def test_contents_are_listed_from_three_headings_on(headings, listed):
    blocks = [a_text(f"t{number}") for number in range(headings)] + [a_text("bare", ("", ""))]
    assert len(shown(*blocks, parent="home").contents) == listed


def test_the_home_page_lists_no_contents():
    assert shown(*[a_text(f"t{number}") for number in range(4)], parent=None).contents == ()


def test_only_headed_sections_are_numbered_for_the_change_of_language():
    page = shown(a_text("bare", ("", "")), a_text("one"), a_text("two", ("Aid", "")))
    assert [block.ordinal for block in page.blocks] == [0, 1, 2]
    assert [section.counterpart_anchor for section in page.counterparts] == ["commerce"]


def test_sections_beyond_those_that_the_stylesheet_knows_lead_to_the_page():
    page = shown(*[a_text(f"t{number}") for number in range(rendering.MAX_COUNTERPARTS + 2)])
    assert len(page.sections) == rendering.MAX_COUNTERPARTS + 2
    assert len(page.counterparts) == rendering.MAX_COUNTERPARTS


def test_objectives_are_numbered_in_their_order():
    objectives = [Objective(key, Bilingual("Aid", "Aide")) for key in "ab"]
    page = shown(objectives[0], a_text("between"), objectives[1])
    assert [block.number for block in page.blocks if block.kind == "objective"] == [1, 2]


# Partners.


def partners_of(*partners, language):
    return shown(PartnerList("list", partners=partners), language=language).blocks[0].partners


def test_partners_come_in_the_alphabetical_order_of_the_language_shown():
    partners = (
        a_partner("a", ("World Bank", "Banque mondiale")),
        a_partner("b", ("United Nations", "Écoles unies")),
        a_partner("c", ("african Union", "Union africaine")),
        a_partner("d", ("Zoo", "Équipe d’enquête")),
    )
    english = [partner.name for partner in partners_of(*partners, language="en")]
    french = [partner.name for partner in partners_of(*partners, language="fr")]
    assert english == ["african Union", "United Nations", "World Bank", "Zoo"]
    assert [name[0] for name in french] == ["B", "É", "É", "U"]
    assert french[1].startswith("Écoles")


@pytest.mark.parametrize(
    ("website", "language", "expected"),
    [
        (("https://e.example", "https://f.example"), "fr", ("https://f.example", "")),
        (("https://e.example", ""), "fr", ("https://e.example", "en")),
        (("", "https://f.example"), "en", ("https://f.example", "fr")),
    ],
)
def test_a_website_says_when_it_is_only_in_the_other_language(website, language, expected):
    partner = a_partner("a", ("One", "Un"), website=Bilingual(*website))
    shown = partners_of(partner, language=language)[0].website
    assert (shown.url, shown.other_language) == expected


def test_a_partner_without_a_website_has_none():
    assert partners_of(a_partner("a", ("One", "Un")), language="en")[0].website is None


# Texts and pictures.


def test_plain_texts_are_escaped():
    page = shown(a_text("one", ("Oil & <b>gas</b>", "Pétrole")), title=Bilingual('"Q" & A', "Q"))
    assert page.blocks[0].heading == "Oil &amp; &lt;b&gt;gas&lt;/b&gt;"
    assert page.title == "&quot;Q&quot; &amp; A"


def test_a_table_scrolls_under_the_name_of_its_caption():
    table = (
        '<table>\n<caption>In <em>2020</em> "</caption>\n<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n</table>'
    )
    body = shown(a_text("one", body=(f"<p>x</p>\n{table}\n{table}", ""))).blocks[0].body
    opening = '<div class="ci-table" role="region" tabindex="0" aria-label="In 2020 &quot;"><table>'
    assert body.count(opening) == body.count("</table></div>") == 2


def test_a_table_without_a_caption_has_a_name_in_the_language_of_the_page():
    table = "<table>\n<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n</table>"
    assert 'aria-label="Tableau"' in shown(a_text("one", body=("", table)), language="fr").blocks[0].body


def test_a_picture_names_its_renditions_and_keeps_its_proportions():
    figure = Figure("map", MAP, alternative_text=Bilingual("A map", "Une carte"))
    picture = shown(figure).blocks[0].image
    base = f"/media/images/{MAP.digest}"
    assert picture.avif == f"{base}/320.avif 320w, {base}/640.avif 640w, {base}/1200.avif 1200w"
    assert picture.fallback == f"{base}/640.webp"
    assert (picture.width, picture.height, picture.alternative_text) == (1200, 800, "A map")


def test_a_decorative_picture_has_no_alternative_text():
    figure = Figure("map", MAP, decorative=True, alternative_text=Bilingual("A map", "Une carte"))
    assert shown(figure).blocks[0].image.alternative_text == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<p><span lang="ar" dir="rtl">سلام</span>.</p>', '<p lang="ar" dir="rtl">سلام.</p>'),
        ('<p><span lang="ar">سلام</span></p>', '<p lang="ar" dir="rtl">سلام</p>'),
        ('<li><span lang="ckb" dir="rtl">سڵاو</span>؛</li>', '<li lang="ckb" dir="rtl">سڵاو؛</li>'),
        (
            '<blockquote><p><span lang="ar" dir="rtl"><strong>سلام</strong> عليكم</span>!</p></blockquote>',
            '<blockquote><p lang="ar" dir="rtl"><strong>سلام</strong> عليكم!</p></blockquote>',
        ),
        ('<h3 id="a"><span lang="ar" dir="rtl">سلام</span></h3>', '<h3 id="a" lang="ar" dir="rtl">سلام</h3>'),
        (
            '<p>In <span lang="ar" dir="rtl">سلام</span>.</p>',
            '<p>In <span lang="ar" dir="rtl">سلام</span>.</p>',
        ),
        ('<p><span lang="de">Wort</span>.</p>', '<p><span lang="de">Wort</span>.</p>'),
        (
            '<p><span lang="ar" dir="rtl">سلام</span> and <span lang="ar" dir="rtl">سلام</span></p>',
            '<p><span lang="ar" dir="rtl">سلام</span> and <span lang="ar" dir="rtl">سلام</span></p>',
        ),
    ],
)
def test_a_passage_from_right_to_left_is_a_block_with_its_punctuation(text, expected):
    assert rich(text, "en").replace("\n", "") == expected

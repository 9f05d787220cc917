"""What a person or a machine finds in the HTML of each page, in both languages."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from pages import rendering
from pages.document import (
    NOTHING,
    Bilingual,
    Figure,
    FigureImage,
    Objective,
    PageList,
    Partner,
    PartnerList,
    TextSection,
)
from pages.templatetags.site_tags import ERRORS
from tests.factories import a_document
from tests.markup import elements, the, with_class
from tests.test_rendering import an_edition

LANGUAGES = ["en", "fr"]
PICTURE = FigureImage(digest="ab" * 32, format="png", width=800, height=400, widths=(320, 640))


def a_text(key, english, french, body='<p>Some <a href="/en/trade">words</a>.</p>'):
    return TextSection(key, Bilingual(english, french), Bilingual(body, body))


def a_partner(**changes):
    values = {
        "key": "un",
        "kind": "multilateral",
        "name": Bilingual("United Nations", "Nations Unies"),
        "acronym": Bilingual("UN", "ONU"),
        "website": Bilingual("https://www.un.org/en", "https://www.un.org/fr"),
        "description": Bilingual("Almost all countries.", "Presque tous les pays."),
        "logo": PICTURE,
        **changes,
    }
    return Partner(**values)


BLOCKS = (
    a_text("trade", "Trade", "Commerce", "<h3>Exports</h3>\n<p>Wheat.</p>\n<h4>By year</h4>\n<p>Much.</p>"),
    Objective(
        "aid", Bilingual("Aid", "Aide"), Bilingual("<p>Help.</p>", "<p>De l’aide.</p>"), (a_partner(),)
    ),
    PartnerList("partners", Bilingual("Partners", "Partenaires"), partners=(a_partner(),)),
    Figure(
        "map", PICTURE, alternative_text=Bilingual("A map", "Une carte"), caption=Bilingual("Iraq", "L’Irak")
    ),
    PageList("below", Bilingual("Below", "Plus bas")),
)


def page_html(language="en", *, blocks=BLOCKS, kind="current", **changes):
    """A page below the home page, with a child, as the public view renders it."""
    here = an_edition(2, parent=1, kind=kind, document=a_document(blocks=blocks, **changes))
    around = [
        an_edition(1),
        here,
        an_edition(3, parent=2, description_en="About it.", description_fr="Sur elle."),
    ]
    page = rendering.render_edition(here, language, around)
    with translation.override(language):
        return render_to_string("pages/page.html", {"page": page, "language": language})


def preview_html(language="en"):
    page = rendering.render_preview(a_document(blocks=BLOCKS), language)
    return render_to_string("pages/page.html", {"page": page, "language": language})


def error_html(status, language, **context):
    with translation.override(language or "en"):
        return render_to_string("errors/error.html", {"status": status, "language": language, **context})


def front_door_html():
    return render_to_string("pages/language_selection.html", {"languages": settings.LANGUAGES})


EVERY_PAGE = {
    **{f"page {language}": (page_html, language) for language in LANGUAGES},
    **{f"preview {language}": (preview_html, language) for language in LANGUAGES},
    **{
        f"error {status} {language}": (error_html, status, language)
        for status in (404, 410, 500)
        for language in (*LANGUAGES, None)
    },
    "front door": (front_door_html,),
}


@pytest.fixture(params=EVERY_PAGE)
def html(request):
    make, *arguments = EVERY_PAGE[request.param]
    return make(*arguments)


# What every page keeps to.


def test_every_page_has_one_main_heading_where_the_skip_link_leads(html):
    heading = the(html, "h1")
    assert heading["id"] == "wb-cont"
    assert heading.text
    assert elements(html, "a")[0]["href"] == "#wb-cont"


def test_no_id_is_used_twice_and_every_anchor_exists(html):
    ids = [element["id"] for element in elements(html) if element["id"]]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in elements(html, "a") if link["href"].startswith("#")} <= set(ids)
    named = [
        element[name] for element in elements(html) for name in ("aria-labelledby", "for", "aria-describedby")
    ]
    assert set(" ".join(named).split()) <= set(ids)


def test_no_level_of_headings_is_skipped(html):
    levels = [int(element.tag[1]) for element in elements(html) if re.fullmatch("h[1-6]", element.tag)]
    assert levels[0] == 1
    assert all(deeper <= level + 1 for level, deeper in zip(levels, levels[1:], strict=False))


def test_no_page_runs_a_script_or_sets_a_style(html):
    assert {script["type"] for script in elements(html, "script")} <= {"application/ld+json"}
    assert not elements(html, "style")
    assert not any(name == "style" or name.startswith("on") for e in elements(html) for name in e.attributes)


def test_every_page_has_its_landmarks_each_with_a_name(html):
    assert [len(elements(html, tag)) for tag in ("main", "footer")] == [1, 1]
    names = [nav["aria-label"] or nav["aria-labelledby"] for nav in elements(html, "nav")]
    assert all(names)
    assert len(names) == len(set(names))


def test_every_page_has_a_title_and_a_language(html):
    assert the(html, "title").text
    assert the(html, "html")["lang"] in LANGUAGES


def test_every_page_says_that_the_government_does_not_speak_here(html):
    assert "This site is not a Government of Canada site." in html or (
        "Ce site n’est pas un site du gouvernement du Canada." in html
    )


def test_every_picture_has_an_alternative_text_and_its_size(html):
    for image in elements(html, "img"):
        assert "alt" in image.attributes
        assert image["width"]
        assert image["height"]


def test_ids_around_the_text_are_kept_from_headings(html):
    outside = [
        element["id"]
        for element in elements(html)
        if element["id"] and not any(around.has_class("ci-page__text") for around in element.inside)
    ]
    assert {name for name in outside if "_" not in name} <= rendering.RESERVED_IDS


# Pages.


@pytest.mark.parametrize(("language", "twin", "name"), [("en", "fr", "Français"), ("fr", "en", "English")])
def test_the_toggle_leads_to_the_same_page_in_the_other_language(language, twin, name):
    links = elements(page_html(language), "a", lang=twin)
    assert {link["hreflang"] for link in links} == {twin}
    default = [link["href"] for link in links if not link["data-n"]]
    assert [link.text for link in links if not link["data-n"]] == [name]
    assert default == ["/fr/commerce" if twin == "fr" else "/en/trade"]


def test_each_section_has_a_toggle_of_its_own_that_leads_to_its_twin():
    html = page_html("en")
    twins = {link["data-n"]: link["href"] for link in elements(html, "a") if link["data-n"]}
    sections = {section["data-n"] for section in elements(html, "section") if section["data-n"]}
    assert set(twins) == sections
    assert twins["2"] == "/fr/commerce#aide"
    words = {link["data-n"]: link.text for link in elements(html, "a") if link["data-n"]}
    assert words["2"] == "Français: Aide"
    assert len(set(words.values())) == len(words)
    assert all("hidden" in link.attributes for link in elements(html, "a") if link["data-n"])
    assert the(page_html("fr"), "h2", id="aide").inside[-1]["data-n"] == "2"


def test_contents_list_the_headed_sections_and_number_the_objectives():
    html = page_html("en")
    links = [link for link in elements(html, "a") if any(e.has_class("ci-contents") for e in link.inside)]
    assert [(link["href"], link.text) for link in links] == [
        ("#trade", "Trade"),
        ("#aid", "1. Aid"),
        ("#partners", "Partners"),
        ("#below", "Below"),
    ]


@pytest.mark.parametrize(("language", "text"), [("en", "Objective 1 Aid"), ("fr", "Objectif 1 Aide")])
def test_an_objective_says_its_number_in_its_heading(language, text):
    assert text in [heading.text for heading in elements(page_html(language), "h2")]


def test_headings_below_a_section_can_be_led_to():
    html = page_html("en")
    assert the(html, "h3", id="exports").text == "Exports"
    assert the(html, "h4", id="by-year").text == "By year"


def test_a_partner_is_named_with_its_acronym_inside_the_link_to_its_website():
    links = elements(page_html("fr"), "a", href="https://www.un.org/fr")
    assert {link.text for link in links} == {"Nations Unies (ONU)"}
    assert {e["title"] for e in elements(page_html("fr"), "abbr")} == {"Nations Unies"}


@pytest.mark.parametrize(
    ("language", "website", "label"),
    [
        ("en", Bilingual("", "https://f.example"), "(in French only)"),
        ("fr", Bilingual("https://e.example", ""), "(en anglais seulement)"),
    ],
)
def test_a_website_in_the_other_language_only_says_so_inside_its_link(language, website, label):
    blocks = (PartnerList("list", partners=(a_partner(website=website),)),)
    link = the(page_html(language, blocks=blocks), "a", href=website.en or website.fr)
    assert link.text.endswith(label)
    assert link["hreflang"] == ("fr" if language == "en" else "en")


def test_a_partner_without_a_website_is_no_link():
    html = page_html(blocks=(PartnerList("list", partners=(a_partner(website=NOTHING),)),))
    assert "United Nations" in the(html, "main").text
    assert not [link for link in elements(html, "a") if "United Nations" in link.text]


def test_pages_below_are_listed_with_what_they_are_about():
    html = page_html("fr")
    assert the(html, "a", href="/fr/page-3-fr").text == "Page 3 en français"
    assert "Sur elle." in html


def test_the_date_is_told_to_people_and_to_machines():
    time = the(page_html(), "time")
    assert (time["datetime"], time.text) == ("2026-02-01", "2026-02-01")


@pytest.mark.parametrize(
    ("language", "notice"), [("en", "We have archived this page"), ("fr", "Nous avons archivé cette page")]
)
def test_an_archived_page_says_so_before_anything_else_but_skip_links(language, notice):
    html = page_html(language, kind="archived")
    assert notice in html
    assert html.index(notice) < html.index("<header")
    assert notice not in page_html(language)


@pytest.mark.parametrize(
    ("language", "date"), [("en", "March\xa01, 2026"), ("fr", "1<sup>er</sup>\xa0mars 2026")]
)
def test_an_archived_page_says_since_when_as_the_language_writes_it(language, date):
    here = an_edition(1, kind="archived", publish_at=datetime(2026, 3, 1, 17, tzinfo=UTC))
    page = rendering.render_edition(here, language, [here])
    assert date in render_to_string("pages/page.html", {"page": page, "language": language})


def test_the_report_form_is_on_pages_that_take_reports_only():
    assert with_class(page_html(), "ci-report")
    assert not with_class(page_html(takes_reports=False), "ci-report")


def test_a_preview_says_so_and_is_kept_from_search_engines():
    html = preview_html("fr")
    assert "Aperçu de la copie de travail" in html
    assert the(html, "meta", name="robots")["content"] == "noindex, nofollow"
    assert not elements(html, "link", rel="canonical")
    assert not elements(html, "script")
    assert not with_class(html, "ci-report")


def test_a_page_without_an_introduction_or_blocks_is_still_a_page():
    html = page_html(blocks=(), introduction=NOTHING)
    assert the(html, "h1").text == "Trade"
    assert not with_class(html, "ci-lead")


# What machines read.


@pytest.mark.parametrize(("language", "path"), [("en", "/en/trade"), ("fr", "/fr/commerce")])
def test_a_page_names_itself_and_its_other_language(language, path):
    html = page_html(language)
    assert the(html, "link", rel="canonical")["href"] == f"http://testserver{path}"
    links = elements(html, "link", rel="alternate")
    alternates = {link["hreflang"]: link["href"] for link in links if link["hreflang"]}
    assert alternates == {
        "en": "http://testserver/en/trade",
        "fr": "http://testserver/fr/commerce",
        "x-default": "http://testserver/en/trade",
    }


def test_metadata_say_what_the_page_says():
    html = page_html("fr")
    named = {meta["name"]: meta["content"] for meta in elements(html, "meta") if meta["name"]}
    assert named["description"] == named["dcterms.description"] == "Le commerce entre les deux pays."
    assert named["dcterms.title"] == the(html, "title").text == "Commerce - Pages Canada-Irak"
    assert named["dcterms.language"] == "fra"
    assert (named["dcterms.issued"], named["dcterms.modified"]) == ("2025-01-01", "2026-02-01")
    assert named["author"] == named["dcterms.creator"] == "Pages Canada-Irak"


@pytest.mark.parametrize("language", LANGUAGES)
def test_structured_data_say_only_what_the_page_shows(language):
    html = page_html(language)
    data = json.loads(the(html, "script", type="application/ld+json").text)
    assert data["name"] == the(html, "h1").text
    assert data["description"] == the(html, "meta", name="description")["content"]
    assert data["dateModified"] == the(html, "time")["datetime"]
    assert data["url"] == the(html, "link", rel="canonical")["href"]
    crumbs = elements(html, "a", property="item")
    told = data["breadcrumb"]["itemListElement"]
    assert [place["name"] for place in told] == [link.text for link in crumbs]
    assert [place["item"] for place in told] == [f"http://testserver{link['href']}" for link in crumbs]


def test_no_title_can_break_out_of_the_structured_data():
    title = '</script><script>alert(1)</script> & "Q" \u2028'
    html = page_html(title=Bilingual(title, title))
    assert len(elements(html, "script")) == 1
    assert json.loads(the(html, "script").text)["name"] == title


# Errors and the front door. None of these may need a database: there is none in these tests.


@pytest.mark.parametrize("status", ERRORS)
def test_every_error_is_told_in_the_language_of_the_address(status):
    english, french = the(error_html(status, "en"), "h1").text, the(error_html(status, "fr"), "h1").text
    assert english != french
    assert the(error_html(status, "fr"), "html")["lang"] == "fr"
    assert the(error_html(status, "fr"), "title").text == f"{french} - Pages Canada-Irak"


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_whose_language_is_not_known_is_told_in_both_side_by_side(status):
    html = error_html(status, None)
    sides = {side["lang"]: side for side in with_class(html, "ci-error__message")}
    assert set(sides) == {"en", "fr"}
    assert the(error_html(status, "en"), "h1").text in sides["en"].text
    assert the(error_html(status, "fr"), "h1").text in sides["fr"].text
    assert [link["href"] for link in with_class(html, "ci-button")] == ["/en/", "/fr/"]


def test_an_error_leads_to_the_other_language():
    assert elements(error_html(404, "en"), "a", href="/fr/", lang="fr")


def test_errors_are_not_for_search_engines():
    assert the(error_html(404, "en"), "meta", name="robots")["content"] == "noindex"


def test_an_unknown_status_is_told_like_a_failure_of_the_site():
    assert the(error_html(507, "en"), "h1").text == the(error_html(500, "en"), "h1").text


@pytest.mark.parametrize(
    ("language", "date", "other"),
    [("en", "March 4, 2026", "/fr/page-1-fr"), ("fr", "4 mars 2026", "/en/page-1")],
)
def test_a_withdrawn_page_says_what_was_there_why_it_went_and_when(language, date, other):
    here = an_edition(
        1, kind="withdrawn", explanation_en="Replaced & gone.", explanation_fr="Remplacée & partie."
    )
    here.modified_at = here.publish_at
    withdrawn = rendering.withdrawal(here, language)
    html = error_html(410, language, withdrawn=withdrawn)
    text = the(html, "main").text
    assert here.text("title", language) in text
    assert here.text("explanation", language) in text
    assert date in text
    assert elements(html, "a", href=other)


def test_the_front_door_speaks_both_languages_and_leads_to_both():
    html = front_door_html()
    sides = {side["lang"]: side.text for side in with_class(html, "ci-door__side")}
    assert "Canada-Iraq Pages" in sides["en"]
    assert "Pages Canada-Irak" in sides["fr"]
    assert [(link["href"], link.text) for link in with_class(html, "ci-button")] == [
        ("/en/", "English"),
        ("/fr/", "Français"),
    ]


# Whose site it is.


def test_no_official_symbol_is_kept_in_this_repository():
    drawings = {path.name for path in Path(settings.BASE_DIR, "pages", "static").rglob("*.svg")}
    assert drawings == {"favicon.svg"}
    assert {path.name for path in Path(settings.BASE_DIR, "identity").rglob("*")} == {"identity.toml"}

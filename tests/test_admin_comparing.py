"""The screen that compares two editions of a page, or one and the working copy, in both languages."""

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from pages import comparison, html, images, indexes, publishing, working_copy
from pages.admin import changes
from pages.document import Bilingual, Figure, Partner, PartnerList, TextSection
from tests.admin_forms import save_image
from tests.factories import (
    KINDS,
    a_document,
    a_live_page,
    a_page,
    a_partner,
    a_partner_list,
    a_png,
    a_text,
    an_image,
    an_objective,
)

pytestmark = pytest.mark.django_db


def address(page, before="", after=""):
    return f"/admin/pages/page/{page.pk}/compare/?before={before}&after={after}"


def shown(client, page, *sides):
    return client.get(address(page, *sides)).content.decode()


def an_edited_page():
    page = a_page(title_en="Trade", title_fr="Commerce")
    a_text(page, heading_en="Exports", body_en="<p>Wheat and lentils.</p>", body_fr="<p>Du blé.</p>")
    publishing.publish(page, by=None)
    page.pages_textsection_set.update(body_en="<p>Wheat and oats.</p>")
    return page


@pytest.mark.medium
def test_words_inserted_and_deleted_are_marked_and_said(staff_client):
    html = shown(staff_client, an_edited_page())
    assert '<del><span class="ci-unseen"> [deleted: </span>lentils' in html
    assert '<ins><span class="ci-unseen"> [added: </span>oats' in html
    assert "1 in English, 0 in French" in html


def test_marks_are_said_in_the_language_of_the_text_they_stand_in():
    before = a_document(title=Bilingual("Old", "Ancien"))
    view = changes.view(before, replace(before, title=Bilingual("New", "Nouveau")))
    (title,) = view.parts[0].changed
    french = str(dict(title.columns)["fr"][0].lines)
    assert "[ajouté" in french
    assert "added" not in french


@pytest.mark.medium
def test_without_a_choice_what_is_live_is_compared_with_the_working_copy(staff_client):
    page = an_edited_page()
    publishing.publish(page, by=None)
    assert (
        "There are no differences"
        in staff_client.get(f"/admin/pages/page/{page.pk}/compare/").content.decode()
    )
    page.pages_textsection_set.update(heading_fr="Ventes à l’étranger")
    assert "étranger" in staff_client.get(f"/admin/pages/page/{page.pk}/compare/").content.decode()


@pytest.mark.medium
def test_any_two_editions_are_compared_in_either_direction(staff_client):
    page = an_edited_page()
    publishing.publish(page, by=None)
    assert "[deleted: </span>lentils" in shown(staff_client, page, 1, 2)
    assert "[added: </span>lentils" in shown(staff_client, page, 2, 1)


@pytest.mark.medium
def test_archiving_is_told_by_the_kind_alone(staff_client):
    page = a_live_page()
    publishing.archive(page, by=None)
    html = shown(staff_client, page, 1, 2)
    assert "<td>Regular</td>" in html
    assert "<td>Archived</td>" in html


@pytest.mark.medium
@pytest.mark.parametrize("side", ["7", "-1", "9" * 40, "<script>", "1 OR 1", "\u0661"])
def test_an_unknown_side_is_told_beside_its_field(staff_client, side):
    response = staff_client.get(address(an_edited_page(), side))
    assert response.status_code == 200
    assert "Select a valid choice" in response.content.decode()
    assert "<script>" not in response.content.decode()


def test_a_page_that_was_never_published_has_nothing_to_be_compared_with(staff_client):
    assert "has never been published" in shown(staff_client, a_page())


@pytest.mark.medium
def test_hostile_texts_are_shown_as_they_are(staff_client):
    page = an_edited_page()
    page.pages_textsection_set.update(heading_en="<img src=x onerror=alert(1)>")
    html = shown(staff_client, page)
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in re.sub(r"</?(ins|del|span)[^>]*>", "", html)


# What is shown of two documents


def a_section(key, english="<p>Words.</p>"):
    return TextSection(key, Bilingual(key, key), Bilingual(english, "<p>Mots.</p>"))


def labels(view):
    return {part.name: [state for state, _word in part.labels] for part in view.parts[1:]}


def test_blocks_that_came_went_moved_and_changed_are_labelled():
    before = a_document(blocks=tuple(map(a_section, "abcde")))
    after = a_document(
        blocks=(
            a_section("d"),
            a_section("a"),
            a_section("b", "<p>Other.</p>"),
            a_section("e"),
            a_section("f"),
        )
    )
    assert labels(changes.view(before, after)) == {
        "Text “a”": [],
        "Text “b”": ["changed"],
        "Text “c”": ["deleted"],
        "Text “d”": ["moved"],
        "Text “e”": [],
        "Text “f”": ["inserted"],
    }


def test_paragraphs_that_stayed_are_folded_and_a_single_one_is_left_in_view():
    lines = "<p>One.</p>\n<p>Two.</p>\n{}\n<p>Three.</p>"
    before = a_document(blocks=(a_section("a", lines.format("<p>Old words here.</p>")),))
    after = a_document(blocks=(a_section("a", lines.format("<p>New words here.</p>")),))
    (body,) = changes.view(before, after).parts[1].changed
    english = dict(body.columns)["en"]
    assert [(len(passage.lines), passage.is_folded) for passage in english] == [
        (2, True),
        (1, False),
        (1, False),
    ]


def test_another_picture_is_shown_beside_the_one_before():
    old, new = (an_image(data=a_png(colour=colour)) for colour in ("teal", "red"))
    old, new = (working_copy.read_shared(row).shown for row in (old, new))
    view = changes.view(
        a_document(blocks=(Figure("map", old),)), a_document(blocks=(Figure("map", new, decorative=True),))
    )
    picture, decorative = view.parts[1].facts
    assert old.digest in picture.before.fallback
    assert new.digest in picture.after.fallback
    assert (decorative.before, decorative.after) == ("no", "yes")


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"kind": "coalition"}, "Coalition"),
        ({"name": Bilingual("The Fund", "Le Fonds")}, "The"),
        ({"website": Bilingual("https://example.org/", "")}, "https://example.org/"),
        ({"logo": "made below"}, "logo"),
    ],
)
def test_everything_that_changes_about_a_partner_is_shown(changed, word):
    if "logo" in changed:
        changed["logo"] = images.store(images.validate_upload(a_png()))
    partner = Partner("fund", "multilateral", Bilingual("Fund", "Fonds"))
    before = a_document(blocks=(PartnerList("list", partners=(partner,)),))
    after = a_document(blocks=(PartnerList("list", partners=(replace(partner, **changed),)),))
    view = changes.view(before, after)
    (partners,) = view.parts[1].changed
    assert view.is_changed
    assert word in re.sub("<[^>]+>", "", str(dict(partners.columns)["en"]))


def test_a_change_of_the_place_in_the_site_is_a_fact():
    before = a_document()
    view = changes.view(before, replace(before, parent="about", takes_reports=False))
    assert [(fact.before, fact.after) for fact in view.parts[0].facts] == [("home", "about"), ("yes", "no")]


@pytest.mark.medium
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_screen_speaks_the_language_of_the_person(staff_client, language):
    page = an_edited_page()
    staff_client.cookies["django_language"] = language
    html = shown(staff_client, page)
    with translation.override(language):
        assert f"<h1>{translation.gettext('Compare')}</h1>" in html
        assert translation.gettext("Unchanged:") in html


# Speed


def a_long_document(words, changed=False):
    paragraph = "<p>" + "Trade between the two countries grew by nine percent over the year. " * 8 + "</p>"
    other = paragraph.replace("nine", "ten").replace("over", "during")
    count = words // (2 * 12 * 8)
    blocks = tuple(
        TextSection(
            f"section-{number}",
            Bilingual(f"Heading {number}", f"Intertitre {number}"),
            Bilingual(*("\n".join([paragraph, other if changed else paragraph]),) * 2),
        )
        for number in range(count)
    )
    return a_document(blocks=blocks)


@pytest.mark.medium
def test_a_page_of_5000_words_that_changed_throughout_is_compared(staff_client):
    page = a_page(key="long")
    before, after = (replace(a_long_document(5000, changed), key="long") for changed in (False, True))
    working_copy.write(replace(before, address=Bilingual("long", "longue")), page)
    publishing.publish(page, by=None)
    working_copy.write(replace(after, address=Bilingual("long", "longue")), page)
    assert staff_client.get(address(page)).content.count(b"<del>") > 80


@pytest.mark.medium
def test_comparing_takes_as_many_queries_for_a_long_page_as_for_a_short_one(
    staff_client, django_assert_num_queries
):
    page = a_page()
    for _time in range(6):
        a_text(page)
        an_objective(page, partners=[a_partner()])
        a_partner_list(page, partners=[a_partner(), a_partner()])
        publishing.publish(page, by=None)
        staff_client.get(address(page))
        with django_assert_num_queries(KINDS + 10):
            staff_client.get(address(page))


@pytest.mark.medium
@pytest.mark.parametrize(
    ("language", "words"), [("en", "Formatting changed"), ("fr", "Mise en forme modifiée")]
)
def test_a_text_that_is_only_formatted_otherwise_says_so_in_its_language(staff_client, language, words):
    page = a_page()
    a_text(page, body_en="<p>Aid for all.</p>", body_fr="<p>Une aide pour tous.</p>")
    publishing.publish(page, by=None)
    bold = {"en": "<p>Aid for <strong>all</strong>.</p>", "fr": "<p>Une aide pour <em>tous</em>.</p>"}[
        language
    ]
    page.pages_textsection_set.update(**{f"body_{language}": bold})
    html = shown(staff_client, page)
    assert "Nothing differs" not in html
    assert f"{int(language == 'en')} in English, {int(language == 'fr')} in French" in html
    assert html.count(words) == 1
    assert re.search(
        rf'<p class="ci-line ci-line--p"><span class="ci-state ci-state-changed">{words}</span> ', html
    )


@pytest.mark.django_db
def test_links_to_pages_say_the_title_of_the_page_and_tell_pages_of_one_title_apart():
    for key in ("trade", "other-trade"):
        a_page(key=key, title_en="Trade", title_fr="Commerce")
    a_page(key="aid", title_en="Aid", title_fr="")
    text = '<p>See <a href="page:{}">here</a>.</p>'
    [[line]] = [passage.lines for passage in changes.passages(text.format("aid"), "", "fr", rich=True)]
    assert "here (page «\u00a0Aid\u00a0»)" in line
    [[line]] = [
        passage.lines
        for passage in changes.passages(text.format("trade"), text.format("other-trade"), "en", rich=True)
    ]
    assert "other-<" in line
    assert "page “Trade”" in line
    assert "page:" not in line


# Images in texts

ONE_IMAGE = '<ul>\n<li><img src="image:flag"> Iraq</li>\n</ul>'


def a_page_with_image(**texts):
    page = a_page()
    a_text(page, body_en=ONE_IMAGE, body_fr=ONE_IMAGE, **texts)
    indexes.update_drafts([page])
    publishing.publish(page, by=None)
    return page


@pytest.mark.medium
def test_another_file_of_an_image_in_a_text_is_said_in_the_language_of_the_text(staff_client):
    image = an_image(key="flag", alternative_text_en="Flag of Iraq", alternative_text_fr="Drapeau de l’Irak")
    page = a_page_with_image()
    upload = SimpleUploadedFile("red.png", a_png(colour="red"), "image/png")
    save_image(staff_client, image, image=upload)
    page_html = shown(staff_client, page)
    assert page_html.count("Image “Flag of Iraq” replaced") == 1
    assert page_html.count("Image «\u00a0Drapeau de l’Irak\u00a0» remplacée") == 1
    assert "Formatting changed" not in page_html
    assert "Alternative text of the image" not in page_html


@pytest.mark.medium
def test_another_text_of_an_image_is_said_beside_the_words(staff_client):
    image = an_image(key="flag", alternative_text_en="Flag of Iraq", alternative_text_fr="Drapeau de l’Irak")
    page = a_page_with_image()
    save_image(staff_client, image, alternative_text_en="Banner of Iraq")
    page_html = shown(staff_client, page)
    assert page_html.count("Alternative text of the image “Flag of Iraq” changed") == 1
    assert "replaced" not in page_html
    assert "remplacée" not in page_html


def notes(before, after):
    texts = (html.clean(text) for text in (before, after))
    return [line.notes for line in comparison.compare_texts(*texts, rich=True)]


def test_formatting_is_said_beside_an_image_only_where_it_changed_too():
    flag, other = '<img src="image:flag" alt="Flag">', '<img src="image:other" alt="Flag">'
    replaced = "Image “Flag” replaced"
    assert notes(f"<p>{flag} Iraq</p>", f"<p>{other} Iraq</p>") == [[replaced]]
    assert notes(f"<p>{flag} Iraq</p>", f"<p>{other} <em>Iraq</em></p>") == [["Formatting changed", replaced]]
    assert notes(f"<p>{flag} Iraq</p>", f"<p>{flag} <em>Iraq</em></p>") == [["Formatting changed"]]
    assert notes(f"<p>{flag} Iraq</p>", f"<p>{flag} Iraq</p>") == [[]]
    assert notes(f"<p>{flag} Iraq</p>", "<p>Iraq</p>") == [[]]


@pytest.mark.medium
@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Text “Trade”"), ("fr", "Texte «\u00a0Commerce\u00a0»")],
)
def test_blocks_are_named_in_the_language_of_the_screen(language, name):
    page = a_page()
    a_text(page, heading_en="Trade", heading_fr="Commerce")
    document = working_copy.read(page)
    with translation.override(language):
        assert name in [part.name for part in changes.view(document, document).parts]


@pytest.mark.medium
def test_a_block_without_a_heading_in_the_language_of_the_screen_has_that_of_the_other():
    page = a_page()
    a_text(page, heading_en="Trade", heading_fr="")
    document = working_copy.read(page)
    with translation.override("fr"):
        assert "Texte «\u00a0Trade\u00a0»" in [part.name for part in changes.view(document, document).parts]

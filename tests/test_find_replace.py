"""A text is found in all that pages say, and replaced in the working copies that somebody chooses."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from pages import html, indexes, page_status, publishing, readiness, site_text, text_matching, working_copy
from pages.models import Page
from pages.models.audit_entry import AuditEntry
from pages.models.library_image import LibraryImage
from pages.models.partner import PartnerOrganization
from pages.models.shared_block import SharedBlock
from pages.site_text import Query
from tests.factories import (
    KINDS,
    a_download,
    a_fact,
    a_figure,
    a_live_page,
    a_page,
    a_partner,
    a_partner_list,
    a_shared_block,
    a_shared_place,
    a_text,
    an_account,
    an_image,
)

LIST = "/admin/pages/page/"


# Matching, without a database


def found(text, query, *, rich=False, **options):
    pattern = text_matching.pattern_of(query, **options)
    return [match.found for match in text_matching.matches(text, pattern, rich=rich)]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("The World Bank and the world bank", "World Bank", ["World Bank", "world bank"]),
        ("100\u00a0$ et 100 $", "100 $", ["100\u00a0$", "100 $"]),
        ("l’Irak, l'Irak", "l'irak", ["l’Irak", "l'Irak"]),
        ("Économie", "économie", ["Économie"]),
        ("a “quoted” word", '"quoted"', ["“quoted”"]),
        ("Canada\u2011Iraq", "Canada-Iraq", ["Canada\u2011Iraq"]),
        ("وزارة الخارجية", "الخارجية", ["الخارجية"]),
        ("what (really) [is] .*", ".*", [".*"]),
        ("a co\u00adop\u00aderative", "cooperative", ["co\u00adop\u00aderative"]),
        ("a cooperative", "co\u00adoperative", ["cooperative"]),
        ("trade\u200b \u2060area", "trade area", ["trade\u200b \u2060area"]),
        ("nothing", "some", []),
        ("", "some", []),
    ],
)
def test_a_text_is_found_as_editors_type_it(text, query, expected):
    assert found(text, query) == expected


def test_case_counts_where_that_is_asked_for():
    assert found("Trade, trade", "trade", match_case=True) == ["trade"]


def test_of_rich_text_the_words_are_searched_and_not_the_tags():
    text = '<p>The <strong>free</strong> trade area &amp; <a href="/strong">more</a></p>\n<p>strong</p>'
    assert found(text, "free trade", rich=True) == ["free trade"]
    assert found(text, "area & more", rich=True) == ["area & more"]
    assert found(text, "strong", rich=True) == ["strong"]
    assert found(text, "href", rich=True) == []
    assert [
        match.found for match in text_matching.link_matches(text, text_matching.pattern_of("/strong"))
    ] == ["/strong"]


def test_the_words_around_a_match_are_whole_and_few():
    text = "word " * 50 + "needle" + " word" * 50
    [match] = text_matching.matches(text, text_matching.pattern_of("needle"), rich=False)
    assert match.before.startswith("…word ")
    assert match.after.endswith(" word…")
    assert len(match.before) <= text_matching.CONTEXT


def replaced(text, query, replacement, chosen=(0, 1, 2, 3), *, rich=True):
    return text_matching.replaced(
        text, text_matching.pattern_of(query), replacement, rich=rich, chosen=chosen
    )


@pytest.mark.parametrize(
    ("text", "query", "replacement", "expected"),
    [
        ("<p>One cat, two cats</p>", "cat", "dog", "<p>One dog, two dogs</p>"),
        ("<p>A <strong>big</strong> cat</p>", "big cat", "dog", "<p>A <strong>dog</strong></p>"),
        ('<p><a href="/x">old</a> name</p>', "old name", "new", '<p><a href="/x">new</a></p>'),
        ('<p><a href="/old">old</a></p>', "old", "new", '<p><a href="/old">new</a></p>'),
        ("<p>cat</p>", "cat", "<b>&", "<p>&lt;b&gt;&amp;</p>"),
        ("<p>cat</p>\n<p>dog</p>", "cat", "", "<p>dog</p>"),
        ("<p>A cat here, cat</p>", "cat", "", "<p>A here,</p>"),
        ("<ul>\n<li>cat</li>\n<li>dog</li>\n</ul>", "dog", "cow", "<ul>\n<li>cat</li>\n<li>cow</li>\n</ul>"),
        ("<p>cat</p>", "cat", "\\1 \\g<0>", "<p>\\1 \\g&lt;0&gt;</p>"),
    ],
)
def test_a_text_is_replaced_within_its_marks(text, query, replacement, expected):
    assert replaced(text, query, replacement) == expected


def test_only_the_places_that_were_chosen_are_replaced():
    assert replaced("<p>cat cat</p>\n<p>cat</p>", "cat", "dog", {1, 2}) == "<p>cat dog</p>\n<p>dog</p>"
    assert replaced("cat cat cat", "cat", "dog", {1}, rich=False) == "cat dog cat"
    assert replaced("cat cat", "cat", "dog", set(), rich=False) == "cat cat"


@given(st.text("ab <>&pé\n", max_size=40))
def test_what_is_replaced_by_itself_stays_and_all_else_stays_clean(text):
    text = html.clean(text)
    assert text_matching.replaced(text, re.compile("a"), "a", rich=True, chosen=range(99)) == text
    other = text_matching.replaced(text, re.compile("b"), "<c>", rich=True, chosen=range(99))
    assert html.clean(other) == other
    assert "b" not in html.plain_text(other)


# Finding in pages


def places(text, **options):
    return [
        (matches.page.title_en, "/".join(place.path[-1:]), place.language, place.is_draft, place.is_live)
        for matches in site_text.find(Query(text, **options)).pages
        for place in matches.places
    ]


@pytest.mark.medium
@pytest.mark.django_db
def test_every_text_of_a_working_copy_and_of_a_live_edition_is_searched():
    page = a_live_page(title_en="Page", introduction_fr="<p>Une aiguille dans le foin.</p>")
    a_text(page, body_en="<p>A <em>needle</em> here.</p>")
    a_figure(page, caption_en="One more", caption_fr="Encore une aiguille")
    publishing.publish(page, by=None)
    assert places("needle") == [("Page", "body", "en", True, True)]
    assert places("AIGUILLE") == [
        ("Page", "introduction", "fr", True, True),
        ("Page", "caption", "fr", True, True),
    ]
    Page.objects.filter(pk=page.pk).update(introduction_fr="<p>Autre.</p>", description_en="A needle too")
    assert places("aiguille dans") == [("Page", "introduction", "fr", False, True)]
    assert places("needle too") == [("Page", "description", "en", True, False)]


@pytest.mark.medium
@pytest.mark.django_db
def test_each_language_can_be_searched_alone():
    a_page(title_en="Budget", title_fr="Budget")
    assert [place[2] for place in places("budget")] == ["en", "fr"]
    assert [place[2] for place in places("budget", languages=("fr",))] == ["fr"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("Économie", "économie"),
        ("ÉÀ", "éà"),
        ("بغداد", "بغداد"),
        ("50 %", "50 %"),
        ("a_b", "a_b"),
        ("“", "“”"[:1]),
        ("l’été", "'été"),
        ("É\u00adtude", "étude"),
        ("coopé\u00adra\u00adtion", "coopération"),
    ],
)
def test_what_a_database_does_not_fold_is_found_too(title, query):
    a_page(title_en=title, title_fr="Autre")
    a_page(title_en="axb 5000", title_fr="Autre")
    assert [place[0] for place in places(query)] == [title]


@pytest.mark.medium
@pytest.mark.django_db
def test_withdrawn_texts_partners_and_earlier_editions_are_not_shown():
    page = a_live_page(description_en="An old needle")
    Page.objects.filter(pk=page.pk).update(description_en="Nothing")
    page.refresh_from_db()
    publishing.publish(page, by=None)
    other = a_live_page(description_en="Needle")
    publishing.withdraw(other, by=None)
    Page.objects.filter(pk=other.pk).update(description_en="Nothing")
    a_partner_list(page, partners=[a_partner(name_en="Needle")])
    publishing.publish(page, by=None)
    assert places("needle") == []


@pytest.mark.medium
@pytest.mark.django_db
def test_the_address_of_a_link_is_found():
    page = a_page(introduction_en='<p><a href="https://old.example/x">here</a></p>')
    [matches] = site_text.find(Query("old.example")).pages
    assert matches.page == page
    assert [place.is_link for place in matches.places] == [True]


@pytest.mark.medium
@pytest.mark.django_db
def test_many_pages_are_shown_a_part_at_a_time(monkeypatch):
    monkeypatch.setattr(site_text, "MAX_PAGES", 2)
    for number in range(5):
        a_page(title_en=f"Needle {number}")
    shown, start = [], 0
    while start is not None:
        part = site_text.find(Query("needle"), start=start)
        shown += [matches.page.title_en for matches in part.pages]
        start = part.next_start
    assert shown == [f"Needle {number}" for number in range(5)]


@pytest.mark.medium
@pytest.mark.django_db
def test_pages_with_many_places_are_cut_and_parted(monkeypatch):
    monkeypatch.setattr(site_text, "MAX_PLACES", 4)
    monkeypatch.setattr(site_text, "MAX_PLACES_OF_A_PAGE", 3)
    for _each in range(3):
        a_page(introduction_en="<p>needle needle needle needle</p>")
    first = site_text.find(Query("needle"))
    assert [len(matches.places) for matches in first.pages] == [3, 3]
    assert first.pages[0].is_cut
    assert first.next_start == 2
    assert site_text.find(Query("needle"), start=2).next_start is None


@pytest.mark.django_db
@pytest.mark.medium
def test_finding_takes_as_many_queries_in_many_pages_as_in_few(staff_client, django_assert_num_queries):
    for _each in range(2):
        a_text(a_live_page(title_en="Needle"))
    with django_assert_num_queries(2 * KINDS + 12, exact=False) as few:
        staff_client.get(f"{LIST}find/?q=needle")
    for _each in range(9):
        a_text(a_live_page(title_en="Needle"))
    with django_assert_num_queries(len(few)):
        staff_client.get(f"{LIST}find/?q=needle")


# The screens


@pytest.mark.medium
@pytest.mark.django_db
def test_the_screen_shows_each_place_with_its_words_and_leads_to_its_field(staff_client):
    page = a_live_page(title_en="Trade", description_en="Free <trade> & more")
    text = a_text(page, heading_en="Tariffs", body_fr="<p>Le libre-échange, trade</p>")
    shown = staff_client.get(f"{LIST}find/?q=trade").text
    assert "Found in 3 places." in shown
    assert "Free &lt;<mark>trade</mark>&gt; &amp; more" in shown
    assert f'href="{LIST}{page.pk}/change/#id_description_en"' in shown
    assert f'href="{LIST}{page.pk}/change/#block-{text.key}-body_fr"' in shown
    assert "Text “Tariffs”: text" in shown
    assert "working copy and live edition" in shown


@pytest.mark.medium
@pytest.mark.django_db
def test_what_only_the_live_edition_says_leads_to_it(staff_client):
    page = a_live_page(description_fr="Une aiguille")
    Page.objects.filter(pk=page.pk).update(description_fr="Rien")
    assert f'href="{LIST}{page.pk}/editions/1/fr/"' in staff_client.get(f"{LIST}find/?q=aiguille").text


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "a", "x" * 201, "   ", "%", "ب"])
def test_a_query_that_is_empty_or_too_long_is_refused_beside_the_field(staff_client, query):
    response = staff_client.get(f"{LIST}find/", {"q": query})
    assert response.status_code == 200
    assert "errorlist" in response.text


@pytest.mark.medium
@pytest.mark.django_db
@pytest.mark.parametrize("start", ["x", "-1", "99999999999999999999", "7"])
def test_a_start_that_makes_no_sense_is_answered(staff_client, start):
    a_page(title_en="Needle")
    assert (
        staff_client.get(f"{LIST}find/", {"q": "needle", "start": start, "language": "xx"}).status_code == 200
    )
    assert staff_client.get(f"{LIST}find/", {"q": "needle", "start": start}).status_code == 200


@pytest.mark.django_db
def test_the_list_leads_to_the_search(staff_client):
    assert f'href="{LIST}find/"' in staff_client.get(LIST).text


def replace_form(client, query, replacement, **more):
    """What the form that shows the places would send, all of them chosen."""
    shown = client.get(f"{LIST}replace/", {"q": query, "replacement": replacement, **more}).text
    data = dict(re.findall(r'<input type="hidden" name="(seen-\d+)" value="([^"]*)"', shown))
    chosen = re.findall(r'name="place" value="([^"]*)"', shown)
    return {**data, "q": query, "replacement": replacement, "place": chosen, **more}


@pytest.mark.medium
@pytest.mark.django_db
def test_places_are_shown_before_and_after_and_those_chosen_are_replaced(staff_client):
    page = a_live_page(title_en="Old name", description_en="The old name and the Old Name")
    a_text(page, body_fr="<p>Le <strong>old</strong> name</p>")
    other = a_page(title_en="Other", description_en="An old name")
    indexes.rebuild()
    shown = staff_client.get(f"{LIST}replace/", {"q": "old name", "replacement": "new name"}).text
    assert "Found in 5 places." in shown
    assert "The <del>old name</del><ins>new name</ins> and" in shown
    data = replace_form(staff_client, "old name", "new name")
    data["place"] = [value for value in data["place"] if not value.endswith("|en|description|1")]
    done = staff_client.post(f"{LIST}replace/", data).text
    page.refresh_from_db()
    assert page.title_en == "new name"
    assert page.description_en == "The new name and the Old Name"
    assert working_copy.read(page).blocks[0].body.fr == "<p>Le <strong>new name</strong></p>"
    assert Page.objects.get(pk=other.pk).description_en == "An new name"
    assert f'href="{LIST}bulk/publish/?pages={page.pk},{other.pk}"' in done
    assert page.editions.count() == 1
    assert "Changed" in AuditEntry.objects.saves(page).first().get_change_message()
    assert indexes.verify() == []


@pytest.mark.medium
@pytest.mark.django_db
def test_addresses_partners_and_live_editions_are_not_replaced(staff_client):
    page = a_live_page(address_en="needle", introduction_en='<p><a href="/needle">See</a></p>')
    a_partner_list(page, partners=[a_partner(name_en="Needle")])
    Page.objects.filter(pk=page.pk).update(title_en="Something else")
    assert replace_form(staff_client, "needle", "pin")["place"] == []
    forged = [
        f"{page.pk}|en|address|0",
        f"{page.pk}|en|blocks/x/partners/y/name|0",
        f"{page.pk}|en||0",
        "x",
        "|||",
    ]
    data = {"q": "needle", "replacement": "pin", "place": forged}
    seen = dict(
        re.findall(r'(seen-\d+)" value="(\w+)"', staff_client.get(f"{LIST}replace/?q=se&replacement=x").text)
    )
    assert staff_client.post(f"{LIST}replace/", {**data, **seen}).status_code == 200
    page.refresh_from_db()
    assert page.address_en == "needle"


@pytest.mark.medium
@pytest.mark.django_db
def test_a_page_that_was_saved_since_is_left_as_it_is(staff_client):
    first, second = a_page(title_en="A needle"), a_page(title_en="Needle")
    data = replace_form(staff_client, "needle", "pin")
    Page.objects.filter(pk=second.pk).update(description_en="Saved meanwhile")
    done = staff_client.post(f"{LIST}replace/", data).text
    assert "The page was saved after you opened this screen." in done
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.title_en, second.title_en) == ("A pin", "Needle")


@pytest.mark.medium
@pytest.mark.django_db
def test_a_text_that_would_be_too_long_is_refused_with_its_field(staff_client):
    page = a_page(title_en="needle " * 25)
    done = staff_client.post(f"{LIST}replace/", replace_form(staff_client, "needle", "a longer needle")).text
    assert "title (English)" in done.lower() or "Title (English)" in done
    page.refresh_from_db()
    assert page.title_en == ("needle " * 25).strip()


@pytest.mark.medium
@pytest.mark.django_db
def test_a_page_that_was_deleted_since_is_said_to_be_gone(staff_client):
    page = a_page(title_en="Needle")
    data = replace_form(staff_client, "needle", "pin")
    page.delete()
    assert "The page has been deleted." in staff_client.post(f"{LIST}replace/", data).text


@pytest.mark.medium
@pytest.mark.django_db
def test_a_text_is_deleted_by_an_empty_replacement(staff_client):
    page = a_page(title_en="A needle here")
    staff_client.post(f"{LIST}replace/", replace_form(staff_client, "needle", ""))
    page.refresh_from_db()
    assert page.title_en == "A here"


@pytest.mark.medium
@pytest.mark.django_db
def test_nothing_is_changed_where_nothing_was_chosen(staff_client):
    a_page(title_en="Needle")
    data = replace_form(staff_client, "needle", "pin") | {"place": []}
    assert "No place was chosen." in staff_client.post(f"{LIST}replace/", data).text


@pytest.mark.medium
@pytest.mark.django_db
def test_who_may_only_look_finds_and_does_not_replace(client):
    page = a_page(title_en="Needle")
    person = an_account()
    person.user_permissions.add(Permission.objects.get(codename="view_page"))
    client.force_login(person)
    shown = client.get(f"{LIST}find/?q=needle")
    assert "Found in 1 place." in shown.text
    assert "Replace…" not in shown.text
    assert client.get(f"{LIST}replace/").status_code == 403
    assert (
        client.post(f"{LIST}replace/", {"q": "needle", "place": f"{page.pk}|en|title|0"}).status_code == 403
    )


@pytest.mark.medium
@pytest.mark.django_db
def test_who_may_not_publish_is_led_to_the_review(client):
    a_page(title_en="Needle")
    person = an_account()
    person.user_permissions.set(Permission.objects.filter(codename__in=["view_page", "change_page"]))
    client.force_login(person)
    done = client.post(f"{LIST}replace/", replace_form(client, "needle", "pin")).text
    assert f"{LIST}bulk/submit/?pages=" in done


@pytest.mark.medium
@pytest.mark.django_db
def test_what_pages_share_is_found_too_with_the_form_that_changes_it(client, staff_client):
    fact = a_fact(name_fr="Aiguilles", value="4000000000")
    figure = a_figure(a_page())
    LibraryImage.objects.filter(pk=figure.image_id).update(alternative_text_fr="Une aiguille")
    shown = staff_client.get(f"{LIST}find/?q=aiguille").text
    assert f'href="/admin/pages/fact/{fact.pk}/change/"' in shown
    assert f'href="/admin/pages/libraryimage/{figure.image_id}/change/"' in shown
    assert "Une <mark>aiguille</mark>" in shown
    assert f"/admin/pages/fact/{fact.pk}/change/" in staff_client.get(f"{LIST}find/?q=4 billion").text
    person = an_account()
    person.user_permissions.add(Permission.objects.get(codename="view_page"))
    client.force_login(person)
    assert "/admin/pages/fact/" not in client.get(f"{LIST}find/?q=aiguille").text


# Replace in what pages share


def shared_form(client, query, replacement, **more):
    shown = client.get(f"{LIST}replace/", {"q": query, "replacement": replacement, **more}).text
    data = dict(re.findall(r'<input type="hidden" name="(seen-[\w-]+)" value="([^"]*)"', shown))
    chosen = re.findall(r'name="shared" value="([^"]*)"', shown)
    return {**data, "q": query, "replacement": replacement, "shared": chosen, **more}


def a_used_shared_block(**texts):
    row, page = a_shared_block(**texts), a_page()
    a_shared_place(page, row)
    return row, page


@pytest.mark.medium
@pytest.mark.django_db
def test_texts_that_pages_share_are_replaced_and_their_pages_offered_for_publication(staff_client):
    partner = a_partner(name_en="Old Name Council", description_en="It helps.", description_fr="The old name")
    page = a_page()
    a_partner_list(page, partners=[partner])
    publishing.publish(page, by=None)
    body = "<p>An <strong>old</strong> name</p>"
    row, other = a_used_shared_block(name_en="Old name", heading_en="Old name", body_en=body)
    indexes.rebuild()
    shown = staff_client.get(f"{LIST}replace/", {"q": "old name", "replacement": "new name"}).text
    assert "<del>Old Name</del><ins>new name</ins> Council" in shown
    data = shared_form(staff_client, "old name", "new name")
    assert len(data["shared"]) == 4  # not the name of the shared block, which readers do not see
    done = staff_client.post(f"{LIST}replace/", data).text
    partner.refresh_from_db()
    row.refresh_from_db()
    assert (partner.name_en, partner.description_fr) == ("new name Council", "The new name")
    assert (row.heading_en, row.body_en) == ("new name", "<p>An <strong>new name</strong></p>")
    assert row.name_en == "Old name"
    assert f'href="{LIST}bulk/publish/?pages={page.pk},{other.pk}"' in done
    assert AuditEntry.objects.about(PartnerOrganization, partner.pk).first().get_change_message()
    assert "Heading" in AuditEntry.objects.about(SharedBlock, row.pk).first().get_change_message()
    assert page_status.page_status(page).is_changed
    assert indexes.verify() == []


@pytest.mark.medium
@pytest.mark.django_db
def test_of_a_shared_text_only_the_places_that_were_chosen_are_replaced(staff_client):
    partner = a_partner(description_en="needle and needle", description_fr="needle")
    data = shared_form(staff_client, "needle", "pin", language="en")
    assert [value.rpartition("|")[0] for value in data["shared"]] == [
        f"partnerorganization|{partner.pk}|description_en"
    ] * 2
    data["shared"] = [data["shared"][1], f"partnerorganization|{partner.pk}|description_fr|0"]
    staff_client.post(f"{LIST}replace/", data)
    partner.refresh_from_db()
    assert (partner.description_en, partner.description_fr) == ("needle and pin", "needle")


@pytest.mark.medium
@pytest.mark.django_db
def test_a_website_and_a_fact_are_not_replaced(staff_client):
    partner = a_partner(website_en="https://needle.example", name_en="Needle")
    a_fact(name_en="Needle")
    data = shared_form(staff_client, "needle", "pin")
    assert data["shared"] == [f"partnerorganization|{partner.pk}|name_en|0"]
    data["shared"].append(f"partnerorganization|{partner.pk}|website_en|0")
    staff_client.post(f"{LIST}replace/", data)
    partner.refresh_from_db()
    assert (partner.name_en, partner.website_en) == ("pin", "https://needle.example")


@pytest.mark.medium
@pytest.mark.django_db
def test_a_shared_text_that_was_changed_since_is_left_as_it_is(staff_client):
    partner = a_partner(name_en="Needle")
    data = shared_form(staff_client, "needle", "pin")
    PartnerOrganization.objects.filter(pk=partner.pk).update(name_en="The needle")
    done = staff_client.post(f"{LIST}replace/", data).text
    partner.refresh_from_db()
    assert partner.name_en == "The needle"
    assert "It was changed since these places were shown." in done


@pytest.mark.medium
@pytest.mark.django_db
def test_a_shared_text_that_its_field_does_not_take_is_refused_with_the_name_of_the_field(staff_client):
    partner = a_partner(acronym_en="NEEDLE")
    data = shared_form(staff_client, "needle", "x" * 30)
    data["shared"] = [value for value in data["shared"] if "acronym" in value]
    done = staff_client.post(f"{LIST}replace/", data).text
    partner.refresh_from_db()
    assert partner.acronym_en == "NEEDLE"
    assert "Acronym (English)" in done
    row, _page = a_used_shared_block(kind="contact", telephone_en="1 800 555-0100")
    done = staff_client.post(f"{LIST}replace/", shared_form(staff_client, "555-0100", "call us")).text
    row.refresh_from_db()
    assert row.telephone_en == "1 800 555-0100"
    assert "Telephone (English)" in done


@pytest.mark.medium
@pytest.mark.django_db
def test_a_shared_text_that_was_deleted_since_is_said_to_be_gone(staff_client):
    partner = a_partner(name_en="Needle")
    data = shared_form(staff_client, "needle", "pin")
    partner.delete()
    assert "It has been deleted." in staff_client.post(f"{LIST}replace/", data).text


@pytest.mark.medium
@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    [
        "",
        "|",
        "page|1|title_en|0",
        "fact|1|name_en|0",
        "partnerorganization|1",
        "partnerorganization|1|key|0",
        "partnerorganization|1|name_en|ب",
        "partnerorganization|99999999999999999999|name_en|0",
    ],
)
def test_places_that_were_made_up_change_nothing_that_pages_share(staff_client, value):
    partner = a_partner(pk=1, name_en="Needle", key="needle")
    data = shared_form(staff_client, "needle", "pin")
    assert staff_client.post(f"{LIST}replace/", {**data, "shared": [value]}).status_code == 200
    partner.refresh_from_db()
    assert (partner.name_en, partner.key) == ("Needle", "needle")


@pytest.mark.medium
@pytest.mark.django_db
def test_who_may_not_change_what_pages_share_is_not_offered_it_and_does_not_replace_it(client, staff_client):
    partner = a_partner(name_en="Needle")
    data = shared_form(staff_client, "needle", "pin")
    person = an_account()
    person.user_permissions.set(Permission.objects.filter(codename__in=["view_page", "change_page"]))
    client.force_login(person)
    assert shared_form(client, "needle", "pin")["shared"] == []
    done = client.post(f"{LIST}replace/", data).text
    partner.refresh_from_db()
    assert partner.name_en == "Needle"
    assert "You may not change it." in done


@pytest.mark.medium
@pytest.mark.django_db
def test_replacing_in_what_pages_share_takes_as_many_queries_for_many_rows(
    staff_client, django_assert_num_queries
):
    for _each in range(3):
        a_partner(name_en="Needle")
    with django_assert_num_queries(KINDS + 40, exact=False) as few:
        staff_client.get(f"{LIST}replace/", {"q": "needle", "replacement": "pin"})
    for _each in range(10):
        a_partner(name_en="Needle")
    with django_assert_num_queries(len(few)):
        staff_client.get(f"{LIST}replace/", {"q": "needle", "replacement": "pin"})


@pytest.mark.medium
@pytest.mark.django_db
def test_files_and_images_are_found_by_their_words_alone_and_replaced_without_a_form(staff_client):
    download = a_download(title_en="Needle report", title_fr="Rapport")
    image = an_image(title_en="A needle", crop_fr="0 0 20 20")
    assert staff_client.get(f"{LIST}find/?q=pdf").status_code == 200
    assert staff_client.get(f"{LIST}find/?q=20 20").status_code == 200
    data = shared_form(staff_client, "needle", "pin")
    assert len(data["shared"]) == 2
    done = staff_client.post(f"{LIST}replace/", data)
    download.refresh_from_db()
    image.refresh_from_db()
    assert done.status_code == 200
    assert (download.title_en, image.title_en) == ("pin report", "A pin")


@pytest.mark.medium
@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["partner", "download", "image"])
def test_what_pages_share_keeps_a_name_in_at_least_one_language(staff_client, kind):
    row = {
        "partner": lambda: a_partner(name_en="Zebra", name_fr="Zebra"),
        "download": lambda: a_download(title_en="Zebra", title_fr="Zebra"),
        "image": lambda: an_image(title_en="Zebra", title_fr="Zebra"),
    }[kind]()
    done = staff_client.post(f"{LIST}replace/", shared_form(staff_client, "zebra", "")).text
    assert "It needs a name or a title in at least one language." in done
    row.refresh_from_db()
    assert "Zebra" in str(row)


@pytest.mark.medium
@pytest.mark.django_db
def test_a_field_is_named_with_the_punctuation_and_the_heading_of_the_language():
    page = a_page()
    block = a_text(page, heading_en="Trade", heading_fr="Commerce")
    document = working_copy.read(page)
    with translation.override("fr"):
        assert (
            readiness.field_label(document, ("blocks", block.key, "body"))
            == "texte «\u00a0Commerce\u00a0»\u00a0: texte"
        )


@pytest.mark.medium
@pytest.mark.django_db
def test_words_of_a_fact_are_found_and_neither_offered_nor_replaced(staff_client):
    a_fact(key="help", value="4000000000")
    text = '<p>About <data value="fact:help">$4 billion</data>, or 4 billion</p>'
    page, row = a_page(), a_shared_block(body_en=text)
    a_text(page, body_en=text)
    a_shared_place(page, row)
    indexes.update_drafts([page])
    assert "$4 <mark>billion</mark>" in staff_client.get(f"{LIST}find/?q=billion").text
    query = {"q": "billion", "replacement": "million"}
    shown = staff_client.get(f"{LIST}replace/", query).text
    assert shown.count("<del>billion</del>") == 2
    everything = {(("blocks", block.key, "body"), "en"): {0, 1} for block in working_copy.read(page).blocks}
    after, number = site_text.replace_in(working_copy.read(page), Query("billion"), "million", everything)
    assert number == 1
    assert after.blocks[0].body.en == text.replace("or 4 billion", "or 4 million")
    assert site_text.replace_in_row(row, Query("billion"), "million", {"body_en": {0, 1}}) == 1


# What images and abbreviations say

SAID = (
    '<ul>\n<li><img src="image:flag" alt="Old &quot;flag&quot; &amp; arms"> old</li>\n</ul>\n'
    '<p>The <abbr title="Old Trade Body">OTB</abbr></p>'
)


def test_what_images_and_abbreviations_say_is_found_after_the_words():
    matches = text_matching.matches(SAID, text_matching.pattern_of("old"), rich=True)
    assert [(match.index, match.attribute) for match in matches] == [(0, ""), (1, "alt"), (2, "title")]
    assert matches[1].after == ' "flag" & arms'
    assert found(SAID, "image", rich=True) == []


def test_what_images_and_abbreviations_say_is_replaced_where_it_was_chosen():
    changed = replaced(SAID, "old", 'new "one"', {0, 2})
    assert 'alt="Old &quot;flag' in changed
    assert 'title="new &quot;one&quot; Trade Body"' in changed
    assert 'new "one"</li>' in changed
    assert html.clean(changed) == changed
    assert 'alt="New &quot;flag&quot; &amp; arms"> old' in replaced(SAID, "Old", "New", {1})


def test_an_image_of_which_nothing_is_left_to_say_has_the_text_of_the_library():
    text = '<p><img src="image:flag" alt="Old" default="Flag" width="40" height="30" file="'
    text += f'{"ab" * 16}.png 40"> flag</p>'
    assert replaced(text, "Old", "") == text.replace(' alt="Old"', "")


@pytest.mark.medium
@pytest.mark.django_db
def test_an_alternative_text_is_found_and_replaced_in_pages_and_in_shared_blocks(staff_client):
    an_image(key="flag")
    page, row = a_page(), a_shared_block(body_en=SAID)
    a_text(page, body_en=SAID)
    indexes.update_drafts([page])
    shown = staff_client.get(f"{LIST}find/?q=old+%22flag%22").text
    assert shown.count("alternative text of an image") == 2
    data = shared_form(staff_client, '"flag"', "banner")
    offered = staff_client.get(f"{LIST}replace/", {"q": '"flag"', "replacement": "banner"}).text
    data["place"] = re.findall(r'name="place" value="([^"]*)"', offered)
    data |= dict(re.findall(r'name="(seen-[0-9]+)" value="([^"]*)"', offered))
    staff_client.post(f"{LIST}replace/", data)
    row.refresh_from_db()
    assert 'alt="Old banner &amp; arms"' in row.body_en
    assert 'alt="Old banner &amp; arms"' in working_copy.read(Page.objects.get(pk=page.pk)).blocks[0].body.en

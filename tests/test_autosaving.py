"""Drafts save themselves: without a reload, only when something changed, by the same rules as the button."""

import json

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages.models.audit_entry import AuditEntry
from pages.models.edition import Edition
from pages.models.page import Page
from tests.admin_desk import address, blocks, faults_of, ready
from tests.admin_forms import add_block, change_address, page_form
from tests.factories import a_figure, a_home_page, a_page, a_png, a_text, an_account


def autosave(client, page, data):
    return client.post(change_address(page), data | {"_autosave": "1"})


@pytest.mark.medium
@pytest.mark.django_db
def test_a_draft_is_saved_and_answered_with_what_the_form_goes_on_from(staff_client):
    page = a_page(title_en="Before")
    data = page_form(staff_client, page) | {"title_en": "After", "title_fr": ""}
    answer = autosave(staff_client, page, data)
    assert answer.json()["state"] == "saved"
    assert answer.json()["message"].startswith("Saved at ")
    assert "1 French text missing" in answer.json()["bar"]
    page.refresh_from_db()
    assert page.title_en == "After"
    assert not Edition.objects.exists()
    # The form that goes on from the answer is no conflict with itself, though it was opened with another text.
    again = data | {"opened": answer.json()["opened"], "title_en": "Later"}
    assert autosave(staff_client, page, again).json()["state"] == "saved"
    assert "messagelist" not in staff_client.get(change_address(page)).content.decode()


@pytest.mark.medium
@pytest.mark.django_db
def test_a_draft_reads_its_page_twice_however_many_blocks_it_has(staff_client):
    page = a_page()

    def save(title):
        data = page_form(staff_client, page) | {"title_en": title}
        with CaptureQueriesContext(connection) as queries:
            assert autosave(staff_client, page, data).json()["state"] == "saved"
        return queries.captured_queries

    a_text(page)
    save("First")  # its entry of the history is the one that later ones continue
    few = save("Second")
    for _each in range(6):
        a_text(page)
    many = save("Third")
    assert len(few) == len(many)
    texts = [query["sql"] for query in many if query["sql"].startswith('SELECT "pages_textsection"')]
    assert len(texts) == 2


@pytest.mark.medium
@pytest.mark.django_db
def test_a_new_block_is_one_block_however_often_it_is_saved(staff_client):
    page = a_page()
    data = add_block(page_form(staff_client, page), "textsection", heading_en="A", known_as="0a1b2c3d")
    opened = autosave(staff_client, page, data).json()["opened"]
    autosave(staff_client, page, data | {"opened": opened, "pages_textsection_set-0-heading_en": "B"})
    assert [(text.key, text.heading_en) for text in page.pages_textsection_set.all()] == [("0a1b2c3d", "B")]


@pytest.mark.medium
@pytest.mark.django_db
def test_a_deletion_that_was_saved_is_taken_back(staff_client):
    page = a_page()
    text = a_text(page, heading_en="Kept")
    data = page_form(staff_client, page)
    opened = autosave(staff_client, page, data | {"pages_textsection_set-0-DELETE": "on"}).json()["opened"]
    assert not page.pages_textsection_set.exists()
    autosave(staff_client, page, data | {"opened": opened})
    assert [(each.key, each.heading_en) for each in page.pages_textsection_set.all()] == [(text.key, "Kept")]


@pytest.mark.medium
@pytest.mark.django_db
def test_what_is_refused_is_not_saved_at_all(staff_client):
    page = a_page(title_en="Before")
    data = page_form(staff_client, page) | {"title_en": "After", "address_en": "Not an address"}
    answer = autosave(staff_client, page, data).json()
    assert answer == {"state": "refused", "message": "Not saved: 1 error. Select “Save” to see why."}
    page.refresh_from_db()
    assert page.title_en == "Before"


@pytest.mark.medium
@pytest.mark.django_db
def test_what_others_have_saved_meanwhile_is_told_and_not_overwritten(staff_client):
    page = a_page(title_en="Before")
    data = page_form(staff_client, page) | {"title_en": "Mine"}
    Page.objects.filter(pk=page.pk).update(title_en="Theirs")
    answer = autosave(staff_client, page, data).json()
    assert answer["state"] == "conflict"
    page.refresh_from_db()
    assert page.title_en == "Theirs"


@pytest.mark.medium
@pytest.mark.django_db
def test_a_picture_is_sent_once_and_kept(staff_client):
    page = a_page()
    figure = a_figure(page, image=None)
    data = page_form(staff_client, page)
    upload = {"pages_figure_set-0-image": SimpleUploadedFile("a.png", a_png(), "image/png")}
    answer = autosave(staff_client, page, data | upload).json()
    kept = {"opened": answer["opened"], "pages_figure_set-0-image-kept": answer["images"][figure.key]}
    assert autosave(staff_client, page, data | kept).json()["state"] == "saved"
    figure.refresh_from_db()
    assert figure.image


@pytest.mark.medium
@pytest.mark.django_db
def test_saves_of_one_sitting_are_one_entry_of_the_history(staff_client):
    page = a_page(title_en="A")
    text = a_text(page, heading_en="Part")
    data = page_form(staff_client, page)
    for changed in ({"title_en": "B"}, {"title_en": "C", "description_en": "D"}, {"title_en": "C"}):
        opened = autosave(staff_client, page, data | changed).json()["opened"]
        data |= {"opened": opened, **changed}
    autosave(staff_client, page, data | {"pages_textsection_set-0-heading_en": "Part two"})
    [entry] = AuditEntry.objects.saves(page)
    assert json.loads(entry.change_message) == [
        {"changed": {"fields": ["title", "description"]}},
        {"changed": {"name": "text", "object": "Part two", "fields": ["heading"]}},
    ]
    assert text.key
    # Not with that of another person, nor after something was published or saved by the button.
    AuditEntry.objects.update(user=an_account())
    data = page_form(staff_client, page) | {"title_en": "E"}
    autosave(staff_client, page, data)
    assert AuditEntry.objects.saves(page).count() == 2


# In a browser

browser = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def marked(test):
    for mark in browser:
        test = mark(test)
    return test


def saved(page):
    page.wait_for_selector("#saved:not(:empty)", timeout=15000)
    return page.inner_text("#saved").replace("\xa0", " ")


@marked
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 390)])
def test_typing_saves_itself_and_the_form_goes_on(desk, language, width):
    title, heading = f"title_{language}", f"heading_{language}"  # a phone shows those of its language
    written = a_page(**{title: "Before"})
    a_text(written, **{heading: "Part"})
    page = ready(desk(address(written), language=language, width=width))
    sent = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    page.fill(f"#id_{title}", "After")
    assert saved(page).startswith({"en": "Saved at ", "fr": "Enregistré à "}[language])
    assert getattr(Page.objects.get(pk=written.pk), title) == "After"
    assert page.inner_text("#unsaved") == ""
    assert faults_of(page) == []
    # Nothing has changed: nothing is sent.
    page.press(f"#id_{title}", "End")
    page.locator(f"#id_{title}").dispatch_event("input")
    page.wait_for_timeout(3500)
    assert sent == ["POST"]
    # A new block, written in two sittings, is one block; one that is deleted is back when that is undone.
    page.locator(".ci-add button").first.click()
    page.wait_for_selector(f"[name=pages_textsection_set-1-{heading}]:focus")
    page.keyboard.type("New")
    with page.expect_response(lambda response: response.request.method == "POST"):
        pass
    page.keyboard.type(" part")
    with page.expect_response(lambda response: response.request.method == "POST"):
        pass
    page.wait_for_timeout(300)
    assert [getattr(text, heading) for text in written.pages_textsection_set.all()] == ["Part", "New part"]
    with page.expect_response(lambda response: response.request.method == "POST"):
        blocks(page).first.locator(".ci-delete").click()
    page.wait_for_timeout(300)
    assert [getattr(text, heading) for text in written.pages_textsection_set.all()] == ["New part"]
    with page.expect_response(lambda response: response.request.method == "POST"):
        blocks(page).first.locator(".ci-undelete").click()
    page.wait_for_timeout(300)
    assert [getattr(text, heading) for text in written.pages_textsection_set.all()] == ["Part", "New part"]
    page.keyboard.press("Control+s")
    page.wait_for_selector(".messagelist .success")
    assert page.locator("#errors, .ci-conflict").count() == 0


@marked
def test_a_lost_connection_loses_nothing(desk):
    written = a_page(title_en="Before")
    page = ready(desk(address(written), expected=["net::ERR_FAILED"]))
    page.route(
        "**/change/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.fill("#id_title_en", "Written without a connection")
    page.wait_for_selector("#unsaved:has-text('Your text is kept in this browser')", timeout=10000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    ready(page)
    page.unroute("**/change/")
    assert page.input_value("#id_title_en") == "Before"
    with page.expect_navigation():
        page.click("text=Save this text")
    page.wait_for_selector(".messagelist .success")
    assert Page.objects.get(pk=written.pk).title_en == "Written without a connection"
    page.reload()
    ready(page)
    page.wait_for_timeout(300)
    assert page.locator("text=Save this text").count() == 0


@marked
def test_a_lost_session_and_a_conflict_are_told_and_the_button_goes_on_from_there(desk):
    written = a_page(title_en="Before", title_fr="Avant")
    page = ready(desk(address(written)))
    Page.objects.filter(pk=written.pk).update(title_en="Theirs")
    page.fill("#id_title_en", "Mine")
    page.wait_for_selector("#unsaved:has-text('someone else saved this page')", timeout=10000)
    page.keyboard.press("Control+s")
    page.wait_for_selector(".ci-conflict")
    ready(page)
    page.keyboard.press("Control+s")
    page.wait_for_selector(".messagelist .success")
    assert Page.objects.get(pk=written.pk).title_en == "Mine"


@marked
def test_a_button_pressed_while_a_draft_is_on_its_way_is_no_conflict(desk):
    written = a_page(title_en="Before")
    page = ready(desk(address(written)))

    def slowly(route):
        if "_autosave" in (route.request.post_data or ""):
            page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/change/", slowly)
    page.fill("#id_title_en", "First")
    with page.expect_request(lambda request: request.method == "POST"):
        pass
    page.fill("#id_title_en", "Second")
    page.keyboard.press("Control+s")
    page.wait_for_selector(".messagelist .success")
    assert Page.objects.get(pk=written.pk).title_en == "Second"


@marked
def test_a_new_page_is_kept_in_the_browser_until_it_is_saved(desk):
    a_home_page()
    page = ready(desk("/admin/pages/page/add/"))
    page.fill("#id_title_en", "New")
    page.locator(".ci-add button").first.click()
    page.keyboard.type("Part")
    assert saved(page) == "Kept in this browser until you save"
    assert not Page.objects.filter(title_en="New").exists()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/pages/page/add/")
    ready(page)
    with page.expect_navigation():
        page.click("text=Save this text")
    page.wait_for_selector(".messagelist .success")
    written = Page.objects.get(title_en="New")
    assert [text.heading_en for text in written.pages_textsection_set.all()] == ["Part"]
    page.goto("/admin/pages/page/add/")
    ready(page)
    page.wait_for_timeout(300)
    assert page.locator("text=Save this text").count() == 0


@marked
def test_the_end_of_a_session_is_told_and_signing_in_saves_the_draft(desk):
    written = a_page(title_en="Before")
    page = ready(desk(address(written), expected=["403"]))
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.fill("#id_title_en", "Written")
    page.wait_for_selector("#unsaved:has-text('your session has ended')", timeout=10000)
    page.keyboard.press("Control+s")
    page.wait_for_selector("h1:text('Sign in to continue')")
    assert Page.objects.get(pk=written.pk).title_en == "Before"
    assert "Written" in page.content()

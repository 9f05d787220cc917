"""Editors at work in a real browser: by mouse and keyboard, in both languages, under the admin's own policy."""

from base64 import b32decode
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from pages import publishing, reviews
from pages.models.edition import Edition
from pages.models.page import Page
from tests.admin_desk import WATCH, address, blocks, faults_of, headings, ready
from tests.factories import (
    a_figure,
    a_home_page,
    a_page,
    a_page_list,
    a_partner,
    a_partner_list,
    a_text,
    an_account,
    an_objective,
    code_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Widths and colours in which every screen is looked at.
LOOKS = [(1440, "light"), (390, "dark")]


@pytest.mark.medium
def test_a_page_is_written_previewed_and_published_in_both_languages(desk):
    publishing.publish(a_home_page(), by=None)
    page = ready(desk("/admin/pages/page/add/"))
    for name, text in {
        "title_en": "Trade",
        "title_fr": "Le commerce",
        "address_en": "trade",
        "address_fr": "commerce",
    }.items():
        page.fill(f"#id_{name}", text)
    page.click(".ci-add button:text-is('Text')")
    page.fill("#id_pages_textsection_set-0-heading_en", "Exports")
    page.fill("#id_pages_textsection_set-0-heading_fr", "Exportations")
    for language, text in {"English": "Wheat and lentils.", "French": "Du blé et des lentilles."}.items():
        page.get_by_role("textbox", name=f"Text ({language})").click()
        page.keyboard.type(text)
    assert page.inner_text("#unsaved") == "Unsaved changes"
    page.click("text=Preview FR")
    page.wait_for_selector("h1:text('Le commerce')")
    assert "Du blé et des lentilles." in page.inner_text("main")
    page.click("text=Retour au formulaire")
    ready(page).click("text=Publish…")
    page.click("input[value=Publish]")
    page.wait_for_selector("text=Edition 1 is live, in both languages.")
    edition = Edition.objects.live().get(page__key="trade")
    assert edition.read().blocks[0].body.fr == "<p>Du blé et des lentilles.</p>"


@pytest.mark.slow
def test_blocks_are_inserted_and_moved_by_keyboard_and_announced(desk):
    written = a_page()
    a_text(written, heading_en="First")
    a_text(written, heading_en="Second")
    page = ready(desk(address(written)))
    second = blocks(page).nth(1)
    second.get_by_role("button", name="Move “Text: Second” up").focus()
    page.keyboard.press("Enter")
    assert headings(page) == ["Second", "First"]
    assert page.inner_text("#announcements") == "“Text: Second” is now block 1 of 2."
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Move “Text: Second” up"

    page.get_by_role("button", name="Insert a block above “Text: First”").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.name?.endsWith('heading_en')")
    page.keyboard.type("Between")
    assert headings(page) == ["Second", "Between", "First"]
    page.keyboard.press("Control+s")
    page.wait_for_selector(".messagelist")
    assert [text.heading_en for text in written.pages_textsection_set.all()] == ["Second", "Between", "First"]


@pytest.mark.slow
def test_rich_text_is_limited_to_what_the_site_shows(desk):
    written = a_page()
    a_text(written, body_en="<p>The IMF said Marhaba to the world.</p>")
    page = ready(desk(address(written)))
    box = page.get_by_role("textbox", name="Text (English)")
    box.scroll_into_view_if_needed()
    editor = page.locator(".ci-editor", has=box)

    def choose(word, tool, **values):
        box.evaluate(
            """(element, word) => {
                const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
                while (!walker.nextNode().data.includes(word)) {}
                const start = walker.currentNode.data.indexOf(word)
                getSelection().setBaseAndExtent(walker.currentNode, start, walker.currentNode, start + word.length)
            }""",
            word,
        )
        button = editor.locator(f".ci-tool--{tool}:not([aria-disabled=true])")
        button.click()
        dialog = page.locator("dialog.ci-dialog")
        if tool == "link":
            dialog.get_by_label("another website").check()
        for name, value in values.items():
            field = dialog.locator(f"[name={name}]")
            field.select_option(value) if name in ("lang", "hreflang") else field.fill(value)
        dialog.get_by_role("button", name="Done").click()

    choose("IMF", "abbreviation", title="International Monetary Fund")
    choose("Marhaba", "foreign", lang="ar")
    choose("world", "link", web="https://example.org/monde", hreflang="fr")
    page.keyboard.press("Control+s")
    page.wait_for_selector(".messagelist")
    assert written.pages_textsection_set.get().body_en == (
        '<p>The <abbr title="International Monetary Fund">IMF</abbr> said <span lang="ar" dir="rtl">Marhaba</span>'
        ' to the <a href="https://example.org/monde" hreflang="fr">world</a>.</p>'
    )


@pytest.mark.slow
def test_a_table_gets_its_header_cells_and_caption(desk):
    written = a_page(introduction_en="")
    page = ready(desk(address(written)))
    editor = page.locator(".ci-editor").first
    editor.get_by_role("textbox").click()
    editor.locator(".ci-tool--table").click()
    page.fill("dialog [name=rows]", "2")
    page.fill("dialog [name=cols]", "2")
    page.fill("dialog [name=caption]", "Aid by year")
    page.keyboard.press("Enter")
    for word in ("Year", "Amount", "2020", "483"):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    editor.locator(".ci-tool--rowDelete").click()
    page.keyboard.press("Control+s")
    page.wait_for_selector(".messagelist")
    written.refresh_from_db()
    assert "<caption>Aid by year</caption>" in written.introduction_en
    assert '<th scope="col">Year</th>' in written.introduction_en
    assert "<td>483</td>" in written.introduction_en


@pytest.mark.slow
def test_every_field_is_spell_checked_in_its_own_language(desk):
    written = a_page()
    a_text(written)
    page = ready(desk(address(written), language="fr"))
    page.wait_for_selector(".ci-editor")
    found = page.evaluate(
        "[...document.querySelectorAll('[lang]')].map((each) => [each.id || each.role, each.lang])"
    )
    assert ["id_title_fr", "fr"] in found
    assert ["textbox", "en"] in found
    assert ["textbox", "fr"] in found


@pytest.mark.slow
def test_a_reason_not_to_publish_leads_to_its_field(desk):
    written = a_page()
    a_text(written, body_fr="")
    page = desk(address(written, "publish"))
    page.click("text=is missing in French.")
    ready(page)
    page.wait_for_function("document.activeElement.getAttribute('role') === 'textbox'")
    assert page.evaluate("document.activeElement.lang") == "fr"


@pytest.mark.slow
def test_the_text_of_another_person_is_taken_with_one_button(desk):
    written = a_page(title_en="Before", introduction_fr="<p>Avant.</p>")
    page = ready(desk(address(written)))
    page.fill("#id_title_en", "Mine")
    page.get_by_role("textbox", name="Introduction (French)").click()
    page.keyboard.type("Le mien. ")
    Page.objects.filter(pk=written.pk).update(title_en="Theirs", introduction_fr="<p>Le sien.</p>")
    page.keyboard.press("Control+s")
    page.wait_for_selector(".ci-conflict")
    assert page.input_value("#id_title_en") == "Mine"
    for button in page.get_by_role("button", name="Use their text").all():
        button.click()
    page.keyboard.press("Control+s")
    page.wait_for_selector(".messagelist")
    written.refresh_from_db()
    assert (written.title_en, written.introduction_fr) == ("Theirs", "<p>Le sien.</p>")


@pytest.mark.slow
def test_leaving_with_unsaved_changes_is_asked_about(desk):
    page = ready(desk(address(a_page())))
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.fill("#id_title_en", "Not saved")
    page.click("text=View site")
    assert asked == ["beforeunload"]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_screen_passes_axe_and_its_own_policy(desk, language):
    written = a_page(title_fr="")
    live = a_page(title_en="Live")
    partner = a_partner()
    for page in (written, live):
        a_text(
            page, body_en="<table><tbody><tr><th scope='col'>A</th></tr><tr><td>1</td></tr></tbody></table>"
        )
        an_objective(page, partners=[partner])
        a_partner_list(page, partners=[partner])
        a_figure(page)
        a_page_list(page)
    publishing.publish(live, by=None)
    Page.objects.filter(pk=live.pk).update(title_fr="En ligne", introduction_fr="<p>Autrement.</p>")
    reviews.submit(Page.objects.get(pk=live.pk), by=None, note="Please look.")
    Page.objects.filter(pk=live.pk).update(description_en="Trade grew by 12 percent.")
    page = desk("/admin/", language=language)
    faults = {}
    for path in [
        "/admin/",
        "/admin/pages/page/",
        "/admin/pages/page/?state=changed",
        "/admin/pages/page/add/",
        "/admin/auth/user/",
        f"/admin/auth/user/{get_user_model().objects.first().pk}/change/",
        "/admin/auth/group/add/",
        "/admin/password_change/",
        address(live),
        address(live, "publish"),
        address(written, "publish"),
        address(live, "withdraw"),
        address(live, "history"),
        address(live, "translations"),
        address(live, "submit"),
        address(live, "findings"),
        address(live, "review/2"),
        address(live, "findings/repair") + "?rule=percent-form&path=description&language=en",
        address(live, "delete"),
        address(live, "compare"),
        address(live, "share"),
        "/admin/pages/page/find/",
        "/admin/pages/partnerorganization/",
        f"/admin/pages/partnerorganization/{partner.pk}/change/",
        "/admin/pages/glossaryterm/",
        "/admin/pages/sitealert/add/",
        "/admin/pages/download/add/",
        "/admin/reports/problemreport/",
        "/admin/notifications/",
        "/admin/second-factor/",
    ]:
        for width, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.goto(path)
            if path == address(live):
                ready(page)
                blocks(page).first.scroll_into_view_if_needed()
                page.wait_for_selector(".inline-related .ci-editor")
            if found := faults_of(page):
                faults[path, width, scheme] = found
    assert faults == {}


@pytest.mark.slow
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 320)])
def test_an_emergency_is_published_and_told_to_the_public_without_barriers(desk, language, width):
    publishing.publish(a_home_page(), by=None)
    written = a_page(address_en="travel", address_fr="voyages")
    a_text(written)
    publishing.publish(written, by=None)
    Page.objects.filter(pk=written.pk).update(title_en="Do not travel")
    page = desk(address(written, "publish"), language=language, width=width)
    found = [faults_of(page)]
    page.click("#emergency")
    page.click("#emergency-form button")
    page.wait_for_selector("#emergency-form .errornote")
    found.append(faults_of(page))
    page.check("#emergency_language_0")
    page.fill("#emergency_reason", "Fighting near the airport.")
    page.fill("#emergency_due_on", f"{timezone.localdate() + timedelta(days=3):%Y-%m-%d}")
    page.check("#emergency_sure")
    page.click("#emergency-form button")
    page.wait_for_selector(".messagelist .success")
    for path in (
        page.url,
        "/admin/",
        "/admin/pages/page/",
        address(written),
        address(written, "publish"),
        "/en/travel",
        "/fr/voyages",
    ):
        page.goto(path)
        found.append(faults_of(page))
    assert page.is_visible(".ci-banner--behind")
    assert found == [[]] * len(found)


@pytest.mark.slow
def test_an_edition_is_compared_and_restored(desk):
    written = a_page(title_en="Trade", title_fr="Commerce")
    text = a_text(written, body_en="<p>Wheat and lentils.</p>", body_fr="<p>Du blé.</p>")
    publishing.publish(written, by=None)
    text.body_en, text.body_fr = "<p>Wheat and oats.</p>", "<p>De l’avoine.</p>"
    text.save()
    page = desk(address(written, "history"))
    page.click("text=with the working copy")
    assert page.text_content(".ci-column[lang=en] del") == " [deleted: lentils] "
    page.select_option("#id_before", "working-copy")
    page.select_option("#id_after", "1")
    page.click("input[value=Compare]")
    assert page.text_content(".ci-column[lang=en] ins") == " [added: lentils] "
    page.click("text=Back to the history")
    page.click("text=Restore edition 1…")
    assert "They will be lost" in page.inner_text("#content")
    page.click("input[value='Restore in both languages']")
    page.wait_for_selector("text=The working copy now matches edition 1 in both languages.")
    text = written.pages_textsection_set.get()
    assert (text.body_en, text.body_fr) == ("<p>Wheat and lentils.</p>", "<p>Du blé.</p>")


@pytest.mark.slow
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 320)])
def test_comparing_restoring_sharing_and_the_record_pass_axe_and_their_policies(desk, language, width):
    written = a_page()
    text = a_text(written)
    a_figure(written)
    an_objective(written, partners=[a_partner()])
    publishing.publish(written, by=None)
    text.body_en = "<h3>New</h3>\n<p>Some other words.</p>"
    text.save()
    a_page_list(written)
    now = f"{timezone.now() + timedelta(seconds=1):%Y%m%dT%H%M%SZ}"
    page = desk("/admin/", language=language, width=width)
    faults = {}
    for path in [
        address(written, "compare"),
        address(written, "restore/1"),
        address(written, "share"),
        "/admin/record/",
        f"/admin/record/{now}/{language}/{getattr(written, f'address_{language}')}",
    ]:
        page.goto(path)
        if path.endswith("share/"):
            page.click("input.default")
            page.wait_for_selector("#made")
        found = [f"policy: {each}" for each in page.evaluate("refused")]
        found += [] if page.evaluate("document.documentElement.scrollWidth <= innerWidth") else ["too wide"]
        found += [each["id"] for each in Axe().run(page, options={"preload": False}).response["violations"]]
        if found:
            faults[path] = found
    assert faults == {}


# From the first word to the public, by two people


@pytest.fixture
def people(chromium, live_server):
    """Signs people in by the form, each in a browser of their own: `people("writer")`."""
    opened = []

    def sign_in(name):
        an_account(username=name, password="a long enough password", is_superuser=True)
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=live_server.url)
        opened.append(context)
        page = context.new_page()
        page.goto("/admin/")
        typed(page, name)
        return page

    yield sign_in
    for context in opened:
        context.close()


def typed(page, name):
    """Signs in by keyboard."""
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type("a long enough password")
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.slow
def test_a_change_goes_from_writing_to_the_public_and_back(people, settings):
    settings.REVIEW_BY_SECOND_PERSON = True
    page = a_page(title_en="Trade", address_en="trade")
    a_text(page, heading_en="Exports", body_en="<p>Wheat and lentils.</p>", body_fr="<p>Du blé.</p>")
    reviews.approve(reviews.submit(page, by=None), by=an_account())
    writer, reviewer = people("writer"), people("reviewer")

    # One language is written, and the other is found to be left behind.
    writer.click("#content-main a[href='/admin/pages/page/'] >> nth=0")
    writer.click("th a:has-text('Trade')")
    ready(writer).get_by_role("textbox", name="Text (English)").click()
    writer.keyboard.press("Control+End")
    writer.keyboard.type(" Oats too.")
    writer.keyboard.press("Control+s")
    writer.click(".ci-bar >> text=1 translation to review")
    writer.click("a[href*='body_fr']")
    ready(writer)
    writer.wait_for_function("document.activeElement.lang === 'fr'")
    writer.keyboard.press("Control+End")
    writer.keyboard.type(" De l’avoine aussi.")
    writer.click("text=Submit…")
    writer.click("input[value='Submit for review']")
    writer.wait_for_selector("text=Edition 2 is in review.")

    # The second person returns it, with a reason.
    reviewer.goto("/admin/")
    reviewer.click("#work-review ~ ul a")
    reviewer.fill("#id_comment", "Say how much.")
    with reviewer.expect_navigation():
        reviewer.click("button[value=return]")

    # The first one finds it on the worklist, writes on and submits again.
    writer.goto("/admin/")
    writer.click("#work-returned ~ ul a")
    assert "Say how much." in writer.inner_text("#content")
    writer.goto(address(page))
    ready(writer).fill("#id_description_en", "Trade in wheat and oats.")
    writer.fill("#id_description_fr", "Le commerce du blé et de l’avoine.")
    writer.click("text=Submit…")
    writer.click("input[value='Submit for review']")
    writer.wait_for_selector("text=Edition 3 is in review.")

    # Approved, it is public in both languages at once.
    reviewer.goto("/admin/")
    reviewer.click("#work-review ~ ul a")
    reviewer.click("button[value=approve]")
    reviewer.wait_for_selector("text=Edition 3 is live, in both languages.")
    reviewer.goto("/en/trade")
    assert "Oats too." in reviewer.inner_text("main")
    reviewer.goto(f"/fr/{page.address_fr}")
    assert "De l’avoine aussi." in reviewer.inner_text("main")

    # What it changed is compared, and the first edition restored.
    writer.goto(address(page, "compare"))
    writer.select_option("#id_before", "1")
    writer.select_option("#id_after", "3")
    writer.click("input[value=Compare]")
    assert "Oats too." in writer.locator(".ci-column[lang=en] ins").all_text_contents()[-1]
    writer.click("text=Back to the history")
    writer.click("text=Restore edition 1…")
    writer.click("input[value='Restore in both languages']")
    ready(writer)
    assert "Oats" not in writer.inner_text("#content")
    assert "Changed since published" in writer.inner_text(".ci-bar")


@pytest.mark.slow
def test_what_was_written_survives_the_end_of_the_session(people):
    written = a_page(title_en="Before")
    page = people("writer")
    page.goto(address(written))
    ready(page).fill("#id_title_en", "Written for hours")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.keyboard.press("Control+s")
    page.wait_for_selector("h1:text('Sign in to continue')")
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert [each["id"] for each in found] == []
    page.focus("#id_sign_in-username")
    typed(page, "writer")
    page.wait_for_selector("text=The working copy of")
    assert Page.objects.get(pk=written.pk).title_en == "Written for hours"


@pytest.mark.slow
def test_a_parent_is_suggested_as_one_types(desk):
    a_page(title_en="Trade", title_fr="Commerce", key="trade")
    written = a_page()
    page = ready(desk(address(written)))
    page.focus("#id_parent")
    page.keyboard.type("comm")
    page.wait_for_selector("#id_parent_pages option", state="attached")
    [suggested] = page.locator("#id_parent_pages option").all()
    assert suggested.get_attribute("value") == "Trade / Commerce (trade)"
    page.fill("#id_parent", suggested.get_attribute("value"))
    page.keyboard.press("Control+s")
    page.wait_for_selector(".messagelist")
    assert Page.objects.get(pk=written.pk).parent.key == "trade"


@pytest.mark.slow
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 320)])
def test_signing_in_passes_axe(desk, language, width):
    page = desk("/admin/", language=language, width=width)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.goto("/admin/login/")
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert [each["id"] for each in found] == []


@pytest.mark.slow
def test_every_partner_is_offered_in_blocks_that_are_there_and_in_new_ones(desk):
    first, second = a_partner(name_en="First"), a_partner(name_en="Second")
    written = a_page()
    objective = an_objective(written, partners=[second])
    page = ready(desk(address(written)))
    there = page.locator("#id_pages_objective_set-0-partners")
    assert [each.is_checked() for each in there.locator("input").all()] == [False, True]
    there.get_by_label("First").check()
    there.get_by_label("Second").uncheck()
    page.click(".ci-add button:text-is('List of partners')")
    page.locator("#id_pages_partnerlist_set-0-partners").get_by_label("Second").check()
    page.keyboard.press("Control+s")
    page.wait_for_selector(".messagelist")
    assert list(objective.partners.all()) == [first]
    assert list(written.pages_partnerlist_set.get().partners.all()) == [second]


@pytest.mark.slow
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 320)])
def test_a_second_factor_is_turned_on_by_keyboard_and_its_code_signs_in(people, language, width):
    page = people("writer")
    page.set_viewport_size({"width": width, "height": 900})
    page.context.add_init_script(WATCH)
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": page.url}])
    page.goto("/admin/second-factor/")
    faults = [faults_of(page)]
    assert page.evaluate("document.querySelector('.ci-qr').naturalWidth") > 100
    key = b32decode(page.inner_text(".ci-key").replace(" ", "")).hex()
    page.focus("#id_password")
    typed_code(page, "a long enough password", code_of(key))
    faults.append(faults_of(page))
    assert page.locator(".ci-codes li").count() == 10
    page.goto("/admin/second-factor/")
    faults.append(faults_of(page))
    if width < 500:
        page.click(".ci-menu-button")
    page.click("#logout-form button")
    page.goto("/admin/login/")
    faults.append(faults_of(page))
    page.keyboard.type("writer")
    page.keyboard.press("Tab")
    typed_code(page, "a long enough password", "000000")
    page.wait_for_selector(".errornote")
    faults.append(faults_of(page))
    page.keyboard.press("Tab")
    typed_code(page, "a long enough password", code_of(key, later=1))
    page.wait_for_selector("#logout-form", state="attached")
    assert page.url.endswith("/admin/")
    assert faults == [[]] * len(faults)


def typed_code(page, password, code):
    """Types both, one field after the other, and sends them."""
    page.keyboard.type(password)
    page.keyboard.press("Tab")
    page.keyboard.type(code)
    with page.expect_navigation():
        page.keyboard.press("Enter")

"""The dialog for a new partner organization or file to download, in a real browser, by keyboard and on a phone."""

import pytest
from playwright.sync_api import expect

from pages.models import Download, PartnerList, PartnerOrganization
from tests.admin_desk import address, faults_of, ready
from tests.factories import a_download_list, a_page, a_partner, a_partner_list
from tests.files import a_pdf

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_partner_is_added_by_keyboard_and_is_chosen_then(desk):
    written = a_page()
    a_partner_list(written, partners=[a_partner(name_en="Old friend")])
    page = ready(desk(address(written), expected=("422",)))
    page.get_by_role("button", name="New partner organization…").focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.ci-dialog")
    expect(page.locator("#id_part-kind")).to_be_focused()
    page.keyboard.type("Coal")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Enter the name in at least one language.")
    expect(page.locator("#id_part-name_en")).to_be_focused()
    assert faults_of(page) == []
    page.keyboard.type("Nine Rivers")
    page.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    box = page.get_by_role("checkbox", name="Nine Rivers")
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    expect(page.get_by_role("checkbox", name="Old friend")).to_be_checked()
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=was saved")
    assert PartnerList.objects.get().partners.count() == 2
    assert PartnerOrganization.objects.get(name_en="Nine Rivers").kind == "coalition"


def test_the_dialog_is_left_with_escape_and_the_button_has_the_focus_again(desk):
    written = a_page()
    a_partner_list(written, partners=[a_partner()])
    page = ready(desk(address(written)))
    opener = page.get_by_role("button", name="New partner organization…")
    opener.click()
    expect(page.locator("#id_part-kind")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_file_is_added_on_a_phone(desk):
    written = a_page()
    a_download_list(written)
    page = desk(address(written))
    page.set_viewport_size({"width": 320, "height": 700})
    page = ready(page)
    page.get_by_role("button", name="New file to download…").click()
    page.locator("#id_part-title_en").fill("Report")
    page.set_input_files(
        "#id_part-file_en", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("checkbox", name="Report")).to_be_checked()
    assert Download.objects.get().file_en.format == "pdf"


SENT_TWICE = "() => { const form = document.querySelector('#ci-new-part'); form.requestSubmit(); form.requestSubmit() }"


def posts_of(page):
    found = []
    page.on("request", lambda request: request.method == "POST" and found.append(request.url))
    return found


def test_the_dialog_is_sent_once_however_often_enter_is_pressed(desk):
    written = a_page()
    a_partner_list(written)
    page = ready(desk(address(written)))
    page.get_by_role("button", name="New partner organization…").click()
    page.locator("#id_part-kind").select_option("coalition")
    page.locator("#id_part-name_en").fill("Nine Rivers")
    posts = posts_of(page)
    page.evaluate(SENT_TWICE)
    expect(page.get_by_role("checkbox", name="Nine Rivers")).to_be_checked()
    assert len([url for url in posts if url.endswith("/new/")]) == 1
    assert PartnerOrganization.objects.count() == 1


SENT = """() => document.querySelector("#partnerorganization_form")
    .dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }))"""


def test_a_form_of_the_admin_is_sent_once_and_again_by_who_comes_back_to_it(desk):
    page = desk("/admin/pages/partnerorganization/add/")
    assert [page.evaluate(SENT) for _time in range(3)] == [True, False, False]
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow'))")
    assert page.evaluate(SENT)

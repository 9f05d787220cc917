"""Partners and files of a block are found by typing a part of their name, in either language, by keyboard alone."""

import pytest

from tests.admin_desk import address, faults_of, ready
from tests.factories import a_download, a_download_list, a_page, a_partner, an_objective

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 390)])
def test_many_partners_are_found_by_typing(desk, language, width):
    others = [a_partner(name_en=f"Other {number}", name_fr=f"Autre {number}") for number in range(12)]
    refugees = a_partner(name_en="Refugee Agency", name_fr="Agence des réfugiés", acronym_en="RA")
    food = a_partner(name_en="Food Programme", name_fr="Programme alimentaire")
    written = a_page()
    objective = an_objective(written, partners=[others[0]])
    page = ready(desk(address(written), language=language, width=width))
    box = page.locator("#id_pages_objective_set-0-partners")
    shown = box.locator("label:visible")
    assert shown.count() == 1
    search = page.locator("#id_pages_objective_set-0-partners_search")
    search.focus()
    page.keyboard.type("refugies")
    assert shown.count() == 2
    assert page.inner_text("#announcements").endswith("1")
    assert faults_of(page) == []
    page.keyboard.press("Enter")
    page.keyboard.type("food pro")
    box.locator(f"[value='{food.pk}']").press("Space")
    page.keyboard.press("Control+s")
    page.wait_for_selector(".messagelist .success")
    assert set(objective.partners.all()) == {others[0], refugees, food}


def test_many_files_to_download_are_found_by_typing(desk):
    others = [a_download(title_en=f"Other {number}", title_fr=f"Autre {number}") for number in range(12)]
    budget = a_download(title_en="Budget", title_fr="Prévisions")
    written = a_page()
    listed = a_download_list(written, downloads=[others[0]])
    page = ready(desk(address(written)))
    page.locator("#id_pages_downloadlist_set-0-downloads_search").focus()
    page.keyboard.type("previsions")
    assert page.inner_text("#announcements").endswith("1")
    assert faults_of(page) == []
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")
    page.wait_for_selector(".messagelist .success")
    assert set(listed.downloads.all()) == {others[0], budget}

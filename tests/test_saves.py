"""What the history says of a save: only what the page says otherwise than before, and nothing where that is nothing."""

import pytest
from django.conf import settings
from django.contrib.admin.models import CHANGE
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from pages.admin import saves
from pages.models import audit_entry
from pages.models.audit_entry import AuditEntry
from pages.models.edition import Edition
from pages.models.page import Page
from pages.page_status import State, page_status
from tests.admin_forms import add_block, change_address, fields, page_form
from tests.factories import (
    a_figure,
    a_live_page,
    a_page,
    a_page_list,
    a_partner,
    a_partner_list,
    a_text,
    an_account,
    an_objective,
)

pytestmark = pytest.mark.django_db


def a_page_with_every_kind_of_block():
    page = a_page()
    a_text(page, body_en="<p>Wheat &amp; “lentils”.</p>\n<ul>\n<li>One</li>\n</ul>")
    an_objective(page, partners=[a_partner(), a_partner()])
    a_partner_list(page, partners=[a_partner()])
    a_figure(page)
    a_page_list(page)
    return page


def as_a_browser_sends(data):
    """Line ends of a textarea become CR LF."""
    return {
        name: value.replace("\n", "\r\n") if isinstance(value, str) and name != "opened" else value
        for name, value in data.items()
    }


def save(client, page, **changes):
    data = as_a_browser_sends(page_form(client, page)) | changes
    return client.post(change_address(page), data, follow=True).content.decode()


def lines():
    return [entry.get_change_message() for entry in AuditEntry.objects.order_by("pk")]


@pytest.mark.medium
@pytest.mark.parametrize(
    "message",
    [
        {"added": {"name": "edition", "object": "4"}},
        {"deleted": {"name": "scheduled edition", "object": "6"}},
        {"added": {"name": "preview link", "object": "A colleague"}},
    ],
)
def test_what_earlier_releases_logged_besides_saves_is_no_save(staff_client, message):
    page = a_page()
    opened = page_form(staff_client, page)
    ines, publisher = an_account(first_name="Ines", is_superuser=True), an_account(first_name="Pascal")
    client = Client()
    client.force_login(ines)
    save(client, page, title_en="Hers")
    audit_entry.record(publisher, Page, page.pk, "Page", CHANGE, [message])
    shown = staff_client.post(change_address(page), opened | {"title_en": "Mine"}).content.decode()
    assert "by Ines" in shown.partition("Last saved on")[2][:200]
    history = staff_client.get(reverse("admin:pages_page_history", args=[page.pk])).content.decode()
    assert "Pascal" not in history


@pytest.mark.medium
@pytest.mark.parametrize("following", ["", "preview-en", "preview-fr", "publish", "submit"])
def test_saving_a_page_untouched_leaves_no_line(staff_client, following):
    page = a_page_with_every_kind_of_block()
    save(staff_client, page, _next=following)
    assert lines() == []


@pytest.mark.medium
def test_saving_any_starter_page_untouched_leaves_no_line_and_no_change(staff_client):
    call_command("import_content", str(settings.BASE_DIR / "pages" / "starter"), publish=True, verbosity=0)
    for page in Page.objects.all():
        assert "Nothing has changed in" in save(staff_client, page)
        assert page_status(Page.objects.get(pk=page.pk)).state == State.LIVE
    assert lines() == []


@pytest.mark.medium
def test_looking_at_previews_leaves_no_line(staff_client):
    page = a_live_page()
    for language in ("en", "fr"):
        staff_client.get(reverse("admin:pages_page_preview", args=[page.pk, language]))
        staff_client.get(reverse("admin:pages_page_edition", args=[page.pk, 1, language]))
    assert lines() == []


@pytest.mark.medium
@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"title_fr": "Autre"}, "Changed title."),
        ({"position": "7"}, "Changed position."),
        ({"review_by": "2030-01-01"}, "Changed content review date."),
        ({"sources_needed": "Who counted them?"}, "Changed sources to find."),
        ({"pages_textsection_set-0-body_fr": "<p>Du blé.</p>"}, "Changed text for text “Trade”."),
        ({"pages_figure_set-0-decorative": "on"}, "Changed decorative for figure “figure”."),
        ({"pages_objective_set-0-partners": []}, "Changed partners for objective “Objective”."),
        ({"pages_pagelist_set-0-DELETE": "on"}, "Deleted list of subpages “Pages below”."),
        (
            {"pages_textsection_set-0-ordering": "25", "pages_objective_set-0-ordering": "15"},
            "Changed order of the parts.",
        ),
    ],
)
def test_a_save_tells_what_changed_and_nothing_else(staff_client, changes, line):
    page = a_page_with_every_kind_of_block()
    save(staff_client, page, **changes)
    assert lines() == [line]


@pytest.mark.medium
def test_white_space_around_a_text_is_no_change(staff_client):
    page = a_page_with_every_kind_of_block()
    title = {
        "title_en": f"  {page.title_en} ",
        "pages_textsection_set-0-body_en": page_form_body(page) + "\n\n",
    }
    save(staff_client, page, **title)
    assert lines() == []


def page_form_body(page):
    return page.pages_textsection_set.get().body_en


@pytest.mark.medium
def test_another_owner_is_a_change_of_the_page_and_not_of_what_it_says(staff_client):
    page = a_live_page()
    owner = an_account(username="ines")
    save(staff_client, page, owner=str(owner.pk))
    assert lines() == ["Changed page owner."]
    assert page_status(Page.objects.get(pk=page.pk)).state == State.LIVE


@pytest.mark.medium
def test_a_new_page_is_told_with_its_blocks(staff_client):
    a_page()
    data = fields(staff_client.get(reverse("admin:pages_page_add")), "page_form")
    data |= {"title_en": "Trade", "title_fr": "Commerce"}
    add_block(data, "textsection", heading_en="Exports", body_en="", heading_fr="", body_fr="")
    staff_client.post(reverse("admin:pages_page_add"), data)
    assert lines() == ["Added. Added text “Exports”."]


@pytest.mark.medium
def test_an_added_block_is_told_once(staff_client):
    page = a_page_with_every_kind_of_block()
    data = add_block(page_form(staff_client, page), "textsection", heading_fr="Exportations", heading_en="")
    staff_client.post(change_address(page), data | {"pages_textsection_set-1-body_en": ""})
    assert lines() == ["Added text “Exportations”."]


@pytest.mark.medium
def test_restoring_what_the_page_says_already_leaves_no_line(staff_client):
    page = a_live_page()
    address = reverse("admin:pages_page_restore", args=[page.pk, 1])
    staff_client.post(address, {"seen": page.editions.get().digest})
    assert lines() == []
    Page.objects.filter(pk=page.pk).update(title_en="Other")
    staff_client.post(address, fields(staff_client.get(address)))
    assert len(lines()) == 1
    assert Page.objects.get(pk=page.pk).title_en == Edition.objects.get(page=page).title_en


@pytest.mark.medium
def test_saving_a_partner_organization_untouched_leaves_no_line(staff_client):
    partner = a_partner(website_en="https://example.org/", description_fr="Aide partout.")
    address = reverse("admin:pages_partnerorganization_change", args=[partner.pk])
    data = as_a_browser_sends(fields(staff_client.get(address), "partnerorganization_form"))
    staff_client.post(address, data)
    assert lines() == []
    staff_client.post(address, data | {"name_fr": "Autre"})
    assert lines() == ["Changed name."]


def test_two_equal_snapshots_have_no_changes():
    page = a_page_with_every_kind_of_block()
    assert saves.changes(saves.snapshot(page), saves.snapshot(Page.objects.get(pk=page.pk))) == []

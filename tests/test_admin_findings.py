"""Findings in the admin: counted in the bar, listed with links, repaired after showing what changes."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from pages import publishing, readiness, working_copy
from pages.admin.checking import fingerprint_of
from pages.models.audit_entry import AuditEntry
from pages.models.page import Page
from tests.admin_forms import change_address
from tests.factories import KINDS, a_page, a_partner, a_partner_list, a_text, an_account

pytestmark = pytest.mark.django_db


def address(page, screen="findings"):
    return reverse(f"admin:pages_page_{screen}", args=[page.pk])


def a_page_with_faults():
    """One that a repair puts right, in a block, and one that keeps the page from the public."""
    page = a_page()
    text = a_text(
        page,
        body_en="<p>Trade grew by 12 percent.</p>\n<p>Canada gave $4 million.</p>",
        body_fr="<p>Le commerce a crû de 12 %.</p>\n<p>Le Canada a donné 5 millions de dollars.</p>",
    )
    return page, text


def repair_of(client, page):
    shown = client.get(address(page)).content.decode()
    links = [part.split('"')[0] for part in shown.split('href="') if part.startswith(address(page, "repair"))]
    return links[0].replace("&amp;", "&")


@pytest.mark.medium
def test_the_bar_and_the_publish_screen_count_findings(staff_client):
    page, _text = a_page_with_faults()
    for shown in (change_address(page), address(page, "publish")):
        content = staff_client.get(shown).content.decode()
        assert address(page) in content
        assert "1 issue blocks publication" in content


def test_each_finding_leads_to_its_field(staff_client):
    page, text = a_page_with_faults()
    shown = staff_client.get(address(page)).content.decode()
    assert f"{change_address(page)}#block-{text.key}-body_en" in shown
    assert "Blocks publication" in shown


@pytest.mark.medium
def test_a_blocking_finding_keeps_a_page_from_being_published(staff_client):
    page, _text = a_page_with_faults()
    with pytest.raises(publishing.NotReady):
        publishing.publish(page, by=None)
    assert (
        "prevents this page from being published"
        in staff_client.get(address(page, "publish")).content.decode()
    )


def test_no_reason_is_told_twice(db):
    page = a_page(introduction_fr="")
    a_text(page, heading_fr="")
    reasons = readiness.reasons_not_to_publish(working_copy.read(page))
    assert len({reason.path for reason in reasons}) == len(reasons) == 2


@pytest.mark.medium
def test_a_repair_is_shown_before_it_is_done_and_touches_nothing_else(staff_client):
    page, text = a_page_with_faults()
    before = working_copy.read(page)
    response = staff_client.get(repair_of(staff_client, page))
    assert "<ins>" in response.content.decode()
    assert working_copy.read(Page.objects.get(pk=page.pk)) == before
    staff_client.post(address(page, "repair"), response.context["values"])
    text.refresh_from_db()
    assert "12%" in text.body_en
    assert "$4 million" in text.body_en
    assert text.body_fr == before.blocks[0].body.fr


@pytest.mark.medium
def test_what_was_saved_meanwhile_is_not_repaired_unseen(staff_client):
    page, text = a_page_with_faults()
    values = staff_client.get(repair_of(staff_client, page)).context["values"]
    Page.objects.filter(pk=page.pk).update(title_en="Saved by somebody else")
    shown = staff_client.post(address(page, "repair"), values).content.decode()
    assert "The page was saved after you opened this screen." in shown
    text.refresh_from_db()
    assert "percent" in text.body_en


@pytest.mark.medium
@pytest.mark.parametrize(
    "changes", [{"rule": "no-such"}, {"path": "title"}, {"path": "../.."}, {"language": "de"}, {"rule": ""}]
)
def test_a_repair_that_nobody_offered_is_not_found(staff_client, changes):
    page, _text = a_page_with_faults()
    values = staff_client.get(repair_of(staff_client, page)).context["values"] | changes
    assert staff_client.get(address(page, "repair"), values).status_code == 404
    assert staff_client.post(address(page, "repair"), values).status_code == 404


def a_page_with_a_faulty_partner():
    page = a_page()
    partner = a_partner(description_en="It grew by 12 percent.", description_fr="Croissance de 12 %.")
    a_partner_list(page, partners=[partner])
    return page, partner


@pytest.mark.medium
def test_a_partner_organization_is_repaired_for_all_pages_that_name_it(staff_client):
    page, partner = a_page_with_a_faulty_partner()
    shown = staff_client.get(address(page)).content.decode()
    assert f"/admin/pages/partnerorganization/{partner.pk}/change/#id_description_en" in shown
    response = staff_client.get(repair_of(staff_client, page))
    assert "in the working copy of every page that mentions it" in response.content.decode()
    staff_client.post(address(page, "repair"), response.context["values"])
    partner.refresh_from_db()
    assert partner.description_en == "It grew by 12%."
    assert AuditEntry.objects.get(object_id=str(partner.pk)).content_type.model == "partnerorganization"


@pytest.mark.medium
def test_who_may_not_change_partner_organizations_repairs_none(client, staff_client):
    page, partner = a_page_with_a_faulty_partner()
    values = staff_client.get(repair_of(staff_client, page)).context["values"]
    person = an_account()
    person.user_permissions.add(*Permission.objects.filter(codename__in=["view_page", "change_page"]))
    client.force_login(person)
    assert "Repair…" not in client.get(address(page)).content.decode()
    assert client.post(address(page, "repair"), values).status_code == 403
    partner.refresh_from_db()
    assert "percent" in partner.description_en


@pytest.mark.medium
def test_who_may_only_look_is_offered_no_repair(client, staff_client):
    page, _text = a_page_with_faults()
    values = staff_client.get(repair_of(staff_client, page)).context["values"]
    person = an_account()
    person.user_permissions.add(Permission.objects.get(codename="view_page"))
    client.force_login(person)
    assert "Repair…" not in client.get(address(page)).content.decode()
    assert client.post(address(page, "repair"), values).status_code == 403


def test_a_page_without_findings_says_so_in_french(staff_client):
    page = a_page()
    staff_client.cookies["django_language"] = "fr"
    assert "Les vérifications n’ont rien relevé" in staff_client.get(address(page)).content.decode()


@pytest.mark.medium
def test_the_screen_takes_as_many_queries_for_many_findings(staff_client, django_assert_num_queries):
    page, _text = a_page_with_faults()
    staff_client.get(address(page))
    with django_assert_num_queries(KINDS + 9, exact=False) as few:
        staff_client.get(address(page))
    for _each in range(8):
        a_text(
            page, heading_en=f"Part {_each}", heading_fr=f"Partie {_each}", body_en="<p>It is 3 percent.</p>"
        )
    with django_assert_num_queries(len(few)):
        staff_client.get(address(page))


# Dismissals


def dismissal_of(client, page):
    shown = client.get(address(page)).content.decode()
    links = [
        part.split('"')[0] for part in shown.split('href="') if part.startswith(address(page, "dismiss"))
    ]
    return links[0].replace("&amp;", "&")


def dismiss(client, page, reason="This is how the program is called."):
    link = dismissal_of(client, page)
    fingerprint = link.partition("fingerprint=")[2]
    return client.post(address(page, "dismiss"), {"fingerprint": fingerprint, "reason": reason}, follow=True)


@pytest.mark.medium
def test_a_finding_is_dismissed_in_its_place_with_a_reason_and_counts_no_more(staff_client):
    page = a_page()
    text = a_text(
        page, body_en="<p>Trade grew by 12 percent.</p>", body_fr="<p>Le commerce a crû de 12 %.</p>"
    )
    assert "1 warning" in staff_client.get(change_address(page)).content.decode()
    shown = dismiss(staff_client, page).content.decode()
    assert "This is how the program is called." in shown
    assert "1 warning" not in staff_client.get(change_address(page)).content.decode()
    text.body_en = "<p>The trade of all kinds grew by 12 percent.</p>"
    text.save()
    assert "1 warning" in staff_client.get(change_address(page)).content.decode()


@pytest.mark.medium
def test_a_dismissal_needs_a_reason(staff_client):
    page, _text = a_page_with_faults()
    shown = dismiss(staff_client, page, reason=" ").content.decode()
    assert "Nothing was changed" in shown
    assert not page.dismissed_findings.exists()


@pytest.mark.medium
def test_a_dismissal_is_taken_back(staff_client):
    page, _text = a_page_with_faults()
    dismiss(staff_client, page)
    row = page.dismissed_findings.get()
    assert row.by_shown
    again = reverse("admin:pages_page_show_again", args=[page.pk, row.pk])
    assert staff_client.get(again).status_code == 405
    staff_client.post(again)
    assert not page.dismissed_findings.exists()
    assert staff_client.post(again).status_code == 404


@pytest.mark.medium
def test_what_blocks_publication_cannot_be_dismissed(staff_client):
    page, text = a_page_with_faults()
    blocking = readiness.content_checks.blocking(working_copy.read(page))[0]
    values = {"fingerprint": fingerprint_of(blocking), "reason": "No."}
    assert staff_client.post(address(page, "dismiss"), values).status_code == 404
    assert staff_client.post(address(page, "dismiss"), {"reason": "No."}).status_code == 404


@pytest.mark.medium
def test_who_may_only_look_dismisses_nothing(client, staff_client):
    page, _text = a_page_with_faults()
    link = dismissal_of(staff_client, page)
    person = an_account()
    person.user_permissions.add(Permission.objects.get(codename="view_page"))
    client.force_login(person)
    assert "Dismiss…" not in client.get(address(page)).content.decode()
    assert client.get(link).status_code == 403


def test_what_a_rule_of_style_finds_often_is_one_line(staff_client):
    page = a_page()
    for part in range(4):
        a_text(page, heading_en=f"Part {part}", heading_fr=f"Partie {part}", body_en="<p>It is 30 percent.</p>",
               body_fr="<p>C’est 30 %.</p>")  # fmt: skip
    shown = staff_client.get(address(page)).content.decode()
    assert "Should be corrected (1)" in shown
    assert "3 more places" in shown
    assert "It rose to 24%." in shown  # the example


@pytest.mark.medium
def test_a_suggestion_of_style_is_folded_and_a_difference_between_the_languages_is_not(staff_client):
    page = a_page(description_en="", description_fr="")
    a_text(
        page,
        body_en="<p>About 12 people work there.</p>\n<p>Canada gave $4 million.</p>",
        body_fr="<p>Environ 15 personnes y travaillent.</p>\n<p>Le Canada a donné 5 millions de dollars.</p>",
    )
    content = staff_client.get(address(page)).content.decode()
    shown, behind = content.partition("<summary>Show 1 suggestion</summary>")[::2]
    assert "The numbers differ (English: 12; French: 15)" in shown
    assert "The page has no description" in behind

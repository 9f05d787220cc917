"""Several pages at once: submitted, published, archived, withdrawn, moved, given an owner; one moved in its list."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import override_settings
from django.utils import timezone

from pages import emergencies, indexes, publishing, reviews
from pages.admin import bulk_acts
from pages.document import Bilingual
from pages.models import Edition, Page
from pages.models.audit_entry import AuditEntry
from pages.models.review import TranslationDecision
from pages.models.tree_path import TreePath
from tests.factories import KINDS, a_home_page, a_live_page, a_page, a_text, an_account

pytestmark = pytest.mark.django_db

LIST = "/admin/pages/page/"


def url(act, *pages, **query):
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return f"{LIST}bulk/{act}/?pages={','.join(str(page.pk) for page in pages)}{more}"


def confirm(client, act, *pages, query=None, **more):
    """What the screen says once its button is pressed."""
    shown = client.get(url(act, *pages, **(query or {})))
    data = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', shown.text))
    data.pop("csrfmiddlewaretoken", None)
    return client.post(
        f"{LIST}bulk/{act}/", {**data, "note": "", "significant": "yes", **(query or {}), **more}
    )


def change(page, title="Changed"):
    Page.objects.filter(pk=page.pk).update(title_en=title, title_fr=title)
    page.refresh_from_db()
    return page


def an_editor(*codenames):
    person = an_account()
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return person


def live(page):
    return Edition.objects.live().get(page=page)


# From the list


def select(client, act, *pages, **more):
    data = {"action": f"bulk_{act}", "_selected_action": [page.pk for page in pages], **more}
    return client.post(LIST, data)


@pytest.mark.medium
@pytest.mark.parametrize("act", ["submit", "approve", "publish", "archive", "withdraw", "owner", "move"])
def test_the_list_leads_to_a_screen_about_the_pages_that_were_selected(staff_client, act):
    first, second = a_page(title_en="First"), a_page(title_en="Second")
    response = select(staff_client, act, second, first)
    assert response["Location"] == url(act, first, second)
    shown = staff_client.get(response["Location"]).text
    assert "First" in shown
    assert "Second" in shown


def test_the_list_offers_no_deletion_of_many_pages(staff_client):
    a_page()
    shown = staff_client.get(LIST).text
    assert 'value="bulk_publish"' in shown
    assert "delete_selected" not in shown


def test_who_may_not_publish_is_not_offered_it(client):
    a_page()
    client.force_login(an_editor("view_page", "change_page"))
    shown = client.get(LIST).text
    assert 'value="bulk_submit"' in shown
    assert 'value="bulk_publish"' not in shown
    assert 'value="bulk_archive"' not in shown


def test_who_may_only_look_is_offered_nothing(client):
    a_page()
    client.force_login(an_editor("view_page"))
    shown = client.get(LIST).text
    assert "bulk_" not in shown
    assert "Move up" not in shown


@pytest.mark.medium
def test_more_pages_than_a_request_can_do_are_refused_with_their_number(staff_client, monkeypatch):
    monkeypatch.setattr(bulk_acts, "MAX_PAGES", 2)
    pages = [a_page() for _each in range(3)]
    response = staff_client.post(
        LIST, {"action": "bulk_publish", "_selected_action": [page.pk for page in pages]}, follow=True
    )
    assert "up to 2 pages" in response.text


@pytest.mark.parametrize("pages", ["", "x", "0", "99999999999999999999", "1;2", "ب", "-1", "<b>"])
def test_no_page_leads_back_to_the_list(staff_client, pages):
    response = staff_client.get(f"{LIST}bulk/publish/", {"pages": pages}, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert "Select at least one page." in response.text
    assert staff_client.post(f"{LIST}bulk/publish/", {"pages": pages}).status_code == 302


# Publish


@pytest.mark.medium
def test_pages_that_are_ready_are_published_and_the_others_say_why_not(staff_client):
    new, changed = a_page(title_en="New"), change(a_live_page(), "Changed")
    same, broken = a_live_page(title_en="Same"), a_page(title_en="Broken", title_fr="")
    pages = new, changed, same, broken
    shown = staff_client.get(url("publish", *pages)).text
    assert "It goes live for the first time, in both languages." in shown
    assert "A new edition goes live now, in both languages." in shown
    assert "already live" in shown
    assert f'href="{LIST}{broken.pk}/change/#id_title_fr"' in shown
    done = confirm(staff_client, "publish", *pages, note="All together").text
    assert "Edition 1 is live" in done
    assert "Edition 2 is live" in done
    assert [page.editions.count() for page in pages] == [1, 2, 1, 0]
    assert live(new).note == "All together"


@pytest.mark.medium
def test_each_page_has_an_edition_of_its_own_of_the_type_that_was_chosen(staff_client):
    first, second = change(a_live_page(), "First"), change(a_live_page(), "Second")
    confirm(staff_client, "publish", first, second, significant="no")
    assert [live(page).significant for page in (first, second)] == [False, False]


@pytest.mark.medium
def test_a_text_that_was_saved_since_is_not_published(staff_client):
    first, second = a_page(), a_page()
    shown = staff_client.get(url("publish", first, second)).text
    data = dict(re.findall(r'name="(seen-\d+|pages)" value="([^"]*)"', shown))
    change(second)
    done = staff_client.post(f"{LIST}bulk/publish/", {**data, "significant": "yes"}).text
    assert "The page was saved after you opened this screen." in done
    assert (first.editions.count(), second.editions.count()) == (1, 0)


@pytest.mark.medium
def test_a_page_that_was_not_shown_is_not_published(staff_client):
    page = a_page()
    staff_client.post(f"{LIST}bulk/publish/", {"pages": str(page.pk), "significant": "yes"})
    assert page.editions.count() == 0


@pytest.mark.medium
def test_a_page_that_was_deleted_since_is_left_out(staff_client):
    first, second = a_page(), a_page()
    shown = staff_client.get(url("publish", first, second)).text
    data = dict(re.findall(r'name="(seen-\d+|pages)" value="([^"]*)"', shown))
    second.delete()
    done = staff_client.post(f"{LIST}bulk/publish/", {**data, "significant": "yes"})
    assert done.status_code == 200
    assert first.editions.count() == 1


@pytest.mark.medium
def test_a_page_with_a_scheduled_text_is_left_to_its_own_screen(staff_client):
    page = change(a_live_page())
    publishing.publish(page, by=None, at=timezone.now() + timedelta(days=2))
    change(page, "Once more")
    shown = staff_client.get(url("publish", page)).text
    assert f'href="{LIST}{page.pk}/publish/"' in shown
    confirm(staff_client, "publish", page)
    assert page.editions.count() == 2


@pytest.mark.medium
def test_stale_translations_stay_marked_as_on_the_screen_of_one_page(staff_client):
    page = a_live_page()
    Page.objects.filter(pk=page.pk).update(description_en="It tells something else.")
    assert "Translations to review: 1." in staff_client.get(url("publish", page)).text
    confirm(staff_client, "publish", page)
    assert TranslationDecision.objects.get(page=page).kind == TranslationDecision.Kind.LATER


@pytest.mark.medium
def test_an_archived_page_becomes_current_again(staff_client):
    page = a_live_page()
    publishing.archive(page, by=None)
    assert "It is public again" in staff_client.get(url("publish", page)).text
    confirm(staff_client, "publish", page)
    assert live(page).kind == Edition.Kind.CURRENT


@pytest.mark.medium
@override_settings(REVIEW_BY_SECOND_PERSON=True)
def test_where_a_second_person_is_asked_for_nobody_publishes_many_pages_alone(staff_client):
    page = a_page()
    shown = staff_client.get(url("publish", page)).text
    assert "Someone else must approve what the public reads." in shown
    assert f'href="{url("submit", page)}"' in shown
    staff_client.post(
        f"{LIST}bulk/publish/", {"pages": str(page.pk), "significant": "yes", f"seen-{page.pk}": "x"}
    )
    assert page.editions.count() == 0


@pytest.mark.medium
def test_pages_below_a_new_page_are_published_with_it(staff_client):
    top = a_page()
    below = a_page(parent=top)
    confirm(staff_client, "publish", below, top)
    assert live(below).parent == top


@pytest.mark.medium
def linked_pages(**changes):
    """Two new pages that link to one another, as those of a copied branch do."""
    first, second = a_page(key="one"), a_page(key="two", **changes)
    for page, other in ((first, second), (second, first)):
        link = f'<p><a href="page:{other.key}">Other</a></p>'
        a_text(page, body_en=link, body_fr=link)
    return first, second


@pytest.mark.medium
def test_new_pages_that_link_to_one_another_are_published_together(staff_client, client):
    first, second = linked_pages()
    assert "What cannot be done" not in staff_client.get(url("publish", first, second)).text
    confirm(staff_client, "publish", first, second)
    assert f'href="/en/{second.address_en}"' in client.get(f"/en/{first.address_en}").text
    assert f'href="/fr/{first.address_fr}"' in client.get(f"/fr/{second.address_fr}").text


@pytest.mark.medium
def test_a_page_that_links_to_one_that_cannot_be_published_is_not_promised_and_not_published(staff_client):
    first, second = linked_pages(title_fr="")
    third = a_page()
    shown = staff_client.get(url("publish", first, second, third)).text
    assert shown.count("which is not public") == 2  # in each language
    confirm(staff_client, "publish", first, second, third)
    assert [edition.page for edition in Edition.objects.live()] == [third]


@pytest.mark.medium
def test_of_pages_that_link_to_one_another_none_is_published_without_the_one_that_was_saved_since(
    staff_client,
):
    first, second = linked_pages()
    shown = staff_client.get(url("publish", first, second)).text
    change(second)
    data = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', shown))
    done = staff_client.post(f"{LIST}bulk/publish/", {**data, "note": "", "significant": "yes"}).text
    assert "which is not public" in done
    assert not Edition.objects.exists()


@pytest.mark.medium
def test_one_that_the_site_refuses_keeps_no_other_page_from_it(staff_client):
    home = a_home_page()
    publishing.publish(home, by=None)
    one = a_live_page(parent=home)
    other = a_live_page(parent=one)
    third = a_page()
    Page.objects.filter(pk=other.pk).update(parent=home)
    Page.objects.filter(pk=one.pk).update(parent=other)
    done = confirm(staff_client, "publish", one, third).text
    assert "would be under itself" in done
    assert third.editions.count() == 1


@pytest.mark.medium
@pytest.mark.parametrize("act", ["publish", "submit", "approve", "archive", "withdraw"])
def test_the_screen_takes_as_many_queries_for_many_pages(staff_client, django_assert_num_queries, act):
    def some(number):
        pages = [a_live_page() if index % 2 else a_page() for index in range(number)]
        for page in pages:
            a_text(page)
        if act == "approve":
            in_review(*pages)
        return pages

    few_pages, many = some(2), some(12)
    with django_assert_num_queries(KINDS + 40, exact=False) as few:
        staff_client.get(url(act, *few_pages))
    with django_assert_num_queries(len(few)):
        staff_client.get(url(act, *many))


@pytest.mark.medium
def test_publishing_takes_a_constant_number_of_queries_for_each_page(staff_client, django_assert_num_queries):
    def queries(number):
        pages = [a_page() for _each in range(number)]
        shown = staff_client.get(url("publish", *pages)).text
        data = dict(re.findall(r'name="(seen-\d+|pages)" value="([^"]*)"', shown))
        with django_assert_num_queries(5000, exact=False) as captured:
            staff_client.post(f"{LIST}bulk/publish/", {**data, "significant": "yes"})
        return len(captured)

    queries(1)
    two, four, eight = queries(2), queries(4), queries(8)
    assert (four - two) / 2 == (eight - four) / 4


# Submit


@pytest.mark.medium
def test_pages_are_submitted_and_a_text_in_review_is_replaced(staff_client):
    new, waiting, same = a_page(), a_page(), a_live_page()
    reviews.submit(waiting, by=None)
    change(waiting)
    shown = staff_client.get(url("submit", new, waiting, same)).text
    assert "in place of edition 1" in shown
    assert "There is nothing to review." in shown
    confirm(staff_client, "submit", new, waiting, same, note="Please check")
    in_review = Edition.objects.filter(status=Edition.Status.IN_REVIEW)
    assert set(in_review.values_list("page", "number")) == {(new.pk, 1), (waiting.pk, 2)}


@pytest.mark.medium
def test_what_is_in_review_as_it_is_is_not_submitted_again(staff_client):
    page = a_page()
    reviews.submit(page, by=None)
    assert "already in review as is" in staff_client.get(url("submit", page)).text
    confirm(staff_client, "submit", page)
    assert page.editions.count() == 1


@pytest.mark.medium
def test_new_pages_that_link_to_one_another_are_submitted_together(staff_client):
    first, second = linked_pages()
    assert "What cannot be done" not in staff_client.get(url("submit", first, second)).text
    confirm(staff_client, "submit", first, second)
    assert reviews.texts_in_review().count() == 2


@pytest.mark.medium
def test_a_page_that_links_to_one_that_is_not_submitted_is_not_submitted(staff_client):
    first, _second = linked_pages()
    assert "which is not public" in staff_client.get(url("submit", first)).text
    confirm(staff_client, "submit", first)
    assert not Edition.objects.exists()


@pytest.mark.medium
def test_a_page_may_be_submitted_that_links_to_one_in_review_or_to_one_that_is_scheduled(staff_client):
    first, second = linked_pages()
    confirm(staff_client, "submit", first, second)
    coming, third = a_page(), a_page()
    publishing.publish(coming, by=None, at=timezone.now() + timedelta(days=1))
    for key in (second.key, coming.key):
        link = f'<p><a href="page:{key}">Other</a></p>'
        a_text(third, body_en=link, body_fr=link)
    assert "What cannot be done" not in staff_client.get(url("submit", third)).text
    assert "is in review" in confirm(staff_client, "submit", third).text


@pytest.mark.medium
def test_the_screen_of_one_page_submits_it_too_while_the_other_one_is_in_review(staff_client):
    first, second = linked_pages()
    in_review(first, second)
    change(first)
    assert "which is not public" not in staff_client.get(f"{LIST}{first.pk}/submit/").text
    assert reviews.submit(first, by=an_account()).number == 2


# Approve


def in_review(*pages, by=None):
    """The editions of pages that somebody has submitted together."""
    by = by or an_account(first_name="Odile", last_name="Roy")
    keys = {page.key for page in pages}
    return [reviews.submit(page, by=by, submitted_too=keys) for page in pages]


@pytest.mark.medium
@override_settings(REVIEW_BY_SECOND_PERSON=True)
def test_new_pages_that_link_to_one_another_are_approved_together_by_a_second_person(staff_client, client):
    first, second = linked_pages()
    in_review(first, second)
    assert "which is not public" in staff_client.get(url("approve", first)).text
    shown = staff_client.get(url("approve", first, second)).text
    assert "Edition 1, submitted by Odile Roy. It goes live for the first time, in both languages." in shown
    assert f'href="{LIST}{first.pk}/review/1/"' in shown
    confirm(staff_client, "approve", first, second, note="Both read.")
    assert f'href="/en/{second.address_en}"' in client.get(f"/en/{first.address_en}").text
    assert f'href="/fr/{first.address_fr}"' in client.get(f"/fr/{second.address_fr}").text
    assert {edition.note for edition in Edition.objects.live()} == {"Both read."}
    assert {edition.steps.last().action for edition in Edition.objects.live()} == {"approved"}


@pytest.mark.medium
def test_a_text_is_approved_as_it_was_submitted_with_its_correction(staff_client):
    page = change(a_live_page(), "As submitted")
    correction = Bilingual("The year was wrong.", "L’année était inexacte.")
    reviews.submit(page, by=an_account(), correction=correction, thanks=True)
    change(page, "Written since")
    confirm(staff_client, "approve", page)
    assert live(page).read().title.en == "As submitted"
    assert live(page).correction.words == correction


@pytest.mark.medium
def test_a_withdrawal_in_review_is_listed_and_left_to_its_own_screen(staff_client):
    alone, with_text = a_live_page(), change(a_live_page())
    for page in (alone, with_text):
        reviews.submit_withdrawal(page, by=an_account())
    in_review(with_text)
    shown = staff_client.get(url("approve", alone, with_text)).text
    assert "A withdrawal is in review (edition 2). It is approved by itself, not with others." in shown
    assert f'href="{LIST}{alone.pk}/review/2/"' in shown
    assert "Its withdrawal (edition 2) stays in review: it is approved by itself." in shown
    confirm(staff_client, "approve", alone, with_text)
    in_review_still = Edition.objects.filter(status="in_review").order_by("page")
    assert [(edition.page, edition.kind) for edition in in_review_still] == [
        (alone, "withdrawn"),
        (with_text, "withdrawn"),
    ]
    assert live(with_text).number == 3


@pytest.mark.medium
def test_the_type_that_was_chosen_is_that_of_each_approved_edition(staff_client):
    pages = [change(a_live_page()), change(a_live_page())]
    in_review(*pages)
    confirm(staff_client, "approve", *pages, significant="no")
    assert [live(page).significant for page in pages] == [False, False]


@pytest.mark.medium
@override_settings(REVIEW_BY_SECOND_PERSON=True)
def test_what_somebody_submitted_they_do_not_approve_with_others(staff_client, editor):
    own, other, third = a_page(), a_page(), a_page()
    in_review(own, by=editor)
    in_review(other)
    shown = staff_client.get(url("approve", own, other, third)).text
    assert "Someone else must approve what you submitted." in shown
    assert "No text of this page is in review." in shown
    confirm(staff_client, "approve", own, other, third)
    assert [edition.page for edition in Edition.objects.live()] == [other]


@pytest.mark.medium
@pytest.mark.parametrize("seen", ["", "x", "0", "99999999999999999999", "ب"])
def test_an_edition_that_was_not_shown_is_not_approved(staff_client, seen):
    (edition,) = in_review(a_page())
    data = {"pages": str(edition.page_id), "significant": "yes", f"seen-{edition.page_id}": seen}
    done = staff_client.post(f"{LIST}bulk/approve/", data).text
    assert "This edition is no longer in review." in done
    assert not Edition.objects.live().exists()


@pytest.mark.medium
def test_of_linked_pages_none_is_approved_without_the_one_that_was_submitted_anew(staff_client):
    first, second = linked_pages()
    in_review(first, second)
    shown = staff_client.get(url("approve", first, second)).text
    in_review(change(second))
    data = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', shown))
    done = staff_client.post(f"{LIST}bulk/approve/", {**data, "note": "", "significant": "yes"}).text
    assert "This edition is no longer in review." in done
    assert "which is not public" in done
    assert not Edition.objects.live().exists()


@pytest.mark.medium
def test_a_text_in_review_is_left_to_its_own_screen_where_another_one_is_scheduled(staff_client):
    page = a_live_page()
    publishing.publish(change(page, "Later"), by=None, at=timezone.now() + timedelta(days=1))
    in_review(change(page, "In review"))
    shown = staff_client.get(url("approve", page)).text
    assert "Edition 2 is scheduled for later." in shown
    assert f'href="{LIST}{page.pk}/review/3/"' in shown


@pytest.mark.medium
def test_a_text_that_is_older_than_an_emergency_is_not_approved_with_others(staff_client, editor):
    page = a_live_page()
    in_review(change(page, "In review"))
    Page.objects.filter(pk=page.pk).update(title_en="Urgent")
    due_on = timezone.localdate() + timedelta(days=2)
    emergencies.publish_in_emergency(
        Page.objects.get(pk=page.pk), language="en", reason="Fighting.", due_on=due_on, by=editor
    )
    assert "was submitted before the emergency update" in staff_client.get(url("approve", page)).text
    confirm(staff_client, "approve", page)
    assert live(page).number == 3


# Archive


@pytest.mark.medium
def test_public_pages_are_archived_and_the_others_say_why_not(staff_client):
    home = a_home_page()
    publishing.publish(home, by=None)
    public, draft, archived, withdrawn = a_live_page(), a_page(), a_live_page(), a_live_page()
    publishing.archive(archived, by=None)
    publishing.withdraw(withdrawn, by=None)
    pages = home, public, draft, archived, withdrawn
    shown = staff_client.get(url("archive", *pages)).text
    for text in ("A site always keeps its home page.", "not public", "already archived"):
        assert text in shown
    confirm(staff_client, "archive", *pages, note="Old")
    assert live(public).kind == Edition.Kind.ARCHIVED
    assert [page.editions.count() for page in pages] == [1, 2, 0, 2, 2]


@pytest.mark.medium
def test_a_page_whose_text_is_due_is_not_archived_with_others(staff_client):
    page = change(a_live_page())
    publishing.publish(page, by=None, at=timezone.now() + timedelta(days=2))
    assert f'href="{LIST}{page.pk}/archive/"' in staff_client.get(url("archive", page)).text


@pytest.mark.medium
def test_public_pages_are_withdrawn_with_one_explanation_and_the_others_say_why_not(staff_client):
    home = a_home_page()
    publishing.publish(home, by=None)
    public, archived, draft, withdrawn = a_live_page(), a_live_page(), a_page(), a_live_page()
    publishing.archive(archived, by=None)
    publishing.withdraw(withdrawn, by=None)
    linking = a_page()
    a_text(linking, body_en=f'<p><a href="page:{public.key}">Trade</a></p>')
    indexes.update_drafts([linking])
    pages = home, public, archived, draft, withdrawn
    shown = staff_client.get(url("withdraw", *pages)).text
    for text in (
        "A site always keeps its home page.",
        "not public",
        "already withdrawn",
        "1 page links to it.",
    ):
        assert text in shown
    half = {"explanation_en": "Merged.", "explanation_fr": ""}
    assert "in both languages or leave both empty" in confirm(staff_client, "withdraw", *pages, **half).text
    assert live(public).kind == Edition.Kind.CURRENT
    confirm(staff_client, "withdraw", *pages, note="Old", **half | {"explanation_fr": "Fusionnées."})
    for page in (public, archived):
        assert live(page).kind == Edition.Kind.WITHDRAWN
        assert live(page).explanation == Bilingual("Merged.", "Fusionnées.")
        assert live(page).note == "Old"
    assert [page.editions.count() for page in pages] == [1, 2, 3, 0, 2]


@pytest.mark.medium
def test_where_a_second_person_is_asked_for_many_pages_are_withdrawn_without_an_explanation(staff_client):
    page = a_live_page()
    with override_settings(REVIEW_BY_SECOND_PERSON=True):
        assert "explanation_en" not in staff_client.get(url("withdraw", page)).text
        confirm(staff_client, "withdraw", page, explanation_en="Merged.", explanation_fr="Fusionnée.")
    assert live(page).kind == Edition.Kind.WITHDRAWN
    assert not live(page).explanation


@pytest.mark.medium
@pytest.mark.parametrize("act", ["publish", "approve", "archive", "withdraw"])
def test_an_editor_cannot_do_it_by_sending_the_form(client, act):
    page = change(a_live_page())
    client.force_login(an_editor("view_page", "change_page"))
    assert client.get(url(act, page)).status_code == 403
    assert client.post(f"{LIST}bulk/{act}/", {"pages": str(page.pk)}).status_code == 403
    assert page.editions.count() == 1


# Owner


@pytest.mark.medium
def test_pages_are_given_an_owner(staff_client):
    person = an_account(first_name="Nour", last_name="Haddad")
    first, second = a_page(), a_page(owner=person)
    assert 'name="owner"' in staff_client.get(url("owner", first, second)).text
    shown = staff_client.get(url("owner", first, second, owner=person.pk)).text
    assert "No one → Nour Haddad" in shown
    assert "It already has this owner." in shown
    confirm(staff_client, "owner", first, second, query={"owner": person.pk})
    first.refresh_from_db()
    assert first.owner == person
    assert "page owner" in AuditEntry.objects.saves(first).first().get_change_message()
    assert not AuditEntry.objects.saves(second).exists()


def test_pages_are_taken_from_their_owner(staff_client):
    page = a_page(owner=an_account())
    confirm(staff_client, "owner", page, query={"owner": ""})
    page.refresh_from_db()
    assert page.owner is None


@pytest.mark.medium
@pytest.mark.parametrize("owner", ["0", "x", "99999999999999999999", "ب"])
def test_an_owner_that_there_is_not_is_refused_beside_the_field(staff_client, owner):
    page = a_page()
    assert "errorlist" in staff_client.get(url("owner", page, owner=owner)).text
    assert "errorlist" in staff_client.post(f"{LIST}bulk/owner/", {"pages": page.pk, "owner": owner}).text


# Move


@pytest.mark.medium
def test_pages_are_moved_below_another_one_with_all_below_them(staff_client):
    home = a_home_page()
    target, page = a_page(title_en="Target", key="target"), a_page(title_en="Moved")
    below = a_page(title_en="Below", parent=page)
    already = a_page(title_en="Already", parent=target)
    indexes.rebuild()
    pages = home, target, page, below, already
    shown = staff_client.get(url("move", *pages, parent="target")).text
    assert "Parent page: “Home” → “Target”" in shown
    for text in (
        "This is the home page.",
        "cannot be under itself",
        "which is also selected",
        "already under",
    ):
        assert text in shown
    done = confirm(staff_client, "move", *pages, query={"parent": "target"}).text
    assert "It is now under “Target”." in done
    parents = dict(Page.objects.values_list("title_en", "parent__title_en"))
    assert (parents["Moved"], parents["Below"], parents["Already"]) == ("Target", "Moved", "Target")
    assert indexes.verify() == []


@pytest.mark.medium
def test_pages_that_an_older_version_added_without_a_path_are_moved_too(staff_client):
    target, page = a_page(key="target"), a_page()
    TreePath.objects.all().delete()
    confirm(staff_client, "move", page, query={"parent": "target"})
    page.refresh_from_db()
    assert page.parent == target


@pytest.mark.medium
def test_a_parent_that_there_is_not_is_asked_for_again(staff_client):
    page = a_page()
    assert "errorlist" in staff_client.get(url("move", page, parent="nowhere")).text
    assert "errorlist" in staff_client.get(url("move", page, parent="")).text


# One page, by the buttons of the list


def press(client, page, to, **query):
    return client.post(f"{LIST}{page.pk}/move/?{query.get('query', '')}", {"to": to})


def order():
    return list(Page.objects.exclude(parent=None).in_tree_order().values_list("title_en", flat=True))


@pytest.fixture
def three(db):
    rows = [a_page(title_en=title, position=position) for position, title in enumerate("ABC")]
    indexes.rebuild()
    return rows


@pytest.mark.medium
def test_buttons_move_a_page_up_and_down(staff_client, three):
    first, _second, third = three
    assert press(staff_client, first, "down")["Location"] == f"{LIST}#move-down-{first.pk}"
    assert order() == ["B", "A", "C"]
    press(staff_client, third, "up")
    assert order() == ["B", "C", "A"]
    press(staff_client, third, "up")
    assert order() == ["C", "B", "A"]
    assert indexes.verify() == []


@pytest.mark.medium
def test_the_first_page_stays_first_and_the_last_one_last(staff_client, three):
    press(staff_client, three[0], "up")
    response = press(staff_client, three[2], "down")
    assert order() == ["A", "B", "C"]
    shown = staff_client.get(response["Location"]).text
    assert "already the first page under its parent" in shown
    assert "already the last page under its parent" in shown


@pytest.mark.medium
def test_a_page_is_dropped_before_after_and_under_another_one(staff_client, three):
    first, second, third = three
    press(staff_client, third, f"before:{first.pk}")
    assert order() == ["C", "A", "B"]
    press(staff_client, third, f"after:{first.pk}")
    assert order() == ["A", "C", "B"]
    press(staff_client, third, f"after:{second.pk}")
    assert order() == ["A", "B", "C"]
    press(staff_client, third, f"into:{first.pk}")
    third.refresh_from_db()
    assert third.parent == first
    assert order() == ["A", "C", "B"]


@pytest.mark.medium
@pytest.mark.parametrize(
    "to", ["", "up:1", "left", "before:", "into:x", "after:99999999999999999999", "into:0", "ب"]
)
def test_a_move_that_makes_no_sense_changes_nothing(staff_client, three, to):
    before = list(Page.objects.order_by("pk").values_list("parent", "position"))
    assert press(staff_client, three[1], to).status_code == 302
    assert list(Page.objects.order_by("pk").values_list("parent", "position")) == before


@pytest.mark.medium
def test_nothing_comes_beside_the_home_page_and_it_stays_where_it_is(staff_client, three):
    home = a_home_page()
    press(staff_client, three[0], f"before:{home.pk}")
    press(staff_client, home, f"into:{three[0].pk}")
    assert Page.objects.get(parent=None) == home
    assert order() == ["A", "B", "C"]


@pytest.mark.medium
def test_a_page_dropped_under_one_below_it_stays(staff_client, three):
    below = a_page(parent=three[0])
    response = press(staff_client, three[0], f"into:{below.pk}")
    assert "cannot be under itself" in staff_client.get(response["Location"]).text


@pytest.mark.medium
def test_the_list_keeps_its_filters_and_the_button_its_focus(staff_client, three):
    shown = staff_client.get(f"{LIST}?state=never_published&q=B").text
    action = re.search(rf'id="move-up-{three[1].pk}" formaction="([^"]+)"', shown)[1].replace("&amp;", "&")
    response = staff_client.post(action, {"to": "up"})
    assert response["Location"] == f"{LIST}?state=never_published&q=B#move-up-{three[1].pk}"


@pytest.mark.medium
@pytest.mark.parametrize("query", ["%0d%0aX: y", "//evil.example", "%23x", "a" * 3000])
def test_filters_that_were_made_up_do_no_harm(staff_client, three, query):
    response = staff_client.post(f"{LIST}{three[0].pk}/move/?_changelist_filters={query}", {"to": "down"})
    assert response.status_code == 302
    assert response["Location"].startswith(LIST)
    assert "X" not in response.headers


@pytest.mark.medium
def test_nothing_public_changes_by_a_move(staff_client):
    first, second = a_live_page(position=0), a_live_page(position=1)
    press(staff_client, second, "up")
    second.refresh_from_db()
    first.refresh_from_db()
    assert live(second).position == 1
    assert second.position < first.position


def test_who_may_not_change_pages_moves_none(client, three):
    client.force_login(an_editor("view_page"))
    assert press(client, three[1], "up").status_code == 403
    assert order() == ["A", "B", "C"]

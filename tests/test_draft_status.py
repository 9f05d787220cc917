"""What lists know of every working copy is counted at each save, and is what reading its texts would give."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from pages import indexes, page_status, publishing, readiness, reviews, stale_translations, working_copy
from pages.document import digest, dumps
from pages.models.draft_status import DraftStatus, StaleTextCount
from pages.models.edition import Edition
from pages.models.page import Page
from pages.models.partner import PartnerOrganization
from pages.models.review import TranslationDecision
from pages.page_status import Problem, State
from tests.admin_forms import change_address, fields, page_form
from tests.factories import (
    KINDS,
    a_home_page,
    a_live_page,
    a_page,
    a_partner,
    a_partner_list,
    a_text,
    an_objective,
)

pytestmark = pytest.mark.django_db

LATER, NO_CHANGE = TranslationDecision.Kind.LATER, TranslationDecision.Kind.NO_CHANGE


def written(page, **changes):
    """A change of the working copy, counted as every save is."""
    Page.objects.filter(pk=page.pk).update(**changes)
    indexes.update_drafts([page])
    return Page.objects.get(pk=page.pk)


def are_in_step():
    """Whether what is kept is what the texts say now."""
    for page in Page.objects.with_content():
        document = working_copy.read(page)
        kept = DraftStatus.objects.get(page=page)
        assert kept.digest == digest(dumps(document))
        assert kept.reasons == len(readiness.reasons_not_to_publish(document))
        live = Edition.objects.live().filter(page=page).first()
        counted = page_status.current_stale_counts().filter(page=page).values_list("texts", flat=True)
        assert sum(counted) == len(stale_translations.stale_texts(page, document, live))
    return True


def stale(at=None):
    return list(page_status.current_stale_counts(at).values_list("page", "texts"))


@pytest.mark.medium
def test_the_form_counts_what_it_saves(staff_client):
    page = a_live_page()
    indexes.update_drafts([a_home_page()])
    data = page_form(staff_client, page) | {"title_en": "Otherwise", "introduction_fr": ""}
    staff_client.post(change_address(page), data)
    assert are_in_step()
    assert DraftStatus.objects.get(page=page).reasons == 1
    assert stale() == [(page.pk, 1)]


@pytest.mark.medium
def test_a_restored_edition_is_counted(staff_client):
    page = a_live_page()
    indexes.update_drafts([a_home_page()])
    written(page, title_en="Otherwise")
    address = reverse("admin:pages_page_restore", args=[page.pk, 1])
    staff_client.post(address, fields(staff_client.get(address)))
    assert are_in_step()
    assert stale() == []


@pytest.mark.medium
def test_a_repair_is_counted(staff_client):
    page = a_page(description_en="Trade grew by 12 percent.", description_fr="Croissance de 12 %.")
    indexes.update_drafts([a_home_page(), page])
    address = reverse("admin:pages_page_repair", args=[page.pk])
    asked = {"rule": "percent-form", "path": "description", "language": "en"}
    staff_client.post(address, staff_client.get(address, asked).context["values"])
    assert Page.objects.get(pk=page.pk).description_en == "Trade grew by 12%."
    assert are_in_step()


@pytest.mark.medium
def test_a_partner_organization_is_counted_on_every_page_that_names_it(staff_client):
    partner = a_partner()
    page, other = a_page(), a_page()
    a_partner_list(page, partners=[partner])
    indexes.update_drafts([a_home_page(), page, other])
    address = reverse("admin:pages_partnerorganization_change", args=[partner.pk])
    data = fields(staff_client.get(address), "partnerorganization_form") | {"name_fr": ""}
    assert staff_client.post(address, data).status_code == 302
    assert are_in_step()
    assert list(page_status.filter_by_problem(Page.objects.all(), Problem.READY)) == [page]


@pytest.mark.medium
@pytest.mark.parametrize("publish", [True, False])
def test_imported_pages_are_counted_and_so_are_others_that_name_their_partners(tmp_path, publish):
    partner = a_partner(key="who")
    page, other = a_page(), a_page()
    for each in (page, other):
        a_partner_list(each, partners=[partner])
    call_command("export_content", str(tmp_path), verbosity=0)
    (tmp_path / "pages" / f"{other.key}.yaml").unlink()
    file = (
        tmp_path / "partners" / "who.yaml" if (tmp_path / "partners").is_dir() else tmp_path / "partners.yaml"
    )
    file.write_text(file.read_text().replace(partner.name_en, "Another name"))
    indexes.rebuild()
    call_command("import_content", str(tmp_path), publish=publish, verbosity=0)
    partner.refresh_from_db()
    assert partner.name_en == "Another name"
    assert are_in_step()


@pytest.mark.medium
def test_every_change_of_editions_and_decisions_is_counted(editor):
    page = a_live_page()
    indexes.update_drafts([a_home_page()])
    page = written(page, title_en="Otherwise")
    live = Edition.objects.live().get(page=page)
    document = working_copy.read(page)
    found = stale_translations.stale_texts(page, document, live)
    stale_translations.decide(page, document, found, by=editor, kind=LATER)
    publishing.publish(page, by=None)
    assert are_in_step()
    assert stale() == [(page.pk, 1)]
    stale_translations.decide(page, document, found, by=editor, kind=NO_CHANGE, reason="It says the same.")
    assert stale() == []
    publishing.archive(page, by=None)
    reviews.approve(reviews.submit(written(page, title_en="Third"), by=None), by=editor)
    assert are_in_step()


@pytest.mark.medium
def test_what_is_stale_beside_a_scheduled_edition_is_so_from_its_moment_on():
    page = a_live_page()
    tomorrow = timezone.now() + timedelta(days=1)
    page = written(page, title_en="Otherwise", title_fr="Autrement")
    publishing.publish(page, by=None, at=tomorrow)
    assert stale() == stale(tomorrow) == []
    written(page, title_en="Third")
    assert stale() == []
    assert stale(tomorrow) == [(page.pk, 1)]


@pytest.mark.medium
def test_pages_changed_since_their_live_edition_are_found_by_the_database():
    same, changed, coming, archived = (a_live_page() for _each in range(4))
    never = a_page()
    indexes.rebuild()
    written(changed, title_en="Otherwise")
    publishing.publish(written(coming, title_en="Soon"), by=None, at=timezone.now() + timedelta(days=1))
    publishing.archive(archived, by=None)
    written(archived, title_en="Old")
    found = page_status.filter_by_state(Page.objects.all(), State.CHANGED)
    statuses = page_status.page_statuses(list(Page.objects.with_content()))
    assert list(found) == [changed]
    assert {page for page, status in statuses.items() if status.state == State.CHANGED} == {changed.pk}
    assert same not in found
    assert never not in found


@pytest.mark.medium
def test_what_was_never_counted_is_counted_when_the_site_is_prepared_and_all_of_it_on_demand(capsys):
    a_live_page()
    page = a_page(title_fr="")
    assert indexes.backfill() == 3
    assert indexes.backfill() == 0
    Page.objects.filter(pk=page.pk).update(title_fr="Un titre")
    call_command("rebuild_worklist")
    assert are_in_step()
    assert "3 pages counted." in capsys.readouterr().out


WORDS = {
    "sound": {},
    "without French": {"name_fr": "", "description_fr": "Les mots."},
    "of two amounts": {
        "description_en": "It has $4 million.",
        "description_fr": "Elle a 5 millions de dollars.",
    },
    "of all": {
        "name_en": "",
        "description_en": "It gave $4 million to 20%.",
        "description_fr": "5 % et 6 %.",
    },
}


@pytest.mark.medium
@pytest.mark.parametrize("after", WORDS)
@pytest.mark.parametrize("before", WORDS)
def test_pages_are_counted_as_they_read_once_a_partner_has_changed(before, after):
    partner = a_partner(key="who", **WORDS[before])
    pages = [a_live_page(), a_page(title_fr=""), a_page()]
    for page in pages:
        a_partner_list(page, partners=[partner, a_partner()])
    an_objective(pages[1], partners=[partner])
    indexes.update_drafts([a_home_page(), *pages])
    DraftStatus.objects.filter(page=pages[2]).delete()  # as on a site from before this was counted
    with indexes.updating_for_shared([partner]):
        PartnerOrganization.objects.filter(pk=partner.pk).update(
            **{"name_en": "Who", "name_fr": "Qui", "description_en": "", "description_fr": ""} | WORDS[after]
        )
    assert are_in_step()


@pytest.mark.medium
def test_a_partner_is_saved_although_its_pages_were_counted_by_rules_that_have_changed_since():
    partner = a_partner(name_fr="")
    page = a_page()
    a_partner_list(page, partners=[partner])
    indexes.update_drafts([page])
    DraftStatus.objects.filter(page=page).update(reasons=0)
    with indexes.updating_for_shared([partner]):
        partner.name_fr = "Le nom"
        partner.save()
    assert DraftStatus.objects.get(page=page).reasons == 0


@pytest.mark.medium
@pytest.mark.parametrize("count", [2, 50])
def test_a_partner_of_many_pages_takes_as_many_queries_as_one_of_few(django_assert_num_queries, count):
    partner = a_partner()
    pages = [a_page() for _each in range(count)]
    for page in pages:
        a_partner_list(page, partners=[partner])
    indexes.update_drafts(pages)
    with django_assert_num_queries(KINDS + 13), indexes.updating_for_shared([partner]):
        partner.name_en = "Another name"
        partner.save()


@pytest.mark.medium
@pytest.mark.parametrize("count", [1, 12])
def test_counting_many_pages_takes_as_many_queries_as_counting_one(django_assert_num_queries, count):
    pages = [a_live_page() for _each in range(count)]
    for page in pages:
        a_text(page)
    with django_assert_num_queries(KINDS + 10):
        indexes.update_drafts(pages)
    assert not StaleTextCount.objects.exists()

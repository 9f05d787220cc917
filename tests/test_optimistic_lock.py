"""Two people at the form of one term, organization or alert: nothing that one of them saved is lost unseen."""

import pytest

from pages.models.glossary_term import GlossaryTerm
from tests.admin_forms import fields
from tests.factories import a_partner, an_alert

pytestmark = pytest.mark.django_db


def a_term():
    return GlossaryTerm.objects.create(term_en="trade", term_fr="commerce", synonyms_en="exchange\ncommerce")


def opened(client, row):
    """The address of the form of a row, and what it would send as it stands."""
    model = row._meta.model_name
    address = f"/admin/pages/{model}/{row.pk}/change/"
    return address, fields(client.get(address), f"{model}_form")


@pytest.mark.parametrize(
    ("make", "first", "second"),
    [
        (a_term, "term_fr", "synonyms_en"),
        (a_partner, "name_en", "name_fr"),
        (an_alert, "heading_en", "body_fr"),
    ],
)
def test_what_two_people_change_in_different_fields_is_kept(staff_client, make, first, second):
    row = make()
    address, data = opened(staff_client, row)
    assert staff_client.post(address, {**data, first: "One"}).status_code == 302
    assert staff_client.post(address, {**data, second: "<p>Two</p>"}).status_code == 302
    row.refresh_from_db()
    assert (getattr(row, first), getattr(row, second)) == ("One", "<p>Two</p>")


@pytest.mark.medium
@pytest.mark.parametrize(
    ("make", "name", "theirs", "mine"),
    [
        (a_term, "term_fr", "échanges", "négoce"),
        (a_partner, "description_en", "Theirs", "Mine"),
        (an_alert, "body_fr", "<p>Theirs &amp; ours</p>", "<p>Mine</p>"),
    ],
)
def test_what_two_people_change_in_one_field_is_shown_before_it_is_overwritten(
    staff_client, make, name, theirs, mine
):
    row = make()
    address, data = opened(staff_client, row)
    staff_client.post(address, {**data, name: theirs})
    refused = staff_client.post(address, {**data, name: mine})
    assert refused.status_code == 200
    assert "Someone else changed this field while you were writing" in refused.text
    row.refresh_from_db()
    assert getattr(row, name) == theirs
    again = fields(refused, f"{row._meta.model_name}_form")
    assert again[name] == mine
    assert staff_client.post(address, again).status_code == 302
    row.refresh_from_db()
    assert getattr(row, name) == mine


def test_what_both_changed_in_the_same_way_is_no_conflict(staff_client):
    address, data = opened(staff_client, a_term())
    for _each in range(2):
        assert staff_client.post(address, {**data, "term_fr": "échanges"}).status_code == 302


@pytest.mark.medium
def test_marks_that_make_no_sense_are_answered(staff_client):
    address, data = opened(staff_client, a_term())
    for marks in ("", "x", "term_fr", "term_fr:", ":", "unknown:abc"):
        answer = staff_client.post(address, {**data, "term_fr": f"y{marks}", "opened": marks})
        assert answer.status_code == 302

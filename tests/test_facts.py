"""Facts: kept in the admin, named by texts, and published everywhere at once when they change."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pages import content_files, indexes, publishing, rendering
from pages.fact_uses import FACTS
from pages.models import AuditEntry, DraftReference, Edition, EditionReference, Fact, Page, TextSection
from pages.models.blocks import KeyFigures
from pages.shared_content import seen
from tests.admin_forms import fields
from tests.factories import KINDS, a_fact, a_home_page, a_page, a_text, an_account

pytestmark = pytest.mark.django_db

LIST = "/admin/pages/fact/"
WORDS = {"en": "$4 billion", "fr": "4 milliards de dollars"}


def marked(key, words="old"):
    return f'<data value="fact:{key}">{words}</data>'


def a_page_with(fact, *, is_live=True, key=None, **changes):
    """A page that says the fact once in each language."""
    page = a_page(**changes)
    body = {
        "body_en": f"<p>Canada committed {marked(fact.key)} for Iraq.</p>",
        "body_fr": f"<p>Le Canada a promis {marked(fact.key)} pour l’Irak.</p>",
    }
    a_text(page, **({"key": key} if key else {}), **body)
    indexes.update_drafts([page])
    if is_live:
        publishing.publish(page, by=None)
    return page


def text_of(page):
    return TextSection.objects.get(parent=page)


def change_figure(fact, value="5000000000"):
    """As the form of the fact does it."""
    fact.value = value
    fact.save()
    indexes.update_drafts(
        list(Page.objects.filter(pk__in=DraftReference.objects.filter(name=fact.key).values("page")))
    )


def live(page):
    return Edition.objects.live().get(page=page)


def an_editor(*codenames):
    person = an_account()
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return person


# In texts


@pytest.mark.medium
def test_a_working_copy_says_what_the_fact_says_in_each_language():
    fact = a_fact()
    page = a_page_with(fact)
    assert text_of(page).body_en == f"<p>Canada committed {marked(fact.key, WORDS['en'])} for Iraq.</p>"
    assert text_of(page).body_fr == f"<p>Le Canada a promis {marked(fact.key, WORDS['fr'])} pour l’Irak.</p>"
    assert {(row.kind, row.name) for row in DraftReference.objects.filter(page=page)} == {
        ("nothing", ""),
        ("fact", fact.key),
    }
    assert EditionReference.objects.filter(page=page, kind="fact", name=fact.key).exists()


def test_words_that_name_no_fact_are_words_like_all_others():
    page = a_page()
    a_text(page, body_en=f"<p>It cost {marked('forged', '$9')}.</p>", body_fr="<p>Coût.</p>")
    indexes.update_drafts([page])
    assert text_of(page).body_en == "<p>It cost $9.</p>"


def test_texts_without_facts_cost_no_query_more(django_assert_num_queries):
    plain, other = a_page(), a_page()
    for page in (plain, other):
        a_text(page)
    with django_assert_num_queries(KINDS + 10):
        indexes.update_drafts([plain])
    fact = a_fact()
    TextSection.objects.filter(parent=other).update(body_en=f"<p>{marked(fact.key, WORDS['en'])}</p>")
    with django_assert_num_queries(KINDS + 10 + 1):  # the facts
        indexes.update_drafts([other])


@pytest.mark.medium
def test_readers_are_sent_words_alone_in_one_query(client, django_assert_num_queries):
    a_home_page()
    page = a_page_with(a_fact())
    with django_assert_num_queries(1):
        response = client.get(f"/fr/{page.address_fr}")
    assert "promis 4\u00a0milliards de dollars pour" in response.text
    assert "<data" not in response.text and "fact:" not in response.text  # noqa: PT018


@pytest.mark.medium
def test_an_edition_keeps_what_it_said():
    fact = a_fact()
    page = a_page_with(fact)
    change_figure(fact)
    assert "$5 billion" in text_of(page).body_en
    document = live(page).read()
    assert WORDS["en"] in document.blocks[0].body.en
    view = rendering.render_edition(Edition.objects.with_navigation("en", page.address_en)[0], "en", [])
    assert "$4\u00a0billion" in str(view.blocks[0].body)


@pytest.mark.medium
def test_key_figures_show_each_figure_large_with_its_label(client):
    a_home_page()
    page = a_page()
    fact = a_fact()
    line = f"<ul>\n<li>{marked(fact.key)} committed</li>\n<li>Over {marked(fact.key)} &amp; more</li>\n</ul>"
    texts = {"heading_en": "Figures", "heading_fr": "Chiffres", "figures_en": line, "figures_fr": line}
    KeyFigures.objects.create(parent=page, region="main", ordering=10, **texts)
    indexes.update_drafts([page])
    publishing.publish(page, by=None)
    shown = client.get(f"/fr/{page.address_fr}").text
    assert "<li><strong>4\u00a0milliards de dollars</strong> committed</li>" in shown
    assert "<li>Over <strong>4\u00a0milliards de dollars</strong> &amp; more</li>" in shown


@pytest.mark.medium
def test_words_before_a_key_figure_have_their_placeholders_filled_in(client):
    a_home_page()
    page = a_page()
    line = f"<p>Within {{reports_kept_days}} of it ({marked(a_fact().key)})</p>"
    texts = {"heading_en": "Figures", "heading_fr": "Chiffres", "figures_en": line, "figures_fr": line}
    KeyFigures.objects.create(parent=page, region="main", ordering=10, **texts)
    publishing.publish(page, by=None)
    shown = client.get(f"/en/{page.address_en}").text
    assert "{reports_kept_days}" not in shown
    assert re.search(r"<li>Within \d+\s\w+ of it \(<strong>[^<]+</strong>\)</li>", shown)


# Publishing everywhere


@pytest.mark.medium
def test_each_place_is_shown_with_the_text_around_it_before_and_after(admin_client):
    fact = a_fact()
    page = a_page_with(fact)
    change_figure(fact)
    shown = admin_client.get(f"{LIST}{fact.pk}/uses/").text
    assert "1 live page shows an earlier figure" in shown
    assert "Canada committed <del>$4 billion</del> for Iraq." in shown
    assert "Canada committed <ins>$5 billion</ins> for Iraq." in shown
    assert "Le Canada a promis <ins>5 milliards de dollars</ins> pour l’Irak." in shown
    assert f"/admin/pages/page/{page.pk}/change/" in shown
    assert "other changes" not in shown


def posted(client, fact, **more):
    shown = client.get(f"{LIST}{fact.pk}/uses/")
    return client.post(f"{LIST}{fact.pk}/uses/", fields(shown) | more, follow=True)


@pytest.mark.medium
def test_all_pages_are_published_together_each_as_an_edition(admin_client):
    fact = a_fact()
    pages = [a_page_with(fact) for _number in range(3)]
    never_public = a_page_with(fact, is_live=False)
    change_figure(fact)
    assert "3 pages were published with the figure" in posted(admin_client, fact).text
    assert all("$5 billion" in live(page).document for page in pages)
    assert {live(page).number for page in pages} == {2}
    assert not never_public.editions.exists()
    assert "3 live pages show the figure" in admin_client.get(f"{LIST}{fact.pk}/uses/").text


@pytest.mark.medium
def test_one_page_that_is_not_ready_keeps_all_from_being_published(admin_client):
    fact = a_fact()
    pages = [a_page_with(fact) for _number in range(2)]
    change_figure(fact)
    Page.objects.filter(pk=pages[0].pk).update(title_fr="")
    response = posted(admin_client, fact)
    assert "Nothing was published" in response.text
    assert {live(page).number for page in pages} == {1}


@pytest.mark.medium
def test_a_page_that_was_saved_meanwhile_is_shown_again_first(admin_client):
    fact = a_fact()
    page = a_page_with(fact)
    change_figure(fact)
    data = fields(admin_client.get(f"{LIST}{fact.pk}/uses/"))
    Page.objects.filter(pk=page.pk).update(title_en="Another", title_fr="Autre")
    response = admin_client.post(f"{LIST}{fact.pk}/uses/", data)
    assert "A page was saved after you opened this screen" in response.text
    assert "The working copy has other changes too" in response.text
    assert live(page).number == 1


@pytest.mark.medium
def test_an_archived_page_keeps_its_figure():
    fact = a_fact()
    page = a_page_with(fact)
    publishing.archive(page, by=None)
    change_figure(fact)
    [found] = FACTS.find_uses(fact)
    assert not found.is_waiting


@pytest.mark.medium
def test_a_scheduled_text_takes_the_figure_over():
    fact = a_fact()
    page = a_page_with(fact)
    row = text_of(page)
    row.body_en = row.body_en.replace("for Iraq", "for all of Iraq")
    row.save()
    publishing.publish(page, by=None, at=timezone.now() + timedelta(days=5))
    row.body_en = row.body_en.replace("for all of Iraq", "for Iraq")
    row.save()
    change_figure(fact)
    FACTS.publish_everywhere(fact, seen(FACTS.find_uses(fact)), by=None)
    [scheduled] = Edition.objects.scheduled().filter(page=page)
    assert f"committed {marked(fact.key, '$5 billion')} for all of Iraq" in scheduled.read().blocks[0].body.en


@pytest.mark.medium
@override_settings(REVIEW_BY_SECOND_PERSON=True)
def test_who_may_not_publish_alone_submits_all_for_review(client):
    fact = a_fact()
    pages = [a_page_with(fact) for _number in range(2)]
    change_figure(fact)
    client.force_login(an_editor("view_page", "change_page", "publish_page", "view_fact"))
    assert "2 pages were submitted for review" in posted(client, fact).text
    assert [live(page).number for page in pages] == [1, 1]
    assert Edition.objects.filter(status=Edition.Status.IN_REVIEW).count() == 2


@pytest.mark.medium
def test_who_may_only_look_is_offered_nothing(client):
    fact = a_fact()
    page = a_page_with(fact)
    change_figure(fact)
    client.force_login(an_editor("view_page", "view_fact"))
    assert "Publish all" not in client.get(f"{LIST}{fact.pk}/uses/").text
    assert client.post(f"{LIST}{fact.pk}/uses/", {"seen": ""}).status_code == 403
    assert live(page).number == 1


@pytest.mark.medium
def test_publication_takes_as_many_queries_for_many_pages_as_for_few():
    def queries_for(number):
        fact = a_fact()
        for _number in range(number):
            a_page_with(fact)
        change_figure(fact)
        with CaptureQueriesContext(connection) as queries:
            FACTS.publish_everywhere(fact, seen(FACTS.find_uses(fact)), by=None)
        return len(queries)

    few, many = queries_for(2), queries_for(6)
    assert few == many


# In the admin


def test_a_fact_is_added_as_people_write_it_and_reads_by_the_rules_of_each_language(admin_client):
    data = {"name_en": "Commitment", "name_fr": "Engagement", "unit": "money", "value": "4 milliards de dollars",
            "currency": "CAD", "source": "Budget 2016", "as_of": "2022-03-31"}  # fmt: skip
    assert admin_client.post(f"{LIST}add/", data).status_code == 302
    fact = Fact.objects.get()
    assert (fact.key, fact.value, fact.as_of) == ("commitment", "4000000000", date(2022, 3, 31))
    shown = admin_client.get(LIST).text
    assert "$4\u00a0billion" in shown
    assert "4\u00a0milliards de dollars" in shown


@pytest.mark.parametrize(
    ("unit", "value", "told"),
    [
        ("money", "about 4", "Enter a number"),
        ("people", "1.5", "Enter a whole number of people"),
        ("date", "31/12/2020", "Enter a date as year, month and day"),
    ],
)
def test_a_value_that_is_none_is_refused_at_its_field(admin_client, unit, value, told):
    data = {"name_en": "A", "name_fr": "B", "unit": unit, "value": value, "currency": "CAD", "source": "C"}
    response = admin_client.post(f"{LIST}add/", data)
    assert told in str(response.context["adminform"].form.errors["value"])
    assert not Fact.objects.exists()


@pytest.mark.medium
def test_changing_the_figure_leads_to_the_pages_that_use_it(admin_client):
    fact = a_fact()
    page = a_page_with(fact)
    address = f"{LIST}{fact.pk}/change/"
    data = fields(admin_client.get(address), "fact_form")
    response = admin_client.post(address, data | {"value": "5 billion"})
    assert response.headers["Location"] == f"{LIST}{fact.pk}/uses/"
    assert "$5 billion" in text_of(page).body_en
    assert AuditEntry.objects.filter(object_id=str(fact.pk)).count() == 1
    response = admin_client.post(address, data | {"value": "5 billion", "source": "Another"})
    assert response.headers["Location"] == LIST


def test_a_fact_that_pages_use_is_not_deleted(admin_client):
    fact = a_fact()
    a_page_with(fact, is_live=False)
    assert admin_client.post(f"{LIST}{fact.pk}/delete/", {"post": "yes"}).status_code == 302
    assert Fact.objects.exists()


def test_the_dialog_finds_facts_by_words_of_both_languages(admin_client):
    a_fact(key="trade", name_en="Two-way trade", name_fr="Échanges commerciaux", value="88000000")
    a_fact(key="aid", name_en="Aid", name_fr="Aide")
    address = "/admin/pages/page/facts/"
    for words in ("trade", "echanges", "88 million"):
        [found] = admin_client.get(address, {"q": words}).json()["facts"]
        assert found["key"] == "trade"
    assert found["words"] == {"en": "$88 million", "fr": "88 millions de dollars"}
    assert admin_client.get(address, {"fact": "aid"}).json()["fact"]["names"]["fr"] == "Aide"
    assert admin_client.get(address, {"fact": "none"}).status_code == 404


@pytest.mark.medium
def test_a_fact_past_its_date_is_on_the_worklist_and_in_a_list_of_its_own(admin_client):
    today = timezone.localdate()
    a_fact(name_en="Late", review_by=today - timedelta(days=1))
    a_fact(name_en="In time", review_by=today)
    shown = admin_client.get("/admin/").text
    assert "Facts to check again" in shown
    assert "Late" in shown
    assert "In time" not in shown
    assert admin_client.get(f"{LIST}?review=overdue").context["cl"].result_count == 1


# Content files


@pytest.mark.medium
def test_content_files_carry_facts(tmp_path):
    fact = a_fact(key="commitment", as_of=date(2022, 3, 31), review_by=date(2027, 1, 1))
    page = a_page_with(fact, key="money")
    content_files.dump(tmp_path)
    assert (tmp_path / "facts.yaml").read_text() == (
        "- key: commitment\n  name:\n"
        f"    en: {fact.name_en}\n    fr: {fact.name_fr}\n"
        "  unit: money\n  value: '4000000000'\n  source: Global Affairs Canada\n"
        "  as_of: 2022-03-31\n  review_by: 2027-01-01\n"
    )
    changed = (tmp_path / "facts.yaml").read_text().replace("'4000000000'", "5 billion")
    (tmp_path / "facts.yaml").write_text(changed)
    content_files.load(tmp_path)
    assert Fact.objects.get().value == "5000000000"
    assert "$5 billion" in text_of(page).body_en


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (None, "No fact has the key “gone”. Add it to facts.yaml."),
        (
            "- key: gone\n  name: {en: A, fr: B}\n  unit: money\n  value: much\n  source: C\n",
            "Enter a number",
        ),
        ("- key: gone\n  name: {en: A}\n  unit: money\n  value: 4\n  source: C\n", "name_fr"),
        ("- key: gone\n  unit: [1]\n", "This is not text"),
        ("- key: gone\n  name: {en: A, fr: B}\n  unit: pounds\n  value: 4\n  source: C\n", "unit"),
        ("- key: gone\n  as_of: 4\n", "Enter a date"),
        ("- key: gone\n  colour: red\n", "colour"),
        ("- 4\n", "name-value pairs"),
        ("- {value: 4}\n", "Enter a key"),
    ],
)
def test_faults_of_facts_are_told_where_they_are(tmp_path, facts, told):
    (tmp_path / "pages").mkdir()
    body = f"blocks:\n- kind: text\n  key: a\n  body: {{en: '<p>{marked('gone')}</p>'}}\n"
    (tmp_path / "pages" / "home.yaml").write_text(f"title: {{en: Home, fr: Accueil}}\n{body}")
    if facts:
        (tmp_path / "facts.yaml").write_text(facts)
    with pytest.raises(content_files.ImportErrors, match=told):
        content_files.load(tmp_path)

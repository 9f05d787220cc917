"""Controlled vocabularies: loaded from CSV, chosen for pages, frozen into editions, and read by catalogues."""

import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages import content_files, page_templates, publishing, vocabulary_files, working_copy
from pages.content_checks import Site, findings
from pages.document import VOCABULARIES, Bilingual, Document, Term, digest, dumps, loads
from pages.indexes.claims import known_claims
from pages.models import Page, PageTerm, VocabularyTerm
from pages.models.vocabulary_term import loaded_vocabularies
from tests.admin_forms import change_address, fields, page_form
from tests.factories import (
    a_document,
    a_home_page,
    a_live_page,
    a_page,
    a_template,
    a_vocabulary_term,
)
from tests.test_page_html import page_html

SUBJECTS = "code,label_en,label_fr\ntrade,trade,commerce\naid,aid,aide\n"
BUSINESS = Term("business", Bilingual("business", "entreprises"))
TRADE = Term("trade", Bilingual("trade", "commerce"))
AID = Term("aid", Bilingual("aid", "aide"))


@pytest.fixture
def load(tmp_path):
    """Loads a file with this text into a vocabulary."""

    def loaded(text, vocabulary="subject", **options):
        (tmp_path / "terms.csv").write_text(text)
        call_command("load_vocabulary", vocabulary, str(tmp_path / "terms.csv"), verbosity=0, **options)

    return loaded


# Documents


def test_an_audience_of_the_list_that_there_was_is_stored_as_it_always_was():
    stored = dumps(Document("trade", audience=(BUSINESS,)))
    assert '"audience":"business"' in stored
    assert loads(stored).audience == (BUSINESS,)
    assert json.loads(dumps(Document("trade", subject=(TRADE,))))["subject"] == {
        "code": "trade",
        "label": {"en": "trade", "fr": "commerce"},
    }
    renamed = Document("trade", audience=(Term("business", Bilingual("companies", "entreprises")),))
    assert loads(dumps(renamed)) == renamed
    assert dumps(Document("trade")) == dumps(Document("trade", type=()))


def test_several_terms_of_a_vocabulary_are_stored_as_a_list_and_one_as_it_always_was():
    several = Document("trade", audience=(BUSINESS, TRADE), subject=(AID, TRADE))
    stored = json.loads(dumps(several))
    assert stored["audience"] == ["business", {"code": "trade", "label": {"en": "trade", "fr": "commerce"}}]
    assert loads(dumps(several)) == several


@pytest.mark.parametrize(("language", "label"), [("en", "trade"), ("fr", "commerce")])
def test_catalogues_read_the_metadata_of_a_page_in_its_language(language, label):
    chosen = dict.fromkeys(VOCABULARIES, (TRADE,))
    html, without = page_html(language, **chosen), page_html(language)
    for name in ("creator", 'subject" title="gccore', 'audience" title="gcaudience', 'type" title="gctype'):
        assert f'<meta name="dcterms.{name}" content="{label}">' in html
    assert f'<meta name="dcterms.spatial" title="gcregions" content="{label}">' in html
    for name in ("subject", "audience", "type", "spatial"):
        assert f"dcterms.{name}" not in without
    assert 'dcterms.creator" content="' in without  # the name of the site


@pytest.mark.parametrize(("language", "labels"), [("en", ["aid", "trade"]), ("fr", ["aide", "commerce"])])
def test_each_of_several_terms_has_a_line_of_its_own_in_the_head(language, labels):
    html = page_html(language, subject=(AID, TRADE))
    assert re.findall('name="dcterms.subject" title="gccore" content="([^"]*)"', html) == labels


# Content checks


def test_metadata_that_is_missing_is_a_suggestion_where_the_site_has_a_vocabulary_for_it():
    def missing(document, *vocabularies):
        found = findings(document, Site(vocabularies=vocabularies))
        return [(each.path, each.rule.severity) for each in found if each.rule.id == "metadata-missing"]

    assert missing(a_document()) == []
    assert missing(a_document(), "subject", "type") == [(("subject",), "hints"), (("type",), "hints")]
    assert missing(a_document(subject=(TRADE,)), "subject") == []


@pytest.mark.django_db
def test_a_site_that_has_only_the_audiences_of_the_version_before_is_not_asked_for_them():
    a_vocabulary_term("audience", "media")
    assert loaded_vocabularies() == frozenset()
    a_vocabulary_term("type", "plan")
    assert loaded_vocabularies() == {"audience", "type"}
    page = a_page()
    assert known_claims(page, working_copy.read(page)).vocabularies == {"audience", "type"}


# Loading


@pytest.mark.django_db
def test_a_vocabulary_is_loaded_from_a_file_and_loaded_again_with_other_labels(load):
    load(SUBJECTS)
    page = a_live_page()
    Page.objects.filter(pk=page.pk).update(subject=VocabularyTerm.objects.get(code="trade"))
    page = Page.objects.get(pk=page.pk)
    edition = publishing.publish(page, by=None)
    load("\ufeffcode;label_fr;label_en\ntrade;échanges;exchanges\n", check=True)
    assert working_copy.read(Page.objects.get(pk=page.pk)).subject == (TRADE,)
    load("\ufeffcode;label_fr;label_en\ntrade;échanges;exchanges\n")
    assert working_copy.read(Page.objects.get(pk=page.pk)).subject[0].label == Bilingual(
        "exchanges", "échanges"
    )
    assert edition.read().subject == (TRADE,)
    assert page.draft_status.digest != page.draft_status.live_digest
    assert VocabularyTerm.objects.filter(vocabulary="subject").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("code,label_en\ntrade,trade\n", "These are missing: label_fr."),
        (
            "code,label_en,label_fr\ntrade,trade,commerce\ntrade,x,y\n",
            "line 3: code: The code “trade” is used twice.",
        ),
        ("code,label_en,label_fr\na b,trade,commerce\n", "line 2: code: Use at most 40 letters"),
        ("code,label_en,label_fr\ntrade,trade,\n", "line 2: label_fr: This field cannot be blank."),
        ("code,label_en,label_fr\ntrade,trade,commerce,more\n", "line 2: This line has more cells"),
        ("code,label_en,label_fr\n", "The file has no terms."),
        ("", "The first line must name the columns."),
    ],
)
def test_a_faulty_file_changes_nothing_and_says_why(load, text, reason):
    with pytest.raises(CommandError, match="Nothing was changed") as refusal:
        load(text)
    assert reason in str(refusal.value)
    assert not VocabularyTerm.objects.filter(vocabulary="subject").exists()


def test_a_file_that_is_not_there_is_said():
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_vocabulary", "type", "/nowhere/terms.csv")


def test_what_is_written_is_read_again():
    rows = vocabulary_files.read(SUBJECTS.encode(), "subject")
    assert vocabulary_files.read(vocabulary_files.write(rows).encode(), "subject")[0].code == "aid"


# Pages


@pytest.mark.django_db
@pytest.mark.medium
def test_the_form_of_a_page_offers_the_terms_of_the_vocabularies_that_the_site_has(staff_client):
    page, term = a_page(), a_vocabulary_term("subject", "trade", "trade", "commerce")
    data = page_form(staff_client, page)
    html = staff_client.get(change_address(page)).content.decode()
    assert f'name="subject" value="{term.pk}"' in html
    assert 'name="coverage"' not in html
    assert staff_client.post(change_address(page), data | {"subject": [str(term.pk)]}).status_code == 302
    page = Page.objects.get(pk=page.pk)
    assert working_copy.read(page).subject == (TRADE,)
    assert "subject" in staff_client.get(f"/admin/pages/page/{page.pk}/history/").content.decode()
    other = a_vocabulary_term("type", "plan")
    refused = staff_client.post(
        change_address(page), page_form(staff_client, page) | {"subject": [str(other.pk)]}
    )
    assert refused.status_code == 200


@pytest.mark.django_db
@pytest.mark.medium
def test_several_terms_are_chosen_in_the_form_frozen_and_brought_back(staff_client):
    page = a_page()
    aid, trade, peace = (a_vocabulary_term("subject", code) for code in ("aid", "trade", "peace"))

    def subjects():
        return [term.code for term in working_copy.read(Page.objects.get(pk=page.pk)).subject]

    for chosen in ([trade, aid], [peace, trade, aid]):
        data = page_form(staff_client, page) | {"subject": [str(row.pk) for row in chosen]}
        assert staff_client.post(change_address(page), data).status_code == 302
        assert subjects() == sorted(row.code for row in chosen)
    edition = publishing.publish(Page.objects.get(pk=page.pk), by=None)
    data = page_form(staff_client, page)
    assert sorted(data["subject"]) == sorted(str(row.pk) for row in (aid, trade, peace))
    assert staff_client.post(change_address(page), data | {"subject": [str(peace.pk)]}).status_code == 302
    assert subjects() == ["peace"]
    assert [term.code for term in edition.read().subject] == ["aid", "peace", "trade"]
    working_copy.write(edition.read())
    assert subjects() == ["aid", "peace", "trade"]


@pytest.mark.django_db
@pytest.mark.medium
@pytest.mark.parametrize("key", [str(2**63), "-" + "9" * 30, "9" * 5000, "x", "0"])
def test_a_term_that_there_cannot_be_is_refused_beside_its_field(staff_client, key):
    page = a_page()
    a_vocabulary_term("subject", "aid")
    answer = staff_client.post(change_address(page), page_form(staff_client, page) | {"subject": [key]})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["subject"]


@pytest.mark.django_db
@pytest.mark.medium
def test_a_term_that_is_one_of_several_of_a_page_stays(staff_client):
    aid, trade = (a_vocabulary_term("subject", code) for code in ("aid", "trade"))
    page = a_page()
    page.choose_terms({**dict.fromkeys(VOCABULARIES, ()), "subject": [trade, aid]})
    page.save()
    answer = staff_client.post(f"/admin/pages/vocabularyterm/{trade.pk}/delete/", {"post": "yes"})
    assert str(page) in answer.content.decode()
    assert VocabularyTerm.objects.filter(pk=trade.pk).exists()
    assert list(Page.objects.with_terms([trade])) == [page]
    page.delete()
    assert not PageTerm.objects.exists()


@pytest.mark.django_db
def test_a_page_that_is_saved_for_another_reason_keeps_its_terms():
    page = a_page()
    page.choose_terms(
        {
            **dict.fromkeys(VOCABULARIES, ()),
            "subject": [a_vocabulary_term("subject", code) for code in ("aid", "trade")],
        }
    )
    page.save()
    page = Page.objects.get(pk=page.pk)
    page.title_en = "Another title"
    page.save()
    assert len(working_copy.read(Page.objects.get(pk=page.pk)).subject) == 2


@pytest.mark.django_db
def test_terms_cost_no_query_when_pages_are_read_together():
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            for page in Page.objects.with_content():
                working_copy.read(page)
        return len(captured)

    page = a_page()
    before = queries()
    Page.objects.filter(pk=page.pk).update(
        **{name: a_vocabulary_term(name, "one") for name in ("creator", "subject", "type", "coverage")}
    )
    PageTerm.objects.create(page=page, term=a_vocabulary_term("subject", "two"))
    assert queries() == before


@pytest.mark.django_db
def test_a_page_keeps_its_audience_for_the_version_before_and_takes_over_what_that_wrote():
    business, media = a_vocabulary_term("audience", "business"), a_vocabulary_term("audience", "media")
    page = a_page(audience=business)
    assert Page.objects.values_list("stored_audience", flat=True).get(pk=page.pk) == "business"
    Page.objects.filter(pk=page.pk).update(stored_audience="media")
    Page.objects.adopt_audiences()
    page = Page.objects.get(pk=page.pk)
    assert page.audience == media
    page.audience = None
    page.save()
    Page.objects.adopt_audiences()
    assert Page.objects.get(pk=page.pk).audience is None


@pytest.mark.django_db
def test_a_restored_edition_brings_its_term_back_and_a_template_does_not():
    page = a_page(subject=a_vocabulary_term("subject", "trade", "trade", "commerce"))
    document = working_copy.read(Page.objects.with_content().get(pk=page.pk))
    template = page_templates.save_page(page, a_template())
    page.subject = None
    page.save()
    VocabularyTerm.objects.filter(code="trade").delete()
    made = page_templates.create_page(template, title=Bilingual("A", "A"), parent=a_home_page(), owner=None)
    assert made.subject is None
    working_copy.write(document)
    assert VocabularyTerm.objects.get(code="trade").read() == TRADE


@pytest.mark.django_db
def test_a_page_of_a_template_begins_with_its_terms():
    page = a_page(subject=a_vocabulary_term("subject", "trade", "trade", "commerce"))
    template = page_templates.save_page(Page.objects.get(pk=page.pk), a_template())
    VocabularyTerm.objects.filter(code="trade").update(label_en="exchanges")
    made = page_templates.create_page(template, title=Bilingual("A", "A"), parent=a_home_page(), owner=None)
    assert working_copy.read(made).subject[0].label.en == "exchanges"


@pytest.mark.django_db
def test_programs_read_the_terms_of_a_page_in_each_language(client):
    page = a_live_page(subject=a_vocabulary_term("subject", "trade", "trade", "commerce"))
    answer = client.get(f"/api/v1/pages/{page.key}").json()
    assert answer["en"]["subject"] == [{"code": "trade", "label": "trade"}]
    assert answer["fr"]["subject"] == [{"code": "trade", "label": "commerce"}]
    assert answer["en"]["type"] == []


# Files and the admin


@pytest.mark.django_db
def test_a_content_file_lists_several_terms_by_their_codes(tmp_path):
    home = a_home_page()
    home.choose_terms(
        {
            **dict.fromkeys(VOCABULARIES, ()),
            "subject": [a_vocabulary_term("subject", code) for code in ("trade", "aid")],
        }
    )
    home.save()
    content_files.dump(tmp_path)
    file = tmp_path / "pages" / "home.yaml"
    text = file.read_text()
    assert "subject:\n- aid\n- trade\n" in text
    content_files.load(tmp_path)
    content_files.dump(tmp_path)
    assert file.read_text() == text
    file.write_text(text.replace("- trade", "- aid"))
    with pytest.raises(content_files.ImportErrors, match="subject: Use each code only once"):
        content_files.load(tmp_path)
    file.write_text(text.replace("- trade", "- [trade]"))
    with pytest.raises(content_files.ImportErrors, match="has no term with the code"):
        content_files.load(tmp_path)


@pytest.mark.django_db
def test_vocabularies_and_terms_go_out_and_come_in_with_the_content_files(tmp_path):
    page = a_page(subject=a_vocabulary_term("subject", "trade", "trade", "commerce"))
    before = digest(dumps(working_copy.read(page)))
    content_files.dump(tmp_path)
    assert (
        tmp_path / "vocabularies" / "subject.csv"
    ).read_text() == "code,label_en,label_fr\ntrade,trade,commerce\n"
    assert "subject: trade\n" in (tmp_path / "pages" / f"{page.key}.yaml").read_text()
    Page.objects.update(subject=None)
    VocabularyTerm.objects.all().delete()
    content_files.load(tmp_path)
    assert digest(dumps(working_copy.read(Page.objects.get(pk=page.pk)))) == before
    (tmp_path / "vocabularies" / "subject.csv").write_text("code,label_en,label_fr\n")
    file = tmp_path / "pages" / "home.yaml"
    file.write_text("type: unknown\n" + file.read_text())
    with pytest.raises(content_files.ImportErrors) as refusal:
        content_files.load(tmp_path)
    assert {(each.file, each.field) for each in refusal.value.problems} == {
        ("vocabularies/subject.csv", ""),
        ("pages/home.yaml", "type"),
    }


@pytest.mark.django_db
@pytest.mark.medium
def test_a_label_is_changed_in_the_admin_and_a_term_that_pages_use_stays(staff_client):
    term = a_vocabulary_term("subject", "trade", "trade", "commerce")
    page = a_live_page(subject=term)
    address = f"/admin/pages/vocabularyterm/{term.pk}/"
    data = fields(staff_client.get(f"{address}change/"), "vocabularyterm_form")
    assert "code" not in data
    assert staff_client.post(f"{address}change/", data | {"label_en": "exchanges"}).status_code == 302
    status = Page.objects.get(pk=page.pk).draft_status
    assert status.digest != status.live_digest
    staff_client.post(f"{address}delete/", {"post": "yes"})
    assert VocabularyTerm.objects.filter(pk=term.pk).exists()
    assert "Exchanges" in staff_client.get("/admin/pages/vocabularyterm/?q=exch").content.decode()

"""The glossary: written in the admin, carried as CSV, and used by the content checks."""

import csv
import io
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from pages import content_files, glossary_files, publishing
from pages.content_checks import Site, findings
from pages.content_checks.examples import page_with
from pages.document import Bilingual
from pages.glossary import NO_GLOSSARY, Glossary, Term, Wording, split_lines
from pages.models.audit_entry import AuditEntry
from pages.models.glossary_term import MAX_PHRASES, GlossaryTerm, current_glossary
from tests.admin_forms import fields
from tests.factories import a_page, a_term, a_text, an_account

LIST = "/admin/pages/glossaryterm/"
ADD, IMPORT, EXPORT = f"{LIST}add/", f"{LIST}import/", f"{LIST}export/"

HEALTH = Wording("health care", avoid=("medicare",))
SOINS = Wording("soins de santé", avoid=("soins médicaux",))
COALITION = Term(Wording("Global Coalition", "GCD"), Wording("Coalition mondiale", "CMD", ("la Coalition",)))


def found_in(english, french, *terms):
    """The rules of the glossary, and of abbreviations, that find something, with the words that they found."""
    site = Site(glossary=Glossary(terms))
    page = page_with("body", Bilingual(english, french))
    ids = ("glossary", "abbreviation")
    return [
        (finding.rule.id, finding.language, finding.params.get("text"))
        for finding in findings(page, site)
        if finding.rule.id.startswith(ids)
    ]


# The content checks


def test_an_abbreviation_of_the_glossary_needs_no_explanation():
    said = ("Canada is in the GCD. The GCDs meet.", "Le Canada est dans la CMD.")
    assert [one[0] for one in found_in(*said)] == ["abbreviation-unexplained"] * 2
    assert found_in(*said, COALITION) == []


def test_an_abbreviation_of_the_glossary_in_the_other_language_is_found():
    assert ("abbreviation-of-other-language", "fr", "GCD") in found_in(
        "The Global Coalition (GCD) meets.", "La Coalition mondiale (GCD) se réunit.", COALITION
    )


def test_words_to_avoid_are_found_in_both_languages_with_the_word_to_use():
    found = found_in("Free Medicare for all.", "Des soins\u00a0médicaux gratuits.", Term(HEALTH, SOINS))
    assert found == [
        ("glossary-avoid", "en", "Medicare"),
        ("glossary-avoid", "fr", "soins\u00a0médicaux"),
    ]


@pytest.mark.parametrize(
    "text",
    ["The medicares are many.", "<p>See “medicare”.</p>"],
)
def test_words_to_avoid_are_found_in_the_plural_and_in_quotation_marks(text):
    assert [one[0] for one in found_in(text, "", Term(HEALTH, SOINS))] == ["glossary-avoid"]


@pytest.mark.parametrize(
    "text",
    [
        "<blockquote><p>They said medicare.</p></blockquote>",
        '<p><span lang="fr">medicare</span></p>',
        "<p>Write to medicare@example.org or see https://example.org/medicare.</p>",
        "<p>The medicareful are few, and non-medicare too.</p>",
    ],
)
def test_words_to_avoid_are_no_matter_in_what_others_say_and_in_parts_of_words(text):
    assert found_in(text, "", Term(HEALTH, SOINS)) == []


def test_a_word_to_avoid_with_a_capital_is_a_name_and_found_only_as_such():
    terms = Term(Wording("Daesh", avoid=("ISIS",)), Wording("Daech"))
    assert found_in("The goddess Isis.", "", terms) == []
    assert ("glossary-avoid", "en", "ISIS") in found_in("Against ISIS.", "", terms)


def test_a_word_to_avoid_that_is_a_part_of_a_term_is_left_alone():
    terms = [
        Term(Wording("aid", avoid=("assistance",)), Wording("aide")),
        Term(Wording("technical assistance"), Wording("aide technique")),
    ]
    assert (
        found_in("Canada gives technical assistance.", "Le Canada fournit une aide technique.", *terms) == []
    )


def test_a_term_that_the_french_passage_does_not_have_is_a_hint():
    found = found_in("Canada pays for health care.", "Le Canada finance la médecine.", Term(HEALTH, SOINS))
    assert found == [("glossary-term", "fr", "Le Canada finance la médecine.")]


@pytest.mark.parametrize(
    "french",
    [
        "Le Canada finance les soins de santé.",
        "Le Canada finance le soin de la santé.",
        "Le Canada finance la santé.",  # taken up in short
        "SOINS DE SANTE",
    ],
)
def test_the_french_term_counts_in_any_form(french):
    assert found_in("Canada pays for health care.", french, Term(HEALTH, SOINS)) == []


@pytest.mark.parametrize("french", ["La CMD agit.", "L’action de la Coalition.", "Une Coalition mondiale."])
def test_abbreviations_and_synonyms_stand_for_the_french_term(french):
    assert found_in("The Global Coalition acts.", french, COALITION) == []


def test_a_term_within_a_longer_one_is_not_asked_for():
    longer = Term(
        Wording("World Health Organization", "WHO"), Wording("Organisation mondiale de la Santé", "OMS")
    )
    health = Term(Wording("Health"), Wording("Hygiène"))
    assert found_in("The World Health Organization acts.", "L’OMS agit.", longer, health) == []


def test_passages_that_stand_in_no_common_place_are_not_compared():
    english, french = "<p>One.</p>\n<p>Health care.</p>", "<p>Un.</p>"
    assert "glossary-term" not in [one[0] for one in found_in(english, french, Term(HEALTH, SOINS))]


def test_each_passage_is_told_once_for_a_term():
    found = found_in("Health care is health care.", "La médecine.", Term(HEALTH, SOINS))
    assert [one[0] for one in found] == ["glossary-term"]


@pytest.mark.parametrize("odd", ["", "’", "-", "(", "a" * 200, "العراق", "<b>", "\\", ".*", "🎉"])
def test_odd_terms_break_no_check(odd):
    odd_wording = Wording(odd or "x", odd[:20], (odd,), (odd or "y",))
    found_in("Canada (العراق) is here.", "Le Canada.", Term(odd_wording, odd_wording))


# The table


@pytest.mark.django_db
def test_the_glossary_is_read_anew_as_soon_as_anything_in_it_changes():
    assert current_glossary() is NO_GLOSSARY
    row = a_term(term_en="health care", synonyms_en="care\ncare \n\nmedical care")
    first = current_glossary()
    assert [term.en for term in first] == [Wording("health care", synonyms=("care", "medical care"))]
    assert current_glossary() is first
    row.abbreviation_en = "HC"
    row.save()
    assert [term.en.abbreviation for term in current_glossary()] == ["HC"]
    other = a_term(term_en="aid")
    assert len(current_glossary().terms) == 2
    other.delete()
    assert len(current_glossary().terms) == 1
    GlossaryTerm.objects.all().delete()
    assert current_glossary() is NO_GLOSSARY


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 30])
def test_the_glossary_takes_one_query_while_it_stays_the_same(django_assert_num_queries, number):
    for count in range(number):
        a_term(term_en=f"term {count}")
    with django_assert_num_queries(2):
        current_glossary()
    with django_assert_num_queries(1):
        current_glossary()


def test_a_list_has_one_phrase_on_a_line():
    assert split_lines(" a \r\n\nb\na\n\u200b") == ("a", "b")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"term_en": ""}, "term_en"),
        ({"term_fr": ""}, "term_fr"),
        ({"term_en": "HEALTH CARE"}, "term_en"),
        ({"synonyms_fr": "\n".join(map(str, range(MAX_PHRASES + 1)))}, "synonyms_fr"),
        ({"avoid_en": "x" * 201}, "avoid_en"),
    ],
)
def test_what_is_no_term_is_refused_with_its_field(changes, field):
    a_term(term_en="health care")
    row = GlossaryTerm(**{"term_en": "aid", "term_fr": "aide", **changes})
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert set(refusal.value.message_dict) == {field}


@pytest.mark.medium
@pytest.mark.django_db
def test_a_site_that_lets_abbreviations_block_knows_those_of_its_glossary(settings):
    settings.CONTENT_CHECK_SEVERITIES = {"abbreviation-unexplained": "blocks"}
    page = a_page()
    a_text(page, body_en="<p>The GCD meets.</p>", body_fr="<p>La CMD se réunit.</p>")
    with pytest.raises(publishing.NotReady):
        publishing.publish(page, by=None)
    a_term(term_en="Global Coalition", abbreviation_en="GCD", abbreviation_fr="CMD")
    publishing.publish(page, by=None)
    assert page.editions.live().exists()


# The admin


def term_data(**changes):
    names = (
        f"{name}_{language}"
        for name in ("term", "abbreviation", "synonyms", "avoid")
        for language in ("en", "fr")
    )
    return {**dict.fromkeys(names, ""), "term_en": "health care", "term_fr": "soins de santé", **changes}


@pytest.mark.django_db
def test_a_term_is_added_changed_and_recorded(staff_client):
    assert staff_client.post(ADD, term_data(synonyms_en="care\nmedical care")).status_code == 302
    row = GlossaryTerm.objects.get()
    change = f"{LIST}{row.pk}/change/"
    data = fields(staff_client.get(change), "glossaryterm_form")
    assert data["synonyms_en"] == "care\r\nmedical care".replace("\r", "")
    staff_client.post(change, data | {"abbreviation_en": "HC"})
    assert GlossaryTerm.objects.get().abbreviation_en == "HC"
    assert AuditEntry.objects.about(GlossaryTerm, row.pk).count() == 2


@pytest.mark.django_db
def test_a_term_that_is_there_already_is_refused_beside_its_field(staff_client):
    a_term(term_en="Health care")
    answer = staff_client.post(ADD, term_data())
    assert answer.status_code == 200
    assert [line.target for line in answer.context["error_summary"].lines] == ["id_term_en"]


@pytest.mark.django_db
def test_the_list_shows_both_languages_and_takes_as_many_queries_for_many_terms(
    staff_client, django_assert_num_queries
):
    a_term(term_en="health care", term_fr="soins de santé", abbreviation_en="HC", synonyms_fr="soins\nsanté")
    shown = staff_client.get(LIST).content.decode()
    for text in ("health care", "soins de santé", "HC", "soins · santé", EXPORT, IMPORT):
        assert text in shown
    with django_assert_num_queries(20, exact=False) as few:
        staff_client.get(LIST)
    for number in range(20):
        a_term(term_en=f"term {number}")
    with django_assert_num_queries(len(few)):
        staff_client.get(LIST)


def upload(client, text, **extra):
    data = text if isinstance(text, bytes) else text.encode()
    return client.post(IMPORT, {"file": SimpleUploadedFile("glossary.csv", data), **extra})


def confirm(client, preview):
    form = preview.context["confirm"]
    return client.post(IMPORT, {name: form.initial[name] for name in ("text", "seen")})


@pytest.mark.django_db
def test_an_import_shows_what_it_changes_before_it_does(staff_client):
    known = a_term(term_en="health care", term_fr="soins de santé", abbreviation_en="HC")
    same = a_term(term_en="aid", term_fr="aide")
    text = "term_en,term_fr,synonyms_fr\nHealth care,soins médicaux,a | b\nNew,Nouveau,\naid,aide,\n"
    shown = upload(staff_client, text)
    assert [change.row.term_en for change in shown.context["added"]] == ["New"]
    assert [change.fields for change in shown.context["changed"]] == [("term_en", "term_fr", "synonyms_fr")]
    assert GlossaryTerm.objects.count() == 2
    assert confirm(staff_client, shown).status_code == 302
    known.refresh_from_db()
    assert (known.term_en, known.term_fr, known.synonyms_fr) == ("Health care", "soins médicaux", "a\nb")
    assert known.abbreviation_en == "HC"  # a column that the file lacks
    assert GlossaryTerm.objects.filter(term_en="New", term_fr="Nouveau").exists()
    assert AuditEntry.objects.about(GlossaryTerm, known.pk).count() == 1
    assert not AuditEntry.objects.about(GlossaryTerm, same.pk).exists()


@pytest.mark.django_db
def test_an_import_that_would_do_something_else_by_now_is_shown_again(staff_client):
    shown = upload(staff_client, "term_en,term_fr\naid,aide\n")
    a_term(term_en="aid", term_fr="secours")
    again = confirm(staff_client, shown)
    assert again.status_code == 200
    assert "glossary changed after you opened" in again.content.decode()
    assert GlossaryTerm.objects.get().term_fr == "secours"
    assert confirm(staff_client, again).status_code == 302
    assert GlossaryTerm.objects.get().term_fr == "aide"


@pytest.mark.django_db
def test_a_file_that_changes_nothing_says_so_and_offers_nothing(staff_client):
    a_term(term_en="aid", term_fr="aide")
    shown = upload(staff_client, "term_en,term_fr\naid,aide\n").content.decode()
    assert "changes nothing" in shown
    assert 'name="seen"' not in shown


@pytest.mark.django_db
def test_what_is_exported_can_be_imported_and_changes_nothing(staff_client):
    a_term(
        term_en="=SUM(A1)", term_fr="+1", abbreviation_en="@x", synonyms_en="-a\nb", avoid_fr="'=c\nd, “e”; f"
    )
    answer = staff_client.get(EXPORT)
    assert answer["Content-Disposition"].endswith('.csv"')
    data = answer.content
    assert data.startswith("\ufeffterm_en,".encode())
    for line in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)
    assert glossary_files.changes(data, GlossaryTerm.objects.all()) == []
    GlossaryTerm.objects.all().delete()
    assert confirm(staff_client, upload(staff_client, data)).status_code == 302
    assert GlossaryTerm.objects.get().avoid_fr == "'=c\nd, “e”; f"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfterm_en;term_fr\r\nhealth care;soins, de sant\xc3\xa9\r\n",
        "term_en\tterm_fr\nhealth care\tsoins, de santé".encode(),
        'Term_FR,"TERM_EN",\n"soins, de santé",health care,\n,,\n'.encode(),
    ],
    ids=["semicolons and a mark, as Excel in French", "tabs", "other order, empty columns and lines"],
)
def test_files_are_read_as_spreadsheets_write_them(data):
    [change] = glossary_files.changes(data, [])
    assert (change.row.term_en, change.row.term_fr) == ("health care", "soins, de santé")


BAD = {
    "nothing": (b"", None, "term_en, term_fr"),
    "no header": (b"health care,soins\n", None, "term_en, term_fr"),
    "a column missing": (b"term_en\naid\n", None, "term_fr"),
    "a column twice": (b"term_en,term_fr,term_fr\na,b,c\n", None, "twice"),
    "a column unknown": (b"term_en,term_fr,note\na,b,c\n", None, "note"),
    "a term without French": (b"term_en,term_fr\naid,\n", 2, "term_fr"),
    "a term without English": (b"term_en,term_fr\nx,y\n,aide\n", 3, "term_en"),
    "a term twice": (b"term_en,term_fr\naid,aide\nAid,secours\n", 3, "line 2"),
    "too many cells": (b"term_en,term_fr\na,b,c\n", 2, "more cells"),
    "a term too long": (b"term_en,term_fr\n" + b"x" * 201 + b",y\n", 2, "200"),
    "an abbreviation too long": (b"term_en,term_fr,abbreviation_en\na,b," + b"x" * 21, 2, "20"),
    "too many synonyms": (
        b"term_en,term_fr,synonyms_en\na,b," + b"|".join(b"%d" % n for n in range(30)),
        2,
        "20",
    ),
    "Latin-1": ("term_en,term_fr\naid,santé\n".encode("latin-1"), None, "CSV UTF-8"),
    "UTF-16": ("term_en,term_fr\naid,aide\n".encode("utf-16"), None, "UTF-8"),
    "NUL": (b"term_en,term_fr\na\0,b\n", None, "U+0000"),
    "too large": (b"term_en,term_fr\n" + b"x" * 500_000, None, "500 kB"),
    "too many lines": (b"term_en,term_fr\n" + b"a,b\n" * 3000, None, "too many"),
    "too many columns": (b"term_en,term_fr" + b"," * 400_000 + b"\na,b\n", None, "too many"),
    "a cell without an end": (b'term_en,term_fr\n"' + b"x" * 200_000, 2, "not CSV"),
}


@pytest.mark.parametrize(("data", "line", "said"), [*BAD.values()], ids=[*BAD])
def test_a_file_with_a_fault_is_refused_with_its_line(data, line, said):
    with pytest.raises(glossary_files.GlossaryErrors) as refusal:
        glossary_files.changes(data, [])
    problem = refusal.value.problems[0]
    assert problem.line == line
    assert said in problem.message


def test_no_more_faults_are_told_than_anybody_reads():
    with pytest.raises(glossary_files.GlossaryErrors) as refusal:
        glossary_files.changes(b"term_en,term_fr\n" + b",x\n" * 1500, [])
    assert len(refusal.value.problems) == glossary_files.MAX_PROBLEMS


@pytest.mark.django_db
def test_a_refused_file_changes_nothing_and_says_why(staff_client):
    shown = upload(staff_client, "term_en,term_fr\naid,aide\naid,x\n").content.decode()
    assert "line 3: term_en: This term is also in line 2. Keep one." in shown
    assert not GlossaryTerm.objects.exists()
    for sent in ({}, {"file": ""}, {"text": "x"}, {"text": "x", "seen": "y" * 99}):
        assert staff_client.post(IMPORT, sent).status_code == 200


@pytest.mark.django_db
def test_a_file_of_markup_is_shown_as_text(staff_client):
    shown = upload(staff_client, "term_en,term_fr\n<script>x</script>,العراق\n").content.decode()
    assert "<script>x" not in shown
    assert "العراق" in shown


@pytest.mark.django_db
@pytest.mark.parametrize("rights", [["view"], ["view", "change"], ["view", "add"]])
def test_who_may_not_add_and_change_terms_may_not_import_any(client, rights):
    person = an_account()
    person.user_permissions.set(
        Permission.objects.filter(codename__in=[f"{right}_glossaryterm" for right in rights])
    )
    client.force_login(person)
    assert client.get(EXPORT).status_code == 200
    assert client.get(IMPORT).status_code == 403
    assert IMPORT not in client.get(LIST).content.decode()
    person.user_permissions.clear()
    client.force_login(type(person).objects.get(pk=person.pk))
    assert client.get(EXPORT).status_code == 403


# Content files


def folder_with(tmp_path, glossary):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "home.yaml").write_text("title: {en: Home, fr: Accueil}\n")
    (tmp_path / "glossary.csv").write_bytes(glossary)
    return tmp_path


@pytest.mark.django_db
def test_content_files_carry_the_glossary(tmp_path):
    content_files.load(folder_with(tmp_path, b"\xef\xbb\xbfterm_en;term_fr\r\naid;aide\r\n"))
    row = GlossaryTerm.objects.get()
    assert (row.term_en, row.term_fr) == ("aid", "aide")
    assert content_files.read(tmp_path).unread_files == ()
    out = tmp_path / "out"
    content_files.dump(out)
    assert (out / "glossary.csv").read_text().splitlines()[1] == "aid,aide,,,,,,"
    row.delete()
    content_files.load(out)
    assert GlossaryTerm.objects.get().term_fr == "aide"


@pytest.mark.django_db
def test_content_files_with_a_faulty_glossary_change_nothing(tmp_path):
    folder = folder_with(tmp_path, b"term_en,term_fr\naid,\n")
    with pytest.raises(content_files.ImportErrors) as refusal:
        content_files.load(folder)
    [problem] = refusal.value.problems
    assert str(problem).startswith("glossary.csv: line 2: term_fr:")
    (folder / "glossary.csv").unlink()
    (folder / "glossary.csv").symlink_to("/dev/zero")
    with pytest.raises(content_files.ImportErrors):
        content_files.load(folder)
    assert not GlossaryTerm.objects.exists()


def test_every_term_of_the_starter_glossary_is_a_pair():
    data = (Path(content_files.__file__).parent.parent / "starter" / "glossary.csv").read_bytes()
    found = glossary_files.changes(data, [])
    assert len(found) > 15
    assert glossary_files.write(change.row for change in found).encode() == data

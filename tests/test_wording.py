"""The words of the interface: one term for one concept, also where the sentence is another package's."""

import re
from pathlib import Path

import polib
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils.translation import override

from pages.models.audit_entry import AuditEntry
from tests.factories import a_partner, an_account

ROOT = Path(__file__).resolve().parent.parent

# What the interface says no more, and what it says instead (in the singular or the plural, of any case).
RETIRED = {
    "alike": "similar",
    "anew": "again",
    "e-mails?": "email",
    "hints?": "suggestion",
    "kept apart": "held as spam",
    "leads? to": "goes to",
    "looked? at": "review, view",
    "lower-case": "lowercase",
    "meanwhile": "while",
    "no-break": "non-breaking",
    "(nobody|somebody|everybody)": "no one, someone, everyone",
    "pictures?": "image",
    "put right": "corrected, fixed",
    "repair(s|ed)?": "fix",
    "second factors?": "two-factor authentication",
    "stands": "is",
    "whoever": "anyone who, the person who",
    "wrong tr(y|ies)": "failed attempt",
}
RETIRED_IN_FRENCH = {
    "adresses? courriel": "adresse de courriel",
    "chemins? de navigation": "fil d’Ariane",
    "codes? de secours": "code de récupération",
    "examens?": "révision",
    "mise? à part": "retenu comme pourriel",
    "qui a fait quoi": "journal des activités",
    "seconds? facteurs?": "authentification à deux facteurs",
}


def entries(language):
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))


def texts_of(entry):
    return [text for text in (entry.msgstr, *entry.msgstr_plural.values()) if text]


@pytest.mark.medium
@pytest.mark.parametrize("word", RETIRED)
def test_no_english_text_of_ours_has_a_retired_word(word):
    texts = [text for entry in entries("fr") for text in (entry.msgid, entry.msgid_plural)]
    assert [text for text in texts if re.search(rf"\b{word}\b", text, re.IGNORECASE)] == []


@pytest.mark.parametrize("word", RETIRED_IN_FRENCH)
def test_no_french_text_has_a_retired_word(word):
    texts = [text for entry in entries("fr") for text in texts_of(entry)]
    assert [text for text in texts if re.search(rf"\b{word}\b", text, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("prefix", "title", "again"),
    [("", "Signed out", "Sign in again"), ("fr", "Session fermée", "Se connecter de nouveau")],
)
def test_the_admin_says_sign_in_and_sign_out_also_where_django_says_log(staff_client, prefix, title, again):
    if prefix:
        staff_client.cookies["django_language"] = prefix
    shown = staff_client.post("/admin/logout/").content.decode()
    assert f"<title>{title}" in shown.replace("\n", "")
    assert again in shown


@pytest.mark.parametrize(
    ("message", "english", "french"),
    [
        (
            '[{"deleted": {"name": "second factor", "object": "Sam"}}]',
            "Deleted two-factor authentication “Sam”.",
            "authentification à deux facteurs",
        ),
        (
            '[{"changed": {"fields": ["title", "owner", "review by"]}}]',
            "Changed title, page owner and content review date.",
            "titre, responsable de la page et date de révision du contenu",
        ),
    ],
)
def test_older_entries_of_the_audit_log_use_the_names_of_today(message, english, french):
    entry = AuditEntry(change_message=message)
    with override("en"):
        assert entry.get_change_message() == english
    with override("fr"):
        assert french in entry.get_change_message()


@pytest.mark.parametrize("message", ["Changed it.", "", "7", "[]", '[{"added": {}}]'])
def test_other_entries_of_the_audit_log_stay_as_they_are(message):
    django = LogEntry(change_message=message).get_change_message()
    assert AuditEntry(change_message=message).get_change_message() == django


def sources(*endings):
    folders = [ROOT / name for name in ("accounts", "canada_iraq", "pages", "reports", "templates")]
    return [file for folder in folders for file in folder.rglob("*") if file.suffix in endings]


def test_no_sentence_of_ours_takes_a_date_from_the_formats_of_django_which_cannot_say_1er():
    formats = re.compile(r"""["'](DATE|DATETIME)_FORMAT["']""")
    found = [file for file in sources(".py", ".html", ".txt") if formats.search(file.read_text("utf-8"))]
    assert found == []


@pytest.mark.medium
@pytest.mark.parametrize(
    ("path", "english", "french"),
    [
        ("/admin/pages/page/", "Add page", "Ajouter une page"),
        ("/admin/pages/page/add/", "Add page", "Ajouter une page"),
        ("/admin/pages/partnerorganization/add/", "Add partner organization", "une organisation partenaire"),
        ("/admin/auth/user/", "Add user", "Ajouter un utilisateur"),
        ("/admin/auth/group/add/", "Add group", "Ajouter un groupe"),
    ],
)
def test_screens_of_models_have_titles_with_the_article_that_french_needs(
    staff_client, path, english, french
):
    assert english in staff_client.get(path).content.decode()
    staff_client.cookies["django_language"] = "fr"
    assert french in staff_client.get(path).content.decode()


@pytest.mark.medium
def test_a_form_is_called_after_what_the_person_may_do_with_it(client, staff_client):
    path = f"/admin/pages/partnerorganization/{a_partner().pk}/change/"
    assert "Edit partner organization" in staff_client.get(path).content.decode()
    reader = an_account()
    reader.user_permissions.add(Permission.objects.get(codename="view_partnerorganization"))
    client.force_login(reader)
    assert "View partner organization" in client.get(path).content.decode()


def test_the_french_of_django_has_no_name_without_its_article():
    message = '[{"deleted": {"name": "group", "object": "A"}}, {"changed": {"fields": ["title"]}}]'
    with override("fr"):
        told = AuditEntry(change_message=message).get_change_message()
    assert told == "Suppression\u00a0: groupe «\u00a0A\u00a0». Modification\u00a0: titre."

"""Text is clean wherever it comes from: no door forgets it, and what was stored before breaks nothing."""

import json
import re
import unicodedata
from importlib import import_module
from itertools import chain
from xml.etree import ElementTree

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, models
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

import pages.admin  # noqa: F401  so that every form is there
import reports.admin  # noqa: F401
from canada_iraq import identity
from pages import content_files, indexes, publishing
from pages.document import Bilingual
from pages.fields import PlainTextFormField, PlainTextMixin, RichTextField, StoredField
from pages.models.edition import Correction, Edition
from pages.models.indexes import SearchEntry
from pages.models.page import Page
from pages.models.partner import PartnerOrganization
from pages.search.results import results
from pages.text_cleaning import (
    MAX_MARKS,
    UNSEEN,
    UNSTORABLE,
    clean_json,
    clean_line,
    clean_lines,
    is_blank,
    unstorable_characters,
    without_nul,
    without_zero_width,
)
from reports.models import ProblemReport
from tests.factories import a_live_page, a_page, a_partner, a_text, an_account

SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"

# Of a text as it came: what is kept of it in one line, and in several.
CASES = {
    "words": ("Canada and Iraq", "Canada and Iraq", "Canada and Iraq"),
    "spaces within": ("a  b", "a  b", "a  b"),
    "spaces around": ("\u00a0 a \u2009", "a", "a"),
    "no-break spaces": (
        "25\u00a0000\u202f$ : « a »",
        "25\u00a0000\u202f$ : « a »",
        "25\u00a0000\u202f$ : « a »",
    ),
    "NUL": ("a\0b", "ab", "ab"),
    "controls": ("a\x01\x1b\x1fb\x7f\x80\x9f", "ab", "ab"),
    "vertical tab": ("a\vb", "a b", "a b"),
    "form feed": ("a \f b", "a b", "a   b"),
    "tab": ("a\tb", "a b", "a\tb"),
    "LF": ("a\nb", "a b", "a\nb"),
    "CR LF": ("a\r\nb\r\n\r\nc", "a b c", "a\nb\n\nc"),
    "CR": ("a\rb", "a b", "a\nb"),
    "next line": ("a\x85b", "a b", "a\nb"),
    "line separator": ("a\u2028b", "a b", "a\nb"),
    "paragraph separator": ("a\u2029b", "a b", "a\nb"),
    "decomposed": ("e\u0301te\u0301", "été", "été"),
    "override": ("\u202etxt.exe\u202c", "txt.exe", "txt.exe"),
    "isolate": ("\u2066a\u2069 \u2067b\u2068", "a b", "a b"),
    "embedding": ("\u202aa\u202b", "a", "a"),
    "marks of direction": ("C\u200e, \u200fa\u061c", "C\u200e, \u200fa\u061c", "C\u200e, \u200fa\u061c"),
    "Persian": ("می\u200cروم", "می\u200cروم", "می\u200cروم"),
    "Arabic": ("مُحَمَّد ه\u200d", "مُحَمَّد ه\u200d", "مُحَمَّد ه\u200d"),
    "family": ("👩\u200d👩\u200d👧 ☀\ufe0f", "👩\u200d👩\u200d👧 ☀\ufe0f", "👩\u200d👩\u200d👧 ☀\ufe0f"),
    "flag": (SCOTLAND, SCOTLAND, SCOTLAND),
    "tags": ("a\U000e0068\U000e0069\U000e0001", "a", "a"),
    "tags after a flag": ("🏴\U000e0068\U000e0069", "🏴", "🏴"),
    "soft hyphen": ("multi\u00adlateral", "multi\u00adlateral", "multi\u00adlateral"),
    "byte order mark": ("\ufeffa\ufeff", "a", "a"),
    "half a character": ("a\ud800b\udfff", "ab", "ab"),
    "noncharacters": ("a\ufdd0\ufffe\uffff\U0001fffe\U0010ffffb", "ab", "ab"),
    "annotation": ("\ufff9a\ufffab\ufffb\ufffc", "ab", "ab"),
    "nothing": ("", "", ""),
    "invisible": ("\u200b\u2060\u00ad\u200d \u200e", "", ""),
    "fillers": ("\u3164\u2800\u115f\u1160\uffa0", "", ""),
    "removed altogether": ("\u202e\0\ufeff", "", ""),
}


@pytest.mark.parametrize(("text", "line", "lines"), [*CASES.values()], ids=[*CASES])
def test_what_is_kept_of_a_text(text, line, lines):
    assert (clean_line(text), clean_lines(text)) == (line, lines)


characters = st.one_of(
    st.characters(),
    st.characters(categories=["Cc", "Cf", "Cs", "Mn", "Zs", "Zl", "Zp"]),
    st.sampled_from("\r\n\t\v\f \u0301\u0338🏴\U000e0067\u0344가각"),
)


@given(st.text(characters, max_size=40))
def test_a_clean_text_stays_as_it_is_and_holds_nothing_unwanted(text):
    for clean in (clean_line, clean_lines):
        cleaned = clean(text)
        assert clean(cleaned) == cleaned
        assert unicodedata.is_normalized("NFC", cleaned)
        assert not set(cleaned) & (UNSTORABLE | UNSEEN | set("\v\f\r\x85\u2028\u2029"))
    assert not set(clean_line(text)) & set("\n\t")


def test_marks_on_one_character_are_limited_so_that_long_ones_cost_no_more_than_their_length():
    text = "a" + "\u0301\u0316" * 200_000
    assert len(clean_line(text)) <= MAX_MARKS + 1
    assert clean_line("Việt Nam: ề̀̀") == unicodedata.normalize("NFC", "Việt Nam: ề̀̀")


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\u200b", "\u3164", "\u2800", "\u00ad", "\u200e\u200f"])
def test_a_text_of_invisible_characters_is_blank(text):
    assert is_blank(text)
    assert not is_blank(f"{text}a")


def test_characters_of_no_width_are_looked_through():
    assert without_zero_width("multi\u00adlat\u200beral\u2060 می\u200cروم") == "multilateral میروم"


def test_what_no_text_can_hold_is_named():
    assert unstorable_characters("a\0\x1b\0\ufffe") == ["U+0000", "U+001B", "U+FFFE"]
    assert unstorable_characters("a\tb\nc\u200b é") == []


def test_nul_alone_is_taken_from_what_is_carried():
    assert without_nul({"a\0": ["\0b", 1, None, {"c": "\0\x0b"}]}) == {"a": ["b", 1, None, {"c": "\x0b"}]}
    assert without_nul(b"\0") == b"\0"


def test_a_clean_document_is_not_written_again():
    text = '{"a": "é\\n\\"\\\\u"}'
    assert clean_json(text) == text
    assert json.loads(clean_json(json.dumps({"a": "b\0c\vd\ufffe"}))) == {"a": "bc d"}
    assert json.loads(clean_json(json.dumps({"a": "b\u202ec\x85"}, ensure_ascii=False))) == {"a": "bc\x85"}


# No door forgets it.

# Columns in which nobody writes: codes, digests, tokens, and what this software or Django makes of clean texts.
MADE = {
    "pages.AuditEntry": {"object_id", "change_message"},
    "pages.LibraryImage": {"digest"},
    "pages.PageTemplate": {"document", "allowed_blocks"},
    "pages.Page": {"stored_audience"},
    "pages.VocabularyTerm": {"code"},
    "pages.Edition": {"document", "digest"},
    "pages.Emergency": {"language"},
    "pages.SiteAlert": {"document"},
    "pages.CommentedPassage": {"language"},
    "pages.TranslationDecision": {"language", "digest", "before"},
    "pages.SearchEntry": {"language"},
    "pages.SearchWord": {"language", "word", "written"},
    "pages.TreePath": {"path"},
    "pages.SearchText": {"words", "text", "terms"},
    "pages.EditionClaim": {"about", "said", "value", "words"},
    "pages.EditionReference": {"kind", "name", "section"},
    "pages.DraftReference": {"kind", "name", "section"},
    "pages.PreviewLink": {"digest"},
    "pages.PublicImage": {"digest"},
    "pages.PublicFile": {"digest", "name"},
    "pages.Notification": {"kind"},
    "pages.NotificationPreferences": {"deliveries"},
    "pages.DismissedFinding": {"rule", "language", "fingerprint"},
    "pages.DraftStatus": {"digest", "live_digest"},
    "reports.ProblemReport": {"masked_kinds", "spam_sign"},
    "reports.TimelineEntry": {"values"},
    "accounts.FailedLoginCount": {"sender"},
    "canada_iraq.ScheduledJob": {"name", "result", "holder", "error"},
}
OURS = ("accounts", "pages", "reports", "canada_iraq")
DIRTY, CLEAN = "\u202e e\u0301\v\x01a\ufeff", "é a"


def text_fields():
    for model in chain.from_iterable(
        apps.get_app_config(name).get_models(include_auto_created=True) for name in OURS
    ):
        for field in model._meta.local_concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
            is_code = (
                field.choices or isinstance(field, models.SlugField | StoredField) or field.name == "region"
            )
            if is_text and not is_code and field.name not in MADE.get(model._meta.label, ()):
                yield pytest.param(model, field, id=f"{model._meta.label}.{field.name}")


@pytest.mark.parametrize(("model", "field"), list(text_fields()))
def test_every_text_of_every_model_is_clean_on_its_way_in_and_out(model, field):
    if isinstance(field, RichTextField):
        row = model(**{field.attname: f"<p>{DIRTY}</p>"})
        assert field.pre_save(row, True) == getattr(row, field.attname) == f"<p>{CLEAN}</p>"
        return
    assert isinstance(field, PlainTextMixin)
    row = model(**{field.attname: DIRTY})
    assert field.pre_save(row, True) == getattr(row, field.attname) == CLEAN
    assert field.get_prep_value(DIRTY) == field.to_python(DIRTY) == CLEAN
    assert field.from_db_value(DIRTY, None, connection) == CLEAN
    assert isinstance(field.formfield(), PlainTextFormField)
    assert field.formfield().multiline is field.multiline


def test_the_columns_are_those_of_djangos_own_fields():
    field = Edition._meta.get_field("title_en")
    assert field.deconstruct()[1] == "django.db.models.CharField"
    assert PartnerOrganization._meta.get_field("description").deconstruct()[1] == "django.db.models.TextField"


def all_forms(form=forms.BaseForm):
    for kind in form.__subclasses__():
        yield kind
        yield from all_forms(kind)


def written_fields():
    for form in dict.fromkeys(all_forms()):
        for name, field in getattr(form, "base_fields", {}).items():
            is_written = isinstance(field, forms.CharField) and not field.widget.is_hidden
            if form.__module__.startswith(OURS) and is_written:
                yield pytest.param(field, id=f"{form.__module__}.{form.__qualname__}.{name}")


# To sign in with: nothing of these is stored, and a password may hold anything.
NEVER_STORED = ("username", "password", "code")


@pytest.mark.parametrize("field", [case for case in written_fields() if not case.id.endswith(NEVER_STORED)])
def test_every_field_of_every_form_that_people_write_in_is_clean(field):
    assert isinstance(field, PlainTextFormField)


@pytest.mark.django_db
def test_every_form_of_the_admin_is_clean():
    request = RequestFactory().get("/admin/")
    request.user = an_account(is_superuser=True)
    checked = set()
    for model, model_admin in admin.site._registry.items():
        if not model_admin.has_change_permission(request):
            continue
        inlines = (inline.get_formset(request).form for inline in model_admin.get_inline_instances(request))
        account = request.user if model is get_user_model() else None  # a new one has no names yet
        for form in (model_admin.get_form(request, account, change=bool(account)), *inlines):
            for name, field in form.base_fields.items():
                if isinstance(field, forms.CharField) and not field.widget.is_hidden:
                    checked.add((form._meta.model, name))
                    assert _is_clean(form._meta.model, name, field), (form, name)
    assert {(Page, "title_fr"), (get_user_model(), "last_name"), (Group, "name")} <= checked


def _is_clean(model, name, field):
    """Whether the field cleans, takes letters and digits only, is rich text (cleaned by the model) or is not shown."""
    column = model._meta.get_field(name)
    if name in MADE.get(model._meta.label, ()):
        return True
    if isinstance(column, RichTextField | models.SlugField | models.EmailField) or name == "username":
        return True
    return isinstance(field, PlainTextFormField)


@pytest.mark.django_db
def test_names_of_accounts_are_clean():
    model_admin = admin.site._registry[get_user_model()]
    request = RequestFactory().get("/admin/")
    request.user = account = an_account(is_superuser=True)
    field = model_admin.get_form(request, obj=account, change=True).base_fields["first_name"]
    assert field.clean("\u202eZoe\u0308\v") == "Zoë"
    assert field.max_length == 150


class LineForm(forms.Form):
    line = PlainTextFormField(max_length=3)


@pytest.mark.parametrize("text", ["e\u0301" * 3, "\u202eabc\u202c", "ab\x01c", " abc\v"])
def test_the_length_is_counted_once_a_text_is_clean(text):
    assert LineForm({"line": text}).is_valid()
    assert not LineForm({"line": text + "d"}).is_valid()


@pytest.mark.parametrize("text", ["\u200b", "\u3164\u3164", "\u2800", "\u00a0", "\u202e", "\u00ad"])
def test_a_required_text_of_invisible_characters_is_missing(text):
    form = LineForm({"line": text})
    assert form.errors.as_data()["line"][0].code == "required"


def test_nul_is_refused_in_a_form():
    form = LineForm({"line": "a\0"})
    assert form.errors.as_data()["line"][0].code == "null_characters_not_allowed"


@pytest.mark.django_db
def test_no_way_into_the_database_passes_the_cleaning_by():
    page = a_page(title_en=DIRTY)
    assert page.title_en == CLEAN
    [other] = Page.objects.bulk_create([Page(key="other", parent=page, title_en=DIRTY)])
    assert Page.objects.filter(title_en=DIRTY).count() == 2
    Page.objects.update(description_fr=DIRTY)
    other.title_fr = DIRTY
    Page.objects.bulk_update([other], ["title_fr"])
    assert stored("pages_page", "title_en", "description_fr", "title_fr")[-1] == (CLEAN, CLEAN, CLEAN)


def stored(table, *columns):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")
        return cursor.fetchall()


def test_the_file_of_the_identity_is_clean(tmp_path):
    text = (identity_folder() / "identity.toml").read_text(encoding="utf-8")
    name = re.search('^en = "(.*)"', text, re.MULTILINE)[1]
    (tmp_path / "identity.toml").write_text(
        text.replace(f'en = "{name}"', 'en = "Ca\\u000B na\\u202Eda\\u0000"', 1), encoding="utf-8"
    )
    assert "Ca nada" in str(identity.read(tmp_path))


def identity_folder():
    return identity.Path(__file__).parent.parent / "identity"


# What was stored before there was this rule


OLD = "Old\x0b title\x01\u202e\ufffe"


@pytest.fixture
def old_site(db):
    """A live page with a correction whose texts were written without being cleaned."""
    page = a_live_page(title_en="Trade", address_en="trade", address_fr="commerce")
    a_text(page, body_en="<p>First.</p>", body_fr="<p>D’abord.</p>")
    publishing.publish(page, by=None, correction=Bilingual("Corrected.", "Corrigé."))
    for edition in page.editions.all():
        document = json.loads(edition.document)
        document["title"]["en"] = document["description"]["en"] = OLD
        document["introduction"]["en"] = f"<p>{OLD}</p>"
        columns = ("title_en", "description_en")
        write_raw(edition, document=json.dumps(document, ensure_ascii=False), **dict.fromkeys(columns, OLD))
    write_raw(Correction.objects.get(), text_en=OLD)
    write_raw(page, title_en=OLD, description_en=OLD)
    return Page.objects.get(pk=page.pk)


def write_raw(row, **columns):
    names = ", ".join(f"{name} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {names} WHERE id = %s", [*columns.values(), row.pk])


@pytest.mark.medium
@pytest.mark.parametrize("address", ["/en/feed", "/fr/fil", "/en/corrections.atom", "/sitemap.xml"])
def test_feeds_are_xml_whatever_was_stored(client, old_site, address):
    response = client.get(address)
    assert response.status_code == 200
    assert len(ElementTree.fromstring(response.content)) > 1


@pytest.mark.medium
def test_old_texts_are_shown_without_what_nobody_sees(client, old_site):
    assert "Old title" in client.get("/en/feed").text
    assert "<h1" in client.get("/en/trade").text
    assert not set(client.get("/en/trade").text) & (UNSEEN | UNSTORABLE | {"\v"})
    assert old_site.editions.first().read().title.en == "Old  title"


@pytest.mark.medium
def test_an_old_site_can_be_indexed_exported_and_loaded_again(old_site, tmp_path):
    indexes.rebuild(["search"])
    assert [found.path for found in results("old title", "en").found] == ["/en/trade"]
    content_files.dump(tmp_path)
    written = {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    content_files.load(tmp_path)
    content_files.dump(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")} == written


REAL = (
    "Zoë’s “co\u00adop” — 25\u00a0000\u202f$ | می\u200cروم | \u200fالعراق\u200e | 👩\u200d🚒 ☀\ufe0f | "
    + SCOTLAND
    + " | Kurdî ئێمە | ½ ﬁ № \u2011"
)


@pytest.mark.medium
@pytest.mark.django_db
def test_texts_of_all_scripts_are_exported_and_loaded_byte_for_byte(tmp_path):
    page = a_page(title_en=REAL, title_fr=REAL)
    a_text(page, heading_en=REAL, body_en=f"<p>{REAL}</p>", body_fr=f"<p>{REAL}</p>")
    a_partner(name_en=REAL, description_fr=REAL)
    assert Page.objects.get(pk=page.pk).title_en == REAL
    content_files.dump(tmp_path)
    written = {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    Page.objects.filter(pk=page.pk).update(title_en="", title_fr="")
    content_files.load(tmp_path)
    content_files.dump(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")} == written
    assert Page.objects.get(pk=page.pk).title_fr == REAL


# A word is found, and personal information masked, whatever stands unseen in it


@pytest.mark.medium
@pytest.mark.django_db
@pytest.mark.parametrize(
    "written", ["multi\u00adlat\u00aderal", "multi\u200blateral", "multi\u2060lateral\ufeff"]
)
@pytest.mark.parametrize(
    "typed", ["multilateral", "multi\u00adlateral", "\u200bmultilateral", '"multilateral work"']
)
def test_a_word_is_found_and_marked_with_or_without_characters_of_no_width(written, typed):
    page = a_page()
    a_text(page, body_en=f"<p>Some {written} work.</p>")
    publishing.publish(page, by=None)
    [found] = results(typed, "en").found
    assert "<mark>multi" in found.extract


@pytest.mark.medium
@pytest.mark.django_db
def test_pages_with_such_words_are_indexed_again_after_the_upgrade():
    plain, title, text = a_live_page(), a_live_page(title_en="So\u00adft"), a_page()
    a_text(text, body_fr="<p>Mou\u200b.</p>")
    publishing.publish(text, by=None)
    migration = import_module("pages.migrations.0022_search_entries_with_unseen_characters")
    migration.forget(apps, None)
    assert set(SearchEntry.objects.filter(page__in=[plain, title, text]).values_list("page", flat=True)) == {
        plain.pk
    }
    assert indexes.backfill()
    assert [found.path for found in results("soft", "en").found] == [f"/en/{title.address_en}"]


@pytest.mark.medium
@pytest.mark.django_db
def test_a_report_keeps_no_decomposed_date_of_birth(client):
    a_live_page(key="trade")
    details = unicodedata.normalize("NFD", "Je suis née le 3 mars 1980")
    answer = client.post("/fr/signaler-un-probleme/trade", {"details": details, "edition": 1})
    assert "née le [date]" in answer.text
    assert not ProblemReport.objects.exists()


@pytest.mark.django_db
def test_a_report_is_stored_clean(client):
    a_live_page(key="trade")
    details = "\u202eCafe\u0301\v\u2028\r\nfermé\u2029"
    client.post("/fr/signaler-un-probleme/trade", {"details": details, "edition": 1})
    assert ProblemReport.objects.get().details == "Café \n\nfermé"

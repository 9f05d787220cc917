"""The screens on which translation files are downloaded, and brought back once it was shown what they change."""

import io
import re
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from pages import page_status, publishing, xliff
from pages.admin import translation_files as screens
from pages.models import Page
from pages.models.audit_entry import AuditEntry
from pages.models.review import TranslationDecision
from tests.admin_forms import fields
from tests.factories import a_fact, a_live_page, a_page, a_term, a_text, an_account

pytestmark = pytest.mark.django_db

ALL = "/admin/pages/page/translation-files/"


@pytest.fixture(autouse=True)
def editor(client):
    person = an_account()
    person.user_permissions.set(Permission.objects.filter(codename__in=["change_page", "view_page"]))
    client.force_login(person)
    return person


def screen(page):
    return f"/admin/pages/page/{page.pk}/translation-file/"


def an_untranslated_page(**changes):
    page = a_page(title_fr="", description_fr="", introduction_fr="", **changes)
    a_text(page, key="one", heading_en="Trade", heading_fr="", body_en="<p>Wheat</p>\n<p>Oil</p>", body_fr="")
    return page


def download(client, page, **options):
    response = client.get(screen(page), {"source": "en", "scope": "all", **options})
    assert response["Content-Type"].startswith(xliff.CONTENT_TYPE)
    return response.content


def translated(data, **words):
    """The file with a target for each segment: the source in capitals, or what `words` say of a source."""
    text = re.sub(r"<target.*?</target>\n", "", data.decode(), flags=re.DOTALL)

    def target(found):
        source = found[1]
        said = words.get(source) or re.sub(
            "(<[^>]*>)|([^<]+)", lambda part: part[1] or part[2].upper(), source
        )
        return f"{found[0]}\n<target>{said}</target>"

    return re.sub(r"<source[^>]*>(.*?)</source>", target, text, flags=re.DOTALL).encode()


def upload(client, address, data, name="file.xlf"):
    return client.post(address, {"file": SimpleUploadedFile(name, data)})


def confirm(client, address, response, **changes):
    sent = fields(response)
    sent.pop("file", None)
    return client.post(address, {**sent, **changes})


def bring_back(client, page, data):
    return confirm(client, screen(page), upload(client, screen(page), data))


def the_page(page):
    return Page.objects.with_content().get(pk=page.pk)


def the_text(page):
    return the_page(page).pages_textsection_set.get()


# Out


def test_the_file_of_a_page_is_named_after_its_title_in_the_language_of_the_person(client):
    page = an_untranslated_page(title_en="Trade & relations")
    name = client.get(screen(page), {"source": "en", "scope": "all"})["Content-Disposition"]
    assert re.fullmatch(
        r'attachment; filename="translation-trade-relations-en-fr-\d{4}-\d\d-\d\d\.xlf"', name
    )
    client.cookies["django_language"] = "fr"
    french = client.get(screen(page), {"source": "en", "scope": "all"})["Content-Disposition"]
    assert "traduction-trade-relations" in french


def test_only_what_needs_a_translation_is_proposed_and_counted(client):
    page = an_untranslated_page(
        description_en="Done",
    )
    Page.objects.filter(pk=page.pk).update(description_fr="Fait")
    response = client.get(screen(page))
    assert "4 of 5 texts to translate" in response.content.decode()
    assert fields(response)["scope"] == ["needed"]
    [file] = xliff.read(client.get(screen(page), {"source": "en", "scope": "needed"}).content)
    assert "description" not in {segment.id for segment in file.segments}


def test_a_text_that_changed_in_one_language_goes_out_with_its_translation(client):
    page = a_live_page(introduction_en="<p>Old</p>", introduction_fr="<p>Ancien</p>")
    Page.objects.filter(pk=page.pk).update(introduction_en="<p>New</p>")
    [file] = xliff.read(client.get(screen(page), {"source": "en", "scope": "needed"}).content)
    assert [(segment.id, segment.target, segment.state) for segment in file.segments] == [
        ("introduction.1", ("Ancien",), "needs-review-translation")
    ]


def test_a_page_without_anything_to_translate_says_what_to_do(client):
    page = a_page()
    response = client.get(screen(page), {"source": "en", "scope": "needed"})
    assert "There is nothing to translate. Choose all texts" in response.content.decode()


def test_terms_of_the_glossary_go_along(client):
    a_term(term_en="wheat", term_fr="blé")
    assert "Glossary: wheat = blé" in download(client, an_untranslated_page()).decode()


def test_several_pages_are_an_archive_with_a_file_for_each(client):
    pages = [an_untranslated_page() for _number in range(3)]
    ids = ",".join(str(page.pk) for page in pages)
    response = client.get(ALL, {"pages": ids, "source": "en", "scope": "needed"})
    names = zipfile.ZipFile(io.BytesIO(response.content)).namelist()
    assert [name[-4:] for name in names] == [".xlf"] * 3
    assert all(any(page.key in name for name in names) for page in pages)


def test_the_list_of_pages_leads_to_the_files_of_those_selected(client):
    page = an_untranslated_page()
    response = client.post(
        "/admin/pages/page/", {"action": "bulk_translation_files", "_selected_action": [page.pk]}
    )
    assert response["Location"] == f"{ALL}?pages={page.pk}"
    assert str(page) in client.get(response["Location"]).content.decode()


def test_an_export_takes_as_many_queries_for_many_pages_as_for_few(client):
    def queries(pages):
        address = f"{ALL}?pages={','.join(str(page.pk) for page in pages)}&source=en&scope=needed"
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(address).status_code == 200
        return len(found)

    pages = [an_untranslated_page() for _number in range(6)]
    queries(pages)
    assert queries(pages) == queries(pages[:2])


# In


def test_a_translation_is_shown_first_and_saved_in_the_working_copy_only(client, editor):
    page = an_untranslated_page()
    data = translated(download(client, page), Wheat="Blé", Oil="Pétrole", Trade="Commerce")
    shown = upload(client, screen(page), data)
    assert "This file changes 5 texts." in shown.content.decode()
    assert the_text(page).body_fr == ""
    response = confirm(client, screen(page), shown)
    assert response["Location"] == f"/admin/pages/page/{page.pk}/change/"
    assert the_text(page).body_fr == "<p>Blé</p>\n<p>Pétrole</p>"
    assert the_text(page).heading_fr == "Commerce"
    assert page_status.page_status(the_page(page)).live is None
    entry = AuditEntry.objects.filter(object_id=str(page.pk)).latest("pk")
    assert entry.user == editor


def test_a_fact_has_its_words_in_the_language_of_the_translation(client):
    fact = a_fact()
    page = an_untranslated_page(introduction_en=f'<p>About <data value="fact:{fact.key}">x</data></p>')
    bring_back(client, page, translated(download(client, page)))
    assert fact.words["fr"] in the_page(page).introduction_fr
    assert fact.words["en"] not in the_page(page).introduction_fr


def test_only_the_texts_that_were_chosen_are_saved(client):
    page = an_untranslated_page()
    shown = upload(client, screen(page), translated(download(client, page)))
    confirm(client, screen(page), shown, field=[f"{page.pk}|title"])
    assert the_page(page).title_fr == the_page(page).title_en.upper()
    assert the_text(page).body_fr == ""


def test_a_choice_of_nothing_says_so(client):
    page = an_untranslated_page()
    shown = upload(client, screen(page), translated(download(client, page)))
    response = confirm(client, screen(page), shown, field=[])
    assert "No text was chosen. Nothing was saved." in response.content.decode()


def test_a_text_that_changed_since_is_shown_with_both_and_taken_when_chosen(client):
    page = an_untranslated_page()
    data = translated(download(client, page))
    Page.objects.filter(pk=page.pk).update(description_en="Said anew")
    shown = upload(client, screen(page), data)
    text = shown.content.decode()
    for words in ("The text was changed after the file was made.", "Said anew", "What the page tells."):
        assert words in text
    confirm(client, screen(page), shown)
    assert the_page(page).description_fr == ""
    shown = upload(client, screen(page), data)
    confirm(client, screen(page), shown, segment=[f"{page.pk}|description"])
    assert the_page(page).description_fr == "WHAT THE PAGE TELLS."


def test_a_page_that_was_saved_while_it_was_looked_at_is_shown_again(client):
    page = an_untranslated_page()
    shown = upload(client, screen(page), translated(download(client, page)))
    Page.objects.filter(pk=page.pk).update(title_fr="Autre")
    response = confirm(client, screen(page), shown)
    assert "The page was saved after you opened this screen. Check it again." in response.content.decode()
    assert the_text(page).body_fr == ""


def test_a_stale_text_is_settled_by_its_translation(client):
    page = a_live_page(introduction_en="<p>Old</p>", introduction_fr="<p>Ancien</p>")
    Page.objects.filter(pk=page.pk).update(introduction_en="<p>New</p>")
    data = client.get(screen(page), {"source": "en", "scope": "needed"}).content
    bring_back(client, page, translated(data, New="Nouveau"))
    assert (
        "No translation is out of date"
        in client.get(f"/admin/pages/page/{page.pk}/translations/").content.decode()
    )
    assert not TranslationDecision.objects.exists()


def test_a_heading_within_a_text_keeps_the_anchor_that_readers_know(client):
    page = a_page()
    a_text(
        page, body_en="<h3>Trade</h3>\n<p>x</p>", heading_fr="Commerce", body_fr="<h3>Commerce</h3>\n<p>y</p>"
    )
    publishing.publish(page, by=an_account())
    bring_back(client, page, translated(download(client, page), Trade="Échanges"))
    assert '<h3 id="commerce-2">Échanges</h3>' in the_text(page).body_fr


def test_the_file_of_another_page_is_refused_by_the_screen_of_a_page(client):
    page, other = an_untranslated_page(), an_untranslated_page()
    response = upload(client, screen(page), translated(download(client, other)))
    assert f"This is a translation of another page, “{other}”." in response.content.decode()


def test_the_file_of_a_page_that_is_gone_says_so(client):
    page = an_untranslated_page()
    data = translated(download(client, page))
    page.delete()
    assert "has been deleted" in upload(client, ALL, data).content.decode()


def test_a_file_that_names_no_page_is_taken_by_the_screen_of_a_page_alone(client):
    page = an_untranslated_page()
    data = re.sub(
        rb'original="[^"]*"',
        b'original=""',
        re.sub(rb"<skl>.*</skl>", b"", translated(download(client, page))),
    )
    assert "does not say which page" in upload(client, ALL, data).content.decode()
    assert "This file changes 5 texts." in upload(client, screen(page), data).content.decode()


def test_what_a_tool_writes_beside_the_texts_of_a_page_belongs_to_them(client):
    page = an_untranslated_page()
    data = download(client, page).decode()
    beside = re.search("<file .*</file>", translated(data.encode()).decode(), re.DOTALL)[0]
    beside = re.sub(r'original="[^"]*"', 'original="a.po"', re.sub("<skl>.*</skl>", "", beside))
    both = data.replace("</xliff>", f"{beside}</xliff>").encode()
    assert "This file changes 5 texts." in upload(client, screen(page), both).content.decode()
    assert "This file changes 5 texts." in upload(client, ALL, both).content.decode()


def test_an_archive_brings_back_several_pages_at_once_and_leads_to_their_publication(client):
    pages = [an_untranslated_page() for _number in range(3)]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writing:
        for page in pages:
            writing.writestr(f"fr/{page.key}.xlf", translated(download(client, page)))
        writing.writestr("__MACOSX/x.xlf", b"x")
        writing.writestr("readme.txt", b"x")
        writing.writestr("broken.xlf", b"<xliff")
    shown = upload(client, ALL, archive.getvalue(), "all.zip")
    assert "broken.xlf" in shown.content.decode()
    response = confirm(client, ALL, shown)
    assert all(the_text(page).body_fr == "<p>WHEAT</p>\n<p>OIL</p>" for page in pages)
    assert "/bulk/submit/?pages=" in response.content.decode()


def test_several_files_of_one_page_are_all_refused(client):
    page = an_untranslated_page()
    data = translated(download(client, page))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writing:
        writing.writestr("a.xlf", data)
        writing.writestr("b.xlf", data)
    text = upload(client, ALL, archive.getvalue()).content.decode()
    assert text.count("There are several files for the page") == 2
    assert 'name="field"' not in text


def test_a_file_without_any_translation_says_so(client):
    page = an_untranslated_page(title_en="Trade")
    data = re.sub(r"<target.*?</target>\n", "", download(client, page).decode(), flags=re.DOTALL)
    assert "The file has no translations." in upload(client, screen(page), data.encode()).content.decode()


def test_a_stale_text_that_came_back_in_part_stays_out_of_date(client):
    page = a_live_page(introduction_en="<p>One</p>\n<p>Two</p>", introduction_fr="<p>Un</p>\n<p>Deux</p>")
    Page.objects.filter(pk=page.pk).update(introduction_en="<p>New one</p>\n<p>New two</p>")
    data = client.get(screen(page), {"source": "en", "scope": "needed"}).content
    data = data.replace(b">Un<", b">Nouveau<")
    shown = upload(client, screen(page), data)
    text = shown.content.decode()
    assert "1 segment of this text is unchanged though its source changed." in text
    assert "This file changes 0 texts." in text
    confirm(client, screen(page), shown)
    assert the_page(page).introduction_fr == "<p>Un</p>\n<p>Deux</p>"
    shown = upload(client, screen(page), data)
    confirm(client, screen(page), shown, segment=[f"{page.pk}|introduction.2"])
    assert the_page(page).introduction_fr == "<p>Nouveau</p>\n<p>Deux</p>"


def test_a_file_that_lost_its_skeleton_warns_and_selects_nothing_that_replaces_a_translation(client):
    page = a_page(title_en="Trade", title_fr="Commerce")
    data = re.sub(rb"<skl>.*?</skl>", b"", translated(download(client, page)))
    text = upload(client, screen(page), data).content.decode()
    assert "has removed what tells whether someone changed a translation here" in text
    assert not re.search(r'name="field" value="[^"]*\|title" checked', text)


@pytest.mark.parametrize("end", ["", "#no-section"])
def test_a_link_to_an_address_of_the_site_leads_to_the_page_in_the_language_of_the_translation(client, end):
    other = a_live_page(address_en="relations", address_fr="liens")
    page = a_page(introduction_en=f'<p>See <a href="/en/relations{end}">this</a></p>', introduction_fr="")
    bring_back(client, page, translated(download(client, page)))
    assert the_page(page).introduction_fr == f'<p>SEE <a href="page:{other.key}">THIS</a></p>'


def test_a_translation_that_replaces_another_one_is_compared_with_it(client):
    page = a_page(description_en="Trade of today", description_fr="Commerce")
    data = translated(download(client, page), **{"Trade of today": "Le commerce du jour"})
    Page.objects.filter(pk=page.pk).update(description_fr="Le commerce actuel")
    text = upload(client, screen(page), data).content.decode()
    assert "Current translation, and what the file changes" in text
    assert re.search("<del(?:(?!</del>).)*actuel", text, re.DOTALL)


def test_the_form_for_a_file_is_not_sent_without_one(client):
    page = an_untranslated_page()
    [form] = re.findall("<form[^>]*multipart.*?</form>", client.get(screen(page)).content.decode(), re.DOTALL)
    assert "novalidate" not in form
    assert re.search('<input[^>]*type="file"[^>]* required', form)
    assert "Choose a file. Nothing was saved." in client.post(screen(page)).content.decode()


def test_a_preview_takes_as_many_queries_for_many_pages_as_for_few(client):
    def queries(pages):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as writing:
            for page in pages:
                writing.writestr(f"{page.key}.xlf", translated(download(client, page)))
        with CaptureQueriesContext(connection) as found:
            assert "This file changes 5 texts." in upload(client, ALL, archive.getvalue()).content.decode()
        return len(found)

    pages = [
        an_untranslated_page(introduction_en='<p>See <a href="page:home#trade">this</a></p>')
        for _number in range(6)
    ]
    queries(pages)
    assert queries(pages) == queries(pages[:2])


def an_archive(**members):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writing:
        for name, data in members.items():
            writing.writestr(name.replace("_", "."), data)
    return archive.getvalue()


def encrypted(data):
    """An archive whose entries say that they have a password."""
    central = data.rindex(b"PK\1\2")
    return data[:6] + b"\1\0" + data[8 : central + 8] + b"\1\0" + data[central + 10 :]


DAMAGED = an_archive(a_xlf=b"x" * 1000)
HOSTILE = {
    "an empty file": (b"", "empty"),
    "no XLIFF": (b"%PDF-1.7", "not an XLIFF file"),
    "a bomb": (b'<!DOCTYPE x [<!ENTITY a "aaa">]><xliff version="1.2">&a;</xliff>', "DOCTYPE"),
    "NUL": (b'<xliff version="1.2">\0', "not valid XML"),
    "an archive without files": (an_archive(a_txt=b"x"), "There is no XLIFF file"),
    "a damaged archive": (DAMAGED[:40] + b"\xff" * 10 + DAMAGED[50:], "damaged"),
    "half an archive": (DAMAGED[:60], "damaged"),
    "an archive with a password": (encrypted(DAMAGED), "password"),
    "an archive that unpacks to too much": (an_archive(a_xlf=b" " * 30_000_000), "too much in this archive"),
    "an archive with too many files": (
        an_archive(**{f"a{n}_xlf": b"x" for n in range(101)}), "too much in this archive"
    ),
    "a file that is too large": (b"<" * 10_000_001, "larger than 10 MB"),
    "other languages": (
        b'<xliff version="1.2"><file original="page:x" source-language="de" target-language="fr"/></xliff>',
        "Only English and French",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("data", "words"), HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_uploaded_is_answered_with_a_sentence(client, data, words, language):
    client.cookies["django_language"] = language
    for address in (screen(an_untranslated_page()), ALL):
        response = upload(client, address, data)
        assert response.status_code == 200
        text = response.content.decode()
        assert (words in text) == (language == "en" or words == "DOCTYPE")
        assert re.search('role="alert"', text)


def test_what_was_read_is_signed_and_nothing_else_is_saved(client):
    page = an_untranslated_page()
    for sent in ("", "x", "eyJ9:1:2"):
        response = client.post(
            screen(page), {"sent": sent, f"seen-{page.pk}": "x", "field": f"{page.pk}|title"}
        )
        assert "Choose the file again" in response.content.decode()
    assert the_page(page).title_fr == ""


def test_more_than_a_form_can_carry_is_refused(client, monkeypatch):
    monkeypatch.setattr(screens, "MAX_SENT_BYTES", 100)
    page = an_untranslated_page()
    assert (
        "too much at once"
        in upload(client, screen(page), translated(download(client, page))).content.decode()
    )


def test_who_may_not_change_pages_gets_no_file_and_brings_none_back(client):
    page = an_untranslated_page()
    reader = an_account()
    reader.user_permissions.set(Permission.objects.filter(codename="view_page"))
    client.force_login(reader)
    for address in (screen(page), ALL):
        assert client.get(address).status_code == 403
        assert upload(client, address, b"x").status_code == 403


def test_the_form_of_a_page_leads_to_its_files(client):
    page = an_untranslated_page()
    assert screen(page) in client.get(f"/admin/pages/page/{page.pk}/change/").content.decode()


def test_the_sentences_of_a_file_are_in_french_as_well(client):
    page = an_untranslated_page()
    data = translated(download(client, page), Wheat="<g id='9'>Blé</g>")
    with translation.override("fr"):
        client.cookies["django_language"] = "fr"
        text = upload(client, screen(page), data).content.decode()
    assert "balises que le texte n’a pas" in text

"""Shared blocks: kept once, shown on many pages, frozen into editions, and published everywhere at once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pages import (
    content_checks,
    content_files,
    copying,
    indexes,
    merging,
    publishing,
    readiness,
    site_text,
    working_copy,
)
from pages import document as documents
from pages.document import SHAREABLE, Bilingual, Document
from pages.field_kinds import Kind, declarations
from pages.models import AuditEntry, DraftReference, Edition, EditionReference, Page, SharedBlock
from pages.models.blocks import MODELS
from pages.shared_block_uses import SHARED_BLOCKS
from pages.shared_content import seen
from tests.admin_forms import change_address, fields, page_form
from tests.factories import (
    a_block,
    a_document,
    a_fact,
    a_home_page,
    a_page,
    a_shared_block,
    a_shared_place,
    an_account,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/pages/sharedblock/"


def a_page_with(shared, *, is_live=True, **changes):
    page = a_page(**changes)
    a_shared_place(page, shared, key="place")
    indexes.update_drafts([page])
    if is_live:
        publishing.publish(page, by=None)
    return page


def read(page):
    return working_copy.read(Page.objects.with_content().get(pk=page.pk))


def live(page):
    return Edition.objects.live().get(page=page)


def form_of(client, shared):
    address = f"{LIST}{shared.pk}/change/"
    return address, fields(client.get(address), "sharedblock_form")


def change_text(client, shared, **texts):
    """As the form does it."""
    address, data = form_of(client, shared)
    texts = texts or {"body_en": "<p>We open on Tuesday.</p>", "body_fr": "<p>Nous ouvrons mardi.</p>"}
    return client.post(address, data | texts)


def an_editor(*codenames):
    person = an_account()
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return person


# What a kind needs to be shared


@pytest.mark.parametrize("kind", SHAREABLE)
def test_each_kind_that_can_be_shared_is_kept_whole(kind):
    """A field without a column of its own, or one that holds less, would lose words."""
    model = MODELS[SHAREABLE[kind]]
    for name, declared in declarations(SHAREABLE[kind]).items():
        if declared.kind is Kind.VALUE:
            continue
        own, shared = (each._meta.get_field(name) for each in (model, SharedBlock))
        assert type(own) is type(shared)
        assert own.max_length == shared.max_length
        assert own.validators == shared.validators
    row = SharedBlock(key="shared", name_en="A", name_fr="B")
    working_copy.write_shared_block(row, a_block(kind, "block"))
    row.save()
    row = SharedBlock.objects.get()
    assert working_copy.read_shared_block(row) == replace(
        a_block(kind, "block"), key="shared", shared="shared"
    )


# In pages and editions


def test_a_page_says_what_the_shared_block_says_and_keeps_it_through_every_way():
    shared = a_shared_block(key="notice")
    document = a_document(blocks=(replace(working_copy.read_shared_block(shared), key="place"),))
    a_home_page()
    page = working_copy.write(document)
    assert read(page) == document
    assert documents.loads(documents.dumps(document)) == document
    indexes.update_drafts([page])
    assert set(DraftReference.objects.filter(page=page).values_list("kind", "name")) == {
        ("nothing", ""),
        ("shared", "notice"),
    }
    [copy] = copying.copy_page(page, parent=a_home_page(), owner=None)
    assert read(copy).blocks[0] == replace(document.blocks[0], key=read(copy).blocks[0].key)


def test_a_document_without_shared_blocks_has_the_digest_that_it_always_had():
    assert '"shared"' not in documents.dumps(a_document())


def test_an_edition_keeps_what_it_said_and_the_page_is_changed(admin_client, client):
    a_home_page()
    shared = a_shared_block()
    page = a_page_with(shared)
    assert "We open on Monday." in client.get(f"/en/{page.address_en}").text
    change_text(admin_client, shared)
    assert "We open on Monday." in client.get(f"/en/{page.address_en}").text
    assert live(page).read().blocks[0].body.fr == "<p>Nous ouvrons lundi.</p>"
    assert read(page).blocks[0].body.fr == "<p>Nous ouvrons mardi.</p>"
    assert "Changed since published" in admin_client.get("/admin/pages/page/").text


def test_readers_get_a_page_in_one_query(client, django_assert_num_queries):
    a_home_page()
    page = a_page_with(a_shared_block())
    with django_assert_num_queries(1):
        client.get(f"/en/{page.address_en}")


def test_an_old_edition_shows_the_block_as_it_is_now_and_one_that_was_deleted_as_the_pages_own():
    shared = a_shared_block(key="notice")
    page = a_page_with(shared)
    old = live(page).read()
    SharedBlock.objects.filter(pk=shared.pk).update(body_en="<p>New</p>")
    assert working_copy.with_current_shared(old).blocks[0].body.en == "<p>New</p>"
    page.pages_sharedplace_set.all().delete()
    shared.delete()
    assert working_copy.with_current_shared(old).blocks[0] == replace(old.blocks[0], shared="")
    working_copy.write(old, page)
    assert read(page).blocks[0] == replace(old.blocks[0], shared="")


def test_a_place_without_a_block_keeps_a_page_from_being_published():
    page = a_page()
    a_shared_place(page, None, key="place")
    [reason] = readiness.reasons_not_to_publish(read(page))
    assert "No shared block is chosen" in reason.message


def test_what_a_shared_block_lacks_is_corrected_in_its_own_form(admin_client):
    shared = a_shared_block(body_fr="", name_fr="Avis")
    page = a_page_with(shared, is_live=False)
    shown = admin_client.get(f"/admin/pages/page/{page.pk}/publish/").text
    assert "Shared block, alert “Office closed”: text is missing in French" in shown
    assert f"{LIST}{shared.pk}/change/#id_body_fr" in shown
    assert "Shared blocks with a text missing in one language" in admin_client.get("/admin/").text


def test_all_sides_of_a_merge_have_the_newest_words():
    base = a_document(blocks=(replace(a_block("alert", "place"), shared="notice"),))
    new = replace(base, blocks=(replace(base.blocks[0], body=Bilingual("<p>New</p>", "<p>Neuf</p>")),))
    scheduled = replace(base, title=Bilingual("Other", "Autre"))
    merged = merging.merge(base, scheduled, new)
    assert merged.document == replace(new, title=scheduled.title)
    assert not merged.conflicts
    inserted = merging.merge(replace(base, blocks=()), *[a_document(blocks=(a_block("alert"),))] * 2)
    assert "shared" not in {difference.path[-1] for difference in inserted.differences}


def test_facts_in_a_shared_block_follow_the_fact(admin_client):
    fact = a_fact(key="commitment")
    words = '<p><data value="fact:commitment">old</data></p>'
    shared = a_shared_block(body_en=words, body_fr=words)
    alone = a_shared_block(body_en=words, body_fr=words)
    page = a_page_with(shared)
    assert "$4 billion" in read(page).blocks[0].body.en
    address = f"/admin/pages/fact/{fact.pk}/change/"
    admin_client.post(address, fields(admin_client.get(address), "fact_form") | {"value": "5 billion"})
    alone.refresh_from_db()
    assert "$5 billion" in alone.body_en
    assert "5 milliards" in read(page).blocks[0].body.fr
    assert (
        "1 live page shows an earlier figure" in admin_client.get(f"/admin/pages/fact/{fact.pk}/uses/").text
    )


def test_find_shows_its_words_once_and_no_page_replaces_them(admin_client):
    shared = a_shared_block()
    page = a_page_with(shared)
    shown = admin_client.get("/admin/pages/page/find/", {"q": "Monday"}).text
    assert f'<a href="{LIST}{shared.pk}/change/">{shared}</a> (Shared block)' in shown
    assert shown.count("<mark>Monday</mark>") == 1
    path, document = ("blocks", "place", "body"), read(page)
    assert site_text.replace_in(document, site_text.Query("Monday"), "Friday", {(path, "en"): [0]}) == (
        document,
        0,
    )


def test_an_amount_in_a_shared_block_is_no_amount_that_could_be_a_fact():
    body = Bilingual(
        "<p>Canada committed $483 million.</p>", "<p>Le Canada a engagé 483 millions de dollars.</p>"
    )
    own, shared = (a_document(blocks=(a_block("alert", body=body, shared=key),)) for key in ("", "notice"))
    found = [
        {each.rule.id for each in content_checks.findings(own, [replace(page, key="a")])}
        for page in (own, shared)
    ]
    assert ["repeated-amount" in rules for rules in found] == [True, False]


def test_a_copy_of_a_place_shows_the_same_shared_block():
    shared = a_shared_block()
    page = Page.objects.with_content().get(pk=a_page_with(shared, is_live=False).pk)
    copying.copy_block(page, "place", most=10)
    assert [block.shared for block in read(page).blocks] == [shared.key, shared.key]


# The form of a page


def test_the_form_of_a_page_chooses_a_shared_block_and_loses_nothing(admin_client):
    first, second = a_shared_block(), a_shared_block()
    page = a_page_with(first, is_live=False)
    before = read(page)
    data = page_form(admin_client, page)
    assert data["pages_sharedplace_set-0-shared_block"] == str(first.pk)
    admin_client.post(change_address(page), data)
    assert read(page) == before
    admin_client.post(
        change_address(page),
        page_form(admin_client, page) | {"pages_sharedplace_set-0-shared_block": str(second.pk)},
    )
    assert read(page).blocks[0].shared == second.key
    [entry] = AuditEntry.objects.filter(object_id=str(page.pk))
    assert "shared block" in entry.change_message


def test_the_form_takes_as_many_queries_for_many_places_as_for_few(admin_client):
    def queries_of(number):
        page = a_page()
        for _number in range(number):
            a_shared_place(page, a_shared_block())
        indexes.update_drafts([page])
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(change_address(page))
        return len(queries)

    queries_of(1)
    assert queries_of(2) == queries_of(6)


# The form of a shared block


def test_a_shared_block_is_added_of_a_kind_with_the_fields_of_that_kind(admin_client):
    assert f"?kind={'contact'}" in admin_client.get(f"{LIST}add/").text
    address = f"{LIST}add/?kind=contact"
    data = fields(admin_client.get(address), "sharedblock_form")
    assert "telephone_fr" in data
    assert "body_en" not in data
    values = {"name_en": "Embassy contact", "name_fr": "L’ambassade", "heading_en": "Embassy",
              "heading_fr": "Ambassade", "telephone_en": "call us"}  # fmt: skip
    refused = admin_client.post(address, data | values)
    assert "Enter a telephone number" in str(refused.context["adminform"].form.errors["telephone_en"])
    admin_client.post(address, data | values | {"telephone_en": "613-555-0123"})
    shared = SharedBlock.objects.get()
    assert (shared.key, shared.kind, shared.telephone_en) == ("embassy-contact", "contact", "613-555-0123")
    assert "Embassy contact" in admin_client.get(LIST).text


def test_a_change_leads_to_the_pages_that_show_it_and_none_does_not(admin_client):
    shared = a_shared_block()
    a_page_with(shared)
    assert change_text(admin_client, shared).headers["Location"] == f"{LIST}{shared.pk}/uses/"
    assert change_text(admin_client, shared, name_en="Other").headers["Location"] == LIST
    entries = AuditEntry.objects.filter(object_id=str(shared.pk)).order_by("pk")
    assert ["Text (English)" in entry.change_message for entry in entries] == [True, False]


def test_two_people_do_not_overwrite_each_other(admin_client):
    shared = a_shared_block()
    address, data = form_of(admin_client, shared)
    change_text(admin_client, shared)
    refused = admin_client.post(address, data | {"body_en": "<p>We open on Friday.</p>"})
    assert "Someone else changed this field" in refused.text


def test_one_that_pages_show_is_not_deleted_and_they_are_listed(admin_client):
    shared = a_shared_block()
    page = a_page_with(shared, is_live=False)
    response = admin_client.post(f"{LIST}{shared.pk}/delete/", {"post": "yes"}, follow=True)
    assert "Some pages show this shared block" in response.text
    assert str(page) in response.text
    page.pages_sharedplace_set.all().delete()
    indexes.update_drafts([page])
    admin_client.post(f"{LIST}{shared.pk}/delete/", {"post": "yes"})
    assert not SharedBlock.objects.exists()


# Publishing everywhere


def uses_of(client, shared):
    return client.get(f"{LIST}{shared.pk}/uses/")


def posted(client, shared):
    return client.post(f"{LIST}{shared.pk}/uses/", fields(uses_of(client, shared)), follow=True)


def test_each_page_is_shown_with_old_and_new_and_all_are_published_together(admin_client):
    shared = a_shared_block()
    pages = [a_page_with(shared) for _number in range(3)]
    draft = a_page_with(shared, is_live=False)
    change_text(admin_client, shared)
    shown = uses_of(admin_client, shared).text
    assert "3 live pages show an earlier version" in shown
    assert shown.count("We open on") == 1  # once for all that show the same
    for text in ("Monday", "Tuesday", "mardi", *map(str, pages), str(draft)):
        assert text in shown
    assert "one language only" not in shown
    assert "3 pages were published with the shared block" in posted(admin_client, shared).text
    assert {live(page).number for page in pages} == {2}
    assert all("Tuesday" in live(page).document for page in pages)
    assert not draft.editions.exists()
    assert "3 live pages show it as it is now" in uses_of(admin_client, shared).text


def test_a_change_in_one_language_only_and_other_changes_are_said_first(admin_client):
    shared = a_shared_block()
    page = a_page_with(shared)
    change_text(admin_client, shared, body_en="<p>We open on Tuesday.</p>")
    Page.objects.filter(pk=page.pk).update(title_en="Another", title_fr="Autre")
    shown = uses_of(admin_client, shared).text
    assert "Some text changed in one language only" in shown
    assert "other changes too" in shown


def test_one_page_that_is_not_ready_keeps_all_from_being_published(admin_client):
    shared = a_shared_block()
    pages = [a_page_with(shared) for _number in range(2)]
    change_text(admin_client, shared)
    Page.objects.filter(pk=pages[0].pk).update(title_fr="")
    assert "Nothing was published" in posted(admin_client, shared).text
    assert {live(page).number for page in pages} == {1}


def test_a_scheduled_text_takes_the_change_over(admin_client):
    shared = a_shared_block()
    page = a_page_with(shared)
    Page.objects.filter(pk=page.pk).update(title_en="Later", title_fr="Plus tard")
    publishing.publish(Page.objects.get(pk=page.pk), by=None, at=timezone.now() + timedelta(days=5))
    Page.objects.filter(pk=page.pk).update(title_en=page.title_en, title_fr=page.title_fr)
    change_text(admin_client, shared)
    SHARED_BLOCKS.publish_everywhere(shared, seen(SHARED_BLOCKS.find_uses(shared)), by=None)
    [scheduled] = Edition.objects.scheduled().filter(page=page)
    assert scheduled.read().title.en == "Later"
    assert "Tuesday" in scheduled.read().blocks[0].body.en
    assert EditionReference.objects.filter(kind="shared", name=shared.key).count() == 2


@override_settings(REVIEW_BY_SECOND_PERSON=True)
def test_who_may_not_publish_alone_submits_all_for_review(admin_client, client):
    shared = a_shared_block()
    pages = [a_page_with(shared) for _number in range(2)]
    change_text(admin_client, shared)
    client.force_login(an_editor("view_page", "change_page", "publish_page", "view_sharedblock"))
    assert "2 pages were submitted for review" in posted(client, shared).text
    assert [live(page).number for page in pages] == [1, 1]
    assert Edition.objects.filter(status=Edition.Status.IN_REVIEW).count() == 2


def test_who_may_only_look_publishes_nothing(admin_client, client):
    shared = a_shared_block()
    page = a_page_with(shared)
    change_text(admin_client, shared)
    client.force_login(an_editor("view_page", "view_sharedblock", "change_sharedblock"))
    assert "Publish all" not in uses_of(client, shared).text
    assert client.post(f"{LIST}{shared.pk}/uses/", {"seen": ""}).status_code == 403
    assert live(page).number == 1


def test_publication_takes_as_many_queries_for_many_pages_as_for_few(admin_client):
    def queries_for(number):
        shared = a_shared_block()
        for _number in range(number):
            a_page_with(shared)
        change_text(admin_client, shared)
        with CaptureQueriesContext(connection) as queries:
            SHARED_BLOCKS.publish_everywhere(shared, seen(SHARED_BLOCKS.find_uses(shared)), by=None)
        return len(queries)

    assert queries_for(2) == queries_for(6)


# Content files


def test_content_files_carry_shared_blocks_out_and_in_again(tmp_path):
    shared = a_shared_block(key="notice", name_en="Notice", name_fr="Avis", level="warning")
    page = a_page_with(shared, is_live=False, key="office")
    before = read(page)
    content_files.dump(tmp_path / "one")
    assert (tmp_path / "one" / "shared_blocks.yaml").read_text() == (
        "- key: notice\n  name:\n    en: Notice\n    fr: Avis\n  kind: alert\n  level: warning\n"
        "  heading:\n    en: Office closed\n    fr: Bureau fermé\n"
        "  body:\n    en: |\n      <p>We open on Monday.</p>\n    fr: |\n      <p>Nous ouvrons lundi.</p>\n"
    )
    assert (
        "- kind: shared\n  key: place\n  shared_block: notice\n"
        in (tmp_path / "one" / "pages" / "office.yaml").read_text()
    )
    Page.objects.filter(pk=page.pk).delete()
    SharedBlock.objects.all().delete()
    content_files.load(tmp_path / "one")
    assert read(Page.objects.get(key="office")) == before
    content_files.dump(tmp_path / "two")
    for name in ("shared_blocks.yaml", "pages/office.yaml"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


ALERT = "- key: notice\n  kind: alert\n  name: {en: A, fr: B}\n  body: {en: '<p>A</p>', fr: '<p>B</p>'}\n"


@pytest.mark.parametrize(
    ("shared", "told"),
    [
        (None, "No shared block has the key “notice”. Add it to shared_blocks.yaml."),
        (ALERT.replace("name: {en: A, fr: B}", "name: {en: A}"), "Write the name in English and in French"),
        (ALERT.replace("  name: {en: A, fr: B}\n", ""), "Write the name in English and in French"),
        (ALERT.replace("{en: A, fr: B}", "A"), "Write the text below “en:” and “fr:”"),
        (ALERT.replace("alert", "figure"), "Choose one of: text, alert"),
        (ALERT + "  shared: other\n", "shared: This name is not recognized"),
        (ALERT + ALERT, "used twice"),
        (ALERT.replace("<p>A</p>", '<p><data value="fact:gone">1</data></p>'), "No fact has the key “gone”"),
        ("- 4\n", "name-value pairs"),
    ],
)
def test_faults_of_shared_blocks_are_told_where_they_are(tmp_path, shared, told):
    (tmp_path / "pages").mkdir()
    place = "blocks:\n- kind: shared\n  key: a\n  shared_block: notice\n"
    (tmp_path / "pages" / "home.yaml").write_text(f"title: {{en: Home, fr: Accueil}}\n{place}")
    if shared:
        (tmp_path / "shared_blocks.yaml").write_text(shared)
    with pytest.raises(content_files.ImportErrors, match=told):
        content_files.load(tmp_path)


def test_a_kind_without_one_of_its_texts_says_no_more_than_it_has():
    """The columns of other kinds stay empty when a shared block becomes one of another kind."""
    row = a_shared_block()
    working_copy.write_shared_block(row, a_block("action", "block"))
    row.save()
    assert (row.kind, row.body_en, row.heading_fr) == ("action", "", "")
    assert Document("a", blocks=(working_copy.read_shared_block(row),)).blocks[0].kind == "action"

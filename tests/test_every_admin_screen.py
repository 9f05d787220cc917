"""Every screen of the admin, with pages in every state, in both languages, for each group and for all rights.

The addresses come from the map of the site, so that one without a row in `SCREENS` fails.
"""

import importlib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.utils import timezone

from pages import emergencies, indexes, publishing, reviews
from pages.document import Bilingual
from pages.models import Page
from tests.factories import (
    a_download,
    a_fact,
    a_home_page,
    a_live_page,
    a_page,
    a_partner,
    a_report,
    a_shared_block,
    a_template,
    a_term,
    a_text,
    a_vocabulary_term,
    an_account,
    an_alert,
    an_image,
)
from tests.test_odd_parameters import filled, routes

pytestmark = pytest.mark.django_db

SEE, CHANGE, PUBLISH = ["pages.view_page"], ["pages.change_page"], ["pages.publish_page"]
EDITIONS, REPORTS = ["pages.view_edition"], ["reports.view_problemreport"]
PARTNER, DOWNLOAD, IMAGE = "pages.{}_partnerorganization", "pages.{}_download", "pages.{}_libraryimage"
TERM, ALERT = "pages.{}_glossaryterm", "pages.{}_sitealert"
FACT, TEMPLATE = "pages.{}_fact", "pages.{}_pagetemplate"
SHARED = "pages.{}_sharedblock"
CODE = "pages.{}_vocabularyterm"

# By the name of a view: the permissions that it asks for, and how it may answer GET then. None: it asks for none.
OF_A_PAGE = {
    "pages_page_preview": (SEE, {200}),
    "pages_page_edition": (SEE, {200, 404}),
    "pages_page_share": (SEE, {200}),
    "pages_page_revoke": (CHANGE, {405}),
    "pages_page_translations": (SEE, {200}),
    "pages_page_translation_file": (CHANGE, {200}),
    "pages_page_publish": (PUBLISH, {200}),
    "pages_page_archive": (PUBLISH, {200}),
    "pages_page_withdraw": (PUBLISH, {200}),
    "pages_page_cancel": (PUBLISH, {200, 302, 404, 405}),
    "pages_page_emergency": ([*PUBLISH, "pages.publish_in_emergency"], {200}),
    "pages_page_submit": (CHANGE, {200}),
    "pages_page_submit_withdrawal": (CHANGE, {200}),
    "pages_page_review": (SEE, {200, 404}),
    "pages_page_findings": (SEE, {200}),
    "pages_page_repair": (CHANGE, {404}),
    "pages_page_dismiss": (CHANGE, {404}),
    "pages_page_show_again": (CHANGE, {405}),
    "pages_page_compare": (SEE, {200}),
    "pages_page_restore": (CHANGE, {200, 404}),
    "pages_page_copy": ([*CHANGE, "pages.add_page"], {200}),
    "pages_page_template": ([*SEE, TEMPLATE.format("add")], {200}),
    "pages_page_move": (CHANGE, {405}),
    "pages_page_export": ([*SEE, *EDITIONS], {200}),
    "pages_page_history": (SEE, {200}),
    "pages_page_uses": (SEE, {200}),
    "pages_page_delete": (["pages.delete_page"], {200, 302}),
    "pages_page_change": (SEE, {200}),
}
OF_THE_SITE = {
    "record": (EDITIONS, {200}),
    "record_front": (EDITIONS, {302}),
    "record_page": (EDITIONS, {404}),
    "staff_image": (EDITIONS, {404}),
    "staff_file": (EDITIONS, {404}),
    "set_language": (None, {302, 405}),
    "login": (None, {200, 302}),
    "logout": (None, {302, 405}),
    "index": ([], {200}),
    "second_factor": ([], {200}),
    "notifications": ([], {200}),
    "notification_preferences": ([], {200}),
    "notification": ([], {404}),
    "password_change": ([], {200}),
    "password_change_done": ([], {200}),
    "autocomplete": ([], {403, 404}),
    "jsi18n": ([], {200}),
    "view_on_site": ([], {302, 404}),
    "app_list": ([], {200, 404}),
    None: ([], {302, 404}),  # an address without its last part, or one that nothing is at
    "pages_page_parents": (SEE, {200}),
    "pages_page_find": (SEE, {200}),
    "pages_page_replace": (CHANGE, {200}),
    "pages_page_translation_files": (CHANGE, {200}),
    "pages_page_bulk_submit": (CHANGE, {302}),
    "pages_page_bulk_approve": ([*CHANGE, *PUBLISH], {302}),
    "pages_page_bulk_publish": ([*CHANGE, *PUBLISH], {302}),
    "pages_page_bulk_archive": ([*CHANGE, *PUBLISH], {302}),
    "pages_page_bulk_withdraw": ([*CHANGE, *PUBLISH], {302}),
    "pages_page_bulk_owner": (CHANGE, {302}),
    "pages_page_bulk_move": (CHANGE, {302}),
    "pages_page_links": (SEE, {200}),
    "pages_page_facts": (SEE, {200}),
    "pages_page_draft": (SEE, {302, 404}),
    "pages_page_changelist": (SEE, {200}),
    "pages_page_add": (["pages.add_page"], {200, 302}),
    "pages_page_new": (["pages.add_page"], {200}),
    "pages_vocabularyterm_changelist": ([CODE.format("view")], {200}),
    "pages_vocabularyterm_add": ([CODE.format("add")], {200}),
    "pages_vocabularyterm_history": ([CODE.format("view")], {200}),
    "pages_vocabularyterm_delete": ([CODE.format("delete")], {200}),
    "pages_vocabularyterm_change": ([CODE.format("view")], {200}),
    "pages_pagetemplate_changelist": ([TEMPLATE.format("view")], {200}),
    "pages_pagetemplate_add": ([], {403}),
    "pages_pagetemplate_history": ([TEMPLATE.format("view")], {200}),
    "pages_pagetemplate_delete": ([TEMPLATE.format("delete")], {200}),
    "pages_pagetemplate_change": ([TEMPLATE.format("view")], {200}),
    "pages_partnerorganization_changelist": ([PARTNER.format("view")], {200}),
    "pages_partnerorganization_add": ([PARTNER.format("add")], {200}),
    "pages_partnerorganization_new": ([PARTNER.format("add")], {200}),
    "pages_partnerorganization_history": ([PARTNER.format("view")], {200}),
    "pages_partnerorganization_delete": ([PARTNER.format("delete")], {200}),
    "pages_partnerorganization_change": ([PARTNER.format("view")], {200}),
    "pages_download_changelist": ([DOWNLOAD.format("view")], {200}),
    "pages_download_add": ([DOWNLOAD.format("add")], {200}),
    "pages_download_new": ([DOWNLOAD.format("add")], {200}),
    "pages_download_history": ([DOWNLOAD.format("view")], {200}),
    "pages_download_delete": ([DOWNLOAD.format("delete")], {200}),
    "pages_download_change": ([DOWNLOAD.format("view")], {200}),
    "pages_libraryimage_changelist": ([IMAGE.format("view")], {200}),
    "pages_libraryimage_add": ([IMAGE.format("add")], {200}),
    "pages_libraryimage_search": ([IMAGE.format("view")], {200}),
    "pages_libraryimage_upload": ([IMAGE.format("add")], {200}),
    "pages_libraryimage_history": ([IMAGE.format("view")], {200}),
    "pages_libraryimage_delete": ([IMAGE.format("delete")], {200}),
    "pages_libraryimage_change": ([IMAGE.format("view")], {200}),
    "pages_sitealert_changelist": ([ALERT.format("view")], {200}),
    "pages_sitealert_add": ([ALERT.format("add")], {200}),
    "pages_sitealert_preview": ([ALERT.format("view")], {200}),
    "pages_sitealert_publish": ([*PUBLISH, ALERT.format("view")], {200, 302}),
    "pages_sitealert_end": ([*PUBLISH, ALERT.format("view")], {302}),
    "pages_sitealert_history": ([ALERT.format("view")], {200}),
    "pages_sitealert_delete": ([ALERT.format("delete")], {200}),
    "pages_sitealert_change": ([ALERT.format("view")], {200}),
    "pages_fact_changelist": ([FACT.format("view")], {200}),
    "pages_fact_add": ([FACT.format("add")], {200}),
    "pages_fact_uses": ([*SEE, FACT.format("view")], {200}),
    "pages_fact_history": ([FACT.format("view")], {200}),
    "pages_fact_delete": ([FACT.format("delete")], {200}),
    "pages_fact_change": ([FACT.format("view")], {200}),
    "pages_sharedblock_changelist": ([SHARED.format("view")], {200}),
    "pages_sharedblock_add": ([SHARED.format("add")], {200}),
    "pages_sharedblock_uses": ([*SEE, SHARED.format("view")], {200}),
    "pages_sharedblock_history": ([SHARED.format("view")], {200}),
    "pages_sharedblock_delete": ([SHARED.format("delete")], {200}),
    "pages_sharedblock_change": ([SHARED.format("view")], {200}),
    "pages_glossaryterm_changelist": ([TERM.format("view")], {200}),
    "pages_glossaryterm_add": ([TERM.format("add")], {200}),
    "pages_glossaryterm_export": ([TERM.format("view")], {200}),
    "pages_glossaryterm_import": ([TERM.format("add"), TERM.format("change")], {200}),
    "pages_glossaryterm_history": ([TERM.format("view")], {200}),
    "pages_glossaryterm_delete": ([TERM.format("delete")], {200}),
    "pages_glossaryterm_change": ([TERM.format("view")], {200}),
    "reports_problemreport_groups": (REPORTS, {200}),
    "reports_problemreport_figures": (REPORTS, {200}),
    "reports_problemreport_csv": (REPORTS, {200}),
    "reports_problemreport_json": (REPORTS, {200}),
    "reports_problemreport_changelist": (REPORTS, {200}),
    "reports_problemreport_add": ([], {403}),
    "reports_problemreport_history": (REPORTS, {302}),
    "reports_problemreport_delete": ([], {403}),
    "reports_problemreport_change": (REPORTS, {200}),
    "auth_user_password_change": (["auth.change_user"], {200, 302}),
    "auth_user_changelist": (["auth.view_user"], {200}),
    "auth_user_add": (["auth.add_user", "auth.change_user"], {200}),
    "auth_user_history": (["auth.view_user"], {200}),
    "auth_user_delete": (["auth.delete_user"], {200, 302}),
    "auth_user_change": (["auth.view_user"], {200, 302}),
    "auth_group_changelist": (["auth.view_group"], {200}),
    "auth_group_add": (["auth.add_group"], {200}),
    "auth_group_history": (["auth.view_group"], {200}),
    "auth_group_delete": (["auth.delete_group"], {200, 302}),
    "auth_group_change": (["auth.view_group"], {200, 302}),
}
SCREENS = OF_A_PAGE | OF_THE_SITE

# Where a person has the permission for a kind of row and not for this one.
DELEGATED = {name for name in SCREENS if name and name.startswith("auth_")}


# Pages in every state


def scheduled(page):
    publishing.publish(page, by=None)
    change(page)
    publishing.publish(page, by=None, at=timezone.now() + timedelta(days=2))


def cancelled(page):
    scheduled(page)
    publishing.cancel(page.editions.scheduled().get(), by=None)


def returned(page):
    reviews.reject(reviews.submit(page, by=None), by=None, comment="Once more.")


def archived(page):
    publishing.publish(page, by=None)
    publishing.archive(page, by=None)


def withdrawal_in_review(page):
    publishing.publish(page, by=None)
    reviews.submit_withdrawal(page, by=None, explanation=EXPLANATION)


def explanation_in_review(page):
    withdrawn(page)
    reviews.submit_withdrawal(page, by=None, explanation=EXPLANATION)


def withdrawn(page):
    publishing.publish(page, by=None)
    publishing.withdraw(page, by=None)


def in_an_emergency(page):
    publishing.publish(page, by=None)
    Page.objects.filter(pk=page.pk).update(introduction_en="<p>Do not travel.</p>")
    page.refresh_from_db()
    soon = timezone.localdate() + timedelta(days=1)
    emergencies.publish_in_emergency(page, language="en", reason="Fighting.", due_on=soon, by=None)


EXPLANATION = Bilingual("Replaced by “Trade”.", "Remplacée par « Commerce ».")

STATES = {
    "never published": lambda page: None,
    "first publication to come": lambda page: publishing.publish(
        page, by=None, at=timezone.now() + timedelta(days=1)
    ),
    "live": lambda page: publishing.publish(page, by=None),
    "scheduled": scheduled,
    "cancelled": cancelled,
    "in review": lambda page: reviews.submit(page, by=None),
    "returned": returned,
    "archived": archived,
    "withdrawal in review": withdrawal_in_review,
    "withdrawn": withdrawn,
    "explanation in review": explanation_in_review,
    "emergency": in_an_emergency,
}


def change(page):
    Page.objects.filter(pk=page.pk).update(title_en=f"Changed {page.pk}", description_fr="Autrement dit.")
    page.refresh_from_db()


@pytest.fixture
def pages():
    """A page in each state, without and with changes, by the name of the state."""
    publishing.publish(a_home_page(), by=None)
    made = {}
    for name, bring_to in STATES.items():
        for changed in (False, True):
            page = a_page()
            a_text(page)
            bring_to(page)
            if changed:
                change(page)
            made[f"{name}, {'changed' if changed else 'as it is'}"] = page
    indexes.rebuild()
    return made


# People

MIGRATIONS = [
    ("pages.migrations.0002_groups", "make_groups"),
    ("pages.migrations.0012_administrators", "make_group"),
    ("reports.migrations.0003_groups", "give_rights"),
    ("reports.migrations.0006_administrators", "give_rights"),
    ("canada_iraq.migrations.0002_administrators_manage_accounts", "give_rights"),
]


@pytest.fixture
def people():
    """A client for each kind of person, with what they may do; None may do nothing and is not signed in."""
    for module, function in MIGRATIONS:  # tests that run in a browser empty all tables
        getattr(importlib.import_module(module), function)(apps, SimpleNamespace(connection=connection))
    accounts = {"nobody": None, "no rights": an_account(), "superuser": an_account(is_superuser=True)}
    for group in Group.objects.all():
        accounts[group.name] = an_account()
        accounts[group.name].groups.add(group)
    return {name: (signed_in(account), account) for name, account in accounts.items()}


def signed_in(account):
    client = Client(raise_request_exception=False)
    if account:
        client.force_login(account)
    return client


# The walk


def of_the_admin():
    for route, name in routes():
        if route.startswith("admin/"):
            yield route, name


def values_of(page, name=""):
    rows = {
        "partnerorganization": "partner",
        "download": "download",
        "libraryimage": "image",
        "glossaryterm": "term",
        "fact": "fact",
        "pagetemplate": "template",
        "sharedblock": "shared",
        "vocabularyterm": "code",
        "sitealert": "alert",
        "problemreport": "report",
        "user": "account",
        "group": "group",
    }
    kind = next((row for model, row in rows.items() if f"_{model}_" in (name or "")), "")
    return {
        "page_id": page.pk,
        "key": page.key,
        "object_id": OTHERS[kind]().pk if kind else page.pk,
        "id": page.pk,
        "number": page.editions.count() or 1,
        "language": "fr",
        "address": "nowhere",
        "moment": "20200101T000000Z",
        "content_type_id": 1,
        "app_label": "pages",
        "url": "nowhere",
        "digest": "0" * (64 if name == "staff_file" else 32),
        "name": "report",
        "format": "pdf",
        "width": 640,
        "extension": "webp",
    }


OTHERS = {
    "partner": lambda: a_partner(),
    "download": lambda: a_download(),
    "image": lambda: an_image(),
    "term": lambda: a_term(),
    "fact": lambda: a_fact(),
    "template": lambda: a_template(),
    "shared": lambda: a_shared_block(),
    "code": lambda: a_vocabulary_term("type", "plan"),
    "alert": lambda: an_alert(),
    "report": lambda: a_report(a_live_page().editions.get()),
    "account": lambda: an_account(),
    "group": lambda: Group.objects.create(name=f"Group {Group.objects.count()}"),
}


def paths_of_pages(pages):
    for state, page in pages.items():
        values = values_of(page)
        for route, name in of_the_admin():
            if name in OF_A_PAGE:
                yield state, name, filled(route.replace("\\Z", ""), values)


def paths_of_the_site(page):
    for route, name in of_the_admin():
        if name not in OF_A_PAGE:
            plain = route.replace("\\Z", "").rstrip("$")
            yield "", name, filled(plain, values_of(page, name))


def fault(client, account, name, path, language):
    """What is wrong with an answer, in words; "" when it is right."""
    client.cookies["django_language"] = language
    response = client.get(path)
    status = response.status_code
    if response.streaming:
        b"".join(response.streaming_content)
    needed, statuses = SCREENS[name]
    if needed is None:
        right = statuses
    elif account is None:
        right = {302}
        if status == 302 and "/admin/login/" not in response["Location"]:
            right = {302} if name in (None, "second_factor") else set()
    elif account.has_perms(needed):
        right = statuses | ({302, 403, 404} if name in DELEGATED and not account.is_superuser else set())
    else:
        right = {403, 404} | ({302} if name in DELEGATED else set())
    return (
        "" if status in right and status < 500 else f"{name} {path}: {status}, and not one of {sorted(right)}"
    )


def walk(people, languages, paths):
    """The number of answers, and what is wrong with some."""
    paths, number, faults = list(paths), 0, []
    for who, (client, account) in people.items():
        for language in languages:
            for state, name, path in paths:
                number += 1
                if wrong := fault(client, account, name, path, language):
                    faults.append(f"{who}, {language}, {state}: {wrong}")
    return number, faults


def test_every_address_of_the_admin_has_a_row():
    names = {name for _route, name in of_the_admin()}
    assert names == set(SCREENS)
    codenames = {
        f"{row.content_type.app_label}.{row.codename}" for row in Permission.objects.select_related()
    }
    asked = {code for needed, _statuses in SCREENS.values() for code in needed or ()}
    assert asked <= codenames


@pytest.mark.medium
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_lists_and_the_front_page_show_pages_in_every_state(pages, people, language):
    client, _account = people["superuser"]
    client.cookies["django_language"] = language
    for path in ("/admin/", "/admin/pages/page/", "/admin/pages/page/?q=page"):
        assert client.get(path).status_code == 200
    shown = client.get("/admin/pages/page/").text
    assert all(f"/admin/pages/page/{page.pk}/" in shown for page in pages.values())


@pytest.mark.medium
def test_each_state_is_shown_in_the_form_and_the_history(pages, people):
    some = {"superuser": people["superuser"]}
    wanted = ("pages_page_change", "pages_page_history")
    paths = [path for path in paths_of_pages(pages) if path[1] in wanted and path[0].endswith("changed")]
    number, faults = walk(some, ["fr"], paths)
    assert faults == []
    assert number == 2 * len(STATES)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_screen_answers_everybody_as_it_should_in_every_state(pages, people, language):
    page = pages["live, as it is"]
    number, faults = walk(people, [language], paths_of_pages(pages))
    more, others = walk(people, [language], paths_of_the_site(page))
    print(f"{number + more} screens walked")
    assert faults + others == []
    assert number == len(people) * len(pages) * len(OF_A_PAGE)


@pytest.mark.slow
def test_every_filter_order_and_search_of_every_list_is_answered(pages, people):
    client, _account = people["superuser"]
    a_report(pages["live, as it is"].editions.get())
    number = 0
    for route, name in of_the_admin():
        if not (name or "").endswith("_changelist"):
            continue
        changelist = client.get(f"/{route}").context["cl"]
        queries = [
            choice["query_string"] for spec in changelist.filter_specs for choice in spec.choices(changelist)
        ]
        orders = [
            f"?o={sign}{place}" for place in range(len(changelist.list_display) + 2) for sign in ("", "-")
        ]
        for query in [*queries, *orders, "?q=page", "?q=%22a+b", "?p=1", "?p=2", "?all=", "?e=1"]:
            for language in ("en", "fr"):
                client.cookies["django_language"] = language
                number += 1
                assert client.get(f"/{route}{query}").status_code in (200, 302), (route, query)
    print(f"{number} lists asked for")
    assert number > 200

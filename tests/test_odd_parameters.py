"""Whatever stands in an address or in its parameters, the answer is never an error of the server.

The slow tests try a part of the odd values in each place, another part in the next. All of them take an hour:
`ODD_VALUES=all python -m pytest -m slow tests/test_odd_parameters.py`
"""

import itertools
import os
import re
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote, unquote

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from pages import publishing
from tests.admin_forms import fields
from tests.factories import (
    a_download,
    a_home_page,
    a_live_page,
    a_page,
    a_partner,
    a_report,
    a_text,
    an_image,
)

pytestmark = pytest.mark.django_db

# Percent-encoded, as they stand in an address.
ODD = [
    *["", "0", "-1", "1", "%2B1", "1.5", "1e9", "NaN", "0x1", "1_000", "00000000000000000001"],
    *["2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 40],
    *map(quote, ["٣", "²", "１", "½", "Ⅻ", "x", "é", "العراق", "\u202e", "\u00ad", "🇨🇦"]),
    *map(quote, ["'", '"', "%", "_", "\\", "(", "[", "*", "a,b", "1,2", "[]", "{}", "None", "true", "../x"]),
    *["%00", "a%00b", "%FF%FE", "%ED%A0%80", "%0A", "%0D%0AX:%20y", "%20", "%", "%zz"],
    *["0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "0001-01-01T00:00", "9999-12-31T23:59"],
    *["2026-11-01T01:30", "2027-03-14T02:30", "2026-11-29T10:00%2B99:99", "10000", "99999", "0000"],
    "9" * 5000,
    "x" * 5000,
    "+".join(["word"] * 1500),
    "+".join(f"word{number}" for number in range(1500)),
    quote(" ".join(f'"part {number}"' for number in range(500))),
]

ALL = os.environ.get("ODD_VALUES") == "all"


def dealt(places, part=8):
    """Pairs of a place and an odd value to try there: one `part`th of them, from elsewhere on than the place before."""
    part = 1 if ALL else part
    for turn, place in enumerate(places):
        for value in ODD[turn % part :: part]:
            yield place, value


PARAMETERS = {
    "pages_page_changelist": "q p o e all state lacks review owner owner__id__exact owner__isnull position"
    " position__gt parent parent__id__exact id id__in key title_en__regex review_by review_by__year"
    " _popup _to_field _facets _changelist_filters",
    "pages_partnerorganization_changelist": "q p o e all kind kind__exact key id id__in _popup _to_field",
    "pages_download_changelist": "q p o e all key id id__in _popup _to_field",
    "pages_libraryimage_changelist": "q p o e all used has_words has_words__exact key id id__in _popup _to_field",
    "pages_libraryimage_search": "q p",
    "pages_sitealert_changelist": "q p o e all level level__exact starts_at starts_at__year id _popup _to_field",
    "pages_sitealert_add": "copy level heading_en _popup",
    "pages_fact_changelist": "q p o e all review unit unit__exact value id _popup _to_field",
    "pages_fact_add": "unit value _popup",
    "pages_sharedblock_changelist": "q p o e all kind kind__exact key id id__in _popup _to_field",
    "pages_sharedblock_add": "kind level name_en _popup",
    "pages_glossaryterm_changelist": "q p o e all term_en term_en__regex stamp id id__in _popup _to_field",
    "reports_problemreport_changelist": "q p o e all spam state page_id section language reason age work"
    " received_at received_at__year received_at__gte owner owner__id__exact edition page severity severity__gt",
    "reports_problemreport_csv": "q p o spam state page_id section age work received_at__year owner",
    "reports_problemreport_json": "q spam state page_id section age received_at__year edition",
    "auth_user_changelist": "q p o e all is_staff__exact is_superuser__exact is_active__exact groups__id__exact"
    " date_joined__year last_login id _popup _to_field",
    "auth_group_changelist": "q p o e all id name permissions",
    "pages_page_parents": "q",
    "pages_page_links": "q page",
    "pages_page_facts": "q fact",
    "pages_page_compare": "before after",
    "pages_page_findings": "rule path language page",
    "pages_page_history": "edition p",
    "pages_page_translation_file": "source scope",
    "pages_page_translation_files": "pages source scope",
    "pages_page_new": "parent",
    "pages_vocabularyterm_changelist": "q p o e all vocabulary vocabulary__exact code id id__in _popup _to_field",
    "pages_vocabularyterm_add": "vocabulary code _popup",
    "pages_pagetemplate_changelist": "q p o e all key id name_en _popup _to_field",
    "pages_page_add": "start parent position owner review_by title_en _popup _to_field",
    "pages_page_change": "edition _to_field _changelist_filters",
    "pages_page_publish": "edition at",
    "reports_problemreport_figures": "days page",
    "reports_problemreport_groups": "page number",
    "record": "at at-fold language",
    "autocomplete": "term app_label model_name field_name",
    "search": "q page",
    "login": "next",
    "index": "p",
}


def routes(patterns=None, before=""):
    """Every address of the site: its route, and the name of its view."""
    for pattern in patterns or get_resolver().url_patterns:
        route = before + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLPattern):
            yield route, pattern.name
        else:
            yield from routes(pattern.url_patterns, route)


# A part of a route that takes a value: a converter, or a named group.
PART = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\??")
END = re.compile(r"\\Z|\$\Z")


def paths(values):
    """Every address with its parts filled in, with the name of its view."""
    for plain, name, _parts in plain_routes():
        yield name, filled(plain, values)


def plain_routes():
    """Every address as text with its parts, the name of its view, and the names of its parts."""
    for route, name in routes():
        plain = END.sub("", route).replace("\\.", ".")
        yield plain, name, [match[1] or match[2] for match in PART.finditer(plain)]


def odd_paths(values, pairs):
    """Addresses with one part that is odd; signing out, which would end the walk, left out."""
    places = [(plain, part) for plain, name, parts in plain_routes() if name != "logout" for part in parts]
    for (plain, part), value in pairs(places):
        yield filled(plain, values | {part: value})


def filled(route, values):
    return "/" + PART.sub(lambda match: str(values[match[1] or match[2]]), route)


@pytest.fixture
def values(staff_client):
    """What stands in an address that leads somewhere."""
    publishing.publish(a_home_page(), by=None)
    page = a_live_page(key="trade", address_en="trade", address_fr="commerce")
    a_text(page)
    publishing.publish(page, by=None, at=timezone.now() + timedelta(days=3))
    a_page()
    report = a_report(page.editions.get(number=1))
    return {
        "page_id": page.pk,
        "object_id": page.pk,
        "content_type_id": 1,
        "id": page.pk,
        "number": 1,
        "report": report.pk,
        "partner": a_partner().pk,
        "download": a_download().pk,
        "image": an_image().pk,
        "language": "en",
        "address": "trade",
        "key": "trade",
        "moment": "20260101T000000Z",
        "digest": "0" * 32,
        "version": "0" * 12,
        "name": "report",
        "format": "pdf",
        "width": 640,
        "extension": "webp",
        "token": "x" * 43,
        "app_label": "pages",
        "url": "nowhere",
    }


@contextmanager
def undone():
    """Whatever happens inside is rolled back, so that no request changes what the next one finds."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(point)


@pytest.fixture
def ask(staff_client):
    """Asks, and returns the status; 500 where the server would have failed while it was sending."""
    staff_client.raise_request_exception = False

    def ask(method, path, *arguments):
        with undone():
            response = getattr(staff_client, method)(path, *arguments)
            if response.streaming:
                b"".join(response.streaming_content)
            return response.status_code

    return ask


def shortened(text):
    return text if len(text) < 90 else f"{text[:60]}… ({len(text)} characters)"


def answers(ask, paths):
    """Asks for each path, and returns how many there were and those that failed."""
    statuses = {path: ask("get", path) for path in paths}
    return len(statuses), [shortened(path) for path, status in statuses.items() if status >= 500]


def with_parameters(values, pairs):
    plain = {}
    for name, path in paths(values | {"object_id": values["page_id"]}):
        plain.setdefault(name, path)
    places = [(plain[name], each) for name, parameters in PARAMETERS.items() for each in parameters.split()]
    for (path, parameter), value in pairs(places):
        yield f"{path}?{parameter}={value}"


def too_large(places):
    """Pairs of each place and a number that is too large for 64 bits."""
    return itertools.product(places, ["9223372036854775808"])


@pytest.mark.medium
def test_a_number_that_is_too_large_is_no_error_in_any_parameter(ask, values):
    number, failed = answers(ask, with_parameters(values, too_large))
    assert failed == []
    assert number > 100


@pytest.mark.medium
def test_an_object_is_shown_where_the_address_names_no_column_to_find_it_by(ask, values):
    kinds = ["pages/page", "pages/partnerorganization", "auth/user", "reports/problemreport"]
    keys = [values["page_id"], values["partner"], get_user_model().objects.first().pk, values["report"]]
    for kind, key in zip(kinds, keys, strict=True):
        assert ask("get", f"/admin/{kind}/{key}/change/?_to_field=") == 200, kind


@pytest.mark.medium
def test_a_number_that_is_too_large_is_no_error_in_any_part_of_an_address(ask, values):
    _number, failed = answers(ask, odd_paths(values, too_large))
    assert failed == []


@pytest.mark.medium
@pytest.mark.parametrize("path", ["/admin/pages/page/", "/admin/reports/problemreport/", "/en/search"])
def test_a_search_of_fifteen_hundred_words_is_answered(ask, values, path):
    assert ask("get", f"{path}?q={'+'.join(f'word{number}' for number in range(1500))}") == 200


@pytest.mark.medium
@pytest.mark.parametrize(
    "query",
    [
        "owner=2147483648",
        "owner__id__exact=x",
        "owner=%D9%A3",
        "received_at__year=99999",
        "title_en__regex=(",
    ],
)
def test_lists_take_the_filters_that_they_offer_and_no_others(ask, values, query):
    for path in ("/admin/pages/page/", "/admin/reports/problemreport/"):
        assert ask("get", f"{path}?{query}") in (200, 302, 400)


@pytest.mark.medium
def test_a_search_of_too_many_words_says_so(staff_client, values):
    address = f"/admin/pages/page/?q={'+'.join(['trade'] * 21)}"
    assert "Only the first 20 words were searched for." in staff_client.get(address).text


@pytest.mark.parametrize("value", ["NaN", "9" * 40, "\x00", "²", ""])
@pytest.mark.parametrize(
    ("path", "action"),
    [
        ("pages/page/", "delete_selected"),
        ("pages/partnerorganization/", "delete_selected"),
        ("pages/download/", "delete_selected"),
        ("pages/libraryimage/", "delete_selected"),
        ("auth/user/", "delete_selected"),
        ("auth/group/", "delete_selected"),
        ("reports/problemreport/", "take"),
    ],
)
def test_an_action_on_what_no_object_has_as_its_id_changes_nothing(ask, path, action, value):
    data = {"action": action, "_selected_action": value, "index": "0"}
    assert ask("post", f"/admin/{path}", data) in (200, 302)


@pytest.mark.slow
def test_no_value_of_any_parameter_is_an_error_of_the_server(ask, values):
    number, failed = answers(ask, with_parameters(values, dealt))
    print(f"{number} parameters with odd values")
    assert failed == []


@pytest.mark.slow
def test_no_value_in_any_part_of_an_address_is_an_error_of_the_server(ask, values):
    number, failed = answers(ask, odd_paths(values, dealt))
    print(f"{number} addresses with odd parts")
    assert failed == []


# What is sent

FORMS = {
    "/admin/pages/page/{page_id}/change/": "page_form",
    "/admin/pages/page/add/": "page_form",
    "/admin/pages/page/{page_id}/publish/": "",
    "/admin/pages/page/{page_id}/archive/": "",
    "/admin/pages/page/{page_id}/withdraw/": "",
    "/admin/pages/page/{page_id}/emergency/": "",
    "/admin/pages/page/{page_id}/share/": "",
    "/admin/pages/page/{page_id}/translations/": "",
    "/admin/pages/partnerorganization/{partner}/change/": "partnerorganization_form",
    "/admin/pages/download/{download}/change/": "download_form",
    "/admin/pages/libraryimage/{image}/change/": "libraryimage_form",
}
BY_HAND = {
    "/admin/reports/problemreport/{report}/change/": [
        {"act": "organize", "owner": "", "severity": "1", "due_on": "2027-01-01"},
        {"act": "duplicate", "number": "1"},
        {"act": "gather", "number": "1"},
        {"act": "dismiss", "reason": "spam", "text": ""},
        {"act": "note", "text": "x"},
    ],
    "/admin/reports/problemreport/groups/": [{"number": "1"}],
    "/admin/reports/problemreport/": [{"action": "take", "_selected_action": "1", "index": "0"}],
    "/admin/auth/user/": [
        {"action": "delete_selected", "_selected_action": "1", "index": "0", "post": "yes"}
    ],
    "/admin/auth/group/": [{"action": "delete_selected", "_selected_action": "1", "index": "0"}],
    "/admin/pages/page/{page_id}/publish/": [
        {"when": "later", "at": "2027-01-01T10:00", "at-fold": "", "fixed": "1"}
    ],
    "/en/report-a-problem/trade": [
        {"reasons": "missing", "section": "", "details": "x", "edition": "1", "shown": ""}
    ],
    "/admin/login/": [{"username": "x", "password": "x", "code": "1", "next": "/admin/"}],
}


def sent(client, values):
    """What each form holds as it stands, by its address."""
    for path, form in FORMS.items():
        path = path.format(**values)
        yield path, fields(client.get(path), form)
    for path, several in BY_HAND.items():
        for data in several:
            yield path.format(**values), data


@pytest.mark.slow
def test_no_value_of_any_field_is_an_error_of_the_server(ask, staff_client, values):
    fields_sent = [(path, data, name) for path, data in list(sent(staff_client, values)) for name in data]
    failed, number = [], 0
    # One value each: a form takes longer than a list.
    for (path, data, name), value in dealt(fields_sent, part=len(ODD)):
        number += 1
        if ask("post", path, data | {name: unquote(value)}) >= 500:
            failed.append((path, name, shortened(value)))
    print(f"{number} fields with odd values")
    assert failed == []

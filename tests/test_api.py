"""The interface for programs says what is public in both languages, and exactly what its description promises."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator

from pages import api_schema, publishing
from pages.models.page import Page
from tests.factories import (
    a_figure,
    a_home_page,
    a_live_page,
    a_page,
    a_partner,
    a_partner_list,
    a_text,
    an_objective,
)

pytestmark = pytest.mark.django_db

ODD = [
    "",
    " ",
    "0",
    "-1",
    "1.5",
    "1e3",
    "a",
    "١",
    "9" * 40,
    "1 ",
    "+1",
    "null",
    "true",
    "[]",
    "%",
    "é",
    "' OR 1=1",
    "../",
]


@pytest.fixture
def site(settings, tmp_path):
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": on_disk}
    publishing.publish(a_home_page(), by=None)
    page = a_page(
        key="trade", title_en="Trade", title_fr="Commerce", address_en="trade", address_fr="commerce"
    )
    a_text(page, heading_en="Wheat & rye", heading_fr="Blé")
    a_figure(page)
    un = a_partner(
        key="un", name_en="United Nations", name_fr="Nations Unies", website_en="https://www.un.org/"
    )
    an_objective(page, partners=[un])
    a_partner_list(page, partners=[un, a_partner(key="ngo")])
    publishing.publish(page, by=None)
    publishing.archive(a_live_page(key="old"), by=None)


def described(client):
    return client.get("/api/v1/openapi.json").json()


def validate(answer, description, operation):
    """That an answer has a status that the description names, and the shape that it has for it."""
    responses = operation["responses"]
    assert str(answer.status_code) in responses, answer.status_code
    schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
    whole = {**schema, "components": description["components"]}
    Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(answer.json())


def test_the_description_is_one_of_openapi_and_its_schemas_are_valid(client):
    description = described(client)
    assert description["openapi"] == "3.1.0"
    for schema in description["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    operations = [path["get"] for path in description["paths"].values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations) == 3


@pytest.mark.medium
def test_every_operation_answers_as_described_whatever_is_asked(client, site):
    """Requests are made from the description: each parameter with what it allows and with odd values."""
    description, count = described(client), 0
    for path, methods in description["paths"].items():
        operation = methods["get"]
        parameters = operation["parameters"]
        for parameter in parameters:
            if parameter["in"] == "path":
                for value in ("home", "trade", "old", "nothing", "a" * 300):
                    validate(
                        client.get(path.replace(f"{{{parameter['name']}}}", value)), description, operation
                    )
                    count += 1
            else:
                for value in ["1", "2", *ODD]:
                    validate(client.get(path, {parameter["name"]: value}), description, operation)
                    count += 1
        if "{" not in path:
            validate(client.get(path), description, operation)
            count += 1
    assert count > 45


@pytest.mark.medium
def test_a_page_says_all_that_it_says_in_both_languages(client, site):
    page = client.get("/api/v1/pages/trade").json()
    assert (page["key"], page["parent"], page["state"]) == ("trade", "home", "current")
    assert page["en"]["title"] == "Trade"
    assert page["fr"]["url"].endswith("/fr/commerce")
    kinds = [block["kind"] for block in page["fr"]["blocks"]]
    assert kinds == ["text", "figure", "objective", "partners"]
    assert page["en"]["blocks"][0]["heading"] == "Wheat & rye"
    assert page["fr"]["blocks"][0]["heading"] == "Blé"
    image = page["en"]["blocks"][1]["image"]
    shown = client.get(urlsplit(image["url"]).path)
    assert (shown.status_code, bool(b"".join(shown.streaming_content))) == (200, True)
    shown.close()
    assert page["fr"]["blocks"][2]["partners"][0]["name"] == "Nations Unies"


@pytest.mark.medium
def test_the_list_holds_what_readers_find_and_nothing_else(client, site):
    a_page(key="draft")
    publishing.publish(a_page(key="coming"), by=None, at=timezone.now() + timedelta(hours=1))
    publishing.withdraw(a_live_page(key="gone"), by=None)
    items = client.get("/api/v1/pages").json()["items"]
    assert [(item["key"], item["state"]) for item in items] == [
        ("home", "current"),
        ("trade", "current"),
        ("old", "archived"),
    ]
    for key in ("draft", "coming", "gone"):
        assert client.get(f"/api/v1/pages/{key}").status_code == 404


@pytest.mark.medium
def test_partners_come_from_live_pages_only_and_name_them(client, site):
    a_partner(key="unused")
    an_objective(a_page(), partners=[a_partner(key="of-a-draft")])
    items = client.get("/api/v1/partners").json()["items"]
    assert [item["key"] for item in items] == ["ngo", "un"]
    assert items[1]["en"]["website"] == "https://www.un.org/"
    assert items[1]["named_on"] == ["trade"]
    publishing.withdraw(Page.objects.get(key="trade"), by=None)
    assert client.get("/api/v1/partners").json()["items"] == []


@pytest.mark.medium
def test_long_lists_are_paged(client, monkeypatch):
    monkeypatch.setattr("pages.api.PER_PAGE", 2)
    for number in range(3):
        a_live_page(key=f"p{number}")
    first = client.get("/api/v1/pages").json()
    assert (first["count"], first["pages"], first["previous"], len(first["items"])) == (3, 2, None, 2)
    second = client.get("/api/v1/pages?page=2").json()
    assert first["next"].endswith("/api/v1/pages?page=2")
    assert (second["next"], [item["key"] for item in second["items"]]) == (None, ["p2"])
    assert client.get("/api/v1/pages?page=3").status_code == 404


@pytest.mark.medium
@pytest.mark.parametrize(
    ("path", "queries"), [("pages", 2), ("pages/trade", 1), ("partners", 2), ("openapi.json", 0)]
)
@pytest.mark.parametrize("others", [0, 12])
def test_the_number_of_queries_does_not_grow(client, site, django_assert_num_queries, path, queries, others):
    for _number in range(others):
        page = a_page()
        an_objective(page, partners=[a_partner()])
        publishing.publish(page, by=None)
    with django_assert_num_queries(queries):
        assert client.get(f"/api/v1/{path}").status_code == 200


@pytest.mark.medium
def test_the_documents_are_read_for_partners_once_after_a_publication(
    client, site, django_assert_num_queries
):
    client.get("/api/v1/partners")
    with django_assert_num_queries(1):
        assert client.get("/api/v1/partners?page=1&other").json()["count"] == 2
    page = a_page()
    an_objective(page, partners=[a_partner(key="new")])
    publishing.publish(page, by=None)
    assert client.get("/api/v1/partners").json()["count"] == 3


@pytest.mark.medium
@pytest.mark.parametrize("path", ["pages", "pages/trade", "partners", "openapi.json"])
def test_programs_of_every_site_may_read_it_and_ask_whether_it_still_holds(client, site, path):
    answer = client.get(f"/api/v1/{path}", headers={"accept-encoding": "gzip"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Content-Encoding"] == "gzip"
    assert "cookie" not in answer["Vary"].lower()
    headers = {"accept-encoding": "gzip", "if-none-match": answer["ETag"]}
    again = client.get(f"/api/v1/{path}", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert client.post(f"/api/v1/{path}").status_code in (403, 405)


def test_a_list_is_as_long_as_the_description_says():
    assert api_schema.SCHEMAS["PageList"]["properties"]["items"]["maxItems"] == api_schema.PER_PAGE

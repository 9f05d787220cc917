"""The description of the interface for programs (`api`), as OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

PER_PAGE = 50

TEXT = {"type": "string"}
URL = {"type": "string", "format": "uri"}
MOMENT = {"type": "string", "format": "date-time"}
KEY = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}


def _object(properties: dict[str, Any], *, is_open: bool = False) -> dict[str, Any]:
    """An object that has all of these; with `is_open`, also others that its kind has."""
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": is_open,
    }


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _list_of(name: str) -> dict[str, Any]:
    return _object(
        {
            "count": {"type": "integer", "minimum": 0, "description": "How many there are on all pages."},
            "page": {"type": "integer", "minimum": 1},
            "pages": {"type": "integer", "minimum": 1},
            "next": _or_null(URL),
            "previous": _or_null(URL),
            "items": {"type": "array", "items": _reference(name), "maxItems": PER_PAGE},
        }
    )


_STATE = {
    "key": {**KEY, "description": "Names the page for good, whatever its address."},
    "state": {"enum": ["current", "archived"]},
    "published": {**MOMENT, "description": "When the page was first public."},
    "modified": {**MOMENT, "description": "When it last changed in a way that matters, in either language."},
    "parent": _or_null({**KEY, "description": "The page above it; null for the home page."}),
    "self": URL,
}
_ABOUT = {"url": URL, "title": TEXT, "description": TEXT}
_HTML = {"type": "string", "contentMediaType": "text/html"}

# Of each vocabulary the terms that were chosen for the page, with their labels in the language.
_METADATA = {
    name: {"type": "array", "items": _reference("Term")}
    for name in ("creator", "subject", "audience", "type", "coverage")
}

SCHEMAS = {
    "Error": _object({"error": TEXT}),
    "Summary": _object({**_STATE, "en": _object(_ABOUT), "fr": _object(_ABOUT)}),
    "Page": _object({**_STATE, "en": _reference("PageText"), "fr": _reference("PageText")}),
    "PageText": _object(
        {
            **_ABOUT,
            **_METADATA,
            "introduction": _HTML,
            "blocks": {"type": "array", "items": _reference("Block")},
        }
    ),
    "Term": _object({"code": TEXT, "label": TEXT}),
    "Block": {
        **_object({"kind": TEXT, "key": KEY}, is_open=True),
        "description": "A part of the page. What else it has depends on its kind; kinds may be added.",
    },
    "Image": _object(
        {
            "url": URL,
            "width": {"type": "integer", "minimum": 1},
            "height": {"type": "integer", "minimum": 1},
        }
    ),
    "Partner": _object(
        {
            "key": KEY,
            "kind": TEXT,
            "logo": _or_null(_reference("Image")),
            "named_on": {
                "type": "array",
                "items": KEY,
                "description": "The keys of the live pages that name it.",
            },
            "en": _reference("PartnerText"),
            "fr": _reference("PartnerText"),
        }
    ),
    "PartnerText": _object(
        {
            "name": TEXT,
            "acronym": TEXT,
            "website": {**TEXT, "description": "May be empty in one language."},
            "description": TEXT,
        }
    ),
    "PageList": _list_of("Summary"),
    "PartnerList": _list_of("Partner"),
}

_PAGE_NUMBER = {
    "name": "page",
    "in": "query",
    "description": f"Number of a page of the list, which has {PER_PAGE} lines at most.",
    "schema": {"type": "integer", "minimum": 1, "default": 1},
}


def _operation(name: str, summary: str, schema: str, *, parameters: list[dict[str, Any]], errors: list[str]):
    def answer(description, name):
        content = {"application/json": {"schema": _reference(name)}}
        return {"description": description, "content": content}

    responses = {
        "200": answer("What was asked for.", schema),
        "304": {"description": "Unchanged since the ETag that If-None-Match names."},
    }
    responses |= {status: answer("What is wrong.", "Error") for status in errors}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters,
            "responses": responses,
        }
    }


def openapi(site: str, title: str) -> dict[str, Any]:
    """Returns the whole description for a site at an address."""
    key = {"name": "key", "in": "path", "required": True, "schema": KEY}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": "1",
            "description": "The public pages of the site and their partner organizations, in English and in French. "
            "Read-only; programs of every site may use it. Fields may be added; none changes its meaning or goes away "
            "within a version.",
        },
        "servers": [{"url": site}],
        "paths": {
            "/api/v1/pages": _operation(
                "listPages", "All public pages", "PageList", parameters=[_PAGE_NUMBER], errors=["400", "404"]
            ),
            "/api/v1/pages/{key}": _operation(
                "getPage", "One page with its text", "Page", parameters=[key], errors=["404"]
            ),
            "/api/v1/partners": _operation(
                "listPartners",
                "The partner organizations that public pages name",
                "PartnerList",
                parameters=[_PAGE_NUMBER],
                errors=["400", "404"],
            ),
        },
        "components": {"schemas": SCHEMAS},
    }

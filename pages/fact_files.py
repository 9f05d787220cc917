"""Facts as content files have them, in `facts.yaml`: out, and in again once each value has been checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .document import LANGUAGES
from .models.fact import Fact
from .text_cleaning import unstorable_characters

NAMES = ("key", "name", "unit", "value", "currency", "source", "as_of", "review_by")
_DATES = ("as_of", "review_by")
# The columns that a file writes; who looks after a fact is no matter of content.
_COLUMNS = ("name_en", "name_fr", "unit", "value", "currency", "source", "as_of", "review_by")


def to_plain(fact: Fact) -> dict[str, Any]:
    """Returns a fact as dictionaries, texts and dates, in the order in which people read it."""
    values = {
        "key": fact.key,
        "name": {language: fact.name[language] for language in LANGUAGES},
        "unit": fact.unit,
        "value": fact.value,
        "currency": fact.currency if fact.currency != Fact.Currency.CAD else "",
        "source": fact.source,
        **{name: getattr(fact, name) for name in _DATES},
    }
    return {name: value for name, value in values.items() if value not in ("", None)}


def from_plain(data: dict[str, Any]) -> tuple[Fact, list[tuple[str, str]]]:
    """Returns the fact, not yet saved, that a file says, and what is wrong in it: names of fields with what to do."""
    problems = [(str(name), _unknown()) for name in data if name not in NAMES]
    problems += [(name, _("This is not text. Put it in quotation marks.")) for name in _no_texts(data)]
    problems += [(name, _no_date()) for name in _DATES if not isinstance(data.get(name), date | str | None)]
    if problems:
        return Fact(), problems
    names = data.get("name") or {}
    values = {name: data[name] for name in NAMES if name != "name" and data.get(name) is not None}
    fact = Fact(
        **{**values, "value": str(data.get("value", ""))},
        **{f"name_{each}": names.get(each, "") for each in LANGUAGES},
    )
    try:
        fact.full_clean(validate_unique=False)
    except ValidationError as error:
        problems = [(name, " ".join(messages)) for name, messages in error.message_dict.items()]
    return fact, problems


def _unknown() -> str:
    return _("This name is not recognized. Use one of these: %s.") % ", ".join(NAMES)


def _no_date() -> str:
    return _("Enter a date as year, month and day, such as “2020-12-31”.")


def _no_texts(data: dict[str, Any]) -> Iterator[str]:
    """The names of what has to be a text that can be stored, and is none. A value may also be a number or a date."""
    names = data.get("name") or {}
    if not isinstance(names, dict) or not set(names) <= set(LANGUAGES):
        yield "name"
        return
    texts = {f"name.{language}": text for language, text in names.items()}
    texts |= {name: data.get(name) for name in ("key", "unit", "currency", "source")}
    texts["value"] = (
        str(data["value"]) if isinstance(data.get("value"), int | float | date) else data.get("value")
    )
    for name, text in texts.items():
        if text is not None and (not isinstance(text, str) or unstorable_characters(text)):
            yield name


def store(facts: Iterable[Fact]) -> list[Fact]:
    """Makes or changes the facts that were read, by their keys, and returns their rows. They keep their owners."""
    facts = list(facts)
    rows = {
        row.key: row
        for row in Fact.objects.filter(key__in=[fact.key for fact in facts]).for_update_in_order()
    }
    for fact in facts:
        row = rows.setdefault(fact.key, fact)
        for name in _COLUMNS:
            setattr(row, name, getattr(fact, name))
        row.save()
    return list(rows.values())

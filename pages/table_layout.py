"""Which columns of a table hold numbers? They are set to the right, so that their digits stand below one another."""

from __future__ import annotations

import re
from collections import defaultdict
from html import unescape

_CELL = re.compile(r"<(?P<name>t[dh])(?P<attributes>[^>]*)>(?P<content>.*?)(?=</(?P=name)>)", re.DOTALL)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_TAG = re.compile(r"<sup class=\"ci-noteref\">.*?</sup>|<[^>]*>")
_SPANS = re.compile(r"\b(?:col|row)span=")

# A number with its sign, its currency and its unit; and what stands where there is none.
_NUMBER = re.compile(r"[-–−+<>~]?\s*[$€£]?\s*\d[\d\s.,]*(?:\s*(?:[%$€£]|[kKM]\$?))?")
_NONE = frozenset({"", "-", "–", "—", "n/a", "s/o", "s.o.", "…"})

# With fewer numbers a column is a text that happens to be one.
MIN_NUMBERS = 2


def align_numbers(table: str) -> str:
    """Gives a table, in the canonical form of `html.clean`, a class on the cells of each column of numbers.

    One with cells that span several rows or columns stays as it is.
    """
    if _SPANS.search(table):
        return table
    columns = _number_columns(table)
    return _ROW.sub(lambda row: _marked_row(row[0], columns), table) if columns else table


def _number_columns(table: str) -> set[int]:
    values: dict[int, list[str]] = defaultdict(list)
    for row in _ROW.findall(table):
        for column, cell in enumerate(_CELL.finditer(row)):
            if cell["name"] == "td":
                values[column].append(unescape(_TAG.sub("", cell["content"])).strip())
    return {column for column, cells in values.items() if _are_numbers(cells)}


def _are_numbers(cells: list[str]) -> bool:
    present = [cell for cell in cells if cell not in _NONE]
    return len(present) >= MIN_NUMBERS and all(_NUMBER.fullmatch(cell) for cell in present)


def _marked_row(row: str, columns: set[int]) -> str:
    column = -1

    def marked(cell: re.Match[str]) -> str:
        nonlocal column
        column += 1
        css = ' class="ci-number"' if column in columns else ""
        return f"<{cell['name']}{cell['attributes']}{css}>{cell['content']}"

    return _CELL.sub(marked, row)

"""Which columns of a table hold numbers? They are set to the right, so that their digits stand below one another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from .html import Block, leaves

# A number with its sign, its currency and its unit; and what stands where there is none.
_NUMBER = re.compile(r"[-–−+<>~]?\s*[$€£]?\s*\d[\d\s.,]*(?:\s*(?:[%$€£]|[kKM]\$?))?")
_NONE = frozenset({"", "-", "–", "—", "n/a", "s/o", "s.o.", "…"})

# With fewer numbers a column is a text that happens to be one.
MIN_NUMBERS = 2


def align_numbers(table: Block) -> Block:
    """Gives a table a class on the cells of each column of numbers.

    One with cells that span several rows or columns stays as it is.
    """
    rows = [row for part in table.children for row in part.children]
    if any(cell.get("colspan") or cell.get("rowspan") for row in rows for cell in row.children):
        return table
    columns = _number_columns(rows)
    return _marked(table, columns) if columns else table


def _number_columns(rows: Iterable[Block]) -> set[int]:
    values: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        for column, cell in enumerate(row.children):
            if cell.tag == "td":
                values[column].append(
                    "\n".join(leaf.words for leaf in leaves([cell]) if leaf.tag != "note").strip()
                )
    return {column for column, cells in values.items() if _are_numbers(cells)}


def _are_numbers(cells: list[str]) -> bool:
    present = [cell for cell in cells if cell not in _NONE]
    return len(present) >= MIN_NUMBERS and all(_NUMBER.fullmatch(cell) for cell in present)


def _marked(table: Block, columns: set[int]) -> Block:
    parts = (
        replace(part, children=tuple(_marked_row(row, columns) for row in part.children))
        if part.children
        else part
        for part in table.children
    )
    return replace(table, children=tuple(parts))


def _marked_row(row: Block, columns: set[int]) -> Block:
    cells = (
        replace(cell, attributes=(*cell.attributes, ("class", "ci-number"))) if column in columns else cell
        for column, cell in enumerate(row.children)
    )
    return replace(row, children=tuple(cells))

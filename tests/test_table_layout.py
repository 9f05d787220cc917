"""Columns of numbers are set to the right, and nothing else of a table is changed."""

import pytest

from pages import table_layout
from pages.html import parse, serialize


def align_numbers(text):
    [table] = parse(text)
    return serialize([table_layout.align_numbers(table)]).replace("\n", "")


def a_table(*rows):
    """One whose first row is its head and whose first column names the rows."""
    head, *body = rows
    cells = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    lines = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>'
        for row in body
    )
    return f"<table><caption>Aid</caption><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"


@pytest.mark.parametrize(
    "numbers",
    [
        ("1", "22"),
        ("$4.5", "$120"),
        ("1&nbsp;200\u202f$", "–", "3&nbsp;%"),
        ("25,000", "<strong>1,000</strong>"),
        ("−4", "+12"),
        ("", "n/a", "4", "5"),
    ],
)
def test_a_column_of_numbers_and_its_head_are_marked(numbers):
    table = align_numbers(a_table(("Year", "Amount"), *(("Row", number) for number in numbers)))
    assert '<th scope="col">Year</th><th scope="col" class="ci-number">Amount</th>' in table
    assert table.count('<td class="ci-number">') == len(numbers)
    assert '<th scope="row">Row</th>' in table


@pytest.mark.parametrize("cells", [("1", "two"), ("Trade", "Aid"), ("4",), ("", "–"), ("2 to 3", "4")])
def test_any_other_column_stays_as_it_is(cells):
    table = a_table(("Year", "Amount"), *(("Row", cell) for cell in cells))
    assert align_numbers(table) == table


def test_a_table_with_cells_over_several_columns_stays_as_it_is():
    table = a_table(("Year", "Amount"), ("a", "1"), ("b", "2")).replace("<td>", '<td colspan="2">', 1)
    assert align_numbers(table) == table

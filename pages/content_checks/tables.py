"""Have tables a caption, headers and no empty cell, so that a screen reader can read them out?"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from .examples import en, fr
from .parsed_document import LanguageView
from .rules import WARNING, Match, Rule, match_in_field, per_language


def _title(table) -> str:
    return table.caption or next((cell.text for row in table.rows for cell in row if cell.text), "")


def without_headers(view: LanguageView) -> Iterator[Match]:
    for table in view.tables:
        if table.rows and not any(cell.tag == "th" for row in table.rows for cell in row):
            yield match_in_field(table.path, view.language, _title(table))


def without_caption(view: LanguageView) -> Iterator[Match]:
    for table in view.tables:
        if table.rows and not table.caption:
            yield match_in_field(table.path, view.language, _title(table))


def empty_cells(view: LanguageView) -> Iterator[Match]:
    """Cells without a word, but for the corner above the row headers."""
    for table in view.tables:
        empty = sum(
            not cell.text
            for number, row in enumerate(table.rows)
            for position, cell in enumerate(row)
            if (number, position) != (0, 0)
        )
        if empty:
            yield match_in_field(table.path, view.language, _title(table), count=empty)


def one_column(view: LanguageView) -> Iterator[Match]:
    for table in view.tables:
        if table.rows and all(len(row) <= 1 for row in table.rows):
            yield match_in_field(table.path, view.language, _title(table))


def _table(caption: str, *rows: tuple[str, ...], header: str = "th") -> str:
    top = f"<caption>{caption}</caption>\n" if caption else ""
    lines = "".join(
        "<tr>\n"
        + "".join(f"<{tag}>{cell}</{tag}>\n" for cell in row for tag in ["td" if index else header])
        + "</tr>\n"
        for index, row in enumerate(rows)
    )
    return f"<table>\n{top}{lines}</table>"


_EN, _FR = (("Year", "Amount"), ("2020", "10")), (("Année", "Montant"), ("2020", "10"))

RULES = (
    Rule(
        "table-headers",
        WARNING,
        _("The table has no headers. Make the first row or the first column the header."),
        per_language(without_headers),
        (
            en(_table("Aid", *_EN, header="td"), _table("Aid", *_EN)),
            fr(_table("Aide", *_FR, header="td"), _table("Aide", *_FR)),
        ),
        number=60,
    ),
    Rule(
        "table-caption",
        WARNING,
        _("The table has no caption. Say in a few words what it shows."),
        per_language(without_caption),
        (en(_table("", *_EN), _table("Aid", *_EN)), fr(_table("", *_FR), _table("Aide", *_FR))),
        number=60,
    ),
    Rule(
        "table-empty-cells",
        WARNING,
        _(
            "The table has empty cells: %(count)s. Enter “no data”, “0” or “n/a” (in French, « aucune "
            "donnée », « 0 » or « s.o. »)."
        ),
        per_language(empty_cells),
        (
            en(
                _table("Aid", ("Year", "Amount"), ("2020", "")),
                _table("Aid", ("Year", "Amount"), ("2020", "n/a")),
            ),
            fr(
                _table("Aide", ("Année", "Montant"), ("2020", "")),
                _table("Aide", ("Année", "Montant"), ("2020", "s.o.")),
            ),
        ),
        number=60,
    ),
    Rule(
        "table-of-one-column",
        WARNING,
        _("A one-column table is really a list. Use a list instead."),
        per_language(one_column),
        (
            en(_table("Aid", ("Kind",), ("Food",)), _table("Aid", *_EN)),
            fr(_table("Aide", ("Sorte",), ("Pain",)), _table("Aide", *_FR)),
        ),
        number=60,
    ),
)

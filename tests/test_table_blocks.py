"""Tables that are blocks of their own: one table, with its caption in a field beside it and notes below."""

from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from pages import content_checks, html, readiness, rendering
from pages.document import Bilingual
from pages.models.blocks import Table
from tests.admin_desk import address, ready
from tests.factories import a_block, a_document, a_page, a_table

ROWS = [["Year", "Trade ($)"], ["2019", "80"], ["2020", "1,200"]]
NUMBERS = html.clean(
    a_table(ROWS).replace("<td>Year</td>\n<td>Trade ($)</td>", "<th>Year</th><th>Trade ($)</th>")
)


def a_table_block(table=NUMBERS, french=NUMBERS, **changes):
    return a_block("table", **{"table": Bilingual(table, french), **changes})


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_table_scrolls_in_a_region_named_after_its_caption_and_its_numbers_align(language):
    block = a_table_block(caption=Bilingual("Trade & aid", "Commerce et aide"))
    page = rendering.render_preview(a_document(blocks=(block,)), language)
    with translation.override(language):
        shown = render_to_string("pages/page.html", {"page": page, "language": language})
    caption = {"en": "Trade &amp; aid", "fr": "Commerce et aide"}[language]
    assert f'role="region" tabindex="0" aria-label="{caption}"><table>\n<caption>{caption}</caption>' in shown
    assert '<th scope="col" class="ci-number">Trade ($)</th>' in shown
    assert shown.index("</table>") < shown.index(block.notes[language])


@pytest.mark.parametrize(
    ("table", "is_one_table"),
    [
        (NUMBERS, True),
        (f"<p>Before</p>\n{NUMBERS}", False),
        (f"{NUMBERS}\n<p>After</p>", False),
        (f"{NUMBERS}\n{NUMBERS}", False),
        (html.captioned(NUMBERS, "Its own"), False),
        ("<p>Words</p>", False),
    ],
)
def test_a_page_is_not_published_with_anything_but_one_table(table, is_one_table):
    table = html.clean(table)
    document = a_document(blocks=(a_table_block(table),))
    reasons = [(reason.path[-1], reason.language) for reason in readiness._form_reasons(document)]
    assert reasons == ([] if is_one_table else [("table", "en")])


def test_checks_know_the_caption_of_a_table_and_compare_its_rows_and_columns():
    document = a_document(blocks=(a_table_block(french=html.clean(a_table(ROWS[:2]))),))
    found = {finding.rule.id: finding for finding in content_checks.findings(document)}
    assert "table-caption" not in found
    assert "3 × 2" in found["tables-differ"].message
    assert "2 × 2" in found["tables-differ"].message
    assert found["table-headers"].language == "fr"
    without = replace(document.blocks[0], caption=Bilingual("", "Commerce"))
    found = content_checks.findings(a_document(blocks=(without,)))
    assert [finding.language for finding in found if finding.rule.id == "table-caption"] == ["en"]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_table_block_asks_for_no_caption_and_gets_its_headers_by_buttons(desk):
    page = a_page()

    def press(name):
        screen.locator(".order-machine .ci-toolbar").nth(0).get_by_role(
            "button", name=name, exact=True
        ).click()

    block = Table.objects.create(parent=page, region="main", ordering=10, caption_en="Aid", caption_fr="Aide")
    screen = ready(desk(address(page)))
    screen.locator(".order-machine .ci-editor [role=textbox][lang=en]").first.click()
    press("Table – Insert a table…")
    assert screen.locator("dialog [name=caption]").count() == 0
    screen.locator("dialog [name=rows]").fill("2")
    screen.locator("dialog [name=cols]").fill("2")
    screen.keyboard.press("Enter")
    for word in ("Year", "Aid", "2020", "5"):
        screen.keyboard.type(word)
        screen.keyboard.press("Tab") if word != "5" else press("Header column")
    assert screen.locator(".order-machine .ci-tool--caption:visible").count() == 0
    screen.keyboard.press("Control+s")
    screen.wait_for_selector(".messagelist")
    block.refresh_from_db()
    head = '<thead>\n<tr>\n<th scope="col">Year</th>\n<th scope="col">Aid</th>\n</tr>\n</thead>'
    body = '<tbody>\n<tr>\n<th scope="row">2020</th>\n<td>5</td>\n</tr>\n</tbody>'
    assert block.table_en == f"<table>\n{head}\n{body}\n</table>"

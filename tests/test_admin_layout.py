"""Blocks are laid out quickly, and exactly as Django would."""

import pytest
from django.contrib.admin import StackedInline

from pages.admin.blocks import INLINES
from tests.admin_forms import change_address, page_form
from tests.factories import a_figure, a_page, a_page_list, a_partner, a_partner_list, a_text, an_objective
from tests.markup import elements

pytestmark = pytest.mark.django_db

# Names of values that differ from answer to answer.
SIGNED = ("csrfmiddlewaretoken", "-image-kept")


def plain(html):
    """Each element with what it says, wherever spaces and line ends stand."""
    return [
        (element.tag, sorted(element.attributes.items()), element.text.replace(" ", ""))
        for element in elements(html)
        if not element["nonce"] and not element["name"].endswith(SIGNED)
    ]


@pytest.mark.medium
@pytest.mark.parametrize(
    ("language", "is_refused"),
    [
        ("en", False),
        ("fr", True),
        *(pytest.param(*one, marks=pytest.mark.slow) for one in [("en", True), ("fr", False)]),
    ],
)
def test_blocks_are_laid_out_as_django_lays_them_out(staff_client, monkeypatch, language, is_refused):
    page, partner = a_page(), a_partner()
    a_text(page, heading_en='<Trade> & "aid"', body_en="<p>It’s &lt; 5 & more.</p>")
    an_objective(page, partners=[partner])
    a_partner_list(page, partners=[partner])
    a_figure(page)
    a_page_list(page)
    staff_client.cookies["django_language"] = language

    def shown():
        if not is_refused:
            return staff_client.get(change_address(page))
        data = page_form(staff_client, page) | {"pages_textsection_set-0-heading_fr": "x" * 300}
        return staff_client.post(change_address(page), data)

    ours = shown().content.decode()
    for inline in INLINES:
        monkeypatch.setattr(inline, "template", StackedInline.template)
    theirs = shown().content.decode()
    assert plain(ours) == plain(theirs)

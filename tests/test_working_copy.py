"""Rows become documents and documents become rows, in both languages, whichever is active."""

import pytest
from django.utils import translation

from pages import working_copy
from pages.document import Bilingual, Partner, PartnerList
from pages.models import Page
from tests.factories import (
    KINDS,
    a_document,
    a_figure,
    a_home_page,
    a_page,
    a_page_list,
    a_partner,
    a_partner_list,
    a_text,
    an_objective,
)

pytestmark = pytest.mark.django_db


def a_full_page():
    page = a_page()
    a_text(page)
    partners = [a_partner(key=f"who-{page.key}"), a_partner(key=f"imf-{page.key}")]
    an_objective(page, partners=partners)
    a_partner_list(page, partners=partners)
    a_figure(page)
    a_page_list(page)
    return page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_written_back_reads_the_same_whatever_language_is_active(language):
    page = a_full_page()
    before = working_copy.read(page)
    with translation.override(language):
        working_copy.write(before)
    assert working_copy.read(Page.objects.get(pk=page.pk)) == before


def test_blocks_are_read_in_their_order_on_the_page():
    kinds = [block.kind for block in working_copy.read(a_full_page()).blocks]
    assert kinds == ["text", "objective", "partners", "figure", "pages"]


def test_partners_are_read_in_the_order_of_their_keys():
    keys = [partner.key for partner in working_copy.read(a_full_page()).blocks[1].partners]
    assert keys == sorted(keys)
    assert len(keys) == 2


def test_a_document_of_an_unknown_page_makes_it():
    a_home_page()
    page = working_copy.write(a_document(key="new"))
    assert working_copy.read(page) == a_document(key="new")


def test_writing_a_document_leaves_known_partners_as_they_are():
    a_home_page()
    a_partner(key="who", name_en="World Health Organization")
    old = Partner("who", "multilateral", name=Bilingual("WHO (old name)", "OMS"))
    page = working_copy.write(a_document(blocks=(PartnerList("list", partners=(old,)),)))
    assert working_copy.read(page).blocks[0].partners[0].name.en == "World Health Organization"


def test_rich_text_is_cleaned_on_every_way_into_the_database():
    page = a_page(introduction_en="<p>Hello</p><script>alert(1)</script>")
    page.refresh_from_db()
    assert page.introduction_en == "<p>Hello</p>"


@pytest.mark.medium
def test_many_pages_are_read_in_a_constant_number_of_queries(django_assert_num_queries):
    for _ in range(3):
        a_full_page()
    with django_assert_num_queries(KINDS + 3):
        for page in Page.objects.with_content():
            working_copy.read(page)


def test_pages_are_listed_in_tree_order():
    home = a_home_page()
    second = a_page(key="second", position=2)
    first = a_page(key="first", position=1)
    below = a_page(key="below", parent=first)
    assert list(Page.objects.in_tree_order()) == [home, first, below, second]

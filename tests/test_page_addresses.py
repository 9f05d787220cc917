"""An address that can never be published is refused where it is written, with the page that has it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pages import content_files, publishing, reviews
from pages.address_checks import AddressOwners, problem_with_address
from pages.document import Bilingual
from pages.models import Edition, Page
from tests.admin_forms import change_address, fields, page_form
from tests.factories import a_home_page, a_live_page, a_page

pytestmark = pytest.mark.django_db

OF_THE_SITE = [
    ("en", "search"),
    ("fr", "recherche"),
    ("en", "feed"),
    ("fr", "fil"),
    ("en", "corrections"),
    ("fr", "corrections"),
    ("en", "corrections/trade"),
    ("en", "report-a-problem/trade"),
    ("fr", "signaler-un-probleme/commerce"),
]


def errors_of(client, page, **changes):
    answer = client.post(change_address(page), page_form(client, page) | changes)
    return answer.context["adminform"].form.errors if answer.status_code == 200 else {}


@pytest.mark.medium
@pytest.mark.parametrize(("language", "address"), OF_THE_SITE)
def test_an_address_that_the_site_uses_itself_is_refused_at_its_field(staff_client, language, address):
    name = f"address_{language}"
    page = a_page()
    errors = errors_of(staff_client, page, **{name: address})
    assert list(errors) == [name]
    assert "The site itself uses the address" in errors[name][0]
    page.refresh_from_db()
    assert getattr(page, name) != address


@pytest.mark.medium
@pytest.mark.parametrize(
    ("language", "address"),
    [("en", "recherche"), ("fr", "search"), ("en", "search-and-rescue"), ("en", "media"), ("en", "admin")],
)
def test_words_that_the_site_uses_elsewhere_are_free(staff_client, language, address):
    """Pages stand below /en/ and /fr/, so only what the map of the site has there is taken."""
    page = a_page()
    assert errors_of(staff_client, page, **{f"address_{language}": address}) == {}


def taken_by(kind):
    """A page that has the address “trade” or had it once, in the working copy or in an edition."""
    page = a_page(title_en="Wheat & <rye>", address_en="trade")
    if kind == "draft":
        return page
    if kind == "in review":
        reviews.submit(page, by=None)
    elif kind == "scheduled":
        publishing.publish(page, by=None, at=timezone.now() + timedelta(days=2))
    else:
        publishing.publish(page, by=None)
    if kind != "live":
        Page.objects.filter(pk=page.pk).update(address_en="moved")
    if kind == "earlier":
        publishing.publish(Page.objects.get(pk=page.pk), by=None)
    return page


@pytest.mark.medium
@pytest.mark.parametrize("kind", ["draft", "in review", "scheduled", "live", "earlier", "withdrawn"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_address_of_another_page_is_refused_with_a_link_to_that_page(staff_client, kind, language):
    other, page = taken_by(kind), a_page()
    if kind == "withdrawn":
        publishing.withdraw(other, by=None)
    staff_client.cookies["django_language"] = language
    data = page_form(staff_client, page) | {"address_en": "trade"}
    answer = staff_client.post(change_address(page), data)
    assert list(answer.context["adminform"].form.errors) == ["address_en"]
    shown = answer.content.decode()
    assert f'<a href="{change_address(other)}">Wheat &amp; &lt;rye&gt;</a>' in shown
    assert {"en": "already uses the address", "fr": "utilise déjà l’adresse"}[language] in shown


@pytest.mark.medium
def test_a_new_page_is_refused_an_address_that_is_taken(staff_client):
    a_live_page(address_fr="commerce")
    address = "/admin/pages/page/add/"
    data = fields(staff_client.get(address), "page_form") | {"title_en": "New", "address_fr": "commerce"}
    assert list(staff_client.post(address, data).context["adminform"].form.errors) == ["address_fr"]
    assert staff_client.post(address, data | {"address_fr": "autre"}).status_code == 302


@pytest.mark.medium
def test_a_page_keeps_and_takes_back_its_own_addresses(staff_client):
    page = a_live_page(address_en="first")
    assert errors_of(staff_client, page, address_en="second") == {}
    publishing.publish(Page.objects.get(pk=page.pk), by=None)
    assert errors_of(staff_client, page, address_en="first") == {}


@pytest.mark.medium
def test_the_home_page_has_no_address(staff_client):
    errors = errors_of(staff_client, a_home_page(), address_en="welcome")
    assert "Leave this field empty" in errors["address_en"][0]


@pytest.mark.medium
def test_an_address_in_the_other_language_of_another_page_is_free(staff_client):
    a_live_page(address_fr="commerce")
    assert errors_of(staff_client, a_page(), address_en="commerce") == {}


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("search", "pages/new.yaml: address.en: The site itself uses the address “search”"),
        ("earlier", "pages/new.yaml: address.en: The page “Wheat” already uses the address “earlier”"),
        ("present", "pages/new.yaml: address.en: The page “wheat” already uses this address."),
    ],
)
def test_a_content_file_is_refused_such_an_address(tmp_path, address, told):
    page = a_live_page(key="wheat", title_en="Wheat", address_en="earlier")
    Page.objects.filter(pk=page.pk).update(address_en="present")
    (tmp_path / "pages").mkdir()
    file = f"parent: home\ntitle:\n  en: New\n  fr: Nouvelle\naddress:\n  en: {address}\n  fr: nouvelle\n"
    (tmp_path / "pages" / "new.yaml").write_text(file)
    with pytest.raises(content_files.ImportErrors) as refusal:
        content_files.load(tmp_path)
    assert told in str(refusal.value)
    assert not Page.objects.filter(key="new").exists()


@pytest.mark.medium
def test_any_number_of_addresses_takes_as_many_queries_as_one(django_assert_num_queries):
    pages = [a_live_page() for _each in range(5)]
    asked = [Bilingual(page.address_en, page.address_fr) for page in pages]
    with django_assert_num_queries(2):
        holders = AddressOwners(asked, drafts=True)
    with django_assert_num_queries(0):
        found = [problem_with_address("", "en", address.en, holders) for address in asked]
    assert all(found)
    assert Edition.objects.count() == 5

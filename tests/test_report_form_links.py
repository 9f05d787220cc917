"""Beside the button of the report form: what is kept, for how long, and whom to ask, with links that lead somewhere."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pages import publishing
from pages.models.edition import Edition
from tests.factories import a_live_page

pytestmark = pytest.mark.django_db

PATHS = {"en": "/en/trade", "fr": "/fr/commerce"}
KEPT = {
    "en": "We delete them after 180\u00a0days, or once your report is dealt with if that takes longer.",
    "fr": "Nous les supprimons après 180\u00a0jours ou, si cela prend plus de temps, une fois votre "
    "signalement traité.",
}
ENQUIRIES = {
    "en": 'For enquiries, please <a href="/en/contact">contact us</a>.',
    "fr": 'Pour toute question, veuillez <a href="/fr/communiquer">communiquer avec nous</a>.',
}
PRIVACY = {
    "en": 'read our <a href="/en/privacy">page on privacy</a>.',
    "fr": 'consultez notre <a href="/fr/confidentialite">page sur la confidentialité</a>.',
}
BOTH_LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])


@pytest.fixture
def trade():
    return a_live_page(title_en="Trade", title_fr="Commerce", address_en="trade", address_fr="commerce")


@pytest.fixture
def contact():
    return a_live_page(key="reach-us", address_en="contact", address_fr="communiquer")


@pytest.fixture
def privacy():
    return a_live_page(key="private", address_en="privacy", address_fr="confidentialite")


def form_of(client, path):
    return form_in(client.get(path))


def form_in(answer):
    shown = answer.content.decode()
    return shown[shown.index('<form class="ci-form"') :].partition("</form>")[0]


def every_form(client, trade, language):
    """That on the page, that on a page of its own, and that with errors."""
    own = f"/{language}/{'report-a-problem' if language == 'en' else 'signaler-un-probleme'}/{trade.key}"
    refused = client.post(own, {"details": ""})
    assert refused.status_code == 422
    return [form_of(client, PATHS[language]), form_of(client, own), form_in(refused)]


@pytest.mark.medium
@BOTH_LANGUAGES
def test_every_form_says_what_is_kept_how_long_and_whom_to_ask(client, trade, contact, privacy, language):
    for form in every_form(client, trade, language):
        for text in (KEPT[language], ENQUIRIES[language], PRIVACY[language]):
            assert text in form


@pytest.mark.medium
@BOTH_LANGUAGES
def test_the_period_is_that_of_the_setting(client, trade, settings, language):
    form_of(client, PATHS[language])
    settings.REPORTS_KEPT_DAYS = 1
    for form in every_form(client, trade, language):
        assert {"en": "after 1\u00a0day,", "fr": "après 1\u00a0jour ou"}[language] in form


@pytest.mark.medium
@BOTH_LANGUAGES
def test_pages_that_do_not_exist_are_not_linked(client, trade, language):
    for form in every_form(client, trade, language):
        assert "<a " not in form
        assert KEPT[language] in form
        assert {"en": "You will not receive a reply.", "fr": "Vous ne recevrez pas de réponse."}[
            language
        ] in form


@pytest.mark.medium
@BOTH_LANGUAGES
def test_a_withdrawn_page_is_not_linked_from_that_moment_on(client, trade, contact, language):
    assert ENQUIRIES[language] in form_of(client, PATHS[language])
    publishing.withdraw(contact, by=None)
    for form in every_form(client, trade, language):
        assert ENQUIRIES[language] not in form


@pytest.mark.medium
@BOTH_LANGUAGES
def test_a_page_that_has_moved_is_linked_where_it_is_now(client, trade, contact, language):
    contact.address_en, contact.address_fr = "reach-us", "nous-joindre"
    contact.save()
    publishing.publish(contact, by=None)
    path = {"en": "/en/reach-us", "fr": "/fr/nous-joindre"}[language]
    for form in every_form(client, trade, language):
        assert f'<a href="{path}">' in form


@pytest.mark.medium
def test_the_pages_of_another_institution_are_those_that_its_identity_names(client, trade, settings):
    a_live_page(address_en="ask", address_fr="demander")
    settings.SITE_IDENTITY = {
        **settings.SITE_IDENTITY,
        "contact": {"en": "ask", "fr": "demander"},
        "privacy": {"en": "https://example.org/privacy", "fr": "https://example.org/vie-privee"},
    }
    assert '<a href="/fr/demander">' in form_of(client, PATHS["fr"])
    for form in every_form(client, trade, "en"):
        assert '<a href="/en/ask">' in form
        assert '<a href="https://example.org/privacy">' in form


@pytest.mark.medium
def test_a_page_with_its_links_takes_one_query(client, trade, contact, privacy, django_assert_num_queries):
    client.get(PATHS["en"])
    with django_assert_num_queries(1):
        assert ENQUIRIES["en"] in form_of(client, PATHS["en"])


@pytest.mark.medium
def test_a_page_is_sent_again_to_who_has_it_when_a_link_has_gone(client, trade, contact):
    Edition.objects.update(publish_at=timezone.now() - timedelta(days=2))
    held = client.get(PATHS["en"])["Last-Modified"]
    assert client.get(PATHS["en"], headers={"If-Modified-Since": held}).status_code == 304
    publishing.withdraw(contact, by=None)
    assert client.get(PATHS["en"], headers={"If-Modified-Since": held}).status_code == 200

"""Where to report a weakness of the site: `/.well-known/security.txt`, as RFC 9116 has it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from canada_iraq.delivery import security_txt
from canada_iraq.operations import static_export
from tests.factories import a_live_page

PATH = "/.well-known/security.txt"


@pytest.fixture
def contact(settings):
    """The settings of a public site that says whom to tell, and where its policy is in each language."""
    settings.SITE_URL = "https://pages.example.org"
    settings.SECURITY_CONTACT = ["mailto:security@example.org", "https://example.org/report"]
    settings.SECURITY_POLICY = ["https://example.org/en/policy", "https://example.org/fr/politique"]


def fields(text):
    """The names and values of all fields, in order."""
    return [tuple(line.split(": ", 1)) for line in text.splitlines() if not line.startswith("#")]


def test_it_tells_whom_to_tell_until_when_in_which_languages_and_where_the_policy_is(
    client, contact, time_machine
):
    time_machine.move_to(datetime(2026, 11, 29, 12, tzinfo=UTC))
    response = client.get(PATH)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert fields(response.text) == [
        ("Contact", "mailto:security@example.org"),
        ("Contact", "https://example.org/report"),
        ("Expires", "2027-05-01T00:00:00Z"),
        ("Preferred-Languages", "en, fr"),
        ("Canonical", "https://pages.example.org/.well-known/security.txt"),
        ("Policy", "https://example.org/en/policy"),
        ("Policy", "https://example.org/fr/politique"),
    ]


def test_without_a_contact_there_is_none(client, settings):
    settings.SECURITY_CONTACT, settings.SECURITY_POLICY = [], ["https://example.org/policy"]
    assert client.get(PATH).status_code == client.head(PATH).status_code == 404


def test_what_is_not_known_is_left_out(client, contact, settings):
    settings.SITE_URL, settings.SECURITY_POLICY = "http://testserver", []
    named = {name for name, _value in fields(client.get(PATH).text)}
    assert named == {"Contact", "Expires", "Preferred-Languages"}


@pytest.mark.parametrize(
    "day", [datetime(2026, month, day, tzinfo=UTC) for month in range(1, 13) for day in (1, 28)]
)
def test_it_expires_in_five_to_six_months_whenever_it_is_asked_for(day):
    left = security_txt.expiry(day) - day
    assert timedelta(days=149) <= left <= timedelta(days=184)


def test_it_stays_the_same_within_a_month_so_that_copies_do():
    first = datetime(2026, 10, 1, tzinfo=UTC)
    assert len({security_txt.expiry(first + timedelta(days=days)) for days in range(31)}) == 1


def test_it_is_not_sent_again_to_those_who_have_it(client, contact):
    known = client.get(PATH)
    assert client.get(PATH, headers={"If-None-Match": known["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("given", "contacts"),
    [
        ("", []),
        ("security@example.org", ["mailto:security@example.org"]),
        ("mailto:a@example.org, https://example.org/x", ["mailto:a@example.org", "https://example.org/x"]),
        (" tel:+1-613-555-0100 ,", ["tel:+1-613-555-0100"]),
    ],
)
def test_a_contact_is_an_email_address_a_page_or_a_telephone(given, contacts):
    assert security_txt.read_contacts(given) == contacts


@pytest.mark.parametrize(
    "given",
    [
        "security",
        "http://example.org",
        "https://",
        "javascript:x",
        "tel:call me",
        "a@b c.org",
        "a@b.org\nX: y",
    ],
)
def test_any_other_contact_is_refused_when_the_site_starts(given):
    with pytest.raises(ImproperlyConfigured, match=r"SECURITY_CONTACT: .* is neither an e-mail address"):
        security_txt.read_contacts(given)


@pytest.mark.parametrize("given", ["http://example.org/policy", "/en/policy", "https://a b", "https://"])
def test_a_policy_is_an_https_address(given):
    with pytest.raises(ImproperlyConfigured, match=r"SECURITY_POLICY: .* must begin with https://"):
        security_txt.read_policies(given)


@pytest.mark.medium
def test_the_static_copy_has_it_and_follows_its_settings(file_site, client, contact, settings, tmp_path):
    settings.WHITENOISE_USE_FINDERS = True
    settings.SITE_URL = "http://testserver"
    a_live_page()
    static_export.export(tmp_path / "copy", get_wsgi_application())
    file = tmp_path / "copy" / "site" / PATH[1:]
    assert file.read_bytes() == client.get(PATH).content
    settings.SECURITY_CONTACT = []
    static_export.export(tmp_path / "copy", get_wsgi_application())
    assert not file.exists()


@pytest.mark.medium
def test_the_file_of_a_static_copy_is_written_again_before_it_expires(
    file_site, contact, settings, tmp_path, time_machine
):
    settings.WHITENOISE_USE_FINDERS = True
    settings.SITE_URL = "http://testserver"
    for day in range(0, 180, 30):
        time_machine.move_to(timezone.now() + timedelta(days=day))
        static_export.export(tmp_path / "copy", get_wsgi_application())
        text = (tmp_path / "copy" / "site" / PATH[1:]).read_text()
        expires = datetime.fromisoformat(re.search("Expires: (.*)Z", text)[1]).replace(tzinfo=UTC)
        assert timezone.now() + timedelta(days=100) < expires < timezone.now() + timedelta(days=365)

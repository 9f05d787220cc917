"""Whose site it is: a folder says so, and a faulty one is told before the site starts."""

import tomllib

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from canada_iraq import identity
from tests.markup import the, with_class
from tests.test_page_html import error_html, front_door_html, page_html

OWN = (settings.BASE_DIR / "identity" / "identity.toml").read_text()
LOGO = '[logo]\nen = "en.svg"\nfr = "fr.svg"\n'


@pytest.fixture
def institution(tmp_path):
    """Makes the folder of an institution: `institution(text, "en.svg")` with these logos."""

    def a_folder(text, *logos):
        (tmp_path / "identity.toml").write_text(text)
        (tmp_path / "logos").mkdir()
        for logo in logos:
            (tmp_path / "logos" / logo).write_text("<svg/>")
        return tmp_path

    return a_folder


@pytest.fixture
def dressed(institution):
    """The settings of a site that has an institution’s name, logos and link."""
    text = OWN.replace("Canada-Iraq Pages", "Our Office").replace("Pages Canada-Irak", "Notre bureau")
    text = text.replace('address = "privacy"', 'address = "https://example.org/privacy"')
    folder = institution(LOGO + text, "en.svg", "fr.svg")
    with override_settings(
        SITE_IDENTITY=identity.read(folder), STATICFILES_DIRS=identity.static_folders(folder)
    ):
        yield folder


def test_the_site_of_this_software_has_no_logo_and_says_whose_it_is_not():
    own = identity.read(settings.BASE_DIR / "identity")
    assert own["logo"] is None
    assert own["notices"]["en"][0] == "This site is not a Government of Canada site."


def test_an_institution_is_named_and_shown_on_every_kind_of_page(dressed):
    for html in (page_html("en"), error_html(404, "en"), front_door_html()):
        assert with_class(html, "ci-identity__logo")[0]["src"] == "/static/identity/en.svg"
        assert not with_class(html, "ci-mark")
        assert "Canada-Iraq Pages" not in html
    both = error_html(404, None)
    assert not with_class(both, "ci-mark")
    assert "Our Office" in the(both, "a", href="/").text
    assert "Notre bureau" in the(both, "a", href="/").text


def test_a_footer_link_may_lead_to_another_site(dressed):
    assert the(page_html("en"), "a", href="https://example.org/privacy").text == "Privacy"


def test_the_logos_are_found_like_any_other_static_file(dressed):
    finder = finders.FileSystemFinder()
    assert finder.find("identity/fr.svg") == str(dressed / "logos" / "fr.svg")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "identity.toml: Invalid value"),
        (OWN.replace('fr = "Pages Canada-Irak"', ""), "name.fr must be a text"),
        (OWN.replace('fr = "communiquer"', "fr = 3"), "contact.fr must be the address of a page"),
        (OWN.replace("[notices]\n", '[notices]\nen = "One."\n', 1).replace('en = ["This', 'xx = ["This'),
         "notices.en must be a list of texts"),
        (OWN.replace(', address = "privacy"', ""), "links.en must be a list of links"),
        (LOGO + OWN, "there is no logos/en.svg; there is no logos/fr.svg"),
        ('[logo]\nen = "en.svg"\n' + OWN, "logo.fr must be the name of a file"),
        ("[colours]\n" + OWN, "colours is not a value that is known"),
    ],
)  # fmt: skip
def test_a_faulty_identity_is_told_in_a_sentence(institution, text, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        identity.read(institution(text))


def test_a_folder_without_its_file_is_told(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="identity.toml cannot be read: No such file"):
        identity.read(tmp_path)


def test_both_languages_have_as_many_footer_links():
    links = tomllib.loads(OWN)["links"]
    assert len(links["en"]) == len(links["fr"])

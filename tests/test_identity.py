"""Whose site it is: a folder says so, and a faulty one is told before the site starts."""

import tomllib
from contextlib import nullcontext

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from canada_iraq import identity
from canada_iraq.delivery import static_files
from pages import stylesheet
from tests.markup import the, with_class
from tests.test_page_html import error_html, front_door_html, page_html

OWN = (settings.BASE_DIR / "identity" / "identity.toml").read_text()
LOGO = '[logo]\nen = "en.svg"\nfr = "fr.svg"\n'
ICON = '[icon]\nsvg = "icon.svg"\npng = "icon.png"\n'
COLOURS = '[header]\nlight = "#5A1E5C"\ndark = "#2a0f2b"\n[accent]\nlight = "#d4a017"\ndark = "#e6c35c"\n'


@pytest.fixture
def institution(tmp_path):
    """Makes the folder of an institution: `institution(text, "en.svg")` with these logos."""

    def a_folder(text, *logos):
        (tmp_path / "identity.toml").write_text(text)
        (tmp_path / "logos").mkdir()
        for logo in logos:
            (tmp_path / "logos" / logo).write_bytes(
                b"\x89PNG\r\n\x1a\n" if logo.endswith("png") else b"<svg/>"
            )
        return tmp_path

    return a_folder


@pytest.fixture
def dressed(institution):
    """The settings of a site that has an institution’s name, logos and link."""
    text = OWN.replace("Canada-Iraq Pages", "Our Office").replace("Pages Canada-Irak", "Notre bureau")
    text = text.replace('address = "privacy"', 'address = "https://example.org/privacy"')
    folder = institution(LOGO + ICON + COLOURS + text, "en.svg", "fr.svg", "icon.svg", "icon.png")
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


def test_browsers_are_told_its_icons_and_its_colours_on_every_page_and_the_icons_in_the_admin(
    dressed, client
):
    svg = the(page_html("en"), "link", rel="icon", type="image/svg+xml")
    assert svg["href"] == "/static/identity/icon.svg"
    assert 'href="/static/identity/icon.png" type="image/png"' in error_html(404, None)
    assert "/static/identity/icon.svg" in client.get("/admin/login/").content.decode()
    html = front_door_html()
    assert '<meta name="theme-color" content="#5A1E5C" media="(prefers-color-scheme: light)">' in html
    assert '<meta name="theme-color" content="#2a0f2b" media="(prefers-color-scheme: dark)">' in html


def test_its_colours_take_the_place_of_ours_in_both_schemes_but_not_in_print(dressed):
    css = stylesheet.source()
    light, dark, print_ = (css.rindex(f"--header: {colour};") for colour in ("#5A1E5C", "#2a0f2b", "#fff"))
    assert css.index("--header: #0a2f35") < light < dark < print_
    assert css.index("--stripe: #c9773f") < css.index("--stripe: #d4a017") < css.index("--stripe: #e6c35c")


def test_without_an_icon_and_colours_of_its_own_a_site_has_ours(institution):
    given = identity.read(institution(OWN))
    assert given["icons"] == [("pages/favicon.svg", "image/svg+xml")]
    with override_settings(SITE_IDENTITY=given):
        assert page_html("en").count("theme-color") == page_html("en").count('rel="icon"') == 1
        assert stylesheet.own_colours() == []


def test_other_colours_are_a_change_of_the_static_files(institution):
    ours = static_files.fingerprint()
    with override_settings(SITE_IDENTITY=identity.read(institution(COLOURS + OWN))):
        assert static_files.fingerprint() != ours
    assert static_files.fingerprint() == ours


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
        (ICON + OWN, "there is no logos/icon.svg; there is no logos/icon.png"),
        ("[icon]\n" + OWN, "icon must name files by their kind: ico, png, svg"),
        ('[icon]\ngif = "icon.gif"\n' + OWN, "icon must name files by their kind: ico, png, svg"),
        ("[icon]\npng = 3\n" + OWN, "icon.png must be the name of a file"),
        (COLOURS.replace('"#5A1E5C"', '"purple"') + OWN, "header.light must be a colour such as #0b4147"),
        (COLOURS.replace("#5A1E5C", "#5A1") + OWN, "header.light must be a colour such as #0b4147"),
        (COLOURS.replace("#2a0f2b", "#e6c35c") + OWN, "header.dark must be .* a contrast of 4.5 to 1"),
        (COLOURS.replace('dark = "#e6c35c"', "") + OWN, "accent.dark must be a colour such as #0b4147"),
    ],
)  # fmt: skip
def test_a_faulty_identity_is_told_in_a_sentence(institution, text, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        identity.read(institution(text))


@pytest.mark.parametrize(("kind", "content"), [("svg", b"<html>"), ("png", b"<svg/>"), ("ico", b"")])
def test_an_icon_that_is_something_else_is_told(institution, kind, content):
    folder = institution(f'[icon]\n{kind} = "icon.{kind}"\n' + OWN, f"icon.{kind}")
    (folder / "logos" / f"icon.{kind}").write_bytes(content)
    with pytest.raises(ImproperlyConfigured, match=f"logos/icon.{kind} is not a picture of the kind {kind}"):
        identity.read(folder)


@pytest.mark.parametrize(("grey", "is_accepted"), [("#767676", True), ("#777777", False)])
def test_white_text_can_be_read_on_the_ground_of_the_header(institution, grey, is_accepted):
    folder = institution(COLOURS.replace("#5A1E5C", grey) + OWN)
    with nullcontext() if is_accepted else pytest.raises(ImproperlyConfigured, match="header.light"):
        assert identity.read(folder)["header"]["light"] == grey


def test_a_folder_without_its_file_is_told(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="identity.toml cannot be read: No such file"):
        identity.read(tmp_path)


def test_both_languages_have_as_many_footer_links():
    links = tomllib.loads(OWN)["links"]
    assert len(links["en"]) == len(links["fr"])

"""`check_content`: what it checks, what it says and how it ends."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pages import publishing
from tests.factories import a_live_page, a_page, a_partner, a_partner_list, a_png, a_text

pytestmark = pytest.mark.django_db

STARTER = Path(__file__).parent.parent / "pages" / "starter"
PAGE = """\
title:
  en: Home
  fr: Accueil
description:
  en: What the site tells.
  fr: Ce que dit le site.
introduction:
  en: |
    <p>It cost $5.</p>
  fr: |
    <p>Cela a coûté 6 $.</p>
"""


def check(capsys, *arguments, **options):
    """What the command writes, and whether it succeeds."""
    try:
        call_command("check_content", *map(str, arguments), **options)
    except CommandError as error:
        return capsys.readouterr().out + str(error), False
    return capsys.readouterr().out, True


def content(tmp_path, page=PAGE):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "home.yaml").write_text(page)
    return tmp_path


@pytest.mark.medium
def test_the_starter_content_passes_at_every_severity(capsys):
    for severity in ("blocks", "warns", "hints"):
        written, passed = check(capsys, STARTER, severity=severity)
        assert passed, written


def test_a_finding_names_file_field_rule_and_what_to_do(capsys, tmp_path):
    written, passed = check(capsys, content(tmp_path))
    assert not passed
    assert written.splitlines()[0] == (
        "pages/home.yaml: introduction: The amounts of money differ (English: $5; French: 6 $). "
        "Use the same amount in both languages. [money-differs, blocks] “It cost $5.”"
    )


def test_milder_findings_are_listed_and_do_not_fail(capsys, tmp_path):
    folder = content(tmp_path, PAGE.replace("5.", "6. It took 2 years.").replace("6 $.", "6 $ en deux ans."))
    written, passed = check(capsys, folder)
    assert passed
    assert "[number-in-digits, warns]" in written
    assert not check(capsys, folder, severity="warns")[1]


def test_json_holds_every_finding(capsys, tmp_path):
    with pytest.raises(CommandError):
        call_command("check_content", str(content(tmp_path)), json=True)
    line = json.loads(capsys.readouterr().out)[0]
    assert (line["place"], line["field"], line["rule"]) == (
        "pages/home.yaml",
        "introduction",
        "money-differs",
    )
    assert (line["severity"], line["fixable"]) == ("blocks", False)


@pytest.mark.medium
def test_json_of_nothing_is_an_empty_list(capsys):
    written, passed = check(capsys, STARTER, json=True)
    assert (json.loads(written), passed) == ([], True)


def test_a_folder_that_cannot_be_read_is_refused_with_its_faults(capsys, tmp_path):
    written, passed = check(capsys, content(tmp_path, "title: 5\n"))
    assert not passed
    assert "pages/home.yaml: title" in written


def test_without_a_folder_the_working_copy_is_checked(capsys):
    a_text(a_page(key="trade"), body_en="<p>It cost $5.</p>", body_fr="<p>Cela a coûté 6 $.</p>")
    written, passed = check(capsys)
    assert not passed
    assert "trade: blocks." in written


@pytest.mark.medium
def test_what_is_live_is_checked_and_not_the_working_copy(capsys):
    page = a_live_page(key="trade")
    page.introduction_en, page.introduction_fr = "<p>It took 2 years.</p>", "<p>Il a fallu deux ans.</p>"
    page.save()
    assert check(capsys, live=True, severity="warns")[1]
    publishing.publish(page, by=None)
    assert not check(capsys, live=True, severity="warns")[1]


def test_a_folder_and_what_is_live_are_not_checked_together(capsys):
    assert check(capsys, STARTER, live=True) == ("Check either a folder or what is live, not both.", False)


def test_a_finding_in_a_partner_is_said_once(capsys):
    partner = a_partner(description_en="Works with  us.", description_fr="Travaille avec nous.")
    for _ in range(2):
        a_partner_list(a_page(), partners=[partner])
    written, _passed = check(capsys)
    assert written.count("space-doubled") == 1


LIBRARY = """\
- key: map
  title: {en: A map, fr: Une carte}
  alternative_text: {en: A map with names., fr: Une carte avec des noms.}
  has_words: true
  image: images/map.png
"""
FIGURE = """\
blocks:
  - key: figure
    kind: figure
    image: %s
    decorative: false
    alternative_text: {en: A map., fr: Une carte.}
"""


@pytest.mark.parametrize(("named", "is_found"), [("map", True), ("images/map.png", False)])
def test_images_of_a_folder_are_checked_before_anything_is_stored(capsys, tmp_path, named, is_found):
    folder = content(tmp_path, PAGE + FIGURE % named)
    (folder / "images.yaml").write_text(LIBRARY)
    (folder / "images").mkdir()
    (folder / "images" / "map.png").write_bytes(a_png())
    assert ("blocks.figure.image: " in check(capsys, folder)[0]) is is_found

"""Content files: what is loaded comes out as it was, and what is faulty changes nothing."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pages import interchange, working_copy
from pages.editions import Edition
from pages.models import Page, PartnerOrganization
from tests.factories import a_png

pytestmark = pytest.mark.django_db

STARTER = Path(__file__).parent.parent / "pages" / "starter"
HOME = "title:\n  en: Home\n  fr: Accueil\n"
TRADE = """\
parent: home
address:
  en: trade
  fr: commerce
title:
  en: Trade
  fr: Commerce
blocks:
- kind: text
  key: exports
  heading:
    en: Exports
    fr: Exportations
  body:
    en: |
      <p>Wheat.</p>
    fr: |
      <p>Du blé.</p>
"""


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        for name, text in {"home": HOME, "trade": TRADE, **files}.items():
            path = tmp_path / ("partners.yaml" if name == "partners" else f"pages/{name}.yaml")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def faults(folder):
    with pytest.raises(interchange.ContentRefused) as refusal:
        interchange.load(folder)
    assert not Page.objects.exists()
    return [str(fault) for fault in refusal.value.faults]


def test_the_starter_content_comes_out_as_it_went_in_byte_for_byte(tmp_path):
    interchange.load(STARTER)
    interchange.dump(tmp_path)
    assert files_of(tmp_path) == files_of(STARTER)


def test_the_starter_content_can_be_published_as_it_is():
    call_command("import_content", str(STARTER), publish=True, verbosity=0)
    assert Edition.objects.live().count() == Page.objects.count() >= 9


def test_loading_twice_publishes_nothing_new(folder, capsys):
    for _ in range(2):
        call_command("import_content", str(folder()), publish=True)
    assert Edition.objects.count() == 2


def test_loading_changes_the_working_copy_and_nothing_public(folder):
    call_command("import_content", str(folder()), publish=True, verbosity=0)
    interchange.load(folder(trade=TRADE.replace("en: Trade", "en: Commerce and trade")))
    assert Page.objects.get(key="trade").title_en == "Commerce and trade"
    assert Edition.objects.live().get(page__key="trade").title_en == "Trade"


def test_a_picture_comes_out_as_the_file_that_it_was(folder, tmp_path):
    block = "- kind: figure\n  key: map\n  image: images/trade-map.png\n"
    source = folder(trade=TRADE + block)
    (source / "images").mkdir()
    (source / "images/trade-map.png").write_bytes(a_png())
    interchange.load(source)
    out = tmp_path / "out"
    interchange.dump(out)
    assert (out / "images/trade-map.png").read_bytes() == a_png()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"trade": TRADE.replace("parent: home", "parent: nowhere")},
            "pages/trade.yaml: parent: There is no page",
        ),
        (
            {"trade": TRADE.replace("parent: home", "parent: trade")},
            "pages/trade.yaml: parent: There is no page",
        ),
        ({"trade": TRADE.replace("parent: home\n", "")}, "parent: Only the home page has no parent"),
        ({"trade": TRADE.replace("en: trade", "en: Trade!")}, "address.en: Use lower-case letters"),
        ({"trade": TRADE.replace("en: Trade", "en: 2020")}, "title.en: This is not a text"),
        ({"trade": TRADE.replace("en: Trade", "de: Handel")}, "title: Write the text below “en:” and “fr:”"),
        ({"trade": TRADE.replace("en: Trade", "en: " + "x" * 201)}, "title.en: "),
        ({"trade": TRADE.replace("kind: text", "kind: video")}, "blocks.1.kind: Choose one of"),
        ({"trade": TRADE.replace("kind: text", "kind: [text]")}, "blocks.1.kind: Choose one of"),
        ({"trade": TRADE.replace("  key: exports\n", "")}, "blocks.1.key: The key is missing"),
        ({"trade": TRADE.replace("key: exports", "key: Exports")}, "blocks.1.key: Write a key in lower-case"),
        ({"trade": TRADE + TRADE[TRADE.index("- kind") :]}, "blocks.2.key: The key “exports” is used twice"),
        ({"trade": TRADE + "colour: red\n"}, "colour: This name is not known here"),
        ({"trade": TRADE + "parent: home\n"}, "“parent” is given twice"),
        ({"trade": TRADE + "takes_reports: perhaps\n"}, "takes_reports: Write “true” or “false”"),
        ({"trade": TRADE + "position: -1\n"}, "position: Write a whole number"),
        ({"trade": TRADE.replace("blocks:", "blocks: &all")}, None),
        ({"trade": TRADE + "position: *all\n"}, "references are not used here"),
        ({"trade": "- a\n- b\n"}, "does not begin as expected"),
        ({"trade": "title: [\n"}, "cannot be read as YAML"),
        ({"trade": b"title: \xff\xfe"}, "not written in UTF-8"),
        ({"trade": "title: !!python/object:os.system {}"}, "cannot be read as YAML"),
        ({"trade": "[" * 5000}, "cannot be read as YAML"),
        ({"trade": "a: " + "x" * 2_000_001}, "larger than 2 MB"),
        ({"Trade": TRADE}, "Name the file in lower-case letters"),
        ({"other": TRADE}, "address.en: The page “other” has this address already"),
        ({"partners": "- kind: bank\n  key: imf\n"}, "partners.yaml: 1.kind: Choose one of"),
        ({"partners": "- just words\n"}, "partners.yaml: 1: Write this as names with values"),
        (
            {"partners": "- key: imf\n  kind: multilateral\n  website:\n    en: javascript:alert(1)\n"},
            "partners.yaml: 1.website.en: Enter a whole web address",
        ),
    ],
)
def test_a_fault_is_told_with_file_field_and_reason(folder, changed, told):
    if told is None:
        assert interchange.read(folder(**changed))
    else:
        assert told in "\n".join(faults(folder(**changed)))


@pytest.mark.parametrize(
    "name", ["images/../secret_key", "/etc/passwd", "images/none.png", "images/a.svg", 7]
)
def test_a_picture_can_only_be_a_file_of_the_folder(folder, name):
    block = f"- kind: figure\n  key: map\n  image: {name}\n"
    assert "blocks.2.image: " in "\n".join(faults(folder(trade=TRADE + block)))


def test_an_unknown_partner_is_told(folder):
    block = "- kind: partners\n  key: list\n  partners:\n  - nobody\n"
    assert "There is no partner with the key “nobody”" in "\n".join(faults(folder(trade=TRADE + block)))


def test_all_faults_are_told_at_once(folder):
    broken = TRADE.replace("en: Trade", "en: 1").replace("fr: Commerce", "fr: 2")
    assert len(faults(folder(trade=broken))) == 2


def test_a_page_that_cannot_be_published_leaves_the_working_copy_as_it_was(folder):
    half = TRADE.replace("  fr: Commerce\n", "")
    with pytest.raises(CommandError, match="pages/trade.yaml: Title is missing in French"):
        call_command("import_content", str(folder(trade=half)), publish=True)
    assert not Page.objects.exists()


def test_checking_changes_nothing(folder, capsys):
    call_command("import_content", str(folder()), check=True)
    assert capsys.readouterr().out == "2 pages checked.\n"
    assert not Page.objects.exists()


def test_partners_are_kept_in_the_file(folder, tmp_path):
    text = "- key: imf\n  kind: multilateral\n  name:\n    en: Monetary Fund\n    fr: Fonds monétaire\n"
    interchange.load(folder(partners=text))
    interchange.dump(tmp_path / "out")
    assert PartnerOrganization.objects.get().name_fr == "Fonds monétaire"
    assert (tmp_path / "out/partners.yaml").read_text() == text


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(CommandError, match="no file of a page"):
        call_command("import_content", str(tmp_path))


def test_what_was_loaded_is_read_back_in_both_languages(folder):
    interchange.load(folder())
    document = working_copy.read(Page.objects.get(key="trade"))
    assert document.blocks[0].body.fr == "<p>Du blé.</p>"

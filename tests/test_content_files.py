"""Content files: what is loaded comes out as it was, and what is faulty changes nothing."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pages import content_files, working_copy
from pages.document import BLOCKS
from pages.models import Download, Page, PageTemplate, PartnerOrganization, SharedBlock, VocabularyTerm
from pages.models.blocks import TextSection
from pages.models.edition import Edition
from tests.factories import a_document, a_page_with_everything_shared, a_png
from tests.findings_measure import starter
from tests.full_disk import no_room

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
    with pytest.raises(content_files.ImportErrors) as refusal:
        content_files.load(folder)
    assert not Page.objects.exists()
    return [str(fault) for fault in refusal.value.problems]


@pytest.mark.medium
def test_the_starter_content_comes_out_as_it_went_in_byte_for_byte(tmp_path):
    content_files.load(STARTER)
    content_files.dump(tmp_path)
    assert files_of(tmp_path) == files_of(STARTER)


@pytest.mark.medium
def test_the_starter_content_can_be_published_as_it_is():
    call_command("import_content", str(STARTER), publish=True, verbosity=0)
    assert Edition.objects.live().count() == Page.objects.count() >= 9


def test_the_page_of_components_shows_every_kind_of_block():
    [page] = [document for document in starter() if document.key == "design"]
    assert {block.kind for block in page.blocks} >= BLOCKS.keys() - {"shared"}  # which is the block itself


@pytest.mark.medium
def test_a_video_a_shared_block_a_template_and_vocabularies_go_to_another_site_byte_for_byte(tmp_path):
    a_page_with_everything_shared()
    content_files.dump(tmp_path / "one")
    for model in (Page, PageTemplate, SharedBlock, Download, VocabularyTerm):
        for row in model.objects.order_by("-pk"):
            row.delete()
    content_files.load(tmp_path / "one")
    content_files.dump(tmp_path / "two")
    assert files_of(tmp_path / "two") == files_of(tmp_path / "one")
    assert {"downloads.yaml", "shared_blocks.yaml", "vocabularies/subject.csv"} <= files_of(
        tmp_path / "two"
    ).keys()


@pytest.mark.medium
def test_loading_twice_publishes_nothing_new(folder, capsys):
    for _ in range(2):
        call_command("import_content", str(folder()), publish=True)
    assert Edition.objects.count() == 2


@pytest.mark.medium
def test_loading_changes_the_working_copy_and_nothing_public(folder):
    call_command("import_content", str(folder()), publish=True, verbosity=0)
    content_files.load(folder(trade=TRADE.replace("en: Trade", "en: Commerce and trade")))
    assert Page.objects.get(key="trade").title_en == "Commerce and trade"
    assert Edition.objects.live().get(page__key="trade").title_en == "Trade"


def test_a_picture_comes_out_as_the_file_that_it_was(folder, tmp_path):
    block = "- kind: figure\n  key: map\n  image: images/trade-map.png\n"
    source = folder(trade=TRADE + block)
    (source / "images").mkdir()
    (source / "images/trade-map.png").write_bytes(a_png())
    content_files.load(source)
    out = tmp_path / "out"
    content_files.dump(out)
    [image] = (out / "images").iterdir()
    assert image.read_bytes() == a_png()
    assert f"image: {image.stem.removesuffix('_en')}\n" in (out / "pages/trade.yaml").read_text()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"trade": TRADE.replace("parent: home", "parent: nowhere")},
            "pages/trade.yaml: parent: There is no page",
        ),
        (
            {"trade": TRADE.replace("parent: home", "parent: trade")},
            "pages/trade.yaml: parent: The pages above this one",
        ),
        ({"trade": TRADE.replace("parent: home\n", "")}, "parent: Only the home page has no parent"),
        ({"trade": TRADE.replace("en: trade", "en: Trade!")}, "address.en: Use lowercase letters"),
        ({"trade": TRADE.replace("en: Trade", "en: 2020")}, "title.en: This is not text"),
        ({"trade": TRADE.replace("en: Trade", "de: Handel")}, "title: Write the text below “en:” and “fr:”"),
        ({"trade": TRADE.replace("en: Trade", "en: " + "x" * 201)}, "title.en: "),
        ({"trade": TRADE.replace("kind: text", "kind: hologram")}, "blocks.1.kind: Choose one of"),
        ({"trade": TRADE.replace("kind: text", "kind: [text]")}, "blocks.1.kind: Choose one of"),
        ({"trade": TRADE.replace("  key: exports\n", "")}, "blocks.1.key: The key is missing"),
        ({"trade": TRADE.replace("key: exports", "key: Exports")}, "blocks.1.key: Enter a key in lowercase"),
        ({"trade": TRADE + TRADE[TRADE.index("- kind") :]}, "blocks.2.key: The key “exports” is used twice"),
        ({"trade": TRADE + "colour: red\n"}, "colour: This name is not recognized"),
        ({"trade": TRADE + "parent: home\n"}, "“parent” appears twice"),
        ({"trade": TRADE + "takes_reports: perhaps\n"}, "takes_reports: Write “true” or “false”"),
        ({"trade": TRADE + "position: -1\n"}, "position: Enter a whole number"),
        ({"trade": TRADE.replace("blocks:", "blocks: &all")}, None),
        ({"trade": TRADE + "position: *all\n"}, "Do not use “*” references"),
        ({"trade": "- a\n- b\n"}, "does not start as expected"),
        ({"trade": "title: [\n"}, "is not valid YAML"),
        ({"trade": "title:\n\ten: Trade\n"}, "Indent with spaces, not tabs."),
        ({"trade": "title:\n  en: Trade: a start\n"}, "Put a text with a colon in quotation marks. (line 2)"),
        ({"trade": "title:\n  en: 'It's'\n"}, "Check the indentation and the quotation marks."),
        ({"trade": b"title: \xff\xfe"}, "The file is not UTF-8"),
        ({"trade": "title: !!python/object:os.system {}"}, "is not valid YAML"),
        ({"trade": "[" * 5000}, "is not valid YAML"),
        ({"trade": "a: " + "x" * 2_000_001}, "larger than 2 MB"),
        ({"Trade": TRADE}, "Use only lowercase letters without accents"),
        ({"other": TRADE}, "address.en: The page “other” already uses this address"),
        ({"partners": "- kind: bank\n  key: imf\n"}, "partners.yaml: 1.kind: Choose one of"),
        ({"partners": "- just words\n"}, "partners.yaml: 1: Write this as name-value pairs"),
        (
            {"partners": "- key: imf\n  kind: multilateral\n  website:\n    en: javascript:alert(1)\n"},
            "partners.yaml: 1.website.en: Enter a full web address",
        ),
    ],
)
def test_a_fault_is_told_with_file_field_and_reason(folder, changed, told):
    if told is None:
        assert content_files.read(folder(**changed))
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
    assert "No partner has the key “nobody”" in "\n".join(faults(folder(trade=TRADE + block)))


def test_all_faults_are_told_at_once(folder):
    broken = TRADE.replace("en: Trade", "en: 1").replace("fr: Commerce", "fr: 2")
    assert len(faults(folder(trade=broken))) == 2


def test_a_full_disk_leaves_the_files_that_were_there(folder, tmp_path):
    content_files.load(folder())
    out = tmp_path / "out"
    content_files.dump(out)
    before = files_of(out)
    Page.objects.update(description_en="x" * 300)
    with no_room(200), pytest.raises(OSError, match="large"):
        content_files.dump(out)
    assert files_of(out) == before


HALF = TRADE.replace("  fr: Commerce\n", "")


@pytest.mark.medium
def test_what_is_ready_is_published_and_the_rest_is_listed_with_reasons(folder):
    with pytest.raises(CommandError) as ended:
        call_command("import_content", str(folder(trade=HALF)), publish=True)
    assert str(ended.value).splitlines() == [
        "1 page published. Not ready to be published:",
        "  pages/trade.yaml: Title is missing in French.",
    ]
    assert ended.value.returncode == 3
    assert [edition.page.key for edition in Edition.objects.live()] == ["home"]
    assert Page.objects.get(key="trade").title_en == "Trade"


def test_all_or_nothing_leaves_the_working_copy_as_it_was(folder):
    with pytest.raises(CommandError, match="pages/trade.yaml: Title is missing in French") as ended:
        call_command("import_content", str(folder(trade=HALF)), publish=True, all_or_nothing=True)
    assert str(ended.value).startswith("Nothing was changed. Correct these and try again:")
    assert ended.value.returncode == 1
    assert not Page.objects.exists()


def test_checking_changes_nothing(folder, capsys):
    call_command("import_content", str(folder()), check=True)
    assert capsys.readouterr().out == "2 pages checked.\n"
    assert not Page.objects.exists()


@pytest.mark.medium
def test_what_rich_text_does_not_hold_is_said_and_its_words_are_kept(folder, capsys):
    body = '<ul><li><h3>Wheat.</h3><img src="/a.png"><a href="javascript:x">More</a> <a href="/x">x</a></li></ul>'
    call_command("import_content", str(folder(trade=TRADE.replace("<p>Wheat.</p>", body))))
    said = capsys.readouterr().err
    assert "trade.yaml: blocks." in said
    assert said.rstrip().endswith("body.en: 1 image, 1 link, 1 heading")
    kept = TextSection.objects.get().body_en
    assert "<p>Wheat.</p>" in kept
    call_command("import_content", str(folder(trade=TRADE)))
    assert capsys.readouterr().err == ""


def test_partners_are_kept_in_the_file(folder, tmp_path):
    text = "- key: imf\n  kind: multilateral\n  name:\n    en: Monetary Fund\n    fr: Fonds monétaire\n"
    content_files.load(folder(partners=text))
    content_files.dump(tmp_path / "out")
    assert PartnerOrganization.objects.get().name_fr == "Fonds monétaire"
    assert (tmp_path / "out/partners.yaml").read_text() == text


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(CommandError, match="no page file"):
        call_command("import_content", str(tmp_path))


def test_what_was_loaded_is_read_back_in_both_languages(folder):
    content_files.load(folder())
    document = working_copy.read(Page.objects.get(key="trade"))
    assert document.blocks[0].body.fr == "<p>Du blé.</p>"


# The tree as a whole, of which the files may hold a part


def page_file(key, parent="home", more=""):
    first = f"parent: {parent}\n" if parent else ""
    return f"{first}title:\n  en: {key}\n  fr: {key}\naddress:\n  en: {key}\n  fr: {key}\n{more}"


def refused(folder):
    with pytest.raises(content_files.ImportErrors) as refusal:
        content_files.load(folder)
    return str(refusal.value)


def test_a_file_that_puts_a_stored_page_below_itself_is_refused(tmp_path, folder):
    content_files.load(folder(wheat=page_file("wheat", "trade")))
    (tmp_path / "part" / "pages").mkdir(parents=True)
    (tmp_path / "part" / "pages" / "trade.yaml").write_text(page_file("trade", "wheat"))
    told = refused(tmp_path / "part")
    assert "pages/trade.yaml: parent: The pages above this one are also below it" in told
    assert "trade → wheat → trade" in told or "wheat → trade → wheat" in told
    assert Page.objects.get(key="trade").parent.key == "home"


def test_a_move_between_reading_and_writing_is_noticed(tmp_path, folder, monkeypatch):
    content_files.load(folder(wheat=page_file("wheat")))
    (tmp_path / "part" / "pages").mkdir(parents=True)
    (tmp_path / "part" / "pages" / "trade.yaml").write_text(page_file("trade", "wheat"))
    read = content_files.reading.read

    def and_then_somebody_moves(folder):
        content = read(folder)
        Page.objects.filter(key="wheat").update(parent=Page.objects.get(key="trade"))
        return content

    monkeypatch.setattr(content_files.storing, "read", and_then_somebody_moves)
    assert "pages/trade.yaml: parent" in refused(tmp_path / "part")


def test_a_cycle_that_is_there_keeps_no_file_of_another_page_out_and_a_file_ends_it(tmp_path, folder):
    content_files.load(folder(wheat=page_file("wheat", "trade")))
    Page.objects.filter(key="trade").update(parent=Page.objects.get(key="wheat"))
    (tmp_path / "part" / "pages").mkdir(parents=True)
    (tmp_path / "part" / "pages" / "other.yaml").write_text(page_file("other"))
    content_files.load(tmp_path / "part")
    (tmp_path / "part" / "pages" / "trade.yaml").write_text(page_file("trade"))
    content_files.load(tmp_path / "part")
    assert Page.objects.get(key="trade").parent.key == "home"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"home": page_file("home", "trade")}, "pages/home.yaml: parent: This is the home page of the site"),
        (
            {"home": page_file("home", "other"), "other": page_file("other", parent="")},
            "pages/home.yaml: parent: This is the home page of the site",
        ),
        (
            {"other": page_file("other", parent="")},
            "pages/other.yaml: parent: Only the home page has no parent",
        ),
    ],
)
def test_files_leave_a_site_its_home_page(tmp_path, folder, files, told):
    content_files.load(folder())
    (tmp_path / "part" / "pages").mkdir(parents=True)
    for name, text in files.items():
        (tmp_path / "part" / "pages" / f"{name}.yaml").write_text(text)
    assert told in refused(tmp_path / "part")
    assert Page.objects.get(parent=None).key == "home"


def test_pages_without_a_position_come_last_and_those_that_are_there_stay_where_they_are(tmp_path, folder):
    content_files.load(folder(trade=TRADE + "position: 7\n", aid=page_file("aid"), wheat=page_file("wheat")))
    positions = Page.objects.order_by("position").values_list("key", "position")
    assert list(positions.exclude(key="home")) == [("trade", 7), ("aid", 8), ("wheat", 9)]
    (tmp_path / "part" / "pages").mkdir(parents=True)
    for key in ("aid", "trade", "new"):
        (tmp_path / "part" / "pages" / f"{key}.yaml").write_text(page_file(key))
    content_files.load(tmp_path / "part")
    assert list(positions.exclude(key="home")) == [("trade", 7), ("aid", 8), ("wheat", 9), ("new", 10)]


def test_pages_are_made_in_the_order_of_the_tree(folder):
    positions = {"trade": 3, "aid": 2, "wheat": 1}
    files = {key: page_file(key, more=f"position: {place}\n") for key, place in positions.items()}
    content_files.load(folder(**files, oats=page_file("oats", "wheat")))
    assert list(Page.objects.order_by("pk").values_list("key", flat=True)) == [
        "home", "wheat", "aid", "trade", "oats",
    ]  # fmt: skip


def test_a_position_beyond_the_limit_is_refused_in_files_and_never_written_into_them(tmp_path, folder):
    assert "position: Enter a whole number from 0 to 99,999" in refused(
        folder(trade=TRADE + "position: 99999999999\n")
    )
    document = a_document(parent=None, position=2**31 - 1)
    assert working_copy.assign(Page(key="old"), document).position == 99_999


# Characters


@pytest.mark.parametrize(
    ("character", "name"),
    [("\\0", "U+0000"), ("\\x1b", "U+001B"), ("\\x90", "U+0090"), ("\\uFFFE", "U+FFFE")],
)
def test_a_character_that_no_text_can_have_is_a_fault_in_one_line(folder, character, name):
    text = TRADE.replace("en: Trade", f'en: "Tr{character}ade"').replace("<p>Wheat.</p>", "<p>Wheat.</p>")
    [fault] = faults(folder(trade=text))
    assert (
        fault
        == f"pages/trade.yaml: title.en: This text contains characters that are not allowed ({name}). Delete them."
    )


def test_the_same_holds_in_rich_text_and_in_names(folder):
    rich = TRADE.replace("en: |\n      <p>Wheat.</p>", 'en: "<p>Whe\\0at.</p>"')
    [fault] = faults(folder(trade=rich))
    assert "blocks.1.body.en: This text contains characters" in fault
    [fault] = faults(folder(trade=TRADE + '"na\\nme\\0": x\n'))
    assert fault.isprintable()


def test_what_nobody_sees_is_cleaned_from_a_file(folder):
    text = TRADE.replace("en: Trade", 'en: "Tra\\vde\\u202E e\\u0301"').replace(
        "fr: Commerce", 'fr: "\\u200b\\u3164"'
    )
    content_files.load(folder(trade=text))
    page = Page.objects.get(key="trade")
    assert (page.title_en, page.title_fr) == ("Tra de é", "")

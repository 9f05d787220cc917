"""Content files that were made to hurt, or came from another tool: each is a sentence, in seconds, changing nothing."""

import os
import socket
import time
from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pages import content_files
from pages import document as documents
from pages.document import Document
from pages.field_kinds import declarations
from pages.models import Page, PartnerOrganization

pytestmark = pytest.mark.django_db

HOME = "title:\n  en: Home\n  fr: Accueil\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "images").mkdir()
    (tmp_path / "pages" / "home.yaml").write_text(HOME)
    return tmp_path


def refused(folder, name="pages/home.yaml"):
    """The lines that the command says, without the first; nothing has changed."""
    with pytest.raises(CommandError) as refusal:
        call_command("import_content", str(folder), publish=True, stdout=StringIO())
    assert not Page.objects.exists()
    assert not PartnerOrganization.objects.exists()
    lines = str(refusal.value).split("\n")[1:]
    assert all(len(line) < 1200 for line in lines)
    "\n".join(lines).encode()
    assert any(line.strip().startswith(name) for line in lines), lines[:3]
    return lines


# What is no file


def test_what_is_no_file_is_named_and_not_waited_for(folder):
    (folder / "pages" / "folder.yaml").mkdir()
    os.mkfifo(folder / "pages" / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as listening:
        before = os.getcwd()
        os.chdir(folder / "pages")
        listening.bind("socket.yaml")
        os.chdir(before)
    lines = refused(folder, "pages/folder.yaml: This is not a file.")
    assert len(lines) == 3


def test_a_link_is_not_followed(folder, tmp_path):
    (tmp_path / "secret.yaml").write_text(HOME)
    (folder / "pages" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "partners.yaml").symlink_to("/dev/zero")
    (folder / "images" / "map.png").symlink_to("/etc/hostname")
    block = "blocks:\n- kind: figure\n  key: map\n  image: images/map.png\n"
    (folder / "pages" / "home.yaml").write_text(HOME + block)
    assert [line.partition(": ")[2] for line in refused(folder)] == [
        "This is a link. Replace it with the file itself.",
        "blocks.1.image: “images/map.png”: This is a link. Replace it with the file itself.",
        "This is a link. Replace it with the file itself.",
    ]


def test_an_image_that_is_too_large_is_not_read(folder):
    with (folder / "images" / "map.png").open("wb") as out:
        out.truncate(20_000_000_000)  # it takes no room
    block = "blocks:\n- kind: figure\n  key: map\n  image: images/map.png\n"
    (folder / "pages" / "home.yaml").write_text(HOME + block)
    assert "larger than 10 MB" in refused(folder)[0]


def test_a_file_that_is_too_large_is_not_read(folder):
    with (folder / "pages" / "home.yaml").open("wb") as out:
        out.truncate(20_000_000_000)
    assert "larger than 2 MB" in refused(folder)[0]


@pytest.mark.parametrize("name", ["home.yml", "home.YAML", "home.Yml"])
def test_a_file_is_read_with_any_ending_of_its_kind(folder, name):
    (folder / "pages" / "home.yaml").rename(folder / "pages" / name)
    content = content_files.read(folder)
    assert (content.files, content.unread_files) == ({"home": f"pages/{name}"}, ())


def test_a_fault_names_the_file_as_it_is_called(folder):
    (folder / "pages" / "home.yaml").rename(folder / "pages" / "home.yml")
    (folder / "pages" / "home.yml").write_text(HOME + "parent: nowhere\n")
    assert refused(folder, "pages/home.yml") == [
        "  pages/home.yml: parent: There is no page “nowhere” to be the parent of this one."
    ]


@pytest.mark.parametrize(("first", "second"), [("home.YAML", "home.yaml"), ("home.yaml", "home.yml")])
def test_two_files_for_one_page_are_a_fault(folder, first, second):
    (folder / "pages" / first).write_text(HOME)
    (folder / "pages" / second).write_text(HOME)
    assert (
        f"This file has the same name as pages/{first}. Keep one of them."
        in refused(folder, f"pages/{second}")[0]
    )


def test_two_files_of_partners_are_a_fault(folder):
    for name in ("partners.yaml", "partners.yml"):
        (folder / name).write_text("[]")
    assert "This file has the same name as partners.yaml" in refused(folder, "partners.yml")[0]


def test_partners_are_read_with_the_other_ending(folder):
    (folder / "partners.yml").write_text("- key: x\n  kind: nothing\n")
    refused(folder, "partners.yml: 1.kind: Choose one of")


LEFT_OUT = ["README.md", "images/unused.png", "pages/note.txt", "pages/archive/old.yaml"]
IGNORED = [
    "._home.yaml",
    ".DS_Store",
    ".home.yaml.swp",
    "home.yaml~",
    "#home.yaml#",
    "Thumbs.db",
    ".git/config",
]


def test_every_file_that_is_not_read_is_named_but_for_what_a_system_leaves_there(folder, capsys):
    for name in (*LEFT_OUT, *(f"pages/{name}" for name in IGNORED)):
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
    assert list(content_files.read(folder).unread_files) == LEFT_OUT
    call_command("import_content", str(folder))
    said = capsys.readouterr()
    assert said.out == "1 page loaded.\n"
    assert said.err.splitlines()[1:] == [f"  {name}" for name in LEFT_OUT]


def test_a_folder_whose_pages_are_all_left_out_names_them_too(folder, capsys):
    (folder / "pages" / "en").mkdir()
    (folder / "pages" / "home.yaml").rename(folder / "pages" / "en" / "home.yaml")
    with pytest.raises(CommandError, match="There is no page file"):
        call_command("import_content", str(folder))
    assert "  pages/en/home.yaml" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name",
    [b"\xff\xfe.yaml", b"a\nb.yaml", b"\x1b[2J.yaml", b"e\xcc\x81.yaml", b"A.yaml", b"a" * 240 + b".yaml"],
)
def test_a_name_may_hold_anything(folder, name):
    (folder / "pages" / os.fsdecode(name)).write_text(HOME)
    assert "\x1b" not in "".join(refused(folder, "pages/"))


# What is no text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (HOME.encode("utf-16"), "UTF-8"),
        (HOME.encode("utf-16-le"), "is not valid YAML"),
        (HOME.encode("utf-32"), "UTF-8"),
        ("title: {fr: café}".encode("latin-1"), "UTF-8"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "UTF-8"),
        (b"PK\3\4" + bytes(50), "is not valid YAML"),
        (bytes(5000), "is not valid YAML"),
        (b"", "does not start as expected"),
        (b"\xef\xbb\xbf", "does not start as expected"),
        (b"title: \xed\xa0\x80", "UTF-8"),
    ],
)
def test_a_file_of_another_encoding_is_refused(folder, data, told):
    (folder / "pages" / "home.yaml").write_bytes(data)
    assert told in refused(folder)[0]


def test_a_byte_order_mark_is_no_part_of_the_text(folder):
    (folder / "pages" / "home.yaml").write_bytes(b"\xef\xbb\xbf" + HOME.encode())
    assert content_files.read(folder).pages[0].title.en == "Home"


# What costs much

DEEP = 200_000
COSTLY = {
    "aliases": "a: &a [x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}]\n" for n in range(9)),
    "merges": HOME + "<<: {parent: home}\n",
    "lists": "[" * DEEP,
    "names": "{a: " * DEEP,
    "lists in blocks": "- " * DEEP,
    "questions": "? " * DEEP,
    "deep but whole": f"title: {'[' * 900}{']' * 900}\n",
    "number": f"position: {'9' * 1_000_000}\n",
    "hexadecimal": f"position: 0x{'f' * 1_000_000}\n",
    "by sixties": f"position: {':'.join(['59'] * 500_000)}\n",
    "fraction": f"position: {'9' * 1_000_000}.5\n",
    "octal": f"position: 0{'7' * 1_000_000}\n",
    "binary": "title: !!binary " + "A" * 1_000_000,
    "set": "title: !!set {a, b}\n",
    "omap": "title: !!omap [a: b]\n",
    "own tag": "title: !me x\n",
    "python": "title: !!python/object/apply:os.system [true]\n",
    "date": "title: 2026-99-99\n",
    "name that is a list": "? [a, b]\n: c\n",
    "name that is a mapping": "? {a: b}\n: c\n",
    "twice": HOME + HOME,
    "documents": HOME + "---\n" + HOME,
    "directive": "%YAML 9.9\n---\n" + HOME,
    "170,000 names": "".join(f"k{number}: 1\n" for number in range(170_000)),
    "170,000 names in a flow": "{" + ", ".join(f"k{number}: 1" for number in range(150_000)) + "}",
    "170,000 names of a text": "title: {" + ", ".join(f"k{number}" for number in range(170_000)) + "}",
    "170,000 blocks": "blocks:\n" + "- x\n" * 170_000,
    "170,000 partners": "blocks:\n- kind: partners\n  key: a\n  partners: ["
    + ", ".join(f"k{number}" for number in range(170_000))
    + "]",
    "170,000 times the same name": "k: 1\n" * 170_000,
    "a name of a megabyte": f"? {'k' * 1_900_000}\n: 1\n",
    "a text of a megabyte": "title:\n  en: " + "x" * 1_900_000,
    "quotes": 'title: "' + "\\x41" * 400_000 + '"\n',
    "anchors": "".join(f"k{number}: &a{number} 1\n" for number in range(80_000)),
    "comments": HOME + "x: 1" + " #" * 500_000,
    "escape": 'title: "\\e[2J\\e]0;x\\a"\n"\\e[2J": 1\n',
}


@pytest.mark.medium
@pytest.mark.parametrize(
    "kind", [pytest.param(each, marks=[pytest.mark.slow] * each.startswith("170,000 ")) for each in COSTLY]
)
def test_a_costly_file_is_refused_in_seconds(folder, kind):
    (folder / "pages" / "home.yaml").write_text(COSTLY[kind])
    started = time.process_time()
    lines = refused(folder)
    assert time.process_time() - started < 20
    assert len(lines) <= 102
    assert "\x1b" not in "".join(lines)


def test_the_sentence_is_in_the_language_of_the_operator(folder):
    (folder / "pages" / "home.yaml").write_text(COSTLY["lists"])
    with override("fr"):
        assert "Les listes et les noms sont imbriqués trop profondément." in refused(folder)[0]


# Anything anywhere

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.dates()
    | st.binary(max_size=4)
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=3),
    max_leaves=6,
)
NAMES = [*declarations(Document), "en"]
BLOCK_NAMES = sorted({"kind", "key"}.union(*(declarations(block) for block in documents.BLOCKS.values())))
BLOCKS = st.lists(
    st.dictionaries(
        st.sampled_from(BLOCK_NAMES), ANYTHING | st.sampled_from([*documents.BLOCKS, "a", "images/a.png"])
    ),
    max_size=3,
)


@pytest.mark.medium
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    page=ANYTHING
    | st.dictionaries(st.sampled_from(NAMES), ANYTHING)
    | st.fixed_dictionaries({"blocks": BLOCKS}),
    partners=ANYTHING
    | st.lists(st.dictionaries(st.sampled_from(["key", "kind", "name", "logo"]), ANYTHING), max_size=2),
)
def test_a_file_may_hold_anything_anywhere(folder, page, partners):
    (folder / "pages" / "home.yaml").write_text(yaml.safe_dump(page, allow_unicode=True), errors="replace")
    (folder / "partners.yaml").write_text(yaml.safe_dump(partners, allow_unicode=True), errors="replace")
    told = faults_of(folder)
    "\n".join(told).encode()


@pytest.mark.medium
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=60) | st.text(alphabet="[]{}:,-?!&*|>%@`\"'#\n \tab01.", max_size=60).map(str.encode)
)
def test_any_bytes_are_a_page_or_a_sentence(folder, data):
    (folder / "pages" / "home.yaml").write_bytes(data)
    "\n".join(faults_of(folder)).encode()


def faults_of(folder):
    try:
        content_files.read(folder)
    except content_files.ImportErrors as refusal:
        return [str(fault) for fault in refusal.problems]
    return []

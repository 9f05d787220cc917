"""What the README promises is there: settings, commands, links."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READMES = [ROOT / "README.md", ROOT / "README.fr.md"]
MAKEFILE = (ROOT / "Makefile").read_text()
DOCUMENTS = [*READMES, ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")]


def variables_of_the_settings():
    """Names that settings.py reads as `env("NAME")` or `env.bool("NAME")`."""
    calls = [
        node
        for node in ast.walk(ast.parse((ROOT / "canada_iraq" / "settings.py").read_text()))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    ]
    return {call.args[0].value for call in calls if ast.unparse(call.func).split(".")[0] == "env"}


def variables_of_the_makefile():
    return set(re.findall(r"^([A-Z_]+) \?=", MAKEFILE, re.MULTILINE))


def variables_of_the_server():
    return set(re.findall(r'environ\.get\("([A-Z_]+)"', (ROOT / "canada_iraq" / "server.py").read_text()))


def variables_of_the_readme(readme=READMES[0]):
    rows = re.findall(r"^\| (`[A-Z_`, ]+`) \|", readme.read_text(), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_readme_lists_exactly_the_variables_that_are_read(readme):
    read = variables_of_the_settings() | variables_of_the_makefile() | variables_of_the_server()
    assert read == variables_of_the_readme(readme)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_links_only_to_what_exists(document):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def anchors(document):
    """The anchors that GitHub makes of the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_links_only_to_headings_that_exist(document):
    for path, anchor in re.findall(r"\]\((?!https?:|mailto:)([^)#]*)#([^)]+)\)", document.read_text()):
        assert anchor in anchors(document.parent / path if path else document), f"{path}#{anchor}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_names_only_commands_that_exist(document):
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", document.read_text(), re.MULTILINE))
    assert named <= set(re.findall(r"^([a-z]+): ## ", MAKEFILE, re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_names_only_tests_that_exist(document):
    for file, name in re.findall(r"`(test_\w+)(?:::(test_\w+))?`", document.read_text()):
        assert f"def {name}" in (ROOT / "tests" / f"{file}.py").read_text(), name


def test_decisions_have_numbers_of_their_own_and_are_referred_to_by_them():
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        assert record.read_text().startswith(f"# {int(record.name[:4])}. "), record.name
    for document in DOCUMENTS:
        for number, file in re.findall(r"\[decision (\d+)\]\([^)]*?(\d{4})-", document.read_text()):
            assert int(number) == int(file), document.name


def test_the_files_that_the_architecture_names_for_a_change_are_there():
    text = (ROOT / "docs" / "architecture.md").read_text()
    table = text.partition("## Where to change what")[2].partition("\n## ")[0]
    named = re.findall(r"`([a-zA-Z_/]+/[\w./]*)`", table)
    assert len(named) >= 10
    assert [name for name in named if not (ROOT / name).exists()] == []

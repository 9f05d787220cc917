"""What the README promises is there: settings, commands, links."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")]


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


def variables_of_the_readme():
    rows = re.findall(r"^\| (`[A-Z_`, ]+`) \|", README, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def test_the_readme_lists_exactly_the_variables_that_are_read():
    read = variables_of_the_settings() | variables_of_the_makefile() | variables_of_the_server()
    assert read == variables_of_the_readme()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_links_only_to_what_exists(document):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_names_only_commands_that_exist(document):
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", document.read_text(), re.MULTILINE))
    assert named <= set(re.findall(r"^([a-z]+): ## ", MAKEFILE, re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_names_only_tests_that_exist(document):
    for file, name in re.findall(r"`(test_\w+)(?:::(test_\w+))?`", document.read_text()):
        assert f"def {name}" in (ROOT / "tests" / f"{file}.py").read_text(), name

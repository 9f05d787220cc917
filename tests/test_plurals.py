"""One of something is never "1 days": every text with a number of things has a singular."""

import ast
import re
from pathlib import Path

import polib
import pytest

from pages.integers import format_count

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(
    file
    for folder in ("accounts", "canada_iraq", "pages", "reports")
    for file in (ROOT / folder).rglob("*.py")
)
# What the software counts.
THINGS = (
    "accounts addresses attempts blocks bytes changes characters claims codes days editions e-mails entries faults"
    " files findings hours images items links megapixels minutes months packages pages paragraphs partners"
    " passages people pictures places reports rows seconds sections sentences tables times versions visitors weeks"
    " words years"
)
# A number, perhaps a word or two, then a thing in the plural.
COUNTED = re.compile(rf"(?:%\(\w+\)[sd]|\{{\w+\}})(?: [a-z]+){{0,2}} (?:{'|'.join(THINGS.split())})\b")

# Texts whose number is always larger than one, and why.
NEVER_ONE = {
    "{count} images": "beside a text of its own for one",
    "{count} links": "beside a text of its own for one",
    "%(kind)s files are not accepted": "no number",
    "%(number)s days": "the periods of the statistics, constants",
    "A link that has expired": "a constant",
    "A triangle marks": "constants",
    "Based on %(number)s of the reports": "one of the reports",
    "An alert is shown for": "a constant",
    "Enter at most %(limit)s": "a constant",
    "More than %(count)s": "a constant",
    "Only the first %(number)s": "a constant",
    "Select %(number)s": "a constant",
    "The alternative text has": "only beyond a limit",
    "The description has": "only beyond a limit",
    "The list has": "only beyond a limit",
    "The image is %(size)s": "only beyond a limit",
    "The title has": "only beyond a limit",
    "The block was not copied": "a constant",
    "There are %(count)s words": "only beyond a limit",
    "This paragraph has": "only beyond a limit",
    "This sentence has": "only beyond a limit",
    "You can add up to": "a constant",
    "You can select up to": "a constant",
    "{count} of {limit} characters": "the limit is counted, a constant",
}


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 entries"), (1, "1 entry"), (2, "2 entries"), (1000, "1000 entries")]
)
def test_a_count_is_written_in_the_singular_for_one_only(number, words):
    assert format_count(number, "entry", "entries") == words
    assert format_count(number, "page") == words.replace("entries", "pages").replace("entry", "page")


def test_every_text_of_the_interface_with_a_number_of_things_has_a_singular():
    catalogue = polib.pofile(str(ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.po"))
    texts = [entry.msgid for entry in catalogue if not entry.msgid_plural and COUNTED.search(entry.msgid)]
    found = [text for text in texts if not text.startswith(tuple(NEVER_ONE))]
    assert found == []
    assert [start for start in NEVER_ONE if not any(text.startswith(start) for text in texts)] == []


def counted_by_hand(module):
    """The texts with values of a module that name a number of things, outside `format_count`."""
    for node in ast.walk(ast.parse(module.read_text())):
        if not isinstance(node, ast.JoinedStr):
            continue
        parts = [part.value if isinstance(part, ast.Constant) else _placeholder(part) for part in node.values]
        text = "".join(parts)
        if COUNTED.search(text):
            yield f"{module.relative_to(ROOT)}: {text}"


def _placeholder(part):
    is_large = part.format_spec is not None  # it has thousands to part
    return "" if is_large or "format_count" in ast.unparse(part) else "{x}"


@pytest.mark.medium
def test_no_command_counts_by_hand():
    assert [text for module in MODULES for text in counted_by_hand(module)] == []

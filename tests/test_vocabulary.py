"""Words that the names of modules, classes and functions no longer use, each with the word to use instead.

`tests/test_wording.py` does the same for the interface.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("accounts", "canada_iraq", "pages", "reports")

# Parts of the names of modules, classes and functions: `kept_pages` has the part `kept`.
RETIRED_NAMES = {
    "told": "success_message, describe_…, statuses: what it is",
    "tell": "describe, log, notify",
    "telling": "timeline",
    "asked": "requested",
    "said": "text, message, words: what it is",
    "kept": "cached, stored, unchanged",
    "alike": "similar",
    "likeness": "duplicates",
    "crosschecking": "indexes.claims",
    "desk": "report_view",
    "door": "origin, view",
    "doors": "origins, views",
    "fate": "change",
    "fault": "problem",
    "faults": "problems",
    "guessing": "login_throttle",
    "lack": "problem",
    "lacking": "missing",
    "meanwhile": "what happens in that time",
    "narrowed": "filter_by_…, apply",
    "placed": "with_urls, located",
    "renew": "update",
    "senders": "clients, client_network",
    "sought": "query_stems",
    "standing": "status",
    "standings": "statuses",
    "staleness": "stale_translations",
    "tally": "count, draft_status",
    "tallies": "counts, draft_status",
    "tallying": "indexes.draft_statuses",
    "twin": "counterpart",
    "twins": "counterparts",
    "whoever": "the role: visitor, editor, operator",
}

# Names of modules that say what they hold in a word of our own.
RETIRED_MODULES = {
    "addresses": "public_urls",
    "bodies": "body_buffering",
    "borrowed_texts": "third_party_messages",
    "compiled": "compiled_query",
    "conflicts": "edit_conflicts",
    "counts": "daily_counts",
    "databases": "database_copy",
    "decisions": "review_models",
    "entries": "models.indexes",
    "evidence": "report_context",
    "facts": "consistency",
    "findings": "content_checks",
    "frame": "site_tags",
    "going_on": "reauthentication",
    "interchange": "content_files",
    "kept": "page_cache",
    "limits": "report_throttle",
    "logs": "request_logging",
    "lookup": "backend",
    "one_language": "single_language",
    "origin": "csrf",
    "passages": "text_lines",
    "places": "field_links",
    "record": "site_at",
    "rows": "models.page and models.blocks",
    "screens": "page_views",
    "shared": "shared_preview",
    "signing_in": "login_form",
    "states": "page_status",
    "static_copy": "static_export",
    "statistics": "report_statistics, which does not hide the module of Python",
    "stores": "backends",
    "subject": "form_context",
    "trial_site": "sample_data",
}

# Places that may use such a word, with the reason.
EXCEPTIONS: dict[tuple[str, str], str] = {}


def parts_of(name: str) -> set[str]:
    """Return the words of a name in snake_case or CamelCase, in lower case."""
    return {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def python_files() -> list[Path]:
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    return sorted(file for file in files if "migrations" not in file.parts)


def names_in(file: Path) -> list[str]:
    """Return the names of the classes and functions that a file defines, and of the module itself."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return [file.stem, *(node.name for node in ast.walk(tree) if isinstance(node, kinds))]


@pytest.mark.medium
def test_no_class_function_or_module_is_named_with_a_retired_word():
    found = [
        f"{file.relative_to(ROOT)}: {name}: instead of “{word}”, {RETIRED_NAMES[word]}"
        for file in python_files()
        for name in names_in(file)
        for word in sorted(parts_of(name) & RETIRED_NAMES.keys())
        if (str(file.relative_to(ROOT)), name) not in EXCEPTIONS
    ]
    assert not found, "\n".join(found)


def test_no_module_has_a_retired_name():
    modules = [file.parent if file.name == "__init__.py" else file.with_suffix("") for file in python_files()]
    found = [
        f"{module.relative_to(ROOT)}: call it {RETIRED_MODULES[module.name]}"
        for module in modules
        if module.name in RETIRED_MODULES and (str(module.relative_to(ROOT)), "") not in EXCEPTIONS
    ]
    assert not found, "\n".join(found)


def test_every_exception_is_still_needed():
    for file, name in EXCEPTIONS:
        path = ROOT / file
        assert name in names_in(path) if name else path.with_suffix(".py").exists() or path.is_dir(), file

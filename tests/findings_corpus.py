"""How right are the findings? Reads the hand-made corpus, where every finding that is right is written down.

`python -m tests.findings_corpus` writes docs/findings.md: the rules, with their precision and recall on the
corpus and on the starter content.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import yaml

from pages import html
from pages.document import RICH_TEXT, Document, from_plain
from pages.findings import Finding, findings
from pages.findings.examples import PICTURE

STARTER = Path(__file__).parent.parent / "pages" / "starter"
FOLDER = Path(__file__).parent / "findings_corpus"


@dataclass(frozen=True)
class Passage:
    """A page of the corpus with the findings that it deserves."""

    name: str
    document: Document
    others: tuple[Document, ...]
    expected: tuple[dict, ...]

    def judged(self) -> tuple[list[Finding], list[Finding], list[dict]]:
        """The findings that are right, those that are wrong, and what was not found."""
        right, wrong, missed = [], [], list(self.expected)
        for finding in findings(self.document, self.others):
            deserved = next((one for one in missed if _is(finding, one)), None)
            if deserved is None:
                wrong.append(finding)
            else:
                right.append(finding)
                missed.remove(deserved)
        return right, wrong, missed


def corpus() -> list[Passage]:
    return [_passage(file) for file in sorted(FOLDER.glob("*.yaml"))]


@cache
def starter() -> tuple[Document, ...]:
    """The starter content, without its pictures and without a database."""
    partners = {partner["key"]: {**partner, "logo": None} for partner in _yaml(STARTER / "partners.yaml")}
    return tuple(_starter_page(file, partners) for file in sorted((STARTER / "pages").glob("*.yaml")))


def _starter_page(file: Path, partners: dict) -> Document:
    data = _yaml(file)
    for block in data["blocks"]:
        if "partners" in block:
            block["partners"] = [partners[key] for key in block["partners"]]
        if "image" in block:
            block["image"] = asdict(PICTURE)
    return from_plain({"key": file.stem, **_cleaned(data)})


def _yaml(file: Path):
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _is(finding: Finding, expected: dict) -> bool:
    return (
        finding.rule.id == expected["rule"]
        and finding.language == expected.get("language", "")
        and expected.get("says", "") in finding.excerpt
    )


def _passage(file: Path) -> Passage:
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    others = tuple(_document(other) for other in data.get("others", ()))
    document = _document({"key": file.stem, **data["page"]})
    return Passage(file.stem, document, others, tuple(data["expected"] or ()))


def _document(data: dict) -> Document:
    described = {"en": f"About {data['key']}.", "fr": f"Sur {data['key']}."}
    return from_plain({"parent": "home", "description": described, **_cleaned(data)})


def _cleaned(data):
    """The same data with its rich texts as the site keeps them."""
    if isinstance(data, list):
        return [_cleaned(part) for part in data]
    if not isinstance(data, dict):
        return data
    return {name: _rich(value) if name in RICH_TEXT else _cleaned(value) for name, value in data.items()}


def _rich(value: dict) -> dict:
    return {language: html.clean(text) for language, text in value.items()}

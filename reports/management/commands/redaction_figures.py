"""How well the redaction tells personal information from honest figures, measured on the remarks kept for the tests."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand

from reports.redaction import MARKS, redact

SECRET = re.compile(r"\{(?P<kind>[a-z_]+):(?P<text>[^}]+)\}")
MARK = re.compile("|".join(re.escape(mark) for mark in MARKS.values()))


@dataclass(frozen=True)
class Remark:
    """A line of the corpus: what the visitor wrote, and what must be left of it."""

    text: str
    expected: str

    @property
    def secrets(self) -> int:
        return len(MARK.findall(self.expected))


@dataclass(frozen=True)
class Figures:
    """`precision`: share of what was masked that had to be. `recall`: share of what had to be masked that was."""

    remarks: int
    secrets: int
    untouched: float
    precision: float
    recall: float


def read(path: Path) -> tuple[list[Remark], list[Remark]]:
    """The honest and the personal remarks of one language."""
    corpus = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [_remark(line) for line in corpus["honest"]], [_remark(line) for line in corpus["personal"]]


def measure(honest: list[Remark], personal: list[Remark]) -> Figures:
    remarks = honest + personal
    masked = sum(
        len(redact(remark.text).found and MARK.findall(redact(remark.text).text)) for remark in remarks
    )
    right = sum(remark.secrets for remark in personal if redact(remark.text).text == remark.expected)
    secrets = sum(remark.secrets for remark in personal)
    untouched = sum(redact(remark.text).text == remark.text for remark in honest)
    return Figures(len(remarks), secrets, untouched / len(honest), right / max(masked, 1), right / secrets)


def _remark(line: str) -> Remark:
    return Remark(SECRET.sub(r"\g<text>", line), SECRET.sub(lambda match: MARKS[match["kind"]], line))


class Command(BaseCommand):
    help = "Print the precision and recall of the redaction on a folder of marked remarks, one file per language."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "folder", nargs="?", type=Path, default=settings.BASE_DIR / "tests" / "redaction_corpus"
        )

    def handle(self, *, folder, **options):
        self.stdout.write("language  remarks  secrets  honest left alone  precision  recall")
        for path in sorted(folder.glob("*.yaml")):
            honest, personal = read(path)
            figures = measure(honest, personal)
            self.stdout.write(
                f"{path.stem:8}  {figures.remarks:7}  {figures.secrets:7}  {figures.untouched:17.3f}"
                f"  {figures.precision:9.3f}  {figures.recall:6.3f}"
            )

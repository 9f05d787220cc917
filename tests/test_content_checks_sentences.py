"""Sentences that people write: what the rules find in each, and nothing else.

`findings_sentences.tsv` has an English and a French sentence a line, one of them empty where only one is judged, and
the names of the rules that must find something.
"""

import csv
from pathlib import Path

import pytest

from pages import html
from pages.content_checks import findings
from pages.content_checks.examples import page_with
from pages.document import Bilingual

FILE = Path(__file__).parent / "findings_sentences.tsv"

with FILE.open(encoding="utf-8", newline="") as lines:
    SENTENCES = [
        pytest.param(row, id=row["english"] or row["french"])
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    ]


@pytest.mark.parametrize("row", SENTENCES)
def test_a_sentence_has_the_findings_that_it_deserves(row):
    text = Bilingual(html.clean(row["english"]), html.clean(row["french"]))
    found = {finding.rule.id for finding in findings(page_with("body", text))} - {"missing-translation"}
    assert found == set(row["rules"].split())

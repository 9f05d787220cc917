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
from pages.document import Bilingual, Document, Quote

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


def test_the_words_of_a_quote_are_not_ours_to_shorten_but_their_numbers_are_compared():
    long = "word " * 40
    quote = Quote(
        "quote", Bilingual(f"<p>{long}19.</p>", f"<p>{long}24.</p>"), Bilingual("Act, section 16", "Loi")
    )
    ids = {finding.rule.id for finding in findings(Document("page", parent="home", blocks=(quote,)))}
    assert "sentence-long" not in ids
    assert "number-differs" in ids

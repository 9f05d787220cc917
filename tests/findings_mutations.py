"""What do the content checks miss? Changes the French of real pages, one thing at a time, and counts what is found.

`python -m tests.findings_mutations FOLDER` reads every `*.json` of a folder, each a page in both languages as editions
hold it (`document.dumps`), makes up to 200 changes of each kind, and says how many of them some rule finds that did not
find it before. The pages are not in this repository: they are other people's. docs/quality.md says which were used.
"""

from __future__ import annotations

import argparse
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import median
from time import process_time

from pages import document, html
from pages.content_checks import RULES, Finding, Site, findings, lines
from pages.document import Bilingual, Document

# Times that one page may be changed in the same way, so that long pages do not decide alone.
MAX_PER_PAGE = 3

# Rules that compare the languages.
COMPARING = [rule for rule in RULES if rule.topic in ("languages", "facts")]
# Those that quote what differs. Where they quote something new they have found it; the others, where they find more.
QUOTING = frozenset(
    {
        "code-differs",
        "date-differs",
        "link-host-differs",
        "money-differs",
        "money-missing",
        "number-differs",
        "percentage-differs",
        "percentage-missing",
        "phone-differs",
        "sentence-missing",
        "year-differs",
    }
)

_WORDS = re.compile(r">([^<>]+)(?=<)")
_LEAF = re.compile(r"<(p|li|dd|td)>((?:(?!</?(?:p|li|dd|td|ul|ol|table|blockquote)\b).)*?)</\1>", re.DOTALL)
_PARAGRAPH = re.compile(r"<p>((?:(?!</p>).){41,})</p>\n?", re.DOTALL)
_ITEM = re.compile(r"<li>(?:(?!</?li>|</?[uo]l>).)*?</li>\n?", re.DOTALL)
_LINK = re.compile(r"<a [^>]*>(.*?)</a>", re.DOTALL)
_HOST = re.compile(r"""(?<=<a href=")(https?://)[^/"]+""")
# The end of a sentence, but for two abbreviations that are not one.
_SENTENCE_END = re.compile(r"(?<!p\. ex\.)(?<!c\.-à-d\.)(?<=[a-zéèà)»][.!?])\s+(?=(?:<[^>]*>)*[A-ZÉÀÊÎÔÇ«])")
_MIN_SENTENCE = 25
_INLINE_TAGS = ("a", "strong", "em", "span", "code")
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b")


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters of a text from `start` to `end`, and what stands there instead."""

    start: int
    end: int
    new: str


# What can be changed in a text


def digits(text: str, random: Random) -> Iterator[Edit]:
    """Gives one digit changed into another one, for each digit of the words."""
    for words in _WORDS.finditer(text):
        for digit in re.finditer(r"\d", words[1]):
            if re.search(r"&#?\w*$", words[1][: digit.start()]):  # of an entity
                continue
            start = words.start(1) + digit.start()
            other = random.choice([each for each in "123456789" if each != digit[0]])
            yield Edit(start, start + 1, other)


def months(text: str, random: Random) -> Iterator[Edit]:
    """Gives one month changed into another one, for each name of a month."""
    for words in _WORDS.finditer(text):
        for month in _MONTH.finditer(words[1]):
            start = words.start(1) + month.start()
            other = random.choice([each for each in _MONTHS if each != month[0]])
            yield Edit(start, start + len(month[0]), other)


def sentences(text: str, _random: Random) -> Iterator[Edit]:
    """Gives one sentence removed, for each of several in a paragraph, item or cell."""
    for leaf in _LEAF.finditer(text):
        parts = _SENTENCE_END.split(leaf[2])
        for number, sentence in enumerate(parts):
            if len(parts) > 1 and _is_whole(sentence):
                left = " ".join(parts[:number] + parts[number + 1 :])
                yield Edit(leaf.start(2), leaf.end(2), left)


def _is_whole(sentence: str) -> bool:
    is_long = len(re.sub(r"<[^>]*>", "", sentence)) >= _MIN_SENTENCE
    return is_long and all(sentence.count(f"<{tag}") == sentence.count(f"</{tag}") for tag in _INLINE_TAGS)


def paragraphs(text: str, _random: Random) -> Iterator[Edit]:
    """Gives one paragraph removed."""
    return (Edit(*found.span(), "") for found in _PARAGRAPH.finditer(text))


def items(text: str, _random: Random) -> Iterator[Edit]:
    """Gives one item of a list removed."""
    return (Edit(*found.span(), "") for found in _ITEM.finditer(text))


def links(text: str, _random: Random) -> Iterator[Edit]:
    """Gives one link made plain words."""
    return (Edit(*found.span(), found[1]) for found in _LINK.finditer(text))


def hosts(text: str, _random: Random) -> Iterator[Edit]:
    """Gives one link led to another website."""
    return (Edit(*found.span(), f"{found[1]}www.example.com") for found in _HOST.finditer(text))


MUTATIONS: dict[str, Callable[[str, Random], Iterator[Edit]]] = {
    "digit changed": digits,
    "sentence removed": sentences,
    "paragraph removed": paragraphs,
    "item removed": items,
    "link removed": links,
    "month changed": months,
    "host of a link changed": hosts,
}


# Pages


def mutated(
    page: Document, edits: Callable[[str, Random], Iterator[Edit]], random: Random
) -> Document | None:
    """Returns a page with one thing changed in the French of one of its blocks; None where there is no such thing."""
    places = [
        (number, edit)
        for number, block in enumerate(page.blocks)
        if (text := _french(block))
        for edit in edits(text, random)
    ]
    if not places:
        return None
    number, edit = random.choice(places)
    block = page.blocks[number]
    text = _french(block)
    changed = html.clean(text[: edit.start] + edit.new + text[edit.end :])
    blocks = list(page.blocks)
    blocks[number] = replace(block, body=Bilingual(block.body.en, changed))
    return replace(page, blocks=tuple(blocks))


def _french(block: document.Block) -> str:
    body = getattr(block, "body", None)
    return body.fr if body else ""


def is_found(page: Document, changed: Document) -> bool:
    """Whether a rule that compares the languages finds something in the changed page that it did not find before."""
    return bool(_counted(changed) - _counted(page))


def _counted(page: Document) -> Counter[tuple]:
    return Counter(map(_told, findings(page, Site(), COMPARING)))


def _told(finding: Finding) -> tuple:
    quoted = repr(sorted(finding.params.items())) if finding.rule.id in QUOTING else ""
    return finding.rule.id, finding.path, quoted


def measure(pages: Sequence[Document], kind: str, most: int, seed: int = 1) -> tuple[int, int]:
    """Returns how many changes of a kind were found, and how many were made, at most `most`."""
    random = Random(f"{kind}{seed}")
    seen: set[str] = set()
    found = 0
    for page in (page for _round in range(MAX_PER_PAGE) for page in random.sample(pages, len(pages))):
        changed = mutated(page, MUTATIONS[kind], random)
        if changed is None or (digest := document.digest(document.dumps(changed))) in seen:
            continue
        seen.add(digest)
        found += is_found(page, changed)
        if len(seen) == most:
            break
    return found, len(seen)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--changes", type=int, default=200)
    options = arguments.parse_args()
    pages = [
        document.loads(file.read_text(encoding="utf-8")) for file in sorted(options.folder.glob("*.json"))
    ]
    if not pages:
        arguments.error(f"There is no *.json in {options.folder}.")
    in_view, times = [], []
    for page in pages:
        began = process_time()
        found = findings(page, Site())
        times.append(process_time() - began)
        in_view.append(sum(line.rule.severity in ("blocks", "warns") for line in lines(found)))
    print(
        f"{len(pages)} pages: {median(in_view)} lines that block or warn (median), {median(times) * 1000:.0f} ms"
    )
    for kind in MUTATIONS:
        hits, made = measure(pages, kind, options.changes)
        print(f"{kind}: {hits} of {made} found")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    main()

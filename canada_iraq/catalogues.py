"""Are the translations of the interface complete, and are they compiled for gettext?

Runs without Django's settings and without the gettext tools, so that a fresh checkout needs only Python:
`python -m canada_iraq.catalogues` compiles; with `--check` it only judges, with `--tidy` it lays the source files out.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdrf]|\{\w*\}")

# What stands before a % or $ sign: a figure, or a placeholder that will become one.
FIGURE = r"(?:\d|%\(\w+\)[sd])"

FRENCH_SPACING = {
    "no space before ; ! ?": re.compile(r"[ \u00a0\u202f][;!?]"),
    # What is quoted may be a piece of code: « kind: text ».
    "a no-break space before :": re.compile(r"(?:\S:(?=\s|$)| :)(?![^«»]*»)"),
    "a no-break space after «": re.compile("«(?!\u00a0)"),
    "a no-break space before »": re.compile("(?<!\u00a0)»"),
    "a no-break space before %": re.compile(FIGURE + r" ?%(?![(sdrf])"),
    "a no-break space before $": re.compile(FIGURE + r" ?\$"),
    "the apostrophe ’, not '": re.compile(r"\w'\w"),
    "one space, not two": re.compile("  "),
}


def compile_all(locale: Path = LOCALE) -> list[Path]:
    """Write a .mo beside every .po that changed since it was last compiled; return those written."""
    return [binary for source in _sources(locale) if (binary := _compile(source))]


def tidy(locale: Path = LOCALE) -> None:
    """Lay catalogues out so that a change of one text is a change of a few lines, wherever the text is used."""
    for source in _sources(locale):
        catalogue = polib.pofile(str(source), wrapwidth=110)
        catalogue.metadata.pop("POT-Creation-Date", None)
        catalogue.sort(key=lambda entry: (entry.obsolete, entry.msgid.lower(), entry.msgctxt or ""))
        catalogue.save()


def faults(locale: Path = LOCALE) -> Iterator[str]:
    """One line for everything that would show a reader the wrong language or wrong typography."""
    for source in _sources(locale):
        french = source.parent.parent.name.startswith("fr")
        for entry in polib.pofile(str(source)):
            for fault in _entry_faults(entry, french=french):
                yield f"{os.path.relpath(source)}:{entry.linenum}: “{entry.msgid}”: {fault}"


def _sources(locale: Path) -> list[Path]:
    return sorted(locale.glob("*/LC_MESSAGES/*.po"))


def _compile(source: Path) -> Path | None:
    binary = source.with_suffix(".mo")
    changed = source.stat().st_mtime_ns
    if binary.exists() and binary.stat().st_mtime_ns == changed:
        return None
    # A server may be reading the old file, and another process may be compiling too: write aside, then swap.
    aside = source.with_suffix(f".{os.getpid()}.mo")
    polib.pofile(str(source)).save_as_mofile(str(aside))
    # The source's own time, taken before it was read: an edit made meanwhile shows as a difference.
    os.utime(aside, ns=(changed, changed))
    os.replace(aside, binary)
    return binary


def _entry_faults(entry: polib.POEntry, *, french: bool) -> Iterator[str]:
    if entry.obsolete:
        yield "obsolete; nothing uses it any more, delete it"
        return
    if entry.fuzzy:
        yield "fuzzy; confirm the translation and remove the mark"
    if not entry.translated() and not entry.fuzzy:
        yield "not translated"
        return
    yield from _placeholder_faults(entry)
    if french:
        yield from _spacing_faults(_translations(entry))


def _translations(entry: polib.POEntry) -> list[str]:
    if entry.msgid_plural:
        return [text for _, text in sorted(entry.msgstr_plural.items())]
    return [entry.msgstr]


def _placeholder_faults(entry: polib.POEntry) -> Iterator[str]:
    one = _placeholders(entry.msgid)
    many = _placeholders(entry.msgid_plural) if entry.msgid_plural else one
    for text in _translations(entry):
        found = _placeholders(text)
        # “One page” may leave the number out, “%(count)s pages” may not add anything of its own.
        if missing := (one & many) - found:
            yield f"lacks {_listed(missing)}"
        if added := found - (one | many):
            yield f"has {_listed(added)}, which the English has not"


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def _listed(placeholders: set[str]) -> str:
    return ", ".join(sorted(placeholders))


def _spacing_faults(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for rule, fault in FRENCH_SPACING.items():
            if fault.search(text):
                yield f"French wants {rule}: {text!r}"


def main(arguments: list[str], locale: Path = LOCALE) -> int:
    """Compile, judge or tidy; the exit code of the process."""
    match arguments:
        case []:
            compile_all(locale)
        case ["--tidy"]:
            tidy(locale)
        case ["--check"]:
            found = list(faults(locale))
            print("\n".join([*found, f"{len(found)} faults in the translations."]))
            return 1 if found else 0
        case _:
            print("Usage: python -m canada_iraq.catalogues [--check | --tidy]", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Are the translations of the interface complete, and are they compiled for gettext?

Runs without Django's settings and without the gettext tools, so that a fresh checkout needs only Python:
`python -m canada_iraq.operations.catalogues` compiles; with `--check` it only judges, with `--tidy` it lays the source
files out.

They are compiled when the packages are installed (`environment`), by an account that may write the software. Where that
was not done, `prepare_site` does it, in the data folder if need be, and the settings take the folder that has them.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

from pages.integers import format_count

LOCALE = Path(__file__).resolve().parents[2] / "locale"

HOW_TO_COMPILE = (
    f"Run in {LOCALE.parent}, as its owner: .venv/bin/python -m canada_iraq.operations.catalogues"
)

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdrf]|\{\w*\}")
# The names that stand for a time of day, written as in “2:06 p.m.”.
FINAL_TIME = re.compile(r"%\((?:moment|time)\)s\.")

# What stands before a % or $ sign: a figure, or a placeholder that will become one.
NUMBER = r"(?:\d|%\(\w+\)[sd])"

FRENCH_SPACING = {
    "no space before ; ! ?": re.compile(r"[ \u00a0\u202f][;!?]"),
    # What is quoted may be a piece of code: « kind: text ».
    "a no-break space before :": re.compile(r"(?:\S:(?=\s|$)| :)(?![^«»]*»)"),
    "a no-break space after «": re.compile("«(?!\u00a0)"),
    "a no-break space before »": re.compile("(?<!\u00a0)»"),
    "a no-break space before %": re.compile(NUMBER + r" ?%(?![(sdrf])"),
    "a no-break space before $": re.compile(NUMBER + r" ?\$"),
    "the apostrophe ’, not '": re.compile(r"\w'\w"),
    "one space, not two": re.compile("  "),
}


def compile_all(locale: Path = LOCALE, into: Path | None = None) -> list[Path]:
    """Write a .mo for every .po that changed since it was last compiled; return those written. Raises OSError.

    They are written beside their sources, or by the same names in the folder `into`.
    """
    pairs = ((source, _binary(source, locale, into or locale)) for source in _sources(locale))
    return [_compile(source, binary) for source, binary in pairs if not _is_compiled(source, binary)]


def is_compiled(locale: Path = LOCALE, into: Path | None = None) -> bool:
    """Say whether every catalogue is compiled from its present source, beside it or in the folder `into`."""
    return all(_is_compiled(source, _binary(source, locale, into or locale)) for source in _sources(locale))


def compiled_folder(other: Path, locale: Path = LOCALE) -> Path:
    """Return the folder for gettext: another one where only that has the catalogues compiled from present sources."""
    return other if not is_compiled(locale) and is_compiled(locale, other) else locale


def compile_where_possible(other: Path, locale: Path = LOCALE) -> str:
    """Compile what is not compiled yet, in another folder where this account may not write beside the sources.

    Returns what to say of the latter, else "". Raises OSError where it can write in neither.
    """
    if is_compiled(locale):
        return ""
    try:
        compile_all(locale)
    except OSError:
        compile_all(locale, other)
        return (
            f"The translations in {locale} are not compiled, and this account may not write there: they are kept in"
            f" {other}. {HOW_TO_COMPILE}"
        )
    return ""


def tidy(locale: Path = LOCALE) -> None:
    """Lay catalogues out so that a change of one text is a change of a few lines, wherever the text is used."""
    for source in _sources(locale):
        catalogue = polib.pofile(str(source), wrapwidth=110)
        catalogue.metadata.pop("POT-Creation-Date", None)
        catalogue.sort(key=lambda entry: (entry.obsolete, entry.msgid.lower(), entry.msgctxt or ""))
        catalogue.save()


def problems(locale: Path = LOCALE) -> Iterator[str]:
    """One line for everything that would show a reader the wrong language or wrong typography."""
    for source in _sources(locale):
        french = source.parent.parent.name.startswith("fr")
        for entry in polib.pofile(str(source)):
            for fault in _entry_problems(entry, french=french):
                yield f"{os.path.relpath(source)}:{entry.linenum}: “{entry.msgid}”: {fault}"


def _sources(locale: Path) -> list[Path]:
    return sorted(locale.glob("*/LC_MESSAGES/*.po"))


def _binary(source: Path, locale: Path, into: Path) -> Path:
    return into / source.relative_to(locale).with_suffix(".mo")


def _is_compiled(source: Path, binary: Path) -> bool:
    return binary.exists() and binary.stat().st_mtime_ns == source.stat().st_mtime_ns


def _compile(source: Path, binary: Path) -> Path:
    # The source's own time, taken before it is read: an edit made meanwhile shows as a difference.
    changed = source.stat().st_mtime_ns
    binary.parent.mkdir(parents=True, exist_ok=True)
    # A server may be reading the old file, and another process may be compiling too: write aside, then swap.
    aside = binary.with_suffix(f".{os.getpid()}.mo")
    try:
        polib.pofile(str(source)).save_as_mofile(str(aside))
        os.utime(aside, ns=(changed, changed))
        os.replace(aside, binary)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    return binary


def _entry_problems(entry: polib.POEntry, *, french: bool) -> Iterator[str]:
    if entry.obsolete:
        yield "obsolete; nothing uses it any more, delete it"
        return
    if entry.fuzzy:
        yield "fuzzy; confirm the translation and remove the mark"
    if not entry.translated() and not entry.fuzzy:
        yield "not translated"
        return
    if FINAL_TIME.search(entry.msgid):
        yield "a time ends this sentence, and “a.m.” and “p.m.” have a period already: put it elsewhere"
    yield from _placeholder_problems(entry)
    if french:
        yield from _spacing_problems(_translations(entry))


def _translations(entry: polib.POEntry) -> list[str]:
    if entry.msgid_plural:
        return [text for _, text in sorted(entry.msgstr_plural.items())]
    return [entry.msgstr]


def _placeholder_problems(entry: polib.POEntry) -> Iterator[str]:
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


def _spacing_problems(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for rule, fault in FRENCH_SPACING.items():
            if fault.search(text):
                yield f"French wants {rule}: {text!r}"


def main(arguments: list[str], locale: Path = LOCALE) -> int:
    """Compile, judge or tidy; the exit code of the process."""
    match arguments:
        case []:
            try:
                compile_all(locale)
            except OSError as error:
                print(f"Error: {error.filename or locale}: {error.strerror}", file=sys.stderr)
                return 1
        case ["--tidy"]:
            tidy(locale)
        case ["--check"]:
            found = list(problems(locale))
            print("\n".join([*found, f"{format_count(len(found), 'fault')} in the translations."]))
            return 1 if found else 0
        case _:
            print("Usage: python -m canada_iraq.operations.catalogues [--check | --tidy]", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

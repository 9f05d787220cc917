"""Texts as readers are sent them: safe HTML, with the spacing and the direction of their language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from . import html, image_marks, placeholders
from .html import Block, Run
from .table_layout import align_numbers
from .typography import is_foreign, typeset, typeset_runs

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "he", "ur"})
_MAY_BE_RIGHT_TO_LEFT = frozenset({"p", "li", "dt", "dd", *html.HEADINGS, *html.CELLS})
_PUNCTUATION = re.compile(r"[\s.,;:!?…؟،؛»”\"]*")


@dataclass(frozen=True, slots=True)
class NoteView:
    """A footnote, in the list at the end of its page; `attributes` say in which language it is, if in another."""

    number: int
    text: SafeString
    attributes: SafeString


def plain(text: str, language: str) -> SafeString:
    """A text without markup, escaped and typeset."""
    return SafeString(typeset(escape(text), language))


def rich(text: str, language: str) -> SafeString:
    """A text with markup, its placeholders filled in, typeset; its tables scroll where the screen is narrower.

    Footnotes stand in brackets.
    """
    return RichTextWriter(language).rich(html.parse(text))


def rich_line(text: str, language: str, media: str = settings.MEDIA_URL) -> SafeString:
    """The same of words within a paragraph, without any around them."""
    writer = RichTextWriter(language, media)
    return SafeString("".join(map(writer.inline, html.parse(text))))


class RichTextWriter(html.Serializer):
    """Writes clean HTML as readers of a language are sent it. Footnotes stand in brackets.

    `media` is where its readers find images.
    """

    def __init__(self, language: str, media: str = settings.MEDIA_URL):
        self.language = language
        self.media = media
        self.is_foreign = False  # whether what is being written is in another language, or code

    def rich(self, blocks: Iterable[Block]) -> SafeString:
        return SafeString(self.html(blocks))

    def write(self, block: Block, lines: list[str]) -> None:
        [run] = block.runs if len(block.runs) == 1 else [None]
        has_more = block.attributes or block.children or block.notes or block.tag == "pre"
        # Words alone, as most are: at once.
        if run and not run.marks and not has_more and not self.is_foreign:
            text = escape(typeset(placeholders.fill(run.text, self.language), self.language), quote=False)
            words = text.replace("\n", "<br>")
            lines.append(f"<{block.tag}>{words}</{block.tag}>")
            return
        around = self.is_foreign
        block = _with_direction(block)
        self.is_foreign = around or block.tag == "pre" or is_foreign(block.attributes, self.language)
        if block.tag == "table":
            self.write_table(block, lines)
        else:
            super().write(block, lines)
        self.is_foreign = around

    def write_table(self, table: Block, lines: list[str]) -> None:
        [caption] = [part for part in table.children if part.tag == "caption"] or [None]
        with override(self.language):
            name = caption and self.words(caption) or _("Table")
        written: list[str] = []
        super().write(align_numbers(table), written)
        opening = '<div class="ci-table" role="region" tabindex="0" aria-label="{}">'
        lines.append(format_html(opening, name) + "\n".join(written) + "</div>")

    def marked_up(self, runs: tuple[Run, ...]) -> str:
        runs = self.typeset(runs)
        for text, _marks in runs:
            if html.IMAGE in text:
                runs = tuple(map(self.with_image, runs))
                break
        return html.marked_up(runs)

    def with_image(self, run: Run) -> Run:
        """A run as it is shown: an image with its address and its size, or with what is said in its place."""
        if not run.image:
            return run
        attributes = image_marks.shown(image_marks.read(run.image.attributes), self.media)
        if not attributes:
            return Run(html.spoken_text(run), run.marks[:-1])
        return Run(run.text, (*run.marks[:-1], html.Mark(run.image.tag, attributes)))

    def words(self, block: Block) -> str:
        """The words of a block alone."""
        return "".join(text for text, _marks in self.typeset(block.runs)).replace(html.NOTE, "").strip()

    def typeset(self, runs: tuple[Run, ...]) -> tuple[Run, ...]:
        """Runs with their placeholders filled in, typeset."""
        if any("{" in text for text, _marks in runs):
            runs = tuple(Run(placeholders.fill(text, self.language), marks) for text, marks in runs)
        return runs if self.is_foreign else typeset_runs(runs, self.language)

    def note(self, note: Block) -> str:
        attributes, words = self.attributes_and_words(note)
        return f" <span{attributes}>[{words}]</span>"

    def attributes_and_words(self, note: Block) -> tuple[str, str]:
        around = self.is_foreign
        self.is_foreign = around or is_foreign(note.attributes, self.language)
        words = self.inline(note)
        self.is_foreign = around
        return html.written(note.attributes), words


class NumberedNotes(RichTextWriter):
    """Numbers the footnotes of a page through all of its texts, in the order in which these are written."""

    def __init__(self, language: str, media: str = settings.MEDIA_URL):
        super().__init__(language, media)
        self.found: list[NoteView] = []

    def inline(self, block: Block) -> str:
        """Two references in a row have a comma between them."""
        end, opening = "</sup>", '<sup class="ci-noteref">'
        return super().inline(block).replace(end + opening, f"<span>, </span>{end}{opening}")

    def note(self, note: Block) -> str:
        attributes, words = self.attributes_and_words(note)
        number = len(self.found) + 1
        self.found.append(NoteView(number, SafeString(words), SafeString(attributes)))
        with override(self.language):
            return format_html(
                '<sup class="ci-noteref"><a href="#note_{0}" id="noteref_{0}" role="doc-noteref" '
                'aria-describedby="page_notes"><span class="ci-hidden">{1}&nbsp;</span>{0}</a></sup>',
                number,
                _("Note"),
            )


def _with_direction(block: Block) -> Block:
    """Sets a paragraph, an item, a heading or a cell all of which is in a language that is written from right to left,
    with the punctuation that stands after it, as a block, or its punctuation and its bullet stand at the wrong end.
    """
    if not block.runs or block.children or block.notes or block.tag not in _MAY_BE_RIGHT_TO_LEFT:
        return block
    span = next(iter(block.runs[0].marks), None)
    if (
        not span
        or span.tag != "span"
        or span.get("lang") not in RIGHT_TO_LEFT
        or span.get("dir") not in ("", "rtl")
    ):
        return block
    last = block.runs[-1]
    runs = block.runs if last.marks else block.runs[:-1]
    is_passage = all(run.marks[:1] == (span,) and not _has_span(run.marks[1:]) for run in runs)
    if not is_passage or not last.marks and not _PUNCTUATION.fullmatch(last.text):
        return block
    return replace(
        block,
        attributes=(*block.attributes, ("lang", span.get("lang")), ("dir", "rtl")),
        runs=tuple(Run(run.text, run.marks[1:]) for run in block.runs),
    )


def _has_span(marks: Iterable[html.Mark]) -> bool:
    return any(mark.tag == "span" for mark in marks)

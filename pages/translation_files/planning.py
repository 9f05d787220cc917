"""What a translation does with a page as it is now, field by field; and why some of its segments are not taken."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .. import html, working_copy, xliff
from ..document import Document, with_text
from ..section_anchors import keep_anchors
from ..xliff import Content
from .segments import Field, Inline, Path, Piece, fields_of, has_words, inline_name, known_sources, leaves_of
from .translations import Translation, TranslationError, digest
from .writing import Writer, with_attribute

# A text of more words than this that comes back as it went out was not translated; of a shorter one, the rest tells.
MAX_SAME_WORDS = 3


@dataclass(frozen=True, slots=True)
class Refusal:
    """A segment that is not taken, and why. A person may take it all the same where it `can_be_chosen`.

    `source` are the words of the page now, `source_then` those that were translated, where they differ. `current` is
    the translation that would be replaced.
    """

    segment: str
    path: Path
    message: str
    source: str = ""
    source_then: str = ""
    target: str = ""
    current: str = ""
    can_be_chosen: bool = False


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """What a file does with one field: its text before and `after`, the same where nothing of it is taken.

    `segments` are those that are taken. `unchanged` says how many came back as they were although their source changed:
    the text is held back until they are settled. `left` says how many keep their current translation because they were
    refused or came back empty. A text `is_unprotected` where the file does not say which translation it was made with.
    """

    path: Path
    language: str
    before: str
    after: str
    refusals: tuple[Refusal, ...] = ()
    segments: frozenset[str] = frozenset()
    unchanged: int = 0
    left: int = 0
    is_held: bool = False
    is_unprotected: bool = False

    @property
    def id(self) -> str:
        return ".".join(self.path)

    @property
    def is_proposed(self) -> bool:
        """Whether it may be taken without a look: all of the text came back, and it replaces nobody's work unseen."""
        return self.is_changed and not self.left and not self.is_unprotected

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file does with a page, and its segments that belong to no text of the page any more."""

    fields: tuple[FieldPlan, ...]
    unknown: tuple[Refusal, ...] = ()
    same: int = 0

    @property
    def changed(self) -> tuple[FieldPlan, ...]:
        return tuple(each for each in self.fields if each.is_changed)

    @property
    def is_unprotected(self) -> bool:
        return any(each.is_unprotected for each in self.changed)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        return tuple(refusal for each in self.fields for refusal in each.refusals) + self.unknown


def plan(
    document: Document,
    translation: Translation,
    *,
    chosen: Set[str] = frozenset(),
    live: Mapping[str, Sequence[html.Heading]] | None = None,
    stale: Mapping[Path, str] | None = None,
    links: Mapping[str, str] | None = None,
) -> Plan:
    """Returns what a translation does with the page as it is now.

    `chosen` are the ids of segments that a person takes although something speaks against it. `live` has the headings
    that readers know, by the key of their block, in the language of the translation: they keep their anchors. `stale`
    has the source texts as they were when they were last translated, by path: these change whole or not at all.
    `links` has the links to pages that addresses of the site in the language of the source stand for.
    """
    fields = fields_of(document, translation.source_language)
    incoming = _Incoming(translation, [piece for each in fields for piece in each.pieces])
    known = {each.path: known_sources(each, (stale or {}).get(each.path)) for each in fields}
    plans = [
        _FieldPlanner(document, each, incoming, chosen, live or {}, known[each.path], links or {}).plan()
        for each in fields
    ]
    return Plan(
        tuple(each for each in plans if each.is_changed or each.refusals),
        tuple(incoming.unknown()),
        sum(not each.is_changed and not each.refusals for each in plans),
    )


class _Incoming:
    """The segments of a file, found by their ids, or by their source where a text has moved or a tool renumbers."""

    def __init__(self, translation: Translation, pieces: Sequence[Piece]):
        self.current = {xliff.fingerprint(piece.source) for piece in pieces}
        self.digests = translation.digests
        self.by_id: dict[str, list[tuple[Content, Content]]] = defaultdict(list)
        self.by_source: dict[str, list[Content]] = defaultdict(list)
        for id_, source, target in translation.segments:
            self.by_id[id_].append((source, target))
            if target:
                self.by_source[xliff.fingerprint(source)].append(target)
        self.used: set[str] = set()
        # The source and the translation of each segment that somebody has gone through.
        self.confirmed = {
            tuple(map(xliff.fingerprint, translation.segments[number][1:]))
            for number in translation.confirmed
            if number < len(translation.segments)
        }
        names = {xliff.fingerprint(piece.source) for piece in pieces if _is_copy(piece.source, piece.target)}
        self.copies = {
            xliff.fingerprint(source)
            for _id, source, target in translation.segments
            if _is_copy(source, target)
        } - names

    def is_confirmed(self, piece: Piece) -> bool:
        """Whether the file says that the current translation is that of the current text."""
        return (xliff.fingerprint(piece.source), xliff.fingerprint(piece.target or ())) in self.confirmed

    def is_empty(self, piece: Piece) -> bool:
        """Whether the file has the piece without a translation of it, beside others that have one."""
        own = self.by_id.get(piece.id, [])
        return bool(own) and not any(has_words(target) for _source, target in own)

    def find(self, piece: Piece) -> tuple[Content, Content] | None:
        """The source and the target of a piece in the file; None where it has none.

        Raises TranslationError where it has several that say something else.
        """
        wanted = xliff.fingerprint(piece.source)
        own = self.by_id.get(piece.id, [])
        self.used.add(wanted)
        same = [target for source, target in own if xliff.fingerprint(source) == wanted]
        # A tool may write its translations beside the segments that it was given, under numbers of its own.
        if targets := [target for target in same if target] or self.by_source.get(wanted) or same:
            _check(targets)
            return piece.source, targets[0]
        then = xliff.fingerprint(own[0][0]) if own else ""
        if not own or then in self.current:  # which is that of another piece
            return None
        _check([target for _source, target in own])
        self.used.add(then)
        return own[0]

    def unknown(self) -> Iterator[Refusal]:
        """The segments with a translation that no text of the page has asked for."""
        message = _("The page no longer has this text, or the translator’s tool merged or split the segment.")
        for id_, segments in self.by_id.items():
            source, target = segments[0]
            if xliff.fingerprint(source) not in self.used and has_words(target):
                words, translated = map(xliff.plain_text, (source, target))
                yield Refusal(id_, (), message, source_then=words, target=translated)


def _is_copy(source: Content, target: Content | None) -> bool:
    """Whether a translation is its source; what has no letters is the same in every language."""
    is_same = target is not None and xliff.fingerprint(source) == xliff.fingerprint(target)
    return is_same and _number_of_words(source) > 0


def _number_of_words(content: Content) -> int:
    return len(re.findall(r"[^\W\d_]+", xliff.plain_text(content)))


def _check(targets: Sequence[Content]) -> None:
    """Raises TranslationError for several translations of one segment."""
    if len(set(map(xliff.fingerprint, targets))) > 1:
        raise TranslationError(
            _(
                "The file has this segment more than once, with different translations. Ask the translator "
                "which one is right."
            )
        )


class _Refused(Exception):
    """Raised for a piece that is not taken, with its refusal."""

    def __init__(self, refusal: Refusal):
        self.refusal = refusal
        super().__init__(refusal.message)


class _FieldPlanner:
    """Finds out what a file does with one field."""

    def __init__(self, document, each: Field, incoming: _Incoming, chosen, live, known, links) -> None:
        self.document, self.field, self.incoming = document, each, incoming
        self.chosen, self.live, self.known, self.links = chosen, live, known, links
        exported = incoming.digests.get(each.id)
        self.is_changed_here = exported is not None and exported != digest(each.target)
        self.is_unprotected = exported is None and bool(each.target)

    def plan(self) -> FieldPlan:
        refusals: list[Refusal] = []
        unchanged: list[Piece] = []
        taken: dict[str, Content] = {}
        for piece in self.field.pieces:
            try:
                target = self._target(piece)
            except _Refused as refused:
                refusals.append(refused.refusal)
                continue
            if target is not None:
                taken[piece.id] = target
            elif self._is_unchanged(piece):
                unchanged.append(piece)
        if not taken and not any(refusal.can_be_chosen for refusal in refusals):
            unchanged = []  # nothing of it can be used
        refusals += map(self._unchanged, unchanged)
        is_held = self.known is not None and bool(taken) and bool(refusals)
        left = len(refusals) + sum(map(self._came_back_empty, self.field.pieces))
        after = self.field.target
        try:
            if self._is_complete(taken, {refusal.segment for refusal in refusals}) and not is_held:
                after = self._text(taken)
        except _Refused as refused:
            refusals.append(refused.refusal)
        return FieldPlan(
            self.field.path,
            self.field.target_language,
            self.field.target,
            after,
            tuple(refusals),
            frozenset(taken) | {piece.id for piece in self.field.pieces if piece.id in self.chosen},
            unchanged=len(unchanged),
            left=left,
            is_held=is_held,
            is_unprotected=self.is_unprotected,
        )

    def _is_unchanged(self, piece: Piece) -> bool:
        """Whether a piece still has the translation of what it said before, and nobody says that it is right."""
        return (
            self.known is not None
            and piece.target is not None
            and xliff.fingerprint(piece.source) not in self.known
            and piece.id not in self.chosen
            and not self.incoming.is_confirmed(piece)
        )

    def _unchanged(self, piece: Piece) -> Refusal:
        message = _("This segment is unchanged though its source changed.")
        words = xliff.plain_text(piece.target or ())
        return self._refusal(piece, message, target=words, can_be_chosen=True)

    def _came_back_empty(self, piece: Piece) -> bool:
        return not self._is_unchanged(piece) and piece.target is not None and self.incoming.is_empty(piece)

    def _is_complete(self, taken: Mapping[str, Content], refused: Set[str]) -> bool:
        """Whether the field can be put together of what is taken and what it says already.

        Raises `_Refused` where it cannot for another reason than those of the segments that are refused.
        """
        each = self.field
        leaves = {piece.leaf for piece in each.pieces if piece.id in taken}
        missing = [
            piece
            for piece in each.pieces
            if piece.id not in taken
            and piece.target is None
            and (each.translation is None or not each.is_rich or piece.leaf in leaves)
        ]
        missed = [piece for piece in missing if piece.id not in refused]
        if missed and (taken or self._is_in_file()):
            message = _("The file has no translation of this text.")
            if len(each.pieces) > 1:
                text = _("%(number)s of the %(count)s segments of this text have no translation yet.")
                message = text % {"number": len(missed), "count": len(each.pieces)}
            raise _Refused(self._refusal(missed[0], message))
        return bool(taken) and not missing

    def _is_in_file(self) -> bool:
        return any(piece.id in self.incoming.by_id for piece in self.field.pieces)

    def _refusal(self, piece: Piece, message: str, **more) -> Refusal:
        return Refusal(piece.id, self.field.path, message, xliff.plain_text(piece.source), **more)

    def _target(self, piece: Piece) -> Content | None:
        """What a piece is to say; None where the file says nothing new of it. Raises `_Refused`."""
        try:
            found = self.incoming.find(piece)
        except TranslationError as error:
            raise _Refused(self._refusal(piece, str(error))) from None
        if found is None:
            return None
        source, target = found
        if piece.target is not None and xliff.fingerprint(target) == xliff.fingerprint(piece.target):
            return None
        if not has_words(target):
            return None
        current = xliff.plain_text(piece.target or ())
        words = {"target": xliff.plain_text(target), "current": current, "can_be_chosen": True}
        if problem := self._lost_codes(piece, target):
            raise _Refused(self._refusal(piece, problem, target=words["target"]))
        if piece.id in self.chosen:
            return target
        if xliff.fingerprint(source) != xliff.fingerprint(piece.source):
            message = _("The text was changed after the file was made.")
            then = xliff.plain_text(source)
            raise _Refused(self._refusal(piece, message, source_then=then, **words))
        if self.is_changed_here:
            message = _("Someone changed this translation here after the file was made.")
            raise _Refused(self._refusal(piece, message, **words))
        if self._is_untranslated(piece, target):
            message = _("The translation is the same as the text. It may not have been translated.")
            raise _Refused(self._refusal(piece, message, **words))
        return target

    def _is_untranslated(self, piece: Piece, target: Content) -> bool:
        """Whether a translation is a copy of its source, and no name: that would be one here, or the only copy."""
        if not _is_copy(piece.source, target):
            return False
        others = self.incoming.copies - {xliff.fingerprint(piece.source)}
        return piece.target is not None or bool(others) or _number_of_words(target) > MAX_SAME_WORDS

    def _lost_codes(self, piece: Piece, target: Content) -> str:
        """What is wrong with the inline codes of a translation; "" for nothing."""
        is_coded = self.field.is_rich and not piece.attribute
        inlines = self.field.inlines_of(piece.leaf) if is_coded else {}
        counts = Counter(
            code.id
            for code in xliff.codes_in(target)
            if code.id not in inlines
            or inlines[code.id].code.content is None
            or xliff.plain_text(code.content or ())
        )
        protected = [(id_, inline) for id_, inline in inlines.items() if inline.code.is_protected]
        if lost := [inline for id_, inline in protected if not counts[id_]]:
            text = _("This is missing in the translation: %(codes)s. Ask the translator to put it back.")
            return text % {"codes": ", ".join(map(inline_name, lost))}
        if unknown := [id_ for id_ in counts if id_ not in inlines]:
            text = _("The translation has tags that the text does not have: %(codes)s.")
            return text % {"codes": ", ".join(unknown)[:100]}
        if repeated := [inline for id_, inline in protected if counts[id_] > 1]:
            text = _("This is in the translation more than once: %(codes)s. Ask the translator to keep one.")
            return text % {"codes": ", ".join(map(inline_name, repeated))}
        return ""

    def _text(self, taken: Mapping[str, Content]) -> str:
        """The text of the field with what is taken. Raises `_Refused` where the form would not take it."""
        each, first = self.field, self.field.pieces[0]
        written = self._rich_text(taken) if each.is_rich else xliff.plain_text(taken[first.id])
        try:
            text = working_copy.cleaned_text(self.document, each.path, each.target_language, written)
        except ValidationError as error:
            message = " ".join(error.messages)
            raise _Refused(self._refusal(first, message, target=html.plain_text(written))) from None
        if each.is_rich and _protected(text) != _protected(written):
            message = _("A link, fact, footnote or image is inside another one, which a page cannot have.")
            raise _Refused(self._refusal(first, message, target=html.plain_text(text)))
        block = each.path[1] if len(each.path) > 1 else ""
        return keep_anchors(text, each.target, self.live.get(block, ())) if "<h" in text else text

    def _rich_text(self, taken: Mapping[str, Content]) -> str:
        """The blocks of the translation, or of the source where it has others, with the words that are taken."""
        each = self.field
        leaves = iter(enumerate(each.leaves if each.translation is None else each.translation))

        def rebuilt(block: html.Block) -> html.Block:
            order: Sequence[int] = range(len(block.notes))
            if block.runs:
                number, _leaf = next(leaves)
                block, order = self._with_words(number, block, taken)
            notes = tuple(map(rebuilt, block.notes))
            children = tuple(map(rebuilt, block.children))
            return replace(block, notes=tuple(notes[number] for number in order), children=children)

        if each.translation is not None:
            return html.serialize([rebuilt(block) for block in html.parse(each.target)])
        return html.serialize([_without_anchor(rebuilt(block)) for block in html.parse(each.source)])

    def _inlines(self, number: int) -> dict[str, Inline]:
        """The codes that a translation of a leaf may have: its own, or those of its source."""
        own = self.field.counterparts(number) or {}
        source = self.field.leaves[number].inlines
        return {id_: _with_page_link(inline, self.links) for id_, inline in source.items()} | own

    def _with_words(
        self, number: int, block: html.Block, taken: Mapping[str, Content]
    ) -> tuple[html.Block, Sequence[int]]:
        """A block with the words that are taken, and the order of its footnotes in these."""
        each, as_it_is = self.field, range(len(block.notes))
        pieces = each.pieces_of_leaves.get(number, ())
        if each.translation is not None and not any(piece.id in taken for piece in pieces):
            return block, as_it_is
        said = {piece.attribute: taken.get(piece.id, piece.target or ()) for piece in pieces}
        content = said.pop("", each.leaves[number].content)
        inlines = {
            id_: with_attribute(inline, xliff.plain_text(said.get(id_, ())))
            for id_, inline in self._inlines(number).items()
        }
        writer = Writer(inlines)
        runs = tuple(writer.runs(content))
        is_permutation = sorted(writer.notes) == list(as_it_is)
        return replace(block, runs=runs), writer.notes if is_permutation else as_it_is


def _with_page_link(inline: Inline, links: Mapping[str, str]) -> Inline:
    """A code with a link to the page that its address is of, or a text would lead to another language."""
    mark = inline.mark
    if mark is None or mark.get("href") not in links:
        return inline
    href = links[mark.get("href")]
    attributes = tuple((name, href if name == "href" else value) for name, value in mark.attributes)
    return replace(inline, mark=mark._replace(attributes=attributes))


def _protected(text: str) -> Counter[tuple[str, str]]:
    """What of a rich text has to come back, and how often it stands there."""
    found = (inline for leaf in leaves_of(text) for inline in leaf.inlines.values())
    return Counter(inline.identity for inline in found if inline.code.is_protected)


def _without_anchor(block: html.Block) -> html.Block:
    """A block without the anchor that its heading has in the other language."""
    return replace(
        block,
        attributes=tuple((name, value) for name, value in block.attributes if name != "id"),
        children=tuple(map(_without_anchor, block.children)),
    )


def with_plans(document: Document, plans: Iterable[FieldPlan]) -> Document:
    """Returns the document with the texts of some fields as they were planned."""
    for each in plans:
        document = with_text(document, each.path, each.language, each.after)
    return document

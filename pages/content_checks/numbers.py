"""Do the two languages state the same amounts, percentages, years, dates and numbers, field by field?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from operator import ne
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .amounts import Amount
from .examples import pair
from .parsed_document import CELLS, LanguageView, ParsedDocument, TextRun
from .rules import ERROR, INFO, WARNING, Check, Match, Rule, cut_excerpt
from .text_pairs import likely_pairs, pairs

NONE = pgettext_lazy("in one of two languages", "none")
# One language may name the kind of number once for several: “$4 to $5 million”, « 4 à 5 millions de dollars ».
# In how many places one telephone number that is mistyped differs at most: two digits, or two that changed places.
_FEW_DIGITS = 2
_BARE = frozenset({"number", "year", "ordinal"})

Found = list[tuple[Amount, TextRun]]


def lines_differing(parsed: ParsedDocument) -> Iterator[Match]:
    """Telephone numbers that only one language gives, but for lines that each language has of its own.

    Where few digits differ it is one line; otherwise a line of one language answers for one of the other.
    """
    for only_english, only_french in parsed.memoised(_all_unmatched):
        english, french = (
            [one for one in found if one[0].kind == "phone"] for found in (only_english, only_french)
        )
        likeliest = sorted(
            (
                (_digits_apart(one[0], other[0]), row, column)
                for row, one in enumerate(english)
                for column, other in enumerate(french)
            )
        )
        rows, columns = set(range(len(english))), set(range(len(french)))
        for apart, row, column in likeliest:
            if row in rows and column in columns:
                rows.remove(row)
                columns.remove(column)
                if apart <= _FEW_DIGITS:
                    yield from _paired([english[row]], [french[column]])
        yield from _paired([english[row] for row in sorted(rows)], [])
        yield from _paired([], [french[column] for column in sorted(columns)])


def _digits_apart(one: Amount, other: Amount) -> int:
    """In how many places two telephone numbers have another digit; in all, where one is longer."""
    if len(one.value) != len(other.value):  # type: ignore[arg-type]
        return len(one.value)  # type: ignore[arg-type]
    return sum(map(ne, one.value, other.value))  # type: ignore[call-overload]


def differing(*kinds: str) -> Check:
    """A check that finds the amounts of these kinds that only one language states."""

    def checked(parsed: ParsedDocument) -> Iterator[Match]:
        for only_english, only_french in parsed.memoised(_all_unmatched):
            for kind in kinds:
                yield from _paired(
                    [one for one in only_english if one[0].kind == kind],
                    [one for one in only_french if one[0].kind == kind],
                )

    return checked


def comparable(kind: str) -> Check:
    """A check of passages that state one amount of a kind each, and nothing else that could explain a difference."""

    def checked(parsed: ParsedDocument) -> Iterator[Match]:
        for one, other in parsed.memoised(_comparable):
            if one[0].kind == kind:
                yield _match("", one, one[0].text, other[0].text)

    return checked


def uncertain(kind: str) -> Check:
    """A check that finds the amounts of a kind that only one language states, but for those that can be compared."""
    differing_amounts, comparable_amounts = differing(kind), comparable(kind)

    def checked(parsed: ParsedDocument) -> Iterator[Match]:
        certain = {
            (match.path, text) for match in comparable_amounts(parsed) for text in match.params.values()
        }
        for match in differing_amounts(parsed):
            if certain.isdisjoint((match.path, text) for text in match.params.values()):
                yield match

    return checked


def _comparable(parsed: ParsedDocument) -> list[tuple[tuple[Amount, TextRun], tuple[Amount, TextRun]]]:
    """The amounts of money and the percentages that differ beyond doubt, English first."""
    unmatched: Found = [one for both in parsed.memoised(_all_unmatched) for found in both for one in found]
    found = []
    for english, french in pairs(parsed):
        stated = [_stated_in(view, run) for view, run in zip(parsed.views, (english, french), strict=True)]
        for kind in ("money", "percent"):
            one, other = ([amount for amount in amounts if amount.kind == kind] for amounts in stated)
            if len(one) == len(other) == 1 and one[0].value != other[0].value:
                both = (one[0], english), (other[0], french)
                own = [amount for amount, run in unmatched if run is english or run is french]
                if own == [one[0], other[0]] and _are_of_one_currency(one[0], other[0]):
                    found.append(both)
    return found


def _stated_in(view: LanguageView, run: TextRun) -> list[Amount]:
    return [amount for amount in view.amounts.get(run.order, ()) if not amount.optional]


def _are_of_one_currency(one: Amount, other: Amount) -> bool:
    """Not an amount of Canadian dollars beside one of American dollars."""
    if one.kind != "money":
        return True
    return one.value[0] == other.value[0] and one.currency == other.currency  # type: ignore[index]


def _all_unmatched(parsed: ParsedDocument) -> list[tuple[Found, Found]]:
    english, french = parsed.views
    paths = english.fields.keys() & french.fields.keys()
    by_field = [_unmatched(_stated(english, path), _stated(french, path)) for path in paths]
    return [*by_field, *_exchanged(parsed, by_field), *_labels(parsed)]


def _exchanged(parsed: ParsedDocument, by_field: list[tuple[Found, Found]]) -> Iterator[tuple[Found, Found]]:
    """Numbers that the other language has elsewhere in the field: one in each of two passages in the same place.

    Rows of a table may have another order, so a number of one cell must not stand in any other cell instead.
    """
    known = {_place(one) for both in by_field for found in both for one in found}
    exchanged = []
    for both in likely_pairs(parsed):
        only_english, only_french = _exchanged_in(*map(_stated_by, parsed.views, both))
        if known.isdisjoint(map(_place, only_english + only_french)) and _are_exchanged(
            only_english, only_french
        ):
            exchanged.append((only_english, only_french))
    cells = [found for found in exchanged if found[0][0][1].kind in CELLS]
    moved = [Counter(_value(found[side][0]) for found in cells) for side in (0, 1)]
    for only_english, only_french in exchanged:
        if only_english[0][1].kind in CELLS and (
            _value(only_english[0]) in moved[1] or _value(only_french[0]) in moved[0]
        ):
            continue
        yield only_english, only_french


def _exchanged_in(english: Found, french: Found) -> tuple[Found, Found]:
    """What only one of two passages states, or states more often where each states as many numbers."""
    if not english or not french or [*map(_value, english)] == [*map(_value, french)]:
        return [], []
    only_english, only_french = _unmatched(english, french)
    if only_english and only_french or len(english) != len(french):
        return only_english, only_french
    only_english, only_french = _more_often(english, french), _more_often(french, english)
    return _unmatched(only_english, only_french)


def _more_often(found: Found, others: Found) -> Found:
    """The last of the numbers that a passage states more often than another one does."""
    left = Counter(map(_value, others))
    more = []
    for one in found:
        left[_value(one)] -= 1
        if left[_value(one)] < 0 and not one[0].optional:
            more.append(one)
    return more


def _value(one: tuple[Amount, TextRun]) -> tuple[str, Any]:
    return one[0].kind, one[0].value


def _labels(parsed: ParsedDocument) -> Iterator[tuple[Found, Found]]:
    """The numbers of questions or paragraphs in the same place that differ; one of them may be a list instead."""
    for both in likely_pairs(parsed):
        labels = [_label(view, run) for view, run in zip(parsed.views, both, strict=True)]
        if labels[0] and labels[1] and labels[0].value != labels[1].value:
            yield [(labels[0], both.english)], [(labels[1], both.french)]


def _label(view: LanguageView, run: TextRun) -> Amount | None:
    first = next(iter(view.amounts.get(run.order, ())), None)
    is_label = (
        first and first.start == 0 and first.optional and run.prose[first.end : first.end + 1] in (".", ")")
    )
    return first if is_label else None


def _are_exchanged(english: Found, french: Found) -> bool:
    """Whether there is one amount on each side, of one kind and in digits; rows of tables may have another order."""
    if len(english) != 1 or len(french) != 1:
        return False
    (one, _run), (other, _other_run) = english[0], french[0]
    return one.kind == other.kind and any(map(str.isdigit, one.text)) and any(map(str.isdigit, other.text))


def _place(one: tuple[Amount, TextRun]) -> tuple[str, int, int]:
    amount, run = one
    return run.language, run.order, amount.start


def _stated_by(view: LanguageView, run: TextRun) -> Found:
    return [(amount, run) for amount in view.amounts.get(run.order, ())]


def _stated(view: LanguageView, path: tuple[str, ...]) -> Found:
    return [(amount, run) for run in view.fields[path] for amount in view.amounts.get(run.order, ())]


def _unmatched(english: Found, french: Found) -> tuple[Found, Found]:
    """What one language states and the other does not, however often either says it."""
    only_english, only_french = (
        _once(_missing_amounts(english, french)),
        _once(_missing_amounts(french, english)),
    )
    texts = {amount.text for amount, _piece in only_english}
    for one in only_french[:]:
        # « EN 301 549 » looks like 301,549.
        parts = set(one[0].text.split(" "))
        if len(parts) > 1 and parts <= texts:
            only_french.remove(one)
            only_english = [other for other in only_english if other[0].text not in parts]
    return only_english, only_french


def _missing_amounts(found: Found, others: Found) -> Found:
    stated = {meaning for amount, _piece in others for meaning in _meanings(amount)}
    return [one for one in found if not (one[0].optional or _is_stated(one[0], stated))]


def _is_stated(amount: Amount, stated: set[tuple[str, Any]]) -> bool:
    """Whether a language states an amount, in whatever way; a date in digits only if both its year and its day are."""
    if not stated.isdisjoint(_answers(amount)):
        return True
    parts = _parts(amount) if amount.kind == "date" else []
    return bool(parts) and all(("digits", part) in stated for part in parts)


def _meanings(amount: Amount) -> Iterator[tuple[str, Any]]:
    """What an amount may stand for where the other language says it in another way."""
    yield amount.kind, amount.value
    yield from amount.readings
    if amount.kind in _BARE:
        yield "bare", amount.value
        if amount.text[:1].isdigit():
            yield "digits", amount.value
    elif amount.kind == "date":
        yield from (("part of a date", part) for part in _parts(amount))
        yield _day_of_year(amount, "with" if amount.value[0] else "without")  # type: ignore[index]
    else:
        yield from (("of something", number) for number in _bare(amount))


def _answers(amount: Amount) -> Iterator[tuple[str, Any]]:
    """Which meanings in the other language say the same as an amount."""
    yield amount.kind, amount.value
    yield from amount.readings
    if amount.kind in _BARE:
        yield "bare", amount.value
        yield "of something", amount.value
        if amount.text[:1].isdigit():
            yield "part of a date", amount.value
    elif amount.kind == "date":  # “April 30, 2014” may be « le 30 avril » where the year is known
        yield _day_of_year(amount, "without" if amount.value[0] else "with")  # type: ignore[index]
    else:
        yield from (("bare", number) for number in _bare(amount))


def _bare(amount: Amount) -> tuple[Any, ...]:
    """Its number alone: 4 of $4; 9 of 9 am, and 5 of 5 pm, which another language may write « 17 h »."""
    if amount.kind == "money":
        return (amount.value[1],)  # type: ignore[index]
    if amount.kind == "time":
        return amount.value / 60, amount.value / 60 % 12  # type: ignore[operator]
    return (amount.value,)


def _day_of_year(amount: Amount, year: str) -> tuple[str, Any]:
    """The month and the day of a date, if it has both, “with” or “without” its year."""
    _year, month, day = amount.value  # type: ignore[misc]
    return f"day {year} a year", (month, day, amount.value if not day else None)


def _parts(amount: Amount) -> list[int]:
    """The year and the day of a date."""
    year, _month, day = amount.value  # type: ignore[misc]
    return [part for part in (year, day) if part]


def _once(found: Found) -> Found:
    """Without the second year of “2014-15”, and what is said again."""
    first = {(amount.text, amount.kind): (amount, run) for amount, run in reversed(found)}
    return [one for one in found if first[one[0].text, one[0].kind] == one]


def _paired(english: Found, french: Found) -> Iterator[Match]:
    """One hit for both where each language has as many of its own, otherwise one for each that stands alone."""
    if len(english) == len(french):
        for one, other in zip(english, french, strict=True):
            yield _match("", one, one[0].text, other[0].text)
        return
    for one in english:
        yield _match("fr", one, one[0].text, NONE)
    for one in french:
        yield _match("en", one, NONE, one[0].text)


def _match(lacking: str, found: tuple[Amount, TextRun], english: Any, french: Any) -> Match:
    amount, run = found
    excerpt = cut_excerpt(run.text, amount.start, amount.end)
    params = {"english": english, "french": french}
    return Match(run.path, lacking, excerpt, params, (run.order, amount.start))


_MESSAGES = {
    "money": _(
        "The amounts of money differ (English: %(english)s; French: %(french)s). Use the same amount in "
        "both languages."
    ),
    "percent": _(
        "The percentages differ (English: %(english)s; French: %(french)s). Use the same percentage in "
        "both languages."
    ),
    "year": _(
        "The years differ (English: %(english)s; French: %(french)s). Use the same year in both languages."
    ),
    "date": _(
        "The dates or times differ (English: %(english)s; French: %(french)s). Use the same one in both "
        "languages."
    ),
    "number": _(
        "The numbers differ (English: %(english)s; French: %(french)s). Use the same number in both "
        "languages."
    ),
    "phone": _(
        "The telephone numbers differ (English: %(english)s; French: %(french)s). Use the same one in both "
        "languages."
    ),
    "code": _(
        "The codes differ (English: %(english)s; French: %(french)s). Use the same one in both languages."
    ),
}

RULES = (
    Rule(
        "money-differs",
        ERROR,
        _MESSAGES["money"],
        comparable("money"),
        (
            pair(
                "en",
                ("Canada committed $4 billion.", "Le Canada a engagé 5 milliards de dollars."),
                ("Canada committed $4 billion.", "Le Canada a engagé 4 milliards de dollars."),
            ),
            pair(
                "fr",
                ("The $1,500 grant is paid once.", "La subvention de 1 600 $ est versée une fois."),
                ("The $1,500 grant is paid once.", "La subvention de 1 500 $ est versée une fois."),
            ),
        ),
    ),
    Rule(
        "money-missing",
        WARNING,
        _MESSAGES["money"],
        uncertain("money"),
        (
            pair(
                "en",
                ("The grant is paid once.", "La subvention de 1 500 $ est versée une fois."),
                ("The $1,500 grant is paid once.", "La subvention de 1 500 $ est versée une fois."),
            ),
            pair(
                "fr",
                ("The $1,500 grant is paid once.", "La subvention est versée une fois."),
                ("The $1,500 grant is paid once.", "La subvention de 1 500 $ est versée une fois."),
            ),
        ),
    ),
    Rule(
        "percentage-differs",
        ERROR,
        _MESSAGES["percent"],
        comparable("percent"),
        (
            pair(
                "en",
                ("It rose by 19%.", "Elle a augmenté de 24 %."),
                ("It rose by 24%.", "Elle a augmenté de 24 %."),
            ),
            pair(
                "fr",
                ("It fell by 2.5%.", "Elle a baissé de 25 %."),
                ("It fell by 2.5%.", "Elle a baissé de 2,5 %."),
            ),
        ),
    ),
    Rule(
        "percentage-missing",
        INFO,
        _MESSAGES["percent"],
        uncertain("percent"),
        (
            pair(
                "en",
                ("It rose from 19%.", "Elle est passée de 19 % à 24 %."),
                ("It rose from 19% to 24%.", "Elle est passée de 19 % à 24 %."),
            ),
            pair(
                "fr",
                ("It fell by 2.5%.", "Elle a baissé."),
                ("It fell by 2.5%.", "Elle a baissé de 2,5 %."),
            ),
        ),
    ),
    Rule(
        "year-differs",
        WARNING,
        _MESSAGES["year"],
        differing("year"),
        (
            pair(
                "en",
                ("From 2016 to 2021, Canada helped.", "De 2016 à 2022, le Canada a aidé."),
                ("From 2016 to 2022, Canada helped.", "De 2016 à 2022, le Canada a aidé."),
            ),
            pair(
                "fr",
                ("The embassy opened in 2005.", "L’ambassade a ouvert."),
                ("The embassy opened in 2005.", "L’ambassade a ouvert en 2005."),
            ),
        ),
    ),
    Rule(
        "date-differs",
        INFO,
        _MESSAGES["date"],
        differing("date", "time"),
        (
            pair(
                "en",
                ("Apply by July 13, 2026.", "Présentez votre demande avant le 31 juillet 2026."),
                ("Apply by July 31, 2026.", "Présentez votre demande avant le 31 juillet 2026."),
            ),
            pair(
                "fr",
                ("We open at 9:30 am.", "Nous ouvrons à 8 h 30."),
                ("We open at 9:30 am.", "Nous ouvrons à 9 h 30."),
            ),
        ),
    ),
    Rule(
        "number-differs",
        INFO,
        _MESSAGES["number"],
        differing("number", "ordinal"),
        (
            pair(
                "en",
                ("About 1.2 people fled.", "Environ 1,2 million de personnes ont fui."),
                ("About 1.2 million people fled.", "Environ 1,2 million de personnes ont fui."),
            ),
            pair(
                "fr",
                ("The plan has five objectives.", "Le plan a six objectifs."),
                ("The plan has five objectives.", "Le plan a cinq objectifs."),
            ),
        ),
    ),
    Rule(
        "phone-differs",
        WARNING,
        _MESSAGES["phone"],
        lines_differing,
        (
            pair(
                "en",
                ("Call 1-800-622-6223.", "Composez le 1-800-622-6232."),
                ("Call 1-800-622-6232.", "Composez le 1-800-622-6232."),
            ),
            pair(
                "fr",
                ("Call 613-944-4000.", "Composez le 613-944-4001."),
                ("Call 613-944-4000.", "Composez le 613-944-4000."),
            ),
        ),
    ),
    Rule(
        "code-differs",
        INFO,
        _MESSAGES["code"],
        differing("code"),
        (
            pair(
                "en",
                ("Fill in form K-12.", "Remplissez le formulaire K-21."),
                ("Fill in form K-21.", "Remplissez le formulaire K-21."),
            ),
            pair(
                "fr",
                ("See Bill C-23.", "Consultez le projet de loi C-32."),
                ("See Bill C-23.", "Consultez le projet de loi C-23."),
            ),
        ),
    ),
)

"""What personal information looks like in a remark, in English and in French, and what only resembles it.

Data for `redaction`, in the order in which the rules are tried. They read a text as `plain_reading` gives it, with one
kind of digit, space, hyphen and apostrophe. Every quantifier is bounded and nearly all are
possessive, so that the work grows with the length of the text and with nothing else; a test holds them to it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    SIN = "sin"
    CARD = "card"
    POSTAL_CODE = "postal_code"
    PASSPORT = "passport"
    BUSINESS_NUMBER = "business_number"
    HEALTH_CARD = "health_card"
    UCI = "uci"
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"


@dataclass(frozen=True)
class Rule:
    """A shape of text and a second look at what has it. `kind` None: an honest figure, to be passed over whole.

    Only the group `secret` is masked where the pattern has one: the word that gave it away stays readable.
    """

    kind: Kind | None
    pattern: re.Pattern[str]
    accepts: Callable[[re.Match[str]], bool] = lambda match: True

    def span(self, text: str, start: int) -> tuple[int, int] | None:
        match = self.pattern.match(text, start)
        if match is None or not self.accepts(match):
            return None
        return match.span("secret" if "secret" in self.pattern.groupindex else 0)


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _re_i(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# ---- Shapes that several rules share

# A secret begins where a word or a number begins. None looks at what stands behind it further than the next
# character, because that may be masked in its turn: a text masked once would then be masked further the second time.
TOKEN_START = _re(r"(?<!\w)\w|[+(#]")
SPACE = "[ \t]"
JOINT = "[- \t.]"
# What may stand between the word that announces a number and the number itself.
CONNECTOR = (
    rf"(?:{JOINT}?+[:=#(,’']?+{SPACE}?+"
    "(?:is|are|was|at|on|in|of|the|my|me|us|to|id|no|nº|n°|num|number|card|client|code"
    "|est|sont|était|à|au|sur|le|la|les|de|du|des|mon|ma|moi|numéro|numero|carte|santé|permanent|canadian|iraqi|canadien|irakien)"
    rf"(?!\w)){{0,5}}+[ \t.:=#(°-]{{0,4}}+"
)


def digits_of(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())


def is_year(digits: str) -> bool:
    return len(digits) == 4 and 1900 <= int(digits) <= 2099


def passes_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def counts_something(match: re.Match[str]) -> bool:
    """Whether a currency sign or a unit stands beside the figure: a sum or a number of people is meant."""
    before = match.string[max(0, match.start() - 4) : match.start()]
    return bool(SIGN_BEFORE.search(before) or UNIT_AFTER.match(match.string, match.end()))


def ends_in_years(match: re.Match[str]) -> bool:
    groups = re.findall(r"\d+", match[0])
    return all(is_year(group) for group in groups[-2:])


SIGN_BEFORE = _re(rf"(?:[$€£¥]|CAD|USD|EUR|IQD){SPACE}?$")
UNIT_AFTER = _re_i(
    rf"(?:[.,]\d{{1,2}}+)?+{SPACE}?+(?:[$€£¥%‰]|[kMG]\$|(?:CAD|USD|EUR|IQD|dollars?+|dinars?+|euros?+|barils?+|barrels?+|people|persons?+"
    r"|personnes?+|habitants?+|inhabitants?+|residents?+|hectares?+|tonnes?+|millions?+|milliards?+|billions?+)(?!\w))"
)


# ---- E-mail, also as people write it to hide it from robots


NAME = r"\w[\w.+'’-]{0,63}+(?: (?:dot|point) \w[\w+-]{0,30}+){0,3}+"
AT = "(?: {0,2}+(?:@|%40|[([{<] ?+(?:at|arobase|arobas|chez) ?+[)\\]}>]) {0,2}+| {1,2}+arobase? {1,2}+)"
# "The link at canada.ca" is no address: a bare "at" counts only before a mailbox host or a dot in words.
BARE_AT = " {1,2}+(?:at|à|chez) {1,2}+"
MAILBOX_HOST = (
    "(?:gmail|hotmail|outlook|yahoo|icloud|live|msn|proton|protonmail"
    "|videotron|sympatico|bell|rogers|shaw|telus|aol)"
)
SPELLED_DOT = r"(?> ?+[([{<] ?+(?:dot|point) ?+[)\]}>] ?+| (?:dot|point) )"
DOT = rf"(?>\.|{SPELLED_DOT}|,(?=(?:com|ca|org|net|fr|qc)(?!\w)))"
LABEL = r"[^\W_][\w-]{0,62}+"
TOP = r"[^\W\d_]{2,24}+(?!\w)"

EMAIL = (
    Rule(Kind.EMAIL, _re_i(rf"{NAME}{AT}{LABEL}(?:{DOT}{LABEL}){{0,3}}{DOT}{TOP}")),
    Rule(Kind.EMAIL, _re_i(rf"{NAME}(?:{AT}|{BARE_AT}){MAILBOX_HOST}(?:{DOT}{TOP}){{0,2}}+(?!\w)")),
    Rule(Kind.EMAIL, _re_i(rf"{NAME}{BARE_AT}{LABEL}(?:{SPELLED_DOT}{LABEL}){{0,3}}{SPELLED_DOT}{TOP}")),
)


# ---- Birth dates, beside a word that says so

MONTH = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december"
    "|janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|janv|févr|juil|déc)"
)
DAY = r"\d{1,2}+(?:st|nd|rd|th|er)?+"
DATE = (
    r"(?:\d{4}[-/. ]\d{1,2}+[-/. ]\d{1,2}+|\d{1,2}+[-/. ]\d{1,2}+[-/. ](?:\d{4}|\d{2})|\d{8}"
    rf"|{DAY}[- ](?:of )?+{MONTH}\.?+,?+[- ](?:\d{{4}}|\d{{2}})"
    rf"|{MONTH}\.?+ {DAY},?+ \d{{4}}|\d{{4}},?+ {MONTH} {DAY})"
)
BIRTH = r"(?:date of birth|birth[- ]?date|birthday|d\.?o\.?b\.?|date de naissance|ddn|mon anniversaire)"
CAPITALISED = r"(?-i:[A-ZÀ-Ý])[\w'’.-]{0,25}+"
BIRTHPLACE = rf"(?: (?:in|at|à|en|au) {CAPITALISED}(?: {CAPITALISED}){{0,2}}+,?+)?+"

BIRTH_DATE = (
    Rule(Kind.BIRTH_DATE, _re_i(rf"{BIRTH}(?!\w){CONNECTOR}(?P<secret>{DATE})(?!\w)")),
    Rule(
        Kind.BIRTH_DATE,
        _re_i(rf"(?:born|né\(e\)|née?)(?!\w){BIRTHPLACE}{CONNECTOR}(?P<secret>{DATE})(?!\w)"),
    ),
    Rule(
        Kind.BIRTH_DATE,
        _re_i(
            rf"(?P<secret>{DATE})(?!\w)(?=[ ,(:-]{{1,3}}+(?:is |est |was )?+(?:my |ma |sa |his |her )?+{BIRTH}(?!\w))"
        ),
    ),
)


# ---- Numbers that a government gives to a person or a business


def is_sin(match: re.Match[str]) -> bool:
    digits = digits_of(match[0])
    return passes_luhn(digits) and not digits.endswith("000") and not counts_something(match)


def is_quebec_health_card(match: re.Match[str]) -> bool:
    """Four letters of the name, then year, month (50 more for women) and day of birth."""
    month, day = int(match["first"][2:]), int(match["second"][:2])
    if match["letters"] in ACRONYMS or (is_year(match["first"]) and is_year(match["second"])):
        return False
    return (1 <= month <= 12 or 51 <= month <= 62) and 1 <= day <= 31


def is_passport(match: re.Match[str]) -> bool:
    return not (digits_of(match[0]).endswith("000") or counts_something(match))


ACRONYMS = {"UNSC", "UNGA", "NATO", "OTAN", "UNDP", "PNUD", "ISIS", "ISIL", "EIIL", "AGNU", "CSNU"}

SIN_BY_NAME = Rule(
    Kind.SIN,
    _re_i(
        r"(?:sin|nas|s\.i\.n\.|n\.a\.s\.|social insurance|assurance[- ]sociale)(?!\w)"
        rf"{CONNECTOR}(?P<secret>\d{{3}}{JOINT}?+\d{{3}}{JOINT}?+\d{{3}})(?!\w)"
    ),
)
# With more groups of three after it, it is a sum in thousands as French writes it.
SIN_BY_SHAPE = Rule(
    Kind.SIN,
    _re(
        rf"\d{{3}}([ .-]?+)\d{{3}}\1\d{{3}}(?!\w)"
        rf"(?!{SPACE}\d{{3}}(?:{SPACE}\d{{3}}){{0,4}}+(?!\w|{JOINT}\d))"
    ),
    is_sin,
)
BUSINESS_NUMBER = (
    Rule(
        Kind.BUSINESS_NUMBER,
        _re_i(
            r"\d{3} ?+\d{2} ?+\d ?+\d{3}[ -]?+(?:RT|RC|RP|RM|RR|RZ|TQ)[ -]?+\d{4}(?!\w)",
        ),
    ),
    Rule(
        Kind.BUSINESS_NUMBER,
        _re_i(
            r"(?:(?-i:BN|NE)|business number|numéro d['’]entreprise)(?!\w)"
            rf"{CONNECTOR}(?P<secret>\d{{3}}[ -]?+\d{{3}}[ -]?+\d{{3}}(?:[ -]?+[a-z]{{2}}[ -]?+\d{{4}})?+)(?!\w)"
        ),
    ),
)
HEALTH_CARD = (
    Rule(
        Kind.HEALTH_CARD,
        _re_i(
            r"(?:health (?:insurance )?+(?:card|number|no)|health insurance|ohip|phn|ahcip|ramq"
            r"|carte santé|carte[- ]soleil|assurance[- ]maladie)(?!\w)"
            rf"{CONNECTOR}(?P<secret>(?:[A-Z]{{4}}{JOINT}?+)?+"
            rf"(?:\d[ -]?+){{7,11}}\d(?:[ -]?+(?-i:[A-Z]{{2}})(?!\w))?+)(?!\w)"
        ),
    ),
    Rule(Kind.HEALTH_CARD, _re(r"\d{4}-\d{3}-\d{3}(?:[- ]?+[A-Z]{2}(?!\w))?+(?!\w)")),
    Rule(
        Kind.HEALTH_CARD,
        _re(r"(?P<letters>[A-Z]{4})[ -]?+(?P<first>\d{4})[ -]?+(?P<second>\d{4})(?!\w)"),
        is_quebec_health_card,
    ),
)
UCI = (
    Rule(
        Kind.UCI,
        _re_i(
            r"(?:uci|iuc|u\.c\.i\.|unique client identifier|client id|id client"
            r"|(?:identifiant|identificateur) unique(?: de| du)?+(?: client)?+)(?!\w)"
            rf"{CONNECTOR}(?P<secret>(?:\d{{2}}[ -]?+)?\d{{4}}[ -]?+\d{{4}})(?!\w)"
        ),
    ),
    Rule(Kind.UCI, _re(r"\d{2}-\d{4}-\d{4}(?!\w)"), lambda match: not ends_in_years(match)),
)
PASSPORT = (
    Rule(
        Kind.PASSPORT,
        _re_i(
            rf"(?:passport|passeport)(?!\w){CONNECTOR}"
            r"(?P<secret>[a-z]{2} ?+\d{6}|[a-z] ?+\d{6}[a-z]{2}|[a-z] ?+\d{7,8}+|\d{8,9}+)(?!\w)"
        ),
    ),
    Rule(Kind.PASSPORT, _re(r"(?:[A-Z]{2}\d{6}|[A-Z]\d{6}[A-Z]{2})(?!\w)"), is_passport),
)


# ---- Payment cards


def is_card(match: re.Match[str]) -> bool:
    digits = digits_of(match[0])
    return passes_luhn(digits) and CARD_ISSUERS.match(digits) is not None


# Four years in a row ("2016 2017 2018 2019") have the length of a card and no issuer.
CARD_ISSUERS = _re(r"4|5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|3[04-9]|6")
CARD = (
    Rule(
        Kind.CARD,
        _re(
            r"(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3}(?!\w))?+|\d{4}([ -])\d{6}\2\d{4,5}+|\d{13,19}+)(?!\w)"
        ),
        is_card,
    ),
)


# ---- Telephone


def is_north_american(match: re.Match[str]) -> bool:
    """Three figures in a row of which the last is a year ("250 483 2020") are a remark on a table."""
    if match["area"].endswith("11") or match["exchange"].endswith("11") or counts_something(match):
        return False
    only_spaces = " " in match[0] and re.fullmatch(r"[\d ]+", match[0]) is not None
    return bool(match["country"]) or not (only_spaces and is_year(match["line"]))


def is_international(match: re.Match[str]) -> bool:
    """An increase ("+250 000 000") has the look of one: it counts something or ends in zeros."""
    return not (counts_something(match) or digits_of(match[0]).endswith("000000"))


MORE_DIGITS = rf"(?:{JOINT}?+[()]?+[ \t]?+\d)"
PHONE = (
    Rule(
        Kind.PHONE,
        _re_i(
            rf"(?P<country>\+?+1{JOINT}?+)?+\(?+(?P<area>[2-9]\d\d)\)?+[/ \t.-]{{0,3}}+"
            rf"(?P<exchange>[2-9]\d\d)[/ \t.-]{{0,3}}+(?P<line>\d{{4}})(?!\w)"
            r"(?:,?+ {0,2}+(?:extension|ext|poste|x|#)\.?+ ?+:?+ ?+\d{1,6}+(?!\w))?+"
        ),
        is_north_american,
    ),
    Rule(Kind.PHONE, _re(rf"(?:\+ ?+|00 ?+|011{JOINT})[2-9]{MORE_DIGITS}{{8,14}}(?!\w)"), is_international),
    # Mobile telephones as Iraq and France write them at home.
    Rule(Kind.PHONE, _re(rf"(?:07[3-9]\d{JOINT}?+\d{{3}}{JOINT}?+\d{{4}}|0[67](?:[ .-]\d\d){{4}})(?!\w)")),
    Rule(
        Kind.PHONE,
        _re_i(
            "(?:telephone|phone|téléphone|cellphone|cellulaire|cell|tel|tél|whatsapp|viber|fax|télécopieur"
            rf"|call|appelez|appeler)(?!\w){CONNECTOR}(?P<secret>\(?+\d{MORE_DIGITS}{{6,14}})(?!\w)"
        ),
        lambda match: not ends_in_years(match),
    ),
)


# ---- Postal codes and street addresses, in both orders


def is_address(match: re.Match[str]) -> bool:
    """ "The 2015 Federal Court ruling" is no address; "2015 Main Street" is."""
    words = match.groupdict()
    plain = words.get("plain") or ""
    if COMMON_WORDS.search(plain):
        return False
    doubtful = words.get("vague") or (plain and not words.get("comma"))
    return not (doubtful and is_year(match["house"]))


UNIT = "(?:apartment|appartement|apt|app|unité|unit|suite|bureau|room|chambre)"
HOUSE = (
    rf"(?:{UNIT}\.?+ ?+#?+\d{{1,5}}+[a-z]?+(?:, | - | |,)|\d{{1,5}}+ ?+- ?+)?+"
    r"(?P<house>\d{1,5}+)(?:[a-df-z](?!\w))?+(?: ?+1/2| ?+½)?+"
)
FLAT = rf"(?:,?+ {{0,2}}+(?:{UNIT}\.?+ ?+#?+|# ?+)\d{{1,5}}+[a-z]?+(?!\w))?+"
QUARTER = (
    r"(?: (?-i:NE|NW|SE|SW|NO|SO|N|S|E|W|O)(?!\w)| (?:north|south|east|west|nord|sud|est|ouest)(?!\w))?+"
)
STREET = "(?:street|st|avenue|ave|boulevard|blvd|crescent|cres|rd|parkway|pkwy|highway|hwy)"
VAGUE_STREET = (
    "(?:road|drive|dr|lane|ln|court|ct|place|pl|terrace|circle|square|sq|trail|heights|hill|gate|grove|row|way|close"
    "|private)"
)
RUE = r"(?:rue|boulevard|boul\.?+|bd)"
VAGUE_RUE = (
    r"(?:avenue|av\.?+|chemin|ch\.|route|rte|rang|place|pl\.|côte|montée|allée|impasse|quai|croissant|terrasse"
    "|promenade|ruelle|square|sentier)"
)
PARTICLE = "(?:de la |de l['’]|des |du |de |d['’]|la |le |les |l['’])?+"
PLAIN_WORD = r"[^\W\d_][\w'’-]{1,20}+"
COMMON_WORDS = _re_i(
    r"\b(?:a|an|and|are|at|by|for|from|in|is|km|m|million|billion|more|new|of|on|or|per|than|the|to|under|was|with"
    r"|à|au|aux|dans|de|des|du|en|est|et|la|le|les|ou|par|plus|pour|qui|que|sur)\b"
)
HOME = "(?:live|lives|living|lived|resides|reside|address|home|house|habite|demeure|réside|adresse|domicile|maison)"

POSTAL_CODE = (
    Rule(
        Kind.POSTAL_CODE,
        _re_i("[abceghj-nprstvxy]\\d[abceghj-nprstv-z][ -]{0,3}+\\d[abceghj-nprstv-z]\\d(?!\\w)"),
    ),
)
ADDRESS = (
    Rule(
        Kind.ADDRESS,
        _re_i(
            rf"{HOUSE} {{1,2}}+(?:{CAPITALISED}|\d{{1,3}}+(?:st|nd|rd|th)?+) "
            rf"(?:(?!{STREET}(?!\w)){CAPITALISED} ){{0,3}}"
            rf"(?:{STREET}|(?P<vague>{VAGUE_STREET}))(?!\w)\.?+{QUARTER}{FLAT}"
        ),
        is_address,
    ),
    Rule(
        Kind.ADDRESS,
        _re_i(
            rf"{HOUSE} (?P<plain>{PLAIN_WORD} (?:{PLAIN_WORD} )?)(?:street|avenue|ave|boulevard|blvd|crescent)(?!\w)"
            rf"\.?+{QUARTER}{FLAT}"
        ),
        is_address,
    ),
    Rule(
        Kind.ADDRESS,
        _re_i(
            rf"{HOME}(?!\w){CONNECTOR}(?P<secret>{HOUSE} (?P<plain>{PLAIN_WORD} (?:{PLAIN_WORD} )?)"
            rf"(?:{STREET}|{VAGUE_STREET})(?!\w)\.?+{QUARTER}{FLAT})"
        ),
        is_address,
    ),
    Rule(
        Kind.ADDRESS,
        _re_i(
            rf"{HOUSE}(?: (?:bis|ter))?+,?+ {{1,2}}+(?:{RUE}|(?P<vague>{VAGUE_RUE})) {PARTICLE}"
            rf"{CAPITALISED}(?: {CAPITALISED}){{0,2}}{QUARTER}{FLAT}"
        ),
        is_address,
    ),
    Rule(
        Kind.ADDRESS,
        _re_i(
            rf"{HOUSE}(?: (?:bis|ter))?+(?:(?P<comma>,) {{1,2}}+(?:{RUE}|(?P<vague>{VAGUE_RUE}))| {{1,2}}+{RUE}) "
            rf"{PARTICLE}(?P<plain>{PLAIN_WORD}){QUARTER}{FLAT}"
        ),
        is_address,
    ),
    Rule(
        Kind.ADDRESS,
        _re_i(
            rf"{HOUSE},?+ \d{{1,3}}+(?:re|er|e|ère|ème) (?:rue|avenue|rang|boulevard)(?!\w){QUARTER}{FLAT}"
        ),
    ),
    Rule(
        Kind.ADDRESS,
        _re_i(r"(?:p\.?+ ?+o\.?+ box|post office box|c\.p\.|case postale) \d{1,6}+(?!\w)"),
    ),
)


# A figure in thousands is passed over whole, or "200 000 000" would be looked at inside "1 200 000 000".
IGNORED_NUMBER = Rule(None, _re("\\d{1,3}+(?:[ \t.,]\\d{3}(?!\\d)){1,6}+(?!\\w)"))

RULES = (
    *EMAIL,
    *BIRTH_DATE,
    SIN_BY_NAME,
    *BUSINESS_NUMBER,
    *HEALTH_CARD,
    *UCI,
    *PASSPORT,
    *CARD,
    *PHONE,
    SIN_BY_SHAPE,
    *POSTAL_CODE,
    *ADDRESS,
    IGNORED_NUMBER,
)

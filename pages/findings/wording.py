"""Plain words: what the style guide would say in another way, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from .examples import en, fr
from .reading import CELLS, HEADINGS, PROSE, WORDS, Piece, Side, words
from .rules import HINTS, SPACE, WARNS, Check, Hit, Rule, any_of, each_side, in_piece, replacing, spots

_TEXTS = PROSE | HEADINGS | CELLS | {"description", "caption", "alternative_text"}

WORDY = {
    "en": {
        "in order to": "to",
        "prior to": "before",
        "subsequent to": "after",
        "in the event that": "if",
        "in the event of": "if there is",
        "due to the fact that": "because",
        "with regard to": "about",
        "with respect to": "about",
        "in relation to": "about",
        "for the purpose of": "to",
        "at this point in time": "now",
        "at the present time": "now",
        "on a regular basis": "regularly",
        "in accordance with": "under",
        "a large number of": "many",
        "the majority of": "most",
        "in close proximity to": "near",
        "shall": "must",
        "utilize": "use",
        "utilizes": "uses",
        "utilized": "used",
        "utilization": "use",
        "obtain": "get",
        "obtained": "got",
        "remuneration": "pay",
        "adverse effect": "effect",
        "commence": "begin",
        "commenced": "began",
        "terminate": "end",
        "endeavour to": "try to",
        "facilitate": "help",
        "leverage": "use",
        "pursuant to": "under",
        "heretofore": "until now",
        "notwithstanding": "despite",
        "aforementioned": "this",
        "inter alia": "among others",
        "via": "through",
        "per annum": "a year",
    },
    "fr": {
        "dans la mesure où": "si",
        "préalablement": "avant",
        "préalablement à": "avant",
        "faire une requête": "demander",
        "un nombre suffisant de": "assez de",
        "un grand nombre de": "beaucoup de",
        "la majorité des": "la plupart des",
        "afin de": "pour",
        "en vue de": "pour",
        "dans le but de": "pour",
        "dans l’éventualité où": "si",
        "dans le cas où": "si",
        "en raison du fait que": "parce que",
        "étant donné que": "comme",
        "à l’heure actuelle": "maintenant",
        "de façon régulière": "régulièrement",
        "sur une base régulière": "régulièrement",
        "sur une base annuelle": "chaque année",
        "postérieurement à": "après",
        "subséquemment": "ensuite",
        "susmentionné": "ce",
        "susmentionnée": "cette",
        "nonobstant": "malgré",
        "ledit": "ce",
        "ladite": "cette",
        "lesdits": "ces",
        "lesdites": "ces",
        "au niveau de": "pour",
        "par le biais de": "par",
        "en ce qui a trait à": "pour",
    },
}
NOMINAL = {
    "en": {
        "make a modification": "modify",
        "make modifications": "modify",
        "make a decision": "decide",
        "make an application": "apply",
        "make a recommendation": "recommend",
        "make improvements to": "improve",
        "is in need of": "needs",
        "are in need of": "need",
        "carry out a review of": "review",
        "conduct a review of": "review",
        "conduct an assessment of": "assess",
        "provide assistance to": "help",
        "provides assistance to": "helps",
        "give consideration to": "consider",
        "have an impact on": "affect",
        "has an impact on": "affects",
        "take into consideration": "consider",
        "come to an agreement": "agree",
    },
    "fr": {
        "apporter une modification": "modifier",
        "apporter des modifications": "modifier",
        "formuler une recommandation": "recommander",
        "formuler des recommandations": "recommander",
        "prendre une décision": "décider",
        "procéder à l’examen de": "examiner",
        "procéder à l’évaluation de": "évaluer",
        "procéder à la vérification de": "vérifier",
        "effectuer une analyse de": "analyser",
        "effectuer un paiement": "payer",
        "faire l’objet d’une évaluation": "être évalué",
        "donner son autorisation": "autoriser",
        "fournir une aide à": "aider",
        "faire la demande de": "demander",
        "avoir une incidence sur": "toucher",
        "a une incidence sur": "touche",
    },
}
SPELLINGS = {
    "en": {
        "web site": "website",
        "web sites": "websites",
        "Web site": "website",
        "Web sites": "websites",
        "Web page": "web page",
        "Web pages": "web pages",
        "Website": "website",
        "webpage": "web page",
        "webpages": "web pages",
        "e-mail": "email",
        "e-mails": "emails",
        "E-mail": "Email",
        "e-mailed": "emailed",
        "on-line": "online",
        "On-line": "Online",
        "non-profit": "not-for-profit",
        "organisation": "organization",
        "organisations": "organizations",
        "stabilisation": "stabilization",
        "center": "centre",
        "centers": "centres",
        "defense": "defence",
        "labor": "labour",
    },
    "fr": {
        "site web": "site Web",
        "sites web": "sites Web",
        "page web": "page Web",
        "pages web": "pages Web",
        "e-mail": "courriel",
        "e-mails": "courriels",
        "email": "courriel",
        "emails": "courriels",
        "mail": "courriel",
        "mails": "courriels",
        "adresse email": "adresse de courriel",
        "newsletter": "bulletin",
        "weekend": "fin de semaine",
        "week-end": "fin de semaine",
    },
}
_MISSPELLED = {language: re.compile(any_of(spellings)) for language, spellings in SPELLINGS.items()}
_PROMOTION = {
    "en": "world-class|world class|best-in-class|cutting-edge|state-of-the-art|second to none|"
    "unparalleled|welcome to this website|welcome to our website|welcome to this page|welcome to this site|"
    "we are proud to|we are pleased to",
    "fr": "de classe mondiale|de calibre mondial|à la fine pointe|hors pair|sans pareil|sans pareille|"
    "bienvenue sur ce site|bienvenue sur notre site|bienvenue dans ce site|bienvenue sur cette page|"
    "nous sommes fiers de|nous avons le plaisir de",
}
_OF_ITSELF = {
    "en": "on this website|on our website|on this web page|this website contains|this page contains|"
    "this page provides|the purpose of this page|the purpose of this website|scroll down",
    "fr": "sur ce site web|sur notre site web|dans ce site web|sur cette page web|ce site web contient|"
    "cette page contient|cette page présente|le but de cette page|la présente page",
}
_CONTRACTIONS = {
    "en": "shouldn’t|couldn’t|wouldn’t|mustn’t|mightn’t|needn’t|should’ve|could’ve|would’ve|must’ve|might’ve|"
    "it’ll|that’ll|there’ll|who’ll|it’d|that’d|there’d|who’d|what’re|there’re|ain’t|y’all|gonna|wanna"
}
_SHOUTED = {
    "en": "NOT|MUST|ALL|ONLY|NEVER|ALWAYS|AND|BEFORE|AFTER|IMPORTANT|NOTE|WARNING|ATTENTION|PLEASE|FREE|NEW",
    "fr": "NE|PAS|JAMAIS|TOUJOURS|TOUS|TOUTES|SEULEMENT|AVANT|APRÈS|IMPORTANT|NOTE|ATTENTION|AVERTISSEMENT|"
    "VEUILLEZ|GRATUIT|NOUVEAU|ET",
}
# Words that the language never doubles; « nous nous » and “that that” may be right.
_DOUBLED = {
    "en": "the|a|an|of|to|and|in|is|for|on|with|by|as|are|was|from|at|it|be|this|or",
    "fr": "de|la|le|les|des|et|à|du|un|une|dans|pour|par|sur|avec|au|aux|est|sont|ce|cette|ou",
}


def saying(table: Mapping[str, str | Mapping[str, str]]) -> Check:
    """A check for phrases outside quotations; capitals count for nothing.

    A table says what to write instead of each; a list, parted by “|”, only what to leave out.
    """
    patterns = {
        language: re.compile(any_of(phrases if isinstance(phrases, str) else phrases.keys()))
        for language, phrases in table.items()
    }

    def checked(side: Side) -> Iterator[Hit]:
        phrases, text = table[side.language], side.running(_TEXTS)
        for found in patterns[side.language].finditer(text.lowered):
            piece, offset = text.place(found.start())
            start, end = found.start() - offset, found.end() - offset
            if not _is_quoted(piece, start):
                said = re.sub(SPACE, " ", found[0]).replace("'", "’")
                better = "" if isinstance(phrases, str) else phrases[said]
                yield in_piece(piece, start, end, better=better)

    return each_side(checked, *table)


def misspelled(side: Side) -> Iterator[Hit]:
    """Spellings that are not those of the guide; capitals count."""
    better = SPELLINGS[side.language]
    text = side.running(_TEXTS)
    for found in _MISSPELLED[side.language].finditer(text.text):
        piece, offset = text.place(found.start())
        start, end = found.start() - offset, found.end() - offset
        said = re.sub(SPACE, " ", found[0])
        yield in_piece(piece, start, end, better=better[said])


def _is_quoted(piece: Piece, start: int) -> bool:
    before = piece.prose[:start]
    return any(before.count(opening) > before.count(closing) for opening, closing in ("“”", "«»"))


def _is_no_speaker(piece: Piece, found: re.Match[str], start: int) -> bool:
    """Roman numerals, as in “World War I was”, and what is quoted."""
    before = piece.prose[max(0, start - 30) : start].rstrip()
    last = words(before)[-1:]
    counts = bool(last) and last[0][0].isupper() and before[-1:].isalpha()
    return counts or _is_quoted(piece, start)


_SHOUTING = {
    language: rf"(?<![\w-])(?:[A-ZÀ-Ý]{{2,}}(?:{SPACE}[A-ZÀ-Ý]{{2,}}){{1,20}}|(?:{shouted}))(?![\w-])"
    for language, shouted in _SHOUTED.items()
}


def _is_abbreviations(piece: Piece, found: re.Match[str], start: int) -> bool:
    """“UN NATO” is two abbreviations, and “AND” in a heading may be one."""
    said = found[0].split()
    return len(said) > 1 and max(map(len, said)) < 4 or piece.kind in HEADINGS and len(found[0]) < 4


# Emphasis

_BOLD_SHARE = 0.1  # of the words of a text
_FEW = 60  # words below which a share says nothing


def bold(side: Side) -> Iterator[Hit]:
    """Much of a text, or the whole of a paragraph."""
    for pieces in side.fields.values():
        if not any(mark.tag == "strong" for piece in pieces for mark in piece.marks):
            continue
        strong, total = 0, 0
        for piece in pieces:
            length = sum(
                len(words(piece.text[mark.start : mark.end])) for mark in piece.marks if mark.tag == "strong"
            )
            count = len(side.words(piece))
            strong, total = strong + length, total + count
            if piece.kind == "paragraph" and length == count > 0:
                yield in_piece(piece, share=100)
        if total >= _FEW and strong > _BOLD_SHARE * total:
            yield in_piece(pieces[0], share=round(100 * strong / total))


_LONG_ITALICS = 20  # words; longer than any title


def italics(side: Side) -> Iterator[Hit]:
    for piece in side.of(PROSE):
        for mark in piece.marks:
            if mark.tag == "em" and len(words(piece.text[mark.start : mark.end])) > _LONG_ITALICS:
                yield in_piece(piece, mark.start, mark.end)


_ME = {
    "en": r"(?<![\w’'.-])(?:I(?= [a-z]|[’'](?:m|ve|d|ll)\b)|my(?= [a-z]))(?![\w.])",
    "fr": r"(?<![\w’'.-])(?:[Jj]e(?=[ \u00a0])|[Jj][’'](?=[aeiouhéèêyà])|m(?:on|a|es)(?=[ \u00a0][a-zà-ÿ]))",
}

RULES = (
    Rule(
        "capitals",
        WARNS,
        _("Do not write words in capitals for emphasis: “%(text)s”."),
        spots(
            en=_SHOUTING["en"],
            fr=_SHOUTING["fr"],
            within=WORDS,
            having="[A-ZÀ-Ý]{2}",
            unless=_is_abbreviations,
        ),
        (
            en("You MUST apply.", "You must apply."),
            fr("Ce n’est PAS gratuit.", "Ce n’est pas gratuit."),
        ),
        number=9,
    ),
    Rule(
        "bold",
        WARNS,
        _("%(share)s%% of these words are bold: keep bold for a few words, and make a bold line a heading."),
        each_side(bold),
        (
            en(
                "<p><strong>Who can apply</strong></p>\n<p>All can.</p>",
                "<h3>Who can apply</h3>\n<p>All can.</p>",
            ),
            fr(
                "<p><strong>Qui est admissible</strong></p>\n<p>Tous.</p>",
                "<h3>Qui est admissible</h3>\n<p>Tous.</p>",
            ),
        ),
        number=41,
    ),
    Rule(
        "italics",
        HINTS,
        _("Italics are for titles and foreign words: this passage is too long for them."),
        each_side(italics),
        (
            en(
                f"<em>{'Canada helps people in need. ' * 5}</em>",
                "The <em>Official Languages Act</em> says so.",
            ),
            fr(
                f"<em>{'Le Canada aide les gens. ' * 5}</em>",
                "La <em>Loi sur les langues officielles</em> le dit.",
            ),
        ),
        number=39,
    ),
    Rule(
        "wordy",
        HINTS,
        _("“%(text)s” can often be shorter: “%(better)s”."),
        saying(WORDY),
        (
            en("Apply in order to get help.", "Apply to get help."),
            fr(
                "Faites une demande afin de recevoir de l’aide.",
                "Faites une demande pour recevoir de l’aide.",
            ),
        ),
        number=49,
    ),
    Rule(
        "nominal",
        HINTS,
        _("A verb says it more directly than “%(text)s”: “%(better)s”."),
        saying(NOMINAL),
        (
            en("They make a decision.", "They decide."),
            fr("Ils vont prendre une décision.", "Ils vont décider."),
        ),
        number=50,
    ),
    Rule(
        "first-person",
        WARNS,
        _("Address the reader as “you” (in French « vous ») instead of writing “%(text)s”."),
        spots(en=_ME["en"], fr=_ME["fr"], within=PROSE | HEADINGS, unless=_is_no_speaker),
        (
            en("Where do I find my form?", "Where do you find your form?"),
            fr(
                "Comment puis-je payer? Je veux mon formulaire.",
                "Comment payer? Vous voulez votre formulaire.",
            ),
        ),
        number=52,
    ),
    Rule(
        "about-the-site",
        HINTS,
        _("Readers know where they are: leave “%(text)s” out."),
        saying(_OF_ITSELF),
        (
            en("You can find the form on this website.", "You can find the form below."),
            fr("Le formulaire se trouve sur ce site Web.", "Le formulaire se trouve ci-dessous."),
        ),
        number=53,
    ),
    Rule(
        "contraction",
        WARNS,
        _("Write “%(text)s” in full: such contractions are hard to read."),
        saying(_CONTRACTIONS),
        (en("You shouldn’t wait.", "You should not wait."),),
        number=54,
        languages=("en",),
    ),
    Rule(
        "spelling",
        WARNS,
        _("Write “%(better)s” instead of “%(text)s”."),
        each_side(misspelled),
        (
            en("See the web site.", "See the website."),
            fr("Consultez le site web.", "Consultez le site Web."),
        ),
        number=55,
        fix=replacing(
            en=[(any_of([said]), better) for said, better in SPELLINGS["en"].items()],
            fr=[
                (any_of([said]), better)
                for said, better in SPELLINGS["fr"].items()
                if " " in better or said == "courriel"
            ],
        ),
    ),
    Rule(
        "promotion",
        WARNS,
        _("“%(text)s” welcomes or praises: leave it out, readers came for the content."),
        saying(_PROMOTION),
        (
            en("Canada offers world-class aid.", "Canada offers aid."),
            fr("Le Canada offre une aide de classe mondiale.", "Le Canada offre de l’aide."),
        ),
        number=56,
    ),
    Rule(
        "word-doubled",
        WARNS,
        _("“%(text)s” says the same word twice: remove one."),
        spots(
            en=rf"(?<![\w’'-])(?i:(?P<word>{_DOUBLED['en']}){SPACE}(?P=word))(?![\w’'-])",
            fr=rf"(?<![\w’'-])(?i:(?P<word>{_DOUBLED['fr']}){SPACE}(?P=word))(?![\w’'-])",
            within=WORDS,
        ),
        (
            en("Canada supports the the region.", "Canada supports the region."),
            fr("Le Canada appuie la la région.", "Le Canada appuie la région."),
        ),
        fix=replacing(
            en=[(rf"(?<![\w’'-])((?i:{_DOUBLED['en']})){SPACE}(?i:\1)(?![\w’'-])", r"\1")],
            fr=[(rf"(?<![\w’'-])((?i:{_DOUBLED['fr']})){SPACE}(?i:\1)(?![\w’'-])", r"\1")],
        ),
    ),
)

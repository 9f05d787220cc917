"""Passages that stand in the same place, also where only a part of two texts has the same parts."""

from dataclasses import replace

import pytest

from pages import html
from pages.content_checks import RULES, findings, names, text_pairs
from pages.content_checks.echoes import echoes, keys, log_odds
from pages.content_checks.examples import page_with
from pages.content_checks.parsed_document import ParsedDocument, Site
from pages.content_checks.text_pairs import near_the_diagonal
from pages.document import Bilingual

SHORT = "<p>Read the rules.</p>"


def found(english, french, rule):
    text = Bilingual(html.clean(english), html.clean(french))
    return [finding for finding in findings(page_with("body", text)) if finding.rule.id == rule]


@pytest.mark.parametrize(
    ("english", "french", "rule"),
    [
        ("<p>Apply by July 3, 2019.</p><p>Pay by July 7, 2019.</p>",
         "<p>Demandez avant le 7 juillet 2019.</p><p>Payez avant le 7 juillet 2019.</p>", "date-differs"),
        ("<p>It has 120 beds.</p><p>It has 450 desks.</p>",
         "<p>Il a 450 lits.</p><p>Il a 450 bureaux.</p>", "number-differs"),
    ],
)  # fmt: skip
def test_a_number_that_the_text_has_elsewhere_is_compared_in_its_place(english, french, rule):
    assert len(found(english, french, rule)) == 1


def test_rows_of_tables_may_have_another_order():
    table = "<table><tbody><tr><td>{}</td></tr><tr><td>{}</td></tr></tbody></table>"
    assert not found(table.format("31301", "32109"), table.format("32109", "31301"), "number-differs")


LONG = (
    "The data is available with this protocol and is in a directory that a web browser can read. "
    "Visit it to see a list of links."
)
WHOLE = (
    "On peut obtenir les données avec ce protocole. {} Consultez le répertoire pour voir une liste de liens."
)
SECOND = "Elles se trouvent dans un répertoire que tout navigateur peut lire."


def test_a_sentence_that_is_missing_is_found_where_the_other_language_has_as_many():
    french = WHOLE.replace("On peut obtenir les données", "Les données existent")
    assert not found(LONG, WHOLE.format(SECOND), "sentence-missing")
    assert len(found(LONG, french.replace("{} ", ""), "sentence-missing")) == 1


def test_parts_below_the_same_headings_are_compared_where_another_part_differs():
    english = f"<h3>First</h3>{SHORT}{SHORT}<h3>Second</h3><p>Apply within 30 days or pay $5.</p><p>It has 9 desks.</p>"
    french = (
        "<h3>Premier</h3><p>Lisez les règles.</p><h3>Second</h3><p>Demandez dans les 30 jours ou payez 6 $.</p>"
        "<p>Il a 9 bureaux.</p>"
    )
    assert len(found(english, french, "money-differs")) == 1


# Sentences: what is missing in its place

TRAINING = "Canada trains the police in Erbil. {}The training lasts twelve weeks and is given by officers from Ontario."
FORMATION = (
    "Le Canada forme la police à Erbil. {}La formation dure douze semaines et est donnée par l’Ontario."
)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (
            "Every group has a nurse who helps the wounded and their families. ",
            "Chaque groupe a une infirmière qui aide les blessés et leurs familles. ",
        ),
        (
            "Women make up a third of each group, and many have children. ",
            "Les femmes forment le tiers de chaque groupe, et beaucoup ont des enfants. ",
        ),
        (
            "The vehicles are kept at the port of Basra until the roads are safe. ",
            "Les véhicules restent au port de Bassora jusqu’à ce que les routes soient sûres. ",
        ),
    ],
)
def test_a_missing_sentence_is_found_and_quoted(english, french):
    whole, lacking = f"<p>{TRAINING}</p>", f"<p>{FORMATION.format('')}</p>"
    assert not found(whole.format(english), f"<p>{FORMATION}</p>".format(french), "sentence-missing")
    (finding,) = found(whole.format(english), lacking, "sentence-missing")
    assert finding.language == "fr"
    assert finding.params["text"] == english.strip()
    (finding,) = found(whole.format(""), f"<p>{FORMATION}</p>".format(french), "sentence-missing")
    assert finding.language == "en"


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (
            "The training is free. It takes place in Mosul.",
            "La formation, qui a lieu à Mossoul, est gratuite.",
        ),
        (
            "Canada pays the teachers. It also pays for the buses and the books of every school.",
            "Le Canada paie les enseignants, de même que les autobus et les livres de chaque école.",
        ),
    ],
)
def test_sentences_that_one_language_joins_are_not_missing(english, french):
    assert not found(f"<p>{english}</p>", f"<p>{french}</p>", "sentence-missing")


def test_a_sentence_is_missing_too_where_another_one_became_two():
    english = (
        "Canada sends a nurse to each class. The lessons are free for families. The teachers come from Ontario and "
        "stay for a year, and then other teachers replace them."
    )
    french = (
        "Le Canada envoie une infirmière dans chaque classe. {}Les enseignants viennent de l’Ontario et restent un "
        "an. D’autres enseignants les remplacent ensuite."
    )
    free = "Les cours sont gratuits pour les familles. "
    assert not found(f"<p>{english}</p>", f"<p>{french.format(free)}</p>", "sentence-missing")
    (finding,) = found(f"<p>{english}</p>", f"<p>{french.format('')}</p>", "sentence-missing")
    assert finding.params["text"] == "The lessons are free for families."


@pytest.mark.parametrize(
    ("english", "french"),
    [("links", "liens"), ("our projects", "nos projets"), ("digital standards", "normes numériques")],
)
def test_the_plural_of_a_listed_word_is_heard_too(english, french):
    heard = keys(echoes(french, "fr"))
    assert echoes(english, "en")
    assert not any(echo.isdisjoint(heard) for echo in echoes(english, "en"))


def test_what_the_paragraph_beside_it_says_is_not_missing():
    english = f"<p>{TRAINING}</p>".format("Every class has a nurse and a doctor of its own. ")
    french = f"<p>{FORMATION}</p><p>Chaque classe a son infirmière et son docteur.</p>".format("")
    assert not found(english, french, "sentence-missing")


# Passages where the parts of a text differ

NOTE = "<p>Read the rules about animals.</p>"


@pytest.mark.parametrize(
    ("english", "french", "rule"),
    [
        ("<p>The port of Basra opened in June.</p>", "<p>Le port de Bassora a ouvert en mai.</p>",
         "month-or-day-differs"),
        ("<p>The embassy in Baghdad sells stamps to students.</p>",
         "<p>L’ambassade à Beyrouth vend des timbres aux étudiants.</p>",
         "place-differs"),
        ("<p>At least 12 members of the police come.</p>", "<p>Au plus 12 membres de la police viennent.</p>",
         "limit-differs"),
        (f"<p>{TRAINING}</p>".format("Every group has a nurse who helps the wounded and their families. "),
         f"<p>{FORMATION}</p>".format(""),
         "sentence-missing"),
    ],
)  # fmt: skip
def test_passages_with_the_same_words_are_compared_where_another_paragraph_has_no_translation(
    english, french, rule
):
    assert len(found(f"{NOTE}{SHORT}{english}", f"<p>Lisez les règles.</p>{french}", rule)) == 1


def test_passages_that_share_no_words_are_not_compared():
    english = f"{NOTE}<p>The session is in Baghdad.</p><p>Bring your passport.</p>"
    assert not found(english, "<p>Il pleut à Beyrouth.</p><p>La séance est levée.</p>", "place-differs")


@pytest.mark.parametrize(("rows", "columns"), [(3000, 3000), (3000, 1), (1, 3000), (0, 40)])
def test_the_pairs_that_are_tried_grow_with_the_length_of_the_texts(rows, columns):
    tried = list(near_the_diagonal(rows, columns, 8))
    assert tried[-1] == (rows, columns)
    assert len(tried) < 40 * (rows + columns)


def test_links_are_compared_passage_by_passage_where_one_language_has_more():
    link = '<a href="https://{}/">{}</a>'
    english = f"<p>Visit the {link.format('museum.example.org', 'museum of Basra')} in Iraq.</p><p>Read the rules.</p>"
    french = (
        f"<p>Visitez le {link.format('{}', 'musée de Bassora')} en Irak.</p>"
        f"<p>Lisez les {link.format('example.net', 'règles')}.</p>"
    )
    assert not found(english, french.format("museum.example.org"), "link-host-differs")
    assert len(found(english, french.format("shop.example.com"), "link-host-differs")) == 1


# Numbers of questions, codes with periods, names beside the same name


@pytest.mark.parametrize(
    ("english", "french", "rule"),
    [
        ("<p>3. Where do I apply?</p>", "<p>8. Où présenter ma demande?</p>", "number-differs"),
        ("<p>Read guide ABCD.50.104 first.</p>", "<p>Lisez d’abord le guide ABCD.50.102.</p>", "code-differs"),
        ("<p>It comes with v1.3.0 of the tool.</p>", "<p>Il vient avec la v1.4.0 de l’outil.</p>", "code-differs"),
        ("<p>See section B.1.1b of it.</p>", "<p>Voir son article B.4.1b.</p>", "code-differs"),
        ("<p>We met Anna Keller there.</p>", "<p>Nous y avons vu Greta Keller.</p>", "name-differs"),
        ("<p>You need no stamp. You do not need a visa, and it is not for sale.</p>",
         "<p>Il ne faut pas de timbre. Vous avez besoin d’un visa et il n’est pas à vendre.</p>",
         "negation-differs"),
    ],
)  # fmt: skip
def test_what_differs_in_one_place_is_found_there(english, french, rule):
    text = Bilingual(html.clean(english), html.clean(french))
    rules = [one for one in RULES if one.id == rule]
    assert len(findings(page_with("body", text), rules=rules)) == 1


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("<p>3. Where do I apply?</p>", "<p>Où présenter ma demande?</p>"),
        ("<p>3. Where do I apply?</p>", "<p>3) Où présenter ma demande?</p>"),
        ("<p>It comes with v1.3.0.</p>", "<p>Il vient avec la version 1.3.0.</p>"),
        ("<p>It is in annex A.</p><p>12 people came.</p>", "<p>Il est à l’annexe A.</p><p>12 personnes.</p>"),
    ],
)
def test_a_label_that_only_one_language_has_is_no_difference(english, french):
    assert not found(english, french, "number-differs")
    assert not found(english, french, "code-differs")


@pytest.mark.parametrize("swapped", [False, True])
def test_many_short_passages_beside_a_long_one_are_not_each_compared_with_all_of_its_words(
    swapped, monkeypatch
):
    weighed = []

    def counted(said, heard):
        weighed.append(len(said))
        return log_odds(said, heard)

    monkeypatch.setattr(text_pairs, "log_odds", counted)
    texts = [f"<p>{'Canada Iraq ' * 2000}</p>", "<p>Canada Iraq</p>" * 1000]
    text = Bilingual(*(texts[::-1] if swapped else texts))
    text_pairs.likely_pairs(ParsedDocument(page_with("body", text), Site()))
    assert sum(weighed) < 50_000


@pytest.mark.parametrize(
    "unit", ["Anna Keller and Greta ", "Xavier ", "Ab-", "a ", "Annabelle"], ids=lambda unit: unit.strip()
)
def test_names_are_compared_with_work_that_grows_with_the_length_of_the_texts(unit):
    """Counts the comparisons of names and the characters that are cut out of a text."""
    small, large = (_work_on_names(unit * count) for count in (300, 1200))
    assert large < 5 * small + 5_000


def _work_on_names(text):
    compared = []

    class Counted(str):
        __slots__ = ()

        def __getitem__(self, part):
            cut = super().__getitem__(part)
            compared.append(len(cut))
            return cut

    def similar(one, other):
        compared.append(1)
        return one == other

    english = Bilingual(f"<p>Canada met {text}.</p>", f"<p>Canada a vu {text.replace('e', 'é')}.</p>")
    parsed = ParsedDocument(page_with("body", english), Site())
    for view in parsed.views:
        view.runs[:] = [replace(run, prose=Counted(run.prose)) for run in view.runs]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names, "_are_similar", similar)
        list(names.names_differ(parsed))
    return sum(compared)


# Digits that move


def rows(*cells):
    return (
        "<table>" + "".join(f"<tr><th>{head}</th><td>{cell}</td></tr>" for head, cell in cells) + "</table>"
    )


def rules_of(english, french):
    text = Bilingual(html.clean(english), html.clean(french))
    return {finding.rule.id for finding in findings(page_with("body", text))} & DIFFERING


DIFFERING = {"number-differs", "money-differs", "digits-differ", "year-differs", "date-differs"}


def test_a_cell_with_a_number_that_another_cell_has_is_found():
    english = rows(("Age 40", "7 points"), ("Age 41", "6 points"), ("Age 42", "5 points"))
    french = rows(("40 ans", "7 points"), ("41 ans", "5 points"), ("42 ans", "5 points"))
    assert rules_of(english, french) == {"number-differs"}


def test_rows_in_another_order_state_the_same_numbers():
    english = rows(("Apples", "7 boxes"), ("Pears", "6 boxes"), ("Wheat", "5 boxes"))
    french = rows(("Blé", "5 boîtes"), ("Poires", "6 boîtes"), ("Pommes", "7 boîtes"))
    assert not rules_of(english, french)


def test_a_number_that_a_passage_states_once_too_often_is_found():
    english = "<p>Teams of 3 take 3 days.</p><p>Each has 8 tents.</p>"
    french = "<p>Les équipes de 3 prennent 8 jours.</p><p>Chacune a 8 tentes.</p>"
    assert rules_of(english, french) == {"number-differs"}


def test_a_number_that_one_language_says_again_is_left_alone():
    english = "<p>It takes 3 days, and only then 8 hours.</p>"
    french = "<p>Il faut 3 jours, et après ces 3 jours, 8 heures.</p>"
    assert not rules_of(english, french)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("<p>Set <code>width:100%</code> first.</p>", "<p>Indiquez d’abord <code>width:170%</code>.</p>"),
        ("<pre>plan = 4  # weeks</pre>", "<pre>plan = 5  # semaines</pre>"),
        ("<p>Use storage Gen2 now.</p>", "<p>Utilisez le stockage Gen1 maintenant.</p>"),
        ("<p>It is at http://example.org:3030/.</p>", "<p>C’est à http://example.org:3530/.</p>"),
        ("<p>Write to help24@example.org.</p>", "<p>Écrivez à help42@example.org.</p>"),
    ],
)
def test_a_digit_of_what_is_not_translated_is_compared(english, french):
    assert rules_of(english, french) == {"digits-differ"}


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("<p>Use Gen2 and Gen1.</p>", "<p>Utilisez Gen1 et Gen2.</p>"),
        ("<p>It is at http://example.org/en/1200.</p>", "<p>C’est à http://example.org/fr/2100.</p>"),
        ("<p>Use storage Gen2.</p>", "<p>Utilisez le stockage Gen2…</p>"),
        ("<pre>a = 1; b = 2</pre>", "<pre>b = 2; a = 1</pre>"),
        ("<p>Read <code>a1</code>.</p>", "<p>Lisez <code>a1</code>, puis <code>a2</code>.</p>"),
    ],
)
def test_what_has_other_words_or_another_order_or_number_of_digits_is_left_alone(english, french):
    assert not rules_of(english, french)


def test_a_sentence_that_another_row_says_is_not_missing():
    right = "A specific value is defined for the left and the right side of each road. "
    droite = "Une valeur particulière est définie pour le côté gauche et le côté droit de chaque route. "
    english = rows(
        ("Age", f"The age of the surface of the road in years. {right}"), ("Zone", "Names of towns nearby.")
    )
    french = rows(
        ("Zone", "Les noms des villes voisines."), ("Âge", f"L’âge de la surface de la route. {droite}")
    )
    text = Bilingual(html.clean(english), html.clean(french))
    found = {finding.rule.id for finding in findings(page_with("body", text))}
    assert "sentence-missing" not in found

"""Search takes the names of the glossary for one another: abbreviations, synonyms and, as typed, words to avoid."""

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from pages.glossary import Glossary, Term, Wording
from pages.search.highlighting import Finder, highlight, passage
from pages.search.queries import parse_query
from pages.search.results import results
from pages.search.synonyms import MAX_ALL_CLAUSES, MAX_CLAUSES, with_synonyms
from tests.factories import a_term
from tests.test_search import a_page_that_says, found

DISPLACED = Term(
    Wording("internally displaced person", "IDP", ("internal refugee",), ("evacuee",)),
    Wording("personne déplacée à l’intérieur de son pays", "PDI", ("personne déplacée",)),
)
NATO = Term(
    Wording("North Atlantic Treaty Organization", "NATO"),
    Wording("Organisation du Traité de l’Atlantique Nord", "OTAN"),
)
GLOSSARY = Glossary((DISPLACED, NATO))


def asked(typed, language="en", glossary=GLOSSARY):
    """What a page must have one of, for each clause, in the order of the alphabet."""
    query = with_synonyms(parse_query(typed, language), glossary)
    return sorted(sorted(stem.any_of) for stem in query.stems)


def has(typed, page, language="en", glossary=GLOSSARY):
    """Whether the words of a page answer a query."""
    from pages.search.words import stems, words

    there = frozenset().union(*(stems(word, language) for word in words(page)))
    query = with_synonyms(parse_query(typed, language), glossary)
    return all(not stem.any_of.isdisjoint(there) for stem in query.stems)


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("IDP", "en"),
        ("idps", "en"),
        ("internally displaced persons", "en"),
        ("Internal refugees", "en"),
        ("evacuees", "en"),
        ("PDI", "fr"),
        ("personnes deplacees", "fr"),
        ("personnes déplacées à l'intérieur de leur pays", "fr"),
    ],
)
def test_each_name_of_a_thing_finds_the_pages_with_any_other(typed, language):
    pages = {
        "en": ["An IDP.", "Internally displaced persons.", "Internal refugees in camps."],
        "fr": ["Une PDI.", "Les personnes déplacées.", "Une personne déplacée à l’intérieur de son pays."],
    }[language]
    assert [page for page in pages if not has(typed, page, language)] == []
    assert not has(typed, "Canada and Iraq", language)


def test_a_page_needs_all_words_of_a_name():
    assert not has("IDP", "A displaced family.")
    assert has("IDP", "Displaced, internally, persons.")


def test_words_around_a_name_are_asked_for_as_well():
    assert has("NATO mission", "The mission of the North Atlantic Treaty Organization.")
    assert not has("NATO mission", "The North Atlantic Treaty Organization.")
    assert not has("NATO mission", "A mission.")


def test_names_belong_to_their_language():
    assert asked("OTAN") == [["otan"]]
    assert has("OTAN", "Organisation du Traité de l’Atlantique Nord", "fr")


def test_the_longest_name_counts():
    glossary = Glossary((*GLOSSARY, Term(Wording("NATO mission", "NMI"), Wording("Mission de l’OTAN"))))
    assert has("NATO mission", "NMI", glossary=glossary)
    assert not has("NATO mission", "mission of the North Atlantic Treaty Organization", glossary=glossary)


def test_a_name_of_two_things_stands_for_both():
    glossary = Glossary(
        (
            Term(Wording("Red Cross", "RC"), Wording("x")),
            Term(Wording("research council", "RC"), Wording("y")),
        )
    )
    assert has("RC", "The Red Cross.", glossary=glossary)
    assert has("RC", "A research council.", glossary=glossary)


@pytest.mark.parametrize("typed", ["“IDP”", "Iraq", "displaced", "organization", "the of"])
def test_phrases_and_words_that_are_no_name_are_asked_for_as_ever(typed):
    plain = parse_query(typed, "en")
    assert with_synonyms(plain, GLOSSARY) == plain
    assert with_synonyms(plain, Glossary()) is plain


def test_names_with_many_words_ask_for_no_more_than_there_may_be():
    names = tuple(" ".join(f"word{one}{two}" for two in range(7)) for one in range(20))
    glossary = Glossary((Term(Wording("term", "T", names), Wording("terme")),))
    query = with_synonyms(parse_query("term", "en"), glossary)
    assert len(query.stems) <= MAX_CLAUSES
    many = Glossary(
        tuple(
            Term(Wording(f"term{one}", "", (f"one{one} two{one} three{one}",)), Wording("x"))
            for one in range(20)
        )
    )
    query = with_synonyms(parse_query(" ".join(f"term{one}" for one in range(20)), "en"), many)
    assert len(query.stems) <= MAX_ALL_CLAUSES + 20


@given(
    st.text(st.sampled_from('IDP nato person’é -«»"العdeàl'), max_size=60),
    st.lists(st.text(st.sampled_from("IDP nato person’é-\nالعdeàl"), max_size=25), min_size=4, max_size=8),
)
def test_whatever_is_typed_and_whatever_the_glossary_says_there_is_a_query(typed, names):
    wording = Wording(names[0], names[1], tuple(names[2:-1]), tuple(names[-1:]))
    glossary = Glossary((Term(wording, wording),))
    for language in ("en", "fr"):
        plain = parse_query(typed, language)
        query = with_synonyms(plain, glossary)
        assert bool(query) == bool(plain)
        finder = Finder(query)
        text = " ".join([typed, *names])
        assert highlight(text, finder.matches(text), finder.language).count("<mark>") >= 0
        passage([(text, False)], finder)


def test_what_answers_by_another_name_is_marked():
    finder = Finder(with_synonyms(parse_query("IDP camps", "en"), GLOSSARY))
    shown = highlight(
        "The camps of internally displaced persons; a person.",
        finder.matches("The camps of internally displaced persons; a person."),
        "en",
    )
    assert shown == "The <mark>camps</mark> of <mark>internally displaced persons</mark>; a person."


# With the database


@pytest.fixture
def terms(db):
    a_term(
        term_en="internally displaced person",
        abbreviation_en="IDP",
        term_fr="personne déplacée",
        abbreviation_fr="PDI",
    )


@pytest.mark.medium
def test_the_site_finds_and_ranks_pages_by_any_name(terms):
    a_page_that_says("Canada helps internally displaced persons.", "named")
    a_page_that_says("Canada helps IDPs.", "short")
    a_page_that_says("Camps.", "title", title_en="IDP camps")
    a_page_that_says("Displaced.", "other")
    for typed in ("IDP", "internally displaced persons"):
        assert sorted(found(typed)) == ["/en/named", "/en/short", "/en/title"]
        assert found(typed)[0] == "/en/title"
    assert "<mark>internally displaced persons</mark>" in str(
        next(result.extract for result in results("IDP", "en").found if result.path == "/en/named")
    )


@pytest.mark.medium
def test_an_answer_follows_the_glossary_at_once(client, db):
    a_page_that_says("Canada helps internally displaced persons.", "named")
    assert "/en/named" not in client.get("/en/search?q=IDP").text
    row = a_term(term_en="internally displaced person", abbreviation_en="IDP")
    assert "/en/named" in client.get("/en/search?q=IDP").text
    row.delete()
    assert "/en/named" not in client.get("/en/search?q=IDP").text


def test_a_partial_answer_does_not_miss_what_is_there_by_another_name(terms):
    a_page_that_says("Canada helps internally displaced persons.", "named")
    [result] = results("IDP Canada zygote", "en").found
    assert result.missing == ("zygote",)


@pytest.mark.medium
def test_names_of_the_glossary_are_not_corrected(terms):
    a_page_that_says("internal displacement person", "near")
    assert results("internally displaced person", "en").suggestion == ""


@pytest.mark.parametrize("number", [1, 40])
def test_a_search_takes_as_many_queries_for_many_terms(number, django_assert_num_queries, db):
    a_page_that_says("wheat", "one")
    for count in range(number):
        a_term(term_en=f"wheat {count}", abbreviation_en=f"W{count}")
    results("wheat", "en")
    with django_assert_num_queries(3):
        results("wheat", "en")


@pytest.mark.medium
def test_the_starter_glossary_finds_starter_pages_by_their_long_and_short_names(db):
    call_command("import_content", "pages/starter", publish=True, verbosity=0)
    assert "/en/canada-iraq-relations" in found("North Atlantic Treaty Organization mission")
    assert "/fr/relations-canada-irak" in found("Organisation du Traité de l’Atlantique Nord mission", "fr")
    assert found("ISIL") == found("Daesh")

"""What visitors find: live pages only, in their language, the same ones in the same order on every database."""

import random
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pages import indexes, publishing
from pages.document import Bilingual
from pages.models import Edition, SearchEntry, SearchText
from pages.search import index, queries
from pages.search.matching import ranked_entries
from pages.search.results import PER_PAGE, results
from pages.search.words import STOP_WORDS
from tests.factories import (
    a_figure,
    a_home_page,
    a_live_page,
    a_page,
    a_page_list,
    a_partner,
    a_partner_list,
    a_text,
    an_objective,
)

pytestmark = pytest.mark.django_db


def found(typed, language="en", **place):
    """The paths of what is found, in their order."""
    return [result.path for result in results(typed, language, **place).found]


def a_page_that_says(text, address, **changes):
    """A live page whose only text is this, in both languages."""
    page = a_page(
        address_en=address, address_fr=f"{address}-fr", introduction_en="", introduction_fr="", **changes
    )
    a_text(page, heading_en="", heading_fr="", body_en=f"<p>{text}</p>", body_fr=f"<p>{text}</p>")
    publishing.publish(page, by=None)
    return page


# What is found.


def test_pages_are_found_in_the_language_that_is_read():
    a_live_page(address_en="trade", address_fr="commerce", title_en="Wheat trade", title_fr="Commerce du blé")
    assert found("wheat") == ["/en/trade"]
    assert found("wheat", "fr") == []
    assert found("ble", "fr") == ["/fr/commerce"]


@pytest.mark.parametrize(
    ("typed", "text", "language"),
    [
        ("egalite", "L’égalité des genres", "fr"),
        ("réfugié", "Les réfugiées", "fr"),
        ("refugie", "Les réfugiées", "fr"),
        ("stabilise", "Stabilizing the region", "en"),
        ("irak", "Le gouvernement de l’Irak", "fr"),
        ("oeuvre", "Une œuvre", "fr"),
        ("1200", "1,200 people", "en"),
        ("“région de l’irak”", "Dans la région de l’Irak.", "fr"),
        ('"Region, of: IRAQ"', "In the region of Iraq.", "en"),
        ("region NOT found", "A region is not found", "en"),
    ],
)
def test_words_are_found_in_any_of_their_forms(typed, text, language):
    a_page_that_says(text, "here")
    assert len(found(typed, language)) == 1


@pytest.mark.medium
def test_all_words_are_needed():
    a_page_that_says("wheat and rye", "both")
    a_page_that_says("wheat", "one")
    assert found("wheat rye") == ["/en/both"]


@pytest.mark.medium
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("“private sector”", ["/en/exact"]),
        ("“sector private”", ["/en/turned"]),
        ("“the private sector”", ["/en/exact"]),
        ("“private sectors”", []),
        ("“private”", ["/en/turned", "/en/exact"]),
        ("“a b a c”", ["/en/letters"]),
        ("“b a b”", []),
    ],
)
def test_a_phrase_is_found_as_it_stands(typed, expected):
    a_page_that_says("In the private sector.", "exact")
    a_page_that_says("The sector: private.", "turned")
    a_page_that_says("x b a x a b a c x", "letters")
    assert found(typed) == expected


def test_a_phrase_does_not_run_on_from_one_paragraph_to_the_next():
    page = a_page()
    a_text(page, body_en="<p>It is private</p><p>sector by sector</p>")
    publishing.publish(page, by=None)
    assert found("“private sector”") == []


@pytest.mark.medium
def test_everything_that_the_page_shows_can_be_found():
    page = a_page(
        title_en="atitle", introduction_en="<p>anintroduction</p>", title_fr="x", introduction_fr="<p>x</p>"
    )
    body = "<h3>asubheading</h3><ul><li>anitem</li></ul>"
    a_text(page, heading_en="aheading", body_en=body, body_fr=body)
    partner = a_partner(name_en="aname", name_fr="x", acronym_en="anacronym", acronym_fr="x")
    an_objective(page, title_en="anobjective", body_en="<p>abody</p>", partners=[partner])
    other = a_partner(name_en="another", name_fr="x", description_en="adescription", description_fr="x")
    a_partner_list(
        page, heading_en="alist", introduction_en="<p>alead</p>", introduction_fr="<p>x</p>", partners=[other]
    )
    a_figure(page, alternative_text_en="analternative", caption_en="acaption", caption_fr="x")
    a_page_list(page, heading_en="somepages")
    publishing.publish(page, by=None)
    words = "atitle anintroduction aheading asubheading anitem aname anacronym anobjective abody another"
    for word in f"{words} adescription alist alead analternative acaption somepages".split():
        assert len(found(word)) == 1, word


# What is public.


def test_a_draft_is_never_found():
    page = a_page(title_en="Wheat")
    assert found("wheat") == []
    publishing.publish(page, by=None)
    page.title_en = "Rye"
    page.save()
    assert found("rye") == []
    assert len(found("wheat")) == 1


@pytest.mark.medium
def test_a_scheduled_edition_is_found_from_its_moment_on_and_the_one_before_it_until_then():
    page = a_live_page(title_en="Wheat", address_en="wheat")
    page.title_en, page.address_en = "Rye", "rye"
    page.save()
    then = timezone.now() + timedelta(hours=1)
    publishing.publish(page, by=None, at=then)
    assert (found("wheat"), found("rye")) == (["/en/wheat"], [])
    with time_machine.travel(then, tick=False):
        assert (found("wheat"), found("rye")) == ([], ["/en/rye"])


@pytest.mark.medium
def test_what_is_scheduled_and_called_off_is_never_found():
    page = a_live_page(title_en="Wheat", address_en="wheat")
    page.title_en = "Rye"
    page.save()
    then = timezone.now() + timedelta(hours=1)
    publishing.cancel(publishing.publish(page, by=None, at=then), by=None)
    with time_machine.travel(then + timedelta(hours=1)):
        assert (found("wheat"), found("rye")) == (["/en/wheat"], [])


@pytest.mark.medium
def test_a_withdrawn_page_is_never_found():
    page = a_live_page(title_en="Wheat")
    then = timezone.now() + timedelta(hours=1)
    publishing.withdraw(page, by=None, at=then)
    assert len(found("wheat")) == 1
    with time_machine.travel(then + timedelta(seconds=1)):
        assert found("wheat") == []
        publishing.publish(page, by=None)
        assert len(found("wheat")) == 1
        publishing.withdraw(page, by=None)
        assert found("wheat") == []


@pytest.mark.medium
def test_an_archived_page_is_found_and_marked(client):
    page = a_live_page(title_en="Wheat", title_fr="Blé")
    publishing.archive(page, by=None)
    assert results("wheat", "en").found[0].is_archived
    assert "(archived)</a>" in client.get("/en/search?q=wheat").text
    assert "(archivée)</a>" in client.get("/fr/recherche?q=ble").text


@pytest.mark.medium
def test_an_index_that_is_out_of_step_shows_nothing_that_is_not_live():
    page = a_live_page(title_en="Wheat", address_en="wheat")
    page.title_en = "Wheat withdrawn"
    page.save()
    later = publishing.publish(page, by=None, at=timezone.now() + timedelta(hours=1))
    SearchEntry.objects.filter(edition=later).update(public_from=timezone.now() - timedelta(days=1))
    assert "withdrawn" not in str(results("wheat", "en").found)


SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 5))]


@pytest.mark.medium
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_found_is_what_is_live_at_any_moment(seed):
    draw, pages = random.Random(seed), [a_live_page(title_en="Wheat 0") for _ in range(3)]
    now = timezone.now()
    for step in range(12):
        page = draw.choice(pages)
        at = now + timedelta(minutes=draw.choice([10, 20, 20, 30, 40]))
        page.title_en = f"Wheat {step}"
        page.save()
        edition = publishing.publish(page, by=None, at=at)
        if draw.random() < 0.3:
            publishing.cancel(edition, by=None)
    for minutes in (0, 9, 10, 15, 20, 30, 35, 60):
        at = now + timedelta(minutes=minutes)
        live = set(Edition.objects.live(at).values_list("pk", flat=True))
        found = SearchEntry.objects.filter(
            pk__in=ranked_entries(queries.parse_query("wheat", "en"), at, limit=100)
        )
        assert set(found.values_list("edition", flat=True)) == live


# In which order.


@pytest.mark.medium
def test_titles_come_before_headings_before_texts_and_new_before_old():
    a_page_that_says("wheat", "text-old")
    heading = a_page(address_en="heading")
    a_text(heading, heading_en="Wheat")
    publishing.publish(heading, by=None)
    a_live_page(title_en="About wheat", address_en="title")
    a_page_that_says("wheat", "text-new")
    assert found("wheat") == ["/en/title", "/en/heading", "/en/text-new", "/en/text-old"]


@pytest.mark.medium
def test_a_page_with_more_of_the_words_in_its_title_comes_first():
    a_page_that_says("wheat", "two", title_en="Rye and barley")
    a_page_that_says("wheat rye", "one", title_en="Barley")
    assert found("wheat rye barley") == ["/en/two", "/en/one"]


@pytest.mark.medium
def test_a_minor_change_does_not_make_a_page_newer():
    old = a_page_that_says("wheat", "old")
    a_page_that_says("wheat", "new")
    publishing.publish(old, by=None, significant=False)
    assert found("wheat") == ["/en/new", "/en/old"]


WORDS = ["wheat", "rye", "oats", "corn", "the", "of"]


@pytest.mark.medium
@pytest.mark.parametrize("seed", SEEDS)
def test_matches_and_their_order_are_those_that_the_rules_say(seed):
    """The same random site and searches on any database, against the rules written down a second time."""
    draw = random.Random(seed)
    for number in range(15):
        text = " ".join(draw.choices(WORDS, k=draw.randrange(1, 9)))
        title = " ".join(draw.choices(WORDS, k=2))
        page = a_page(title_en=title, address_en=f"p{number}", introduction_en=f"<p>{text}</p>")
        a_text(page, heading_en=draw.choice(WORDS), body_en="<p>of</p>")
        publishing.publish(page, by=None)
    for _ in range(40):
        typed = " ".join(draw.choices(WORDS[:4], k=draw.randrange(1, 4)))
        if draw.random() < 0.5:
            typed = f'{typed} "{" ".join(draw.choices(WORDS, k=draw.randrange(1, 5)))}"'
        query = queries.parse_query(typed, "en")
        entries = SearchEntry.objects.select_related("edition").in_bulk()
        addresses = [entries[entry].edition.address_en for entry in ranked_entries(query, limit=100)]
        assert addresses == by_the_rules(query), typed
        assert len(ranked_entries(query, limit=2)) == len(addresses[:2])


def by_the_rules(query):
    ranked = []
    for edition in Edition.objects.live().with_dates():
        document = edition.read()
        title = document.title.en.split()
        headings = [*title, *(block.heading.en for block in document.blocks)]
        lines = [title, *(line.text.split() for line in index.lines(document, "en"))]
        if all(has(lines, (word,)) for word in query.words) and all(
            has(lines, p.words) for p in query.phrases
        ):
            in_title, in_headings = (
                sum(word in place for word in query.words) for place in (title, headings)
            )
            besides = len({*title} - STOP_WORDS["en"]) - in_title if in_title else 0
            score = in_title, -besides, in_headings
            ranked.append((*score, edition.modified_at, edition.pk, edition.address_en))
    return [page[-1] for page in sorted(ranked, reverse=True)]


def has(lines, phrase):
    """Whether words stand next to one another in one of the lines; all words here are their own stems."""
    size = len(phrase)
    return any(tuple(line[at : at + size]) == phrase for line in lines for at in range(len(line)))


# Most of the words, and other spellings.


def partly(typed, language="en"):
    """What is found for some of the words: each path with the words that the page does not have."""
    answer = results(typed, language)
    return [(result.path, result.missing) for result in answer.found] if answer.are_partial else None


@pytest.mark.medium
def test_where_no_page_has_all_words_those_with_the_most_come_first():
    a_page_that_says("wheat", "one")
    a_page_that_says("wheat rye oats", "three")
    a_page_that_says("wheat rye", "two")
    assert partly("oats wheat rye barley") == [
        ("/en/three", ("barley",)),
        ("/en/two", ("oats", "barley")),
    ]
    assert partly("wheat rye") is None


@pytest.mark.medium
def test_of_pages_with_as_many_words_those_with_more_in_the_title_come_first():
    a_page_that_says("wheat", "text")
    a_page_that_says("rye", "title", title_en="Wheat")
    assert [path for path, _missing in partly("wheat zebra")] == ["/en/title", "/en/text"]


@pytest.mark.parametrize("typed", ["zebra", "“wheat rye” oats", "“rye wheat”", "wheat zebra quagga okapi"])
def test_fewer_than_half_of_the_words_one_word_or_a_phrase_find_nothing_else(typed):
    a_page_that_says("wheat and rye", "one")
    assert not results(typed, "en").found


@pytest.mark.medium
def test_neither_drafts_nor_coming_nor_withdrawn_pages_are_found_by_some_words_or_suggested():
    a_page(title_en="Wheat")
    publishing.publish(a_page(title_en="Barley"), by=None, at=timezone.now() + timedelta(hours=1))
    publishing.withdraw(a_page_that_says("oats", "gone"), by=None)
    for typed in ("whaet zebra", "barley zebra", "oats zebra", "whaet", "barly", "oast"):
        answer = results(typed, "en")
        assert (answer.found, answer.suggestion) == ((), "")


@pytest.mark.parametrize(
    ("typed", "language", "suggestion"),
    [
        ("securty", "en", "security"),
        ("secuirty", "en", "security"),
        ("securrity", "en", "security"),
        ("sacurity", "en", "security"),
        ("Securty in irak", "en", "security in irak"),
        ("trade securty", "en", "trade security"),
        ("securty tradde", "en", "security trade"),
        ("“trade securty”", "en", "“trade security”"),
        ("securite", "fr", ""),
        ("sécuirté", "fr", "sécurité"),
        ("securitte du commerse", "fr", "sécurité du commerce"),
        ("irk", "en", ""),
        ("scurty", "en", ""),
        ("20255", "en", ""),
    ],
)
def test_a_word_that_no_page_has_is_taken_for_one_that_is_a_letter_away(typed, language, suggestion):
    page = a_page(
        title_en="Trade", title_fr="Commerce", introduction_en="<p>Security in Irak 2025</p>",
        introduction_fr="<p>La sécurité</p>",
    )  # fmt: skip
    publishing.publish(page, by=None)
    assert results(typed, language).suggestion == suggestion


@pytest.mark.medium
def test_of_two_words_that_are_as_near_the_one_on_more_pages_is_suggested():
    for number in range(3):
        a_page_that_says("grain", f"grain-{number}")
    a_page_that_says("groin", "groin")
    assert results("grxin", "en").suggestion == "grain"


@pytest.mark.medium
def test_a_word_is_suggested_until_the_last_page_that_has_it_is_gone():
    page = a_page_that_says("barley", "one")
    assert results("barly", "en").suggestion == "barley"
    publishing.withdraw(page, by=None)
    assert results("barly", "en").suggestion == ""
    indexes.rebuild(["search"])
    assert results("barly", "en").suggestion == ""


@pytest.mark.medium
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/en/search?q=wheat+zebra", ["No page has all of your words", "Not on this page: zebra"]),
        ("/fr/recherche?q=wheat+zebre", ["Aucune page ne contient tous vos mots", "zebre"]),
        ("/en/search?q=whaet", ["No page found", 'Did you mean <a href="/en/search?q=wheat">wheat</a>?']),
        ("/fr/recherche?q=whaet", ['Essayez plutôt <a href="/fr/recherche?q=wheat">wheat</a>.']),
        ("/en/search?q=whaet+rye", ["No page has all", 'href="/en/search?q=wheat+rye"']),
    ],
)
def test_the_answer_says_that_words_are_missing_and_what_may_have_been_meant(client, path, words):
    a_page_that_says("wheat", "one")
    a_page_that_says("rye", "two")
    text = client.get(path).text
    for word in words:
        assert word in text


@pytest.mark.medium
def test_a_search_that_finds_nothing_takes_few_queries(client, django_assert_max_num_queries):
    a_page_that_says("wheat rye oats barley", "one")
    with django_assert_max_num_queries(25):
        client.get("/en/search?q=whaet+ryee+oatss+barly+maize+sorghum")


# The answer.


def test_matches_are_marked_in_title_and_extract(client):
    a_page_that_says("Exports of <strong>wheat</strong> &amp; rye.", "exports", title_en="Wheat <b>")
    text = client.get("/en/search?q=wheat").text
    assert "<mark>Wheat</mark> &lt;b&gt;</a>" in text
    assert "Exports of <mark>wheat</mark> &amp; rye." in text


@pytest.mark.medium
def test_the_answer_says_how_many_pages_there_are(client):
    for number in range(3):
        a_page_that_says("wheat", f"p{number}")
    assert "3 pages found" in client.get("/en/search?q=wheat").text
    assert "3 pages trouvées" in client.get("/fr/recherche?q=wheat").text
    a_page_that_says("rye", "rye")
    assert "1 page found" in client.get("/en/search?q=rye").text


@pytest.fixture
def many_pages():
    for number in range(PER_PAGE + 2):
        a_page_that_says("wheat", f"p{number}")


@pytest.mark.medium
def test_results_come_twenty_at_a_time(client, many_pages):
    first, second = client.get("/en/search?q=wheat"), client.get("/en/search?q=wheat&page=2")
    assert first.text.count("<h3>") == PER_PAGE
    assert second.text.count("<h3>") == 2
    assert 'href="/en/search?q=wheat&amp;page=2" rel="next"' in first.text
    assert 'href="/en/search?q=wheat" rel="prev"' in second.text
    assert "Page 2 of 2" in second.text
    assert 'start="21"' in second.text
    assert 'rel="prev"' not in first.text
    assert 'rel="next"' not in second.text


@pytest.mark.medium
def test_a_page_of_results_that_there_is_not_is_the_nearest(client, many_pages):
    asked = {"0": 1, "-1": 1, "x": 1, "3": 2, "9999": 2, "9" * 50: 1, "²": 1}
    for page, shown in asked.items():
        assert f"Page {shown} of 2" in client.get("/en/search", {"q": "wheat", "page": page}).text, page


@pytest.mark.medium
@pytest.mark.parametrize("query", ["wheat", "%22wheat%22"])
def test_of_more_than_twenty_five_pages_of_results_the_first_are_listed(
    monkeypatch, client, many_pages, query
):
    monkeypatch.setattr("pages.search.results.MAX_PAGES", 1)
    text = client.get(f"/en/search?q={query}&page=2").text
    assert "More than 20 pages found" in text
    assert "Only the first 20 are listed" in text
    assert text.count("<h3>") == 20
    assert 'rel="next"' not in text
    assert "Plus de 20 pages trouvées" in client.get(f"/fr/recherche?q={query}").text


@pytest.mark.medium
def test_as_many_results_as_can_be_listed_are_counted(monkeypatch, client):
    monkeypatch.setattr("pages.search.results.MAX_PAGES", 1)
    for number in range(PER_PAGE):
        a_page_that_says("wheat", f"p{number}")
    assert ">20 pages found<" in client.get("/en/search?q=wheat").text


@pytest.mark.medium
@pytest.mark.parametrize("count", [1, 15])
def test_a_search_takes_four_queries(client, django_assert_num_queries, count):
    for number in range(count):
        a_page_that_says("wheat rye", f"p{number}")
    with django_assert_num_queries(4):
        client.get("/en/search?q=wheat+%E2%80%9Cwheat+rye%E2%80%9D")


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=the", "?q=%3F", "?page=2"])
def test_without_anything_to_look_for_only_alerts_are_read(client, django_assert_num_queries, query):
    with django_assert_num_queries(1):
        assert client.get(f"/en/search{query}").status_code == 200


@pytest.mark.medium
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/en/search", "How to search"),
        ("/fr/recherche", "Comment faire une recherche"),
        ("/en/search?q=the+of", "These words appear on almost every page"),
        ("/fr/recherche?q=le+de", "Ces mots figurent dans presque toutes les pages"),
        ("/en/search?q=%3F%21", "Your search has no words in it"),
        ("/fr/recherche?q=%F0%9F%8E%89", "Votre recherche ne contient aucun mot"),
        ("/en/search?q=zebra", "No page found"),
        ("/fr/recherche?q=zebre", "Aucune page trouvée"),
        ("/en/search?q=" + "wheat+" * 60, "Only the first 170 characters"),
    ],
)
def test_a_search_without_results_says_what_to_do(client, path, expected):
    a_page_that_says("wheat", "wheat")
    response = client.get(path)
    assert response.status_code == 200
    assert expected in response.text


def test_when_nothing_is_found_other_ways_are_offered(client):
    text = client.get("/en/search?q=zebra+%22blue+horse%22").text
    assert 'href="/en/search?q=zebra"' in text
    assert 'href="/en/search?q=blue"' in text
    assert 'href="/fr/recherche?q=zebra+%22blue+horse%22"' in text
    assert "quotation marks" in text


@pytest.mark.parametrize("is_live", [True, False])
def test_the_page_on_contact_is_offered_where_readers_find_it(client, is_live):
    if is_live:
        a_page_that_says("wheat", "contact")
    assert ('<a href="/en/contact">contact us</a>' in client.get("/en/search?q=zebra").text) == is_live


def test_what_was_typed_stands_in_the_box_and_in_the_title(client):
    text = client.get("/en/search", {"q": '"><script>alert(1)</script>'}).text
    assert "<script" not in text
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in text
    assert "<title>&quot;&gt;&lt;script&gt;" in text


def test_what_is_found_is_compressed(client):
    answer = client.get("/en/search?q=trade", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"


def test_the_language_toggle_keeps_the_search(client):
    assert 'href="/fr/recherche?q=bl%C3%A9+dur"' in client.get("/en/search", {"q": "blé dur"}).text
    assert 'href="/en/search"' in client.get("/fr/recherche").text


@pytest.mark.parametrize("path", ["/en/search", "/fr/recherche?q=irak"])
def test_results_are_not_for_search_engines_and_are_kept_by_no_process(client, path):
    response = client.get(path)
    assert '<meta name="robots" content="noindex">' in response.text
    assert response.cache_tags is None
    assert "cookie" not in response.get("Vary", "").lower()


@pytest.mark.medium
def test_every_public_page_has_a_search_box(client):
    publishing.publish(a_home_page(), by=None)
    a_live_page(address_en="trade", address_fr="commerce")
    for path in ("/en/", "/en/trade", "/en/nothing", "/en/corrections"):
        assert '<form class="ci-search" action="/en/search" role="search">' in client.get(path).text
    for path in ("/fr/", "/fr/commerce", "/fr/rien", "/fr/corrections"):
        text = client.get(path).text
        assert 'action="/fr/recherche"' in text
        assert 'maxlength="170"' in text
        place = "page" if path == "/fr/rien" else "header"
        assert f'<label class="ci-hidden" for="search_{place}">Rechercher dans ce site</label>' in text


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_search_is_only_ever_read(client, method):
    assert getattr(client, method)("/en/search").status_code == 405


def test_no_page_can_take_the_address_of_search():
    page = a_page(address_en="search", address_fr="chercher")
    with pytest.raises(publishing.NotReady, match="The site itself uses"):
        publishing.publish(page, by=None)
    assert found("page") == []


ODD = (
    ["'", '"', '" OR 1=1 --', "a\" b", "{title}: x", "x*", "NEAR(a b)", "a AND", "NOT", "-", "(", "%", "_", "a_b", "\\",
     "%s", "{0}", "é" * 170, "a" * 5000, "\ufffd", "\U0001f1ee\U0001f1f6", "\u202eabc", "a.b|c:*", "$$",
     "'; drop table x"]
)  # fmt: skip


@pytest.mark.medium
@pytest.mark.parametrize("path", ["/en/search", "/fr/recherche"])
def test_nothing_that_is_typed_is_an_error(client, path):
    a_page_that_says("a b c x", "here")
    for typed in ODD:
        assert client.get(path, {"q": typed}).status_code == 200, typed
        assert client.get(path, {"q": f'"{typed}" {typed}'}).status_code == 200, typed


@pytest.mark.parametrize(
    "query", ["q=%FF%FE", "q=%ED%A0%80", "q=a&q=b", "q[]=a", "q=" + "%22" * 400, "&".join(["q=a"] * 300)]
)
def test_no_query_string_is_an_error(client, query):
    assert client.get(f"/en/search?{query}").status_code == 200


@pytest.mark.medium
@given(typed=st.text(max_size=60), language=st.sampled_from(["en", "fr"]))
def test_whatever_is_typed_is_answered(typed, language):
    results(typed.replace("\x00", ""), language)
    results(f"“{typed}” wheat", language)


# The index.


@pytest.mark.medium
def test_the_index_can_be_made_anew_as_it_was():
    a_page_that_says("wheat", "wheat")
    page = a_live_page()
    publishing.publish(page, by=None, at=timezone.now() + timedelta(hours=1))
    before = contents()
    SearchEntry.objects.all().delete()
    assert found("wheat") == []
    out = StringIO()
    call_command("rebuild_search", stdout=out, stderr=StringIO())
    assert contents() == before
    assert "6 entries" in out.getvalue()
    assert found("wheat") == ["/en/wheat"]


def contents():
    columns = (
        "entry__edition",
        "entry__language",
        "entry__public_from",
        "entry__public_until",
        "words",
        "text",
        "terms",
    )
    return list(SearchText.objects.order_by("entry__edition", "entry__language").values_list(*columns))


@pytest.mark.medium
def test_making_the_index_anew_takes_queries_by_the_batch(django_assert_max_num_queries):
    for _ in range(10):
        a_live_page()
    with django_assert_max_num_queries(14):
        indexes.rebuild(["search"])


@pytest.mark.medium
def test_superseded_editions_leave_the_index():
    page = a_page_that_says("wheat", "wheat")
    publishing.publish(page, by=None)
    assert SearchEntry.objects.count() == 2


def test_publishing_many_pages_indexes_them_all():
    pages = [a_page(title_en="Wheat", address_en=f"p{number}") for number in range(3)]
    publishing.publish_all(pages, by=None)
    assert len(found("wheat")) == 3


def test_a_refused_publication_leaves_the_index_as_it_was():
    page = a_live_page(title_en="Wheat")
    page.title_en, page.title_fr = "Rye", ""
    page.save()
    with pytest.raises(publishing.NotReady):
        publishing.publish_all([page], by=None)
    assert len(found("wheat")) == 1


@pytest.mark.medium
def test_an_explanation_and_a_note_are_not_searched():
    page = a_live_page(title_en="Wheat")
    publishing.publish(page, by=None, note="confidential")
    publishing.withdraw(page, by=None, note="secret", explanation=Bilingual("replaced", "remplacée"))
    for word in ("confidential", "secret", "replaced"):
        assert found(word) == []

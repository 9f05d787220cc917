"""Amounts that other sections or pages contradict, also where these say in more words what they are of."""

import re
from dataclasses import replace

import pytest

from pages import publishing, working_copy
from pages.admin import checking
from pages.content_checks import Site, findings
from pages.document import Bilingual, TextSection
from tests.factories import a_document, a_page, a_text
from tests.findings_measure import starter

COMMITTED = {
    "en": "Canada committed more than $4 billion from 2016 to 2022 for security and humanitarian assistance.",
    "fr": "Le Canada a engagé plus de 4 milliards de dollars de 2016 à 2022 pour la sécurité et l’aide humanitaire.",
}
IN_SHORT = {
    "en": "It responds to the crises. From 2016 to 2022, Canada committed over {} to this response.",
    "fr": "Elle répond aux crises. De 2016 à 2022, le Canada a engagé plus de {} pour y répondre.",
}
SAME = {"en": "$4 billion", "fr": "4 milliards de dollars"}
OTHER = {"en": "$5 billion", "fr": "5 milliards de dollars"}


def short(amounts):
    return Bilingual(*(f"<p>{IN_SHORT[language].format(amounts[language])}</p>" for language in ("en", "fr")))


def in_detail(**texts):
    return TextSection("detail", body=Bilingual(*(f"<p>{text}</p>" for text in (COMMITTED | texts).values())))


def contradictions(document, *others):
    return [
        (finding.language, finding.excerpt)
        for finding in findings(document, Site([document, *others]))
        if finding.rule.id == "fact-amount"
    ]


@pytest.mark.parametrize("by_page", [True, False])
def test_an_amount_that_a_longer_sentence_contradicts_is_found(by_page):
    wrong = a_document(introduction=short(OTHER), blocks=() if by_page else (in_detail(),))
    others = [a_document(key="other", introduction=Bilingual(), blocks=(in_detail(),))] if by_page else []
    found = contradictions(wrong, *others)
    assert {language for language, _text in found} == {"en", "fr"}
    right = replace(wrong, introduction=short(SAME))
    assert contradictions(right, *others) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Canada committed $1.2 billion from 2016 to 2022 for humanitarian assistance.",  # a part of it
        "Canada committed $5 billion from 2023 to 2028 for security assistance.",  # other years
        "Iraq imported goods worth $5 billion from 2016 to 2022.",  # something else
        "Canada committed €5 billion from 2016 to 2022 for security assistance.",  # other money
        "Canada committed $5 billion for security assistance.",  # of no years
    ],
)
def test_an_amount_of_something_else_is_no_contradiction(sentence):
    document = a_document(introduction=short(SAME), blocks=(in_detail(en=sentence),))
    assert [language for language, _text in contradictions(document) if language == "en"] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "From 2016 to 2022, Canada provided $50 million to UNHCR.",
            "From 2016 to 2022, Canada provided $60 million to WFP.",
        ),
        (
            "In 2020, exports of goods were worth $50 million.",
            "In 2020, imports of services were worth $60 million.",
        ),
    ],
)
def test_amounts_of_two_named_things_are_no_contradiction(one, other):
    document = a_document(introduction=Bilingual(f"<p>{one}</p>", ""), blocks=(in_detail(en=other),))
    assert [language for language, _text in contradictions(document) if language == "en"] == []


@pytest.mark.medium
@pytest.mark.parametrize("language", ["en", "fr"])
def test_another_amount_in_one_introduction_of_the_starter_pages_is_found(language):
    documents = {document.key: document for document in starter()}
    strategy = documents.pop("canada-strategy-iraq")
    words = re.sub(r"\b4(?=\s(?:billion|milliards))", "5", strategy.introduction[language])
    introduction = replace(strategy.introduction, **{language: words})
    assert contradictions(strategy, *documents.values()) == []
    (found,) = contradictions(replace(strategy, introduction=introduction), *documents.values())
    assert found[0] == language


@pytest.mark.medium
@pytest.mark.django_db
def test_it_is_found_in_the_form_by_what_live_pages_claim():
    live = a_page()
    a_text(live, body_en=f"<p>{COMMITTED['en']}</p>", body_fr=f"<p>{COMMITTED['fr']}</p>")
    publishing.publish(live, by=None)
    wrong = short(OTHER)
    page = a_page(introduction_en=wrong.en, introduction_fr=wrong.fr)
    found = checking.find_in_working_copy(page, working_copy.read(page))
    assert [finding.rule.id for finding in found].count("fact-amount") == 2

"""Timelines: entries that follow one another are one ordered list, and their dates are in order."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from pages import content_checks, rendering
from pages.content_checks.timelines import moment
from pages.document import NOTHING, Bilingual
from tests.factories import a_block, a_document


def page_of(*kinds, language="en", **changes):
    blocks = tuple(
        a_block(kind, f"{kind}-{place}", **(changes if kind == "timeline" else {}))
        for place, kind in enumerate(kinds)
    )
    return rendering.render_preview(a_document(blocks=blocks), language)


def html_of(page, language="en"):
    with translation.override(language):
        return render_to_string("pages/page.html", {"page": page, "language": language})


def test_entries_that_follow_one_another_are_items_of_one_list():
    page = page_of("timeline", "timeline", "text", "timeline")
    shown = html_of(page)
    main = shown[shown.index("ci-page__text") :]
    assert main.count('<ol class="ci-section ci-row--timeline">') == main.count("</ol>") == 2
    assert main.count('<li class="ci-section ci-section--timeline"') == 3
    assert [(block.begins_list, block.ends_list) for block in page.blocks] == [
        (True, False),
        (False, True),
        (False, False),
        (True, True),
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_date_is_part_of_the_heading_and_stands_alone_without_one(language):
    date = Bilingual("May 2, 2014", "2 mai 2014")
    for heading, shown in ((Bilingual("Embassy", "Ambassade"), "span"), (NOTHING, "p")):
        page = page_of("timeline", language=language, date=date, heading=heading)
        assert f'<{shown} class="ci-label">{date[language]}</{shown}>' in html_of(page, language).replace(
            "\N{NO-BREAK SPACE}", " "
        )


@pytest.mark.parametrize(
    ("english", "french", "told"),
    [
        ("2014", "2014", (2014,)),
        ("June 2018", "Juin 2018".lower(), (2018, 6)),
        ("May 2, 2014", "2 mai 2014", (2014, 5, 2)),
        ("December 1, 2018", "1er décembre 2018", (2018, 12, 1)),
        ("June 2016 to March 2019", "de juin 2016 à mars 2019", (2016, 6)),
        ("2016 to 2019", "2016 à 2019", (2016,)),
        ("2018-05-02", "2018-05-02", (2018, 5, 2)),
        ("The spring", "Le printemps", ()),
    ],
)
def test_a_date_is_read_as_far_as_it_is_told(english, french, told):
    assert moment(english, "en") == told
    assert moment(french, "fr") == told


@pytest.mark.parametrize(
    ("dates", "wrong"),
    [
        (["2014", "June 2014", "June 5, 2014", "June 2014", "2016"], []),
        (["2020", "2018", "2016"], []),
        (["2020", "2018", "2019", "2016", "2014"], ["2019"]),
        (["2014", "2018", "2016", "Later", "2020"], ["2016"]),
    ],
)
def test_a_timeline_runs_in_one_direction(dates, wrong):
    entries = tuple(
        a_block("timeline", f"entry-{place}", date=Bilingual(date, date)) for place, date in enumerate(dates)
    )
    found = content_checks.findings(a_document(blocks=entries))
    assert [finding.excerpt for finding in found if finding.rule.id == "timeline-order"] == wrong

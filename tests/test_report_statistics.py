"""The figures about reports: right with or without the reports themselves, and in few queries."""

import random
from datetime import date, datetime, time, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pages import publishing
from pages.document import Bilingual
from reports import charts, daily_counts, report_statistics, triage
from reports.models import DailyCount, ProblemReport
from tests.factories import a_document, a_live_page, a_report, an_account

TODAY = date(2026, 3, 20)


def noon(day):
    return timezone.make_aware(datetime.combine(day, time(12)))


def ago(days):
    return noon(TODAY - timedelta(days=days))


@pytest.fixture
def edition(db):
    return a_live_page(title_en="Trade", title_fr="Commerce").editions.get()


# Days


def figures(page=None):
    series = report_statistics.series(28, page, today=TODAY)
    return [(day.day, day.en, day.fr) for day in series.days if day.total], dict(series.reasons)


@pytest.mark.medium
def test_reports_are_counted_by_day_language_and_reason(edition):
    a_report(edition, received_at=ago(0), missing=True, broken=True)
    a_report(edition, received_at=ago(3), language="fr")
    a_report(edition, received_at=ago(3), spam_sign="decoy")
    a_report(edition, received_at=ago(28))
    days, reasons = figures()
    assert days == [(TODAY - timedelta(days=3), 0, 1), (TODAY, 1, 0)]
    assert (reasons["missing"], reasons["broken"], reasons["other"]) == (2, 1, 0)
    assert figures(a_live_page().pk)[0] == []


def test_a_day_is_one_of_the_time_zone_of_the_site(edition, settings):
    settings.TIME_ZONE = "America/Toronto"
    a_report(edition, received_at=datetime(2026, 3, 20, 3, 30, tzinfo=timezone.get_fixed_timezone(0)))
    assert figures()[0] == [(date(2026, 3, 19), 1, 0)]


@pytest.mark.medium
def test_the_figures_stay_the_same_when_days_are_counted_and_reports_deleted(edition):
    for days in (0, 1, 1, 2, 9):
        a_report(edition, received_at=ago(days), language="fr" if days == 9 else "en", spelling=True)
    a_report(edition, received_at=ago(4), spam_sign="decoy")
    before = figures()
    assert daily_counts.count_finished_days(TODAY) == 4
    assert daily_counts.count_finished_days(TODAY) == 0
    assert figures() == before
    ProblemReport.objects.filter(received_at__lt=noon(TODAY) - timedelta(days=1)).delete()
    assert figures() == before
    assert DailyCount.objects.get(marked=1).total == 0


@pytest.mark.medium
def test_every_figure_is_the_same_whether_its_days_are_counted_or_not(edition):
    other = a_live_page().editions.get()
    for number in range(40):
        a_report(
            (edition, other)[number % 2],
            received_at=ago(number % 7),
            language=("en", "fr")[number % 3 == 0],
            broken=number % 4 == 0,
            spam_sign="decoy" if number % 9 == 0 else "",
        )
    first = TODAY - timedelta(days=6)

    def everything():
        by_day = [daily_counts.by_day(first, TODAY, page) for page in (None, other.page_id)]
        return (
            *({key: total for key, total in found.items() if total} for found in by_day),
            daily_counts.by_reason(first, TODAY),
            daily_counts.by_page(first, TODAY),
            report_statistics.busy_days(first, TODAY),
        )

    before = everything()
    assert sum(before[0].values()) == sum(before[3].values()) == 35
    assert daily_counts.count_finished_days(TODAY) > 0
    assert everything() == before


def test_only_days_that_are_over_are_counted(edition):
    a_report(edition, received_at=ago(0))
    assert daily_counts.count_finished_days(TODAY) == 0
    assert daily_counts.count_finished_days(TODAY + timedelta(days=1)) == 1


def test_a_day_on_which_nothing_came_is_not_looked_at_twice(edition):
    a_report(edition, received_at=ago(20))
    daily_counts.count_finished_days(TODAY)
    a_report(edition, received_at=ago(1))
    daily_counts.count_finished_days(TODAY)
    assert sum(DailyCount.objects.values_list("total", flat=True)) == 2


def test_spam_that_was_none_moves_to_the_other_side_of_a_counted_day(edition):
    report = a_report(edition, received_at=ago(2), spam_sign="decoy", broken=True)
    daily_counts.count_finished_days(TODAY)
    triage.mark_not_spam([report], by=an_account())
    count = DailyCount.objects.get()
    assert (count.total, count.marked, count.broken, count.missing) == (1, 0, 1, 1)
    assert figures()[0] == [(TODAY - timedelta(days=2), 1, 0)]


def test_a_year_is_drawn_by_week_and_loses_nothing(edition):
    for days in range(0, 360, 40):
        a_report(edition, received_at=ago(days))
    series = report_statistics.series(364, today=TODAY)
    assert series.is_by_week
    assert len(series.days) == 52
    assert series.total == 9
    assert series.days[-1].day == TODAY - timedelta(days=6)


# Unusual days


def test_a_day_is_unusual_above_the_mean_and_three_deviations_of_the_days_before():
    flat = [9] * 28
    assert report_statistics.usual_maximum([*flat, 0]) == [9 + 3 * 3]
    assert report_statistics.usual_maximum([*[0, 18] * 14, 0]) == [9 + 3 * 9]


@pytest.mark.medium
def test_few_reports_are_never_unusual(edition):
    assert report_statistics.usual_maximum([0] * 29) == [4]
    for number in range(5):
        a_report(edition, received_at=ago(1))
        unusual = [day.day for day in report_statistics.series(28, today=TODAY).days if day.is_unusual]
        assert bool(unusual) is (number == 4)


@pytest.mark.medium
def test_what_came_before_the_period_counts_for_what_is_usual(edition):
    DailyCount.objects.bulk_create(
        DailyCount(day=TODAY - timedelta(days=days), page=edition.page, language="en", total=100)
        for days in range(56)
    )
    assert not any(day.is_unusual for day in report_statistics.series(28, today=TODAY).days)
    assert report_statistics.series(28, today=TODAY).days[0].limit == 130


# Pages, ages, fixes


@pytest.mark.medium
def test_the_pages_with_most_open_reports_come_first_with_their_ages(edition):
    now, other = timezone.now(), a_live_page().editions.get()
    for days in (1, 8, 31, 91, 400):
        a_report(edition, received_at=now - timedelta(days=days))
    a_report(other)
    a_report(other, spam_sign="decoy")
    ProblemReport.objects.filter(received_at__lt=now - timedelta(days=90)).update(status="in_progress")
    coming = publishing.archive(edition.page, by=None, at=now + timedelta(days=1))
    triage.link_to_fix(
        ProblemReport.objects.filter(received_at__range=(now - timedelta(days=9), now - timedelta(days=7))),
        coming,
        by=an_account(),
    )
    found = report_statistics.open_by_page()
    assert [(count.page_id, count.total, count.ages) for count in found] == [
        (edition.page_id, 5, (1, 1, 1, 2)),
        (other.page_id, 1, (1, 0, 0, 0)),
    ]
    for number in (1, 2, 3):
        assert report_statistics.most_open_pages(number) == found[:number]
    assert report_statistics.ages(found) == report_statistics.open_ages() == (2, 1, 1, 2)
    assert report_statistics.ages([]) == (0, 0, 0, 0)


@pytest.mark.medium
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_the_pages_with_most_open_reports_are_the_same_when_only_some_are_wanted(seed):
    draw = random.Random(seed)
    pages = [a_live_page() for _each in range(5)]
    for page in pages:
        edition = page.editions.get()
        for _each in range(draw.randrange(4)):
            a_report(edition, status=draw.choice(["new", "in_progress"]))
        waiting = [a_report(edition) for _each in range(draw.randrange(3))]
        coming = publishing.archive(page, by=None, at=timezone.now() + timedelta(days=1))
        triage.link_to_fix(
            ProblemReport.objects.filter(pk__in=[report.pk for report in waiting]), coming, by=an_account()
        )
    found = report_statistics.open_by_page()
    for number in range(1, 6):
        assert report_statistics.most_open_pages(number) == found[:number]
    assert report_statistics.open_ages() == report_statistics.ages(found)


@pytest.mark.medium
def test_busy_pages_are_told_with_their_length(edition):
    for _number in range(3):
        a_report(edition, received_at=ago(1))
    a_report(received_at=ago(2))
    first, second = report_statistics.busiest_pages(28, today=TODAY)
    assert (first.title, first.total, second.total) == ("Trade", 3, 1)
    assert first.per_thousand == pytest.approx(3000 / report_statistics.text_length(edition.read()))


def test_the_length_of_a_page_is_what_readers_see_of_it():
    document, without = a_document(), a_document(blocks=())
    seen = "ExportsExportationsWheat.Du blé."
    assert report_statistics.text_length(document) == report_statistics.text_length(without) + len(seen)
    elsewhere = a_document(blocks=(), address=Bilingual("a-much-longer-address", "une-adresse-plus-longue"))
    assert report_statistics.text_length(elsewhere) == report_statistics.text_length(without)


@pytest.mark.medium
def test_the_time_to_fix_ends_when_the_edition_is_public(edition):
    now = timezone.now()
    reports = [a_report(edition, received_at=now - timedelta(days=days)) for days in (0, 3, 10, 50)]
    fixed = publishing.archive(edition.page, by=None)
    triage.link_to_fix(reports, fixed, by=an_account())
    found = report_statistics.fixes(28)
    assert found.within == (1, 1, 1, 1)
    assert found.median == pytest.approx(6.5, abs=0.01)
    assert report_statistics.fixes(28, a_live_page().pk).number == 0
    assert report_statistics.fixes(28, at=now - timedelta(days=1)).number == 0


# Pictures


@pytest.mark.parametrize(
    ("highest", "expected"),
    [(1, (1, 1)), (4, (4, 1)), (5, (6, 2)), (17, (20, 5)), (100, (100, 50)), (230, (300, 100))],
)
def test_the_scale_ends_at_a_round_number(highest, expected):
    assert charts.scale(highest) == expected


@pytest.mark.medium
@pytest.mark.parametrize("amount", [0, 1, 28, 364])
def test_a_picture_is_sound_has_a_title_and_no_style(amount):
    values = [
        charts.Column("03-01", 3, place, "<b>Told</b>", limit=4.5, is_unusual=True, is_marked=True)
        for place in range(amount)
    ]
    drawn = [
        charts.columns("a", "Reports & days", "Two <things>", values),
        charts.bars("b", "Pages", "None", [charts.Bar("<i>", value.high, "3") for value in values]),
    ]
    for picture in drawn:
        svg = ElementTree.fromstring(picture)
        assert svg.find("{http://www.w3.org/2000/svg}title").text
        assert "style" not in picture
        assert "<b>" not in picture
        assert "<i>" not in picture


# Screens

SVG = 'role="img" aria-labelledby="'
FIGURES = reverse("admin:reports_problemreport_figures")


@pytest.mark.medium
def test_the_figures_are_shown_with_their_tables_in_both_languages(staff_client, edition):
    a_report(edition)
    for language, words in (("en", "Reports per day"), ("fr", "Signalements par jour")):
        staff_client.cookies["django_language"] = language
        shown = staff_client.get(FIGURES).content.decode()
        assert words in shown
        assert shown.count(SVG) == 6
        assert shown.count("<details>") == 6
        one = staff_client.get(FIGURES, {"page": edition.page_id, "days": 364}).content.decode()
        assert one.count(SVG) == 5


@pytest.mark.medium
@pytest.mark.parametrize("query", [{"days": "x"}, {"days": "3"}, {"days": ""}])
def test_an_unknown_period_is_the_usual_one(staff_client, edition, query):
    assert staff_client.get(FIGURES, query).context["days"] == 28


@pytest.mark.parametrize("page", ["x", "0", "9" * 40])
def test_figures_of_an_unknown_page_are_not_found(staff_client, page):
    assert staff_client.get(FIGURES, {"page": page}).status_code == 404


@pytest.mark.medium
def test_the_front_page_shows_them_to_those_who_may_read_reports(client, staff_client, edition):
    a_report(edition)
    index = reverse("admin:index")
    assert SVG in staff_client.get(index).content.decode()
    client.force_login(an_account())
    assert SVG not in client.get(index).content.decode()
    assert client.get(FIGURES).status_code == 403


@pytest.mark.medium
def test_figures_take_a_constant_number_of_queries(staff_client, edition):
    found = []
    staff_client.get(FIGURES)  # some queries are asked once per process only
    staff_client.get(reverse("admin:index"))
    for _round in range(2):
        for _number in range(20):
            a_report(received_at=timezone.now() - timedelta(days=2))
        with CaptureQueriesContext(connection) as screen:
            staff_client.get(FIGURES)
        with CaptureQueriesContext(connection) as front_page:
            staff_client.get(reverse("admin:index"))
        found.append((len(screen), len(front_page)))
    assert found[0] == found[1]

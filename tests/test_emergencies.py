"""Publishing in one language only, when it cannot wait: by whom, what each language then says, and until when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from pages import (
    emergencies,
    indexes,
    page_status,
    publishing,
    readiness,
    reviews,
    stale_translations,
    working_copy,
)
from pages.admin import worklist
from pages.models import preview_link
from pages.models.edition import Edition, Emergency
from pages.models.page import Page
from pages.models.review import TranslationDecision
from pages.search.results import results
from pages.shared_preview import preview_path
from tests.admin_forms import change_address, fields
from tests.factories import a_home_page, a_live_page, a_page, a_partner, a_partner_list, a_text, an_account

pytestmark = pytest.mark.django_db

IN_FRENCH = "Cette page a été mise à jour d’urgence en anglais seulement"
IN_ENGLISH = "This page was updated urgently in English only"


def a_warning(**changes):
    """A live page whose English says something new."""
    titles = {"title_en": "Travel", "title_fr": "Voyages", "address_en": "travel", "address_fr": "voyages"}
    page = a_live_page(**titles | changes)
    page.title_en = "Do not travel"
    page.save()
    return page


def in_emergency(page, **changes):
    values = {"language": "en", "reason": "Fighting near the airport.", "due_on": in_days(5), "by": None}
    return emergencies.publish_in_emergency(page, **{**values, **changes})


def in_days(number):
    return timezone.localdate() + timedelta(days=number)


def an_emergency(**changes):
    page = a_warning(**changes)
    in_emergency(page)
    return page


def reasons(page):
    return [reason.message for reason in readiness.reasons_not_to_publish(working_copy.read(page))]


def live(page):
    return Edition.objects.live().get(page=page)


# What becomes public


@pytest.mark.medium
def test_one_language_becomes_public_and_the_other_one_stays_as_it_was():
    page = a_warning()
    page.title_fr = "Un brouillon"
    page.save()
    edition = in_emergency(page)
    assert (edition.number, edition.title_en, edition.title_fr) == (2, "Do not travel", "Voyages")
    assert edition.read().title.fr == "Voyages"
    assert live(page) == edition


@pytest.mark.medium
def test_what_is_missing_in_the_other_language_does_not_stand_in_the_way():
    page = a_warning()
    a_text(page, heading_en="Airports", heading_fr="", body_en="<p>Closed; $4 million lost.</p>", body_fr="")
    in_emergency(page)
    assert "Airports" in [block.heading.en for block in live(page).read().blocks]


@pytest.mark.medium
def test_amounts_that_differ_between_the_languages_do_not_stand_in_the_way():
    page = a_page(introduction_en="<p>A fee of $4.</p>", introduction_fr="<p>Un droit de 4 $.</p>")
    publishing.publish(page, by=None)
    page.introduction_en = "<p>A fee of $9.</p>"
    page.save()
    assert reasons(page)
    in_emergency(page)
    assert live(page).read().introduction.en == "<p>A fee of $9.</p>"


@pytest.mark.parametrize(
    "changes",
    [{"title_en": ""}, {"address_en": ""}, {"introduction_en": '<p><a href="/fr/voyages">Travel</a></p>'}],
)
def test_what_is_wrong_in_the_language_itself_still_does(changes):
    page = a_warning()
    Page.objects.filter(pk=page.pk).update(**changes)
    page.refresh_from_db()
    with pytest.raises(publishing.NotReady):
        in_emergency(page)
    assert page.editions.count() == 1


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"reason": " "}, "reason"),
        ({"due_on": date(2020, 1, 1)}, "due_on"),
        ({"due_on": date(2999, 1, 1)}, "due_on"),
        ({"language": "fr"}, "language"),
    ],
)
def test_it_needs_a_reason_a_date_soon_and_something_new_to_say(changes, where):
    page = a_warning()
    with pytest.raises(ValidationError) as refusal:
        in_emergency(page, **changes)
    assert list(refusal.value.message_dict) == [where]
    assert page.editions.count() == 1


@pytest.mark.medium
@pytest.mark.parametrize(("limit", "days"), [(5, 0), (5, 5), (0, 0), (12, 12)])
def test_the_translation_may_be_due_from_today_until_the_last_day_of_the_setting(settings, limit, days):
    settings.EMERGENCY_DAYS = limit
    page = a_warning()
    with pytest.raises(ValidationError) as refusal:
        in_emergency(page, due_on=in_days(limit + 1))
    assert date_format(in_days(limit)) in refusal.value.message_dict["due_on"][0]
    in_emergency(page, due_on=in_days(days))
    assert live(page).emergency.due_on == in_days(days)


def test_an_emergency_lasts_five_days_at_most_unless_the_site_says_otherwise(settings):
    assert settings.EMERGENCY_DAYS == 5


@pytest.mark.medium
@pytest.mark.parametrize(("begun", "left"), [(2, 3), (5, 0), (9, 0)])
def test_publishing_again_in_the_same_emergency_gives_no_more_time(staff_client, begun, left):
    page = an_emergency()
    Emergency.objects.update(since=timezone.now() - timedelta(days=begun))
    page.title_en = "Leave now"
    page.save()
    with pytest.raises(ValidationError) as refusal:
        in_emergency(page, due_on=in_days(left + 1))
    assert list(refusal.value.message_dict) == ["due_on"]
    shown = staff_client.get(address(page, "publish")).content.decode()
    assert f'max="{in_days(left).isoformat()}"' in shown
    in_emergency(page, due_on=in_days(left))
    page.title_en = "Leave today"
    page.save()
    with pytest.raises(ValidationError):
        in_emergency(page, due_on=in_days(left + 1))


def test_the_database_keeps_no_emergency_without_a_reason():
    edition = a_live_page().editions.get()
    with pytest.raises(IntegrityError):
        Emergency.objects.create(
            edition=edition, agreed=edition, language="en", reason="", due_on=in_days(1), since=timezone.now()
        )


@pytest.mark.parametrize("change", [None, publishing.archive, publishing.withdraw])
def test_a_page_that_is_not_live_is_published_in_both_languages_or_not_at_all(change):
    page = a_warning() if change else a_page()
    if change:
        change(page, by=None)
    with pytest.raises(ValidationError, match="in both languages"):
        in_emergency(page)


@pytest.mark.medium
def test_an_edition_to_come_has_to_be_cancelled_first():
    page = a_warning()
    publishing.publish(page, by=None, at=timezone.now() + timedelta(hours=1))
    with pytest.raises(ValidationError, match="Cancel it first"):
        in_emergency(page)


@pytest.mark.medium
@pytest.mark.parametrize("change", [publishing.archive, publishing.withdraw])
def test_it_waits_for_no_archive_or_withdrawal_to_come_and_goes_on_under_it(change):
    page, at = a_warning(), timezone.now() + timedelta(hours=1)
    change(page, by=None, at=at)
    urgent = in_emergency(page)
    live = Edition.objects.live(at).select_related("emergency_record").get(page=page)
    assert (live.digest, live.emergency.language) == (urgent.digest, urgent.emergency.language)


@pytest.mark.medium
def test_an_archive_to_come_is_in_both_languages_once_the_translation_is_published():
    page, at = a_warning(), timezone.now() + timedelta(hours=1)
    publishing.archive(page, by=None, at=at)
    in_emergency(page)
    page.title_fr = "Ne partez pas"
    page.save()
    publishing.publish(page, by=None)
    live = Edition.objects.live(at).select_related("emergency_record").get(page=page)
    assert (live.kind, live.title_fr, live.emergency) == ("archived", "Ne partez pas", None)


@pytest.mark.medium
def test_a_second_person_need_not_approve_it(settings):
    settings.REVIEW_BY_SECOND_PERSON = True
    page, person = a_warning(), an_account()
    edition = in_emergency(page, by=person)
    assert (edition.author, edition.approver) == (person, person)


@pytest.mark.medium
def test_the_date_of_modification_is_that_of_the_emergency_in_both_languages():
    page = an_emergency()
    found = Edition.objects.live().with_dates().get(page=page)
    assert found.significant
    assert found.modified_at == found.publish_at


@pytest.mark.medium
def test_it_can_be_brought_up_to_date_in_the_same_language_and_not_in_the_other():
    page = an_emergency()
    page.title_en, page.title_fr = "Leave now", "Partez"
    page.save()
    with pytest.raises(ValidationError, match="still due"):
        in_emergency(page, language="fr")
    edition = in_emergency(page, reason="The airport has closed.")
    assert (edition.title_en, edition.title_fr) == ("Leave now", "Voyages")
    assert edition.emergency.agreed.number == 1


# What the public sees


@pytest.fixture
def site():
    publishing.publish(a_home_page(), by=None)


@pytest.mark.medium
def test_the_other_language_says_so_in_both_with_the_dates_and_the_way_there(client, site):
    page = an_emergency()
    emergency = live(page).emergency
    Emergency.objects.filter(pk=emergency.pk).update(
        since=datetime(2026, 11, 20, 17, tzinfo=UTC), due_on=date(2026, 12, 1)
    )
    shown = client.get("/fr/voyages").content.decode().replace("\u00a0", " ")
    assert "Voyages</h1>" in shown
    assert f"{IN_FRENCH} le 20 novembre 2026." in shown
    assert "attendue d’ici le 1<sup>er</sup> décembre 2026" in shown
    english = shown[shown.index('<div lang="en">') :]
    assert f"{IN_ENGLISH} on November 20, 2026." in english
    assert "due by December 1, 2026" in english
    assert shown.count('href="/en/travel" hreflang="en"') == 2


@pytest.mark.medium
def test_the_language_that_was_published_has_no_notice(client, site):
    an_emergency()
    shown = client.get("/en/travel").content.decode()
    assert "Do not travel</h1>" in shown
    assert IN_ENGLISH not in shown
    assert "ci-banner" not in shown


@pytest.mark.medium
def test_an_emergency_in_french_is_told_on_the_english_page(client, site):
    page = a_live_page(address_en="travel")
    page.title_fr = "Partez"
    page.save()
    in_emergency(page, language="fr")
    shown = client.get("/en/travel").content.decode()
    assert "This page was updated urgently in French only" in shown
    assert "d’urgence en français seulement" in shown


@pytest.mark.medium
def test_a_block_without_its_translation_is_not_on_the_page_of_the_other_language(client, site):
    page = a_warning()
    a_text(page, heading_en="Airports", heading_fr="", body_en="<p>Closed.</p>", body_fr="")
    in_emergency(page)
    assert 'id="airports"' in client.get("/en/travel").content.decode()
    assert "ci-section--text" not in client.get("/fr/voyages").content.decode()


@pytest.mark.medium
def test_search_finds_no_page_by_what_is_on_the_page_of_the_other_language_only(site):
    page = a_warning()
    unicef = a_partner(name_en="UNICEF", name_fr="UNICEF")
    a_partner_list(page, partners=[unicef], heading_en="Call", heading_fr="")
    in_emergency(page)
    assert [found.path for found in results("unicef", "en").found] == ["/en/travel"]
    assert not results("unicef", "fr").found


@pytest.mark.medium
def test_a_link_to_an_edition_to_come_shows_it_as_readers_will_see_it(client, site):
    page = a_warning()
    a_partner_list(page, partners=[a_partner(name_fr="UNICEF")], heading_en="Call", heading_fr="")
    in_emergency(page)
    coming = publishing.archive(page, by=None)
    Edition.objects.filter(pk=coming.pk).update(publish_at=timezone.now() + timedelta(days=1))
    _link, token = preview_link.create_link(page, edition=coming, by=None, days=1)
    assert "UNICEF" not in client.get(preview_path("fr", token)).content.decode()


@pytest.mark.medium
@pytest.mark.parametrize("path", ["/en/travel", "/fr/voyages"])
def test_a_page_in_an_emergency_still_takes_one_query(client, site, path, django_assert_num_queries):
    an_emergency()
    client.get("/en/")
    with django_assert_num_queries(1):
        assert client.get(path).status_code == 200


@pytest.mark.medium
def test_an_archived_page_is_still_behind_and_a_withdrawn_one_says_nothing_of_it(client, site):
    page = an_emergency()
    publishing.archive(page, by=None)
    assert IN_FRENCH in client.get("/fr/voyages").content.decode()
    publishing.withdraw(page, by=None)
    response = client.get("/fr/voyages")
    assert response.status_code == 410
    assert IN_FRENCH not in response.content.decode()


@pytest.mark.medium
def test_the_record_of_the_site_shows_the_notice_at_its_moment_only(staff_client, site):
    page = an_emergency()
    first, second = page.editions.order_by("number")
    for edition, expected in ((first, False), (second, True)):
        at = (edition.publish_at + timedelta(milliseconds=1)).astimezone(UTC)
        found = Edition.objects.fetch_with_navigation("fr", "voyages", at)
        assert bool(next(each for each in found if each.is_requested).emergency_language) == expected


# Until both languages are public again


def stale_paths(page):
    page = Page.objects.with_content().get(pk=page.pk)
    return [
        each.path
        for each in stale_translations.stale_texts_by_page([page], page_status.page_statuses([page]))[page.pk]
    ]


@pytest.mark.medium
def test_the_translation_stays_marked_although_the_working_copy_is_what_is_live():
    page = an_emergency()
    assert live(page).read() == working_copy.read(page)
    assert stale_paths(page) == [("title",)]
    page.introduction_en = "<p>More news.</p>"
    page.save()
    in_emergency(page)
    assert stale_paths(page) == [("title",), ("introduction",)]
    page.title_fr = "Ne partez pas"
    page.save()
    assert stale_paths(page) == [("introduction",)]


@pytest.mark.medium
def test_lists_count_it_although_the_page_was_not_saved_since():
    page = an_emergency()
    assert [tally.texts for tally in page_status.current_stale_counts().filter(page=page)] == [1]


@pytest.mark.medium
@pytest.mark.parametrize("change", [publishing.archive, publishing.withdraw])
def test_the_page_is_not_archived_or_withdrawn_later_as_it_stands_in_the_emergency(change):
    page, at = an_emergency(), timezone.now() + timedelta(days=7)
    with pytest.raises(ValidationError, match="Publish both languages first"):
        change(page, by=None, at=at)
    assert not page.editions.scheduled()
    page.title_fr = "Ne partez pas"
    page.save()
    publishing.publish(page, by=None)
    edition = change(page, by=None, at=at)
    assert (edition.title_fr, edition.emergency) == ("Ne partez pas", None)


@pytest.mark.medium
def test_it_is_archived_later_as_it_will_stand_then_in_both_languages():
    page = an_emergency()
    page.title_fr = "Ne partez pas"
    page.save()
    publishing.publish(page, by=None, at=timezone.now() + timedelta(days=1))
    with pytest.raises(ValidationError, match="Publish both languages first"):
        publishing.archive(page, by=None, at=timezone.now() + timedelta(hours=1))
    edition = publishing.archive(page, by=None, at=timezone.now() + timedelta(days=2))
    assert (edition.title_fr, edition.emergency) == ("Ne partez pas", None)


@pytest.mark.medium
@pytest.mark.parametrize("change", [publishing.archive, publishing.withdraw])
def test_it_stays_marked_when_the_page_is_taken_away(change):
    page = an_emergency()
    change(page, by=None)
    assert stale_paths(page) == [("title",)]
    assert reasons(page)


@pytest.mark.medium
def test_both_languages_are_published_only_once_the_other_one_says_it_too(client, site):
    page = an_emergency()
    assert reasons(page) == [
        "Title was published in English only. Update the French text, or confirm that it needs no change."
    ]
    with pytest.raises(publishing.NotReady):
        publishing.publish(page, by=None)
    page.title_fr = "Ne partez pas"
    page.save()
    edition = publishing.publish(page, by=None)
    assert edition.emergency is None
    assert stale_paths(page) == []
    assert IN_FRENCH not in client.get("/fr/voyages").content.decode()


@pytest.mark.medium
def test_what_was_behind_before_the_emergency_need_not_be_translated_for_it():
    page = a_live_page(title_en="Travel", introduction_en="<p>One.</p>")
    page.introduction_en = "<p>Two.</p>"
    page.save()
    document = working_copy.read(page)
    stale = stale_translations.stale_texts(page, document, live(page))
    stale_translations.decide(page, document, stale, by=None, kind=TranslationDecision.Kind.LATER)
    publishing.publish(page, by=None)
    page.title_en = "Do not travel"
    page.save()
    in_emergency(page)
    page.title_fr = "Ne partez pas"
    page.save()
    assert stale_paths(page) == [("introduction",)]
    assert reasons(page) == []


@pytest.mark.medium
def test_a_text_of_a_partner_is_waited_for_too():
    partner = a_partner(name_en="Bank", name_fr="Banque")
    page = a_page()
    a_partner_list(page, partners=[partner])
    publishing.publish(page, by=None)
    partner.name_en = "Great Bank"
    partner.save()
    in_emergency(page)
    assert len(reasons(page)) == 1


@pytest.mark.medium
def test_saying_that_no_change_is_needed_lets_the_same_texts_be_published_in_both_languages(staff_client):
    page = an_emergency()
    screen = reverse("admin:pages_page_translations", args=[page.pk])
    staff_client.post(screen, fields(staff_client.get(screen)) | {"reason": "Only the English was unclear."})
    assert reasons(page) == []
    publish = reverse("admin:pages_page_publish", args=[page.pk])
    staff_client.post(publish, fields(staff_client.get(publish)) | {"when": "now", "significant": "no"})
    assert live(page).emergency is None
    assert live(page).number == 3


@pytest.mark.medium
def test_going_back_to_what_both_languages_said_repairs_it_too():
    page = an_emergency()
    working_copy.write(page.editions.get(number=1).read(), page)
    assert publishing.publish(Page.objects.get(pk=page.pk), by=None).emergency is None


@pytest.mark.medium
def test_an_approved_review_repairs_it_and_what_is_live_can_be_submitted(settings):
    page, author, reviewer = an_emergency(), an_account(), an_account()
    settings.REVIEW_BY_SECOND_PERSON = True
    with pytest.raises(publishing.NotReady):
        reviews.submit(page, by=author)
    page.title_fr = "Ne partez pas"
    page.save()
    assert reviews.approve(reviews.submit(page, by=author), by=reviewer).emergency is None


@pytest.mark.medium
def test_what_was_submitted_before_it_cannot_be_approved_and_undo_it():
    page = a_live_page(title_en="Travel")
    page.description_en, page.description_fr = "Advice.", "Conseils."
    page.save()
    submitted = reviews.submit(page, by=an_account())
    page.title_en = "Do not travel"
    page.save()
    in_emergency(page)
    with pytest.raises(ValidationError, match="Submit the page again"):
        reviews.approve(submitted, by=an_account())
    assert live(page).title_en == "Do not travel"
    page.title_fr = "Ne partez pas"
    page.save()
    reviews.approve(reviews.submit(page, by=an_account()), by=an_account())
    assert live(page).emergency is None


@pytest.mark.medium
def test_content_files_publish_nothing_of_a_page_that_is_as_it_was_in_the_emergency():
    assert publishing.publish_all([an_emergency()], by=None) == []


# The admin


def address(page, name="emergency"):
    return reverse(f"admin:pages_page_{name}", args=[page.pk])


def send(client, page, **changes):
    values = {"language": "en", "reason": "Fighting.", "due_on": in_days(3).isoformat(), "sure": "on"}
    data = fields(client.get(address(page, "publish")), "emergency-form") | values | changes
    return client.post(address(page), data, follow=True)


def a_publisher(client, *more):
    person = an_account(first_name="Ada", last_name="Min")
    rights = ["view_page", "change_page", "publish_page", "view_edition", *more]
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(person)
    return person


@pytest.mark.medium
def test_only_who_may_is_offered_it(client):
    page = a_warning()
    a_publisher(client)
    assert "emergency" not in client.get(address(page, "publish")).content.decode()
    assert client.get(address(page)).status_code == 403
    assert client.post(address(page), {"language": "en"}).status_code == 403
    assert page.editions.count() == 1


@pytest.mark.medium
def test_an_administrator_publishes_in_one_language_and_the_history_tells_why(client):
    page = a_warning()
    a_publisher(client, "publish_in_emergency")
    shown = send(client, page).content.decode()
    assert "Edition 2 is live, in one language only." in shown
    assert "published in English only, without a second approval." in shown
    assert "Reason: Fighting." in shown
    assert "Ada Min" in shown
    assert live(page).emergency.due_on == in_days(3)


@pytest.mark.medium
def test_it_is_offered_where_a_second_person_has_to_approve_everything_else(staff_client, settings):
    settings.REVIEW_BY_SECOND_PERSON = True
    page = a_warning()
    assert "Edition 2 is live" in send(staff_client, page).content.decode()


@pytest.mark.medium
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": ""}, "This field is required."),
        ({"due_on": ""}, "This field is required."),
        ({"due_on": "2020-01-01"}, "Choose a date from today to"),
        ({"sure": ""}, "This field is required."),
        ({"language": "fr"}, "This language has not changed"),
        ({"language": "ar"}, "Select a valid choice."),
        ({"seen": "0" * 64}, "The page was saved after you opened this screen."),
    ],
)
def test_a_form_that_cannot_be_accepted_says_why_and_loses_nothing(staff_client, changes, message):
    page = a_warning()
    shown = send(staff_client, page, **changes).content.decode()
    assert message in shown
    assert page.editions.count() == 1
    assert "reason" in changes or "Fighting.</textarea>" in shown


@pytest.mark.medium
def test_what_keeps_the_language_itself_from_being_published_is_listed(staff_client):
    page = a_warning()
    Page.objects.filter(pk=page.pk).update(address_en="")
    assert "The address is missing in English." in send(staff_client, page).content.decode()


@pytest.mark.medium
def test_a_page_that_was_never_public_has_no_form_but_the_reason(staff_client):
    shown = staff_client.get(address(a_page(), "publish")).content.decode()
    assert "A page that is not yet online must be published in both languages" in shown
    assert 'name="due_on"' not in shown


@pytest.mark.medium
def test_only_the_same_language_is_offered_while_the_other_one_is_due(staff_client):
    shown = staff_client.get(address(an_emergency(), "publish")).content.decode()
    assert 'id="emergency_language_0"' in shown
    assert 'id="emergency_language_1"' not in shown


@pytest.mark.medium
@pytest.mark.parametrize(("days", "expected"), [(7, "French due by"), (-1, "French overdue (was due by")])
def test_the_list_the_form_the_history_and_the_front_page_say_what_is_due(staff_client, days, expected):
    page = an_emergency()
    Emergency.objects.update(due_on=in_days(days))
    assert (" overdue (" in str(live(page).emergency)) == (days < 0)
    for screen in ("/admin/", "/admin/pages/page/", change_address(page), address(page, "history")):
        assert expected in staff_client.get(screen).content.decode(), screen


@pytest.mark.medium
def test_the_front_page_lists_what_is_due_first_until_it_is_repaired(editor):
    pages = [an_emergency(address_en=f"a-{days}", address_fr=f"b-{days}") for days in (9, 2)]
    for page, days in zip(pages, (9, 2), strict=True):
        Emergency.objects.filter(edition__page=page).update(due_on=in_days(days))

    def listed():
        found = {task.key: task.lines for task in worklist.tasks(editor)}
        return [line.url for line in found.get("emergencies", ())]

    assert listed() == [change_address(page) for page in reversed(pages)]
    publishing.withdraw(pages[0], by=None)
    assert listed() == [change_address(pages[1])]
    pages[1].title_fr = "Ne partez pas"
    pages[1].save()
    at = timezone.now() + timedelta(hours=1)
    edition = publishing.publish(pages[1], by=None, at=at)
    assert listed() == [change_address(pages[1])]
    Edition.objects.filter(pk=edition.pk).update(publish_at=timezone.now())
    assert listed() == []


@pytest.mark.medium
def test_the_list_of_pages_can_be_narrowed_to_them(staff_client):
    an_emergency(title_fr="Urgente")
    a_live_page(title_fr="Tranquille")
    shown = staff_client.get("/admin/pages/page/?lacks=language").content.decode()
    assert "Urgente" in shown
    assert "Tranquille" not in shown


@pytest.mark.medium
def test_many_emergencies_take_as_many_queries_as_one(staff_client, django_assert_num_queries):
    for path in ("/admin/", "/admin/pages/page/"):
        an_emergency(address_en=f"a{len(path)}", address_fr=f"b{len(path)}")
        staff_client.get(path)
        with django_assert_num_queries(40, exact=False) as few:
            staff_client.get(path)
        for number in range(3):
            an_emergency(address_en=f"{number}-{len(path)}", address_fr=f"{number}-{len(path)}-fr")
        indexes.backfill()
        with django_assert_num_queries(len(few)):
            staff_client.get(path)


@pytest.mark.medium
def test_the_exported_history_tells_the_reason_and_the_comparison_shows_one_language(staff_client):
    page = an_emergency()
    exported = b"".join(staff_client.get(address(page, "export")).streaming_content).decode()
    assert "Fighting near the airport." in exported
    compared = staff_client.get(address(page, "compare") + "?before=1&after=2").content.decode()
    assert "Do not travel" in compared.replace("<ins>", "").replace("</ins>", "") or "Do not" in compared


@pytest.mark.medium
def test_an_edition_of_an_emergency_is_restored_as_it_was_published(staff_client):
    page = an_emergency()
    page.title_en = "Something else"
    page.save()
    screen = reverse("admin:pages_page_restore", args=[page.pk, 2])
    staff_client.post(screen, fields(staff_client.get(screen)))
    page.refresh_from_db()
    assert (page.title_en, page.title_fr) == ("Do not travel", "Voyages")
    assert stale_paths(page) == [("title",)]


@pytest.mark.medium
@pytest.mark.parametrize("name", ["archive", "withdraw"])
def test_the_screens_that_take_a_page_away_say_in_both_languages_that_it_has_to_be_now(staff_client, name):
    page = an_emergency()
    at = timezone.localtime(timezone.now() + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")
    for language, said in (
        ("en", "Publish both languages first"),
        ("fr", "Publiez d’abord les deux langues"),
    ):
        staff_client.cookies["django_language"] = language
        data = fields(staff_client.get(address(page, name))) | {"when": "later", "at": at}
        assert said in staff_client.post(address(page, name), data).content.decode()
    assert page.editions.count() == 2


@pytest.mark.medium
def test_the_screens_speak_french(staff_client):
    page = a_warning()
    staff_client.cookies["django_language"] = "fr"
    assert "Dans une seule langue (urgence)" in staff_client.get(address(page, "publish")).content.decode()
    in_emergency(page)
    with translation.override("fr"):
        assert str(live(page).emergency).startswith("Version française attendue d’ici le")

"""Site-wide alerts: on every public page from their start until their end, in both languages, and nowhere else."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from pages import publishing, site_alerts
from pages.models.audit_entry import AuditEntry
from pages.models.site_alert import SiteAlert
from pages.site_version import VersionTracker, site_version
from tests.admin_forms import fields
from tests.factories import a_home_page, a_live_page, an_account, an_alert

pytestmark = pytest.mark.django_db

LIST = "/admin/pages/sitealert/"
ADD = f"{LIST}add/"
HOUR = timedelta(hours=1)


def publish(alert, *, hours=1, later=0, by=None):
    now = timezone.now()
    starts_at = now + later * HOUR if later else None
    return site_alerts.publish(
        alert.pk, by=by, starts_at=starts_at, ends_at=now + (later + hours) * HOUR, at=now
    )


def a_shown_alert(**changes):
    return publish(an_alert(**changes))


def address(alert, screen="change"):
    return f"{LIST}{alert.pk}/{screen}/"


@pytest.fixture
def site():
    publishing.publish(a_home_page(address_en="", address_fr=""), by=None)
    return a_live_page(address_en="trade", address_fr="commerce")


PUBLIC = [
    ("/en/", "en"),
    ("/fr/", "fr"),
    ("/en/trade", "en"),
    ("/fr/commerce", "fr"),
    ("/en/search", "en"),
    ("/fr/recherche?q=page", "fr"),
    ("/en/corrections", "en"),
    ("/fr/corrections/commerce", "fr"),
]


@pytest.mark.medium
@pytest.mark.parametrize(("path", "language"), PUBLIC)
def test_an_alert_is_on_every_public_page_in_its_language_from_its_start_to_its_end(
    client, site, path, language
):
    words = {"en": ("Office closed", "<p>See <a href="), "fr": ("Bureau fermé", "<p>Voyez <a href=")}[
        language
    ]
    alert = an_alert()
    assert words[0] not in client.get(path).text
    start = timezone.now() + HOUR
    site_alerts.publish(alert.pk, by=None, starts_at=start, ends_at=start + HOUR)
    shown = []
    for moment in (0, 3599.9, 3600, 7199.9, 7200):
        with time_machine.travel(start - HOUR + timedelta(seconds=moment), tick=False):
            text = client.get(path).text
            shown.append(words[0] in text)
            assert (words[1] in text) is shown[-1]
    assert shown == [False, False, True, True, False]


@pytest.mark.medium
def test_the_selection_of_the_language_says_it_in_both(client, site):
    a_shown_alert()
    text = client.get("/").text
    assert 'lang="en">' in text
    assert text.index("Office closed") < text.index("Bureau fermé") < text.index("<h1")


@pytest.mark.medium
def test_a_withdrawn_page_has_the_alert_too(client, site):
    a_shown_alert()
    publishing.withdraw(site, by=None)
    answer = client.get("/en/trade")
    assert answer.status_code == 410
    assert "Office closed" in answer.text


@pytest.mark.medium
def test_an_address_without_a_page_has_the_alert_too(client, site):
    a_shown_alert()
    for path, words in (("/en/nothing-here", "Office closed"), ("/fr/rien-ici", "Bureau fermé")):
        answer = client.get(path)
        assert answer.status_code == 404
        assert words in answer.text


@pytest.mark.medium
def test_an_alert_is_a_section_with_its_level_in_its_heading_and_interrupts_nobody(client, site):
    a_shown_alert(level="danger")
    text = client.get("/en/trade").text
    section = text[text.index('<section class="ci-site-alert"') :].partition("</section>")[0]
    assert 'aria-labelledby="site-alert-1"' in section
    assert '<h2 id="site-alert-1"><span class="ci-label">Danger</span> Office closed</h2>' in section
    assert "aria-live" not in section
    assert 'role="alert"' not in section
    assert text.index("</header>") < text.index(section) < text.index("<main")


@pytest.mark.medium
def test_a_page_with_alerts_takes_one_query(client, site, django_assert_num_queries):
    a_shown_alert()
    a_shown_alert(heading_en="Second")
    with django_assert_num_queries(1):
        text = client.get("/en/trade").text
    assert text.index("Second") < text.index("Office closed")  # the newest first


@pytest.mark.medium
def test_of_two_alerts_the_graver_one_comes_first(client, site):
    a_shown_alert(level="danger")
    a_shown_alert(level="information", heading_en="Second")
    text = client.get("/en/trade").text
    assert text.index("Office closed") < text.index("Second")


@pytest.mark.medium
def test_the_time_of_a_page_follows_its_alerts(client, site):
    alert = an_alert()
    with time_machine.travel(timezone.now() + 3 * HOUR, tick=False):
        before = client.get("/en/trade")["Last-Modified"]
        publish(alert)
    with time_machine.travel(timezone.now() + 3 * HOUR + timedelta(minutes=1), tick=False):
        during = client.get("/en/trade")["Last-Modified"]
    with time_machine.travel(timezone.now() + 5 * HOUR, tick=False):
        after = client.get("/en/trade")["Last-Modified"]
    assert len({before, during, after}) == 3


@pytest.mark.medium
def test_the_site_in_the_past_shows_the_alerts_of_that_day(staff_client, site):
    publish(an_alert(), hours=0.2)
    now = timezone.now()
    with time_machine.travel(now + HOUR / 2):
        assert "Office closed" not in staff_client.get("/en/trade").text
        moment = f"{now + HOUR / 10:%Y%m%dT%H%M%SZ}"
        assert "Office closed" in staff_client.get(f"/admin/record/{moment}/en/trade").text


# The version of the site


@pytest.mark.medium
def test_the_version_of_the_site_changes_when_an_alert_begins_and_ends_and_tells_when(site):
    tracker, alert, now = VersionTracker(), an_alert(), timezone.now()
    tracker.read()
    publish(alert, later=1)
    version, tags = tracker.read()
    assert tags == frozenset()
    assert abs(version.next_publish_at - now - HOUR) < HOUR / 60
    seen = []
    for moment in (0.5, 1.5, 1.6, 2.5, 2.6):
        with time_machine.travel(now + moment * HOUR, tick=False):
            seen.append(tracker.read()[1])
    assert seen == [frozenset(), None, frozenset(), None, frozenset()]


@pytest.mark.medium
def test_what_is_ended_early_changes_the_version_at_once(site):
    alert = a_shown_alert()
    before = site_version()
    assert before.alerts == (alert.pk,)
    site_alerts.end(alert.pk, by=None)
    after = site_version()
    assert after != before
    assert after.alerts == ()
    assert after.changed_at >= before.changed_at


@pytest.mark.medium
def test_a_draft_changes_nothing(site):
    before = site_version()
    an_alert()
    assert site_version() == before


# Publishing


@pytest.mark.medium
def test_a_link_to_a_page_leads_to_its_address_when_the_alert_is_published(staff_client, client, site):
    body = f'<p><a href="page:{site.key}">Trade</a></p>'
    alert = an_alert(body_en=body, body_fr=body)
    link = '<a href="/fr/commerce">Trade</a>'
    assert link in staff_client.get(address(alert, "preview/fr")).text
    publish(alert)
    assert link in client.get("/fr/commerce").text
    assert 'href="page:' not in SiteAlert.objects.get().document


def test_a_link_to_a_page_that_readers_do_not_find_keeps_an_alert_from_being_published():
    alert = an_alert(body_en='<p><a href="page:nowhere">Gone</a></p>')
    with pytest.raises(ValidationError, match="A link goes to a page that no longer exists"):
        publish(alert)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"heading_fr": ""}, "heading is missing in French"),
        ({"body_en": "<p> </p>"}, "text is missing in English"),
        ({"heading_en": "", "body_fr": None}, "text is missing in French"),
    ],
)
def test_an_alert_is_not_published_in_one_language_only(changes, said):
    with pytest.raises(ValidationError, match=said):
        publish(an_alert(**changes))
    assert not SiteAlert.objects.published().exists()


@pytest.mark.medium
def test_what_the_checks_block_keeps_an_alert_from_being_published():
    with pytest.raises(ValidationError):
        publish(
            an_alert(
                body_en="<p>It costs $4 million.</p>", body_fr="<p>Cela coûte 5 millions de dollars.</p>"
            )
        )


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [(-1, 1, "at"), (2, 1, "ends_at"), (None, 0, "ends_at"), (None, 24 * 91, "ends_at")],
)
def test_times_that_cannot_be_are_refused_beside_their_field(start, end, field):
    alert, now = an_alert(), timezone.now()
    with pytest.raises(ValidationError) as refusal:
        site_alerts.publish(
            alert.pk, by=None, at=now, starts_at=start and now + start * HOUR, ends_at=now + end * HOUR
        )
    assert list(refusal.value.message_dict) == [field]


def test_no_more_than_two_are_shown_at_once():
    for later in (0, 2):
        publish(an_alert(), later=later, hours=2)
    publish(an_alert(), later=1, hours=2)
    with pytest.raises(ValidationError, match="At most 2"):
        publish(an_alert(), later=1, hours=1)
    publish(an_alert(), later=3.5, hours=1)
    publish(an_alert(), later=6, hours=1)


def test_one_that_was_ended_or_cancelled_makes_room():
    first, second = a_shown_alert(), publish(an_alert(), later=1)
    publish(an_alert(), hours=3)
    site_alerts.end(first.pk, by=None)
    site_alerts.end(second.pk, by=None)
    publish(an_alert(), hours=3)
    assert [alert.state() for alert in SiteAlert.objects.order_by("pk")] == [
        "ended",
        "cancelled",
        "shown",
        "shown",
    ]


@pytest.mark.medium
def test_what_is_published_never_changes(site, client):
    alert = a_shown_alert()
    with pytest.raises(ValidationError, match="never changes"):
        publish(alert)
    SiteAlert.objects.filter(pk=alert.pk).update(heading_en="Otherwise")
    assert "Office closed" in client.get("/en/trade").text
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteAlert.objects.filter(pk=alert.pk).update(document="")


def test_what_is_over_or_a_draft_cannot_be_ended():
    alert = a_shown_alert()
    site_alerts.end(alert.pk, by=None)
    for over in (alert, an_alert()):
        with pytest.raises(ValidationError, match="not on the site"):
            site_alerts.end(over.pk, by=None)


def test_nobody_publishes_alone_what_they_wrote_where_a_second_person_is_asked_for(settings):
    settings.REVIEW_BY_SECOND_PERSON = True
    author, other = an_account(), an_account()
    alert = an_alert(saved_by=author)
    with pytest.raises(ValidationError, match="Someone else"):
        publish(alert, by=author)
    assert publish(alert, by=other).published_by == other


# The admin


def alert_data(**changes):
    return {
        "level": "warning",
        "heading_en": "Office closed",
        "heading_fr": "Bureau fermé",
        "body_en": "<p>Today.</p>",
        "body_fr": "<p>Aujourd’hui.</p>",
        **changes,
    }


def test_an_alert_is_saved_on_the_way_to_its_publication(staff_client):
    assert 'name="_publish"' in staff_client.get(ADD).text
    answer = staff_client.post(ADD, alert_data() | {"_publish": "1"})
    alert = SiteAlert.objects.get()
    assert answer["Location"] == address(alert, "publish")
    assert not alert.published_at
    again = staff_client.post(address(alert), alert_data(heading_en="Closed") | {"_publish": "1"})
    assert again["Location"] == address(alert, "publish")


def test_who_may_not_publish_is_led_to_the_form_of_an_alert(client):
    author = an_account()
    author.user_permissions.set(Permission.objects.filter(codename__in=["add_sitealert", "view_sitealert"]))
    client.force_login(author)
    assert "_publish" not in client.get(ADD).text
    answer = client.post(ADD, alert_data() | {"_publish": "1"})
    assert answer["Location"] == address(SiteAlert.objects.get())


@pytest.mark.medium
def test_an_alert_is_written_previewed_published_and_ended(staff_client, client, site):
    answer = staff_client.post(ADD, alert_data())
    alert = SiteAlert.objects.get()
    assert answer["Location"] == address(alert)
    form = staff_client.get(address(alert)).text
    assert "Draft: readers do not see this alert" in form
    for language, words in (("en", "Office closed"), ("fr", "Bureau fermé")):
        preview = staff_client.get(address(alert, f"preview/{language}"))
        assert words in preview.text
        assert preview.text.count("<h1") == 1
    assert "Office closed" not in client.get("/en/trade").text
    end = timezone.localtime() + 5 * HOUR
    sent = staff_client.post(address(alert, "publish"), {"when": "now", "ends_at": f"{end:%Y-%m-%dT%H:%M}"})
    assert sent.status_code == 302
    assert "Office closed" in client.get("/en/trade").text
    shown = staff_client.get(address(alert)).text
    assert "A published alert does not change" in shown
    assert 'name="heading_en"' not in shown
    assert "<strong>Bureau fermé</strong><p>Aujourd’hui.</p>" in shown
    assert staff_client.post(address(alert, "end")).status_code == 302
    assert "Office closed" not in client.get("/en/trade").text
    assert AuditEntry.objects.about(SiteAlert, alert.pk).count() == 3


def test_a_start_and_an_end_are_asked_for(staff_client):
    alert = an_alert()
    shown = staff_client.post(address(alert, "publish"), {"when": "later"}).context["form"].errors
    assert set(shown) == {"at", "ends_at"}
    late = f"{timezone.localtime() - HOUR:%Y-%m-%dT%H:%M}"
    shown = (
        staff_client.post(address(alert, "publish"), {"when": "now", "ends_at": late}).context["form"].errors
    )
    assert set(shown) == {"ends_at"}


def test_one_that_is_not_ready_says_why_instead_of_asking_when(staff_client):
    text = staff_client.get(address(an_alert(heading_fr=""), "publish")).text
    assert "The heading is missing in French." in text
    assert 'name="ends_at"' not in text


@pytest.mark.medium
def test_another_one_is_written_from_a_published_one(staff_client):
    alert = a_shown_alert(level="danger")
    assert f"{ADD}?copy={alert.pk}" in staff_client.get(address(alert)).text
    data = fields(staff_client.get(f"{ADD}?copy={alert.pk}"), "sitealert_form")
    assert data["heading_fr"] == "Bureau fermé"
    assert data["level"] == "danger"
    for odd in ("", "x", "0", "9" * 30, "-1"):
        assert staff_client.get(f"{ADD}?copy={odd}").status_code == 200


def test_a_published_alert_cannot_be_changed_or_deleted(staff_client):
    alert = a_shown_alert()
    assert staff_client.post(address(alert), alert_data(heading_en="Otherwise")).status_code == 403
    assert staff_client.post(address(alert, "delete"), {"post": "yes"}).status_code == 403
    draft = an_alert()
    assert staff_client.post(address(draft, "delete"), {"post": "yes"}).status_code == 302


@pytest.mark.parametrize("screen", ["publish", "end"])
def test_who_may_not_publish_pages_may_not_publish_or_end_an_alert(client, screen):
    person, alert = an_account(), a_shown_alert()
    rights = [f"{act}_sitealert" for act in ("view", "add", "change")]
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(person)
    assert client.get(address(alert)).status_code == 200
    assert f"{address(alert, 'end')}" not in client.get(address(alert)).text
    assert client.post(address(alert, screen)).status_code == 403


@pytest.mark.medium
def test_the_list_takes_as_many_queries_for_many_alerts(staff_client, django_assert_num_queries):
    publish(an_alert(), by=an_account())
    with django_assert_num_queries(20, exact=False) as few:
        assert "On the site" in staff_client.get(LIST).text
    for later in range(3, 20, 2):
        publish(an_alert(), by=an_account(), later=later)
    with django_assert_num_queries(len(few)):
        staff_client.get(LIST)


@pytest.mark.medium
@pytest.mark.parametrize("heading", ["<script>x</script>", "العراق", "x" * 120])
def test_odd_texts_are_shown_as_text(client, site, heading):
    a_shown_alert(heading_en=heading)
    text = client.get("/en/trade").text
    assert "<script>x" not in text
    assert heading.replace("<", "&lt;").replace(">", "&gt;") in text


def test_a_footnote_of_an_alert_is_in_brackets_because_no_list_of_notes_takes_it(client):
    note = '<span role="doc-footnote">Until noon.</span>'
    a_live_page(address_en="trade", address_fr="commerce")
    a_shown_alert(body_en=f"<p>Offices are closed{note}</p>", body_fr=f"<p>Les bureaux sont fermés{note}</p>")
    shown = client.get("/en/trade").text
    assert "Until noon." in shown
    assert "doc-noteref" not in shown

"""Which images everybody sees: those of live pages, for exactly as long as these show them."""

import importlib
import re
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pages import images, publishing
from pages.document import pictures
from pages.indexes import public_images
from pages.indexes.index import Batch
from pages.models import Edition, Figure, PublicImage, preview_link
from pages.shared_preview import preview_path
from tests.factories import (
    a_figure,
    a_home_page,
    a_live_page,
    a_page,
    a_partner,
    a_partner_list,
    a_png,
    an_account,
    an_image,
)

pytestmark = pytest.mark.django_db

SOON = timedelta(hours=1)


def path(image, *, extension="webp", media="/media/"):
    return f"{media}images/{image.digest}/{image.widths[0]}.{extension}"


def an_illustrated_page(colour="teal", **changes):
    """A page with one figure, and the figure's image."""
    page = a_page(**changes)
    return page, a_figure(page, image=an_image(data=a_png(colour=colour))).image.image


def a_live_illustrated_page(colour="teal", **changes):
    page, image = an_illustrated_page(colour, **changes)
    publishing.publish(page, by=None)
    return page, image


def is_public(image, at=None):
    return public_images.period(image.digest, at) is not None


# The public


@pytest.mark.parametrize("extension", ["avif", "webp"])
def test_an_image_of_a_live_page_may_be_kept_by_caches_for_minutes(client, extension):
    _page, image = a_live_illustrated_page()
    response = client.get(path(image, extension=extension))
    assert response.status_code == 200
    assert response["Content-Type"] == f"image/{extension}"
    assert set(response["Cache-Control"].split(", ")) == {"public", "max-age=300", "must-revalidate"}
    assert not response.has_header("Vary")


@pytest.mark.medium
def test_one_query_answers_for_an_image_however_many_pages_show_it(client, django_assert_num_queries):
    _page, image = a_live_illustrated_page()
    for _each in range(3):
        a_live_illustrated_page()
    with django_assert_num_queries(1):
        assert client.get(path(image)).status_code == 200


@pytest.mark.medium
def test_a_cache_that_asks_again_gets_no_bytes_while_the_image_is_public(client):
    page, image = a_live_illustrated_page()
    etag = client.get(path(image))["ETag"]
    again = client.get(path(image), headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert "max-age=300" in again["Cache-Control"]
    publishing.withdraw(page, by=None)
    assert client.get(path(image), headers={"If-None-Match": etag}).status_code == 404


@pytest.mark.parametrize("error", [PermissionError("not allowed"), RuntimeError("no answer")])
def test_an_image_is_asked_for_again_later_while_its_store_does_not_answer(client, monkeypatch, error):
    _page, image = a_live_illustrated_page()

    def fail(*arguments, **values):
        raise error

    monkeypatch.setattr(default_storage, "open", fail)
    client.raise_request_exception = False
    response = client.get(path(image))
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (
        503,
        "30",
        "no-store",
    )


def test_an_image_of_a_draft_is_not_found_and_no_cache_remembers_that(client):
    _page, image = an_illustrated_page()
    response = client.get(path(image))
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"


@pytest.mark.medium
def test_an_image_of_a_withdrawn_page_is_not_found(client):
    page, image = a_live_illustrated_page()
    publishing.withdraw(page, by=None)
    assert client.get(path(image)).status_code == 404


@pytest.mark.medium
def test_an_image_of_an_archived_page_stays_public(client):
    page, image = a_live_illustrated_page()
    publishing.archive(page, by=None)
    assert client.get(path(image)).status_code == 200


@pytest.mark.medium
def test_an_image_that_another_one_replaced_is_not_found(client):
    page, image = a_live_illustrated_page()
    figure = Figure.objects.get(parent=page)
    figure.image = an_image(data=a_png(colour="maroon"))
    figure.save()
    publishing.publish(page, by=None)
    assert client.get(path(image)).status_code == 404
    assert client.get(path(figure.image.image)).status_code == 200


@pytest.mark.medium
def test_a_page_that_is_published_again_brings_its_image_back(client):
    page, image = a_live_illustrated_page()
    publishing.withdraw(page, by=None)
    publishing.publish(page, by=None)
    assert client.get(path(image)).status_code == 200


@pytest.mark.medium
def test_a_logo_is_public_as_long_as_any_page_shows_it(client):
    partner = a_partner(logo=images.validate_upload(a_png(colour="navy")))
    assert client.get(path(partner.logo)).status_code == 404
    pages = []
    for _each in range(2):
        page = a_page()
        a_partner_list(page, partners=[partner])
        publishing.publish(page, by=None)
        pages.append(page)
    assert client.get(path(partner.logo)).status_code == 200
    publishing.withdraw(pages[0], by=None)
    assert client.get(path(partner.logo)).status_code == 200
    publishing.withdraw(pages[1], by=None)
    assert client.get(path(partner.logo)).status_code == 404


# Moments to come


@pytest.mark.medium
def test_an_image_of_a_scheduled_edition_is_public_from_its_moment_on(client):
    page, image = an_illustrated_page()
    edition = publishing.publish(page, by=None, at=timezone.now() + SOON)
    assert client.get(path(image)).status_code == 404
    assert not is_public(image, edition.publish_at - timedelta(microseconds=1))
    assert is_public(image, edition.publish_at)


@pytest.mark.medium
def test_an_image_is_public_until_the_moment_of_a_scheduled_withdrawal(client):
    page, image = a_live_illustrated_page()
    edition = publishing.withdraw(page, by=None, at=timezone.now() + SOON)
    assert client.get(path(image)).status_code == 200
    assert is_public(image, edition.publish_at - timedelta(microseconds=1))
    assert not is_public(image, edition.publish_at)


@pytest.mark.medium
def test_no_cache_keeps_an_image_beyond_its_withdrawal(client):
    page, image = a_live_illustrated_page()
    publishing.withdraw(page, by=None, at=timezone.now() + timedelta(seconds=60))
    seconds = int(re.search(r"max-age=(\d+)", client.get(path(image))["Cache-Control"])[1])
    assert 0 <= seconds <= 60


@pytest.mark.medium
def test_what_is_cancelled_changes_nothing():
    page, image = a_live_illustrated_page()
    publishing.cancel(publishing.withdraw(page, by=None, at=timezone.now() + SOON), by=None)
    assert is_public(image, timezone.now() + 2 * SOON)


@pytest.mark.medium
class AnySequence(TestCase):
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["publish", "archive", "withdraw", "cancel"]),
                st.sampled_from(["teal", "maroon"]),
                st.integers(0, 3),
            ),
            max_size=6,
        )
    )
    def test_an_image_is_public_exactly_when_a_live_edition_shows_it(self, acts):
        page, image = an_illustrated_page()
        start, shown = timezone.now(), {image.digest}
        for act, colour, hours in acts:
            at = start + timedelta(hours=hours) if hours else None
            shown.add(self.do(act, page, colour, at).digest)
        for digest in shown:
            for hours in (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5):
                at = timezone.now() + timedelta(hours=hours) if hours == 0 else start + timedelta(hours=hours)
                expected = any(
                    digest in {each.digest for each in pictures(edition.read())}
                    for edition in Edition.objects.live(at).readable()
                )
                assert (public_images.period(digest, at) is not None) == expected

    def do(self, act, page, colour, at):
        figure = Figure.objects.get(parent=page)
        if act == "publish":
            figure.image = an_image(data=a_png(colour=colour))
            figure.save()
            publishing.publish(page, by=None, at=at)
        elif act == "cancel":
            if edition := Edition.objects.scheduled().filter(page=page).first():
                publishing.cancel(edition, by=None)
        elif Edition.objects.live(at).readable().filter(page=page).exists():
            getattr(publishing, act)(page, by=None, at=at)
        return figure.image.image


# Those who work on pages


def an_editor(*permissions):
    account = an_account()
    account.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return account


def test_staff_see_an_image_of_a_draft_which_no_cache_keeps(client):
    _page, image = an_illustrated_page()
    client.force_login(an_editor("view_page"))
    response = client.get(path(image, media="/admin/media/"))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"].startswith("default-src 'none'; sandbox; ")
    assert client.get(path(image)).status_code == 404


def test_nobody_else_sees_it(client):
    _page, image = an_illustrated_page()
    assert client.get(path(image, media="/admin/media/")).status_code == 302
    client.force_login(an_editor("view_problemreport"))
    assert client.get(path(image, media="/admin/media/")).status_code == 403


@pytest.mark.medium
@pytest.mark.parametrize("name", ["change", "preview/en", "publish", "share", "export", "history"])
def test_every_screen_of_a_page_that_is_not_public_shows_its_images_to_staff(staff_client, name):
    page, image = a_live_illustrated_page()
    publishing.withdraw(page, by=None)
    response = staff_client.get(f"/admin/pages/page/{page.pk}/{name}/")
    html = (b"".join(response.streaming_content) if response.streaming else response.content).decode()
    assert not re.search(r"""["' ]/media/""", html)
    if name in ("change", "preview/en"):
        assert f"/admin/media/images/{image.digest}/" in html


def test_the_list_of_partner_organizations_shows_their_logos_to_staff(staff_client):
    partner = a_partner(logo=images.validate_upload(a_png()))
    html = staff_client.get("/admin/pages/partnerorganization/").content.decode()
    assert path(partner.logo, media="/admin/media/") in html


@pytest.mark.medium
def test_a_comparison_shows_both_images_to_staff(staff_client):
    page, image = a_live_illustrated_page()
    figure = Figure.objects.get(parent=page)
    figure.image = an_image(data=a_png(colour="maroon"))
    figure.save()
    html = staff_client.get(f"/admin/pages/page/{page.pk}/compare/").content.decode()
    for each in (image, figure.image.image):
        assert path(each, media="/admin/media/") in html


@pytest.mark.medium
def test_a_past_day_still_shows_the_image_of_a_page_that_was_withdrawn_since(staff_client):
    page, image = a_live_illustrated_page(address_en="map")
    edition = page.editions.get()
    then = (timezone.now() - timedelta(days=2)).replace(microsecond=0)
    Edition.objects.filter(pk=edition.pk).update(publish_at=then)
    publishing.withdraw(page, by=None)
    html = staff_client.get(f"/admin/record/{then:%Y%m%dT%H%M%SZ}/en/map").content.decode()
    assert f'src="/admin/media/images/{image.digest}/' in html
    for address in re.findall(r'src="(/admin/media/[^"]+)"', html):
        assert staff_client.get(address).status_code == 200


# Preview links


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_preview_link_shows_the_images_of_what_it_leads_to_and_no_others(client, language):
    page, image = an_illustrated_page()
    _other, foreign = an_illustrated_page("maroon")
    link, token = preview_link.create_link(page, by=None, days=1)
    preview = preview_path(language, token)
    html = client.get(preview).content.decode()
    [shown] = re.findall(r'<img src="([^"]+)"', html)
    assert shown == path(image, media=f"{preview}/")
    response = client.get(shown)
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    assert client.get(path(foreign, media=f"{preview}/")).status_code == 404
    link.revoked_at = timezone.now()
    link.save()
    assert client.get(shown).status_code == 404


@pytest.mark.medium
def test_a_preview_link_to_an_edition_shows_no_image_any_more_once_that_was_public(client):
    page, image = an_illustrated_page()
    edition = publishing.publish(page, by=None, at=timezone.now() + SOON)
    _link, token = preview_link.create_link(page, by=None, days=1, edition=edition)
    shown = path(image, media=f"{preview_path('en', token)}/")
    assert client.get(shown).status_code == 200
    Edition.objects.filter(pk=edition.pk).update(publish_at=timezone.now())
    assert client.get(shown).status_code == 404


# Keeping in step


def periods():
    return set(PublicImage.objects.values_list("page", "digest", "public_from", "public_until"))


@pytest.fixture
def varied_site():
    home = a_home_page()
    publishing.publish(home, by=None)
    a_live_illustrated_page()
    page, _image = a_live_illustrated_page("maroon")
    publishing.withdraw(page, by=None)
    page, _image = a_live_illustrated_page("navy")
    publishing.withdraw(page, by=None, at=timezone.now() + SOON)
    page, _image = an_illustrated_page("olive")
    publishing.publish(page, by=None, at=timezone.now() + SOON)
    page = a_page()
    a_partner_list(page, partners=[a_partner(logo=images.validate_upload(a_png(colour="black")))])
    publishing.publish(page, by=None)
    a_live_page()
    return periods()


@pytest.mark.medium
def test_the_periods_can_be_written_again_at_any_time(varied_site):
    PublicImage.objects.all().delete()
    out = StringIO()
    call_command("rebuild_worklist", stdout=out, stderr=StringIO())
    assert periods() == varied_site
    assert "4 images" in out.getvalue()


@pytest.mark.medium
def test_a_site_of_an_older_version_gets_its_periods_from_the_migration(varied_site):
    PublicImage.objects.all().delete()
    migration = importlib.import_module("pages.migrations.0015_public_images")
    migration.write_periods(apps, SimpleNamespace(connection=connection))
    assert periods() == varied_site


@pytest.mark.medium
def test_many_pages_are_kept_in_step_in_as_many_queries_as_few(django_assert_max_num_queries):
    pages = [a_live_illustrated_page()[0] for _each in range(6)]
    for some in (pages[:1], pages):
        with django_assert_max_num_queries(4):
            public_images.PublicImageIndex().update(Batch(page.pk for page in some))

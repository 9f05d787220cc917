"""The library of images: what figures take from it, what a new version does, and how it is found and filled."""

import json
from dataclasses import replace
from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pages import (
    content_checks,
    content_files,
    image_library,
    images,
    indexes,
    publishing,
    readiness,
    rendering,
    working_copy,
)
from pages.document import Bilingual, Document, Figure, FigureImage, dumps
from pages.models import DraftStatus, Edition, LibraryImage, Page, PublicImage
from pages.models import Figure as FigureRow
from pages.page_status import State, page_status
from tests.admin_forms import change_address, fields, page_form, save_image
from tests.factories import A_PICTURE, a_figure, a_page, a_png, a_stored_image, an_image, written

pytestmark = pytest.mark.django_db

ADD = "/admin/pages/libraryimage/add/"
UPLOAD = "/admin/pages/libraryimage/upload/"
SEARCH = "/admin/pages/libraryimage/search/"


def upload(data, name="bridge-over_tigris.png"):
    return SimpleUploadedFile(name, data, "image/png")


def image_address(image):
    return reverse("admin:pages_libraryimage_change", args=[image.pk])


# What a figure takes from the library


def test_a_figure_takes_each_text_that_it_lacks_from_the_library():
    image = an_image(
        alternative_text_en="A bridge",
        alternative_text_fr="Un pont",
        credit_en="Photo: X",
        credit_fr="Photo : X",
    )
    page = a_page()
    a_figure(page, image=image, alternative_text_en="Our bridge", alternative_text_fr="")
    [figure] = written(page).blocks
    assert figure.alternative_text == Bilingual("Our bridge", "Un pont")
    assert figure.credit == Bilingual("Photo: X", "Photo : X")


def test_a_decorative_figure_takes_no_alternative_text():
    page = a_page()
    image = an_image(alternative_text_en="A bridge", alternative_text_fr="Un pont")
    a_figure(page, image=image, decorative=True, alternative_text_en="", alternative_text_fr="")
    assert written(page).blocks[0].alternative_text == Bilingual()


def test_each_language_shows_its_own_file():
    english, french = a_stored_image("teal"), a_stored_image("red")
    shown = working_copy.read_shared(an_image(image_fr=french)).shown
    document = Document("x", blocks=(Figure("map", shown),))
    for language, file in (("en", english), ("fr", french)):
        [block] = rendering.render_preview(document, language).blocks
        assert file.digest in block.image.fallback


def test_both_files_are_public_with_the_page():
    page = a_page()
    a_figure(page, image=an_image(image_fr=a_stored_image("red")))
    publishing.publish(page, by=None)
    digests = set(PublicImage.objects.values_list("digest", flat=True))
    assert digests == {a_stored_image("teal").digest, a_stored_image("red").digest}


def test_words_without_a_french_file_are_a_finding():
    image = an_image(has_words=True)
    page = a_page()
    a_figure(page, image=image)
    assert "picture-lacks-french" in {finding.rule.id for finding in content_checks.findings(written(page))}
    assert not readiness.blocking_problems(written(page))
    LibraryImage.objects.filter(pk=image.pk).update(image_fr=a_stored_image("red"))
    assert "picture-lacks-french" not in {
        finding.rule.id for finding in content_checks.findings(written(page))
    }


def test_images_of_before_the_library_say_what_they_said():
    plain = {"digest": "ab" * 16, "format": "png", "height": 8, "width": 9, "widths": [9]}
    image = FigureImage("ab" * 16, "png", 9, 8, (9,))
    row = LibraryImage(key=image.digest, image=image.neutral)
    assert working_copy.read_shared(row).shown == image
    document = Document("x", blocks=(Figure("map", image),))
    assert json.loads(dumps(document))["blocks"][0]["image"] == plain


# A new version


@pytest.mark.medium
def test_a_new_version_is_seen_on_every_page_once_it_is_published_again(staff_client, client):
    image = an_image(data=a_png(colour="teal"))
    pages = [a_page(), a_page()]
    for page in pages:
        a_figure(page, image=image)
        publishing.publish(page, by=None)
    indexes.backfill()
    before, after = a_stored_image("teal"), a_stored_image("red")
    shown = save_image(staff_client, image, image=upload(a_png(colour="red"))).content.decode()
    assert "2 pages use this image." in shown
    for page in pages:
        assert page_status(Page.objects.get(pk=page.pk)).state == State.CHANGED
        assert Edition.objects.live().get(page=page).read().blocks[0].image.digest == before.digest
        assert written(page).blocks[0].image.digest == after.digest
    publishing.publish(pages[0], by=None)
    live = Edition.objects.live().get(page=pages[0]).read()
    assert live.blocks[0].image.digest == after.digest
    assert not indexes.verify()


def test_restoring_an_edition_brings_the_image_as_the_library_has_it_now():
    image = an_image(data=a_png(colour="teal"), key="bridge")
    page = a_page()
    a_figure(page, image=image)
    before = written(page)
    image.image = a_stored_image("red")
    image.save()
    current = working_copy.with_current_shared(before)
    working_copy.write(before, page)
    assert written(page) == current
    assert current.blocks[0].image.digest == a_stored_image("red").digest
    assert LibraryImage.objects.count() == 1


def test_an_image_of_an_edition_that_the_library_lacks_comes_into_it():
    page = a_page()
    document = replace(
        written(page), blocks=(Figure("map", replace(A_PICTURE, french=a_stored_image("red"))),)
    )
    working_copy.write(document, page)
    image = LibraryImage.objects.get()
    assert (image.key, image.image_fr) == (A_PICTURE.digest, a_stored_image("red"))
    assert written(page) == document


# The migration


@pytest.mark.medium
def test_the_migration_makes_one_image_of_each_file_and_changes_no_working_copy():
    migration = import_module("pages.migrations.0051_fill_library")
    page, other = a_page(), a_page()
    a_figure(page, image=an_image(data=a_png(colour="teal"), key=a_stored_image("teal").digest))
    a_figure(other, image=an_image(data=a_png(colour="teal")), alternative_text_fr="")
    a_figure(
        other, image=an_image(data=a_png(colour="red"), key=a_stored_image("red").digest), caption_en="Red"
    )
    before = [written(page), written(other)]
    FigureRow.objects.update(image=None)
    LibraryImage.objects.all().delete()
    migration.fill(apps, connection.schema_editor())
    assert sorted(LibraryImage.objects.values_list("key", flat=True)) == sorted(
        [a_stored_image("teal").digest, a_stored_image("red").digest]
    )
    assert [written(page), written(other)] == before
    migration.empty(apps, connection.schema_editor())
    assert not LibraryImage.objects.exists()
    assert FigureRow.objects.exclude(stored_image="").count() == 3


def test_figures_that_the_version_before_wrote_come_into_the_library():
    page = a_page()
    figure = a_figure(page)
    FigureRow.objects.update(image=None)
    LibraryImage.objects.all().delete()
    assert image_library.adopt() == 1
    assert FigureRow.objects.get(pk=figure.pk).image.image == a_stored_image("teal")
    assert image_library.adopt() == 0


# Content files


@pytest.mark.medium
def test_images_of_the_library_come_out_as_they_went_in_byte_for_byte(tmp_path):
    image = an_image(
        key="poster",
        alternative_text_en="A poster",
        alternative_text_fr="Une affiche",
        credit_en="Photo: A. Roy",
        credit_fr="Photo : A. Roy",
        has_words=True,
        image_fr=images.validate_upload(a_png(colour="red")),
    )
    figure = a_figure(a_page(), image=image, alternative_text_en="", alternative_text_fr="")
    first, second = tmp_path / "first", tmp_path / "second"
    content_files.dump(first)
    FigureRow.objects.all().delete()
    LibraryImage.objects.all().delete()
    content_files.load(first)
    content_files.dump(second)
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert [(first / name).read_bytes() for name in files] == [(second / name).read_bytes() for name in files]
    assert "images/poster_fr.png" in map(str, files)
    again = FigureRow.objects.get(key=figure.key)
    assert (again.image.key, again.alternative_text_en) == ("poster", "")  # it goes on following the library


# In the admin


@pytest.mark.medium
def test_an_image_is_added_and_the_same_file_refused_with_a_link(staff_client):
    empty = fields(staff_client.get(ADD), "libraryimage_form")
    posted = empty | {"title_en": "A bridge", "image": upload(a_png())}
    assert staff_client.post(ADD, posted).status_code == 302
    image = LibraryImage.objects.get()
    assert (image.key, image.digest) == ("a-bridge", a_stored_image("teal").digest)
    again = staff_client.post(ADD, empty | {"title_en": "Another", "image": upload(a_png())})
    assert "already" in again.text
    assert image_address(image) in again.text


@pytest.mark.medium
def test_an_image_that_a_page_shows_is_not_deleted(staff_client):
    image = an_image()
    page = a_page()
    a_figure(page, image=image)
    indexes.update_drafts([page])
    assert str(page) in staff_client.get(image_address(image)).text
    assert (
        staff_client.post(f"/admin/pages/libraryimage/{image.pk}/delete/", {"post": "yes"}).status_code == 302
    )
    assert LibraryImage.objects.exists()


@pytest.mark.medium
def test_the_form_of_a_page_takes_an_image_of_the_library(staff_client):
    page = a_page()
    a_figure(page)
    other = an_image(data=a_png(colour="red"))
    form = page_form(staff_client, page) | {"pages_figure_set-0-image-kept": str(other.pk)}
    assert staff_client.post(change_address(page), form).status_code == 302
    assert page.pages_figure_set.get().image == other


@pytest.mark.medium
def test_a_file_that_is_sent_with_a_figure_is_in_the_library(staff_client):
    page = a_page()
    a_figure(page)
    form = page_form(staff_client, page) | {"pages_figure_set-0-image": upload(a_png(colour="red"))}
    assert staff_client.post(change_address(page), form).status_code == 302
    assert page.pages_figure_set.get().image.title_en == "Bridge over tigris"
    assert LibraryImage.objects.count() == 2


@pytest.mark.medium
def test_the_form_of_a_page_asks_as_often_for_one_image_as_for_many(staff_client):
    one, many = a_page(), a_page()
    a_figure(one)
    for number in range(8):
        a_figure(many, image=an_image(data=a_png(width=40 + number)))
    counts = []
    for page in (one, one, many):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            staff_client.get(change_address(page))
        counts.append(len(queries))
    assert counts[1] == counts[2]


@pytest.mark.parametrize(
    ("typed", "count"), [("", 2), ("pont bagdad", 1), ("BRIDGE", 1), ("ecole", 1), ("school bridge", 0)]
)
def test_images_are_found_by_words_of_either_language_without_their_accents(staff_client, typed, count):
    an_image(title_en="Bridge", title_fr="Pont", alternative_text_fr="À Bagdad")
    an_image(data=a_png(colour="red"), title_en="School", title_fr="École")
    assert len(staff_client.get(SEARCH, {"q": typed}).json()["images"]) == count


def test_several_files_are_added_at_once_and_each_fault_is_said(staff_client):
    an_image(data=a_png(colour="teal"), title_en="Known")
    files = [
        upload(a_png(colour="red"), "a-bridge.png"),
        upload(a_png(colour="teal")),
        upload(b"<svg>", "b.svg"),
    ]
    shown = staff_client.post(UPLOAD, {"files": files}).text
    assert all(said in shown for said in ("A bridge", "Known", "b.svg", "SVG files are not accepted."))
    assert LibraryImage.objects.count() == 2
    answer = staff_client.post(UPLOAD, {"files": [upload(b"")]}, headers={"accept": "application/json"})
    assert answer.json()["files"][0]["error"]


def test_a_draft_status_follows_what_the_library_says():
    image = an_image(alternative_text_en="A map", alternative_text_fr="Une carte")
    page = a_page()
    a_figure(page, image=image, alternative_text_en="", alternative_text_fr="")
    indexes.update_drafts([page])
    before = DraftStatus.objects.get(page=page)
    assert before.reasons == 0
    with indexes.updating_for_shared([image]):
        image.alternative_text_fr = ""
        image.save()
    after = DraftStatus.objects.get(page=page)
    assert after.reasons == 1
    assert after.digest != before.digest

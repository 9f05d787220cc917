"""The part of an image of the library that pages show: chosen by numbers or by hand, and kept by editions."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Picture

from pages import content_files, image_crops, images, indexes, publishing, rendering, working_copy
from pages.document import LibraryImage as LibraryPart
from pages.image_crops import Crop
from pages.images import Image
from pages.models import Edition, LibraryImage, Page
from pages.page_status import State, page_status
from tests.admin_desk import faults_of
from tests.admin_forms import fields, save_image
from tests.factories import a_figure, a_page, a_png, a_text, an_image, written

# Red, green, blue and black: the quarters of a square of 600 pixels.
QUARTERS = {(0, 0): "red", (300, 0): "green", (0, 300): "blue", (300, 300): "black"}
GREEN = "300 0 300 300"


def four_quarters(format="PNG", **options):
    image = Picture.new("RGB", (600, 600))
    for place, colour in QUARTERS.items():
        image.paste(colour, (*place, place[0] + 300, place[1] + 300))
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def strongest(data):
    """The colour in the middle of a picture."""
    image = Picture.open(io.BytesIO(data)).convert("RGB")
    pixel = image.getpixel((image.width // 2, image.height // 2))
    return "red green blue".split()[pixel.index(max(pixel))]


def file_of(name):
    with default_storage.open(name) as file:
        return file.read()


def live(page):
    return Edition.objects.live().get(page=page)


def numbers(name, *values):
    return dict(zip((f"{name}_left", f"{name}_top", f"{name}_width", f"{name}_height"), values, strict=True))


# Rectangles


sides = st.integers(0, 99_999)


@given(st.builds(Crop, sides, sides, sides, sides))
def test_a_rectangle_is_read_as_it_was_written(crop):
    assert image_crops.parse(str(crop)) == crop


@pytest.mark.parametrize(
    "text", ["", "1 2 3", "1 2 3 4 5", "-1 2 3 4", "a b c d", "1  2 3 4", "1.5 2 3 4", "100000 1 1 1"]
)
def test_anything_else_is_no_rectangle(text):
    assert image_crops.parse(text) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 0 600 600", ""),
        ("", ""),
        ("1 0 600 600", "reaches beyond the image (600 × 600 pixels)."),
        ("0 585 16 16", "reaches beyond"),
        ("0 0 15 600", "must be 16 pixels or more"),
        ("0 0", "four whole numbers"),
    ],
)
def test_what_does_not_fit_the_image_is_said(text, message):
    found = image_crops.message(text, Image("ab" * 16, "png", 600, 600, (320, 600)))
    assert message in found
    assert bool(found) == bool(message)


def test_a_part_that_would_be_too_long_to_show_and_one_of_no_image_are_refused():
    tall = Image("ab" * 16, "png", 3000, 16_000, (320,))
    assert "too long for its width" in image_crops.message("0 0 100 9000", tall)
    assert "There is no image" in image_crops.message("0 0 100 100", None)


@given(st.integers(16, 900), st.integers(16, 900), st.tuples(*[st.integers(0, 900)] * 4))
def test_what_is_shown_is_within_the_image_whatever_the_numbers(width, height, numbers):
    image = Image("ab" * 16, "png", width, height, (320,))
    shown = image_crops.part(image, str(Crop(*numbers)))
    assert shown.width <= width
    assert shown.height <= height
    assert shown == image or shown.digest != image.digest


# Files


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_the_part_is_cut_and_the_original_stays_byte_for_byte(format):
    data = four_quarters(format)
    row = an_image(data=data, crop=GREEN)
    shown = row.file("en")
    assert (shown.width, shown.height, shown.widths) == (300, 300, (300,))
    assert strongest(file_of(images.rendition_name(shown, 300, "webp"))) == "green"
    assert strongest(images.original(shown)) == "green"
    assert images.original(row.image) == data


@pytest.mark.django_db
def test_the_rectangle_is_of_the_picture_as_people_see_it_and_not_as_a_camera_stored_it():
    exif = Picture.Exif()
    exif[0x0112] = 6  # turned to the right: green, above on the right, comes to stand below on the right
    row = an_image(data=four_quarters("JPEG", exif=exif), crop="300 300 300 300")
    assert strongest(images.original(row.file("en"))) == "green"


@pytest.mark.django_db
def test_each_language_has_a_part_of_its_own_file():
    french = images.store(images.validate_upload(four_quarters("JPEG")), default_storage)
    row = an_image(data=four_quarters(), image_fr=french, crop=GREEN, crop_fr="0 300 200 300")
    assert strongest(images.original(row.file("fr"))) == "blue"
    shown = working_copy.read_shared(row).shown
    assert (shown.file("en"), shown.file("fr")) == (row.file("en"), row.file("fr"))
    row.image_fr = None
    assert row.file("fr") == row.file("en")


def test_the_focal_point_stays_where_it_is_in_the_picture():
    image = Image("ab" * 16, "png", 600, 600, (320, 600))
    part = LibraryPart("map", image=image, crop=GREEN, focus_x=75, focus_y=0)
    assert part.shown.focus == (50, 0)
    assert LibraryPart("map", image=image, focus_x=75, focus_y=0).shown.focus == (75, 0)


def test_an_image_that_is_shown_whole_is_stored_as_it_always_was():
    image = Image("ab" * 16, "png", 600, 600, (320, 600))
    assert LibraryPart(image.digest, image=image).shown.key == ""
    assert LibraryPart(image.digest, image=image, crop=GREEN).shown.key == image.digest


# The form, and pages


@pytest.mark.django_db
@pytest.mark.medium
def test_a_part_is_chosen_by_numbers_and_seen_once_pages_are_published_again(staff_client, client):
    image = an_image(
        key="map", data=four_quarters(), alternative_text_en="A map", alternative_text_fr="Une carte"
    )
    page = a_page()
    a_figure(page, image=image)
    inline = '<ul>\n<li><img src="image:map"> Map</li>\n</ul>'
    a_text(page, body_en=inline, body_fr=inline)
    indexes.update_drafts([page])
    publishing.publish(page, by=None)
    before = client.get(f"/en/{page.address_en}").text
    answer = save_image(staff_client, image, **numbers("crop", "300", "0", "300", "300"))
    assert "1 page uses this image." in answer.content.decode()
    image.refresh_from_db()
    assert image.crop == GREEN
    assert page_status(Page.objects.get(pk=page.pk)).state == State.CHANGED
    assert client.get(f"/en/{page.address_en}").text == before
    first = live(page)
    publishing.publish(Page.objects.get(pk=page.pk), by=None)
    shown = client.get(f"/en/{page.address_en}").text
    part = image.file("en")
    assert f'width="{part.width}"' in shown
    assert shown.count(f"/media/images/{part.digest}/300.webp") >= 2  # in the figure and in the text
    assert client.get(f"/media/images/{part.digest}/300.webp").status_code == 200
    assert rendering.render_preview(first.read(), "en").blocks[0].image.width == 600
    indexes.backfill()
    assert not indexes.verify()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("500", "0", "300", "300"), "The part reaches beyond the image"),
        (("0", "0", "8", "300"), "The part is too small."),
        (("0", "", "300", "300"), "Write four whole numbers"),
        (("-1", "0", "300", "300"), "Write four whole numbers"),
        (("1" * 400, "0", "8", "300"), "Write four whole numbers"),
    ],
)
def test_numbers_that_do_not_fit_are_refused_at_their_field_and_shown_again(staff_client, typed, message):
    image = an_image(data=four_quarters())
    shown = save_image(staff_client, image, **numbers("crop", *typed)).content.decode()
    assert message in shown
    assert "characters (it has" not in shown
    assert 'href="#id_crop"' in shown
    assert f'name="crop_width" value="{typed[2]}"' in shown
    image.refresh_from_db()
    assert image.crop == ""


@pytest.mark.parametrize(("language", "words"), [("en", "(1 × 1 pixel)"), ("fr", "(1 × 1 pixel)")])
def test_an_image_of_one_pixel_has_one_pixel(language, words):
    with translation.override(language):
        assert words in image_crops.problem(image_crops.Crop(0, 0, 16, 16), 1, 1)


@pytest.mark.django_db
def test_another_file_is_shown_whole(staff_client):
    image = an_image(data=four_quarters(), crop=GREEN)
    save_image(staff_client, image, image=SimpleUploadedFile("a.png", a_png(900, 900), "image/png"))
    image.refresh_from_db()
    assert (image.image.width, image.crop) == (900, "")


@pytest.mark.django_db
@pytest.mark.medium
@pytest.mark.parametrize("opened", ["", "0 0 300 300"])
def test_another_file_is_shown_whole_also_when_somebody_chose_a_part_of_the_old_one_meanwhile(
    staff_client, opened
):
    image = an_image(data=four_quarters(), crop=opened)
    address = reverse("admin:pages_libraryimage_change", args=[image.pk])
    stale = fields(staff_client.get(address), "libraryimage_form")
    LibraryImage.objects.filter(pk=image.pk).update(crop=GREEN)
    stale["image"] = SimpleUploadedFile("a.png", a_png(200, 150), "image/png")
    assert "Not saved" not in staff_client.post(address, stale, follow=True).text
    image.refresh_from_db()
    assert (image.image.width, image.crop) == (200, "")


@pytest.mark.django_db
def test_a_store_that_fails_is_an_error_of_the_field(staff_client, monkeypatch):
    image = an_image(data=four_quarters())

    def fail(*_arguments):
        raise OSError("full")

    monkeypatch.setattr(images, "store_as", fail)
    shown = save_image(staff_client, image, **numbers("crop", "0", "0", "100", "100")).content.decode()
    assert "The server could not store the image" in shown


# Files and the past


@pytest.mark.django_db
@pytest.mark.medium
def test_content_files_carry_the_part_with_the_whole_file(tmp_path):
    data = four_quarters()
    image = an_image(key="map", data=data, crop=GREEN)
    page = a_page()
    a_figure(page, image=image)
    before = written(page)
    content_files.dump(tmp_path)
    assert f"crop: {GREEN}\n" in (tmp_path / "images.yaml").read_text(encoding="utf-8")
    assert (tmp_path / "images" / "map_en.png").read_bytes() == data
    Page.objects.filter(pk=page.pk).delete()
    LibraryImage.objects.all().delete()
    content_files.load(tmp_path)
    assert written(Page.objects.get(key=page.key)) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("crop", "message"), [("0 0 900 900", "reaches beyond"), ("[1, 2]", "four whole numbers")]
)
def test_a_content_file_with_a_part_that_does_not_fit_is_refused(tmp_path, crop, message):
    a_figure(a_page(), image=an_image(key="map", data=four_quarters(), crop=GREEN))
    content_files.dump(tmp_path)
    file = tmp_path / "images.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(GREEN, crop), encoding="utf-8")
    with pytest.raises(content_files.ImportErrors, match=message):
        content_files.load(tmp_path)


@pytest.mark.django_db
def test_an_edition_whose_image_the_library_lost_brings_back_the_part_that_it_showed():
    image = an_image(key="map", data=four_quarters(), crop=GREEN)
    page = a_page()
    a_figure(page, image=image)
    document = written(page)
    page.pages_figure_set.all().delete()
    image.delete()
    working_copy.write(document, page)
    restored = LibraryImage.objects.get(key="map")
    assert (restored.image.width, restored.crop) == (300, "")
    assert strongest(images.original(restored.image)) == "green"


# By hand


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 320])
def test_a_part_is_drawn_moved_stretched_and_taken_back_by_mouse_and_keyboard(desk, width):
    image = an_image(data=four_quarters())
    page = desk(reverse("admin:pages_libraryimage_change", args=[image.pk]), width=width)

    def typed():
        return [
            page.locator(f"[name=crop_{name}]").input_value() for name in ("left", "top", "width", "height")
        ]

    page.get_by_role("button", name="Show a part only").click()
    assert typed() == ["60", "60", "480", "480"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    assert typed() == ["70", "60", "480", "470"]
    assert not faults_of(page)
    page.get_by_role("button", name="Show the whole image").click()
    assert typed() == ["", "", "", ""]
    picture = page.locator(".ci-crop__image img").first
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    left, top, across, down = map(int, typed())
    assert abs(left - 300) < 12
    assert top < 12
    assert abs(across - 300) < 12
    assert abs(down - 300) < 12
    page.locator("[name=_save]").click()
    page.wait_for_selector(".messagelist .success")
    image.refresh_from_db()
    assert strongest(images.original(image.file("en"))) == "green"

"""Focal points: chosen for an image of the library, kept in editions, and what is cut around them for sharing."""

import io
import re
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pages import content_files, emergencies, picture_cuts, publishing, working_copy
from pages.admin import changes
from pages.document import Bilingual, FigureImage, dumps
from pages.models import LibraryImage, Page
from tests.admin_forms import fields
from tests.factories import a_block, a_document, a_figure, a_home_page, a_live_page, a_page, an_image

# Red, green, blue and black: the quarters of a square.
QUARTERS = {(0, 0): "red", (300, 0): "green", (0, 300): "blue", (300, 300): "black"}


def four_quarters():
    image = Image.new("RGB", (600, 600))
    for place, colour in QUARTERS.items():
        image.paste(colour, (*place, place[0] + 300, place[1] + 300))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def colour_of(data, across, down):
    """The strongest colour at a place in a picture, in shares of its size."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    pixel = image.getpixel((round(across * (image.width - 1)), round(down * (image.height - 1))))
    return "red green blue".split()[pixel.index(max(pixel))] if max(pixel) > 60 else "black"


# Cutting


@given(st.integers(1, 5000), st.integers(1, 5000), st.tuples(st.integers(0, 100), st.integers(0, 100)))
def test_the_point_is_in_what_is_cut_wherever_it_is(width, height, focus):
    left, top, right, bottom = picture_cuts.box(width, height, focus)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    # Within the pixel to which edges are rounded.
    assert left - 1 <= width * focus[0] / 100 <= right + 1
    assert top - 1 <= height * focus[1] / 100 <= bottom + 1


@pytest.mark.parametrize(
    ("focus", "above", "below"),
    [((0, 0), "red", "red"), ((50, 100), "blue", "blue"), ((50, 50), "red", "blue")],
)
def test_what_is_cut_has_the_shape_of_a_card_and_no_more_pixels_than_there_are(focus, above, below):
    part = picture_cuts.cut(four_quarters(), focus)
    assert Image.open(io.BytesIO(part)).size == (600, 315)
    assert colour_of(part, 0.1, 0.05) == above
    assert colour_of(part, 0.1, 0.9) == below


def test_what_is_transparent_is_white():
    out = io.BytesIO()
    Image.new("RGBA", (60, 60), (0, 0, 0, 0)).save(out, "PNG")
    part = Image.open(io.BytesIO(picture_cuts.cut(out.getvalue(), (50, 50))))
    assert part.getpixel((30, 15)) == (255, 255, 255)


# Pages


def shared_image(client, path="/en/trade"):
    [address] = re.findall(r'<meta property="og:image" content="([^"]+)"', client.get(path).text)
    return address.removeprefix("http://testserver")


def a_live_figure(**changes):
    publishing.publish(a_home_page(), by=None)
    page = a_page(key="trade", address_en="trade", address_fr="commerce")
    image = an_image(data=four_quarters(), **changes)
    a_figure(page, image=image)
    publishing.publish(page, by=None)
    return page, image


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/trade", "/fr/commerce"])
def test_a_page_is_shared_with_its_picture_cut_around_the_focal_point(client, path):
    a_live_figure(focus_x=50, focus_y=100)
    answer = client.get(shared_image(client, path))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert colour_of(answer.content, 0.1, 0.05) == "blue"


@pytest.mark.django_db
def test_a_picture_without_a_focal_point_is_shared_whole(client):
    a_live_figure()
    assert shared_image(client).endswith(".webp")


@pytest.mark.django_db
def test_what_is_public_keeps_the_focal_point_that_it_was_published_with(client):
    page, image = a_live_figure(focus_x=50, focus_y=100)
    before = shared_image(client)
    image.focus_y = 0
    image.save()
    assert shared_image(client) == before
    publishing.publish(Page.objects.get(pk=page.pk), by=None)
    after = shared_image(client)
    assert after != before
    assert colour_of(client.get(after).content, 0.1, 0.05) == "red"
    assert client.get(before)["Location"] == after
    first, second = (edition.read().blocks[0].image for edition in page.editions.order_by("number"))
    assert (first.focus, second.focus) == ((50, 100), (50, 0))


@pytest.mark.django_db
def test_only_what_readers_find_is_cut(client):
    page, _image = a_live_figure(focus_x=10)
    path = shared_image(client)
    assert client.get(path.replace("trade-", "other-")).status_code == 404
    publishing.withdraw(page, by=None, explanation=Bilingual("Over.", "Terminé."))
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_a_picture_that_only_the_language_of_an_emergency_shows_is_not_cut_for_the_other(client):
    publishing.publish(a_home_page(), by=None)
    page = a_live_page(key="trade", address_en="trade", address_fr="commerce", title_en="Before")
    page.title_en = "After"
    page.save()
    a_figure(
        page,
        image=an_image(data=four_quarters(), focus_x=10),
        alternative_text_en="A map",
        alternative_text_fr="",
        caption_fr="",
    )
    emergencies.publish_in_emergency(
        page, language="en", reason="Fighting.", due_on=localdate() + timedelta(days=2), by=None
    )
    path = shared_image(client)
    assert client.get(path).status_code == 200
    assert client.get(path.replace("/en/", "/fr/")).status_code == 404


@pytest.mark.django_db
def test_programs_that_cut_a_picture_themselves_get_its_focal_point(client):
    a_live_figure(focus_x=50, focus_y=100)
    [figure] = client.get("/api/v1/pages/trade").json()["fr"]["blocks"]
    assert figure["image"]["focus"] == [50, 100]


# Documents and files


def test_an_image_without_a_focal_point_is_stored_as_it_always_was():
    assert "focus" not in dumps(a_document(blocks=(a_block("figure"),)))
    assert FigureImage("ab" * 16, "png", 10, 10, (10,), focus_x=0).focus == (0, 50)


@pytest.mark.django_db
def test_a_content_file_carries_a_focal_point_and_a_restored_edition_brings_it_back(tmp_path):
    page, image = a_live_figure(key="map", focus_x=0, focus_y=30)
    document = working_copy.read(page)
    content_files.dump(tmp_path)
    text = (tmp_path / "images.yaml").read_text()
    assert "  focus_x: 0\n  focus_y: 30\n" in text
    page.pages_figure_set.all().delete()
    LibraryImage.objects.all().delete()
    content_files.load(tmp_path)
    assert working_copy.read(Page.objects.get(pk=page.pk)) == document
    page.pages_figure_set.all().delete()
    LibraryImage.objects.all().delete()
    working_copy.write(page.editions.get().read())
    assert LibraryImage.objects.get().focus_y == 30
    (tmp_path / "images.yaml").write_text(text.replace("focus_y: 30", "focus_y: 130"))
    with pytest.raises(content_files.ImportErrors, match="Write a whole number from 0 to 100"):
        content_files.load(tmp_path)


# The admin


@pytest.mark.django_db
@pytest.mark.medium
def test_a_focal_point_is_set_by_numbers_and_told_where_pages_are_compared(staff_client):
    page, image = a_live_figure()
    address = f"/admin/pages/libraryimage/{image.pk}/change/"
    data = fields(staff_client.get(address), "libraryimage_form")
    refused = staff_client.post(address, data | {"focus_x": "101"})
    assert list(refused.context["adminform"].form.errors) == ["focus_x"]
    assert staff_client.post(address, data | {"focus_x": "20", "focus_y": "80"}).status_code == 302
    status = Page.objects.get(pk=page.pk).draft_status
    assert status.digest != status.live_digest
    now = working_copy.read(Page.objects.get(pk=page.pk)).blocks[0].image
    [fact] = changes._facts(
        type(page.pages_figure_set.get()), "image", page.editions.get().read().blocks[0].image, now
    )
    assert (str(fact.before), str(fact.after)) == ("–", "20% across, 80% down")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
def test_a_focal_point_is_chosen_by_selecting_it_on_the_image(desk, width):
    image = an_image(data=four_quarters())
    page = desk(f"/admin/pages/libraryimage/{image.pk}/change/", width=width)
    picture = page.locator(".ci-focus__image img")
    size = picture.bounding_box()
    picture.click(position={"x": size["width"] * 0.25, "y": size["height"] * 0.9})
    assert (page.input_value("#id_focus_x"), page.input_value("#id_focus_y")) == ("25", "90")
    assert page.locator(".ci-focus__cut").evaluate("(each) => each.style.objectPosition") == "25% 90%"
    page.fill("#id_focus_y", "10")
    assert page.locator(".ci-focus__mark").evaluate("(each) => each.style.top") == "10%"
    page.click(".ci-focus__clear")
    assert page.input_value("#id_focus_x") == ""
    assert not page.is_visible(".ci-focus__mark")

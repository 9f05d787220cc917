"""The cards of pages: their words are whole whatever the title, and only what is public has one."""

import io
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image

from pages import card_images, publishing
from pages.card_images import TITLE_HEIGHT, TITLE_SIZES, fit
from tests.factories import a_live_page, a_page

ROOM = card_images.WIDTH - 2 * card_images.MARGIN
ARABIC = "وزارة التربية"


@pytest.mark.parametrize(
    "title",
    [
        "Trade",
        "Stratégie du Canada à l’égard de l’Irak : sécurité, stabilisation, aide humanitaire et développement à "
        "long terme pour les populations touchées par le conflit dans la région",
        "W" * 200,
        "A-" * 100,
        " ".join(["Hydroélectricité"] * 11),
        f"Ministry of Education ({ARABIC})",
        " ".join([ARABIC] * 14),
    ],
)
def test_no_letter_of_a_title_is_cut(title):
    size, lines = fit(title, TITLE_SIZES, ROOM, TITLE_HEIGHT)
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")
    assert max(card_images._measure(line, size) for line in lines) <= ROOM
    assert len(lines) * size * card_images.LINE_SPACING <= TITLE_HEIGHT


def test_short_titles_are_large_and_words_are_parted_only_where_nothing_else_helps():
    assert fit("Trade", TITLE_SIZES, ROOM, TITLE_HEIGHT) == (80, ["Trade"])
    size, lines = fit("Programme d’hydroélectricité et d’approvisionnement", TITLE_SIZES, ROOM, TITLE_HEIGHT)
    assert lines == ["Programme", "d’hydroélectricité et", "d’approvisionnement"]


def test_a_card_is_a_small_png_in_the_colours_of_the_site():
    card = card_images.Card("Trade", "Site", "#112233", "#aabbcc", has_mark=False)
    content = card_images.draw(card)
    image = Image.open(io.BytesIO(content)).convert("RGB")
    assert (image.format, image.size) == (None, (1200, 630))
    assert content.startswith(b"\x89PNG")
    assert len(content) < 60_000
    assert image.getpixel((5, 5)) == (0x11, 0x22, 0x33)
    assert image.getpixel((100, card_images.LINE_TOP + 3)) == (0xAA, 0xBB, 0xCC)


@pytest.mark.parametrize("letter", "ÀçœŸéÎḥāʿʾ«»—’…€ÉةكئẒ")
def test_the_fonts_have_the_letters_of_english_french_and_arabic_names(letter):
    [(part, font)] = card_images._runs(letter, 40)
    assert card_images.card(letter, "fr").can_be_drawn
    assert bytes(font.getmask(part)) != bytes(font.getmask("\U0010fffd")), (
        "that is the sign of a missing letter"
    )


@pytest.mark.parametrize("title", ["北京", "Trade 🇮🇶", "Ελλάδα", "Кириллица", ""])
def test_a_title_without_its_letters_has_no_card(title):
    assert not card_images.card(title, "en").can_be_drawn


def test_an_invisible_hyphen_is_not_drawn():
    assert card_images.card("Sta\u00adbility", "en") == card_images.card("Stability", "en")


def test_another_title_another_language_and_other_colours_are_other_cards():
    cards = [
        card_images.card("Trade", "en"),
        card_images.card("Trade", "fr"),
        card_images.card("Tradition", "en"),
        card_images.Card("Trade", "Canada-Iraq Pages", "#000000", "#c9773f", True),
    ]
    assert len({card.version for card in cards}) == len(cards)


# On the site.


def card_of(client, path):
    found = re.search(r'property="og:image" content="([^"]+)"', client.get(path).text)
    return found and found[1].removeprefix(settings.SITE_URL)


@pytest.mark.medium
@pytest.mark.django_db
def test_a_page_without_a_picture_is_shared_with_its_card(client, django_assert_num_queries):
    a_live_page(title_en="Trade & aid", address_en="trade", address_fr="commerce")
    text = client.get("/en/trade").text
    name = settings.SITE_IDENTITY["name"]["en"]
    assert f'<meta property="og:image:alt" content="Trade &amp; aid - {name}">' in text
    assert '<meta name="twitter:card" content="summary_large_image">' in text
    path = card_of(client, "/en/trade")
    with django_assert_num_queries(1):
        answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert client.get(card_of(client, "/fr/commerce")).status_code == 200


@pytest.mark.medium
@pytest.mark.django_db
def test_a_new_title_has_a_new_card_to_which_the_old_one_leads(client):
    page = a_live_page(title_en="Trade", address_en="trade")
    old = card_of(client, "/en/trade")
    page.title_en = "Commerce and trade"
    page.save()
    assert card_of(client, "/en/trade") == old, "as long as only the working copy says so"
    publishing.publish(page, by=None)
    new = card_of(client, "/en/trade")
    assert new != old
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (302, new)


@pytest.mark.medium
@pytest.mark.django_db
def test_only_a_page_that_readers_find_has_a_card(client):
    page = a_page(address_en="trade", address_fr="commerce")
    card = card_images.card(page.title_en, "en")
    path = f"/en/cards/{page.key}-{card.version}.png"
    assert client.get(path).status_code == 404
    publishing.publish(page, by=None, at=timezone.now() + timedelta(hours=1))
    assert client.get(path).status_code == 404, "its edition is not public yet"
    publishing.publish(page, by=None)
    assert client.get(path).status_code == 200
    publishing.withdraw(page, by=None)
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_a_page_whose_title_cannot_be_drawn_names_no_card(client):
    page = a_live_page(title_en="北京", address_en="beijing")
    assert card_of(client, "/en/beijing") is None
    assert client.get(f"/en/cards/{page.key}-{'0' * 12}.png").status_code == 404

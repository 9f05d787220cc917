"""What an upgrade rehearsal records of an answer, and what counts as a difference between two."""

import pytest

from canada_iraq.operations import answer_recorder
from canada_iraq.operations.answer_comparison import Answer, Difference, compare, differences

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Trade &amp; aid
 – Pages</title></head><body><header>Menu</header>
<main id="main"><!-- made at noon --><h1>Trade</h1><p>Canada <em>sells</em>
wh<b>eat</b> &lt; oil.</p><style>p{}</style><p><img src="/media/images/a/1.webp" alt="A port &amp; a ship"
 srcset="/media/images/a/2.webp 2x"></p>
<p title="a > b">After.</p></main><footer>Date</footer></body></html>"""


def test_of_a_page_the_title_and_the_lines_of_the_main_part_are_read():
    assert answer_recorder.read(PAGE, "text/html") == {
        "title": "Trade & aid – Pages",
        "text": "Trade\nCanada sells wheat < oil.\n[A port & a ship]\nAfter.",
    }


def test_of_another_answer_all_of_its_text_is_read():
    sitemap = "<urlset>\n<url><loc>https://x/en/</loc><lastmod>2026</lastmod></url>\n</urlset>"
    assert answer_recorder.read(sitemap, "application/xml")["text"] == "https://x/en/\n2026"
    assert answer_recorder.read("User-agent: *\n# <a>", "text/plain")["text"] == "User-agent: *\n# <a>"


def recorded(*paths, follow=True):
    answers = {
        "/en/": (200, {"content-type": "text/html; charset=utf-8"}, PAGE.encode()),
        "/sitemap.xml": (
            200,
            {"content-type": "application/xml"},
            b"<loc>https://x/sitemap-1.xml</loc><loc>https://x/en/unknown</loc>",
        ),
        "/en/old": (301, {"location": "/en/"}, b""),
    }
    missing = (404, {"content-type": "image/webp"}, b"\xff")
    found = answer_recorder.record(paths, lambda path: answers.get(path, missing), follow=follow)
    return {answer["path"]: (answer["status"], answer["location"]) for answer in found}


def test_images_and_sitemaps_that_answers_name_are_asked_for_too():
    assert recorded("/en/", "/sitemap.xml", "/en/old") == {
        "/en/": (200, ""),
        "/sitemap.xml": (200, ""),
        "/en/old": (301, "/en/"),
        "/media/images/a/1.webp": (404, ""),
        "/media/images/a/2.webp": (404, ""),
        "/sitemap-1.xml": (404, ""),
    }


def test_they_are_not_where_only_the_same_addresses_are_wanted_again():
    assert list(recorded("/en/", follow=False)) == ["/en/"]


def an_answer(**changes):
    return Answer(**{"path": "/en/", "status": 200, "title": "Trade", "text": "One\nTwo\nThree"} | changes)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({}, []),
        ({"status": 404, "title": "Not found", "text": ""}, [Difference("status", "200", "404")]),
        ({"location": "/fr/"}, [Difference("location", "", "/fr/")]),
        ({"title": "Aid"}, [Difference("title", "Trade", "Aid")]),
        ({"text": "One\n2\nThree\nFour"}, [Difference("text", "Two", "2"), Difference("text", "", "Four")]),
        ({"text": "Three"}, [Difference("text", "One\nTwo", "")]),
    ],
)
def test_what_a_reader_would_notice_is_a_difference(after, expected):
    assert list(differences(an_answer(), an_answer(**after))) == expected


def test_equal_differences_are_put_together_those_of_most_addresses_first():
    before = [an_answer(path=f"/en/{number}") for number in range(3)]
    after = [an_answer(path=f"/en/{number}", text=f"One\nTwo\nThree\n{number // 2}") for number in range(3)]
    found = compare(before, after)
    assert found.addresses == 3
    assert found.by_frequency() == [
        (Difference("text", "", "0"), ["/en/0", "/en/1"]),
        (Difference("text", "", "1"), ["/en/2"]),
    ]


def test_an_address_with_the_same_difference_at_two_places_is_named_once():
    found = compare([an_answer(text="a\nb\na")], [an_answer(text="c\nb\nc")])
    assert found.by_frequency() == [(Difference("text", "a", "c"), ["/en/"])]


def test_what_was_not_there_before_is_no_public_address():
    found = compare([an_answer(status=404)], [an_answer()])
    assert (found.addresses, found.paths) == (0, {})


def test_answers_at_other_addresses_are_not_compared():
    with pytest.raises(ValueError, match="/en/ was followed by /fr/"):
        compare([an_answer()], [an_answer(path="/fr/")])

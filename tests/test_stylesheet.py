"""The stylesheet: one file made of all its parts, in colours that everybody can read."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from pages import rendering, stylesheet

SCHEMES = {
    "light": re.search(r":root \{(.*?)\}", stylesheet.source(), re.DOTALL)[1],
    "dark": re.search(r"prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", stylesheet.source(), re.DOTALL)[
        1
    ],
}


def colours(scheme):
    """The custom properties of a scheme that are colours; those it does not set are the light ones."""
    both = SCHEMES["light"] + (SCHEMES["dark"] if scheme == "dark" else "")
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", both))


def luminance(colour):
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("background", ["paper", "sand"])
@pytest.mark.parametrize(
    "text", ["ink", "soft", "link", "link-hover", "visited", "copper", "error", "success"]
)
def test_text_has_the_enhanced_contrast(scheme, background, text):
    values = colours(scheme)
    assert contrast(values[text], values[background]) >= 7


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("text", "background"),
    [
        ("header-ink", "header"),
        ("action-ink", "action"),
        ("action-ink", "action-hover"),
        ("notice-ink", "notice"),
        ("ring-ink", "ring"),
    ],
)
def test_text_on_colour_has_the_enhanced_contrast(scheme, text, background):
    values = colours(scheme)
    assert contrast(values[text], values[background]) >= 7


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("background", ["paper", "sand"])
def test_the_edges_of_controls_can_be_seen(scheme, background):
    values = colours(scheme)
    assert contrast(values["edge"], values[background]) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("background", ["paper", "sand", "header", "action"])
def test_one_of_the_two_focus_rings_can_be_seen_on_every_background(scheme, background):
    values = colours(scheme)
    assert max(contrast(values[ring], values[background]) for ring in ("ring", "ring-ink")) >= 3


def test_the_colours_are_not_those_of_the_government_of_canada():
    used = {value for scheme in SCHEMES for value in colours(scheme).values()}
    assert not used & {"#26374a", "#33465c", "#a62a1e", "#af3c43"}


def test_every_source_is_part_of_the_stylesheet():
    assert {file.stem for file in stylesheet.FOLDER.glob("*.css")} == set(stylesheet.SOURCES)


def test_the_stylesheet_loads_nothing_and_forces_nothing():
    assert not re.search(r"url\(|@import|!important", stylesheet.source())


def test_no_rule_that_lists_selectors_needs_has():
    """A browser that does not know it drops the whole rule, and with it those selectors that it knows."""
    css = stylesheet.smaller(stylesheet.source())
    lists = [selectors for selectors in re.findall(r"[{};]?([^{};]+)\{", css) if ":has(" in selectors]
    assert [selectors for selectors in lists if "," in re.sub(r"\([^()]*\)", "", selectors)] == []
    assert len(lists) > rendering.MAX_COUNTERPARTS


def test_a_reader_who_changes_language_keeps_the_place_in_as_many_sections_as_the_pages_mark():
    toggles = (stylesheet.FOLDER / "language_toggle.css").read_text()
    marked = re.findall(r'\[data-n="(\d+)"\] :target\) \.ci-toggle \[data-n="\1"\]', toggles)
    assert [int(number) for number in marked] == list(range(1, rendering.MAX_COUNTERPARTS + 1))


@pytest.mark.parametrize(
    ("css", "smaller"),
    [
        ("a {\n  color: red;\n  margin: 0 1px;\n}\n", "a{color:red;margin:0 1px}"),
        ("/* why */ a, b > c { top: 0 } /* and\nwhy */", "a,b>c{top:0}"),
        (
            'a::after { content: " (" attr(href) "; /* x */"; }',
            'a::after{content:" (" attr(href) "; /* x */"}',
        ),
        ("p { width: calc(1px + 2px) }", "p{width:calc(1px + 2px)}"),
        ("main :target { top: 0 }", "main :target{top:0}"),
        ("@media (min-width: 48em) { a { top: 0; } }", "@media (min-width:48em){a{top:0}}"),
    ],
)
def test_what_is_left_out_means_nothing(css, smaller):
    assert stylesheet.smaller(css) == smaller


def test_it_is_found_like_any_other_static_file():
    with open(finders.find(stylesheet.NAME), encoding="utf-8") as file:
        assert file.read() == stylesheet.smaller(stylesheet.source())


def test_a_changed_source_is_found_at_once(monkeypatch):
    finders.find(stylesheet.NAME)
    monkeypatch.setattr(stylesheet, "source", lambda: "a { top: 0 }")
    with open(finders.find(stylesheet.NAME), encoding="utf-8") as file:
        assert file.read() == "a{top:0}"


def test_a_stylesheet_that_is_put_together_again_is_not_taken_for_a_new_one(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    finder = stylesheet.Finder()
    file = Path(finder.find(stylesheet.NAME))
    before = file.stat().st_mtime_ns
    file.unlink()
    finder.find(stylesheet.NAME)
    assert file.stat().st_mtime_ns == before

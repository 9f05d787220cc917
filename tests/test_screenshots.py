"""The guides show each screenshot that the script takes, in their own language, and no others."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

DOCS = Path(__file__).resolve().parent.parent / "docs"
GUIDES = {"en": ("editing.md", "triage.md"), "fr": ("editing.fr.md", "triage.fr.md")}


@pytest.fixture(scope="module")
def screenshots():
    spec = importlib.util.spec_from_file_location("screenshots", DOCS / "screenshots.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", GUIDES)
def test_the_guides_show_all_screenshots_with_a_text_for_those_who_do_not_see_them(screenshots, language):
    shown = {}
    for guide in GUIDES[language]:
        shown |= {file: text for text, file in re.findall(r"!\[(.*?)\]\((.*?)\)", (DOCS / guide).read_text())}
    assert set(shown) == {f"images/{language}/{name}.png" for name in screenshots.SCREENS}
    assert all(shown.values())
    assert {file.name for file in (DOCS / "images" / language).iterdir()} == {
        f"{name}.png" for name in screenshots.SCREENS
    }


def test_public_pages_are_shown_in_every_window_in_few_bytes(screenshots):
    names = {f"{name}-{width}.png" for name in screenshots.PUBLIC_PAGES for width in screenshots.WINDOWS}
    shown = re.findall(r"!\[(.+?)\]\(images/public/(.+?)\)", (DOCS / "public-pages.md").read_text())
    assert {file for _text, file in shown} == names
    sizes = {file.name: file.stat().st_size for file in (DOCS / "images" / "public").iterdir()}
    assert set(sizes) == names
    assert max(sizes.values()) < 60_000


@pytest.mark.slow
@pytest.mark.browser
def test_the_script_takes_every_screenshot_in_both_languages(screenshots, tmp_path):
    # In a process of its own: Playwright runs once in each, and tests share it.
    subprocess.run([sys.executable, str(DOCS / "screenshots.py"), str(tmp_path)], check=True)
    files = sorted(tmp_path.rglob("*.png"))
    public = set((tmp_path / "public").iterdir())
    assert len(public) == len(screenshots.PUBLIC_PAGES) * len(screenshots.WINDOWS)
    assert len(files) == 2 * len(screenshots.SCREENS) + len(public)
    for file in files:
        image = Image.open(file)
        windows = screenshots.WINDOWS if file in public else {screenshots.WIDTH: screenshots.HEIGHT}
        assert image.size in windows.items()
        assert len(image.convert("RGB").getcolors(1000)) > 10  # something is on it
    assert len({file.read_bytes() for file in files}) == len(files)

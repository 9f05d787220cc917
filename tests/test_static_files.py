"""Static files: collected when a source changed, compressed as hard as is worth the wait."""

import gzip
import os

import brotli
import pytest
from django.contrib.staticfiles import finders

from canada_iraq import static_files


@pytest.fixture
def sources(tmp_path, settings):
    """A folder with one source, the only static files of the site."""
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path / "sources"]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "canada_iraq.static_files.Storage"}}
    finders.get_finder.cache_clear()
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "site.css").write_text("body { color: black }\n" * 50)
    yield tmp_path / "sources"
    finders.get_finder.cache_clear()


def test_files_are_collected_once_until_a_source_changes(sources):
    assert static_files.collect_changed() is True
    assert static_files.collect_changed() is False
    os.utime(sources / "site.css", (1, 1))
    assert static_files.collect_changed() is True


def test_a_source_that_is_older_than_the_one_it_replaces_is_collected_too(sources, settings):
    static_files.collect_changed()
    (sources / "site.css").write_text("body { color: white }\n")
    os.utime(sources / "site.css", (1, 1))  # as a copy that keeps its time has
    static_files.collect_changed()
    assert (settings.STATIC_ROOT / "site.css").read_text() == "body { color: white }\n"


@pytest.mark.parametrize(
    "change", [lambda file: file.unlink(), lambda file: file.with_name("b.css").write_text("b{}")]
)
def test_a_source_that_comes_or_goes_is_a_change(sources, change):
    static_files.collect_changed()
    change(sources / "site.css")
    assert static_files.collect_changed() is True


def test_collected_files_carry_their_fingerprint_and_are_compressed(sources, settings):
    static_files.collect_changed()
    names = {file.name for file in settings.STATIC_ROOT.iterdir()}
    (fingerprinted,) = [
        name for name in names if name.startswith("site.") and name.count(".") == 2 and name.endswith("css")
    ]
    content = (sources / "site.css").read_bytes()
    assert brotli.decompress((settings.STATIC_ROOT / f"{fingerprinted}.br").read_bytes()) == content
    assert gzip.decompress((settings.STATIC_ROOT / f"{fingerprinted}.gz").read_bytes()) == content


@pytest.mark.parametrize(("size", "quality"), [(static_files.SMALL, 11), (static_files.SMALL + 1, 9)])
def test_what_visitors_load_is_compressed_hardest(size, quality):
    data = b"colour: black; " * (size // 15 + 1)
    data = data[:size]
    assert static_files.QuickCompressor.compress_brotli(data) == brotli.compress(data, quality=quality)

"""Static files: collected when a source changed, compressed as hard as is worth the wait."""

import gzip
import os
import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured

from canada_iraq.delivery import static_files
from pages import stylesheet

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def sources(tmp_path, settings):
    """A folder with one source, the only static files of the site."""
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path / "sources"]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "canada_iraq.delivery.static_files.Storage"},
    }
    finders.get_finder.cache_clear()
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "site.css").write_text("body { color: black }\n" * 50)
    yield tmp_path / "sources"
    finders.get_finder.cache_clear()


def test_files_are_collected_once_until_a_source_changes(sources):
    assert static_files.collect_changed() is True
    assert static_files.collect_changed() is False
    (sources / "site.css").write_text("body { color: white }\n" * 50)
    assert static_files.collect_changed() is True


def test_a_source_that_is_only_newer_or_older_is_no_change(sources):
    static_files.collect_changed()
    os.utime(sources / "site.css", (1, 1))  # as a layer of an image has, which keeps no parts of a second
    assert static_files.collect_changed() is False


def make_read_only(folder, monkeypatch):
    """Let the system say that nothing can be written into a folder; root may write into any other one."""
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: not (mode == os.W_OK and path == folder) and real(path, mode)
    )


def test_collected_files_of_the_same_sources_may_be_read_only(sources, settings, monkeypatch):
    static_files.collect_changed()
    make_read_only(settings.STATIC_ROOT, monkeypatch)
    assert static_files.collect_changed() is False


def test_collected_files_of_other_sources_that_are_read_only_are_left_and_told(
    sources, settings, monkeypatch
):
    static_files.collect_changed()
    make_read_only(settings.STATIC_ROOT, monkeypatch)
    (sources / "site.css").write_text("body { color: white }\n")
    with pytest.raises(ImproperlyConfigured, match="STATIC_ROOT"):
        static_files.collect_changed()
    assert "black" in (settings.STATIC_ROOT / "site.css").read_text()


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


@pytest.mark.parametrize(
    ("size", "quality"),
    [(static_files.MAX_BEST_COMPRESSION_BYTES, 11), (static_files.MAX_BEST_COMPRESSION_BYTES + 1, 9)],
)
def test_what_visitors_load_is_compressed_hardest(size, quality):
    data = b"colour: black; " * (size // 15 + 1)
    data = data[:size]
    assert static_files.QuickCompressor.compress_brotli(data) == brotli.compress(data, quality=quality)


def test_every_file_that_a_template_names_exists():
    named = re.compile(r"""\{% static ["']([^"']+)["'] %\}""")
    folders = [ROOT / name for name in ("templates", "accounts", "pages", "reports", "canada_iraq")]
    texts = [file.read_text() for folder in folders for file in folder.rglob("*.html")]
    names = {name for text in texts for name in named.findall(text)} - {
        stylesheet.NAME
    }  # which is put together
    assert len(names) > 5
    assert [name for name in sorted(names) if not finders.find(name)] == []

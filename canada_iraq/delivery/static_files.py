"""How are styles, scripts and icons made ready to serve, and are they already?"""

import hashlib
import os
from itertools import chain
from pathlib import Path

import brotli
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Brotli's last two levels take six times as long for 3 % fewer bytes. Visitors are worth that, and all that the
# public site loads is small; what is larger are the scripts of the admin.
MAX_BEST_COMPRESSION_BYTES = 100 * 1024

OTHER_SOURCES = (
    "The static files in {} were made for another version or identity of the site, and cannot be written."
    " Let STATIC_ROOT name a folder that this account can write, such as one in DATA_DIR."
)


class QuickCompressor(Compressor):
    """Compresses as hard as it can whatever a visitor loads, and the rest well enough."""

    @staticmethod
    def compress_brotli(data):
        return brotli.compress(data, quality=11 if len(data) <= MAX_BEST_COMPRESSION_BYTES else 9)


class Storage(CompressedManifestStaticFilesStorage):
    """Files named after their content, so that browsers may keep them for ever, beside their compressed forms."""

    def create_compressor(self, *, extensions, **options):
        # Maps are for debuggers only, and take megabytes each.
        skipped = [*(extensions or Compressor.SKIP_COMPRESS_EXTENSIONS), "map"]
        return QuickCompressor(extensions=skipped, **options)

    def compress_files(self, paths):
        """Only the fingerprinted copies: no page asks for the others."""
        return super().compress_files(paths & set(self.hashed_files.values()))


def collect_changed() -> bool:
    """Collect all static files if any source is new, changed or gone since last time; say whether it was done.

    Raises ImproperlyConfigured when they have to be collected, but STATIC_ROOT cannot be written, as in an image.
    """
    record = Path(f"{settings.STATIC_ROOT}.sha256")
    sources = fingerprint()
    if record.exists() and record.read_text() == sources:
        return False
    if Path(settings.STATIC_ROOT).is_dir() and not os.access(settings.STATIC_ROOT, os.W_OK):
        raise ImproperlyConfigured(OTHER_SOURCES.format(settings.STATIC_ROOT))
    # It leaves what it finds to be newer than its source, as another logo of the same name may be. No page asks for
    # these copies, which have no fingerprint.
    for path, _storage in _sources():
        (Path(settings.STATIC_ROOT) / path).unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    record.write_text(sources)
    return True


def fingerprint() -> str:
    """Return a digest that changes with the content of any source, those of an institution among them.

    Times do not count: an image of a container keeps them without the parts of a second.
    """
    lines = [settings.STORAGES["staticfiles"]["BACKEND"]]
    for path, storage in _sources():
        with storage.open(path) as file:
            lines.append(f"{path} {hashlib.sha256(file.read()).hexdigest()}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _sources():
    """The path and the storage of every source."""
    return chain.from_iterable(finder.list([]) for finder in get_finders())

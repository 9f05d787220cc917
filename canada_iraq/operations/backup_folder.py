"""Backups in one folder: a name with date and time for each new one, and the deletion of those that are old."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

PATTERN = "backup-%Y-%m-%dT%H%M%SZ.zip"
NAME = re.compile(r"backup-\d{4}-\d\d-\d\dT\d{6}Z\.zip")


def new_file(folder: Path, now: datetime) -> Path:
    """Give the path of a backup that is made at `now`, in UTC, so that names sort by time whatever clocks do."""
    return folder / now.astimezone(UTC).strftime(PATTERN)


def delete_expired(folder: Path, days: int, now: datetime) -> list[Path]:
    """Delete the backups that were made more than `days` days before `now`; return their paths, oldest first.

    The name tells when one was made, because copying a file changes its times. Other files are left alone.
    Raises OSError.
    """
    limit = now - timedelta(days=days)
    expired = [file for file in sorted(folder.iterdir()) if (made_at := _made_at(file)) and made_at < limit]
    for file in expired:
        file.unlink()
    return expired


def _made_at(file: Path) -> datetime | None:
    if not NAME.fullmatch(file.name):
        return None
    try:
        return datetime.strptime(file.name, PATTERN).replace(tzinfo=UTC)
    except ValueError:  # like a 31st of February
        return None

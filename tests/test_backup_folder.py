"""A folder of backups: each has a name of its own, and only those that are old are deleted."""

import os
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from canada_iraq.operations import backup_folder, backups

NOW = datetime(2026, 11, 29, 2, 30, tzinfo=UTC)


def run(*arguments, **options):
    out = StringIO()
    call_command("backup", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def test_a_backup_is_named_after_its_date_and_time_in_utc(tmp_path):
    toronto = NOW.astimezone(timezone(timedelta(hours=-5)))
    assert backup_folder.new_file(tmp_path, toronto) == tmp_path / "backup-2026-11-29T023000Z.zip"


@pytest.mark.parametrize(
    ("name", "is_deleted"),
    [
        ("backup-2026-10-30T022959Z.zip", True),
        ("backup-2026-10-30T023000Z.zip", False),  # exactly thirty days
        ("backup-2026-11-29T023000Z.zip", False),
        ("backup-2027-01-01T000000Z.zip", False),  # made while the clock was wrong
        ("backup-2026-02-31T000000Z.zip", False),  # no date
        ("backup-2020-01-01T000000Z.zip.part", False),
        ("my-backup-2020-01-01T000000Z.zip", False),
        ("pages-2020-01-01.zip", False),
    ],
)
def test_backups_older_than_the_days_are_deleted_and_nothing_else(tmp_path, name, is_deleted):
    (tmp_path / name).touch()
    assert backup_folder.delete_expired(tmp_path, 30, NOW) == ([tmp_path / name] if is_deleted else [])
    assert (tmp_path / name).exists() is not is_deleted


def test_the_name_and_not_the_times_of_a_file_say_how_old_a_backup_is(tmp_path):
    file = tmp_path / "backup-2026-11-28T023000Z.zip"
    file.touch()
    os.utime(file, (0, 0))
    assert backup_folder.delete_expired(tmp_path, 30, NOW) == []


def an_old_backup(folder):
    file = folder / "backup-2020-01-01T000000Z.zip"
    file.touch()
    return file


@pytest.mark.medium
def test_a_backup_into_a_folder_is_one_new_file_that_can_be_restored(file_site, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    said = run(folder)
    (file,) = folder.iterdir()
    assert f"{file}: " in said
    assert backups.check(file).files


@pytest.mark.medium
def test_two_backups_on_one_day_are_both_kept_and_old_ones_deleted(file_site, tmp_path):
    with time_machine.travel(NOW, tick=False):
        run(tmp_path, keep_days=30)
    old = an_old_backup(tmp_path)
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        said = run(tmp_path, keep_days=30)
    assert f"{old}: deleted, because it is older than 30 days.\n" in said
    assert [file.name for file in sorted(tmp_path.glob("*.zip"))] == [
        "backup-2026-11-29T023000Z.zip",
        "backup-2026-11-29T023100Z.zip",
    ]


def test_a_backup_that_fails_deletes_no_older_one(file_site, tmp_path, monkeypatch):
    def fail(*arguments):
        raise backups.BackupError("The database is damaged.")

    old = an_old_backup(tmp_path)
    monkeypatch.setattr(backups, "make", fail)
    with pytest.raises(CommandError, match="No backup was made"):
        run(tmp_path, keep_days=30)
    assert old.exists()


def test_a_backup_that_was_made_is_reported_even_if_an_old_one_cannot_be_deleted(file_site, tmp_path):
    (tmp_path / "backup-2020-01-01T000000Z.zip").mkdir()  # cannot be unlinked
    with pytest.raises(CommandError, match="The backup was made, but older ones could not be deleted: "):
        run(tmp_path, keep_days=30)
    assert sum(file.is_file() for file in tmp_path.glob("backup-*.zip")) == 1


@pytest.mark.parametrize("days", [0, -1, 36_501, 10**9])
def test_a_number_of_days_that_keeps_nothing_or_has_no_date_is_refused(file_site, tmp_path, days):
    with pytest.raises(CommandError, match="must be from 1 to 36500"):
        run(tmp_path, keep_days=days)


def test_old_backups_are_deleted_only_in_a_folder_that_is_there(file_site, tmp_path):
    """The name of a folder that is missing became the name of the one file that was ever made."""
    folder = tmp_path / "backups"
    with pytest.raises(CommandError, match=f"create {folder} first"):
        run(folder, keep_days=30)
    assert not folder.exists()

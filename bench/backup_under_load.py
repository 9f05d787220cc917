"""Do backups made while reports pour in restore whole? `python bench/backup_under_load.py [--rounds 20]`

Serves a site, has reports sent to it without a pause, and makes backups. Each is restored into an empty folder; it must
pass SQLite's own check and hold every report that anybody was thanked for before the backup began.
"""

import argparse
import shutil
import sqlite3
import statistics
import time
from contextlib import closing

from a_site import Crowd, Site, stored


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--rounds", type=int, default=20)
    arguments.add_argument("--senders", type=int, default=4)
    options = arguments.parse_args()
    site = Site()
    try:
        site.start()
        with Crowd(site, options.senders) as crowd:
            while not crowd.all("accepted"):
                time.sleep(0.01)
            results = [one_round(site, crowd, number) for number in range(options.rounds)]
        whole = sum(result["whole"] for result in results)
        during = statistics.median(result["during"] for result in results)
        seconds = statistics.median(result["seconds"] for result in results)
        print(f"{whole} of {options.rounds} backups restored whole.")
        print(f"Median: {seconds:.1f} s for a backup, {during:.0f} reports accepted meanwhile.")
        print(f"In all {len(crowd.all('accepted'))} reports accepted, {len(crowd.all('refused'))} refused.")
    finally:
        site.remove()


def one_round(site, crowd, number):
    file, folder = site.folder / f"{number}.zip", site.folder / f"restored-{number}"
    before = set(crowd.all("accepted"))
    began = time.monotonic()
    site.manage("backup", file)
    seconds = time.monotonic() - began
    during = len(crowd.all("accepted")) - len(before)
    site.manage("restore", file, DATA_DIR=str(folder))
    database = folder / "database.sqlite3"
    with closing(sqlite3.connect(database)) as connection:
        check = connection.execute("PRAGMA integrity_check").fetchone()[0]
    found = set(stored(database))
    pictures = len(list((folder / "media").rglob("*.*"))) == len(
        list((site.folder / "data/media").rglob("*.*"))
    )
    private = file.stat().st_mode & 0o777 == 0o600
    whole = check == "ok" and before <= found and pictures and private
    print(
        f"{number + 1}: {'whole' if whole else 'NOT WHOLE'}, {len(before)} reports before, {len(found)} in it",
        flush=True,
    )
    shutil.rmtree(folder)
    file.unlink()
    return {"whole": whole, "during": during, "seconds": seconds}


if __name__ == "__main__":
    main()

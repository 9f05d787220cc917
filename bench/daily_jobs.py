"""Do readers and senders of reports notice the daily jobs? `python bench/daily_jobs.py [--reports 60000]`

Serves a site with old reports in one process, and takes the time of searches and of new reports: while the jobs delete
the old ones, and for as long again on the same site with the jobs off.
"""

import argparse
import sqlite3
import statistics
import time
from contextlib import closing

from a_site import Site

# They were closed more than a year ago, and their days have been counted.
AGE = [
    "UPDATE reports_problemreport SET received_at = datetime(received_at, '-400 days'), status = 'dismissed',"
    " dismissal = 'correct', fixed_by_id = NULL, duplicate_of_id = NULL, spam_sign = ''",
    "INSERT INTO reports_dailycount (day, page_id, language, total, marked, broken, spelling, missing, outdated,"
    " login, not_found, other) SELECT date('now', '-1 day'), min(id), 'en', 0, 0, 0, 0, 0, 0, 0, 0, 0"
    " FROM pages_page",
]
OLD = "SELECT count(*) FROM reports_problemreport WHERE received_at < date('now', '-300 days')"
LONGEST = 600


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--reports", type=int, default=60_000)
    options = arguments.parse_args()
    site = Site(workers=1)
    try:
        site.manage("fill_site", "--pages", "50", "--reports", options.reports, "--anyway")
        with closing(sqlite3.connect(site.database, timeout=30, isolation_level=None)) as database:
            for statement in AGE:
                database.execute(statement)
            site.start()
            seconds = measure(site, "While they are deleted", lambda: database.execute(OLD).fetchone()[0])
            left = database.execute(OLD).fetchone()[0]
        site.stop()
        print(f"{options.reports - left} of {options.reports} reports were deleted within {seconds:.0f} s.")
        site.environment["RUN_SCHEDULED_JOBS"] = "false"
        site.start()
        until = time.monotonic() + seconds
        measure(site, "Without", lambda: time.monotonic() < until)
        site.stop()
    finally:
        site.remove()


def measure(site, title, goes_on):
    """Asks one thing after the other as long as `goes_on` says, prints how long each took, and returns the seconds."""
    times = {"search": [], "report": []}
    began = time.monotonic()
    while goes_on() and time.monotonic() < began + LONGEST:
        number = len(times["search"])
        times["search"].append(timed(site.get, f"/en/search?q=word{number}", 200))
        fields = {"reasons": "broken", "details": f"number {number}"}
        times["report"].append(timed(site.post, "/en/report-a-problem/privacy", fields, 303))
    for name, values in times.items():
        cuts = statistics.quantiles(values, n=100)
        print(
            f"{title}, {len(values)} times: {name} {1000 * cuts[49]:.0f} ms (median),"
            f" {1000 * cuts[98]:.0f} ms (99 %), {1000 * max(values):.0f} ms at most"
        )
    return time.monotonic() - began


def timed(function, *arguments):
    """The seconds that a request took, whose answer must have the last argument as its status."""
    *arguments, status = arguments
    began = time.monotonic()
    answered = function(*arguments)
    assert answered == status, answered
    return time.monotonic() - began


if __name__ == "__main__":
    main()

"""Can the site be read while its database takes no writes? `python bench/locked_database.py [--seconds 30]`

Somebody holds the whole database of a site that is served. Meanwhile pages are asked for, those that a process keeps
and those that it does not, and reports are sent.
"""

import argparse
import http.client
import sqlite3
import statistics
import time
from collections import Counter
from contextlib import closing
from urllib.parse import urlencode

from a_site import Site

TEXT = "The table is not up to date."
REPORT = urlencode({"reasons": "outdated", "details": TEXT})
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--seconds", type=float, default=30)
    options = arguments.parse_args()
    site = Site()
    try:
        site.start()
        for path in ("/en/", "/fr/"):
            site.get(path)
        with closing(sqlite3.connect(site.database, isolation_level=None)) as holder:
            holder.execute("BEGIN EXCLUSIVE")
            pages, reports = request_in_turns(site, options.seconds)
            holder.execute("ROLLBACK")
        print_figures("pages", pages)
        print_figures("reports", reports)
        status, _text, _waited = send_request(site, "POST", "/en/report-a-problem/home")
        print(f"a report afterwards: {status}")
    finally:
        site.remove()


def request_in_turns(site, seconds):
    """What became of pages and reports, in turns: status, whether the text is in the answer, seconds."""
    pages, reports, until = [], [], time.monotonic() + seconds
    while time.monotonic() < until:
        for path in ("/en/", "/fr/", "/en/canada-strategy-iraq", "/fr/strategie-canada-irak"):
            pages.append(send_request(site, "GET", path))
        reports.append(send_request(site, "POST", "/en/report-a-problem/home"))
    return pages, reports


def send_request(site, method, path):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    began = time.monotonic()
    connection.request(method, path, *((REPORT, FORM) if method == "POST" else ()))
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, TEXT in body, time.monotonic() - began


def print_figures(what, answers):
    waits = sorted(waited for *_, waited in answers)
    statuses = dict(Counter(status for status, *_ in answers))
    with_text = sum(has_text for _, has_text, _ in answers)
    print(
        f"{what}: {statuses}, with what was typed: {with_text}; "
        f"median {1000 * statistics.median(waits):.0f} ms, longest {1000 * waits[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main()

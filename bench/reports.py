"""How fast is the work on a million reports? `python bench/reports.py [--reports 1000000] [--database URL]`

Makes a site in a database of its own, which is removed again. Prints, for the queue, each of its filters, one report,
the figures and the front page of the admin: the number of queries, the milliseconds of SQL (of the quickest round),
those of the slowest query and of the whole answer; then how much memory an export takes.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
import tracemalloc
from contextlib import closing
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

QUEUE = "/admin/reports/problemreport/"
SCREENS = {
    "queue, open": QUEUE,
    "queue, page 90": QUEUE + "?p=90",
    **{
        f"queue, state {state}": f"{QUEUE}?state={state}"
        for state in ("new", "in_progress", "waiting", "resolved", "dismissed", "all")
    },
    "queue, largest page": QUEUE + "?page_id={large}",
    "queue, smallest page": QUEUE + "?page_id={small}",
    "queue, page and section": QUEUE + "?page_id={large}&section={section}",
    "queue, French": QUEUE + "?language=fr",
    "queue, common reason": QUEUE + "?reason=outdated",
    "queue, rare reason": QUEUE + "?reason=login",
    "queue, old": QUEUE + "?age=90",
    "queue, new": QUEUE + "?age=-1",
    "queue, mine": QUEUE + "?work=mine",
    "queue, overdue": QUEUE + "?work=overdue",
    "queue, severe": QUEUE + "?work=severe",
    "queue, spam": QUEUE + "?spam=yes",
    "queue, French and a reason": QUEUE + "?language=fr&reason=spelling",
    "one report": QUEUE + "{report}/change/",
    "alike": QUEUE + "groups/",
    "figures, 28 days": QUEUE + "figures/",
    "figures, 364 days": QUEUE + "figures/?days=364",
    "figures of the largest page": QUEUE + "figures/?page={large}",
    "front page": "/admin/",
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--reports", type=int, default=1_000_000)
    arguments.add_argument("--pages", type=int, default=200)
    arguments.add_argument("--open", type=float, default=0.05, help="share of the reports that is open")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--uncounted", action="store_true", help="as if the daily command had never run")
    arguments.add_argument("--database", help="URL of a PostgreSQL server and database; else SQLite")
    options = arguments.parse_args()
    folder = tempfile.mkdtemp(prefix="bench-reports-")
    os.environ.update(
        DATA_DIR=folder,
        DJANGO_SETTINGS_MODULE="canada_iraq.settings",
        SECRET_KEY="0123456789-" * 6,
        SITE_URL="http://testserver",
    )
    os.environ.update({"DATABASE_URL": options.database} if options.database else {})
    import django

    django.setup()
    try:
        measure(options, Path(folder))
    finally:
        shutil.rmtree(folder)


def measure(options, folder):
    from django.core.management import call_command
    from django.db import connection

    name = connection.settings_dict["NAME"]
    on_disk = f"{name}_bench" if options.database else str(folder / "bench.sqlite3")
    call_command("collectstatic", verbosity=0, interactive=False)
    connection.settings_dict.setdefault("TEST", {})["NAME"] = on_disk
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        known = fill(options)
        screens(options, known)
        export()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def fill(options):
    """A site of pages with a few editions each, the first of them with 40 % of the reports."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.utils import timezone

    from pages.document import Bilingual, Document, TextSection, digest, dumps
    from pages.models import Edition, Page
    from reports import daily_counts
    from reports.models import ProblemReport

    started = time.perf_counter()
    draw, now = random.Random(1), timezone.now()
    person = get_user_model().objects.create_superuser("bench", password="bench")
    home = Page.objects.create(key="home", title_en="Home", title_fr="Accueil")
    pages = Page.objects.bulk_create(
        Page(key=f"p{number}", parent=home, title_en=f"Page {number}", title_fr=f"La page {number}")
        for number in range(options.pages)
    )
    sections = tuple(
        TextSection(
            f"s{number}",
            Bilingual(f"Part {number}", f"Partie {number}"),
            Bilingual("<p>Some words.</p>" * 20, "<p>Des mots.</p>" * 20),
        )
        for number in range(8)
    )
    editions = []
    for page in pages:
        text = dumps(Document(key=page.key, parent="home", blocks=sections))
        for number in range(1, 6):
            editions.append(
                Edition(
                    page=page,
                    number=number,
                    status="approved",
                    document=text,
                    digest=digest(text),
                    parent=home,
                    position=0,
                    address_en=page.key,
                    address_fr=page.key,
                    title_en=page.title_en,
                    title_fr=page.title_fr,
                    # The last one is still to come.
                    publish_at=now + timedelta(days=1)
                    if number == 5
                    else now - timedelta(days=160 - number * 40),
                )
            )
    editions = Edition.objects.bulk_create(editions)
    of_page = {page.pk: [edition for edition in editions if edition.page_id == page.pk] for page in pages}
    weights = [0.4 * options.pages] + [0.6] * (options.pages - 1)
    codes, shares = (
        ["outdated", "missing", "broken", "spelling", "not_found", "other", "login"],
        [40, 20, 15, 12, 8, 4.9, 0.1],
    )

    def reports():
        for number in range(options.reports):
            [page] = draw.choices(pages, weights)
            age = 180 * (number + 0.5) / options.reports
            seen, fixing = of_page[page.pk][0], of_page[page.pk][draw.choice((1, 2, 3))]
            values = {"status": "new"}
            if draw.random() > options.open:
                values = (
                    {"status": "waiting", "fixed_by": fixing}
                    if draw.random() < 0.7
                    else {"status": "dismissed", "dismissal": "correct"}
                )
            elif draw.random() < 0.5:
                values = draw.choice(
                    [{"status": "in_progress"}, {"status": "waiting", "fixed_by": of_page[page.pk][4]}]
                )
            yield ProblemReport(
                page=page,
                edition=seen,
                language=draw.choice("en en fr".split()),
                section=draw.choice(["", "s1", "s2"]),
                details=f"In part {number} the word {draw.randrange(10**6)} is wrong, it should be another one.",
                received_at=now - timedelta(days=age),
                severity=draw.choice([1, 2, 2, 2, 2, 2, 2, 3, 4]),
                owner=person if draw.random() < 0.02 else None,
                due_on=(now - timedelta(days=draw.randrange(-20, 20))).date()
                if draw.random() < 0.02
                else None,
                spam_sign="decoy" if draw.random() < 0.03 else "",
                **{draw.choices(codes, shares)[0]: True},
                **values,
            )

    stored = reports()
    while batch := [report for _number, report in zip(range(20_000), stored, strict=False)]:
        ProblemReport.objects.bulk_create(batch, batch_size=5_000)
    if not options.uncounted:
        daily_counts.count_finished_days()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{options.reports:,} reports on {options.pages} pages in {time.perf_counter() - started:.0f} s")
    return {"large": pages[0].pk, "small": pages[-1].pk, "section": "s1", "report": options.reports // 2}


def screens(options, known):
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get())
    print(f"{'screen':32}{'queries':>8}{'SQL ms':>8}{'slowest':>8}{'all ms':>8}")
    for name, address in SCREENS.items():
        rounds = []
        for _round in range(options.rounds):
            started = time.perf_counter()
            answer = client.get(address.format(**known))
            assert answer.status_code in (200, 302), (
                name,
                answer.status_code,
            )  # 302: there are no so many pages
            whole = time.perf_counter() - started
            with Timed(connection) as timed:
                client.get(address.format(**known))
            rounds.append((timed.total, timed.slowest, whole, timed.queries))
        sql, slowest, whole, queries = (min(column) for column in zip(*rounds, strict=True))
        print(f"{name:32}{queries:8.0f}{1000 * sql:8.0f}{1000 * slowest:8.0f}{1000 * whole:8.0f}")


class Timed:
    """Seconds in which the database runs queries and hands over every row: SQLite works while it does so."""

    def __init__(self, connection):
        self.connection = connection
        self.wrapped = connection.execute_wrapper(self)
        self.queries = 0
        self.total = self.slowest = 0.0

    def __call__(self, execute, sql, params, many, context):
        is_read = sql.startswith("SELECT")
        started = time.perf_counter()
        if is_read:
            with closing(self.connection.create_cursor()) as cursor:
                cursor.execute(sql, params)
                cursor.fetchall()
        else:
            result = execute(sql, params, many, context)
        took = time.perf_counter() - started
        self.queries += 1
        self.total += took
        self.slowest = max(self.slowest, took)
        return execute(sql, params, many, context) if is_read else result

    def __enter__(self):
        self.wrapped.__enter__()
        return self

    def __exit__(self, *error):
        return self.wrapped.__exit__(*error)


def export():
    from reports import exports
    from reports.models import ProblemReport

    tracemalloc.start()
    started, size, peaks = time.perf_counter(), 0, []
    for number, line in enumerate(
        exports.as_csv(exports.records(ProblemReport.objects.order_by("pk")[:100_000])), 1
    ):
        size += len(line)
        if number in (10_000, 100_000):
            peaks.append(tracemalloc.get_traced_memory()[1] / 1e6)
    took = time.perf_counter() - started
    print(f"export: peak {peaks[0]:.1f} MB after 10,000 reports, {peaks[-1]:.1f} MB after 100,000")
    print(f"export: {size / 1e6:.0f} MB in {took:.0f} s, while memory was watched")


if __name__ == "__main__":
    main()

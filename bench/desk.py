"""How fast are the screens of editors on a large site? `python bench/desk.py [--pages 10000] [--reports 50000]`

Makes a site of ten pages and a large one, and asks each for the same screens through all its middleware: milliseconds
of the processor and of the clock (medians), and queries. The page that is written has thirty blocks. With `--lists` it
asks only for the lists, of the site that DATA_DIR and DATABASE_URL name, to which it adds an account. With `--writing`
it asks only for what somebody waits for who writes a page, of a site of ten pages, and gives the minimum: on a machine
with other work, what the others take is not counted then.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

from a_site import ROOT, Site

ROUNDS = 7
ROUNDS_OF_WRITING = 20
BLOCKS = 30
PLAIN = "application/x-www-form-urlencoded"


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--pages", type=int, default=10_000)
    arguments.add_argument("--reports", type=int, default=50_000)
    options = arguments.parse_args()
    small, large = trial(10, 50), trial(options.pages, options.reports)
    print(f"Milliseconds of the processor / of the clock / queries, with 10 and with {options.pages} pages:")
    for what, figures in small.items():
        print(f"{what}: {format_figures(figures)}; {format_figures(large[what])}")


def format_figures(figures):
    used, passed, queries, size = figures
    return f"{used:.0f} / {passed:.0f} / {queries}" + (f" ({size} KB)" if size else "")


def writing_alone():
    for what, figures in trial(10, 0, "--within-writing").items():
        print(f"{what}: {format_figures(figures)}")


def trial(pages, reports, within="--within"):
    site = Site(workers=1)
    try:
        site.manage("fill_site", "--anyway", "--pages", pages, "--reports", reports)
        environment = site.environment | {
            "DJANGO_SETTINGS_MODULE": "canada_iraq.settings",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, __file__, within]
        with (site.folder / "log").open("ab") as log:
            ended = subprocess.run(
                command, env=environment, check=True, stdout=subprocess.PIPE, stderr=log, text=True
            )
        return json.loads(ended.stdout)
    finally:
        site.remove()


# Within a process of the site's own


def within():
    import django

    sys.path[0] = str(ROOT)
    django.setup()
    print(json.dumps(dict(measures())))


def within_writing():
    import django

    sys.path[0] = str(ROOT)
    django.setup()
    client, person = signed_in()
    page = a_large_page(person)
    print(json.dumps(dict(writing(client, page, rounds=ROUNDS_OF_WRITING, summary=min))))


def lists_of_this_site():
    import django

    sys.path[0] = str(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canada_iraq.settings")
    django.setup()
    from django.contrib.auth import get_user_model
    from django.test import Client

    person = get_user_model().objects.filter(username="bench").first()
    person = person or get_user_model().objects.create_superuser("bench", password=None)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    for what, figures in lists(client, person):
        print(f"{what}: {format_figures(figures)}")


def measures():
    """By name: milliseconds of the processor and of the clock, queries, and kilobytes of the answer."""
    client, person = signed_in()
    page = a_large_page(person)
    yield from lists(client, person)
    yield from writing(client, page)
    publish = f"/admin/pages/page/{page.pk}/publish/"
    yield "screen that publishes it", measured(lambda _round: client.get(publish))
    yield "publication of it", measured(*publishing(client, page, publish))


def signed_in():
    from django.contrib.auth import get_user_model
    from django.test import Client

    person = get_user_model().objects.create_superuser("bench", password=None)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    return client, person


def writing(client, page, **options):
    """The same of what somebody waits for who writes a page; `options` are those of `measured`."""
    form, preview = (f"/admin/pages/page/{page.pk}/{screen}/" for screen in ("change", "preview/en"))
    yield f"form of {BLOCKS} blocks", measured(lambda _round: client.get(form), **options)
    yield "autosave of it", measured(*saving(client, form, 200, PLAIN, _autosave="1"), **options)
    yield "refresh of its preview", measured(lambda _round: client.get(preview), **options)
    yield "save of it", measured(*saving(client, form), **options)


def lists(client, person):
    """The same of the lists alone."""
    from pages.admin import worklist
    from pages.models import Page

    yield "worklist", measured(lambda _round: list(worklist.tasks(person)))
    yield "front page, figures of reports included", measured(lambda _round: client.get("/admin/"))
    for what, query in {
        "list of subpages": "",
        "last page of the list": f"?p={(Page.objects.count() - 1) // 100 + 1}",
        "pages changed since": "?state=changed",
        "pages with a translation to review": "?lacks=translation",
    }.items():
        yield what, measured(lambda _round, query=query: client.get(f"/admin/pages/page/{query}"))
    yield "queue of reports", measured(lambda _round: client.get("/admin/reports/problemreport/"))


def a_large_page(person):
    """A page as the site has them, with more blocks."""
    from pages.models import Page, TextSection

    page = Page.objects.filter(key="trial-5").get()
    Page.objects.filter(pk=page.pk).update(owner=person)
    first = list(page.pages_textsection_set.all())
    for number in range(len(first), BLOCKS):
        block = first[number % len(first)]
        block.pk, block.key, block.ordering, block._state.adding = None, f"more-{number}", 1000 + number, True
        block.save()
    assert TextSection.objects.filter(parent=page).count() == BLOCKS
    return page


def saving(client, form, status=302, content_type="", **values):
    from urllib.parse import urlencode

    from tests.admin_forms import fields

    data = {}

    def prepare(number):
        data.update(fields(client.get(form), "page_form"))
        data.update(values, title_en=f"Written {number} times")

    def save(_round):
        if content_type:  # as a draft that saves itself is sent
            answer = client.post(form, urlencode(data, doseq=True), content_type)
        else:
            answer = client.post(form, data)
        assert answer.status_code == status, answer
        return answer

    return save, prepare


def publishing(client, page, address):
    from pages import indexes
    from pages.models import Page

    data = {}

    def prepare(number):
        Page.objects.filter(pk=page.pk).update(
            title_en=f"Published {number} times", title_fr=f"Publiée {number} fois"
        )
        indexes.update_drafts([page])
        html = client.get(address).content.decode()
        seen = html.partition('name="seen" value="')[2].partition('"')[0]
        data.update({"when": "now", "significant": "no", "seen": seen})

    def publish(_round):
        answer = client.post(address, data)
        assert answer.status_code == 302, answer
        return answer

    return publish, prepare


def measured(work, prepare=lambda number: None, rounds=ROUNDS, summary=statistics.median):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    seen = []
    for number in range(rounds + 1):  # the first one warms up
        prepare(number)
        with CaptureQueriesContext(connection) as queries:
            began, used = time.perf_counter(), time.process_time()
            answer = work(number)
            used, passed = time.process_time() - used, time.perf_counter() - began
        assert getattr(answer, "status_code", 200) in (200, 302), answer
        seen.append((used * 1000, passed * 1000))
    used, passed = (summary(column) for column in zip(*seen[1:], strict=True))
    return used, passed, len(queries), len(getattr(answer, "content", b"")) // 1024


if __name__ == "__main__":
    modes = {
        "--lists": lists_of_this_site,
        "--writing": writing_alone,
        "--within": within,
        "--within-writing": within_writing,
    }
    next((mode for flag, mode in modes.items() if flag in sys.argv), main)()

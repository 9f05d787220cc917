"""How long does a search take on a large site? `python bench/search.py [--pages 10000] [--database URL]`

Makes a site in a database of its own, which is removed again. Prints the time that indexing takes, and for queries of
many kinds the median time of an answer: from the address to the whole page of results, without the network.
"""

import argparse
import os
import random
import statistics
import sys
import time
from datetime import timedelta
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STARTER = ROOT / "pages" / "starter" / "pages"
EVERYWHERE = "Canada and Iraq work together on security."

TERMS = 200  # of the glossary

QUERIES = {
    "a word on every page": "Canada",
    "two words on every page": "Canada Iraq",
    "a sentence": "How do Canada and Iraq work together?",
    "a common word": "{1}",
    "two common words": "{2} {3}",
    "five common words": "{1} {2} {3} {5} {8}",
    "a common and a rare word": "{3} {900}",
    "a rare word": "{1500}",
    "a phrase": "“{1} {2}”",
    "a phrase on every page": "“Canada and Iraq”",
    "a word and a phrase": "{7} “{1} {3}”",
    "a short name of the glossary": "T7",
    "a long name and a word": "{11} {47} {3}",
    "nothing": "{1} zygote",
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--pages", type=int, default=10_000)
    arguments.add_argument("--words", type=int, default=500, help="words of a page in each language")
    arguments.add_argument(
        "--editions", type=int, default=3, help="editions of a page, of which the last is live"
    )
    arguments.add_argument("--rounds", type=int, default=15)
    arguments.add_argument("--database", default="", help="URL of a PostgreSQL database; left out, SQLite")
    options = arguments.parse_args()
    sys.path.insert(0, str(ROOT))
    # The settings of the tests keep to a temporary folder, and need no collected static files.
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ |= {"DATABASE_URL": options.database} if options.database else {}
    import django

    django.setup()
    with_database(lambda: measure(options))


def with_database(use):
    """In SQLite a file of its own, because one in memory would be faster than any site's."""
    from django.conf import settings
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = (
        str(settings.DATA_DIR / "bench.sqlite3") if connection.vendor == "sqlite" else f"{name}_bench"
    )
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        use()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def measure(options):
    from django.db import connection

    from pages import indexes
    from pages.models import SearchEntry

    words = vocabulary()
    fill(options, words)
    with connection.cursor() as cursor:  # the planner knows of so many rows, as it would after a minute
        cursor.execute("ANALYZE")
    start = time.perf_counter()
    indexes.rebuild(["search"])
    entries = SearchEntry.objects.count()
    print(f"{entries:,} entries indexed in {time.perf_counter() - start:.1f} s", flush=True)
    print(f"{'':28}{'pages':>7}{'median':>10}{'of it CPU':>12}{'slowest':>12}   (without PostgreSQL's CPU)")
    for kind, pattern in QUERIES.items():
        count, seconds = answer(pattern.format(*words), options.rounds)
        whole, processor = (statistics.median(times) for times in zip(*seconds, strict=True))
        print(f"{kind:28}{count:>7}{whole:7.1f} ms{processor:9.1f} ms{max(seconds)[0]:9.1f} ms", flush=True)


def vocabulary():
    """Five thousand words in the order of their frequency: those of the starter content, then made-up ones."""
    import re
    from collections import Counter

    text = "".join(file.read_text(encoding="utf-8") for file in sorted(STARTER.glob("*.yaml")))
    found = [word for word, _ in Counter(re.findall(r"[a-zéèàê]{5,}", text)).most_common()]
    draw = random.Random(1)
    made_up = {
        "".join(draw.choices("bcdfglmnprst", k=3)) + draw.choice(["ation", "ing", "ité"]) for _ in range(9000)
    }
    return [*found, *sorted(made_up)][:5000]


def fill(options, words):
    """Writes straight into the tables: publishing page by page is measured elsewhere."""
    from django.utils import timezone

    from pages.models import Edition, GlossaryTerm, Page

    for number in range(TERMS):
        name = f"{words[number + 4]} {words[number + 40]}"
        GlossaryTerm.objects.create(term_en=name, term_fr=name, abbreviation_fr=f"T{number}")
    draw, now = random.Random(2), timezone.now()
    weights = list(accumulate(1 / place for place in range(1, len(words) + 1)))
    home = Page.objects.create(key="home")
    keys = [Page(key=f"page-{number}", parent=home) for number in range(options.pages)]
    pages = Page.objects.bulk_create(keys, batch_size=500)

    def chosen(count):
        return " ".join(draw.choices(words, cum_weights=weights, k=count)).capitalize()

    for start in range(0, len(pages), 200):
        editions = [
            Edition(
                page=page,
                number=number,
                publish_at=now - timedelta(days=draw.randrange(1, 300) + 300 * (options.editions - number)),
                **columns,
            )
            for page in pages[start : start + 200]
            for columns in [of_edition(page.key, chosen, options.words)]
            for number in range(1, options.editions + 1)
        ]
        Edition.objects.bulk_create(editions)


def of_edition(key, chosen, count):
    from pages.document import Bilingual, Document, TextSection, dumps

    title = Bilingual(chosen(5), chosen(5))
    sections = [
        TextSection(
            f"section-{number}",
            Bilingual(chosen(4), chosen(4)),
            Bilingual(paragraphs(chosen), paragraphs(chosen)),
        )
        for number in range(count // 100)
    ]
    both = Bilingual(f"<p>{EVERYWHERE}</p>", f"<p>{EVERYWHERE}</p>")
    address = Bilingual(key, key)
    page = Document(key, "home", address=address, title=title, introduction=both, blocks=tuple(sections))
    columns = {
        "title_en": title.en,
        "title_fr": title.fr,
        "address_en": key,
        "address_fr": key,
        "position": 0,
    }
    return {**columns, "document": dumps(page), "status": "approved"}


def paragraphs(chosen):
    return "\n".join(f"<p>{chosen(12)}, {chosen(12)}.</p>" for _ in range(4))


def answer(typed, rounds):
    from django.test import RequestFactory
    from django.utils.translation import override

    from pages import views
    from pages.search.results import results

    seconds = []
    with override("fr"):
        for _ in range(rounds + 1):
            request = RequestFactory().get("/fr/recherche", {"q": typed})
            start = time.perf_counter(), time.process_time()
            views.search(request, "fr")
            end = time.perf_counter(), time.process_time()
            seconds.append(tuple(1000 * (after - before) for before, after in zip(start, end, strict=True)))
    found = results(typed, "fr")
    return f"{found.count:,}{'+' * found.are_cut}", seconds[1:]


if __name__ == "__main__":
    main()

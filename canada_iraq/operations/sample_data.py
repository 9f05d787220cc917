"""A large site to try things on: pages with texts in both languages, published, and reports about them.

The same numbers always give the same texts. Rows are written in bulk, past the forms and the throttles of the site.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from math import isqrt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from pages import indexes, working_copy
from pages.document import LANGUAGES, Bilingual, Document, PageList, TextSection
from pages.models import AuditEntry, DraftStatus, Edition, Page
from reports.models import ProblemReport, Reason

from . import database_copy
from .progress import ProgressCallback, no_progress

# Rows written at a time.
BATCH_SIZE = 1000

SUBJECTS = [
    ("Trade", "Le commerce"),
    ("Water", "L’eau"),
    ("Education", "L’éducation"),
    ("Health", "La santé"),
    ("Security", "La sécurité"),
    ("Culture", "La culture"),
    ("Agriculture", "L’agriculture"),
    ("Governance", "La gouvernance"),
    ("Energy", "L’énergie"),
    ("Housing", "Le logement"),
]
PLACES = [
    ("Baghdad", "Bagdad"),
    ("Basra", "Bassora"),
    ("Mosul", "Mossoul"),
    ("Erbil", "Erbil"),
    ("Kirkuk", "Kirkouk"),
    ("Najaf", "Nadjaf"),
    ("Ottawa", "Ottawa"),
    ("Montréal", "Montréal"),
]
SENTENCES = [
    ("Canada and Iraq work together in {0}.", "Le Canada et l’Irak collaborent à {1}."),
    (
        "Since {2}, {3} people have been trained in {0}.",
        "Depuis {2}, {4} personnes ont reçu une formation à {1}.",
    ),
    (
        "Local authorities in {0} lead the work, and partners support it.",
        "Les autorités locales de {1} dirigent les travaux, avec l’appui de partenaires.",
    ),
    (
        "The program offers advice, equipment and <strong>training</strong>.",
        "Le programme offre des conseils, de l’équipement et de la <strong>formation</strong>.",
    ),
    (
        "Women and young people take part in every decision.",
        "Les femmes et les jeunes participent à toutes les décisions.",
    ),
    (
        "In {2}, the two countries signed an agreement on cooperation.",
        "En {2}, les deux pays ont signé un accord de coopération.",
    ),
    (
        "Results are measured each year and published in both languages.",
        "Les résultats sont mesurés chaque année et publiés dans les deux langues.",
    ),
    (
        "Canadian companies find advice at the embassy.",
        "Les entreprises canadiennes trouvent des conseils à l’ambassade.",
    ),
]
HEADINGS = [
    ("What Canada does", "Ce que fait le Canada"),
    ("Results so far", "Résultats à ce jour"),
    ("How to take part", "Comment participer"),
    ("Who is involved", "Qui participe"),
]
DETAILS = [
    "The link to the form does not work.",
    "The year in the second paragraph is wrong.",
    "I cannot find the address of the embassy.",
    "Il manque un mot dans la première phrase.",
    "Le lien vers le formulaire ne fonctionne pas.",
    "",
]


def is_unused() -> bool:
    """Whether nobody has worked on this site yet: it is empty, or has the starter content just as it came."""
    if (
        AuditEntry.objects.exists()
        or ProblemReport.objects.exists()
        or Edition.objects.filter(number=2).exists()
    ):
        return False
    starter = {file.stem for file in (settings.BASE_DIR / "pages" / "starter" / "pages").iterdir()}
    return not Page.objects.exclude(key__in=starter).exists()


@transaction.atomic
def fill(pages: int, reports: int, on_progress: ProgressCallback = no_progress) -> None:
    """Adds so many pages, live now, and so many reports about them, all or none."""
    documents = list(_documents(pages))
    written = []
    for start in range(0, len(documents), BATCH_SIZE):
        written += working_copy.write_all(documents[start : start + BATCH_SIZE])
        on_progress("Pages written", len(written), len(documents))
    editions = _published(written, documents, on_progress)
    database_copy.analyze()  # so that what follows finds the new rows by the right index
    indexes.backfill(on_progress=lambda done, of: on_progress("Pages indexed", done, of))
    _in_batches(ProblemReport, _reports(editions, reports), reports, "Reports", on_progress)


# Pages


def _documents(count: int) -> Iterator[Document]:
    """The home page, the sections below it, and the pages below these: parents first."""
    home = Page.objects.filter(parent=None).values_list("key", flat=True).first()
    if home is None:
        yield Document("home", title=Bilingual("Trial site", "Site d’essai"), blocks=(_list(),))
        home, count = "home", count - 1
    sections = min(count, isqrt(count))
    for number in range(sections):
        yield _page(number, home, is_section=True)
    for number in range(sections, count):
        yield _page(number, f"trial-{number % sections}", is_section=False)


def _page(number: int, parent: str, *, is_section: bool) -> Document:
    draw = random.Random(number)
    subject, place = draw.choice(SUBJECTS), draw.choice(PLACES)
    blocks = [_section(draw, key, heading) for key, heading in enumerate(HEADINGS)]
    return Document(
        key=f"trial-{number}",
        parent=parent,
        position=number % 90_000,
        address=Bilingual(f"trial/{number}", f"essai/{number}"),
        title=Bilingual(
            f"{subject[0]} in {place[0]}, project {number}", f"{subject[1]} à {place[1]}, projet {number}"
        ),
        description=Bilingual(f"Canada’s work in {place[0]}.", f"Le travail du Canada à {place[1]}."),
        introduction=_paragraphs(draw, sentences=2),
        blocks=(*blocks, *([_list()] if is_section else [])),
    )


def _section(draw, key, heading):
    return TextSection(f"part-{key}", Bilingual(*heading), _paragraphs(draw, sentences=6))


def _list():
    return PageList("pages", Bilingual("In this section", "Dans cette section"))


def _paragraphs(draw: random.Random, *, sentences: int) -> Bilingual:
    chosen = [_sentence(draw) for _ in range(sentences)]
    halves = [chosen[: sentences // 2], chosen[sentences // 2 :]]
    return Bilingual(
        *("\n".join(f"<p>{' '.join(pair[side] for pair in half)}</p>" for half in halves) for side in (0, 1))
    )


def _sentence(draw: random.Random) -> tuple[str, str]:
    place, year, people = draw.choice(PLACES), draw.randrange(2003, 2026), draw.randrange(2, 90) * 1000
    english, french = draw.choice(SENTENCES)
    values = (*place, year, f"{people:,}", f"{people:,}".replace(",", " "))
    return english.format(*values), french.format(*values)


def _published(pages: list[Page], documents: list[Document], on_progress: ProgressCallback) -> list[Edition]:
    """Editions as they would be, had each page been published at some time within the last three years."""
    numbers = {page.key: page.pk for page in Page.objects.only("pk", "key")}
    editions: list[Edition] = []
    for page, document in zip(pages, documents, strict=True):
        days = random.Random(page.key).randrange(1, 1000)
        edition = Edition.of(
            document,
            page=page,
            number=1,
            status=Edition.Status.APPROVED,
            parent_id=numbers[document.parent] if document.parent else None,
            publish_at=timezone.now() - timedelta(days=days),
        )
        editions.append(edition)
    _in_batches(Edition, editions, len(editions), "Pages published", on_progress)
    statuses = (
        DraftStatus(page_id=edition.page_id, digest=edition.digest, live_digest=edition.digest, reasons=0)
        for edition in editions
    )
    _in_batches(DraftStatus, statuses, len(editions), "Pages counted", on_progress)
    return editions


# Reports


def _reports(editions: list[Edition], count: int) -> Iterator[ProblemReport]:
    draw, now = random.Random(count), timezone.now()
    for _number in range(count):
        edition = draw.choice(editions)
        yield ProblemReport(
            page_id=edition.page_id,
            edition=edition,
            language=draw.choice(LANGUAGES),
            section=draw.choice(["", "part-0", "part-1"]),
            details=draw.choice(DETAILS),
            received_at=now - timedelta(minutes=draw.randrange(700 * 24 * 60)),
            severity=draw.choice([1, 2, 2, 2, 3]),
            **{draw.choice(Reason.values): True},
        )


def _in_batches(
    model: Any, rows: Iterable[Any], total: int, what: str, on_progress: ProgressCallback
) -> None:
    rows, done = iter(rows), 0
    while batch := list(islice(rows, BATCH_SIZE)):
        done += len(model.objects.bulk_create(batch))
        on_progress(what, done, total)

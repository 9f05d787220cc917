"""What pages say of the same things, kept of every live edition: so a page is compared with all of the site at once.

The rules that compare pages (`findings.claims`) look up what others claim, instead of reading their documents.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from hashlib import blake2b

from django.db import transaction
from django.db.models import Count, OuterRef, Q

from . import findings
from .document import Bilingual, Document
from .editions import Edition, live_of
from .entries import EditionClaim
from .findings import Claim, KnownSite, Reading, Told
from .rows import Page

# Pages kept that say something of the same: a contradiction with one of so many is worth a look, more are no use.
MOST = 20

# Editions read at a time.
BATCH = 200


def site_around(page, document: Document) -> KnownSite:
    """What the live editions of other pages claim about the things that a document is about: two queries.

    At most `MOST` claims about each thing are looked at, however many pages there are.
    """
    named = {_digest(about): about for about in findings.compared(document)}
    rows = EditionClaim.objects.filter(about__in=named, edition=live_of(OuterRef("page")))
    told: dict[str, list[Told]] = defaultdict(list)
    columns = ("about", "said", "value", "words", "page__key", "edition__title_en", "edition__title_fr")
    for about, said, value, words, key, *title in rows.exclude(page=page).values_list(*columns):
        claim = Claim(named[about], said, value, frozenset(words.split()))
        told[claim.about].append(Told(claim, key, Bilingual(*title)))
    home = Edition.objects.live().readable().filter(page__in=Page.objects.filter(parent=None))
    return KnownSite(told, is_whole=home.exists())


def renew(pages, readings: Mapping[int, Reading] | None = None) -> None:
    """Keeps anew what the live and the scheduled editions of some pages claim. Belongs with what changes them.

    `readings` are what `findings.read` gave for some editions, by their ids.
    """
    ids = sorted({page.pk for page in pages})
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        EditionClaim.objects.filter(page__in=some).delete()
        editions = Edition.objects.filter(page__in=some).readable()
        _keep([*editions.live(), *editions.scheduled()], readings or {})


def complete(progress=lambda done, of: None) -> None:
    """Keeps the claims of the pages that have none, though every one has an address: of a site from before these."""
    untold = Edition.objects.readable().filter(claims=None)
    lacking = Q(pk__in=untold.live().values("page")) | Q(pk__in=untold.scheduled().values("page"))
    pages = list(Page.objects.filter(lacking).only("pk"))
    for start in range(0, len(pages), BATCH):
        with transaction.atomic():
            renew(pages[start : start + BATCH])
        progress(min(start + BATCH, len(pages)), len(pages))


def rebuild(progress=lambda done, of: None) -> int:
    """Keeps the claims of the whole site anew, because the rules may have changed. Returns the number of claims."""
    EditionClaim.objects.all().delete()
    complete(progress)
    return EditionClaim.objects.count()


def _keep(editions, readings) -> None:
    claims = {edition: _claims(edition, readings.get(edition.pk)) for edition in editions}
    abouts = {row.about for rows in claims.values() for row in rows}
    counted = EditionClaim.objects.filter(about__in=abouts).order_by().values_list("about")
    known = Counter(dict(counted.annotate(number=Count("pk"))))
    made = []
    for rows in claims.values():
        for row in rows:
            if known[row.about] < MOST:
                known[row.about] += 1
                made.append(row)
    EditionClaim.objects.bulk_create(made)


def _claims(edition, reading) -> list[EditionClaim]:
    return [
        EditionClaim(
            edition=edition,
            page_id=edition.page_id,
            about=_digest(claim.about),
            said=claim.said,
            value=claim.value,
            words=" ".join(sorted(claim.words)),
        )
        for claim in dict.fromkeys(findings.claims(reading or edition.read()))
    ]


def _digest(about: str) -> str:
    return blake2b(about.encode(), digest_size=16).hexdigest()

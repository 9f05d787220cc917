"""What pages say of the same things, kept of every live edition: so a page is compared with all of the site at once.

The rules that compare pages (`content_checks.claims`) look up what others claim, instead of reading their documents.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import blake2b

from django.db.models import Count, OuterRef, Q, QuerySet

from .. import content_checks
from ..content_checks import Claim, ClaimByPage, IndexedSite
from ..document import Bilingual, Document
from ..integers import format_count
from ..models.edition import Edition, live_edition_id
from ..models.glossary_term import current_glossary
from ..models.indexes import EditionClaim
from ..models.page import Page
from ..models.vocabulary_term import loaded_vocabularies
from .index import Batch, Difference, Index, Source, Verifier

# Pages kept that say something of the same: a contradiction with one of so many is worth a look, more are no use.
MAX_CLAIMS_PER_SUBJECT = 20


def known_claims(page, document: Document) -> IndexedSite:
    """What the live editions of other pages claim about the things that a document is about, with the glossary: four
    queries, and one more when the glossary has changed.

    At most `MAX_CLAIMS_PER_SUBJECT` claims about each thing are looked at, however many pages there are.
    """
    subjects = {_digest(about): about for about in content_checks.compared_subjects(document)}
    rows = EditionClaim.objects.filter(about__in=subjects, edition=live_edition_id(OuterRef("page")))
    by_subject: dict[str, list[ClaimByPage]] = defaultdict(list)
    columns = ("about", "said", "value", "words", "page__key", "edition__title_en", "edition__title_fr")
    for about, said, value, words, key, *title in rows.exclude(page=page).values_list(*columns):
        claim = Claim(subjects[about], said, value, frozenset(words.split()))
        by_subject[claim.about].append(ClaimByPage(claim, key, Bilingual(*title)))
    home = Edition.objects.live().readable().filter(page__in=Page.objects.filter(parent=None))
    return IndexedSite(
        by_subject,
        is_whole=home.exists(),
        glossary=current_glossary(),
        vocabularies=loaded_vocabularies(),
    )


class ClaimIndex(Index):
    """What the live and the scheduled editions of pages claim."""

    name = "claims"
    follows = Source.EDITIONS
    model = EditionClaim
    columns = ("edition_id", "about", "said", "value", "words")

    def describe(self) -> str:
        return f"{format_count(EditionClaim.objects.count(), 'claim')} stored."

    def build(self, batch: Batch) -> Iterator[EditionClaim]:
        """Of very many claims about one thing, only some are kept: those of the pages that came first."""
        rows = list(self._all_rows(batch))
        counts = EditionClaim.objects.filter(about__in={row.about for row in rows}).order_by()
        known = Counter(dict(counts.values_list("about").annotate(number=Count("pk"))))
        for row in rows:
            if known[row.about] < MAX_CLAIMS_PER_SUBJECT:
                known[row.about] += 1
                yield row

    def _all_rows(self, batch: Batch) -> Iterator[EditionClaim]:
        editions = Edition.objects.filter(page__in=batch.ids).readable()
        for edition in [*editions.live(), *editions.scheduled()]:
            yield from _edition_claims(edition, batch.parsed_documents.get(edition.pk))

    def unindexed_pages(self) -> QuerySet:
        """Every page has an address, and so a claim."""
        unindexed = Edition.objects.readable().filter(claims=None)
        return Page.objects.filter(
            Q(pk__in=unindexed.live().values("page")) | Q(pk__in=unindexed.scheduled().values("page"))
        )

    def current_rows(self) -> QuerySet:
        editions = Edition.objects.readable()
        return EditionClaim.objects.filter(
            Q(edition__in=editions.live().values("pk")) | Q(edition__in=editions.scheduled().values("pk"))
        )

    def expected(self, batch: Batch) -> Iterator[tuple]:
        for row in self._all_rows(batch):
            yield row.page_id, *(getattr(row, column) for column in self.columns)

    def verifier(self) -> Verifier:
        return ClaimVerifier(self)


class ClaimVerifier(Verifier):
    """Misses no claim about a thing of which so many are claimed that not all of them are kept."""

    def __init__(self, index: Index):
        super().__init__(index)
        self.claimed: Counter[str] = Counter()
        self.missing_rows: list[tuple] = []

    def note(self, expected: Counter, missing: Counter, unexpected: Counter) -> None:
        super().note(Counter(), Counter(), unexpected)
        self.claimed.update(about for _page, _edition, about, *_said in expected.elements())
        self.missing_rows += missing.elements()

    def differences(self) -> list[Difference]:
        for page, _edition, about, *_said in self.missing_rows:
            self.missing[page] += self.claimed[about] <= MAX_CLAIMS_PER_SUBJECT
        self.missing += Counter()  # without zeros
        return super().differences()


def _edition_claims(edition, parsed) -> list[EditionClaim]:
    return [
        EditionClaim(
            edition=edition,
            page_id=edition.page_id,
            about=_digest(claim.about),
            said=claim.said,
            value=claim.value,
            words=" ".join(sorted(claim.words)),
        )
        for claim in dict.fromkeys(content_checks.claims(parsed or edition.read()))
    ]


def _digest(about: str) -> str:
    return blake2b(about.encode(), digest_size=16).hexdigest()

"""Whatever is published in whatever order, the page cache answers as the site without it does."""

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.wsgi import get_wsgi_application
from django.db import reset_queries, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from canada_iraq.delivery import page_cache
from pages import emergencies, publishing, reviews
from pages.document import Bilingual
from pages.models import Edition, Page
from pages.site_version import VersionTracker
from tests.factories import a_home_page, a_page, a_page_list, an_account
from tests.test_page_cache import ask, connection_of_the_test  # noqa: F401

pytestmark = pytest.mark.django_db

# The page on contact is one to which every page leads.
KEYS = ["section", "wheat", "barley", "contact"]
FIXED = [
    "/",
    "/en/",
    "/fr/",
    "/en/feed",
    "/fr/fil",
    "/en/corrections",
    "/fr/corrections.atom",
    "/en/corrections/wheat",
]


class Site:
    """A site of a home page and four others, asked through the cache and around it."""

    def __init__(self, clock):
        self.clock, self.written = clock, 0
        self.user = an_account(is_superuser=True)
        self.cache = page_cache.PageCacheMiddleware(
            get_wsgi_application(), VersionTracker().read, limit=10_000_000
        )
        a_page_list(a_home_page())
        self.pages = [a_home_page()]
        for key in KEYS:
            self.pages.append(a_page(key=key, title_en=key.title(), address_en=key, address_fr=f"{key}-fr"))
            a_page_list(self.pages[-1])
        publishing.publish(self.pages[0], by=self.user)
        self.addresses = {"en": set(KEYS), "fr": {f"{key}-fr" for key in KEYS}}

    def do(self, act, which, other):
        self.clock.shift(timedelta(minutes=3))
        page = Page.objects.get(pk=self.pages[which].pk)
        try:
            with transaction.atomic():
                getattr(self, act)(page, other)
        except (ValidationError, publishing.NotReady):
            pass

    def write(self, page):
        self.written += 1
        page.title_en, page.title_fr = f"Title {self.written}", f"Titre {self.written}"
        page.save()

    def publish(self, page, _other):
        self.write(page)
        publishing.publish(page, by=self.user)

    def correct(self, page, _other):
        self.write(page)
        words = Bilingual(f"Correction {self.written}", f"Rectification {self.written}")
        publishing.publish(page, by=self.user, correction=words)

    def schedule(self, page, other):
        self.write(page)
        publishing.publish(page, by=self.user, at=timezone.now() + timedelta(minutes=5 * other + 1))

    def submit(self, page, _other):
        self.write(page)
        reviews.submit(page, by=self.user)

    def approve(self, page, _other):
        if edition := page.editions.filter(status=Edition.Status.IN_REVIEW).first():
            reviews.approve(edition, by=self.user)

    def move(self, page, other):
        page.parent = self.pages[other]
        page.full_clean()
        page.save()
        publishing.publish(page, by=self.user)

    def rename(self, page, other):
        page.address_en, page.address_fr = f"{page.key}-{other}", f"{page.key}-{other}-fr"
        page.save()
        publishing.publish(page, by=self.user)
        self.addresses["en"].add(page.address_en)
        self.addresses["fr"].add(page.address_fr)

    def archive(self, page, _other):
        publishing.archive(page, by=self.user)

    def withdraw(self, page, _other):
        publishing.withdraw(page, by=self.user)

    def emergency(self, page, _other):
        self.write(page)
        emergencies.publish_in_emergency(
            page, language="fr", reason="Floods", due_on=timezone.localdate(), by=self.user
        )

    def wait(self, _page, other):
        self.clock.shift(timedelta(minutes=7 * other + 1))

    def wait_for_a_day(self, _page, _other):
        self.clock.shift(timedelta(hours=23))

    def paths(self):
        yield from FIXED
        for language, addresses in self.addresses.items():
            for address in sorted(addresses):
                yield f"/{language}/{address}"

    def compare(self):
        """The next reader, a second later, sees what somebody sees whose pages come straight from Django."""
        self.clock.shift(timedelta(seconds=1))
        reset_queries()  # which are counted, up to a limit
        for path in self.paths():
            cached, fresh = ask(self.cache, path), ask(self.cache.application, path)
            assert (cached.status, cached.body) == (fresh.status, fresh.body), path


def run(acts):
    with transaction.atomic(), time_machine.travel("2031-03-03T12:00:00Z", tick=False) as clock:
        # The clock of the cache goes with the other one.
        page_cache.time = SimpleNamespace(time=time.time, monotonic=time.time)
        try:
            site = Site(clock)
            site.compare()
            for act in acts:
                site.do(*act)
                site.compare()
        finally:
            page_cache.time = time
        transaction.set_rollback(True)


NAMES = ["publish", "move", "withdraw"] * 2 + [
    "archive",
    "schedule",
    "submit",
    "approve",
    "rename",
    "correct",
]
NAMES += ["emergency", "wait", "wait_for_a_day"]
acts = st.tuples(st.sampled_from(NAMES), st.integers(0, len(KEYS)), st.integers(0, len(KEYS)))


@pytest.mark.slow
@given(st.lists(acts, min_size=4, max_size=12))
def test_the_cache_answers_as_django_does_after_any_sequence(acts):
    everything = [("publish", which, 0) for which in range(1, len(KEYS))]
    run([*everything, *acts])


@pytest.mark.medium
@pytest.mark.parametrize(
    "acts",
    [
        [("publish", 2, 0), ("publish", 1, 0), ("move", 2, 1), ("withdraw", 1, 0), ("publish", 1, 0)],
        [("publish", 2, 0), ("publish", 4, 0), ("rename", 4, 1), ("withdraw", 4, 0)],
        [("publish", 1, 0), ("move", 3, 2), ("move", 2, 1), ("publish", 2, 0), ("move", 2, 0)],
        [("publish", 1, 0), ("schedule", 1, 1), ("schedule", 2, 0), ("wait", 0, 3), ("emergency", 1, 0)],
        [("publish", 1, 0), ("correct", 1, 0), ("wait_for_a_day", 0, 0), ("publish", 1, 0)],
    ],
    ids=["a parent that comes and goes", "contact", "a deep trail", "scheduled", "a new day"],
)
def test_the_cache_answers_as_django_does_after(acts):
    run(acts)

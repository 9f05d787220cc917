"""Whatever is done in whatever order: every reader of what is live agrees with a model of a few lines.

Each example is a sequence of acts on one page. After each act, the edition that is live then and at each scheduled time
is the one that the model says; after the last act, so are the public page, search, the feed, the sitemap and the site
on a given day.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pages import emergencies, page_status, publishing, reviews
from pages.admin import site_at
from pages.document import NOTHING, Bilingual
from pages.feeds import recently_changed
from pages.models.edition import Edition
from pages.search.results import results
from tests.factories import a_home_page, a_page, an_account

pytestmark = pytest.mark.django_db

START = datetime(2031, 3, 3, 12, tzinfo=UTC)
KIND = Edition.Kind


# The model


@dataclass(frozen=True)
class Act:
    """What was approved: from when on, in which order, and the words of each language; no words where it has none."""

    at: datetime
    number: int
    kind: str
    words: tuple[str, str] | None = None

    @property
    def place(self):
        return self.at, self.number


@dataclass(frozen=True)
class Public:
    kind: str
    words: tuple[str, str]


def public(acts, at):
    """What is public at a date and time: None, or a `Public`."""
    return folded(acts, at)[0]


def folded(acts, at):
    """What is public at a date and time, and the acts for which nothing was left to archive or to withdraw."""
    state, void = None, []
    for act in sorted(acts, key=lambda act: act.place):
        if act.at > at:
            break
        if act.kind == KIND.CURRENT:
            state = Public(act.kind, act.words)
        elif state is None or state.kind == KIND.WITHDRAWN:
            void.append(act)
        else:
            state = replace(state, kind=act.kind)
    return state, void


# The acts

OFTEN = ["publish"] * 3 + ["archive", "withdraw", "cancel"] * 2 + ["wait", "submit", "approve", "emergency"]
OFTEN += ["submit_withdrawal", "approve_withdrawal", "explain_withdrawal"]
acts = st.tuples(st.sampled_from(OFTEN), st.integers(0, 4))


class Sequence:
    """One page in the product and in the model, to which the same is done."""

    def __init__(self, clock):
        self.clock, self.client, self.acts, self.written, self.submitted = clock, Client(), [], 0, None
        self.proposed = None
        self.refused, self.moments = 0, set()
        self.request = RequestFactory().get("/")
        self.request.user = an_account(is_superuser=True)
        self.page = a_page(title_en="word0", title_fr="mot0", address_en="word0", address_fr="mot0")

    def do(self, name, value):
        try:
            with transaction.atomic():
                getattr(self, name)(value)
        except ValidationError:
            self.refused += 1
        horizon = START + timedelta(days=1000)
        void = folded(self.acts, horizon)[1]
        self.acts = [act for act in self.acts if act not in void]

    def moment(self, hours):
        """On whole hours, so that several acts fall due at once; None is now."""
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        return hour + timedelta(hours=hours) if hours else None

    def write(self, languages=("en", "fr")):
        """New words, which are the title, the address and the text of each language."""
        self.written += 1
        for language in languages:
            word = {"en": "word", "fr": "mot"}[language] + str(self.written)
            for name in ("title", "address"):
                setattr(self.page, f"{name}_{language}", word)
            setattr(self.page, f"introduction_{language}", f"<p>{word}</p>")
        self.page.save()

    @property
    def words(self):
        return self.page.title_en, self.page.title_fr

    def approved(self, edition, words=None):
        self.moments.add(edition.publish_at)
        self.acts.append(Act(edition.publish_at, edition.number, edition.kind, words))

    def publish(self, hours):
        self.write()
        self.approved(publishing.publish(self.page, by=None, at=self.moment(hours)), self.words)

    def archive(self, hours):
        self.approved(publishing.archive(self.page, by=None, at=self.moment(hours)))

    def withdraw(self, hours):
        self.approved(publishing.withdraw(self.page, by=None, at=self.moment(hours)))

    def submit(self, _value):
        self.write()
        self.submitted = reviews.submit(self.page, by=None), self.words

    def approve(self, hours):
        if self.submitted:
            edition, words = self.submitted
            self.approved(reviews.approve(edition, by=None, at=self.moment(hours)), words)
            self.submitted = None

    def submit_withdrawal(self, which):
        """With an explanation in every second case, which is what a withdrawn page may still be given."""
        explanation = Bilingual("Wrong.", "Inexact.") if which % 2 else NOTHING
        self.proposed = reviews.submit_withdrawal(self.page, by=None, explanation=explanation)

    def approve_withdrawal(self, hours):
        if self.proposed:
            self.approved(reviews.approve(self.proposed, by=None, at=self.moment(hours)))
            self.proposed = None

    def explain_withdrawal(self, _value):
        explanation = Bilingual("Out of date.", "Périmé.")
        self.approved(publishing.explain_withdrawal(self.page, by=None, explanation=explanation))

    def emergency(self, _value):
        self.write(["en"])
        before = public(self.acts, timezone.now())
        edition = emergencies.publish_in_emergency(
            self.page, language="en", reason="Floods", due_on=timezone.localdate(), by=None
        )
        self.approved(edition, (self.words[0], before.words[1]))

    def cancel(self, which):
        coming = list(self.page.editions.scheduled().order_by("publish_at", "number"))
        if coming:
            edition = coming[which % len(coming)]
            publishing.cancel(edition, by=None)
            self.acts = [act for act in self.acts if act.number != edition.number]

    def wait(self, hours):
        self.clock.shift(timedelta(hours=hours or 1))

    # What is compared

    def times(self):
        """Now, and each date and time for which something was ever scheduled."""
        return sorted({timezone.now(), *(at for at in self.moments if at > timezone.now())})

    def compare(self):
        for at in self.times():
            self.compare_state(public(self.acts, at), at)

    def compare_what_readers_see(self):
        for at in self.times():
            with time_machine.travel(at, tick=False):
                expected = public(self.acts, at)
                self.compare_pages(expected)
                self.compare_lists(expected, at)

    def compare_state(self, expected, at):
        assert set(Edition.objects.live_everywhere(at)) == set(Edition.objects.live(at))
        live = Edition.objects.live(at).filter(page=self.page).first()
        shown = live and Public(live.kind, (live.title_en, live.title_fr))
        assert shown == expected
        assert (live and live.read().title.en) == (expected and expected.words[0])
        assert page_status.page_status(self.page, at).live == live

    def compare_pages(self, expected):
        day = timezone.now().astimezone(UTC).strftime(site_at.FORMAT)
        for language, words in self.words_by_language():
            for word in words:
                self.compare_answer(expected, language, word, self.client.get(f"/{language}/{word}"))
                try:
                    then = site_at.page(self.request, day, language, word)
                except Http404:
                    then = HttpResponse(status=404)
                self.compare_answer(expected, language, word, then)

    def words_by_language(self):
        """In each language, the words of all that is approved."""
        for place, language in enumerate(("en", "fr")):
            yield language, [act.words[place] for act in self.acts if act.words]

    def compare_answer(self, expected, language, word, response):
        known = {act.words[language == "fr"] for act in self.acts if act.words and act.at <= timezone.now()}
        if expected is None or word not in known:
            assert response.status_code == 404
        elif expected.kind == KIND.WITHDRAWN:
            assert response.status_code == 410
        elif expected.words[language == "fr"] != word:
            assert response.status_code == 301
        else:
            assert response.status_code == 200
            assert f"{word}</h1>" in response.content.decode()

    def compare_lists(self, expected, at):
        is_shown = expected is not None and expected.kind != KIND.WITHDRAWN
        for language, words in self.words_by_language():
            found = [word for word in words if results(word, language).found]
            assert set(found) == ({expected.words[language == "fr"]} if is_shown else set())
        listed = [(edition.title_en, edition.title_fr) for edition in recently_changed(at)]
        assert [words for words in listed if words[0] != "Home"] == ([expected.words] if is_shown else [])
        sitemap = self.client.get("/sitemap.xml").content.decode()
        assert ("/en/word" in sitemap) == is_shown
        if is_shown:
            assert f"/en/{expected.words[0]}<" in sitemap


def run(sequence):
    with transaction.atomic(), time_machine.travel(START, tick=False) as clock:
        publishing.publish(a_home_page(), by=None)
        runner = Sequence(clock)
        for name, value in sequence:
            clock.shift(timedelta(minutes=7))
            runner.do(name, value)
            runner.compare()
        runner.compare_what_readers_see()
        transaction.set_rollback(True)
    return runner


# The tests


@pytest.mark.slow
@given(st.lists(acts, min_size=4, max_size=10))
def test_every_reader_of_what_is_live_agrees_with_the_model_after_any_sequence(acts):
    run([("publish", 0), *acts])


SEQUENCES = {
    "a newer text before an archive": [("publish", 0), ("archive", 2), ("publish", 0)],
    "a newer text before a withdrawal": [("publish", 0), ("withdraw", 2), ("publish", 0)],
    "a text at the moment of an archive": [("publish", 0), ("archive", 2), ("publish", 2)],
    "an archive at the moment of a text": [("publish", 0), ("publish", 2), ("archive", 2)],
    "an archive at the moment of a text that was submitted before": [
        ("publish", 0),
        ("submit", 0),
        ("archive", 2),
        ("approve", 2),
    ],
    "a text that an archive was to keep is cancelled": [
        ("publish", 0),
        ("publish", 2),
        ("archive", 3),
        ("cancel", 0),
    ],
    "a first text that an archive was to keep is cancelled": [("publish", 2), ("archive", 3), ("cancel", 0)],
    "a withdrawal before an archive": [("publish", 0), ("archive", 2), ("withdraw", 0)],
    "a withdrawal, and a text after it, before an archive": [
        ("publish", 0),
        ("archive", 5),
        ("withdraw", 0),
        ("publish", 2),
    ],
    "a text between a withdrawal and an archive is cancelled": [
        ("publish", 0),
        ("withdraw", 1),
        ("publish", 2),
        ("archive", 3),
        ("cancel", 1),
    ],
    "an emergency before an archive": [("publish", 0), ("archive", 2), ("emergency", 0)],
    "a text after an emergency, before an archive": [
        ("publish", 0),
        ("archive", 2),
        ("emergency", 0),
        ("publish", 0),
    ],
    "one archive of several is cancelled": [
        ("publish", 0),
        ("archive", 3),
        ("archive", 2),
        ("cancel", 0),
        ("publish", 0),
    ],
    "two texts at one moment": [("publish", 0), ("publish", 2), ("publish", 2)],
    "two texts at one moment, of which the older is approved last": [
        ("publish", 0),
        ("submit", 0),
        ("publish", 2),
        ("approve", 2),
    ],
    "two texts at one moment, of which the newer is cancelled": [
        ("publish", 0),
        ("publish", 2),
        ("publish", 2),
        ("cancel", 1),
    ],
    "a submitted withdrawal, approved for later, and a text before it falls due": [
        ("publish", 0),
        ("submit_withdrawal", 0),
        ("approve_withdrawal", 3),
        ("publish", 2),
    ],
    "a submitted explanation of a withdrawal": [
        ("publish", 0),
        ("withdraw", 0),
        ("submit_withdrawal", 1),
        ("approve_withdrawal", 0),
        ("publish", 0),
    ],
    "an explanation of a withdrawal before a scheduled text": [
        ("publish", 0),
        ("withdraw", 0),
        ("publish", 2),
        ("explain_withdrawal", 0),
    ],
    "a submitted withdrawal after a scheduled archive": [
        ("publish", 0),
        ("archive", 2),
        ("submit_withdrawal", 1),
        ("approve_withdrawal", 0),
    ],
    "an archive before a newer text": [("publish", 0), ("archive", 2), ("publish", 3)],
}


@pytest.mark.medium
@pytest.mark.parametrize("name", SEQUENCES)
def test_every_reader_of_what_is_live_agrees_with_the_model_after(name):
    assert run(SEQUENCES[name]).refused == 0

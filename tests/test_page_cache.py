"""Public pages are sent from bytes made once, and are right within a second of any change."""

import cProfile
import gzip
import io
import pstats
from datetime import timedelta
from types import SimpleNamespace

import brotli
import pytest
import time_machine
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from canada_iraq.delivery import page_cache
from pages import publishing, reviews
from pages.models import Edition
from pages.site_version import VersionTracker, site_version
from tests.factories import a_home_page, a_live_page, a_page, a_page_list, an_account

pytestmark = pytest.mark.django_db


class Clock:
    """Both clocks of a machine, which go on only when told."""

    def __init__(self):
        self.passed = 0.0

    def monotonic(self):
        return 1000 + self.passed

    def time(self):
        return timezone.now().timestamp() + self.passed


@pytest.fixture(autouse=True)
def connection_of_the_test(monkeypatch):
    """Requests close their connection to the database at their end; here it holds the rows of the test."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(page_cache, "time", clock)
    return clock


@pytest.fixture
def site(clock):
    return a_process()


def a_process(**changes):
    """The application as one process of the server runs it."""
    options = {"limit": 1_000_000, **changes}
    return page_cache.PageCacheMiddleware(get_wsgi_application(), VersionTracker().read, **options)


def ask(site, path, method="GET", query="", scheme="http", **headers):
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    told = []
    with CaptureQueriesContext(connection) as queries:
        answer = site(environ, lambda *line: told.append(line))
    body = b"".join(answer)
    getattr(answer, "close", lambda: None)()
    status, headers, *_ = told[0]
    return SimpleNamespace(
        status=int(status.split()[0]), headers=dict(headers), body=body, queries=len(queries), said=headers
    )


@pytest.mark.medium
def test_a_page_asked_again_takes_no_query_and_few_calls(site):
    a_live_page(address_en="trade")
    first = ask(site, "/en/trade")
    calls = cProfile.Profile()
    calls.enable()
    again = ask(site, "/en/trade")
    calls.disable()
    assert again.body == first.body
    assert again.queries == 0
    assert pstats.Stats(calls).total_calls < 400


@pytest.mark.medium
def test_what_is_kept_is_what_django_answers(site, client):
    a_live_page(address_en="trade", address_fr="commerce")
    for path in ("/", "/en/trade", "/fr/commerce"):
        plain = client.get(path)
        own = {"ETag", "Last-Modified", "Vary"}
        for _ in range(2):
            answer = ask(site, path)
            assert answer.body == plain.content
            same = {name: value for name, value in answer.headers.items() if name not in own}
            policy, expected = same.pop("Content-Security-Policy"), dict(plain.headers)
            assert sorted(policy.split("; ")) == sorted(expected.pop("Content-Security-Policy").split("; "))
            assert same == {name: value for name, value in expected.items() if name not in own}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0.2, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("br;q=0, *", "gzip"),
        ("identity", ""),
        ("identity;q=0.9, gzip;q=0.1", ""),
        ("br;q=high, gzip", "gzip"),
        ("br;q=nan", ""),
        (";;,,=", ""),
    ],
)
def test_the_encoding_is_one_that_the_browser_takes(accepted, encoding):
    assert page_cache.preferred_encoding(accepted) == encoding


@pytest.mark.parametrize(
    ("accepted", "unpack"), [("", bytes), ("gzip", gzip.decompress), ("br", brotli.decompress)]
)
def test_every_encoding_holds_the_same_page(site, accepted, unpack):
    a_live_page(address_en="trade")
    plain = ask(site, "/en/trade")
    packed = ask(site, "/en/trade", accept_encoding=accepted)
    assert unpack(packed.body) == plain.body
    assert packed.headers.get("Content-Encoding", "") == accepted
    assert packed.headers["Content-Length"] == str(len(packed.body))
    assert packed.headers["Vary"] == "Accept-Encoding"


def test_each_encoding_has_its_own_etag_and_is_not_sent_again(site):
    a_live_page(address_en="trade")
    etags = {ask(site, "/en/trade", accept_encoding=name).headers["ETag"] for name in ("", "gzip", "br")}
    assert len(etags) == 3
    page = ask(site, "/en/trade", accept_encoding="br")
    for known in (page.headers["ETag"], f"W/{page.headers['ETag']}", f'"x", {page.headers["ETag"]}'):
        answer = ask(site, "/en/trade", accept_encoding="br", if_none_match=known)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == page.headers["ETag"]
        assert "Content-Length" not in answer.headers
        assert answer.headers["Content-Security-Policy"]
    assert ask(site, "/en/trade", if_none_match=page.headers["ETag"]).status == 200


def test_the_first_reader_of_a_new_process_is_told_that_nothing_has_changed(site):
    a_live_page(address_en="trade")
    etag = ask(site, "/en/trade").headers["ETag"]
    assert ask(a_process(), "/en/trade", if_none_match=etag).status == 304


def test_a_page_is_not_sent_again_unless_anything_became_public_since(site, clock):
    a_live_page(address_en="trade")
    seen = ask(site, "/en/trade").headers["Last-Modified"]
    assert ask(site, "/en/trade", if_modified_since=seen).status == 304
    assert ask(site, "/en/trade", if_modified_since="Mon, 01 Jan 2024 00:00:00 GMT").status == 200
    assert ask(site, "/en/trade", if_modified_since="yesterday").status == 200


def test_head_tells_all_but_the_body(site):
    a_live_page(address_en="trade")
    for _ in range(2):
        head = ask(site, "/en/trade", method="HEAD")
        assert head.body == b""
        assert head.headers == ask(site, "/en/trade").headers


def changed(page, **changes):
    for name, value in changes.items():
        setattr(page, name, value)
    page.save()
    return page


@pytest.mark.medium
def test_a_publication_is_seen_on_every_process_within_a_second(clock):
    page = a_live_page(address_en="trade", title_en="Trade")
    processes = [a_process(), a_process()]
    for process in processes:
        assert b"Trade" in ask(process, "/en/trade").body
    publishing.publish(changed(page, title_en="Commerce"), by=None)
    clock.passed += 1
    for process in processes:
        assert b"Commerce</h1>" in ask(process, "/en/trade").body


@pytest.mark.medium
def test_the_pages_around_follow_too(site, clock):
    home = a_home_page()
    a_page_list(home)
    publishing.publish(home, by=None)
    below = a_live_page(title_en="Wheat", address_en="wheat")
    assert b"Wheat" in ask(site, "/en/").body
    publishing.withdraw(below, by=None)
    clock.passed += 1
    assert b"Wheat" not in ask(site, "/en/").body
    assert ask(site, "/en/wheat").status == 410


@pytest.mark.medium
def test_an_edition_becomes_public_at_its_very_moment(site, clock):
    with time_machine.travel(timezone.now(), tick=False):
        becomes_public_at_its_very_moment(site, clock)


def becomes_public_at_its_very_moment(site, clock):
    page = a_live_page(address_en="trade", title_en="Trade")
    publishing.publish(
        changed(page, title_en="Later"), by=None, at=timezone.now() + timedelta(milliseconds=300)
    )
    state = site_version()
    assert b"Trade</h1>" in ask(site, "/en/trade").body
    clock.passed += 0.35  # less than the time for which a look counts
    assert ask(site, "/en/trade").queries == 1  # it looked again
    later = site_version(timezone.now() + timedelta(seconds=0.35))
    assert later != state
    assert site_version(timezone.now() - timedelta(seconds=9)) != state


def save_a_draft(page, by):
    changed(page, title_en="Not yet")


def submit(page, by):
    reviews.submit(changed(page, title_en="Not yet"), by=by)


def submit_and_send_back(page, by):
    edition = reviews.submit(changed(page, title_en="Not yet"), by=by)
    reviews.reject(edition, by=by, comment="No")


def schedule(page, by):
    publishing.publish(changed(page, title_en="Not yet"), by=by, at=timezone.now() + timedelta(hours=1))


def add_a_page(page, by):
    a_page(address_en="another")


@pytest.mark.medium
@pytest.mark.parametrize("act", [save_a_draft, submit, submit_and_send_back, schedule, add_a_page])
def test_what_changes_nothing_in_public_throws_nothing_away(site, clock, act):
    page = a_live_page(address_en="trade", title_en="Trade")
    first = ask(site, "/en/trade")
    act(page, an_account())
    clock.passed += 1
    again = ask(site, "/en/trade")
    assert again.queries == 1  # only the look at the state
    assert again.body == first.body
    assert b"Not yet" not in again.body


@pytest.mark.medium
@pytest.mark.parametrize("act", [publishing.publish, publishing.archive, publishing.withdraw])
def test_what_changes_the_public_has_pages_made_anew(site, clock, act):
    page = a_live_page(address_en="trade", title_en="Trade")
    ask(site, "/en/trade")
    before = site_version()
    act(changed(page, title_en="Commerce"), by=None)
    clock.passed += 1
    assert ask(site, "/en/trade").queries > 1
    assert site_version() != before


@pytest.mark.medium
def test_an_edition_that_falls_due_has_pages_made_anew_though_a_later_one_is_live(site, clock):
    page, other = a_live_page(address_en="trade"), a_live_page()
    publishing.publish(changed(page, title_en="Later"), by=None, at=timezone.now() + timedelta(minutes=5))
    publishing.publish(changed(other, title_en="Meanwhile"), by=None)
    now = timezone.now()
    assert site_version(now) != site_version(now + timedelta(minutes=6))


@pytest.mark.medium
def test_a_cancelled_schedule_leaves_what_is_kept(site, clock):
    page = a_live_page(address_en="trade")
    edition = publishing.publish(page, by=None, at=timezone.now() + timedelta(hours=1))
    ask(site, "/en/trade")
    publishing.cancel(edition, by=None)
    clock.passed += 1
    assert ask(site, "/en/trade").queries == 1


def test_the_state_is_looked_at_once_a_second_at_most(site, clock):
    a_live_page(address_en="trade")
    ask(site, "/en/trade")
    assert sum(ask(site, "/en/trade").queries for _ in range(20)) == 0
    clock.passed += 1
    assert [ask(site, "/en/trade").queries for _ in range(3)] == [1, 0, 0]


@pytest.mark.medium
def test_who_edits_the_site_sees_a_change_at_once(site):
    page = a_live_page(address_en="trade", title_en="Trade")
    ask(site, "/en/trade")
    publishing.publish(changed(page, title_en="Commerce"), by=None)
    assert b"Commerce" not in ask(site, "/en/trade").body
    assert b"Commerce" in ask(site, "/en/trade", cookie="session=abc").body


def test_kept_pages_are_served_while_the_database_does_not_answer(site, clock, caplog):
    a_live_page(address_en="trade")
    page = ask(site, "/en/trade")
    looks = []

    def fail():
        looks.append(1)
        raise OperationalError("unable to open database file")

    site.monitor._read, read = fail, site.monitor._read
    for _ in range(10):
        clock.passed += 1
        assert ask(site, "/en/trade").body == page.body
    assert len(looks) == 2
    assert caplog.text.count("Pages are shown as they last were") == 1
    site.monitor._read = read
    clock.passed += 10
    assert ask(site, "/en/trade").queries == 1


def test_a_process_that_has_never_reached_its_database_keeps_nothing(clock):
    def fail():
        raise OperationalError

    site = a_process()
    site.monitor._read = fail
    a_live_page(address_en="trade")
    assert ask(site, "/en/trade").status == 200
    assert site.size == 0


@pytest.mark.medium
@pytest.mark.parametrize(
    ("path", "status"), [("/en/nothing", 404), ("/en/old", 301), ("/en/gone", 410), ("/robots.txt", 200)]
)
def test_only_live_pages_are_kept(site, path, status):
    moved = a_live_page(address_en="old")
    publishing.publish(changed(moved, address_en="new"), by=None)
    publishing.withdraw(a_live_page(address_en="gone"), by=None)
    for _ in range(2):
        assert ask(site, path).status == status
    assert site.size == 0


def test_what_is_sent_to_a_page_reaches_django(site):
    a_live_page(address_en="trade")
    ask(site, "/en/trade")
    assert ask(site, "/en/trade", method="POST").status == 403  # before anything else, for it brings no token
    assert ask(site, "/en/trade", method="PUT").status == 405


def test_a_nul_byte_is_refused_though_the_page_is_kept(site):
    a_live_page(address_en="trade")
    assert ask(site, "/en/trade", query="from=mail").status == 200
    assert ask(site, "/en/trade", query="q=%00").status == 400


def test_a_host_that_is_not_ours_is_refused_though_the_page_is_kept(site):
    a_live_page(address_en="trade")
    ask(site, "/en/trade")
    assert ask(site, "/en/trade", host="evil.example").status == 400
    assert ask(site, "/en/trade", host="evil.example").status == 400
    assert ask(site, "/en/trade").queries == 0


def test_plain_http_is_still_sent_to_https(clock, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    site = a_process()
    a_live_page(address_en="trade")
    assert ask(site, "/en/trade", x_forwarded_proto="https").status == 200
    assert ask(site, "/en/trade", x_forwarded_proto="http").status == 301
    assert ask(site, "/en/trade").status == 301


@pytest.mark.medium
def test_memory_is_bounded_and_the_page_asked_for_last_stays(clock):
    paths = [f"/en/{a_live_page().address_en}" for _ in range(4)]
    one = a_process()
    ask(one, paths[0])
    site = a_process(limit=one.size * 2 + 500)
    ask(site, paths[0])
    ask(site, paths[1])
    ask(site, paths[0])
    ask(site, paths[2])
    assert site.size <= site.limit
    assert [ask(site, path).queries for path in (paths[0], paths[2])] == [0, 0]
    assert ask(site, paths[1]).queries == 1


def test_a_page_larger_than_the_limit_is_sent_all_the_same(clock):
    a_live_page(address_en="trade")
    site = a_process(limit=10)
    assert ask(site, "/en/trade").status == 200
    assert site.size == 0


def test_what_was_in_review_counts_from_its_approval_even_by_a_clock_that_is_behind(site, clock):
    page = a_live_page(address_en="trade")
    edition = page.editions.get()
    Edition.objects.bulk_create(
        [Edition(page=page, number=2, status="in_review", document=edition.document, position=0)]
    )
    before = site_version()
    Edition.objects.filter(number=2).update(
        status="approved", publish_at=before.last_published_at - timedelta(minutes=5)
    )
    assert site_version() != before


def test_a_draft_is_never_kept(site):
    page = a_page(address_en="draft")
    assert ask(site, f"/en/{page.address_en}").status == 404
    assert site.size == 0

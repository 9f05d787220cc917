"""What the page cache may keep and whom it may answer, case by case, before an application that counts its calls."""

import io
from datetime import UTC, datetime

import brotli
import pytest
from django.db import OperationalError

from canada_iraq.delivery import page_cache
from canada_iraq.delivery.page_cache import PageCacheMiddleware
from pages.site_version import SiteVersion

PUBLISHED = datetime(2026, 11, 20, 12, 0, 0, 500_000, tzinfo=UTC)
TAGS = ("page:1",)
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()
TEXT = "text/html; charset=utf-8"
USUAL = {"Content-Type": TEXT, "Cache-Control": "public, no-cache", "Content-Language": "en", "X-Own": "1"}


class Response:
    """What Django gives to a WSGI server."""

    def __init__(self, content=b"<p>page</p>", *, tags=("page:1",)):
        self.content = content
        self.closed = 0
        if tags is not None:
            self.cache_tags = frozenset(tags)

    def __iter__(self):
        return iter([self.content])

    def close(self):
        self.closed += 1


class Application:
    def __init__(self):
        self.calls = 0
        self.response, self.status, self.headers = Response(), "200 OK", dict(USUAL)

    def __call__(self, environ, start_response):
        self.calls += 1
        start_response(self.status, list(self.headers.items()))
        return self.response


class Clock:
    """One that stands still."""

    monotonic = staticmethod(lambda: 1000.0)
    time = staticmethod(lambda: NOW)


@pytest.fixture
def application():
    return Application()


@pytest.fixture
def looks():
    """What was read of the site, of which the last one is read from then on."""
    return [(SiteVersion(1, 1, PUBLISHED), frozenset())]


@pytest.fixture
def site(application, looks, monkeypatch):
    monkeypatch.setattr(page_cache, "time", Clock)
    monkeypatch.setattr(page_cache, "close_old_connections", lambda: None)
    site = PageCacheMiddleware(application, lambda: looks[-1], limit=1_000_000)
    site.started_at = 0.0  # long before the page was published
    return site


def ask(site, path="/en/trade", method="GET", query="", scheme="http", script="", **headers):
    """The status, the headers and the body of an answer."""
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": script,
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    told = []
    body = b"".join(
        site(
            {name: value for name, value in environ.items() if value is not None},
            lambda *line: told.append(line),
        )
    )
    status, sent = told[0]
    return int(status[:3]), dict(sent), body


# Which requests are answered from the cache.


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"query": "from=mail"},
        {"query": "q=%2500"},
        {"authorization": "Basic YTpi"},
        {"range": "bytes=0-3"},
        {"accept_language": "fr"},
        {"accept": "application/json"},
        {"cache_control": "no-cache"},
        {"cookie": "theme=dark"},
        {"user_agent": "a robot"},
        {"x_requested_with": "XMLHttpRequest"},
    ],
    ids=str,
)
def test_a_request_that_changes_nothing_in_the_answer_is_answered_from_the_cache(site, application, request_):
    first = ask(site)
    assert ask(site, **request_) == first
    assert application.calls == 1


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "POST"},
        {"method": "PUT"},
        {"method": "OPTIONS"},
        {"method": "TRACE"},
        {"scheme": "https"},
        {"host": "other.example"},
        {"host": "testserver:8000"},
        {"host": None},
        {"x_forwarded_proto": "https"},
        {"script": "/below"},
        {"query": "q=%00"},
        {"path": "/fr/trade"},
        {"path": "/en/Trade"},
        {"path": "/en/trade/"},
        {"path": "/admin/"},
        {"path": "/media/1.png"},
    ],
    ids=str,
)
def test_a_request_that_may_be_refused_or_sent_elsewhere_reaches_django(site, application, request_):
    ask(site)
    ask(site, **request_)
    assert application.calls == 2


@pytest.mark.parametrize(
    "request_", [{"method": "POST"}, {"path": "/admin/"}, {"host": None}, {"script": "/below"}], ids=str
)
def test_what_is_no_public_page_is_never_kept(site, application, request_):
    for _ in range(2):
        ask(site, **request_)
    assert application.calls == 2
    assert site.size == 0


@pytest.mark.parametrize("path", ["/", "/en/", "/fr/", "/en/trade", "/fr/fil"])
def test_public_paths_are_kept_each_for_itself(site, application, path):
    for _ in range(2):
        ask(site, path)
    ask(site, "/en/other")
    assert application.calls == 2


# Cookies.


@pytest.mark.parametrize(
    ("cookies", "has_session"),
    [
        ("session=abc", True),
        ("theme=dark; session=abc", True),
        ("theme=dark;session=abc", True),
        ("session = abc", True),
        ("session=", True),
        ("xsession=abc", False),
        ("sessionid=abc", False),
        ("my-session=abc; session2=abc", False),
        ("Session=abc", False),
        ("theme=session", False),
        ("theme=session=abc", False),
        ("session", False),
        ("", False),
    ],
)
def test_only_the_cookie_of_a_session_has_the_state_looked_at(site, looks, cookies, has_session):
    first = ask(site)
    reads = []
    site.monitor._read = lambda: reads.append(1) or looks[-1]
    assert ask(site, cookie=cookies) == first
    assert len(reads) == has_session


def test_the_name_of_the_cookie_is_that_of_the_settings(site, application, looks, settings):
    settings.SESSION_COOKIE_NAME = "__Host-session"
    site = PageCacheMiddleware(application, lambda: looks[-1], limit=1_000_000)
    for cookies, expected in (
        ("__Host-session=a", True),
        ("my__Host-session=a", False),
        ("session=a", False),
    ):
        assert site._has_session(cookies) is expected


# Which answers are kept.


@pytest.mark.parametrize(
    ("status", "tags", "headers", "is_kept"),
    [
        ("200 OK", TAGS, {}, True),
        ("200 OK", (), {}, True),
        ("200 OK", None, {}, False),
        ("206 Partial Content", TAGS, {}, False),
        ("301 Moved Permanently", TAGS, {}, False),
        ("304 Not Modified", TAGS, {}, False),
        ("404 Not Found", TAGS, {}, False),
        ("410 Gone", TAGS, {}, False),
        ("500 Internal Server Error", TAGS, {}, False),
        ("200 OK", TAGS, {"Set-Cookie": "a=b"}, False),
        ("200 OK", TAGS, {"set-cookie": "a=b"}, False),
        ("200 OK", TAGS, {"Vary": "Cookie"}, False),
        ("200 OK", TAGS, {"VARY": "Accept-Language"}, False),
        ("200 OK", TAGS, {"Content-Range": "bytes 0-3/9"}, False),
        ("200 OK", TAGS, {"Content-Encoding": "gzip"}, False),
        ("200 OK", TAGS, {"WWW-Authenticate": "Basic"}, False),
        ("200 OK", TAGS, {"Cache-Control": "private"}, False),
        ("200 OK", TAGS, {"cache-control": "max-age=0, No-Store"}, False),
        ("200 OK", TAGS, {"Cache-Control": "public, max-age=60"}, True),
        ("200 OK", TAGS, {"X-Frame-Options": "DENY"}, True),
    ],
)
def test_only_what_is_whole_and_for_everybody_is_kept(site, application, status, tags, headers, is_kept):
    application.response, application.status = Response(tags=tags), status
    application.headers = {**USUAL, **headers}
    for _ in range(2):
        answered, _headers, body = ask(site)
        assert answered == int(status[:3])
        assert body == b"<p>page</p>"
    assert application.calls == (1 if is_kept else 2)
    assert (site.size > 0) is is_kept
    assert application.response.closed == (1 if is_kept else 0)  # the server closes what it sends itself


def test_nothing_is_kept_while_the_public_state_is_not_known(site, application):
    def fail():
        raise OperationalError

    site.monitor._read = fail
    for _ in range(2):
        ask(site)
    assert application.calls == 2


# What is sent.


def test_the_headers_are_those_of_django_and_of_the_encoding(site):
    plain = ask(site)[1]
    packed = ask(site, accept_encoding="br")[1]
    of_encoding = {"ETag", "Content-Length", "Content-Encoding"}
    assert {name: value for name, value in plain.items() if name not in of_encoding} == {
        **USUAL,
        "Vary": "Accept-Encoding",
        "Last-Modified": "Fri, 20 Nov 2026 12:00:00 GMT",
    }
    assert plain.keys() ^ packed.keys() == {"Content-Encoding"}
    assert packed["ETag"] != plain["ETag"]


def test_a_head_is_kept_for_those_who_read_and_the_other_way_round(site, application):
    status, headers, body = ask(site, method="HEAD")
    assert (status, body) == (200, b"")
    assert ask(site) == (200, headers, b"<p>page</p>")
    assert ask(site, method="HEAD") == (200, headers, b"")
    assert application.calls == 2  # once for each method, which Django may refuse


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Fri, 20 Nov 2026 12:00:00 GMT", 304),  # as Last-Modified says
        ("Fri, 20 Nov 2026 12:00:01 GMT", 304),
        ("Fri, 20 Nov 2026 11:59:59 GMT", 200),
        ("Friday, 20-Nov-26 12:00:00 GMT", 304),  # RFC 850
        ("Fri Nov 20 12:00:00 2026", 304),  # of C's asctime
        ("Sun, 29 Nov 2026 12:00:00 GMT", 304),
        ("Sun, 29 Nov 2026 12:00:01 GMT", 200),  # of the future (RFC 9110, 13.1.3: not valid)
        ("Fri, 31 Dec 9999 23:59:59 GMT", 200),
        ("Mon, 01 Jan 0001 00:00:00 GMT", 200),
        ("Fri, 20 Nov 2026 12:00:00 EST", 200),
        ("2026-11-20T12:00:00Z", 200),
        ("Fri, 99 Nov 2026 12:00:00 GMT", 200),
        ("1" * 10_000, 200),
        ("", 200),
    ],
)
def test_if_modified_since(site, since, status):
    ask(site)
    assert ask(site, if_modified_since=since)[0] == status


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ("{}", 304),
        ("W/{}", 304),
        ('"other", {}', 304),
        ("{},W/{}", 304),
        ("*", 304),
        ('"other"', 200),
        ('"{}-gzip"', 200),
        ("other", 200),
        (",", 200),
    ],
)
def test_if_none_match_counts_and_the_date_then_does_not(site, known, status):
    etag = ask(site)[1]["ETag"]
    known = known.format(etag, etag)
    assert ask(site, if_none_match=known)[0] == status
    assert ask(site, if_none_match=known, if_modified_since="Sat, 28 Nov 2026 12:00:00 GMT")[0] == status


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_the_page_already_gets_its_headers_only(site, method):
    _, headers, _ = ask(site, method=method)
    status, sent, body = ask(site, method=method, if_none_match=headers["ETag"])
    assert (status, body) == (304, b"")
    assert sent == {
        name: value for name, value in headers.items() if name not in ("Content-Type", "Content-Length")
    }


def test_the_first_answer_never_leaves_it_to_django_whether_a_page_has_changed_since(site, application):
    asked = []
    site.application = lambda environ, start: asked.append(environ) or application(environ, start)
    ask(site, if_modified_since="Sat, 28 Nov 2026 12:00:00 GMT")
    assert "HTTP_IF_MODIFIED_SINCE" not in asked[0]


# When an answer no longer holds.


def test_an_answer_holds_as_long_as_its_state(site, application, looks):
    ask(site)
    site.monitor.valid_until = 0.0
    ask(site)
    assert application.calls == 1  # the same state, looked at anew
    looks.append((SiteVersion(2, 2, PUBLISHED), None))
    site.monitor.valid_until = 0.0
    ask(site)
    ask(site)
    assert application.calls == 2


@pytest.mark.parametrize(
    ("other", "is_equal"),
    [
        (SiteVersion(2, 1, PUBLISHED), False),
        (SiteVersion(1, 2, PUBLISHED), False),
        (SiteVersion(1, 1, PUBLISHED.replace(second=1)), False),
        (SiteVersion(1, 1, PUBLISHED, PUBLISHED), True),  # what is scheduled is not public
    ],
)
def test_states_are_equal_when_what_is_public_is(other, is_equal):
    assert (other == SiteVersion(1, 1, PUBLISHED)) is is_equal


def change(site, looks, tags):
    """Something becomes public, and is read."""
    version = SiteVersion(len(looks) + 1, 2, PUBLISHED)
    looks.append((version, tags and frozenset(tags)))
    site.monitor.valid_until = 0.0
    site.monitor.refresh()


@pytest.mark.parametrize(
    ("tags", "dropped"),
    [
        (["page:1"], True),
        (["page:2", "children:1"], True),
        (["page:2"], False),
        (["page:11", "site"], False),
        ([], False),
        (None, True),
    ],
)
def test_a_change_drops_the_answers_that_have_one_of_its_tags(site, application, looks, tags, dropped):
    application.response = Response(tags=["page:1", "children:1"])
    ask(site)
    change(site, looks, tags)
    ask(site)
    assert application.calls == 1 + dropped


def test_an_answer_without_tags_holds_until_everything_changes(site, application, looks):
    application.response = Response(tags=[])
    ask(site)
    change(site, looks, ["page:1", "site"])
    ask(site)
    assert application.calls == 1


@pytest.mark.parametrize(
    ("tags", "is_kept"), [(["page:1"], False), (["page:2"], True), (None, False)], ids=str
)
def test_what_changed_while_an_answer_was_made_counts(site, application, looks, tags, is_kept):
    def publish_and_answer(environ, start_response):
        if application.calls == 0:
            change(site, looks, tags)
        return application(environ, start_response)

    site.application = publish_and_answer
    ask(site)
    ask(site)
    assert application.calls == (1 if is_kept else 2)


def test_an_answer_that_took_more_changes_than_are_remembered_is_not_kept(site, application, looks):
    def publish_and_answer(environ, start_response):
        for _ in range(page_cache.MAX_MISSED_CHANGES + 1):
            change(site, looks, ["page:2"])
        return application(environ, start_response)

    site.application = publish_and_answer
    ask(site)
    assert site.size == 0


def test_nothing_is_remembered_of_an_answer_that_is_dropped(site, application, looks):
    for number in range(5):
        application.response = Response(tags=[f"page:{number}", "site"])
        ask(site, f"/en/{number}")
    change(site, looks, ["site"])
    assert (site.size, len(site._responses), len(site._paths)) == (0, 0, 0)


# Memory.


def total(site):
    return sum(page.size for page in site._responses.values())


def test_the_size_is_that_of_the_pages_and_stays_within_the_limit(site, application, looks):
    ask(site, "/en/0")
    one = site.size
    assert one == total(site) > len(application.response.content)
    site.limit = 5 * one
    for number in range(30):
        application.response = Response(b"x" * (number % 7))
        ask(site, f"/en/{number % 11}")
        if number % 5 == 0:
            looks.append((SiteVersion(number, 1, PUBLISHED), None))
            site.monitor.valid_until = 0.0
        assert site.size == total(site) <= site.limit
        assert site._responses


def test_an_encoding_is_made_when_somebody_asks_for_it_and_plain_bytes_each_time(site):
    ask(site)
    first = site.size
    ask(site)
    assert site.size == first
    ask(site, accept_encoding="gzip")
    assert site.size == total(site) > first
    second = site.size
    ask(site, accept_encoding="gzip")
    assert site.size == second


def test_a_page_made_anew_takes_the_place_of_the_former_one(site, looks):
    ask(site)
    size = site.size
    looks.append((SiteVersion(2, 2, PUBLISHED), None))
    site.monitor.valid_until = 0.0
    ask(site)
    assert site.size == size
    assert len(site._responses) == 1


def test_exactly_the_limit_is_room_enough(site):
    ask(site)
    site.limit = 2 * site.size
    ask(site, "/en/tradf")  # as long a path, the same bytes
    assert len(site._responses) == 2
    site.limit -= 1
    ask(site, "/en/tradg")
    assert len(site._responses) == 1


def test_the_page_asked_for_longest_ago_goes_first(site, application):
    for path in ("/en/a", "/en/b", "/en/a"):
        ask(site, path)
    site.limit = site.size
    ask(site, "/en/c")
    assert list(site._responses) == ["/en/a", "/en/c"]


def test_hosts_and_schemes_are_remembered_within_bounds(site, application):
    for number in range(page_cache.MAX_ORIGINS * 2 + 5):
        ask(site, host=f"h{number}.example")
    assert len(site._origins) <= page_cache.MAX_ORIGINS
    before = application.calls
    ask(site, host=f"h{number}.example")
    assert application.calls == before


def test_long_headers_are_not_remembered(site, application):
    for _ in range(2):
        assert ask(site, x_forwarded_proto="x" * 10_000)[0] == 200
    assert application.calls == 2
    assert not site._origins
    page_cache.preferred_encoding.cache_clear()
    assert ask(site, accept_encoding="br, " + "x" * 10_000)[1].get("Content-Encoding") is None
    assert page_cache.preferred_encoding.cache_info().currsize <= 1


# Answers that are sent again as they are.

BROTLI = {"accept_encoding": "br"}


def is_ready(site, **request):
    """Whether the next one who asks this gets what is ready, without another look at the page."""
    find, site._find = site._find, None
    try:
        ask(site, **request)
    except TypeError:
        return False
    finally:
        site._find = find
    return True


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_asks_the_very_same_is_sent_the_very_same(site, method):
    first = ask(site, method=method, **BROTLI)
    assert is_ready(site, method=method, **BROTLI)
    assert ask(site, method=method, **BROTLI) == first
    assert bool(first[2]) is (method == "GET")


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "HEAD"},
        {"path": "/en/other"},
        {"query": "q=%00"},
        {"scheme": "https"},
        {"script": "/below"},
        {"host": "other.example"},
        {"x_forwarded_proto": "https"},
        {"accept_encoding": "gzip"},
        {"cookie": "theme=dark"},
        {"if_none_match": '"x"'},
        {"if_modified_since": "Sat, 28 Nov 2026 12:00:00 GMT"},
    ],
    ids=str,
)
def test_whoever_asks_anything_else_is_not_sent_the_same(site, request_):
    ask(site, **BROTLI)
    assert not is_ready(site, **(BROTLI | request_))


@pytest.mark.parametrize(
    "request_",
    [{"query": "q=1"}, {"cookie": "theme=dark"}, {"if_none_match": '"x"'}, {"accept_encoding": ""}],
)
def test_what_hardly_anybody_asks_again_is_not_made_ready(site, request_):
    for _ in range(2):
        ask(site, **(BROTLI | request_))
    assert not site._ready_answers


def test_an_answer_is_ready_until_it_is_time_to_look_at_the_site_again(site, looks):
    ask(site, **BROTLI)
    site.monitor.valid_until = 1000.0  # now
    assert not is_ready(site, **BROTLI)
    ask(site, **BROTLI)
    assert is_ready(site, **BROTLI)


def test_a_change_makes_no_answer_ready_any_more(site, application, looks):
    ask(site, **BROTLI)
    change(site, looks, ["page:1"])
    application.response = Response(b"<p>new</p>")
    assert not is_ready(site, **BROTLI)
    assert brotli.decompress(ask(site, **BROTLI)[2]) == b"<p>new</p>"


def test_a_page_that_is_dropped_while_it_is_answered_is_not_ready_afterwards(site, looks, monkeypatch):
    ask(site)
    encode = page_cache.CachedResponse.encode

    def encode_while_a_change_is_published(cached, encoding):
        change(site, looks, ["page:1"])
        return encode(cached, encoding)

    monkeypatch.setattr(page_cache.CachedResponse, "encode", encode_while_a_change_is_published)
    ask(site, accept_encoding="gzip")
    assert not site._ready_answers


def test_there_are_not_more_ready_answers_than_the_limit(site, monkeypatch):
    monkeypatch.setattr(page_cache, "MAX_READY_ANSWERS", 3)
    for number in range(10):
        ask(site, f"/en/{number}", **BROTLI)
        assert 1 <= len(site._ready_answers) <= 3


def test_pages_that_are_asked_for_stay_where_there_is_no_room_for_all(site):
    ask(site, "/en/a", **BROTLI)
    site.limit = 3 * site.size
    for number in range(20):
        ask(site, f"/en/{number:02}"[:5], **BROTLI)
        ask(site, "/en/a", **BROTLI)
        ask(site, "/en/a", **BROTLI)
    assert "/en/a" in site._responses

"""Bodies are received whole before anything looks at them, and slow senders hold up only one another."""

import threading
import time
from io import BytesIO

import pytest
from django.core.wsgi import get_wsgi_application

from canada_iraq import bodies
from canada_iraq.bodies import REFUSED, Bodies


class Slow:
    """A body that comes in byte by byte, as fast as the test says."""

    def __init__(self, length, seconds):
        self.length, self.seconds = length, seconds

    def read(self, size):
        time.sleep(self.seconds * min(size, self.length))
        self.length -= (size := min(size, self.length))
        return b"." * size

    def readline(self):
        raise NotImplementedError


class Broken:
    def read(self, size=-1):
        raise OSError("the connection is gone")


def a_request(body, length, path="/en/", method="POST"):
    return {"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_LENGTH": str(length), "wsgi.input": body}


@pytest.fixture
def site(monkeypatch):
    """An application that says what it gets, with two places for senders; nobody waits long."""
    monkeypatch.setattr(bodies, "SOON", 0.02)
    monkeypatch.setattr(bodies, "LATEST", 0.3)
    monkeypatch.setattr(bodies, "PIECE", 1)

    def application(environ, start_response):
        return environ.get(REFUSED) or environ["wsgi.input"].read()

    return Bodies(application, places=2)


def in_a_thread(site, environ):
    """Asks without waiting; the answer will be the first of the list."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(site(environ, None)))
    thread.answers = answers
    thread.start()
    return thread


@pytest.mark.parametrize("size", [1, 5, 60_000])
def test_a_body_arrives_whole(site, size, monkeypatch):
    monkeypatch.setattr(bodies, "LATEST", 60)  # a busy machine needs its time for 60,000 pieces
    assert site(a_request(BytesIO(b"a" * size), size), None) == b"a" * size


def test_a_large_body_of_staff_does_not_stay_in_memory(site):
    size = bodies.IN_MEMORY * 3
    assert site(a_request(BytesIO(b"a" * size), size, "/admin/"), None) == b"a" * size


@pytest.mark.parametrize(
    "request_",
    [
        a_request(Broken(), 5, method="GET"),
        a_request(Broken(), 70_000),
        a_request(Broken(), ""),
        a_request(Broken(), "five"),
    ],
)
def test_what_the_site_does_not_read_is_not_received_either(site, request_):
    with pytest.raises(OSError, match="the connection is gone"):
        site(request_, None)  # by the application itself


def test_half_a_body_is_refused(site):
    assert site(a_request(BytesIO(b"abc"), 5), None) == 400
    assert site(a_request(Broken(), 5), None) == 400


def test_who_is_slow_may_take_a_while_but_not_for_ever(site):
    assert site(a_request(Slow(5, seconds=0.01), 5), None) == b"....."
    began = time.monotonic()
    assert site(a_request(Slow(5000, seconds=0.01), 5000), None) == 408
    assert 0.3 <= time.monotonic() - began < 3


def test_more_slow_senders_than_there_is_room_for_are_refused_and_readers_not_at_all(site):
    waiting = [in_a_thread(site, a_request(Slow(5000, seconds=0.01), 5000)) for _ in range(2)]
    time.sleep(0.1)
    assert site(a_request(BytesIO(b"abc"), 3), None) == 503
    assert site(a_request(BytesIO(b"abc"), "", method="GET"), None) == b"abc"
    for thread in waiting:
        thread.join()
    assert [thread.answers for thread in waiting] == [[408], [408]]
    assert site(a_request(BytesIO(b"abc"), 3), None) == b"abc"


def test_a_place_is_taken_only_while_a_body_comes_in(monkeypatch):
    monkeypatch.setattr(bodies, "SOON", 0.02)
    beside = []

    def application(environ, start_response):
        if not beside:
            beside.append(None)
            beside.append(site(a_request(BytesIO(b"b"), 1), None))
        return environ["wsgi.input"].read()

    site = Bodies(application, places=1)
    assert site(a_request(BytesIO(b"a"), 1), None) == b"a"
    assert beside == [None, b"b"]


def test_the_refusal_is_a_page_of_the_site(db, monkeypatch):
    monkeypatch.setattr(bodies, "LATEST", 0.01)
    environ = a_request(Slow(5, seconds=0.01), 5, "/fr/signaler-un-probleme/trade")
    environ |= {"HTTP_HOST": "testserver", "wsgi.url_scheme": "http", "SERVER_NAME": "x", "SERVER_PORT": "80"}
    said = []
    answer = Bodies(get_wsgi_application(), places=1)(environ, lambda *line: said.append(line))
    assert said[0][0] == "408 Request Timeout"
    assert "Content-Security-Policy" in dict(said[0][1])
    assert "trop de temps" in b"".join(answer).decode()

"""Bodies are received whole before anything looks at them, and slow senders hold up nobody but themselves."""

import threading
import time
from io import BytesIO

import pytest
from django.core.wsgi import get_wsgi_application

from canada_iraq.delivery import body_buffering
from canada_iraq.delivery.body_buffering import REFUSED_STATUS_KEY, RequestBodyBuffer


class Silent:
    """A body that was announced, of which no more than a beginning comes in until the connection is closed."""

    def __init__(self, beginning=b""):
        self.beginning = BytesIO(beginning)
        self.closed = threading.Event()

    def read(self, size):
        if content := self.beginning.read(size):
            return content
        self.closed.wait(30)
        return b""


class Trickling:
    """A body of which a byte comes in at a time, as often as the test says."""

    def __init__(self, seconds):
        self.seconds = seconds

    def read(self, size):
        time.sleep(self.seconds)
        return b"."


class Broken:
    def read(self, size=-1):
        raise OSError("the connection is gone")


def a_request(body, length, path="/en/", method="POST", address="192.0.2.7"):
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(length),
        "REMOTE_ADDR": address,
        "wsgi.input": body,
    }


@pytest.fixture
def short_times(monkeypatch):
    monkeypatch.setattr(body_buffering, "IDLE_TIMEOUT", 0.2)
    monkeypatch.setattr(body_buffering, "SLOT_TIMEOUT", 0.02)


def answer(environ, start_response):
    """An application that says what it gets."""
    content = environ["wsgi.input"].read()
    start_response(f"{int(environ.get(REFUSED_STATUS_KEY, 200))} X", [("Content-Length", str(len(content)))])
    return [content]


@pytest.fixture
def site(monkeypatch):
    """The application, with two places for bodies of the public and two for those of staff; few need none."""
    monkeypatch.setattr(body_buffering, "INITIAL_WAIT", 0.001)
    return RequestBodyBuffer(answer, threads=4)


def ask(site, environ):
    """The status, the body, and by how many bytes it is shorter than announced."""
    told = []
    content = b"".join(site(environ, lambda *line: told.append(line)))
    status, headers = told[0]
    return int(status[:3]), content, int(dict(headers)["Content-Length"]) - len(content)


class Sender(threading.Thread):
    """Sends a body that does not end. Its answer is there when the thread has ended."""

    def __init__(self, site, address="192.0.2.7", path="/en/", beginning=b"", length=5000):
        super().__init__()
        self.site, self.body = site, Silent(beginning)
        self.environ = a_request(self.body, length, path, address=address)
        self.start()
        until = time.monotonic() + 10
        while not self.has_a_place():
            assert time.monotonic() < until
            time.sleep(0.001)

    def has_a_place(self):
        uploads = [upload for places in self.site.slots.values() for upload in places._uploads]
        sent = len(self.body.beginning.getvalue())
        return any(upload.stream is self.body and upload.received == sent for upload in uploads)

    def run(self):
        self.answer = ask(self.site, self.environ)
        self.body.closed.set()

    def end(self):
        """Break off; the status of the answer."""
        self.body.closed.set()
        return self.status()

    def status(self):
        self.join(10)
        return self.answer[0]


@pytest.mark.parametrize("size", [1, 5, 60_000])
def test_a_body_arrives_whole(site, size):
    assert ask(site, a_request(BytesIO(b"a" * size), size)) == (200, b"a" * size, 0)


def test_a_large_body_of_staff_does_not_stay_in_memory(site):
    size = body_buffering.MAX_MEMORY * 3
    assert ask(site, a_request(BytesIO(b"a" * size), size, "/admin/")) == (200, b"a" * size, 0)


def test_what_comes_after_the_announced_length_is_not_read(site):
    assert ask(site, a_request(BytesIO(b"abcdef"), 3)) == (200, b"abc", 0)


@pytest.mark.parametrize(
    "request_",
    [
        a_request(Broken(), 5, method="GET"),
        a_request(Broken(), 70_000),
        a_request(Broken(), ""),
        a_request(Broken(), "five"),
        a_request(Broken(), "9" * 5000),
    ],
)
def test_what_the_site_does_not_read_is_not_received_either(site, request_):
    with pytest.raises(OSError, match="the connection is gone"):
        site(request_, None)  # by the application itself


def test_half_a_body_is_refused(site):
    assert ask(site, a_request(BytesIO(b"abc"), 5))[0] == 400
    assert ask(site, a_request(Broken(), 5))[0] == 400


@pytest.mark.medium
def test_a_body_that_never_comes_is_given_up_and_its_connection_closed(site, short_times):
    sender = Sender(site)
    assert sender.status() == 408
    assert sender.answer[2] == 1  # shorter than announced: the server then closes the connection


@pytest.mark.medium
def test_a_body_of_which_a_byte_comes_in_now_and_then_is_given_up_in_the_end(site, monkeypatch):
    monkeypatch.setattr(body_buffering, "BODY_TIMEOUT", 0.3)
    assert ask(site, a_request(Trickling(0.01), 5000))[0] == 408


def test_staff_have_longer_for_their_pictures(site, monkeypatch):
    monkeypatch.setattr(body_buffering, "BODY_TIMEOUT", 0.0)
    size = 70_000
    assert ask(site, a_request(BytesIO(b"a" * size), size, "/admin/"))[0] == 200


def test_a_slow_but_steady_sender_is_waited_for(site):
    assert ask(site, a_request(Trickling(0.01), 5)) == (200, b".....", 0)


@pytest.mark.parametrize("path", ["/en/", "/admin/login/"])
def test_however_many_announce_a_body_the_next_one_finds_a_place(site, path):
    silent = [Sender(site, f"192.0.2.{number}", path) for number in range(10)]
    last = silent.pop()
    assert last.has_a_place()
    assert last.end() == 400  # broken off, and not refused
    assert [sender.end() for sender in silent].count(503) >= 8


def test_a_body_that_is_there_at_once_needs_no_place(site, monkeypatch):
    monkeypatch.setattr(body_buffering, "INITIAL_WAIT", 10)
    for places in site.slots.values():
        places.max_waiting = 0
    assert ask(site, a_request(BytesIO(b"abc"), 3)) == (200, b"abc", 0)


def test_who_waits_for_a_body_keeps_no_reader_waiting(site):
    silent = [Sender(site, path=path) for path in ("/en/", "/en/", "/admin/")]
    assert ask(site, a_request(BytesIO(), "", method="GET"))[0] == 200
    assert [sender.end() for sender in silent] == [400, 400, 400]


def test_visitors_take_no_place_of_staff_nor_staff_of_visitors(site):
    silent = [Sender(site, path=path) for path in ("/en/", "/admin/", "/en/", "/admin/")]
    assert all(sender.has_a_place() for sender in silent)
    assert [sender.end() for sender in silent] == [400] * 4


def test_the_network_with_most_places_loses_one_first_and_of_its_own_the_one_that_waits_longest(site):
    site.slots["public"].max_waiting = 3
    lone = Sender(site, "198.51.100.1")
    crowd = [Sender(site, "192.0.2.7") for _ in range(2)]
    newcomer = Sender(site, "203.0.113.1")
    assert crowd[0].status() == 503
    assert [sender.end() for sender in (lone, crowd[1], newcomer)] == [400, 400, 400]


@pytest.fixture
def quick(monkeypatch, short_times):
    """Whatever has sent anything is quick."""
    monkeypatch.setattr(body_buffering, "IDLE_TIMEOUT", 30)
    monkeypatch.setattr(body_buffering, "MIN_RATE", 0.001)
    return {"beginning": b"." * 64}


def test_who_sends_quickly_keeps_the_place(site, quick):
    senders = [Sender(site, f"192.0.2.{number}", **quick) for number in range(2)]
    assert ask(site, a_request(Silent(), 3, address="203.0.113.1"))[0] == 503
    assert [sender.end() for sender in senders] == [400, 400]
    assert Sender(site).end() == 400


def test_one_network_cannot_keep_all_places_however_quickly_it_sends(site, quick):
    senders = [Sender(site, **quick) for _ in range(2)]
    assert ask(site, a_request(Silent(), 3))[0] == 503  # of the same network
    newcomer = Sender(site, "203.0.113.1")
    assert senders[0].status() == 503
    assert [sender.end() for sender in (senders[1], newcomer)] == [400, 400]


def test_a_place_is_taken_only_while_a_body_comes_in(monkeypatch):
    beside = []

    def application(environ, start_response):
        if not beside:
            beside.append(ask(RequestBodyBuffer(answer, threads=1), a_request(BytesIO(b"b"), 1)))
            beside.append([len(places._uploads) for places in site.slots.values()])
        return answer(environ, start_response)

    site = RequestBodyBuffer(application, threads=2)
    assert ask(site, a_request(BytesIO(b"a"), 1)) == (200, b"a", 0)
    assert beside == [(200, b"b", 0), [0, 0]]


def test_without_a_thread_to_read_a_body_the_sender_is_asked_to_come_again(site, monkeypatch):
    def start(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    assert ask(site, a_request(BytesIO(b"abc"), 3))[0] == 503
    assert not site.slots["public"]._uploads


def test_only_so_many_requests_are_worked_on_at_a_time():
    at_once, most = [], []
    both_wait = threading.Barrier(3)

    def application(environ, start_response):
        at_once.append(1)
        most.append(len(at_once))
        time.sleep(0.02)
        at_once.pop()
        return answer(environ, start_response)

    site = RequestBodyBuffer(application, threads=2)

    def send():
        both_wait.wait()
        ask(site, a_request(BytesIO(b"a"), 1))

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) <= 2


@pytest.mark.parametrize(("threads", "needed"), [(1, 3), (2, 3), (4, 6), (9, 12)])
def test_half_of_the_threads_are_never_held_up_by_bodies(threads, needed):
    assert body_buffering.threads_needed(threads) == needed
    places = sum(places.max_waiting for places in RequestBodyBuffer(answer, threads=threads).slots.values())
    assert needed - places >= threads // 2


@pytest.mark.medium
@pytest.mark.parametrize(
    ("path", "words"),
    [("/fr/signaler-un-probleme/trade", "trop de temps"), ("/en/report-a-problem/trade", "took too long")],
)
def test_the_refusal_is_a_page_of_the_site(db, short_times, path, words):
    body = Silent()
    environ = a_request(body, 5, path)
    environ |= {"HTTP_HOST": "testserver", "wsgi.url_scheme": "http", "SERVER_NAME": "x", "SERVER_PORT": "80"}
    said = []
    answer = b"".join(
        RequestBodyBuffer(get_wsgi_application(), threads=1)(environ, lambda *line: said.append(line))
    )
    body.closed.set()
    assert said[0][0] == "408 Request Timeout"
    assert "Content-Security-Policy" in dict(said[0][1])
    assert words in answer.decode()

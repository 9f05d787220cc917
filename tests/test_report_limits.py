"""How many reports are taken in how short a time, and what is remembered of their senders."""

import pytest
import time_machine
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.test import RequestFactory, override_settings

from reports import limits

NOON = "2026-11-23 12:00:00+00:00"


def a_request(address="192.0.2.7", **headers):
    return RequestFactory(headers=headers).get("/", REMOTE_ADDR=address)


def test_a_sender_is_known_again_the_same_day_and_not_the_next():
    with time_machine.travel(NOON, tick=False) as clock:
        sender = limits.sender_of(a_request())
        assert limits.sender_of(a_request()) == sender
        assert limits.sender_of(a_request("192.0.2.8")) != sender
        clock.shift(86_400)
        assert limits.sender_of(a_request()) != sender


def test_nothing_in_the_cache_shows_an_address():
    limits.seconds_to_wait(limits.sender_of(a_request()))
    limits.has_sent(limits.sender_of(a_request()), "Table 2 is empty")
    kept = repr(cache._cache)
    assert "reports:from:" in kept
    assert "192.0.2.7" not in kept
    assert "Table 2" not in kept


@pytest.mark.parametrize(
    ("one", "another", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),  # one household has a whole /64
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
    ],
)
def test_addresses_of_one_household_are_one_sender(one, another, same):
    assert (limits.sender_of(a_request(one)) == limits.sender_of(a_request(another))) is same


def test_a_proxy_is_believed_only_where_there_is_one_and_only_its_own_word():
    forged = {"X-Forwarded-For": "198.51.100.1, 203.0.113.5"}
    direct = limits.sender_of(a_request("192.0.2.7"))
    assert limits.sender_of(a_request("192.0.2.7", **forged)) == direct
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        assert limits.sender_of(a_request("192.0.2.7", **forged)) == limits.sender_of(
            a_request("203.0.113.5")
        )


@override_settings(REPORTS_PER_SENDER=2, REPORTS_PER_SITE=100)
def test_a_sender_over_the_limit_waits_until_the_window_ends_and_others_do_not():
    with time_machine.travel(NOON, tick=False) as clock:
        assert [limits.seconds_to_wait("somebody") for _ in range(3)] == [0, 0, 600]
        assert limits.seconds_to_wait("somebody else") == 0
        clock.shift(590)
        assert limits.seconds_to_wait("somebody") == 10
        clock.shift(10)
        assert limits.seconds_to_wait("somebody") == 0


@override_settings(REPORTS_PER_SENDER=100, REPORTS_PER_SITE=2)
def test_the_whole_site_has_a_ceiling_too():
    with time_machine.travel(NOON, tick=False):
        assert [limits.seconds_to_wait(sender) for sender in ("a", "b", "c", "")] == [0, 0, 600, 600]


@override_settings(REPORTS_PER_SENDER=1, REPORTS_PER_SITE=100)
def test_senders_without_a_known_address_do_not_share_one_limit():
    assert limits.sender_of(a_request("")) == ""
    assert [limits.seconds_to_wait("") for _ in range(3)] == [0, 0, 0]


def test_the_same_text_of_the_same_sender_is_known_again_whatever_its_spaces_and_capitals():
    assert not limits.has_sent("somebody", "Table 2 is empty")
    assert limits.has_sent("somebody", "table 2  is EMPTY\n")
    assert not limits.has_sent("somebody else", "Table 2 is empty")
    assert not limits.has_sent("somebody", "")


@pytest.mark.parametrize(
    "backend", ["django.core.cache.backends.dummy.DummyCache", "tests.test_report_limits.BrokenCache"]
)
def test_without_a_working_cache_every_report_is_welcome(backend):
    with override_settings(CACHES={"default": {"BACKEND": backend}}, REPORTS_PER_SENDER=1):
        sender = limits.sender_of(a_request())
        assert [limits.seconds_to_wait(sender) for _ in range(3)] == [0, 0, 0]
        assert not any(limits.has_sent(sender, "Same text") for _ in range(2))


class BrokenCache(BaseCache):
    """A server of the cache that cannot be reached."""

    def __init__(self, server, params):
        super().__init__(params)

    def add(self, *args, **kwargs):
        raise ConnectionError("no route to the cache")

    get = incr = set = add

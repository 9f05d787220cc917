"""How many reports are taken in how short a time, and what is remembered of their senders."""

import pytest
import time_machine
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.test import RequestFactory, override_settings

from reports import report_throttle


def sender_of(request):
    return next(iter(report_throttle.client_keys(request)), "")


NOON = "2026-11-23 12:00:00+00:00"


def a_request(address="192.0.2.7", **headers):
    return RequestFactory(headers=headers).get("/", REMOTE_ADDR=address)


def test_a_sender_is_known_again_the_same_day_and_not_the_next():
    with time_machine.travel(NOON, tick=False) as clock:
        sender = sender_of(a_request())
        assert sender_of(a_request()) == sender
        assert sender_of(a_request("192.0.2.8")) != sender
        clock.shift(86_400)
        assert sender_of(a_request()) != sender


def test_nothing_in_the_cache_shows_an_address():
    report_throttle.retry_after(sender_of(a_request()))
    report_throttle.is_repeat(sender_of(a_request()), "Table 2 is empty")
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
    assert (sender_of(a_request(one)) == sender_of(a_request(another))) is same


def test_a_proxy_is_believed_only_where_there_is_one_and_only_its_own_word():
    forged = {"X-Forwarded-For": "198.51.100.1, 203.0.113.5"}
    direct = sender_of(a_request("192.0.2.7"))
    assert sender_of(a_request("192.0.2.7", **forged)) == direct
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        assert sender_of(a_request("192.0.2.7", **forged)) == sender_of(a_request("203.0.113.5"))


@override_settings(REPORTS_PER_SENDER=2, REPORTS_PER_SITE=100)
def test_a_sender_over_the_limit_waits_until_the_window_ends_and_others_do_not():
    with time_machine.travel(NOON, tick=False) as clock:
        assert [report_throttle.retry_after("somebody") for _ in range(3)] == [0, 0, 600]
        assert report_throttle.retry_after("somebody else") == 0
        clock.shift(590)
        assert report_throttle.retry_after("somebody") == 10
        clock.shift(10)
        assert report_throttle.retry_after("somebody") == 0


@override_settings(REPORTS_PER_SENDER=100, REPORTS_PER_SITE=2)
def test_the_whole_site_has_a_ceiling_too():
    with time_machine.travel(NOON, tick=False):
        assert [report_throttle.retry_after(sender) for sender in ("a", "b", "c", "")] == [0, 0, 600, 600]


def flood(number, address):
    """How many of so many reports are taken, one from each address."""
    return sum(
        not report_throttle.retry_after(*report_throttle.client_keys(a_request(address(n))))
        for n in range(number)
    )


def a_home_of(provider, site=None):
    """Addresses of a provider's /32, each in another /64, of one site (/48) or of many."""
    return lambda n: f"{provider}:{n // 7 if site is None else site:x}:{n:x}::{n:x}"


@pytest.mark.medium
@pytest.mark.parametrize(
    "readers", [["2a02:aaaa::1"], ["192.0.2.7"], [f"2a02:{n:x}::1" for n in range(1, 90)]]
)
def test_who_has_a_whole_provider_closes_the_form_to_nobody_else(readers):
    with time_machine.travel(NOON, tick=False):
        assert flood(1500, a_home_of("2001:db8")) == 250
        assert all(flood(1, lambda n, reader=reader: reader) == 1 for reader in readers)


@pytest.mark.medium
def test_several_providers_together_close_the_form_to_none_that_has_sent_little():
    with time_machine.travel(NOON, tick=False):
        assert sum(flood(300, a_home_of(f"2001:{n:x}")) for n in range(5)) == 4 * 250 + 10
        assert flood(20, a_home_of("2a02:aaaa")) == 10
        assert flood(1, lambda n: "192.0.2.7") == 1


@pytest.mark.medium
def test_however_many_providers_there_are_the_site_takes_twice_its_number_at_most():
    with (
        override_settings(REPORTS_PER_SENDER=20, REPORTS_PER_SITE=100),
        time_machine.travel(NOON, tick=False),
    ):
        assert sum(flood(30, a_home_of(f"2001:{n:x}")) for n in range(300)) == 200


def test_who_has_one_site_closes_the_form_to_nobody_else_of_the_same_provider():
    with time_machine.travel(NOON, tick=False):
        assert flood(500, a_home_of("2001:db8", site=7)) == 100
        assert flood(1, lambda n: "2001:db8:8::1") == 1


@pytest.mark.medium
def test_neighbours_of_an_ipv4_address_are_counted_together_too():
    with time_machine.travel(NOON, tick=False):
        assert flood(200, lambda n: f"192.0.2.{n}") == 100
        assert flood(1000, lambda n: f"192.0.{3 + n // 200}.{n % 200}") == 150
        assert flood(1, lambda n: "192.1.0.1") == 1


@override_settings(REPORTS_PER_SENDER=2, REPORTS_PER_SITE=100)
def test_what_is_turned_away_uses_up_nothing_of_others():
    with time_machine.travel(NOON, tick=False):
        assert flood(500, lambda n: "192.0.2.7") == 2
        assert flood(1, lambda n: "192.0.2.8") == 1
        counted = {key: value for key, value in cache._cache.items() if ":all:" in key}
        assert len(counted) == 1
        assert [cache.get(key.split(":", 2)[2]) for key in counted] == [3]


@pytest.mark.medium
def test_who_is_turned_away_leaves_nothing_in_the_cache():
    with time_machine.travel(NOON, tick=False):
        flood(300, a_home_of("2001:db8"))
        before = len(cache._cache)
        flood(1000, lambda n: a_home_of("2001:db8")(n + 1000))
        assert len(cache._cache) == before


@override_settings(REPORTS_PER_SENDER=1, REPORTS_PER_SITE=100)
def test_senders_without_a_known_address_do_not_share_one_limit():
    assert report_throttle.client_keys(a_request("")) == ()
    assert [report_throttle.retry_after("") for _ in range(3)] == [0, 0, 0]


def test_the_same_text_of_the_same_sender_is_known_again_whatever_its_spaces_and_capitals():
    assert not report_throttle.is_repeat("somebody", "Table 2 is empty")
    assert report_throttle.is_repeat("somebody", "table 2  is EMPTY\n")
    assert not report_throttle.is_repeat("somebody else", "Table 2 is empty")
    assert not report_throttle.is_repeat("somebody", "")


@pytest.mark.parametrize(
    "backend", ["django.core.cache.backends.dummy.DummyCache", "tests.test_report_throttle.BrokenCache"]
)
def test_without_a_working_cache_every_report_is_welcome(backend):
    with override_settings(CACHES={"default": {"BACKEND": backend}}, REPORTS_PER_SENDER=1):
        sender = sender_of(a_request())
        assert [report_throttle.retry_after(sender) for _ in range(3)] == [0, 0, 0]
        assert not any(report_throttle.is_repeat(sender, "Same text") for _ in range(2))


class BrokenCache(BaseCache):
    """A server of the cache that cannot be reached."""

    def __init__(self, server, params):
        super().__init__(params)

    def add(self, *args, **kwargs):
        raise ConnectionError("no route to the cache")

    get = get_many = incr = set = add

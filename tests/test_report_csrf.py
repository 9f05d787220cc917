"""Forms sent from other people's pages are told from our own by what browsers say of them."""

import pytest
from django.test import RequestFactory

from reports.csrf import is_cross_site


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({}, False),  # an old browser, or a program
        ({"Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Referer": "http://testserver/en/trade"}, False),
        ({"Origin": "https://evil.example"}, True),
        ({"Origin": "https://testserver.evil.example"}, True),
        ({"Origin": "http://testserver:8001"}, True),
        ({"Origin": "https://testserver"}, True),  # of another scheme: another site
        ({"Referer": "https://testserver/en/trade"}, True),
        ({"Origin": "HTTP://TESTSERVER"}, False),
        ({"Origin": "null"}, True),
        ({"Origin": "http://[broken"}, True),
        ({"Referer": "https://evil.example/testserver"}, True),
        ({"Referer": "not an address"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, True),
        ({"Origin": "https://evil.example", "Referer": "http://testserver/"}, True),
    ],
)
def test_where_a_form_was_sent_from(headers, foreign):
    assert is_cross_site(RequestFactory(headers=headers).post("/")) is foreign


def test_the_site_may_be_reached_under_its_own_name_through_a_proxy_that_changes_the_host():
    request = RequestFactory(headers={"Origin": "http://testserver"}).post("/", HTTP_HOST="127.0.0.1:8000")
    assert not is_cross_site(request)


def test_a_page_that_came_without_https_cannot_send_a_form_to_the_site_with_it(settings):
    settings.SITE_URL = "https://testserver"
    sent = RequestFactory(headers={"Origin": "http://testserver"}).post("/", secure=True)
    assert is_cross_site(sent)
    assert not is_cross_site(RequestFactory(headers={"Origin": "https://testserver"}).post("/", secure=True))

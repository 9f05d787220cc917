"""The headers of defence of every kind of answer, counted as the MDN HTTP Observatory counts them.

The points are those of its algorithm 6 (https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring). What
only a scan of the internet can see is left out: the list of HSTS preloads (5 points), and the redirection.
"""

import pytest
from django.core.wsgi import get_wsgi_application

from canada_iraq.delivery.page_cache import PageCacheMiddleware
from pages import publishing
from pages.site_version import VersionTracker
from tests.factories import a_figure, a_home_page, a_live_page, a_page, an_account
from tests.test_page_cache import ask as ask_the_cache
from tests.test_page_cache import connection_of_the_test  # noqa: F401

pytestmark = pytest.mark.django_db

# By header: what gives points, and what its absence or any other value costs.
POINTS = {
    "Referrer-Policy": (
        {"no-referrer": 5, "same-origin": 5, "strict-origin": 5, "strict-origin-when-cross-origin": 5},
        0,
    ),
    "X-Content-Type-Options": ({"nosniff": 0}, -5),
    "X-Frame-Options": ({"DENY": 5, "SAMEORIGIN": 5}, -20),
    "Cross-Origin-Opener-Policy": ({"same-origin": 10, "same-origin-allow-popups": 10}, 0),
    "Cross-Origin-Embedder-Policy": ({"require-corp": 10, "credentialless": 10}, 0),
    "Cross-Origin-Resource-Policy": ({"same-origin": 10, "same-site": 10}, 0),
}
HALF_A_YEAR = 15_768_000


def score(headers):
    """The points of one answer; all that is beyond 100 counts only where little is missing."""
    found = [values.get(headers.get(name), otherwise) for name, (values, otherwise) in POINTS.items()]
    found += [points_of_the_policy(headers.get("Content-Security-Policy", "")), points_of_hsts(headers)]
    uncurved = 100 + sum(points for points in found if points < 0)
    return 100 + sum(found) if uncurved >= 90 else uncurved


def points_of_the_policy(text):
    parts = (part.split() for part in text.split(";") if part.strip())
    policy = {name: set(values) for name, *values in parts}
    if not policy:
        return -25
    scripts = policy.get("script-src", policy.get("default-src", {"*"}))
    objects = policy.get("object-src", policy.get("default-src", {"*"}))
    styles = policy.get("style-src", policy.get("default-src", {"*"}))
    unsafe = {"'unsafe-inline'", "data:", "*", "https:", "http:"}
    if (scripts | objects) & (unsafe | {"'unsafe-eval'"}):
        return -20
    if styles & unsafe:
        return 0
    return 10 if policy.get("default-src") == {"'none'"} else 5


def points_of_hsts(headers):
    words = headers.get("Strict-Transport-Security", "").replace(" ", "").split(";")
    seconds = next((int(word.removeprefix("max-age=")) for word in words if word.startswith("max-age=")), 0)
    return 0 if seconds >= HALF_A_YEAR else -20


@pytest.fixture
def https(settings):
    """The settings of a public site."""
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    settings.SECURE_SSL_REDIRECT = True


@pytest.fixture
def site(https, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "observatory.css").write_text("p {}")
    publishing.publish(a_home_page(), by=None)
    a_live_page(address_en="trade", address_fr="commerce")
    moved = a_live_page(address_en="old")
    moved.address_en = "new"
    moved.save()
    publishing.publish(moved, by=None)
    publishing.withdraw(a_live_page(address_en="gone"), by=None)


PUBLIC = [
    ("GET", "/", 200),
    ("GET", "/en/", 200),
    ("HEAD", "/fr/", 200),
    ("GET", "/en/trade", 200),
    ("GET", "/en/search?q=trade", 200),
    ("GET", "/en/feed", 200),
    ("GET", "/fr/fil", 200),
    ("GET", "/en/corrections", 200),
    ("GET", "/sitemap.xml", 200),
    ("GET", "/robots.txt", 200),
    ("GET", "/en/report-a-problem/home", 200),
    ("POST", "/en/report-a-problem/home", 422),
    ("GET", "/en/old", 301),
    ("GET", "/en", 301),
    ("GET", "/en/nothing", 404),
    ("GET", "/en/gone", 410),
    ("GET", "/en/trade?q=%00", 400),
    ("PUT", "/en/trade", 405),
    ("POST", "/en/trade", 405),
    ("POST", "/en/search", 405),
    ("GET", "/media/nothing.png", 404),
    ("GET", "/static/nothing.css", 404),
    ("GET", "/static/observatory.css", 200),
    ("GET", "/health/live", 200),
]


@pytest.mark.medium
@pytest.mark.parametrize(("method", "path", "status"), PUBLIC, ids=lambda value: str(value))
def test_public_answers_score_150(client, site, method, path, status):
    path, _, query = path.partition("?")
    answer = client.generic(method, path, QUERY_STRING=query, secure=True)
    answer.close()
    assert answer.status_code == status
    assert score(answer.headers) >= 150


@pytest.mark.medium
def test_an_image_scores_150_also_when_it_is_known_already(client, site):
    page = a_page(address_en="map")
    figure = a_figure(page)
    publishing.publish(page, by=None)
    path = f"/media/images/{figure.image.image.digest}/{figure.image.image.widths[0]}.webp"
    for method in ("GET", "HEAD"):
        answer = client.generic(method, path, secure=True)
        answer.close()
        assert answer.status_code == 200
        assert score(answer.headers) >= 150
    known = client.get(path, secure=True, headers={"If-None-Match": answer["ETag"]})
    assert known.status_code == 304
    assert score(known.headers) >= 150
    assert client.post(path, secure=True).status_code == 405


@pytest.mark.medium
def test_plain_http_loses_no_more_than_what_only_https_has(client, site):
    answer = client.get("/en/trade")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/en/trade")
    assert score({**answer.headers, "Strict-Transport-Security": "max-age=31536000"}) >= 150
    answer = client.get("/en/trade", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert score({**answer.headers, "Strict-Transport-Security": "max-age=31536000"}) >= 150


@pytest.mark.medium
def test_another_host_on_https_scores_150(client, site):
    answer = client.get("/en/trade", headers={"Host": "evil.example"}, secure=True)
    assert answer.status_code == 400
    assert score(answer.headers) >= 150


@pytest.mark.medium
def test_what_the_page_cache_sends_scores_150(site):
    cache = PageCacheMiddleware(get_wsgi_application(), VersionTracker().read, limit=1_000_000)
    for headers in ({}, {"accept_encoding": "br"}):
        answer = ask_the_cache(cache, "/en/trade", scheme="https", **headers)
        assert answer.status == 200
        assert score(answer.headers) >= 150
        known = ask_the_cache(
            cache, "/en/trade", scheme="https", if_none_match=answer.headers["ETag"], **headers
        )
        assert known.status == 304
        assert score(known.headers) >= 150


@pytest.mark.medium
def test_an_error_of_the_server_scores_150(client, site, monkeypatch):
    def fail(*args, **kwargs):
        raise ValueError

    monkeypatch.setattr("pages.views.rendering.render_edition", fail)
    client.raise_request_exception = False
    answer = client.get("/en/trade", secure=True)
    assert answer.status_code == 500
    assert score(answer.headers) >= 150


@pytest.mark.medium
@pytest.mark.parametrize("path", ["/admin/login/", "/admin/", "/admin/pages/page/", "/admin/pages/page/add/"])
def test_the_admin_scores_135(client, https, path):
    client.force_login(an_account(is_superuser=True, is_staff=True))
    assert score(client.get(path, secure=True).headers) >= 135


@pytest.mark.medium
def test_whatever_is_embedded_says_that_this_site_may_embed_it(client, site):
    """Browsers show nothing else in a page with `require-corp`."""
    for path in ("/en/feed", "/static/nothing.css", "/media/nothing.png"):
        assert client.get(path, secure=True)["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({}, 150),
        ({"Cross-Origin-Embedder-Policy": None}, 140),
        ({"Content-Security-Policy": None}, 75),
        ({"Content-Security-Policy": "default-src 'self'"}, 145),
        ({"Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'"}, 80),
        ({"X-Frame-Options": None}, 80),
        ({"Strict-Transport-Security": "max-age=60"}, 80),
        ({"X-Content-Type-Options": None}, 145),
    ],
)
def test_the_score_is_counted_as_it_says(change, points):
    headers = {
        "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    }
    left = {name: value for name, value in (headers | change).items() if value is not None}
    assert score(left) == points

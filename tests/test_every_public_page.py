"""Every public page of a whole site, in both languages: what a validator, axe and a slow connection make of it."""

import cProfile
import json
import os
import pstats
import shutil
import subprocess
from datetime import timedelta
from itertools import product
from urllib.parse import urlsplit

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import RequestFactory, override_settings
from django.utils import timezone

from pages import emergencies, publishing, stylesheet
from pages.document import LANGUAGES, Bilingual
from pages.models import Edition, Page, preview_link
from pages.public_urls import page_path
from pages.shared_preview import preview_path
from pages.templatetags import site_tags
from reports.templatetags import problem_reports
from tests.factories import a_live_page, a_page, a_text
from tests.test_site_alerts import a_shown_alert

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SCREENS = {
    f"{width} px, {scheme}": {"viewport": {"width": width, "height": 900}, **options}
    for width in (320, 768, 1280)
    for scheme, options in {
        "light": {"color_scheme": "light"},
        "dark": {"color_scheme": "dark"},
        "forced colours": {"forced_colors": "active"},
    }.items()
}
NOTE = '<span role="doc-footnote">See the <strong>source</strong>.</span>'
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
REPORTS = {"en": "/en/report-a-problem/", "fr": "/fr/signaler-un-probleme/"}
BUDGET = 15_000  # bytes of HTML and CSS together
CALLS = 5_000  # of Python's functions


@pytest.fixture
def starter(settings, tmp_path):
    """The starter pages."""
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": on_disk}
    call_command("import_content", str(site.BASE_DIR / "pages" / "starter"), publish=True, verbosity=0)


@pytest.fixture
def whole_site(starter):
    """The starter pages; one more that is archived, one withdrawn, one ahead in English; one is corrected."""
    publishing.archive(a_live_page(address_en="old", address_fr="ancienne"), by=None)
    gone = a_live_page(address_en="gone", address_fr="retiree")
    publishing.withdraw(gone, by=None, explanation=Bilingual("It is over.", "C’est terminé."))
    urgent = a_live_page(address_en="urgent", address_fr="urgence")
    urgent.title_en = "Do not travel"
    urgent.save()
    soon = timezone.localdate() + timedelta(days=2)
    emergencies.publish_in_emergency(urgent, language="en", reason="Fighting.", due_on=soon, by=None)
    a_shown_alert(level="warning", heading_en="Travel with care", heading_fr="Voyagez avec prudence")
    mended = Page.objects.get(key="canada-iraq-relations")
    publishing.publish(mended, by=None, correction=Bilingual("Not 480.", "Non 480."), thanks=True)


@pytest.fixture
def paths(whole_site, client):
    """Every page that a link or a mistake leads to."""
    draft = a_page()
    a_text(draft, body_en=f"<p>A claim{NOTE}.</p>", body_fr=f"<p>Une affirmation{NOTE}.</p>")
    _link, token = preview_link.create_link(draft, by=None, days=7)
    listed = [
        urlsplit(part.split("<")[0]).path for part in client.get("/sitemap.xml").text.split("<loc>")[1:]
    ]
    both = ["/", "/nowhere"]
    english = ["search", "search?q=stabilise", "search?q=%22zebra%20quilts%22", "search?q=the",
               "search?q=stability%20zebra", "search?q=stabilizatoin", "canada-strategy", "corrections",
               "corrections/canada-iraq-relations", "nowhere", "gone", "old",
               "report-a-problem/canada-iraq-relations", "report-a-problem/received/thank-you"]  # fmt: skip
    french = ["recherche", "recherche?q=securite", "recherche?q=%22zebre%20bleu%22", "recherche?q=le",
              "recherche?q=stabilite%20zebre", "recherche?q=stabilisatoin", "strategie-canada",
              "corrections", "corrections/relations-canada-irak", "nulle-part", "retiree", "ancienne",
              "signaler-un-probleme/canada-iraq-relations", "signaler-un-probleme/recu/merci"]  # fmt: skip
    both += [preview_path(language, token) for language in LANGUAGES]
    found = [*both, *listed, *(f"/en/{path}" for path in english), *(f"/fr/{path}" for path in french)]
    return list(dict.fromkeys(found))


def send_nothing(page, path):
    """Submits an empty report, which is answered with the form and its errors."""
    page.goto(f"{path}canada-iraq-relations")
    page.locator(".ci-form button").click()
    page.locator(".ci-error-summary").wait_for()


def send_too_much(page, path):
    """Submits one more report than the site takes, which is answered with the form and what was typed."""
    page.goto(f"{path}canada-iraq-relations")
    page.locator(".ci-form [name=reasons]").first.check()
    with override_settings(REPORTS_PER_SENDER=0):
        page.locator(".ci-form button").click()
        page.locator(".ci-alert--error").first.wait_for()


# What a form is answered with, by what is done with it.
REFUSED = {"with an error": send_nothing, "refused for a while": send_too_much}


def visited(page, paths):
    """Open each page in turn, and each form that is refused, with all of its parts unfolded; gives their names."""
    for path in paths:
        page.goto(path)
        page.evaluate(UNFOLD)
        yield path
    for path, (answer, send) in product(REPORTS.values(), REFUSED.items()):
        send(page, path)
        page.evaluate(UNFOLD)
        yield f"{path} {answer}"


@pytest.mark.browser
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_has_nothing_to_say(chromium, live_server, paths, screen):
    context = chromium.new_context(base_url=live_server.url, **SCREENS[screen])
    page = context.new_page()
    faults = []

    for name in visited(page, paths):
        found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
        faults.extend((name, rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"])
    context.close()
    print(f"\n{screen}: {len(paths) + len(REPORTS) * len(REFUSED)} pages, {len(faults)} violations")
    assert faults == []


# How readers change pages: https://www.w3.org/TR/WCAG22/#reflow, #resize-text and #text-spacing. At 400 % a window of
# 1280 by 1024 pixels has the room of one of 320 by 256.
TEXT_SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"
    "p { margin-bottom: 2em !important; }"
)
LARGE_LETTERS = "html { font-size: 200% !important; }"
ADAPTATIONS = {
    "zoomed to 200 %": (640, 512, ""),
    "zoomed to 400 %": (320, 256, ""),
    "with wide spaces": (1280, 900, TEXT_SPACING),
    "with wide spaces on a phone": (320, 900, TEXT_SPACING),
    "with letters twice as large": (1280, 900, LARGE_LETTERS),
    "with letters twice as large on a small tablet": (640, 900, LARGE_LETTERS),
}
UNFOLD = "for (const part of document.querySelectorAll('details')) part.open = true"

# What sticks out of the window, and what is cut off because its box is too small for its words. Tables scroll by
# themselves, and what is hidden from sight is meant to be.
LOST = """() => {
  const root = document.documentElement, width = root.clientWidth, lost = [];
  if (root.scrollWidth > width) lost.push(`the page is ${root.scrollWidth} wide`);
  for (const part of document.body.querySelectorAll('*')) {
    const isMeantToBe = part.closest('.ci-hidden, .ci-skip, [hidden], .ci-table > *, svg');
    if (isMeantToBe || !part.getClientRects().length) continue;
    const box = part.getBoundingClientRect(), style = getComputedStyle(part), name = part.outerHTML.slice(0, 90);
    if (box.right > width + 1 || box.left < -1) lost.push(`sticks out: ${name}`);
    const cuts = ['hidden', 'clip'].includes(style.overflowX) || ['hidden', 'clip'].includes(style.overflowY);
    const isTooSmall = part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1;
    if (cuts && isTooSmall && part.textContent.trim()) lost.push(`cut off: ${name}`);
  }
  return lost.slice(0, 3);
}"""


@pytest.mark.browser
@pytest.mark.parametrize("adaptation", ADAPTATIONS)
def test_nothing_is_lost_when_readers_change_how_pages_look(chromium, live_server, paths, adaptation):
    width, height, css = ADAPTATIONS[adaptation]
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": width, "height": height}, bypass_csp=True
    )
    page = context.new_page()
    lost = {}

    for name in visited(page, paths):
        if css:
            page.add_style_tag(content=css)
        if found := page.evaluate(LOST):
            lost[name] = found
    context.close()
    print(f"\n{adaptation}: {len(paths)} pages, {len(lost)} with something lost")
    assert lost == {}


@pytest.mark.browser
@pytest.mark.parametrize("size", ["Letter", "A5"])
def test_nothing_is_lost_in_print(chromium, live_server, paths, size):
    width = {"Letter": 720, "A5": 460}[size]  # the paper less its margins, at 96 pixels an inch
    context = chromium.new_context(base_url=live_server.url, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.emulate_media(media="print")
    lost = {}
    for path in paths:
        page.goto(path)
        if found := page.evaluate(LOST):
            lost[path] = found
    context.close()
    assert lost == {}


def test_every_public_template_is_among_these_pages(client, paths):
    for part in (site_tags._render_cached, site_tags._card, problem_reports.form_parts):
        part.cache_clear()
    used = set()
    for path in paths:
        used |= {template.name for template in client.get(path).templates}
    for path in REPORTS.values():
        used |= {template.name for template in client.post(f"{path}canada-iraq-relations").templates}
        with override_settings(REPORTS_PER_SENDER=0):
            refused = client.post(f"{path}canada-iraq-relations", {"reasons": "outdated"})
        used |= {template.name for template in refused.templates}
    folders = ("components", "errors", "pages", "reports")
    there = {
        str(file.relative_to(site.BASE_DIR / "templates"))
        for folder in folders
        for file in (site.BASE_DIR / "templates" / folder).rglob("*.html")
    }
    # An email; what is above a preview in the admin; and what shows nothing.
    elsewhere = {"pages/notifications.html", "components/preview_banner.html", "pages/blocks/shared.html"}
    assert there - used - elsewhere == set()


def test_the_nu_checker_finds_no_error(client, paths, tmp_path):
    """With the checker of https://validator.github.io/validator/ where VNU_JAR says (`npm pack vnu-jar` has it)."""
    jar = os.environ.get("VNU_JAR", "")
    if not (jar and shutil.which("java")):
        pytest.skip("needs java, and VNU_JAR with the path of vnu.jar")
    folder = tmp_path / "html"
    folder.mkdir()
    answers = {path: client.get(path) for path in paths}
    answers |= {f"{path} sent": client.post(f"{path}canada-iraq-relations") for path in REPORTS.values()}
    for number, answer in enumerate(answers.values()):
        (folder / f"{number}.html").write_bytes(answer.content)
    asked = ["java", "-jar", jar, "--errors-only", "--format", "json", *map(str, folder.iterdir())]
    said = json.loads(subprocess.run(asked, capture_output=True, check=False).stderr)["messages"]
    print(f"\n{len(answers)} pages, {len(said)} errors")
    assert [(message["url"], message["message"], message.get("extract")) for message in said] == []


def test_a_first_view_takes_few_calls_of_functions(client, starter):
    """Whatever the machine does: those of Python's functions, in a process that has shown other pages."""
    live = Edition.objects.live().exclude(page__key="design")  # whose page has a block of every kind
    pages = [
        page_path(language, edition.text("address", language)) for edition in live for language in LANGUAGES
    ]
    assert {client.get(path).status_code for path in pages} == {200}
    answer = WSGIHandler()

    def ask(path):
        environ = RequestFactory().get(path).environ
        response = answer(environ, lambda *line: None)
        response.close()

    def calls(path):
        profile = cProfile.Profile()
        profile.runcall(ask, path)
        stats = pstats.Stats(profile).stats
        return sum(calls for (file, *_), (_, calls, *_) in stats.items() if file != "~")

    counts = {path: calls(path) for path in pages}
    print(f"\n{min(counts.values())} to {max(counts.values())} calls")
    assert {path: count for path, count in counts.items() if count >= CALLS} == {}


def test_a_first_view_costs_few_bytes(client, paths):
    css = len(brotli.compress(stylesheet.smaller(stylesheet.source()).encode(), quality=11))
    sizes = {path: len(brotli.compress(client.get(path).content, quality=5)) + css for path in paths}
    print(f"\nstylesheet {css}; with it {min(sizes.values())} to {max(sizes.values())} bytes")
    assert {path: size for path, size in sizes.items() if size > BUDGET} == {}

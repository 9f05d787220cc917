"""The sitemap: every readable page in both languages, each naming the other; on a large site in several files.

A file lists at most 50,000 addresses and has at most 50 MB (https://www.sitemaps.org/protocol.html). A site with more
is divided by the numbers of its pages, which never change, so that a file costs what its own pages cost and a
publication changes one file only.
"""

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Max, Q
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from .document import LANGUAGES
from .models.edition import Correction, Edition
from .models.page import Page
from .public_urls import absolute_url, page_path

MAX_ADDRESSES, MAX_BYTES = 50_000, 50 * 1024 * 1024

# Written here rather than by a template: a large site has tens of thousands of these, and they hold no free text.
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
URLSET = f'{XML}<urlset xmlns="{NAMESPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{{}}</urlset>\n'
INDEX = f'{XML}<sitemapindex xmlns="{NAMESPACE}">\n{{}}</sitemapindex>\n'
ALTERNATE = '<xhtml:link rel="alternate" hreflang="{}" href="{}"/>'


@require_safe
def sitemap(request):
    """The one sitemap of a site, or the index of its sitemaps where one cannot list all pages."""
    limit = max_pages()
    if Page.objects.count() <= limit:
        return _urlset(Edition.objects.live_everywhere(), has_corrections=True)
    live = Edition.objects.live_everywhere().order_by()
    number = ExpressionWrapper((F("page_id") - 1) / limit + 1, output_field=BigIntegerField())
    is_readable = ~Q(kind=Edition.Kind.WITHDRAWN)
    parts = live.annotate(part=number).values("part").order_by("part")
    parts = list(parts.annotate(pages=Count("pk", filter=is_readable), changed=Max("publish_at")))
    if sum(part["pages"] for part in parts) <= limit:
        return _urlset(live, has_corrections=True)
    return _xml(INDEX, (_part_line(part["part"], part["changed"]) for part in parts if part["pages"]))


@require_safe
def sitemap_part(request, number):
    """One of the sitemaps that the index names. Raises Http404 for one that has no page."""
    limit = max_pages()
    pages = Edition.objects.live_everywhere().filter(
        page_id__gt=(number - 1) * limit, page_id__lte=number * limit
    )
    return _urlset(pages, may_be_empty=False, has_corrections=number == 1)


def max_pages() -> int:
    """How many pages one file may list, each of them with two addresses, however long these are."""
    longest = "x" * Edition._meta.get_field("address_en").max_length
    longest_lines = len(_page_lines(longest, longest, timezone.now()).encode())
    return min(MAX_ADDRESSES // len(LANGUAGES), (MAX_BYTES - len(URLSET)) // longest_lines)


def _urlset(live, *, may_be_empty=True, has_corrections=False):
    pages = live.readable().with_dates().order_by("page_id")
    lines = [_page_lines(*page) for page in pages.values_list("address_en", "address_fr", "modified_at")]
    if has_corrections and len(lines) < max_pages() and (newest := Correction.objects.public().first()):
        lines.append(_page_lines("corrections", "corrections", newest.edition.publish_at))
    if not (lines or may_be_empty):
        raise Http404
    return _xml(URLSET, lines)


def _page_lines(english, french, modified):
    both = [absolute_url(page_path(*place)) for place in zip(LANGUAGES, (english, french), strict=True)]
    rest = f"<lastmod>{localdate(modified)}</lastmod>"
    rest += "".join(ALTERNATE.format(*one) for one in zip(LANGUAGES, both, strict=True))
    return "".join(f"<url><loc>{url}</loc>{rest}</url>\n" for url in both)


def _part_line(number, changed):
    """The time is that of the last publication: an archived, moved or withdrawn page changes the file too."""
    url = absolute_url(f"/sitemap-{number}.xml")
    moment = changed.replace(microsecond=0).isoformat()
    return f"<sitemap><loc>{url}</loc><lastmod>{moment}</lastmod></sitemap>\n"


def _xml(template, lines):
    body = template.format("".join(lines))
    return HttpResponse(
        body, content_type="application/xml; charset=utf-8", headers={"X-Robots-Tag": "noindex"}
    )

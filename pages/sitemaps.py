"""What search engines are told: every readable page in both languages, each naming the other."""

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from .addresses import absolute, path_of
from .document import LANGUAGES
from .editions import Edition

# Written here rather than by a template: a large site has tens of thousands of these, and they hold no free text.
START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
ALTERNATE = '<xhtml:link rel="alternate" hreflang="{}" href="{}"/>'


@require_safe
def sitemap(request):
    pages = Edition.objects.live().readable().dated().order_by("page_id")
    lines = [_of_page(*page) for page in pages.values_list("address_en", "address_fr", "modified_at")]
    body = START + "".join(lines) + "</urlset>\n"
    return HttpResponse(body, content_type="application/xml", headers={"X-Robots-Tag": "noindex"})


def _of_page(english, french, modified):
    both = [absolute(path_of(*place)) for place in zip(LANGUAGES, (english, french), strict=True)]
    rest = f"<lastmod>{localdate(modified)}</lastmod>"
    rest += "".join(ALTERNATE.format(*one) for one in zip(LANGUAGES, both, strict=True))
    return "".join(f"<url><loc>{address}</loc>{rest}</url>\n" for address in both)

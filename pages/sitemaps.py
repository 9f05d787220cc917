"""What search engines are told: every readable page in both languages, each naming the other."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.utils.translation import get_language

from .addresses import path_of
from .editions import Edition


class PageSitemap(Sitemap):
    i18n = True
    alternates = True
    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def items(self):
        return Edition.objects.live().readable().dated().defer("document").order_by("page_id")

    def location(self, edition):
        language = get_language()
        return path_of(language, edition.text("address", language))

    def lastmod(self, edition):
        return edition.modified_at

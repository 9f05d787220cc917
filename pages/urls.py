"""Public addresses of pages."""

from django.urls import path, re_path, register_converter

from . import corrections, feeds, shared, views
from .preview_links import TOKEN
from .rows import ADDRESS
from .sitemaps import sitemap


class Language:
    regex = "en|fr"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class Address(Language):
    """Only what an address can be: anything else is not found, before any query."""

    regex = ADDRESS


register_converter(Language, "language")
register_converter(Address, "address")

urlpatterns = [
    path("", views.language_selection, name="language_selection"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    re_path(
        r"^media/images/(?P<digest>[0-9a-f]{32,64})/(?P<width>[0-9]{1,5})\.(?P<extension>avif|webp)\Z",
        views.image,
        name="image",
    ),
    path("en/search", views.search, {"language": "en"}, name="search"),
    path("fr/recherche", views.search, {"language": "fr"}, name="search"),
    path("en/feed", feeds.changes, {"language": "en"}, name="feed"),
    path("fr/fil", feeds.changes, {"language": "fr"}, name="feed"),
    path("<language:language>/corrections", corrections.of_the_site, name="corrections"),
    path("<language:language>/corrections.atom", corrections.feed, name="corrections_feed"),
    path("<language:language>/corrections/<address:address>", corrections.of_a_page, name="page_corrections"),
    re_path(rf"^en/preview/(?P<token>{TOKEN})\Z", shared.preview, {"language": "en"}, name="shared_preview"),
    re_path(rf"^fr/apercu/(?P<token>{TOKEN})\Z", shared.preview, {"language": "fr"}, name="shared_preview"),
    path("<language:language>/", views.page, name="home"),
    path("<language:language>/<address:address>", views.page, name="page"),
]

"""Public addresses of pages."""

from django.urls import path, re_path, register_converter

from . import api, corrections, feeds, shared_preview, views
from .models.page import ADDRESS
from .models.preview_link import TOKEN
from .public_urls import CARD_PATTERN, CUT_PATTERN, FILE_PATTERN, RENDITION_PATTERN
from .sitemaps import sitemap, sitemap_part


class Language:
    regex = "en|fr"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class Address(Language):
    """Only what an address can be: anything else is not found, before any query."""

    regex = ADDRESS


class Part:
    """The number of a part of the sitemap, written in one way only."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


register_converter(Language, "language")
register_converter(Part, "part")
register_converter(Address, "address")

urlpatterns = [
    path("", views.language_selection, name="language_selection"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-<part:number>.xml", sitemap_part, name="sitemap_part"),
    re_path(rf"^media/{RENDITION_PATTERN}\Z", views.image, name="image"),
    re_path(rf"^media/{FILE_PATTERN}\Z", views.file, name="file"),
    re_path(rf"^(?P<language>en|fr)/{CARD_PATTERN}\Z", views.card_image, name="card_image"),
    re_path(rf"^(?P<language>en|fr)/{CUT_PATTERN}\Z", views.cut_picture, name="cut_picture"),
    path("favicon.ico", views.icon, {"name": "favicon"}, name="favicon"),
    path("apple-touch-icon.png", views.icon, {"name": "touch"}, name="touch_icon"),
    path("<language:language>/opensearch.xml", views.opensearch, name="opensearch"),
    path("<language:language>/site.webmanifest", views.web_manifest, name="web_manifest"),
    path("en/search", views.search, {"language": "en"}, name="search"),
    path("fr/recherche", views.search, {"language": "fr"}, name="search"),
    path("en/feed", feeds.changes, {"language": "en"}, name="feed"),
    path("fr/fil", feeds.changes, {"language": "fr"}, name="feed"),
    path("<language:language>/corrections", corrections.site_corrections, name="corrections"),
    path("<language:language>/corrections.atom", corrections.feed, name="corrections_feed"),
    path(
        "<language:language>/corrections/<address:address>",
        corrections.page_corrections,
        name="page_corrections",
    ),
    re_path(
        rf"^en/preview/(?P<token>{TOKEN})\Z",
        shared_preview.preview,
        {"language": "en"},
        name="shared_preview",
    ),
    re_path(
        rf"^fr/apercu/(?P<token>{TOKEN})\Z", shared_preview.preview, {"language": "fr"}, name="shared_preview"
    ),
    *(
        re_path(
            rf"^{language}/{word}/(?P<token>{TOKEN})/{RENDITION_PATTERN}\Z",
            shared_preview.image,
            {"language": language},
            name="shared_image",
        )
        for language, word in shared_preview.PATH_WORDS.items()
    ),
    *(
        re_path(
            rf"^{language}/{word}/(?P<token>{TOKEN})/{FILE_PATTERN}\Z",
            shared_preview.file,
            {"language": language},
            name="shared_file",
        )
        for language, word in shared_preview.PATH_WORDS.items()
    ),
    path("api/v1/openapi.json", api.schema, name="api_schema"),
    path("api/v1/pages", api.page_list, name="api_pages"),
    path("api/v1/pages/<slug:key>", api.page, name="api_page"),
    path("api/v1/partners", api.partner_list, name="api_partners"),
    path("<language:language>/", views.page, name="home"),
    path("<language:language>/<address:address>", views.page, name="page"),
]

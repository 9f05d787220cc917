"""Corrections, shown to the public: of the whole site or of one page, and as a feed."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from . import cache_tags, rendering
from .feeds import Feed
from .models.edition import Correction, Edition
from .public_urls import absolute_url, corrections_path, other_language

# The list of the whole site and the feed hold the newest ones; the list of a page holds all of its own.
LIST_LIMIT = 200
FEED_LIMIT = 50


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction in one language. `page` leads to the page as it is now; None when it is no longer public."""

    number: int
    at: datetime
    title: SafeString
    text: SafeString
    thanks: bool
    page: rendering.Link | None


def correction_views(corrections, language):
    """Two queries for any number of corrections."""
    corrections = list(corrections)
    pages = {correction.edition.page_id for correction in corrections}
    live = Edition.objects.live().readable().filter(page__in=pages).defer("document")
    links = {edition.page_id: rendering.link(edition, language) for edition in live}
    return [_view(correction, language, links) for correction in corrections]


def _view(correction, language, links):
    edition = correction.edition
    return CorrectionView(
        number=correction.pk,
        at=edition.publish_at,
        title=rendering.plain(edition.text("title", language), language),
        text=rendering.plain(correction.text(language), language),
        thanks=correction.thanks,
        page=links.get(edition.page_id),
    )


@require_safe
def site_corrections(request, language):
    return _list(
        Correction.objects.public()[:LIST_LIMIT], language, toggle=corrections_path(other_language(language))
    )


@require_safe
def page_corrections(request, language, address):
    """The list of the page at an address, also once it has moved; withdrawn pages have none."""
    found = Edition.objects.live().readable().at_address(language, address).defer("document")
    edition = min(found, key=lambda edition: edition.text("address", language) != address, default=None)
    if edition is None:
        raise Http404
    if edition.text("address", language) != address:
        return HttpResponsePermanentRedirect(corrections_path(language, edition.text("address", language)))
    other = other_language(language)
    return _list(
        Correction.objects.public().filter(edition__page=edition.page_id),
        language,
        toggle=corrections_path(other, edition.text("address", other)),
        page=rendering.link(edition, language),
    )


def _list(corrections, language, *, toggle, page=None):
    home = rendering.home(language)
    context = {
        "language": language,
        "alerts": rendering.current_site_alerts(language),
        "toggle": toggle,
        "page": page,
        "trail": [home, *([page] if page and page.path != home.path else [])],
        "corrections": correction_views(corrections, language),
        "feed": reverse("corrections_feed", args=[language]),
    }
    response = HttpResponse(render_to_string("pages/corrections.html", context))
    return cache_tags.make_cacheable(response, [cache_tags.SITE])


@require_safe
def feed(request, language):
    """The newest corrections of the whole site as Atom."""
    url = absolute_url(corrections_path(language))
    name = settings.SITE_IDENTITY["name"][language]
    atom = Feed(
        title=_("%(site)s: corrections") % {"site": name},
        author_name=name,
        link=url,
        description=_("Corrections to the pages of this site."),
        language=f"{language}-CA",
        feed_url=absolute_url(reverse("corrections_feed", args=[language])),
        feed_guid=url,
    )
    for correction in correction_views(Correction.objects.public()[:FEED_LIMIT], language):
        item_url = f"{url}#c{correction.number}"
        atom.add_item(
            title=_strip_tags(correction.title),
            link=item_url,
            description=format_html("<p>{}</p>", correction.text),
            unique_id=item_url,
            pubdate=correction.at,
            updateddate=correction.at,
        )
    response = HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return cache_tags.make_cacheable(response, [cache_tags.SITE])


def _strip_tags(text):
    return rendering.html.plain_text(text)

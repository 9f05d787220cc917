"""What was put right, said to the public: of the whole site or of one page, and as a feed."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from . import rendering
from .addresses import absolute, corrections_path, other
from .editions import Correction, Edition

# The list of the whole site and the feed hold the newest ones; the list of a page holds all of its own.
SHOWN = 200
FED = 50


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction in one language. `page` leads to the page as it is now; None when it is no longer public."""

    number: int
    at: datetime
    title: SafeString
    text: SafeString
    thanks: bool
    page: rendering.Link | None


def views_of(corrections, language):
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
def of_the_site(request, language):
    return _list(Correction.objects.public()[:SHOWN], language, toggle=corrections_path(other(language)))


@require_safe
def of_a_page(request, language, address):
    """The list of the page at an address, also once it has moved; withdrawn pages have none."""
    found = Edition.objects.live().readable().at_address(language, address).defer("document")
    here = min(found, key=lambda edition: edition.text("address", language) != address, default=None)
    if here is None:
        raise Http404
    if here.text("address", language) != address:
        return HttpResponsePermanentRedirect(corrections_path(language, here.text("address", language)))
    elsewhere = other(language)
    return _list(
        Correction.objects.public().filter(edition__page=here.page_id),
        language,
        toggle=corrections_path(elsewhere, here.text("address", elsewhere)),
        page=rendering.link(here, language),
    )


def _list(corrections, language, *, toggle, page=None):
    home = rendering.home(language)
    context = {
        "language": language,
        "toggle": toggle,
        "page": page,
        "trail": [home, *([page] if page and page.path != home.path else [])],
        "corrections": views_of(corrections, language),
        "feed": reverse("corrections_feed", args=[language]),
    }
    return _same_for_all(HttpResponse(render_to_string("pages/corrections.html", context)))


@require_safe
def feed(request, language):
    """The newest corrections of the whole site as Atom."""
    address = absolute(corrections_path(language))
    atom = Atom(
        title=_("Corrections"),
        link=address,
        description=_("What was put right on the pages of this site."),
        language=f"{language}-CA",
        feed_url=absolute(reverse("corrections_feed", args=[language])),
        feed_guid=address,
    )
    for correction in views_of(Correction.objects.public()[:FED], language):
        place = f"{address}#c{correction.number}"
        atom.add_item(
            title=_plain(correction.title),
            link=place,
            description=format_html("<p>{}</p>", correction.text),
            unique_id=place,
            pubdate=correction.at,
            updateddate=correction.at,
        )
    response = HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return _same_for_all(response)


class Atom(Atom1Feed):
    """The same bytes each time, also when there is nothing in it: no correction, no news."""

    def latest_post_date(self):
        return max((item["pubdate"] for item in self.items), default=datetime(1970, 1, 1, tzinfo=UTC))


def _plain(text):
    return rendering.html.plain_text(text)


def _same_for_all(response):
    """Any cache may keep it, if it asks each time whether it still holds."""
    patch_cache_control(response, public=True, no_cache=True)
    response.keep = True
    return response

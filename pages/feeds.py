"""What has changed on the site, for programs that follow it: an Atom feed (RFC 4287) in each language."""

import html
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from . import cache_tags, rendering
from .models.edition import Edition
from .models.page import Page
from .public_urls import absolute_url, page_path

# As many pages as changed last.
FEED_LIMIT = 50

# When a feed without entries was last updated.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class Feed(Atom1Feed):
    """Unlike Django's it says nothing of the moment at which it is asked for, so that it stays the same meanwhile."""

    def latest_post_date(self):
        return max((item["updateddate"] for item in self.items), default=EPOCH)


@require_safe
def changes(request, language):
    """The pages of one language that changed in a way that matters, the newest first, each as it is now."""
    feed = _new_feed(language)
    for edition in recently_changed():
        _add_item(feed, edition, language)
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return cache_tags.make_cacheable(response, [cache_tags.SITE])


def recently_changed(at=None):
    """The live editions of the pages that changed significantly last, the newest first, in one query."""
    at = at or timezone.now()
    significant = Edition.objects.approved().filter(significant=True, publish_at__lte=at)
    later = significant.filter(page=OuterRef("page"), publish_at__gt=OuterRef("publish_at"))
    last = significant.readable().filter(~Exists(later)).order_by("-publish_at", "-number")
    pages = Page.objects.filter(pk__in=last.values("page")[:FEED_LIMIT])
    live = Edition.objects.live_of(pages, at).readable()
    return live.with_dates().defer("document").order_by("-modified_at", "-number", "page")


def _new_feed(language):
    name = settings.SITE_IDENTITY["name"][language]
    return Feed(
        title=_("%(site)s: changes") % {"site": name},
        subtitle=_("New pages and pages with significant changes."),
        link=absolute_url(page_path(language, "")),
        description="",
        language=f"{language}-CA",
        author_name=name,
        feed_url=absolute_url(reverse("feed", kwargs={"language": language})),
        feed_guid=_tag_uri(f"{language}:changes"),
    )


def _add_item(feed, edition, language):
    """The note on a change is for colleagues: what the public reads is what the page is about."""
    link = rendering.link(edition, language)
    archived = " " + _("(archived)") if link.is_archived else ""
    feed.add_item(
        title=html.unescape(link.title) + archived,
        link=absolute_url(link.path),
        description=link.description,
        # Of the page and of its last significant change, so that it stays when the address or a comma changes.
        unique_id=_tag_uri(f"{language}:{edition.page_id}:{edition.modified_at:%Y%m%dT%H%M%S%fZ}"),
        pubdate=edition.issued_at,
        updateddate=edition.modified_at,
    )


def _tag_uri(name):
    """An identifier as RFC 4151 makes them, of this site for good."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{EPOCH.year}:{name}"

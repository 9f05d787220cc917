"""The working copy, or a past edition, in one language on the site's own templates, as the public would see it."""

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from .. import document as shape
from .. import rendering, working_copy
from ..addresses import other, path_of
from ..editions import Edition
from ..rows import Page
from .screens import Screens

as_in_public = csp_replace(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])


class Previews(Screens):
    def get_urls(self):
        preview = as_in_public(self.admin_site.admin_view(self.preview_view))
        edition = as_in_public(self.admin_site.admin_view(self.edition_view))
        return [
            path("<int:page_id>/preview/<str:language>/", preview, name="pages_page_preview"),
            path("<int:page_id>/editions/<int:number>/<str:language>/", edition, name="pages_page_edition"),
            *super().get_urls(),
        ]

    def preview_view(self, request, page_id, language):
        page = self.page_to_view(request, page_id)
        twin = self._twin("admin:pages_page_preview", page_id, language)
        return _rendered(page, working_copy.read(page), language, twin)

    def edition_view(self, request, page_id, number, language):
        page = self.page_to_view(request, page_id)
        edition = get_object_or_404(Edition, page=page, number=number)
        twin = self._twin("admin:pages_page_edition", page_id, number, language)
        return _rendered(page, edition.read(), language, twin, edition=edition)

    def _twin(self, name, *arguments):
        *place, language = arguments
        if language not in shape.LANGUAGES:
            raise Http404
        return reverse(name, args=[*place, other(language)])


def _rendered(page, document, language, twin, **more):
    shown = rendering.preview(
        document, language, trail=_trail(page, language), children=_children(page, language), toggle=twin
    )
    context = {"page": shown, "language": language, "original": page, **more}
    return HttpResponse(render_to_string("admin/pages/page/preview.html", context))


def _trail(page, language):
    """The public pages above the working copy's place, from the home page down."""
    above = _above(page)
    live = {edition.page_id: edition for edition in Edition.objects.live().readable().filter(page__in=above)}
    links = [rendering.link(live[each.pk], language) for each in above if each.parent_id and each.pk in live]
    return [_home(language), *links] if above else []


def _above(page):
    above, known = [], {page.pk}
    while page.parent_id and page.parent_id not in known:
        known.add(page.parent_id)
        page = Page.objects.get(pk=page.parent_id)
        above.insert(0, page)
    return above


def _home(language):
    with override(language):
        return rendering.Link(title=rendering.plain(_("Home"), language), path=path_of(language, ""))


def _children(page, language):
    below = Edition.objects.live().readable().filter(parent=page)
    ordered = sorted(
        below, key=lambda edition: (edition.position, rendering.alphabetical(edition.text("title", language)))
    )
    return [rendering.link(edition, language) for edition in ordered]

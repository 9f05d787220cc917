"""The working copy, or a past edition, in one language on the site's own templates, as the public would see it."""

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse

from .. import document as shape
from .. import one_language, previews, working_copy
from ..addresses import other
from ..editions import Edition
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
        document = one_language.shown(edition.read(), language)
        return _rendered(page, document, language, twin, edition=edition)

    def _twin(self, name, *arguments):
        *place, language = arguments
        if language not in shape.LANGUAGES:
            raise Http404
        return reverse(name, args=[*place, other(language)])


def _rendered(page, document, language, twin, **more):
    shown = previews.shown(page, document, language, toggle=twin)
    context = {"page": shown, "language": language, "original": page, **more}
    return HttpResponse(render_to_string("admin/pages/page/preview.html", context))

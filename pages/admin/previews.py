"""The working copy, or a past edition, in one language on the site's own templates, as the public would see it."""

from csp.decorators import csp_replace
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from .. import previews, single_language, working_copy
from ..document import LANGUAGES
from ..local_time import format_date_time
from ..models.audit_entry import AuditEntry
from ..models.edition import Edition
from ..models.page import Page
from ..public_urls import other_language
from .autosaving import saved_at
from .media import MEDIA_URL
from .page_views import PageView

as_in_public = csp_replace(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])


class PreviewView(PageView):
    """The working copy."""

    route, name = "preview/<str:language>", "preview"
    decorate = staticmethod(as_in_public)

    def respond(self, request, page, language):
        toggle = _toggle_url("admin:pages_page_preview", page.pk, language)
        saved = _last_save(request.user, page)
        return _rendered(page, working_copy.read(page), language, toggle, saved=saved)


class DraftView(View):
    """Leads from the key of a page, which is what a link to it has, to the preview of its working copy."""

    http_method_names = ("get", "head", "options")
    model_admin = None

    @classmethod
    def url_pattern(cls, model_admin):
        """Returns the URL pattern of this view, open to staff only."""
        view = model_admin.admin_site.admin_view(cls.as_view(model_admin=model_admin))
        return path("drafts/<slug:key>/<str:language>/", view, name="pages_page_draft")

    def get(self, request, key, language):
        if not self.model_admin.has_view_or_change_permission(request):
            raise PermissionDenied
        page = get_object_or_404(Page, key=key)
        if language not in LANGUAGES:
            raise Http404
        return HttpResponseRedirect(reverse("admin:pages_page_preview", args=[page.pk, language]))


class EditionView(PageView):
    """An edition, whether it is public or not."""

    route, name = "editions/<int:number>/<str:language>", "edition"
    decorate = staticmethod(as_in_public)

    def respond(self, request, page, number, language):
        edition = get_object_or_404(Edition, page=page, number=number)
        toggle = _toggle_url("admin:pages_page_edition", page.pk, number, language)
        document = single_language.visible_in(edition.read(), language)
        return _rendered(page, document, language, toggle, edition=edition)


def _last_save(person, page):
    """Says when the working copy was saved, and by whom if that was somebody else, in the language of the person."""
    save = AuditEntry.objects.saves(page).first()
    if save is None:
        return _("The working copy as it is saved")
    if save.user_id == person.pk and timezone.localdate(save.action_time) == timezone.localdate():
        return saved_at(save.action_time)
    words = {"moment": format_date_time(save.action_time), "who": save.user_shown}
    return _("Last saved on %(moment)s by %(who)s.") % words


def _toggle_url(name, *arguments):
    """The same screen in the other language. Raises Http404 where there is no such language."""
    *place, language = arguments
    if language not in LANGUAGES:
        raise Http404
    return reverse(name, args=[*place, other_language(language)])


def _rendered(page, document, language, toggle, **more):
    page_view = previews.preview_of(
        page, document, language, toggle=toggle, media=MEDIA_URL, unpublished_url=_draft_url
    )
    context = {"page": page_view, "language": language, "original": page, **more}
    return HttpResponse(render_to_string("admin/pages/page/preview.html", context))


def _draft_url(key, language):
    """Where a page that is not public is seen: as the working copy that it is."""
    return reverse("admin:pages_page_draft", args=[key, language])

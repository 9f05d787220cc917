"""What the screens about one page have in common: finding the page, asking who may see it, and the frame."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from .. import document as shape
from .. import working_copy
from ..rows import Page


class Screens:
    """Base for the parts of the admin of pages that add screens of their own."""

    def screen_path(self, route, view, name):
        """A pattern below the page's own address, open to staff only; `name` is `pages_page_<name>`."""
        return path(f"<int:page_id>/{route}/", self.admin_site.admin_view(view), name=f"pages_page_{name}")

    def has_publish_permission(self, request):
        return request.user.has_perm("pages.publish_page")

    def page_to_view(self, request, page_id):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return self._page(request, page_id)

    def page_to_publish(self, request, page_id):
        if not self.has_publish_permission(request):
            raise PermissionDenied
        return self._page(request, page_id)

    def _page(self, request, page_id):
        page = self.get_object(request, page_id)
        if page is None:
            raise Http404
        return page

    def screen(self, request, page, template, **context):
        frame = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": page,
            "subtitle": str(page),
        }
        return TemplateResponse(request, f"admin/pages/page/{template}.html", {**frame, **context})


def locked_as_seen(page, seen):
    """The page under lock, and its working copy: the one that the person has seen, whose digest is `seen`.

    Raises ValidationError when it is another one by now.
    """
    page = Page.objects.locked().get(pk=page.pk)
    document = working_copy.read(page)
    if shape.digest(shape.dumps(document)) != seen:
        raise ValidationError(_("The page was saved since you opened this screen. Look at it again."))
    return page, document

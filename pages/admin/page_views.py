"""Base of the views about one page in the admin: finding the page, asking who may see it, and the frame around it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.generic import View

from .. import working_copy
from ..document import digest, dumps
from ..models.page import Page


class PageView(View):
    """A screen about one page, below its address in the admin.

    A subclass gives the `route` below that address, the `name` of its URL (`pages_page_<name>`) and `respond`, which
    answers GET and POST. `may_open` says who may see it: by default everybody who may see the page.
    """

    http_method_names = ("get", "head", "post", "options")
    model_admin = None
    route = name = None

    @classmethod
    def url_pattern(cls, model_admin):
        """Returns the URL pattern of this view, open to staff only."""
        view = cls.decorate(model_admin.admin_site.admin_view(cls.as_view(model_admin=model_admin)))
        return path(f"<int:page_id>/{cls.route}/", view, name=f"pages_page_{cls.name}")

    @staticmethod
    def decorate(view):
        """Returns the view as its URL calls it."""
        return view

    def dispatch(self, request, *args, **kwargs):
        """Refuses whoever may not open the screen before anything else, whatever method it takes."""
        if not self.may_open(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, page_id, **arguments):
        page = self.model_admin.get_object(request, page_id)
        if page is None:
            raise Http404
        return self.respond(request, page, **arguments)

    post = get

    def respond(self, request, page, **arguments):
        """Returns the answer to a request about the page. `arguments` are the other parts of the route."""
        raise NotImplementedError

    def may_open(self, request):
        return self.model_admin.has_view_or_change_permission(request)

    def may_change(self, request, page):
        return self.model_admin.has_change_permission(request, page)

    def render(self, request, page, template, **context):
        """Returns the screen that the template in `admin/pages/page/` makes of the context."""
        frame = {
            **self.model_admin.admin_site.each_context(request),
            "opts": self.model_admin.opts,
            "original": page,
            "subtitle": str(page),
        }
        return TemplateResponse(request, f"admin/pages/page/{template}.html", {**frame, **context})


class ChangingView(PageView):
    """A screen for those who may change pages."""

    def may_open(self, request):
        return self.model_admin.has_change_permission(request)


class PublishingView(PageView):
    """A screen for those who may publish."""

    def may_open(self, request):
        return may_publish(request)


def may_publish(request):
    """Returns whether the person may change what the public sees of pages."""
    return request.user.has_perm("pages.publish_page")


def lock_if_unchanged(page, seen):
    """The page under lock, and its working copy: the one that the person has seen, whose digest is `seen`.

    Raises ValidationError when it is another one by now.
    """
    page = Page.objects.for_update_in_order().get(pk=page.pk)
    document = working_copy.read(page)
    if digest(dumps(document)) != seen:
        raise ValidationError(_("The page was saved after you opened this screen. Check it again."))
    return page, document

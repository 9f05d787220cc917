"""Base of the screens about reports in the admin: asking who may see them, and the frame around them."""

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.views.generic import View


class ReportsView(View):
    """A screen about reports, beside their list, for those who may see reports.

    A subclass gives the `route` below the address of the list and the `name` of its URL
    (`reports_problemreport_<name>`), and answers GET, and POST where it takes one.
    """

    model_admin = None
    route = name = None

    @classmethod
    def url_pattern(cls, model_admin):
        """Returns the URL pattern of this view, open to staff only."""
        view = model_admin.admin_site.admin_view(cls.as_view(model_admin=model_admin))
        return path(cls.route, view, name=f"reports_problemreport_{cls.name}")

    def dispatch(self, request, *args, **kwargs):
        """Refuses whoever may not see reports, or not change them, before anything else."""
        if not self.model_admin.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST" and not self.may_change:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def may_change(self):
        """Whether the person may change reports."""
        return self.model_admin.has_change_permission(self.request)

    def message(self, text, level):
        """Leaves a message (a level of `django.contrib.messages`) for the next screen of the person."""
        self.model_admin.message_user(self.request, text, level)

    def render(self, template, *, status=200, **context):
        """Returns the screen that the template in `admin/reports/` makes of the context."""
        frame = {**self.model_admin.admin_site.each_context(self.request), "opts": self.model_admin.opts}
        return TemplateResponse(
            self.request, f"admin/reports/{template}.html", {**frame, **context}, status=status
        )

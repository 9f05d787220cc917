"""The admin of this site: Django's, with a content security policy that lets it run its own scripts."""

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from . import second_factor_page
from .going_on import once_signed_in
from .guessing import told
from .signing_in import SignInForm

in_the_admin = csp_replace(settings.ADMIN_CONTENT_SECURITY_POLICY)


class AdminSite(admin.AdminSite):
    login_form = SignInForm
    site_title = _("Canada-Iraq Pages")
    site_header = _("Canada-Iraq Pages")
    index_title = _("Content and reports")
    site_url = "/"

    order = ("pages", "reports")  # what people come for, before accounts

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        known = {label: place for place, label in enumerate(self.order)}
        return sorted(apps, key=lambda app: known.get(app["app_label"], len(known)))

    def admin_view(self, view, cacheable=False):
        return in_the_admin(once_signed_in(self, super().admin_view(view, cacheable)))

    def get_urls(self):
        own = path("second-factor/", self.admin_view(self.second_factor), name="second_factor")
        return [own, *super().get_urls()]

    def second_factor(self, request):
        return second_factor_page.page(request, self)

    @method_decorator([never_cache, in_the_admin])
    def login(self, request, extra_context=None):
        response = super().login(request, extra_context)
        is_asked = isinstance(response, TemplateResponse)
        return told(response, response.context_data["form"]) if is_asked else response

"""The admin of this site: Django's, with a content security policy that lets it run its own scripts."""

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts import views as account_views
from accounts.login_form import LoginForm
from accounts.login_throttle import with_retry_after
from accounts.reauthentication import reauthenticate_on_post

from . import identity

admin_csp = csp_replace(settings.ADMIN_CONTENT_SECURITY_POLICY)


class AdminSite(admin.AdminSite):
    login_form = LoginForm
    site_title = site_header = lazy(identity.site_name, str)()
    index_title = _("Content and reports")
    site_url = "/"

    order = ("pages", "reports")  # what people come for, before accounts

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        known = {label: place for place, label in enumerate(self.order)}
        return sorted(apps, key=lambda app: known.get(app["app_label"], len(known)))

    def admin_view(self, view, cacheable=False):
        return admin_csp(reauthenticate_on_post(self, super().admin_view(view, cacheable)))

    def get_urls(self):
        own = path("second-factor/", self.admin_view(self.second_factor), name="second_factor")
        return [own, *super().get_urls()]

    def second_factor(self, request):
        return account_views.manage(request, self)

    @method_decorator([never_cache, admin_csp])
    def login(self, request, extra_context=None):
        response = super().login(request, extra_context)
        is_form = isinstance(response, TemplateResponse)
        return with_retry_after(response, response.context_data["form"]) if is_form else response

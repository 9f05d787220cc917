"""The admin of this site: Django's, with a content security policy that lets it run its own scripts."""

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

in_the_admin = csp_replace(settings.ADMIN_CONTENT_SECURITY_POLICY)


class AdminSite(admin.AdminSite):
    site_title = _("Canada-Iraq Pages")
    site_header = _("Canada-Iraq Pages")
    index_title = _("Content and reports")
    site_url = "/"

    def admin_view(self, view, cacheable=False):
        return in_the_admin(super().admin_view(view, cacheable))

    @method_decorator([never_cache, in_the_admin])
    def login(self, request, extra_context=None):
        return super().login(request, extra_context)

"""The admin of this site: Django's, with a content security policy that lets it run its own scripts."""

import logging

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from .going_on import once_signed_in

logger = logging.getLogger(__name__)

in_the_admin = csp_replace(settings.ADMIN_CONTENT_SECURITY_POLICY)


class SignInForm(AdminAuthenticationForm):
    """Django's, with a line in the log for either end. What was typed is not in it: it may be a password."""

    def clean(self):
        try:
            cleaned = super().clean()
        except ValidationError:
            logger.warning("A sign-in was refused")
            raise
        logger.info("Signed in: account %s", self.get_user().pk)
        return cleaned


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

    @method_decorator([never_cache, in_the_admin])
    def login(self, request, extra_context=None):
        return super().login(request, extra_context)

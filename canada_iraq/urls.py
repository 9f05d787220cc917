"""The whole map of the site on one screen. Pages come last: their addresses are the editors' to choose."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from .delivery import security_txt

urlpatterns = [
    path(security_txt.PATH, security_txt.security_txt, name="security_txt"),
    path("admin/language/", set_language, name="set_language"),
    path("admin/record/", include("pages.admin.site_at")),
    path("admin/notifications/", include("pages.admin.notifications")),
    path("admin/media/", include("pages.admin.media")),
    path("admin/", admin.site.urls),
    path("", include("reports.urls")),
    path("", include("pages.urls")),
]

handler400 = "canada_iraq.delivery.errors.bad_request"
handler403 = "canada_iraq.delivery.errors.permission_denied"
handler404 = "canada_iraq.delivery.errors.not_found"
handler500 = "canada_iraq.delivery.errors.server_error"

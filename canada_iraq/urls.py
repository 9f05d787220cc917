"""The whole map of the site on one screen. Pages come last: their addresses are the editors' to choose."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("admin/language/", set_language, name="set_language"),
    path("admin/record/", include("pages.admin.record")),
    path("admin/", admin.site.urls),
    path("", include("reports.urls")),
    path("", include("pages.urls")),
]

handler400 = "canada_iraq.errors.bad_request"
handler403 = "canada_iraq.errors.permission_denied"
handler404 = "canada_iraq.errors.not_found"
handler500 = "canada_iraq.errors.server_error"

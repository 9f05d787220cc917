"""Images and files for staff: also those of drafts, of withdrawn pages and of the past, which the public cannot see."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import re_path
from django.views.decorators.http import require_safe

from ..public_urls import FILE_PATTERN, RENDITION_PATTERN
from ..views import rendition, stored_file

MEDIA_URL = "/admin/media/"


@require_safe
def image(request, digest, width, extension):
    """Sends a rendition of any stored image to those who may work on pages. No cache may keep it."""
    if not request.user.has_module_perms("pages"):
        raise PermissionDenied
    return rendition(digest, width, extension)


@require_safe
def file(request, digest, name, format):
    """Sends any stored file to those who may work on pages. No cache may keep it."""
    if not request.user.has_module_perms("pages"):
        raise PermissionDenied
    return stored_file(request, digest, name, format)


urlpatterns = [
    re_path(rf"^{RENDITION_PATTERN}\Z", admin.site.admin_view(image), name="staff_image"),
    re_path(rf"^{FILE_PATTERN}\Z", admin.site.admin_view(file), name="staff_file"),
]

"""Makes the admin of this site the default one."""

from django.apps import AppConfig
from django.contrib.admin import apps


class SiteConfig(AppConfig):
    name = "canada_iraq"
    default = True


class AdminConfig(apps.AdminConfig):
    default = False
    default_site = "canada_iraq.admin_site.AdminSite"

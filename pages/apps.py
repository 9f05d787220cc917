"""How the admin calls this application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Content")

    def ready(self) -> None:
        from . import setting_checks  # noqa: F401 - registers them

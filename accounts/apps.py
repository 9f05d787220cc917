"""Who may sign in, and what each person may manage: the application knows nothing of what the site publishes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self):
        from . import breached_passwords  # noqa: F401  its system check is registered with it

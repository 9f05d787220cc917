"""Checks of settings that Django runs before the site starts."""

from __future__ import annotations

from django.conf import settings
from django.core.checks import Error, register

from .content_checks import OFF, RULES, SEVERITIES


@register
def check_severities(app_configs, **kwargs) -> list[Error]:
    """Whether `CONTENT_CHECK_SEVERITIES` names rules and severities that exist."""
    known = {rule.id for rule in RULES}
    severities = (OFF, *reversed(SEVERITIES))
    return [
        Error(
            f"CONTENT_CHECK_SEVERITIES: “{name}={severity}” means nothing.",
            hint=f"Name a rule of docs/findings.md and one of {', '.join(severities)}.",
            id="pages.E001",
        )
        for name, severity in settings.CONTENT_CHECK_SEVERITIES.items()
        if name not in known or severity not in severities
    ]

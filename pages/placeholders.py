"""Settings that a rich text names in braces, so that a promise to visitors follows what the site does.

`{reports_kept_days}` is shown as "180 days" where REPORTS_KEPT_DAYS is 180. Documents and editions hold the name; the
value is filled in whenever the text is shown.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.translation import ngettext, override

from .typography import number

PATTERN = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def names() -> tuple[str, ...]:
    """Gives the names that may stand in braces: the settings that PLACEHOLDERS lists, in lower case."""
    return tuple(name.lower() for name in settings.PLACEHOLDERS)


def value(name: str, language: str) -> str:
    """Gives what is shown for a name, a number of days in words of the language: "1 day", « 1 200 jours ».

    Raises KeyError for a name that is not known.
    """
    if name not in names():
        raise KeyError(name)
    days = getattr(settings, name.upper())
    with override(language):
        text = ngettext("%(days)s day", "%(days)s days", days)
    return text % {"days": number(days, language)}


def fill(text: str, language: str) -> str:
    """Gives a text, with or without markup, with its placeholders filled in; what is not known stays as it is."""
    if "{" not in text:
        return text
    known = names()
    return PATTERN.sub(
        lambda found: value(found[1], language) if found[1] in known else found[0],
        text,
    )

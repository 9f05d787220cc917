"""Reads settings from environment variables, and says in a sentence what is wrong with a value."""

import sys
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "on", "yes", "y", "ok"}
NO = {"0", "false", "off", "no", "n"}


class Variables(environ.Env):
    """The variables of django-environ, with values that are checked.

    An empty variable is one that is not set, as compose files and lists of settings leave them. Each method returns the
    default for it, and raises ImproperlyConfigured for a value that it cannot take.
    """

    def number(self, var: str, default: int, *, least: int = 1, most: int = 2**31 - 1) -> int:
        """Return a whole number from `least` to `most`."""
        text = self._text(var)
        if not text:
            return default
        # Neither 1_000 nor digits of other scripts, which `int` reads too.
        number = int(text) if text.isascii() and text.removeprefix("-").isdecimal() else None
        if number is None or not least <= number <= most:
            up_to = f"from {least} to {most}" if most < 2**31 - 1 else f"of {least} or more"
            raise _wrong(var, text, f"write a whole number {up_to}")
        return number

    def switch(self, var: str, default: bool) -> bool:
        """Return whether something is switched on."""
        text = self._text(var).lower()
        if not text:
            return default
        if text not in YES | NO:
            raise _wrong(var, text, "write true or false")
        return text in YES

    def pairs(self, var: str, default: dict[str, str]) -> dict[str, str]:
        """Return names and values, which are written as `name=value,name=value`."""
        text = self._text(var)
        if not text:
            return default
        pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
        if not all(name.strip() and equals for name, equals, _value in pairs):
            raise _wrong(var, text, "write name=value, with commas between them")
        return {name.strip(): value.strip() for name, _equals, value in pairs}

    def site_address(self, var: str, default: str) -> str:
        """Return the address of a site: scheme and host, maybe with a port, without a slash at the end."""
        text = self._text(var).rstrip("/") or default
        try:
            parts = urlsplit(text)
            is_one = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:  # a port that is no number, a bracket that is not closed
            is_one = False
        if (
            not is_one
            or parts.path
            or parts.query
            or parts.fragment
            or parts.username
            or not parts.netloc.isascii()
        ):
            raise _wrong(var, text, "write the address that visitors type, such as https://pages.example.org")
        return text

    def time_zone(self, var: str, default: str) -> str:
        """Return the name of a time zone."""
        text = self._text(var) or default
        try:
            ZoneInfo(text)
        except (ValueError, OSError, LookupError):  # outside the folder of zones, a folder itself, not there
            raise _wrong(var, text, "write the name of a time zone, such as America/Toronto") from None
        return text

    def _text(self, var: str) -> str:
        return self.str(var, default="").strip()


def _wrong(var: str, text: str, advice: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{var} is {text!r}: {advice}, or leave it out.")


def refuse_wrong_values() -> None:
    """End this process with exit code 1 and a sentence where the settings cannot be read."""
    try:
        bool(settings.SITE_URL)  # whichever is asked for first reads them all
    except ImproperlyConfigured as fault:
        sys.exit(f"Error: {fault}")

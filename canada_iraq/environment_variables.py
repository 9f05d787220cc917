"""Reads settings from environment variables, and says in a sentence what is wrong with a value."""

import os
import re
import sys
from email.utils import getaddresses
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "on", "yes", "y", "ok"}
NO = {"0", "false", "off", "no", "n"}

_HOST_NAME = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
_HOST = re.compile(rf"{_HOST_NAME}|\[[0-9A-Fa-f:.]+\]")
# What Django takes in ALLOWED_HOSTS: all names, all below one, or one.
_HOST_PATTERN = re.compile(rf"\*|\.?{_HOST.pattern}")
_MAILBOX = re.compile(r"[^@\s<>,]+@[^@\s<>,]+")


class Variables:
    """The environment variables of the site, with values that are checked.

    An empty variable is one that is not set, as compose files and lists of settings leave them. Each method returns the
    default for it, and raises ImproperlyConfigured for a value that it cannot take.
    """

    def text(self, var: str, default: str = "") -> str:
        """Return a text as it is: a `$` in a password stands for nothing but itself."""
        text = os.environ.get(var, "")
        return text if text.strip() else default

    def hosts(self, var: str, default: list[str]) -> list[str]:
        """Return names of hosts, which have commas between them."""
        hosts = [host.strip() for host in self._text(var).split(",") if host.strip()]
        for host in hosts:
            if not _HOST_PATTERN.fullmatch(host):
                advice = "write names of hosts alone, such as pages.example.org, without https:// or port"
                raise _wrong(var, host, advice)
        return hosts or default

    def mail_server(self, var: str, default: str = "") -> str:
        """Return the name of a server that sends e-mail, or its number, the newer kind without brackets."""
        text = self._text(var)
        if text and not _is_host(text):
            advice = "write the name of the server alone, such as smtp.example.org; its port is EMAIL_PORT"
            raise _wrong(var, text, advice)
        return text or default

    def sender(self, var: str, default: str) -> str:
        """Return an e-mail address, with a name before it or without one."""
        text = self._text(var)
        if not text:
            return default
        found = getaddresses([text])
        if not text.isprintable() or len(found) != 1 or not _MAILBOX.fullmatch(found[0][1]):
            raise _wrong(
                var, text, "write one address, such as pages@example.org or Pages <pages@example.org>"
            )
        return text

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
            is_one = parts.scheme in ("http", "https") and parts.port != 0 and _is_host(parts.hostname)
        except ValueError:  # a port that is no number, a bracket that is not closed
            is_one = False
        if not is_one or parts.path or parts.query or parts.fragment or parts.username:
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
        return self.text(var).strip()


def _is_host(name: str | None) -> bool:
    """Whether this is a name of a host, or a number: one of the newer Internet has several colons, without brackets."""
    return bool(name) and bool(_HOST.fullmatch(f"[{name}]" if name.count(":") > 1 else name))


def _wrong(var: str, text: str, advice: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{var} is {text!r}: {advice}, or leave it out.")


def refuse_wrong_values() -> None:
    """End this process with exit code 1 and a sentence where the settings cannot be read."""
    try:
        bool(settings.SITE_URL)  # whichever is asked for first reads them all
    except ImproperlyConfigured as fault:
        sys.exit(f"Error: {fault}")

"""Firefox and WebKit, driven by their own protocols with the standard library: Marionette and WebDriver.

Playwright drives only builds of its own of these two, which are none that readers have.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from tests import ports

# Seconds for which a browser may take to start, and to answer.
PATIENCE = 60


class Browser:
    """What tests need of any of them. `run` takes the body of a function, as WebDriver does."""

    name: str

    def get(self, url: str) -> None:
        raise NotImplementedError

    def run(self, script: str, *arguments):
        raise NotImplementedError

    def add_cookie(self, name: str, value: str) -> None:
        """For the site that is shown."""
        raise NotImplementedError

    def version(self) -> str:
        return self.run("return navigator.userAgent")


class Firefox(Browser):
    """https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html"""

    name = "Firefox"

    def __init__(self, executable: str, profile: Path):
        self.port = _free_port()
        preferences = {
            "marionette.port": self.port,
            "app.update.enabled": False,
            "datareporting.policy.dataSubmissionEnabled": False,
            "network.captive-portal-service.enabled": False,
            "network.connectivity-service.enabled": False,
            "browser.shell.checkDefaultBrowser": False,
        }
        lines = (
            f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()
        )
        (profile / "user.js").write_text("\n".join(lines))
        command = [executable, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
        environment = {**os.environ, "HOME": str(profile), "MOZ_DISABLE_CONTENT_SANDBOX": "1"}
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.socket = self._connect()
        self.number = 0
        self._read()  # what it says of itself
        self._ask("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {}}})

    def _connect(self) -> socket.socket:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise
                time.sleep(0.2)

    def _read(self):
        length = b""
        while not length.endswith(b":"):
            length += self.socket.recv(1)
        rest, size = b"", int(length[:-1])
        while len(rest) < size:
            rest += self.socket.recv(size - len(rest))
        return json.loads(rest)

    def _ask(self, command: str, parameters: dict):
        self.number += 1
        text = json.dumps([0, self.number, command, parameters])
        self.socket.sendall(f"{len(text.encode())}:{text}".encode())
        _kind, _number, error, value = self._read()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return value

    def get(self, url):
        self._ask("WebDriver:Navigate", {"url": url})

    def run(self, script, *arguments):
        return self._ask("WebDriver:ExecuteScript", {"script": script, "args": list(arguments)})["value"]

    def add_cookie(self, name, value):
        self._ask("WebDriver:AddCookie", {"cookie": {"name": name, "value": value}})

    def pdf(self):
        return base64.b64decode(self._ask("WebDriver:Print", {})["value"])

    def quit(self):
        try:
            self._ask("Marionette:Quit", {"flags": ["eForceQuit"]})
        except (OSError, RuntimeError, ValueError):
            self.process.kill()
        self.socket.close()
        self.process.wait(timeout=PATIENCE)


class WebKit(Browser):
    """WebKitGTK by its WebDriver, https://www.w3.org/TR/webdriver2/, in its smallest browser."""

    name = "WebKit"

    def __init__(self, executable: str, home: Path):
        port = _free_port()
        environment = {**os.environ, "HOME": str(home), "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
        self.process = subprocess.Popen(
            [*_display(), executable, f"--port={port}"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.url = f"http://127.0.0.1:{port}/session"
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.session = self._ask("", {"capabilities": {"alwaysMatch": {}}})["sessionId"]
                break
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise
                time.sleep(0.2)
        self.url += f"/{self.session}"

    def _ask(self, command: str, parameters: dict | None, method: str = "POST"):
        body = None if parameters is None else json.dumps(parameters).encode()
        request = urllib.request.Request(
            self.url + command, body, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["value"]

    def get(self, url):
        self._ask("/url", {"url": url})

    def run(self, script, *arguments):
        return self._ask("/execute/sync", {"script": script, "args": list(arguments)})

    def add_cookie(self, name, value):
        self._ask("/cookie", {"cookie": {"name": name, "value": value}})

    def quit(self):
        with suppress(OSError):
            self._ask("", None, "DELETE")
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)


def _free_port() -> int:
    """Browsers take no port that is held."""
    with ports.held() as (port,):
        return port


def _display() -> list[str]:
    """What gives WebKit a screen where there is none."""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return []
    return ["xvfb-run", "--auto-servernum"]


def find_firefox() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


def find_webkit() -> str | None:
    has_display = not _display() or shutil.which("xvfb-run")
    return shutil.which("WebKitWebDriver") if has_display else None

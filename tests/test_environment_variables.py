"""Settings from environment variables: what is understood, and what is refused in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from canada_iraq.environment_variables import Variables

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def read(monkeypatch):
    def read(method, text, *arguments, **keywords):
        monkeypatch.delenv("NAME", raising=False)
        if text is not None:
            monkeypatch.setenv("NAME", text)
        return getattr(Variables(), method)("NAME", *arguments, **keywords)

    return read


@pytest.mark.parametrize(
    ("method", "default"),
    [
        ("text", "data"),
        ("hosts", ["localhost"]),
        ("mail_server", "localhost"),
        ("sender", "noreply@localhost"),
        ("number", 4),
        ("switch", True),
        ("pairs", {"a": "b"}),
        ("site_address", "https://localhost"),
        ("time_zone", "America/Toronto"),
    ],
)
@pytest.mark.parametrize("text", [None, "", "  "])
def test_an_empty_variable_is_one_that_is_not_set(read, method, default, text):
    assert read(method, text, default=default) == default


@pytest.mark.parametrize("text", ["$ecret", "$$", "a$b", "\\$x", "{HOME}"])
def test_a_dollar_sign_in_a_password_is_part_of_it(read, text):
    assert read("text", text) == text


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("pages.example.org", ["pages.example.org"]),
        (" a.example, .b.example ,", ["a.example", ".b.example"]),
        ("127.0.0.1,[::1],*", ["127.0.0.1", "[::1]", "*"]),
    ],
)
def test_names_of_hosts_are_read(read, text, hosts):
    assert read("hosts", text, default=[]) == hosts


@pytest.mark.parametrize(
    "text",
    [
        "https://pages.example.org",
        "pages.example.org:8000",
        "pages.example.org/",
        "a b",
        "exämple.org",
        "$HOST",
    ],
)
def test_what_is_no_name_of_a_host_is_refused(read, text):
    with pytest.raises(ImproperlyConfigured, match="write names of hosts alone"):
        read("hosts", f"localhost,{text}", default=[])


@pytest.mark.parametrize("text", ["smtp.example.org", "localhost", "10.0.0.1", "::1", "2001:db8::25"])
def test_the_server_that_sends_email_is_read(read, text):
    assert read("mail_server", f" {text} ") == text


@pytest.mark.parametrize(
    "text", ["smtp://mail.example.org", "mail.example.org:25", "a b", "me@mail.example.org"]
)
def test_what_is_no_name_of_a_mail_server_is_refused(read, text):
    with pytest.raises(ImproperlyConfigured, match="its port is EMAIL_PORT"):
        read("mail_server", text)


@pytest.mark.parametrize(
    "text",
    ["pages@example.org", "Pages <pages@example.org>", '"Canada, Iraq" <pages@mail>', "Équipe <a@b.ca>"],
)
def test_the_sender_of_email_is_read(read, text):
    assert read("sender", text, default="x@y.ca") == text


@pytest.mark.parametrize(
    "text", ["Pages", "a@b.ca, c@d.ca", "Canada, Iraq <a@b.ca>", "a@b.ca\nBcc: c@d.ca", "@", "a@"]
)
def test_what_is_no_sender_of_email_is_refused(read, text):
    with pytest.raises(ImproperlyConfigured, match="write one address"):
        read("sender", text, default="x@y.ca")


@pytest.mark.parametrize(("text", "number"), [("1", 1), (" 12 ", 12), ("007", 7)])
def test_a_whole_number_is_read(read, text, number):
    assert read("number", text, default=4) == number


@pytest.mark.parametrize(
    "text", ["abc", "1.5", "1_000", "٣", "0", "-3", "1e3", "0x10", "--1", "99999999999", "½"]
)
def test_anything_else_is_no_number_of_the_range(read, text):
    with pytest.raises(
        ImproperlyConfigured, match=r"^NAME is '.+': write a whole number of 1 or more, or leave it out\.$"
    ):
        read("number", text, default=4)


def test_a_range_is_named(read):
    with pytest.raises(ImproperlyConfigured, match="from 0 to 9"):
        read("number", "10", default=4, least=0, most=9)
    assert read("number", "0", default=4, least=0, most=9) == 0


@pytest.mark.parametrize("text", ["true", "True", "1", "on", "yes", "Y"])
def test_what_is_switched_on(read, text):
    assert read("switch", text, default=False) is True


@pytest.mark.parametrize("text", ["false", "FALSE", "0", "off", "no", "n"])
def test_what_is_switched_off(read, text):
    assert read("switch", text, default=True) is False


@pytest.mark.parametrize("text", ["maybe", "2", "ture", "enabled "])
def test_a_switch_that_is_neither_on_nor_off_is_refused(read, text):
    with pytest.raises(ImproperlyConfigured, match="write true or false"):
        read("switch", text, default=False)


def test_names_and_values_are_read(read):
    assert read("pairs", "dash=off, list-long = hints,", default={}) == {"dash": "off", "list-long": "hints"}


@pytest.mark.parametrize("text", ["dash", "dash=off,list", "=off"])
def test_a_name_without_a_value_is_refused(read, text):
    with pytest.raises(ImproperlyConfigured, match="write name=value"):
        read("pairs", text, default={})


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://pages.example.org", "https://pages.example.org"),
        ("https://pages.example.org/", "https://pages.example.org"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_address_of_a_site_is_read(read, text, address):
    assert read("site_address", text, default="https://localhost") == address


@pytest.mark.parametrize(
    "text",
    [
        "pages.example.org",
        "ftp://pages.example.org",
        "https://",
        "https://pages.example.org/pages",
        "https://pages.example.org?a=b",
        "https://me@pages.example.org",
        "https://pages.example.org:port",
        "https://[::1",
        "https://exämple.org",
        "https://pages example.org",
        "https://*",
    ],
)
def test_what_is_no_address_of_a_site_is_refused(read, text):
    with pytest.raises(ImproperlyConfigured, match="write the address that visitors type"):
        read("site_address", text, default="https://localhost")


@pytest.mark.parametrize(
    "text", ["Mars/Phobos", "America", "../../etc/passwd", "/etc/passwd", "America/Toronto\x01"]
)
def test_what_is_no_time_zone_is_refused(read, text):
    with pytest.raises(ImproperlyConfigured, match="write the name of a time zone"):
        read("time_zone", text, default="America/Toronto")


@pytest.mark.medium
@pytest.mark.parametrize("program", [["manage.py", "check"], ["-m", "canada_iraq.server"]])
def test_a_value_that_makes_no_sense_ends_the_start_in_one_sentence(tmp_path, program):
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "REPORTS_KEPT_DAYS": "-3"}
    done = subprocess.run(
        [sys.executable, *program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == (
        "Error: REPORTS_KEPT_DAYS is '-3': write a whole number from 1 to 36500, or leave it out.\n"
    )


@pytest.mark.medium
def test_a_port_that_is_none_is_refused(tmp_path):
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PORT": "http"}
    done = subprocess.run(
        [sys.executable, "-m", "canada_iraq.server"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "Error: PORT is 'http': write a whole number from 1 to 65535, or leave it out."
    )

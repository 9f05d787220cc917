"""Passwords that are known from data breaches are refused by a list on the machine, in whichever form it has."""

import bisect
import hashlib
import sys
import tracemalloc
from io import StringIO
from pathlib import Path

import hypothesis.strategies as st
import pytest
from django.conf import settings as site_settings
from django.contrib.auth.password_validation import get_default_password_validators, validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import OutputWrapper, SystemCheckError
from django.utils import translation
from hypothesis import HealthCheck, example, given
from hypothesis import settings as tried

from accounts import breached_passwords
from accounts.breached_passwords import BreachedPasswordValidator, is_breached, problem_with
from canada_iraq.management.commands import backup, prepare_site
from reports.management.commands import delete_old_reports

KNOWN = [
    "correct horse battery staple",
    "Tr0ub4dor&3 and more",
    "mot de passe très sûr",
    "пароль-пароль",
    " spaces  ",
]
OTHER = "quiet amber lantern river"


def digest(password):
    return hashlib.sha1(password.encode()).hexdigest().upper()


def sorted_hashes(passwords, count=":3", ending="\r\n"):
    return "".join(f"{found}{count}{ending}" for found in sorted(map(digest, passwords)))


def a_folder(folder, passwords, ending=".txt", count=":3"):
    """A folder of ranges with a file for each prefix that is looked for, as whole folders have."""
    folder.mkdir()
    prefixes = {digest(password)[:5] for password in [*passwords, OTHER]} | set(
        breached_passwords.SAMPLE_PREFIXES
    )
    for prefix in prefixes:
        lines = [f"{digest(each)[5:]}{count}\r\n" for each in passwords if digest(each).startswith(prefix)]
        (folder / f"{prefix}{ending}").write_text("".join(["0" * 35 + ":0\r\n", *sorted(lines)]), newline="")
    return folder


def a_file(folder, text):
    file = folder / "list"
    file.write_bytes(text.encode())
    return file


FORMS = {
    "hashes with counts": lambda folder: a_file(folder, sorted_hashes(KNOWN)),
    "hashes alone": lambda folder: a_file(folder, sorted_hashes(KNOWN, count="", ending="\n")),
    "hashes in lower case": lambda folder: a_file(folder, sorted_hashes(KNOWN).lower()),
    "hashes without a last line ending": lambda folder: a_file(folder, sorted_hashes(KNOWN).rstrip()),
    "hashes after a byte order mark": lambda folder: a_file(folder, "\ufeff" + sorted_hashes(KNOWN)),
    "passwords": lambda folder: a_file(folder, "\n".join(["first", *KNOWN, ""])),
    "passwords without a last line ending": lambda folder: a_file(folder, "\n".join(KNOWN)),
    "passwords of Windows": lambda folder: a_file(folder, "\r\n".join([*KNOWN, ""])),
    "passwords after a byte order mark": lambda folder: a_file(folder, "\ufeff" + "\n".join(KNOWN)),
    "a folder of ranges": lambda folder: a_folder(folder / "ranges", KNOWN),
    "a folder as curl writes it": lambda folder: a_folder(folder / "ranges", KNOWN, ending=""),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_password_of_the_list_is_found_and_no_other(form, tmp_path):
    path = FORMS[form](tmp_path)
    assert problem_with(path) == ""
    assert [password for password in KNOWN if not is_breached(password, path)] == []
    others = ["", KNOWN[0][:-1], KNOWN[0][1:], f"{KNOWN[0]} ", KNOWN[0].upper(), "\n", "x" * 5000, "\ud800"]
    for password in [OTHER, *([] if path.is_dir() else others)]:
        assert not is_breached(password, path), password


@pytest.mark.parametrize("count", [":0", ":00"])
def test_what_was_found_no_time_is_only_padding(count, tmp_path):
    assert not is_breached(KNOWN[0], a_folder(tmp_path / "ranges", KNOWN, count=count))
    assert not is_breached(KNOWN[0], a_file(tmp_path, sorted_hashes(KNOWN, count=count)))


@given(st.sets(st.text("abcdef", min_size=1, max_size=3), min_size=1, max_size=60), st.booleans())
@example({"a"}, True)
@tried(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_line_of_a_sorted_file_is_found_wherever_it_stands(tmp_path, passwords, has_counts):
    counts = [f":{10**number % 99991}" if has_counts else "" for number in range(len(passwords))]
    hashes = sorted(map(digest, passwords))
    path = a_file(tmp_path, "".join(f"{each}{count}\n" for each, count in zip(hashes, counts, strict=True)))
    for password in passwords:
        position = bisect.bisect_left(hashes, digest(password))
        is_zero = has_counts and int(counts[position][1:]) == 0
        assert is_breached(password, path) is not is_zero
    assert not is_breached("never", path)


def test_a_password_across_two_pieces_of_a_plain_file_is_found(tmp_path, monkeypatch):
    path = a_file(tmp_path, "\n".join(["aaaa", "bbbbbbb", KNOWN[0], "cc", KNOWN[2]]))
    for size in range(1, 40):
        monkeypatch.setattr(breached_passwords, "CHUNK", size)
        assert is_breached(KNOWN[0], path)
        assert is_breached(KNOWN[2], path)
        assert is_breached("aaaa", path)
        assert not is_breached("aaa", path)


@pytest.mark.medium
@pytest.mark.parametrize("kind", ["hashes", "passwords"])
def test_memory_does_not_grow_with_the_list(kind, tmp_path):
    names = (f"password number {number}" for number in range(200_000))
    text = sorted_hashes(names) if kind == "hashes" else "\n".join(names)
    path = a_file(tmp_path, text)
    assert path.stat().st_size > 4_000_000
    del text
    tracemalloc.start()
    assert is_breached("password number 150000", path)
    assert not is_breached("password number x", path)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < (100_000 if kind == "hashes" else 4_000_000)


@pytest.mark.medium
def test_a_sorted_file_of_a_terabyte_is_read_in_forty_places(tmp_path):
    """Sparse, with the same hash on each side of what is looked for, so that it is as small as it looks."""
    reads = []

    class Counting:
        def __init__(self, size):
            self.size, self.position = size, 0

        line = 45

        def seek(self, offset, whence=0):
            self.position = offset + (self.size if whence == 2 else 0)
            return self.position

        def tell(self):
            return self.position

        def readline(self, limit):
            reads.append(self.position)
            number, inside = divmod(self.position, self.line)
            self.position = (number + 1) * self.line
            return f"{number * (16**40 // (self.size // self.line)):040X}:12\r\n".encode()[inside:]

        def __enter__(self):
            return self

        def __exit__(self, *error):
            pass

    class Huge:
        def open(self, mode):
            return Counting(45 * 22_000_000_000)

    assert not breached_passwords._is_in_sorted_file(Huge(), KNOWN[0].encode())
    assert len(reads) < 2 * 45


# What cannot be used

UNUSABLE = {
    "is empty, or begins with an empty line": lambda folder: a_file(folder, ""),
    "has hashes that are not SHA-1": lambda folder: a_file(folder, f"{'A' * 32}:3\n"),
    "is not sorted by hash": lambda folder: a_file(folder, f"{'F' * 40}:9\n{'A' * 40}:3\n{'B' * 40}:1\n"),
    "has a line that is no hash": lambda folder: a_file(folder, f"{'A' * 40}:9\n{'x' * 500}\n"),
    "has no file for the hashes that begin with 00000": lambda folder: folder,
    "cannot be read: No such file or directory": lambda folder: folder / "nowhere",
}


@pytest.mark.parametrize("reason", UNUSABLE)
def test_a_list_that_cannot_be_used_is_an_error_of_the_system_check(reason, tmp_path, settings):
    path = UNUSABLE[reason](tmp_path)
    settings.BREACHED_PASSWORDS = str(path)
    with pytest.raises(SystemCheckError, match=r"canada_iraq\.E001") as told:
        call_command("check", stdout=StringIO())
    assert f"BREACHED_PASSWORDS: {path} {reason}." in str(told.value)


def test_a_list_that_may_not_be_read_is_an_error_of_the_system_check(tmp_path, settings, monkeypatch):
    path = a_file(tmp_path, "secret\n")

    def refuse(*arguments, **values):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert problem_with(path) == f"{path} cannot be read: Permission denied."


def test_without_a_list_there_is_nothing_to_check():
    assert site_settings.BREACHED_PASSWORDS == ""
    assert breached_passwords.check_list(None) == []


@pytest.mark.parametrize("reason", [reason for reason in UNUSABLE if "sorted" not in reason])
def test_while_a_list_cannot_be_used_no_password_is_accepted_and_nothing_fails(reason, tmp_path, caplog):
    validator = BreachedPasswordValidator(str(UNUSABLE[reason](tmp_path)))
    password = "a" if "no hash" in reason else OTHER
    with pytest.raises(ValidationError, match="New passwords cannot be checked at the moment"):
        validator.validate(password)
    assert "The list of breached passwords cannot be used" in caplog.text
    assert password not in caplog.messages


# In use


@pytest.fixture
def listed(settings, tmp_path):
    """The settings of a site with a list."""
    settings.BREACHED_PASSWORDS = str(a_file(tmp_path, "\n".join(KNOWN)))
    validator = "accounts.breached_passwords.BreachedPasswordValidator"
    settings.AUTH_PASSWORD_VALIDATORS = [
        *site_settings.AUTH_PASSWORD_VALIDATORS,
        {"NAME": validator, "OPTIONS": {"path": settings.BREACHED_PASSWORDS}},
    ]
    get_default_password_validators.cache_clear()
    yield Path(settings.BREACHED_PASSWORDS)
    get_default_password_validators.cache_clear()


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "This password is known from a data breach, so others can guess it. Choose another one."),
        ("fr", "Ce mot de passe figure dans une fuite de données connue"),
    ],
)
def test_a_breached_password_is_refused_in_the_language_of_the_person(listed, language, message):
    with translation.override(language), pytest.raises(ValidationError) as told:
        validate_password(KNOWN[0])
    assert message in told.value.messages[0]
    validate_password(OTHER)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_staff_read_the_rule_and_the_refusal_where_they_change_their_password(
    listed, client, editor, language
):
    editor.set_password("the old password of theirs")
    editor.save()
    client.force_login(editor)
    client.cookies["django_language"] = language
    path = "/admin/password_change/"
    rule = {"en": "known from a data breach", "fr": "fuite de données"}[language]
    assert rule in client.get(path).text
    sent = {
        "old_password": "the old password of theirs",
        "new_password1": KNOWN[0],
        "new_password2": KNOWN[0],
    }
    refused = client.post(path, sent)
    assert refused.status_code == 200
    assert rule in str(refused.context["form"].errors)
    listed.unlink()
    unusable = client.post(path, sent)
    assert unusable.status_code == 200
    assert {"en": "cannot be checked", "fr": "ne peuvent pas être vérifiés"}[language] in str(
        unusable.context["form"].errors
    )


def test_another_password_is_taken(listed, client, editor):
    editor.set_password("the old password of theirs")
    editor.save()
    client.force_login(editor)
    sent = {"old_password": "the old password of theirs", "new_password1": OTHER, "new_password2": OTHER}
    assert client.post("/admin/password_change/", sent).status_code == 302


def test_a_site_without_its_list_is_prepared_all_the_same_and_the_operator_is_told(settings, capsys):
    settings.BREACHED_PASSWORDS = "/nowhere/list"
    prepare_site.Command(stderr=OutputWrapper(sys.stderr)).warn_of_password_list()
    assert capsys.readouterr().err.startswith(
        "Warning: BREACHED_PASSWORDS: /nowhere/list cannot be read: No such file or directory. "
    )


@pytest.mark.parametrize("command", [backup, delete_old_reports, prepare_site])
def test_a_list_that_is_missing_stops_neither_the_site_nor_its_nightly_jobs(command):
    assert command.Command.requires_system_checks == []

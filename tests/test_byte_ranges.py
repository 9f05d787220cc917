"""Stored files are sent whole or in the part that is asked for, and from a bucket no byte more is fetched."""

import io
from contextlib import closing

import pytest
from django.core.files.base import ContentFile
from django.test import RequestFactory

from pages import byte_ranges, stored_files
from tests.factories import a_download
from tests.files import a_pdf

# To close an answer tells Django that a request is finished, which looks at the database.
pytestmark = pytest.mark.django_db

DATA = bytes(range(256)) * 40
ETAG = '"one"'


class ObjectInBucket:
    """As much of an object of boto3 as is used; `fetched` are the ranges that were asked for."""

    def __init__(self, data):
        self.data, self.fetched, self.bodies = data, [], []

    def get(self, Range=""):
        self.fetched.append(Range)
        first, last = Range.removeprefix("bytes=").split("-") if Range else (0, len(self.data) - 1)
        self.bodies.append(io.BytesIO(self.data[int(first) : int(last) + 1]))
        return {"Body": self.bodies[-1]}


class FileInBucket:
    """As `django-storages` opens one: to read it would fetch all of it first."""

    def __init__(self, data):
        self.obj, self.size, self.closed = ObjectInBucket(data), len(data), False

    def read(self, *_arguments):
        raise AssertionError("It was copied to this machine.")

    seek = tell = read

    def close(self):
        self.closed = True


def answer_with(file, method="GET", **headers):
    request = RequestFactory().generic(method, "/", headers=headers)
    return byte_ranges.respond(request, file, etag=ETAG, headers={"Content-Type": "video/mp4"})


def body_of(answer):
    with closing(answer):
        return b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-99", range(100)),
        ("bytes=9000-", range(9000, len(DATA))),
        ("bytes=-50", range(len(DATA) - 50, len(DATA))),
        ("bytes=10-999999", range(10, len(DATA))),
    ],
)
def test_of_a_bucket_only_the_part_that_is_asked_for_is_fetched(asked, part):
    file = FileInBucket(DATA)
    answer = answer_with(file, Range=asked)
    assert answer.status_code == 206
    assert body_of(answer) == DATA[part.start : part.stop]
    assert answer["Content-Range"] == f"bytes {part[0]}-{part[-1]}/{len(DATA)}"
    assert answer["Content-Length"] == str(len(part))
    assert file.obj.fetched == [f"bytes={part[0]}-{part[-1]}"]
    assert file.closed
    assert file.obj.bodies[0].closed


def test_of_a_bucket_the_whole_file_is_sent_as_it_comes():
    file = FileInBucket(DATA)
    answer = answer_with(file)
    assert (answer.status_code, answer["Content-Length"]) == (200, str(len(DATA)))
    assert answer["Content-Type"] == "video/mp4"
    assert body_of(answer) == DATA
    assert file.obj.fetched == [""]


@pytest.mark.parametrize(
    ("method", "asked", "status"),
    [("HEAD", "", 200), ("HEAD", "bytes=0-9", 206), ("GET", "bytes=99999-", 416)],
)
def test_of_a_bucket_nothing_is_fetched_that_is_not_sent(method, asked, status):
    file = FileInBucket(DATA)
    answer = answer_with(file, method, **({"Range": asked} if asked else {}))
    assert answer.status_code == status
    assert file.obj.fetched == []


def test_a_file_of_this_machine_is_sent_whole_or_in_part():
    assert body_of(answer_with(ContentFile(DATA))) == DATA
    assert body_of(answer_with(ContentFile(DATA), Range="bytes=5-9")) == DATA[5:10]
    other = answer_with(ContentFile(DATA), **{"Range": "bytes=5-9", "If-Range": '"other"'})
    assert body_of(other) == DATA


def test_a_bucket_that_does_not_answer_is_asked_again_later(staff_client, monkeypatch):
    file = a_download(file_en=stored_files.validate_upload(a_pdf(), "a.pdf")).file_en

    class Broken(FileInBucket):
        def __init__(self, *_arguments):
            super().__init__(DATA)
            self.obj.get = lambda **_arguments: 1 / 0

    monkeypatch.setattr("pages.views.default_storage.open", Broken)
    staff_client.raise_request_exception = False
    answer = staff_client.get(f"/admin/media/files/{file.digest}/report.pdf")
    assert answer.status_code == 503

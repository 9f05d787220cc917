"""Stored files as they are sent: whole, or the part that a player asks for (RFC 9110, section 14), one range at a time.

A file of an S3 bucket is read as it is sent. What `django-storages` opens is copied to this machine as a whole at the
first read, which for each part of a long video would be all of it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from django.core.files import File
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

CHUNK_BYTES = 64 * 1024

_RANGE = re.compile(r"bytes=(?P<first>[0-9]{0,15})-(?P<last>[0-9]{0,15})")


def respond(request: HttpRequest, file: File, *, etag: str, headers: Mapping[str, str]) -> HttpResponseBase:
    """Returns the part of a file that is asked for (206), or the whole of it where none or several are.

    `file` is what a storage opened, and is closed with the answer; `headers` are those of the answer with the whole
    file, its type among them. A part that begins after its end is refused (416), and one of another version, of which
    `If-Range` tells, is answered with all of this one. Raises what the storage does where it fails.
    """
    size = file.size
    wanted = _RANGE.fullmatch(request.headers.get("Range", ""))
    if wanted is None or request.headers.get("If-Range", etag) != etag:
        part = None
    else:
        part = _part(wanted["first"], wanted["last"], size)
    if part is not None and not part:
        file.close()  # to close the response would tell Django that the request is finished
        return HttpResponse(
            status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}
        )
    answer = _answer(request, file, part, headers)
    answer["Content-Length"] = str(size if part is None else len(part))
    answer["Accept-Ranges"] = "bytes"
    for name, value in headers.items():
        answer[name] = value
    if part is not None:
        answer.status_code = 206
        answer["Content-Range"] = f"bytes {part[0]}-{part[-1]}/{size}"
    return answer


def _answer(
    request: HttpRequest, file: File, part: range | None, headers: Mapping[str, str]
) -> StreamingHttpResponse:
    remote = getattr(file, "obj", None)  # the object of a bucket, as boto3 knows it
    if remote is not None:
        return StreamingHttpResponse(() if request.method == "HEAD" else _Object(file, remote, part))
    if part is not None:
        return StreamingHttpResponse(_Pieces(file, part))
    return FileResponse(file, content_type=headers["Content-Type"])


def _part(first: str, last: str, size: int) -> range | None:
    """The places of the bytes that are wanted; None for a range that is none, and an empty one beyond the end.

    Where only a last number is given, it is how many bytes of the end are wanted.
    """
    if first and last and int(first) > int(last) or not (first or last):
        return None
    if not first:
        return range(max(size - int(last), 0), size)
    return range(int(first), min(int(last) + 1, size) if last else size)


class _Pieces:
    """Some bytes of an open file, which is closed with the answer, however much of it was sent."""

    def __init__(self, file: File, part: range):
        self.file, self.left = file, len(part)
        file.seek(part[0])

    def __iter__(self) -> Iterator[bytes]:
        while self.left > 0 and (piece := self.file.read(min(CHUNK_BYTES, self.left))):
            self.left -= len(piece)
            yield piece

    def close(self) -> None:
        self.file.close()


class _Object:
    """The bytes of an object in a bucket, all or those of a part, as they come; asked for at once, so that a failure is
    an answer of its own.
    """

    def __init__(self, file: File, remote: Any, part: range | None):
        self.file = file
        self.body = remote.get(**({"Range": f"bytes={part[0]}-{part[-1]}"} if part else {}))["Body"]

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.body.read(CHUNK_BYTES):
            yield piece

    def close(self) -> None:
        with closing(self.file):
            self.body.close()

"""Parts of files, for players that ask for them (RFC 9110, section 14): one range of bytes at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

CHUNK_BYTES = 64 * 1024

_RANGE = re.compile(r"bytes=(?P<first>[0-9]{0,15})-(?P<last>[0-9]{0,15})")


def respond(request: HttpRequest, response: FileResponse, file: IO[bytes], *, etag: str) -> HttpResponseBase:
    """Returns the part of a file that is asked for (206), or the whole of it where none or several are.

    `response` is the answer with the whole file. A part that begins after its end is refused (416), and one of another
    version, of which `If-Range` tells, is answered with all of this one.
    """
    response["Accept-Ranges"] = "bytes"
    wanted = _RANGE.fullmatch(request.headers.get("Range", ""))
    if wanted is None or request.headers.get("If-Range", etag) != etag or "Content-Length" not in response:
        return response
    size = int(response["Content-Length"])
    part = _part(wanted["first"], wanted["last"], size)
    if part is None:
        return response
    if not part:
        file.close()  # to close the response would tell Django that the request is finished
        return HttpResponse(
            status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}
        )
    answer = StreamingHttpResponse(_Pieces(file, part), status=206, headers=dict(response.items()))
    answer["Content-Length"] = str(len(part))
    answer["Content-Range"] = f"bytes {part[0]}-{part[-1]}/{size}"
    return answer


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

    def __init__(self, file: IO[bytes], part: range):
        self.file, self.left = file, len(part)
        file.seek(part[0])

    def __iter__(self) -> Iterator[bytes]:
        while self.left > 0 and (piece := self.file.read(min(CHUNK_BYTES, self.left))):
            self.left -= len(piece)
            yield piece

    def close(self) -> None:
        self.file.close()

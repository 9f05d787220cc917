"""What goes into the log: one line of JSON per event, without a word that a visitor typed or who they are.

Exceptions are told by their kind and the places in the code that they passed. Their messages stay out, because a
database puts the row that it refuses into them.
"""

import errno
import json
import logging
import secrets
import sys
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any

# The id of the request that is being answered, made when first needed.
_current_id: ContextVar[str | None] = ContextVar("request", default=None)

ROOT = Path(__file__).resolve().parents[2]
MAX_PATH_LENGTH = 200
# Longer ones repeat themselves.
MAX_FRAMES = 20

# Answers that are nobody's fault, or whose reason the view has told already.
EXPECTED_STATUSES = {
    HTTPStatus.NOT_FOUND,
    HTTPStatus.GONE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
}


def request_id_middleware(get_response: Callable) -> Callable:
    """Middleware: every line written while one request is answered carries the same id.

    An answer that tells of a failure carries it too, so that whoever saw it can name it.
    """

    def middleware(request):
        _current_id.set("")  # and not taken back at the end: Django writes of some answers only after this
        response = get_response(request)
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            response["X-Request-ID"] = request_id()
        return response

    return middleware


def request_id() -> str | None:
    """Return the id of the request that is being answered; None outside of one."""
    if _current_id.get() == "":
        _current_id.set(secrets.token_hex(6))
    return _current_id.get()


class ExpectedStatusFilter(logging.Filter):
    """Leave out the statuses that a public site is expected to answer with, like those of missing pages."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) not in EXPECTED_STATUSES


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON in ASCII: whatever a text holds, it can neither end the line nor hide."""

    def __init__(self, *, debug: bool = False):
        super().__init__()
        self.debug = debug

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "event": _event_text(record),
            "logger": record.name,
            "request": request_id(),
            **_request_fields(record),
            **_exception_fields(record),
        }
        text = json.dumps({name: value for name, value in line.items() if value is not None})
        return f"{text}\n{super().format(record)}" if self.debug and record.exc_info else text


def _event_text(record: logging.LogRecord) -> str:
    """Django's own words hold headers and addresses that a client sent; ours are kept as they are."""
    if record.name.startswith("django.security"):
        return f"Refused: {record.name.rpartition('.')[2]}"
    if status := getattr(record, "status_code", None):
        return HTTPStatus(status).phrase
    return record.getMessage()


def _request_fields(record: logging.LogRecord) -> dict[str, Any]:
    request = getattr(record, "request", None)
    if not hasattr(request, "path"):
        return {}
    status = getattr(record, "status_code", None)
    return {"method": request.method, "path": request.path[:MAX_PATH_LENGTH], "status": status}


def _exception_fields(record: logging.LogRecord) -> dict[str, Any]:
    if not record.exc_info:
        return {}
    kind, error, trace = record.exc_info if isinstance(record.exc_info, tuple) else sys.exc_info()
    if kind is None:
        return {}
    return {
        "error": f"{kind.__module__}.{kind.__qualname__}",
        "code": _error_code(error),
        "at": _traceback_lines(trace),
    }


def _error_code(error: BaseException | None) -> str | None:
    """What SQLite (`SQLITE_FULL`), PostgreSQL (`23505`) or the system (`ENOSPC`) calls the error."""
    for one in (error, error and error.__cause__):
        code = getattr(one, "sqlite_errorname", None) or getattr(one, "sqlstate", None)
        if code or isinstance(one, OSError):
            return code or errno.errorcode.get(one.errno)
    return None


def _traceback_lines(trace: TracebackType | None) -> list[str]:
    """Where an exception went through, outermost first: `pages/views.py:33 page`."""
    frames = traceback.extract_tb(trace)[-MAX_FRAMES:]
    return [f"{_short_path(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short_path(name: str) -> str:
    file = Path(name)
    return str(file.relative_to(ROOT)) if file.is_relative_to(ROOT) else "/".join(file.parts[-3:])

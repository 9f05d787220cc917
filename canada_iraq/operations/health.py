"""Does the process live, and can it serve? For whatever starts, watches and balances processes.

`/health/live` says that the process answers; `/health/ready` that everything it needs does. Both are answered before
anything asks for the name of the host, which a probe leaves out or gets wrong, and tell nothing that depends on it.
"""

import logging
import secrets
import time
from functools import cache, lru_cache

from django.core.cache import cache as site_cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import JsonResponse

from . import scheduler

logger = logging.getLogger(__name__)

# Seconds for which one look at everything counts, so that asking often costs nothing.
CACHE_SECONDS = 2
# Seconds until it is worth asking again.
RETRY_AFTER = 10


class CheckFailed(Exception):
    """What does not work, for the log."""


def health(get_response):
    """Middleware: answers the two addresses of health, which are no pages of the site."""

    def middleware(request):
        view = VIEWS.get(request.path_info)
        if view is None or request.method not in ("GET", "HEAD"):
            return get_response(request)
        response = view()
        response["Cache-Control"] = "no-store"
        return response

    return middleware


def live():
    return JsonResponse({"status": "ok"})


def ready():
    """200 when every check passes, 503 otherwise. It names what fails, never why: that is in the log.

    How the daily jobs stand is beside the checks: a site whose jobs are overdue can serve its readers.
    """
    results, jobs = _results(int(time.monotonic() // CACHE_SECONDS))
    checks = {name: "ok" if passed else "failing" for name, passed in results.items()}
    if all(results.values()):
        return JsonResponse({"status": "ok", "checks": checks, "scheduled_jobs": jobs})
    return JsonResponse(
        {"status": "failing", "checks": checks, "scheduled_jobs": jobs},
        status=503,
        headers={"Retry-After": str(RETRY_AFTER)},
    )


VIEWS = {"/health/live": live, "/health/ready": ready}


@lru_cache(maxsize=1)
def _results(period):
    checks = {name: _passes(name, check) for name, check in CHECKS.items()}
    return checks, _jobs() if checks["database"] else {}


def _jobs():
    """Return the state of each daily job; nothing where the database has no table of them yet."""
    try:
        return scheduler.statuses()
    except DatabaseError:
        return {}


def _passes(name, check):
    try:
        check()
    except Exception as error:
        logger.warning("Not ready: %s (%s)", name, type(error).__name__)
        return False
    return True


def database_answers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations_are_applied():
    missing = _newest_migrations() - MigrationRecorder(connection).applied_migrations().keys()
    if missing:
        raise CheckFailed(missing)


@cache
def _newest_migrations():
    """The last ones of every application, which stand on all others. They change with the process only."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def cache_works():
    name = f"health:{secrets.token_hex(8)}"
    site_cache.set(name, "kept", timeout=5)
    if site_cache.get(name) != "kept":
        raise CheckFailed


def media_can_be_written():
    name = default_storage.save(f"health-{secrets.token_hex(8)}", ContentFile(b"." * 4096))
    default_storage.delete(name)


CHECKS = {
    "database": database_answers,
    "migrations": migrations_are_applied,
    "cache": cache_works,
    "media": media_can_be_written,
}

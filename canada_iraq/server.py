"""Serves the site with granian, in several processes: `python -m canada_iraq.server`.

Unlike granian's own command it loads the site before it starts the processes: they start at once, share memory, and
are never deaf to a signal because they are still loading.
"""

import logging
import os
import signal
import sys
import time

from canada_iraq.operations import environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canada_iraq.settings")
if __name__ == "__main__":
    environment.refuse_other_packages()  # before the first of them is imported

    from canada_iraq.environment_variables import refuse_wrong_values

    refuse_wrong_values()  # before the application is loaded, which reads them

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from canada_iraq.delivery import worker_count
from canada_iraq.delivery.body_buffering import threads_needed
from canada_iraq.environment_variables import Variables
from canada_iraq.operations import existing_site
from canada_iraq.wsgi import application  # sets Django up, which the next import needs

# isort: split
from canada_iraq.operations.scheduler import Scheduler

# Seconds before a process that died is started again, so that one that cannot live does not take the whole machine.
RESPAWN_DELAY = 0.1


def serve(workers: int, port: int):
    """Answer requests at a port in so many processes until Ctrl+C or TERM, then finish those that were accepted."""
    logging.getLogger("_granian").addFilter(is_not_about_threads)
    connections.close_all()  # a connection made while loading must not be shared by several processes
    Server(
        "canada_iraq.wsgi:application",
        address=os.environ.get("HOST", "127.0.0.1"),
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=workers,
        blocking_threads=threads_needed(settings.THREADS),
        log_level=LogLevels.warning,
        log_dictconfig={
            "formatters": dict.fromkeys(
                ("generic", "access"), {"()": "canada_iraq.operations.request_logging.JsonFormatter"}
            )
        },
        respawn_failed_workers=True,
        workers_kill_timeout=30,
    ).serve(serve_in_process, target_loader=load_worker_application, wrap_loader=False)


def is_not_about_threads(record: logging.LogRecord) -> bool:
    """Leave out that there are more than two threads for each core: most of them only wait for bodies."""
    return "Python threads" not in record.getMessage()


class Server(Granian):
    """Granian ends altogether when one of its processes dies twice within seconds. Here it is started again."""

    def _spawn_worker(self, idx, *arguments, **values):
        if self.respawned_wrks.pop(idx, None):
            time.sleep(RESPAWN_DELAY)
        return super()._spawn_worker(idx, *arguments, **values)


def serve_in_process(number: int, *arguments):
    """Answer requests until the parent ends this process. The first process also runs the daily jobs."""
    if number > 1 or not settings.RUN_SCHEDULED_JOBS:
        Granian._spawn_wsgi_worker(number, *arguments)
        return
    scheduler = Scheduler()
    scheduler.start()
    try:
        Granian._spawn_wsgi_worker(number, *arguments)
    finally:
        scheduler.stop()


def load_worker_application():
    """The application for a new process, which from here on can be stopped."""
    # Ctrl+C reaches every process of a terminal's group. Here only the parent may hear it: it lets requests finish.
    os.setpgid(0, 0)
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(
            sign, signal.SIG_DFL
        )  # until granian listens; the parent's own handler would swallow it
    return application


def read_variables() -> tuple[int, int]:
    """Return the number of processes and the port; end this process with a sentence where a setting makes no sense."""
    try:
        workers = worker_count.parse_workers(os.environ.get("WORKERS", ""), settings.KEPT_PAGES)
        return workers, Variables().number("PORT", default=8000, most=65_535)
    except (ImproperlyConfigured, ValueError) as fault:
        sys.exit(f"Error: {fault}")


if __name__ == "__main__":
    workers, port = read_variables()
    if problem := existing_site.problem_before_serving():
        sys.exit(f"Error: {problem}")
    serve(workers, port)

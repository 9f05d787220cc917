"""Serves the site with granian, in as many processes as the machine has cores: `python -m canada_iraq.server`.

Unlike granian's own command it loads the site before it starts the processes: they start at once, share memory, and
are never deaf to a signal because they are still loading.
"""

import os
import signal
import time

from django.conf import settings
from django.db import connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from canada_iraq.wsgi import application

# Seconds before a process that died is started again, so that one that cannot live does not take the whole machine.
PAUSE = 0.1


def serve():
    """Answer requests until Ctrl+C or TERM, then finish those that were accepted."""
    connections.close_all()  # a connection made while loading must not be shared by several processes
    Server(
        "canada_iraq.wsgi:application",
        address=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        interface=Interfaces.WSGI,
        websockets=False,
        workers=int(os.environ.get("WORKERS", os.cpu_count() or 2)),
        blocking_threads=settings.THREADS,
        log_level=LogLevels.warning,
        log_dictconfig={"formatters": dict.fromkeys(("generic", "access"), {"()": "canada_iraq.logs.Line"})},
        respawn_failed_workers=True,
        workers_kill_timeout=30,
    ).serve(target_loader=in_a_process_of_its_own, wrap_loader=False)


class Server(Granian):
    """Granian ends altogether when one of its processes dies twice within seconds. Here it is started again."""

    def _spawn_worker(self, idx, *arguments, **values):
        if self.respawned_wrks.pop(idx, None):
            time.sleep(PAUSE)
        return super()._spawn_worker(idx, *arguments, **values)


def in_a_process_of_its_own():
    """The application for a new process, which from here on can be stopped."""
    # Ctrl+C reaches every process of a terminal's group. Here only the parent may hear it: it lets requests finish.
    os.setpgid(0, 0)
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(
            sign, signal.SIG_DFL
        )  # until granian listens; the parent's own handler would swallow it
    return application


if __name__ == "__main__":
    serve()

"""Django's backend for SQLite, whose files only the account of the site can read, whichever command makes them.

Subclassing a built-in backend is documented:
https://docs.djangoproject.com/en/5.2/ref/databases/#subclassing-the-built-in-database-backends
"""

import sqlite3
from contextlib import suppress

from django.db.backends.sqlite3 import base

from canada_iraq.operations import private_files

# SQLite gives these the mode of the database itself, which may have been another one when they were made.
BESIDE = ("-wal", "-shm", "-journal")


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        name = str(conn_params["database"])
        if name != ":memory:" and not name.startswith("file:"):
            with suppress(OSError):  # SQLite itself says best what is wrong
                private_files.make_file(name)
            private_files.tighten(*(name + ending for ending in BESIDE))
        return self._connect(conn_params)

    def _connect(self, conn_params):
        """Connect, or close what was opened: Django leaves a connection open whose first statement fails.

        That is one to a damaged database. Left to be collected, it makes Python 3.13 warn in whatever runs then.
        """
        connections = []

        def open_database(*arguments, **values):
            connections.append(sqlite3.Connection(*arguments, **values))
            return connections[-1]

        try:
            return super().get_new_connection({**conn_params, "factory": open_database})
        except BaseException:
            for connection in connections:
                connection.close()
            raise

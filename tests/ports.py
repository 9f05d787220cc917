"""Free ports of 127.0.0.1 for servers that a test or a benchmark starts, held until they are no longer needed."""

import socket
from contextlib import ExitStack, contextmanager


@contextmanager
def held(count=1):
    """Hold `count` different free ports, and yield a list of their numbers.

    Each is bound, but nothing listens on it: a server that sets SO_REUSEADDR, as nginx, granian, Redis and those of
    Python do, can still listen there, and the system gives the number to nobody who asks for any free port. A port that
    is merely found free and let go may be given to two servers at once.
    """
    with ExitStack() as holders:
        yield [_bound(holders.enter_context(socket.socket())) for _ in range(count)]


def _bound(holder):
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    return holder.getsockname()[1]

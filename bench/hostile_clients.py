"""What do huge bodies and slow clients cost? `python bench/hostile_clients.py`

Sends bodies of 50 MB to a site that reads 64 KB at most, then holds connections open that send a byte a second, and
tells how much memory a process took and how long an ordinary reader waited meanwhile.
"""

import argparse
import contextlib
import socket
import threading
import time
from pathlib import Path

from a_site import Site

MEGABYTE = 1024 * 1024


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--bodies", type=int, default=20)
    arguments.add_argument("--megabytes", type=int, default=50)
    arguments.add_argument(
        "--slow", type=int, default=10, help="connections of each kind that send a byte a second"
    )
    options = arguments.parse_args()
    site = Site(workers=1)
    try:
        site.start()
        for _ in range(50):
            site.get("/en/")
        before = memory(site)
        for path in ("/en/report-a-problem/home", "/admin/login/", "/en/"):
            for chunked in (False, True):
                answers = [huge(site, path, options.megabytes, chunked) for _ in range(options.bodies)]
                print(f"{path}, {'chunked' if chunked else 'with its length'}: {sorted(set(answers))}")
        print(
            f"grown by {memory(site) - before} MB after {6 * options.bodies} bodies of {options.megabytes} MB"
        )
        print(f"ordinary GET: {1000 * slowest(site):.0f} ms at most")
        with contextlib.ExitStack() as held:
            for kind in (b"GET /en/ HTTP/1.1\r\nHost: localhost\r\nX-", POST):
                for _ in range(options.slow):
                    held.enter_context(slow(site, kind))
            print(
                f"ordinary GET beside {2 * options.slow} slow clients: {1000 * slowest(site):.0f} ms at most"
            )
    finally:
        site.remove()


POST = (
    b"POST /en/report-a-problem/home HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\ndetails="
)


def memory(site):
    """Resident memory of all processes that answer, in megabytes."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in site.workers()]
    return sum(pages) * 4096 // MEGABYTE


def huge(site, path, megabytes, chunked):
    """The status that somebody gets who sends that much, whether or not it is read."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {megabytes * MEGABYTE}"
    lines = (
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        "Content-Type: multipart/form-data; boundary=b",
        length,
    )
    head = "\r\n".join([*lines, "", ""])
    chunk = b"." * MEGABYTE
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(head.encode())
            for _ in range(megabytes):
                connection.sendall(b"%x\r\n%s\r\n" % (len(chunk), chunk) if chunked else chunk)
        with contextlib.suppress(OSError):
            return connection.recv(4096)[9:12].decode() or "closed"
        return "closed"


@contextlib.contextmanager
def slow(site, head):
    """A connection that sends a byte a second after its beginning."""
    over = threading.Event()
    connection = socket.create_connection(("127.0.0.1", site.port))
    connection.sendall(head)

    def trickle():
        with contextlib.suppress(OSError):
            while not over.wait(1):
                connection.sendall(b"a")

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        connection.close()


def slowest(site):
    """Seconds that the slowest of many ordinary requests took."""
    took = []
    for _ in range(40):
        began = time.monotonic()
        site.get("/en/contact")
        took.append(time.monotonic() - began)
        time.sleep(0.05)
    return max(took)


if __name__ == "__main__":
    main()

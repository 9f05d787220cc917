"""What do huge bodies and slow clients cost? `python bench/hostile_clients.py`

Sends bodies of 50 MB to a site that reads 64 KB at most, then holds connections open that send a byte a second or
announce a body and send none, from one address and from many. Tells how much memory a process took, and how long
ordinary readers, reports and sign-ins took at the same time.
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
    arguments.add_argument(
        "--silent", type=int, default=100, help="connections that announce a body and send none"
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
        for kind, (head, body) in SILENT.items():
            for path in ("/en/report-a-problem/home", "/admin/login/"):
                for addresses in (1, options.silent):
                    measure_with_silent_clients(
                        site, f"{options.silent} {kind}", options.silent, addresses, path, head, body
                    )
    finally:
        site.remove()


POST = (
    b"POST /en/report-a-problem/home HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\ndetails="
)


# How bodies are announced that never come whole.
SILENT = {
    "without a body": ("Content-Length: 5000", b""),
    "with a part of one": ("Content-Length: 5000", b"details=" + b"a" * 1000),
    "in chunks": ("Transfer-Encoding: chunked", b"5\r\nabcde\r\n"),
}


def measure_with_silent_clients(site, name, number, addresses, path, head, body):
    with contextlib.ExitStack() as held:
        for place in range(number):
            source = (f"127.0.0.{2 + place % addresses}", 0)
            connection = socket.create_connection(("127.0.0.1", site.port), 30, source)
            held.enter_context(connection)
            lines = (f"POST {path} HTTP/1.1", "Host: localhost", FORM, head, "", "")
            connection.sendall("\r\n".join(lines).encode() + body)
        times = ", ".join(f"{what} {1000 * seconds:.0f} ms" for what, seconds in posts(site))
        print(
            f"beside {name} to {path} from {addresses} addresses: {times}, GET {1000 * slowest(site):.0f} ms at most"
        )


FORM = "Content-Type: application/x-www-form-urlencoded"


def posts(site):
    """What is sent, and the seconds that the slowest of ten took."""
    for name, path, fields, right in (
        ("report", "/en/report-a-problem/home", {"reasons": "outdated"}, 303),
        ("sign-in", "/admin/login/", {"username": "nobody", "password": "guess"}, 403),  # for want of a token
    ):
        took = []
        for _ in range(10):
            began = time.monotonic()
            status = site.post(path, fields)
            assert status == right, (path, status)
            took.append(time.monotonic() - began)
        yield name, max(took)


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

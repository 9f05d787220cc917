"""How fast are cached pages while somebody publishes? `python bench/publishing_load.py [--pages 10000]`

Asks for pages of a large site, chosen by chance, over eight connections: for some seconds while nothing changes, then
while one page a second is published, in turns. One process serves. Read the ratio, not the rates.
"""

import argparse
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import time

from a_site import ROOT, Site
from public_path import memory

CONNECTIONS = 8
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--pages", type=int, default=10_000)
    arguments.add_argument("--seconds", type=int, default=10, help="of each round")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--cache", type=int, default=128, help="megabytes for cached pages (KEPT_PAGES)")
    options = arguments.parse_args()
    site = Site(workers=1)
    site.environment["KEPT_PAGES"] = str(options.cache)
    try:
        site.manage("fill_site", "--pages", options.pages, "--reports", 0, "--anyway")
        site.start()
        crowd = Crowd(site, paths(site))
        crowd.ask_for_all()
        print(f"{len(crowd.requests)} pages cached: the process has {memory(site.workers()[0]):.0f} MB")
        measure(site, crowd, options)
    finally:
        site.remove()


def measure(site, crowd, options):
    """Print the requests per second without and with publications; medians of all rounds."""
    quiet, busy = [], []
    for _ in range(options.rounds):
        quiet.append(crowd.rate(options.seconds))
        publisher = within(site, "publish")
        assert publisher.stdout.readline() == "ready\n"
        busy.append(crowd.rate(options.seconds))
        publisher.terminate()
        published = len(publisher.communicate()[0].splitlines())
    ratio = statistics.median(b / q for q, b in zip(quiet, busy, strict=True))
    print(f"{statistics.median(quiet):.0f}/s while nothing changes")
    print(f"{statistics.median(busy):.0f}/s while {published} pages were published in {options.seconds} s")
    print(f"ratio {ratio:.2f}")


class Crowd:
    """Connections that each wait for an answer before they ask for another page."""

    def __init__(self, site, paths):
        self.chance = random.Random(20261129)
        self.requests = [
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nAccept-Encoding: br\r\n\r\n".encode()
            for path in paths
        ]
        self.sockets = [
            socket.create_connection(("127.0.0.1", site.port), timeout=60) for _ in range(CONNECTIONS)
        ]

    def ask_for_all(self):
        for start in range(0, len(self.requests), CONNECTIONS):
            self._ask(self.requests[start : start + CONNECTIONS])

    def rate(self, seconds):
        """Return the answers per second."""
        answered, began = 0, time.perf_counter()
        while (passed := time.perf_counter() - began) < seconds:
            self._ask(self.chance.choices(self.requests, k=CONNECTIONS))
            answered += CONNECTIONS
        return answered / passed

    def _ask(self, requests):
        used = self.sockets[: len(requests)]
        for connection, request in zip(used, requests, strict=True):
            connection.sendall(request)
        for connection in used:
            read = connection.recv(1 << 16)
            while (end := read.find(b"\r\n\r\n")) < 0:
                read += connection.recv(1 << 16)
            assert read.startswith(b"HTTP/1.1 200"), read[:100]
            left = int(LENGTH.search(read)[1]) - (len(read) - end - 4)
            while left:
                left -= len(connection.recv(left))


def paths(site):
    return within(site, "paths").communicate()[0].split()


# Within a process of the site's own


def within(site, what):
    environment = site.environment | {
        "DJANGO_SETTINGS_MODULE": "canada_iraq.settings",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, __file__, f"--within={what}"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def tell_paths():
    from pages.models import Edition

    for addresses in Edition.objects.live().readable().values_list("address_en", "address_fr"):
        print(f"/en/{addresses[0]}", f"/fr/{addresses[1]}")


def publish():
    """Publish one page a second, chosen by chance, with a new title, until the process is ended."""
    from pages import publishing
    from pages.models import Page

    chance = random.Random(os.getpid())
    ids = list(Page.objects.exclude(parent=None).filter(editions__isnull=False).values_list("pk", flat=True))
    print("ready", flush=True)
    while True:
        page = Page.objects.get(pk=chance.choice(ids))
        page.title_en, page.title_fr = f"Title {chance.random()}", f"Titre {chance.random()}"
        page.save()
        publishing.publish(page, by=None)
        print(page.pk, flush=True)
        time.sleep(1)


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1].startswith("--within="):
        import django

        sys.path[0] = str(ROOT)  # a module beside this one may have the name of one of the site's
        django.setup()
        {"paths": tell_paths, "publish": publish}[sys.argv[1].removeprefix("--within=")]()
    else:
        main()

"""How fast is a public page, and does it stay so on a large site? `python bench/public_path.py [--pages 10000]`

Asks for a page of the starter content, a WSGI function in the same process and a bare Django view in another one, which
all give the same bytes. They are asked in turns, hundreds of times for a hundredth of a second, so that whatever else
the machine does strikes all alike, and by several processes: read the ratios, not the rates.
"""

import argparse
import cProfile
import json
import pstats
import socket
import statistics
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

from a_site import ROOT, Site, ports

PAGE = "/en/canada-strategy-iraq"
FUNCTION_PATH = "/en/a-wsgi-function"  # as `applications.py` has it
ENCODINGS = {"plain": "", "brotli": "br"}
# Connections that each wait for an answer at a time, so that the server always has something to do.
AT_ONCE = 16


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--processes", type=int, default=5, help="that are started one after the other")
    arguments.add_argument("--rounds", type=int, default=150)
    arguments.add_argument("--requests", type=int, default=320, help="in each round, to each of the three")
    arguments.add_argument("--pages", type=int, default=0, help="also make sites of 10 and of so many pages")
    options = arguments.parse_args()
    site = Site(workers=1)
    try:
        began = time.monotonic()
        site.start()
        print(f"From start to ready: {time.monotonic() - began:.2f} s")
        for name, accepted in ENCODINGS.items():
            rates(site, name, accepted, options)
        print(f"Memory of the process that serves: {memory(site.workers()[0]):.0f} MB")
        site.stop()
        print(site_itself(site, "calls"))
    finally:
        site.remove()
    if options.pages:
        growth(options.pages)


# Rates


def rates(site, name, accepted, options):
    """Requests per second for each, in turns, and how the page compares: the medians of the runs and their range."""
    answer = PipelinedClient(site.port, PAGE, accepted).first
    file = site.folder / f"{name}.json"
    file.write_text(json.dumps({"headers": answer[0], "body": answer[1].decode("latin-1")}))
    runs = [run(site, file, accepted, options) for _ in range(options.processes)]
    for kind in runs[0]:
        rate = statistics.median(options.requests / time for seen in runs for time in seen[kind])
        ratios = sorted(
            statistics.median(own / page for own, page in zip(seen[kind], seen["page"], strict=True))
            for seen in runs
        )
        middle = statistics.median(ratios)
        print(
            f"{name:7} {kind:9} {rate:8.0f}/s; page / {kind}: {middle:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        )


def run(site, file, accepted, options):
    """Seconds of each round for the page, the function and the view, from processes that are started for it."""
    servers = {kind: Other(site, kind, file) for kind in ("function", "view")}
    for server in servers.values():
        server.start()
    both, view = servers["function"].port, servers["view"].port
    askers = {
        "page": PipelinedClient(both, PAGE, accepted),
        "function": PipelinedClient(both, FUNCTION_PATH, accepted),
        "view": PipelinedClient(view, PAGE, accepted),
    }
    seen = {kind: [] for kind in askers}
    for number in range(options.rounds):
        # Another one begins each time: who comes first may find the processor in another state.
        first = number % len(askers)
        for kind in [*askers][first:] + [*askers][:first]:
            began = time.perf_counter()
            askers[kind].send_requests(options.requests)
            seen[kind].append(time.perf_counter() - began)
    for asker in askers.values():
        asker.close()
    for server in servers.values():
        server.stop()
    return seen


class Other(Site):
    """What `applications.py` serves, with the data of the site."""

    def __init__(self, site, kind, answer):
        self.folder, self.kind = site.folder, kind
        (self.port,) = site.holder.enter_context(ports.held())
        self.environment = {**site.environment, "PORT": str(self.port), "ANSWER": str(answer)}

    def start(self):
        command = [sys.executable, "bench/applications.py", self.kind]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment)
        while not self.is_ready():
            time.sleep(0.02)


class PipelinedClient:
    """Connections that ask for the page again and again, and read whole answers."""

    def __init__(self, port, path, accepted):
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Accept-Encoding: {accepted}", "", ""]
        self.request = "\r\n".join(lines).encode()
        self.sockets = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(AT_ONCE)]
        for one in self.sockets:
            self.first, self.size = self._one(one)

    def _one(self, connection):
        connection.sendall(self.request)
        read = b""
        while b"\r\n\r\n" not in read:
            read += connection.recv(1 << 16)
        head, _, body = read.partition(b"\r\n\r\n")
        headers = [tuple(line.split(": ", 1)) for line in head.decode("latin-1").split("\r\n")[1:]]
        named = {name.lower(): value for name, value in headers}
        while len(body) < int(named["content-length"]):
            body += connection.recv(1 << 16)
        own = [pair for pair in headers if pair[0].lower() not in ("date", "server", "connection")]
        return (own, body), len(head) + 4 + len(body)

    def close(self):
        for one in self.sockets:
            one.close()

    def send_requests(self, count):
        for _ in range(count // AT_ONCE):
            for connection in self.sockets:
                connection.sendall(self.request)
            for connection in self.sockets:
                left = self.size
                while left:
                    left -= len(connection.recv(left))


def memory(process):
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


# Within one process


def site_itself(site, what, file=__file__):
    """What a file (default: this very one) prints when it runs as a process of the site's own."""
    command = [sys.executable, file, f"--within={what}"]
    environment = site.environment | {
        "DJANGO_SETTINGS_MODULE": "canada_iraq.settings",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        command, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.rstrip()


def get(application, path):
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    started = []
    answer = application(environ, lambda *line: started.append(line))
    body = b"".join(answer)
    getattr(answer, "close", lambda: None)()
    assert started[0][0] == "200 OK", started
    return body


def calls():
    """Calls of Python's functions at the first view of a page in a process that has shown others, and at the second.

    With those that are built in, in brackets.
    """
    from canada_iraq.wsgi import application
    from pages.models import Edition

    editions = list(Edition.objects.live())
    live = [f"/en/{edition.address_en}" for edition in editions]
    live += [f"/fr/{edition.address_fr}" for edition in editions]
    counts = {}
    for path in live:
        application.drop(None)
        for other in live:
            if other != path:
                get(application.application, other)
        get(application, "/")  # looks at the public state
        counts[path] = [profiled(application, path), profiled(application, path)]
    for place, words in enumerate(("First view", "Second view")):
        numbers = sorted(count[place] for count in counts.values())
        (fewest, all_least), (highest, all_most) = numbers[0], numbers[-1]
        print(f"{words}: {fewest} to {highest} Python calls ({all_least} to {all_most} with those built in)")


def profiled(application, path):
    profile = cProfile.Profile()
    profile.runcall(get, application, path)
    stats = pstats.Stats(profile)
    own = sum(calls for (file, *_), (_, calls, *_) in stats.stats.items() if file != "~")
    return own, stats.total_calls


def views():
    """Milliseconds of the processor for a first view, and for reading the version of the site; medians."""
    from canada_iraq.wsgi import application
    from pages.models import Edition
    from pages.site_version import site_version

    address = Edition.objects.order_by("pk").last().address_en
    page, sitemap = f"/en/{address}", "/sitemap.xml"
    print(
        json.dumps(
            {
                "first view of a page": spent(lambda: get(application.application, page), 30),
                "its query": spent(lambda: Edition.objects.fetch_with_navigation("en", address), 60),
                "version of the site": spent(site_version, 30),
                "sitemap": spent(lambda: get(application.application, sitemap), 3),
            }
        )
    )


def spent(work, times):
    work()
    seen = []
    for _ in range(times):
        began = time.process_time()
        work()
        seen.append((time.process_time() - began) * 1000)
    return statistics.median(seen)


# Growth


def growth(pages):
    """The same questions to a site of 10 pages and to a large one."""
    small, large = trial(10), trial(pages)
    for what, milliseconds in small.items():
        print(f"{what}: {milliseconds:.2f} ms with 10 pages, {large[what]:.2f} ms with {pages}")


def trial(pages):
    site = Site(workers=1)
    try:
        site.manage("fill_site", "--anyway", "--pages", pages)
        return json.loads(site_itself(site, "views"))
    finally:
        site.remove()


def within(what):
    import django

    sys.path[0] = str(ROOT)  # a module beside this one may have the name of one of the site's
    django.setup()
    {"calls": calls, "views": views}[what]()


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1].startswith("--within="):
        within(sys.argv[1].partition("=")[2])
    else:
        main()

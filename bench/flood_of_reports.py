"""Is a report that somebody was thanked for ever lost, or stored twice? `python bench/flood_of_reports.py [--calm]`

Sends 2,000 reports from 16 places at once while a process of the server is killed (-9) every half second, and the whole
server is stopped and started again twice. With --calm, nobody is killed.
"""

import argparse
import os
import signal
import statistics
import threading
import time
from collections import Counter

from a_site import Crowd, Site, stored


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--reports", type=int, default=2000)
    arguments.add_argument("--senders", type=int, default=16)
    arguments.add_argument("--calm", action="store_true", help="kill and stop nobody")
    options = arguments.parse_args()
    site = Site()
    try:
        site.start()
        began = time.monotonic()
        with Crowd(site, options.senders, options.reports) as crowd:
            trouble = Trouble(site, crowd, options.reports)
            if not options.calm:
                trouble.start()
            crowd.join()
            trouble.over.set()
        if not options.calm:
            trouble.join()
        print_figures(site, crowd, trouble, time.monotonic() - began)
    finally:
        site.remove()


class Trouble(threading.Thread):
    """Kills a worker every half second; stops the server after a third and after two thirds of the reports."""

    def __init__(self, site, crowd, total):
        super().__init__()
        self.site, self.crowd, self.total = site, crowd, total
        self.killed = self.stopped = 0
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(0.5):
            sent = self.total - max(self.crowd.left, 0)
            if sent >= (self.stopped + 1) * self.total / 3 and self.stopped < 2:
                self.site.stop()
                self.stopped += 1
                self.site.start()
            elif workers := self.site.workers():
                os.kill(workers[self.killed % len(workers)], signal.SIGKILL)
                self.killed += 1


def print_figures(site, crowd, trouble, seconds):
    accepted, unknown = crowd.all("accepted"), crowd.all("unknown")
    times = Counter(stored(site.database))
    lost = [token for token in accepted if not times[token]]
    doubled = [token for token, number in times.items() if number > 1]
    waited = sorted(crowd.all("seconds"))
    print(f"{trouble.killed} processes killed, {trouble.stopped} full stops, {seconds:.0f} s")
    print(
        f"{len(accepted)} thanked for, {len(unknown)} cut off unanswered, refused: {Counter(crowd.all('refused'))}"
    )
    print(f"lost: {len(lost)}, stored twice: {len(doubled)}")
    print(
        f"waited: median {statistics.median(waited) * 1000:.0f} ms, p99 {waited[len(waited) * 99 // 100] * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()

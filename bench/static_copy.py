"""Does nginx serve a page of the static copy as fast as any file? `python bench/static_copy.py`

The starter content is copied, and nginx serves it with deploy/nginx.conf, whole but for TLS, and
beside it the same bytes as a plain file without any rule. wrk asks both in turns: read the ratio. Needs nginx and wrk.
"""

import argparse
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time

from a_site import ROOT, Site, ports

PAGE = "/en/canada-strategy-iraq"
NAME = "pages.example.org"
MAIN = """
    {user} daemon off; pid {folder}/pid; error_log {folder}/errors; worker_processes 1;
    events {{}}
    http {{
        client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
        uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
        types {{ text/html html; }}
        {sample}
        server {{
            listen 127.0.0.1:{plain}; root {folder}/plain; sendfile on; tcp_nopush on; access_log off;
        }}
    }}"""


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--rounds", type=int, default=9)
    arguments.add_argument("--seconds", type=int, default=2, help="of asking each, in each round")
    options = arguments.parse_args()
    for program in ("nginx", "wrk"):
        if not shutil.which(program):
            sys.exit(f"This needs {program} (on Debian or Ubuntu: apt install {program}).")
    site = Site()
    try:
        site.manage("export_site", site.folder / "copy", SITE_URL=f"https://{NAME}")
        plain = site.folder / "plain" / "page.html"
        plain.parent.mkdir()
        shutil.copy(site.folder / "copy" / "site" / f"{PAGE[1:]}.html", plain)
        with ports.held(2) as (copy, plain):
            compare(site, options, {"copy": copy, "plain": plain})
    finally:
        site.remove()


def compare(site, options, numbers):
    configuration = site.folder / "nginx.conf"
    configuration.write_text(
        MAIN.format(
            user="user root;",
            folder=site.folder,
            plain=numbers["plain"],
            sample=sample(site, numbers["copy"]),
        )
    )
    server = subprocess.Popen([shutil.which("nginx"), "-c", configuration], stderr=subprocess.DEVNULL)
    try:
        wait_for(numbers.values())
        seen = {"copy": [], "plain": []}
        for _round in range(options.rounds):
            for kind, path in (("copy", PAGE), ("plain", "/page.html")):
                seen[kind].append(rate(numbers[kind], path, options.seconds))
    finally:
        server.terminate()
        server.wait()
    ratio = statistics.median(copy / plain for copy, plain in zip(seen["copy"], seen["plain"], strict=True))
    for kind, rates in seen.items():
        print(f"{kind:6} {statistics.median(rates):8.0f} requests/s")
    print(f"copy / plain: {ratio:.2f}")


def sample(site, port):
    """The configuration in deploy/ for this folder: one server, without TLS and the record of requests."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    first, second = [match.start() for match in re.finditer(r"^server \{", text, re.MULTILINE)]
    text = text[:first] + text[second:]
    for pattern, new in {
        r"^ *listen \[::\].*\n": "",
        r"^ *(ssl|limit_conn)_?\S* .*\n": "",
        r"listen 443 ssl http2": f"listen 127.0.0.1:{port}",
        r"access_log .*": "access_log off;",
        r"/var/log/nginx": str(site.folder),
        r"/srv/pages/copy": str(site.folder / "copy"),
    }.items():
        text, found = re.subn(pattern, new, text, flags=re.MULTILINE)
        assert found, pattern
    return text


def rate(port, path, seconds):
    """Requests per second of which each was answered well."""
    url = f"http://127.0.0.1:{port}{path}"
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "-H", f"Host: {NAME}", url]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in output, output
    return float(re.search(r"Requests/sec: +([0-9.]+)", output)[1])


def wait_for(numbers):
    until = time.monotonic() + 10
    for port in numbers:
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Stands for `systemctl` on a machine without systemd: starts the commands of units, confined as the units say.

Of what a unit asks for it does: account, folder, settings, umask, no new privileges, no capabilities, a file system
that can be written only at ReadWritePaths, a /tmp of its own, no memory that is written and executed, and the filter of
system calls. The processes that run have their numbers in /run/units.
"""

import ctypes
import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

UNITS = Path("/etc/systemd/system")
RUNNING = Path("/run/units")
PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 65, 1
SCMP_ACT_ALLOW, SCMP_ACT_ERRNO = 0x7FFF0000, 0x00050000


def main(verb, *names):
    if names[:1] == ("--now",):
        names = names[1:]
    if verb == "daemon-reload":
        return
    for name in names:
        name = name if "." in name else f"{name}.service"
        if name == "nginx.service":
            subprocess.run(["nginx", "-s", "reload"], check=True)
            continue
        unit = read(name)
        if verb == "enable":
            if "WantedBy" not in unit:
                sys.exit(f"{name} cannot be enabled: it has no [Install].")
            verb_of_unit = "start"
        else:
            verb_of_unit = verb
        {"start": start, "stop": stop, "restart": restart}[verb_of_unit](name, unit)


def read(name):
    unit = {}
    for line in (UNITS / name).read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            unit.setdefault(key, []).append(value)
    return unit


def start(name, unit):
    if name.endswith((".timer", ".path")):
        read(name.rpartition(".")[0] + ".service")
        return
    for command in unit.get("ExecStartPre", []):
        finish(name, unit, command)
    (command,) = unit["ExecStart"]
    if unit["Type"] == ["oneshot"]:
        finish(name, unit, command)
        return
    RUNNING.mkdir(exist_ok=True)
    with (RUNNING / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            confined(unit, command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    (RUNNING / name).write_text(str(process.pid))


def stop(name, unit):
    number = int((RUNNING / name).read_text())
    os.kill(number, signal.SIGTERM)
    until = time.monotonic() + 40
    while Path(f"/proc/{number}/cmdline").exists() and Path(f"/proc/{number}/cmdline").read_bytes():
        if time.monotonic() > until:
            sys.exit(f"{name} does not end.")
        time.sleep(0.05)


def restart(name, unit):
    stop(name, unit)
    start(name, unit)


def finish(name, unit, command):
    done = subprocess.run(confined(unit, command), stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit(f"{name}: {command} failed ({done.returncode}).")


def confined(unit, command):
    if "User" not in unit:
        return command.split()
    writable = " ".join(unit["ReadWritePaths"]).split()
    binds = "".join(f"mount --bind {path} {path}; " for path in writable)
    account, group = unit["User"][0], unit["Group"][0]
    script = (
        f"{binds} mount -o remount,bind,ro /; mount -t tmpfs tmpfs /tmp;"
        f" umask {unit['UMask'][0]}; cd {unit['WorkingDirectory'][0]};"
        f" exec setpriv --reuid {account} --regid {group} --init-groups --no-new-privs --bounding-set -all"
        f" --inh-caps -all {sys.executable} {__file__} exec {command}"
    )
    environment = dict(
        line.split("=", 1)
        for line in Path(unit["EnvironmentFile"][0]).read_text().splitlines()
        if "=" in line and not line.startswith("#")
    )
    settings = [f"{name}={value}" for name, value in environment.items()]
    filters = " ".join(unit["SystemCallFilter"])
    return [
        *("unshare", "--mount", "env", "-i", f"PATH={os.environ['PATH']}", f"CALLS={calls(filters)}"),
        *(*settings, "sh", "-ec", script),
    ]


def calls(filters):
    """The numbers that a filter allows, of which later words that begin with ~ take away."""
    said = subprocess.run(
        ["systemd-analyze", "syscall-filter"], capture_output=True, text=True, check=True
    ).stdout
    sets, name = {}, ""
    for line in said.splitlines():
        word = line.strip()
        if line.startswith("@"):
            name = word
        elif word and not word.startswith("#"):
            sets.setdefault(name, []).append(word)

    def members(word):
        if not word.startswith("@"):
            return {word}
        return set().union(*(members(one) for one in sets[word]))

    allowed, takes = set(), False
    for word in filters.split():
        takes = word.startswith("~") or (takes and word.startswith("@"))
        if takes:
            allowed -= members(word.lstrip("~"))
        else:
            allowed |= members(word)
    return ",".join(sorted(allowed))


def execute(command):
    """Take from this process what the unit forbids, and become the command."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) and ctypes.get_errno() != errno.EINVAL:
        sys.exit("memory cannot be kept from being written and executed")
    seccomp = ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(seccomp.seccomp_init(SCMP_ACT_ERRNO | errno.EPERM))
    for name in os.environ.pop("CALLS").split(","):
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:  # some are of other machines
            seccomp.seccomp_rule_add(context, SCMP_ACT_ALLOW, number, 0)
    if seccomp.seccomp_load(context):
        sys.exit("the filter of system calls cannot be loaded")
    os.execvp(command[0], command)


if __name__ == "__main__":
    if sys.argv[1] == "exec":
        execute(sys.argv[2:])
    else:
        main(*sys.argv[1:])

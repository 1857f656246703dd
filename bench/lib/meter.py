"""What a process costs: from `/proc`, from the kernel's counters of its sockets, and of its system calls by `perf`.

None of this slows the process down noticeably, as `strace` would.
"""

import os
import re
import subprocess
import time
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def socket_bytes(pid):
    """By connection that is open now: sent and received on it."""
    listed = subprocess.run(["ss", "-tinpHO"], capture_output=True, text=True, check=True).stdout
    return {
        tuple(line.split()[3:5]): sum(map(int, re.findall(r"\bbytes_(?:sent|received):(\d+)", line)))
        for line in listed.splitlines()
        if f"pid={pid}," in line
    }


def _grown(before, after):
    return sum(count - before.get(connection, 0) for connection, count in after.items())


class SystemCalls:
    """Counts those of a process for some seconds. Without the right to do so the count is None."""

    def __init__(self, pid, seconds):
        command = ["perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "-p", str(pid), "--", "sleep", str(seconds)]
        try:
            self._perf = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        except FileNotFoundError:
            self._perf = None

    def count(self):
        if self._perf is None:
            return None
        found = re.search(r"^(\d+),", self._perf.communicate()[1], re.MULTILINE)
        return int(found[1]) if found else None


class Cost(NamedTuple):
    """Of one process, per second where it is not a state."""

    cpu: float  # of one core
    resident_bytes: int
    descriptors: int
    socket_bytes: float
    system_calls: float  # or None


def steady_cost(processes, seconds):
    """The mean of these processes over so many seconds."""
    counters = [SystemCalls(process.pid, seconds) for process in processes]
    began, before = time.monotonic(), [(cpu_seconds(p.pid), socket_bytes(p.pid)) for p in processes]
    time.sleep(seconds)
    after, lasted = [(cpu_seconds(p.pid), socket_bytes(p.pid)) for p in processes], time.monotonic() - began
    counts = [counter.count() for counter in counters]
    return Cost(
        cpu=_mean([b[0] - a[0] for a, b in zip(before, after)]) / lasted,
        resident_bytes=_mean([process.resident_bytes() for process in processes]),
        descriptors=_mean([descriptors(process.pid) for process in processes]),
        socket_bytes=_mean([_grown(a[1], b[1]) for a, b in zip(before, after)]) / lasted,
        system_calls=None if None in counts else _mean(counts) / seconds,
    )


def _mean(values):
    return sum(values) / len(values)

"""What a process costs: from `/proc`, from the counters of the loopback interface, and of its system calls by `perf`.

None of this slows the process down noticeably, as `strace` would.
"""

import os
import pathlib
import re
import subprocess
import time
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")


class CpuTime(NamedTuple):
    """Of a process, in seconds."""

    program: float
    kernel: float


def cpu_time(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return CpuTime(int(fields[11]) / _TICKS, int(fields[12]) / _TICKS)


def cpu_seconds(pid):
    return sum(cpu_time(pid))


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def loopback_bytes():
    """Of all processes, with all headers: to ask each socket takes seconds where there are ten thousands of them."""
    return int(pathlib.Path("/sys/class/net/lo/statistics/tx_bytes").read_text(encoding="ascii"))


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
    network_bytes: float  # its share of those of the loopback interface
    system_calls: float  # or None


def steady_cost(processes, seconds):
    """The mean of these processes over so many seconds."""
    counters = [SystemCalls(process.pid, seconds) for process in processes]
    began, bytes_before, before = time.monotonic(), loopback_bytes(), [cpu_seconds(p.pid) for p in processes]
    time.sleep(seconds)
    bytes_after, after = loopback_bytes(), [cpu_seconds(p.pid) for p in processes]
    lasted = time.monotonic() - began
    counts = [counter.count() for counter in counters]
    return Cost(
        cpu=_mean([b - a for a, b in zip(before, after)]) / lasted,
        resident_bytes=_mean([process.resident_bytes() for process in processes]),
        descriptors=_mean([descriptors(process.pid) for process in processes]),
        network_bytes=(bytes_after - bytes_before) / len(processes) / lasted,
        system_calls=None if None in counts else _mean(counts) / seconds,
    )


def _mean(values):
    return sum(values) / len(values)

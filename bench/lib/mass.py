"""Sentinels of one kind that watch very many primaries, and what is in their logs and files.

What they do is read from their logs, after the fact: to be told of every event would cost them and this machine more
than what is measured.
"""

import os
import re
import time
from datetime import datetime

from harness.farm import Farm
from harness.sentinel import Sentinel
from harness.sentinel_conf import Monitor
from harness.server import Server
from harness.world import World

from .asker import Askers

PRIMARIES_OF_A_FARM = 1000  # so that its descriptors suffice
POLL_SECONDS = 0.25
OWN_CORE = 0  # what one sentinel has to itself if that is wanted

_LINE = re.compile(r"^\d+:X (\d+ \w+ \d+ [\d:.]+) \S (\S+)(?: (.*))?$")
_OF_THE_MODEL = re.compile(r"^(redis_version|run_id|loading|role|slave|master|connected_slaves|second_repl)")


def info_of_a_real_server(world):
    """A file with all that a Redis server says of itself and a model does not."""
    server = Server(world).start()
    lines = server.call("INFO").splitlines()
    server.end()
    path = world.directory / "info"
    path.write_text("".join(f"{line}\r\n" for line in lines if line and not _OF_THE_MODEL.match(line)))
    return path


def keep_off_the_own_core():
    """This process, and all that it starts."""
    os.sched_setaffinity(0, os.sched_getaffinity(0) - {OWN_CORE} or {OWN_CORE})


class MassFleet:
    """With `own_core` the first sentinel has that core to itself, and it alone is asked where primaries are."""

    def __init__(self, kind, primaries, replicas, sentinels, down_after, failover_timeout, own_core=False):
        self.world = World("fleet")
        info = info_of_a_real_server(self.world)
        self.farms, monitors = [], []
        for first in range(0, primaries, PRIMARIES_OF_A_FARM):
            farm = Farm(self.world, min(PRIMARIES_OF_A_FARM, primaries - first), replicas, info).start()
            self.farms.append(farm)
            monitors += [(farm.host, port) for port in farm.primary_ports]
        options = {"quorum": sentinels // 2 + 1, "down_after": down_after, "failover_timeout": failover_timeout}
        self.names = [f"group-{i}" for i in range(primaries)]
        watched = [Monitor(name, *address, **options) for name, address in zip(self.names, monitors)]
        prefixes = [("taskset", "--cpu-list", str(OWN_CORE)) if own_core and i == 0 else () for i in range(sentinels)]
        self.sentinels = [Sentinel(self.world, kind, watched, prefix=prefix) for prefix in prefixes]
        self._asked = self.sentinels[:1] if own_core else self.sentinels
        self._replicas, self._monitored = replicas, monitors

    def __enter__(self):
        return self

    def __exit__(self, failure, *_):
        self.world.failed = failure is not None
        self.world.close()

    def tell_all(self):
        """Writes into the configurations what the sentinels would find out."""
        ids = [f"{i:08x}" * 5 for i in range(1, len(self.sentinels) + 1)]  # known by how they begin, too
        for own_id, sentinel in zip(ids, self.sentinels):
            lines = [f"sentinel myid {own_id}"]
            for name, (host, port) in zip(self.names, self._monitored):
                lines += [f"sentinel known-replica {name} {host} {port + i + 1}" for i in range(self._replicas)]
                lines += [
                    f"sentinel known-sentinel {name} {peer.host} {peer.port} {peer_id}"
                    for peer_id, peer in zip(ids, self.sentinels)
                    if peer is not sentinel
                ]
            with open(sentinel.conf_path, "a", encoding="ascii") as file:
                file.writelines(f"{line}\n" for line in lines)

    def launch(self):
        for sentinel in self.sentinels:
            sentinel.launch()

    # --- What the sentinels know ---

    def await_that(self, condition, deadline):
        """When it came true, on the monotonic clock, or None."""
        while time.monotonic() < deadline:
            if all(map(condition, self.sentinels)):
                return time.monotonic()
            time.sleep(POLL_SECONDS)
        return None

    def has_discovered(self, sentinel):
        """All primaries with all replicas and all peers."""
        well = f"slaves={self._replicas},sentinels={len(self.sentinels)}"
        try:
            return sum(line.endswith(well) for line in sentinel.info().values()) == len(self.names)
        except OSError:
            return False

    def finds_all_well(self, sentinel):
        lines = [line for key, line in sentinel.info().items() if re.fullmatch(r"master\d+", key)]
        return len(lines) == len(self.names) and all(",status=ok," in line for line in lines)

    def has_saved(self, sentinel):
        """All that too, wherever it keeps it."""
        files = sentinel.directory.glob(f"{sentinel.conf_path.name}*")
        text = "\n".join(path.read_text(errors="replace") for path in files)
        known = set(re.findall(r"^.*sentinel (known-(?:replica|slave|sentinel) \S+ \S+ \d+)", text, re.MULTILINE))
        return len(known) == len(self.names) * (self._replicas + len(self.sentinels) - 1)

    def askers(self):
        return Askers([sentinel.address for sentinel in self._asked], self.names[0])

    # --- What they have done ---

    def logs(self):
        return [Log(sentinel) for sentinel in self.sentinels]

    def kill_primaries(self):
        for farm in self.farms:
            farm.kill_servers(farm.primary_ports)


class Log:
    """The events in the log of one sentinel from now on."""

    def __init__(self, sentinel):
        self._path = sentinel.log_path
        self._offset = self._path.stat().st_size
        self.events = []  # (seconds since the epoch, event, the rest of the line)

    def read_on(self):
        with open(self._path, "rb") as file:
            file.seek(self._offset)
            whole = file.read().rpartition(b"\n")[0]
        self._offset += len(whole) + 1 if whole else 0
        for line in whole.decode(errors="replace").splitlines():
            if match := _LINE.match(line):
                at = datetime.strptime(match[1], "%d %b %Y %H:%M:%S.%f").timestamp()
                self.events.append((at, match[2], match[3] or ""))

    def times(self, event, pattern=""):
        return [at for at, what, rest in self.events if what == event and re.search(pattern, rest)]

    def first_by_name(self, event):
        """Of each primary, when that happened first."""
        first = {}
        for at, what, rest in self.events:
            if what == event:
                first.setdefault(_primary_of(rest), at)
        return first


def _primary_of(rest):
    """`master NAME ...`, `slave ... @ NAME ...`, or `NAME ...` in +switch-master."""
    words = rest.split()
    if "@" in words:
        return words[words.index("@") + 1]
    return words[1] if words[0] == "master" else words[0]

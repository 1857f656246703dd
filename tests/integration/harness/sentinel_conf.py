"""sentinel.conf, as tests write it and as they read it back after a sentinel rewrote it."""

import dataclasses
import shlex


@dataclasses.dataclass
class Monitor:
    """One `sentinel monitor` with its options. The short times make a failover a matter of seconds."""

    name: str
    host: str
    port: int
    quorum: int = 2
    down_after: int = 1000
    failover_timeout: int = 3000
    parallel_syncs: int = 1
    options: dict = dataclasses.field(default_factory=dict)

    def lines(self):
        options = {
            "down-after-milliseconds": self.down_after,
            "failover-timeout": self.failover_timeout,
            "parallel-syncs": self.parallel_syncs,
            **self.options,
        }
        yield f"sentinel monitor {self.name} {self.host} {self.port} {self.quorum}"
        yield from (f"sentinel {option} {self.name} {value}" for option, value in options.items())


def conf_text(port_lines, host, monitors=(), extra=()):
    lines = [*port_lines, f"bind {host}", *extra]
    for monitor in monitors:
        lines += monitor.lines()
    return "\n".join(lines) + "\n"


class ConfFile:
    """A snapshot of the file."""

    def __init__(self, path):
        self.text = path.read_text()
        self.lines = self.text.splitlines()
        self.directives = [
            shlex.split(line) for line in self.lines if line.strip() and not line.lstrip().startswith("#")
        ]

    def all(self, *words):
        """What follows `words`, for each directive that starts with them."""
        return [directive[len(words) :] for directive in self.directives if directive[: len(words)] == list(words)]

    def one(self, *words):
        """What follows `words` in the one directive that starts with them, as one string."""
        found = self.all(*words)
        assert len(found) == 1, f"{len(found)} lines start with {' '.join(words)!r} in:\n{self.text}"
        return " ".join(found[0])

    def epoch(self, *words):
        """An epoch; stock writes it even when it is 0, Vedette does not."""
        return int(self.one(*words)) if self.all(*words) else 0

    def state(self, name):
        """All that must survive a restart, whoever wrote the file."""
        replicas = self.all("sentinel", "known-replica", name) + self.all("sentinel", "known-slave", name)
        return {
            "myid": self.one("sentinel", "myid"),
            "current-epoch": self.epoch("sentinel", "current-epoch"),
            "monitor": self.one("sentinel", "monitor", name),
            "config-epoch": self.epoch("sentinel", "config-epoch", name),
            "leader-epoch": self.epoch("sentinel", "leader-epoch", name),
            "replicas": sorted(map(tuple, replicas)),
            "sentinels": sorted(map(tuple, self.all("sentinel", "known-sentinel", name))),
        }

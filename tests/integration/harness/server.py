"""One real redis-server in a directory of its own, without persistence unless its conf says so."""

import contextlib
import shutil

from . import resp
from .ports import LOOPBACK, free_port
from .process import Process

READY_SECONDS = 10


class Server(Process):
    def __init__(self, world, host=LOOPBACK, extra=(), password=None, place=None, tls=None, prefix=(), at=None):
        """`extra` are more lines of its conf, `password` is what it wants by them, `place` the host of a network.

        With `tls`, an `Identity`, its port and its replication are through TLS. `prefix` comes before the command line.
        `at` is a dead server whose address this one, another with data of its own, takes over.
        """
        self.host, self.port = (host, free_port()) if at is None else at.address
        self._password, self._tls = password, tls
        super().__init__(world, f"redis-{self.port}" if at is None else f"{at.name}-successor", prefix, place)
        # A file, because CONFIG REWRITE is part of a failover.
        self.conf_path = self.directory / "redis.conf"
        self.conf_path.write_text(self._conf(extra))
        self.argv = ["redis-server", str(self.conf_path)]

    def _conf(self, extra):
        lines = [*port_lines(self.port, self._tls), f"bind {self.host}", 'save ""', "appendonly no", "daemonize no"]
        lines += ["repl-diskless-sync-delay 0", "protected-mode no"]
        return "\n".join([*lines, *extra]) + "\n"

    @property
    def address(self):
        return self.host, self.port

    @property
    def host_and_port(self):
        return f"{self.host}:{self.port}"

    def start(self, replica_of=None):
        """Starts it and waits until it answers. Its configuration remembers whom it followed in an earlier run."""
        self.launch()
        self.await_answer(lambda: self.call("PING") == "PONG", READY_SECONDS, f"{self.name} answers PING")
        if replica_of is not None:
            self.call("REPLICAOF", *replica_of.address)
        return self

    def connect(self):
        return connect_at(self.place, self.host, self.port, self._password, self._tls)

    def call(self, *words):
        with self.connect() as connection:
            return connection.call(*words)

    def info(self, *sections):
        lines = self.call("INFO", *sections).splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def role(self):
        return self.call("ROLE")[0]

    def follows(self, primary):
        """Whether it replicates `primary` over a link that is up."""
        role = self.call("ROLE")
        return role[0] == "slave" and (role[1], role[2]) == primary.address and role[3] == "connected"

    def orders(self):
        """How often anybody told this run of it whom to follow."""
        statistics = self.info("commandstats")
        told = [statistics.get(f"cmdstat_{command}", "calls=0") for command in ("slaveof", "replicaof")]
        return sum(int(value.split(",")[0].removeprefix("calls=")) for value in told)

    # --- Its data ---

    def write_keys(self, count, prefix="key"):
        self.call("MSET", *[word for number in range(count) for word in (f"{prefix}:{number}", number)])

    def take_data_of(self, donor):
        """For the first start, so that it never answers without."""
        donor.call("SAVE")
        shutil.copy(donor.directory / "dump.rdb", self.directory)

    def key_count(self):
        return self.call("DBSIZE")

    def has_settled(self):
        """Whether its files are complete: a replica writes a new AOF after its first synchronisation."""
        info = self.info("persistence")
        busy = ("loading", "rdb_bgsave_in_progress", "aof_rewrite_in_progress", "aof_rewrite_scheduled")
        return all(info[field] == "0" for field in busy)

    def wipe(self):
        """Loses its data, as a pod without a volume does. Its conf stays."""
        assert not self.running
        (self.directory / "dump.rdb").unlink(missing_ok=True)
        shutil.rmtree(self.directory / "appendonlydir", ignore_errors=True)


def port_lines(port, tls):
    """Lines of a conf: the port, which is plain, or through TLS with all connections that are made."""
    return [f"port {port}"] if tls is None else ["port 0", f"tls-port {port}", "tls-replication yes", *tls.conf()]


def connect_at(place, host, port, password, tls=None):
    """A connection made from within `place` (a host of a test network), or from here."""
    with contextlib.nullcontext() if place is None else place.inside():
        connection = resp.Connection(host, port, tls=tls and tls.client())
    if password is not None:
        connection.call("AUTH", password)
    return connection

"""One real redis-server without persistence, in a directory of its own."""

import contextlib

from . import resp
from .ports import LOOPBACK, free_port
from .process import Process

READY_SECONDS = 10


class Server(Process):
    def __init__(self, world, host=LOOPBACK, extra=(), password=None, place=None, tls=None, prefix=()):
        """`extra` are more lines of its conf, `password` is what it wants by them, `place` the host of a network.

        With `tls`, an `Identity`, its port and its replication are through TLS. `prefix` comes before the command line.
        """
        self.host, self.port = host, free_port()
        self._password, self._tls = password, tls
        super().__init__(world, f"redis-{self.port}", prefix, place)
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

    def info(self):
        lines = self.call("INFO").splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def role(self):
        return self.call("ROLE")[0]

    def follows(self, primary):
        """Whether it replicates `primary` over a link that is up."""
        role = self.call("ROLE")
        return role[0] == "slave" and (role[1], role[2]) == primary.address and role[3] == "connected"


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

"""One sentinel process of either kind. To a test they differ in nothing but the program that is started."""

import enum
import os
import pathlib
import shutil

from . import resp
from .events import Events
from .ports import LOOPBACK, free_port
from .process import Process
from .sentinel_conf import ConfFile, conf_text
from .server import connect_at, port_lines

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
READY_SECONDS = 10

# Of the primary that is watched. Not the usual "mymaster": a sentinel that a developer left running on this machine
# would take ours for its own as soon as a port is used again.
NAME = "shop"

# Periods for `SENTINEL DEBUG`: they make discovery and convergence quick without touching what is decided. They are
# not part of the state: every start gives them again. What binds them in the original:
# * between two attempts to connect it waits a ping-period, so that this must be well below `down-after`, or each new
#   primary is seen down for a moment;
# * a replica is no candidate if its INFO is older than five ping-periods, and in a failover INFO comes every 1000 ms;
# * a replica that reports to be a primary is converted back after four publish-periods, which must be longer than
#   the leader takes to notice and to announce its promotion.
BRISK = {
    "ping-period": 400,
    "info-period": 500,
    "ask-period": 200,
    "publish-period": 500,
    "tilt-period": 1000,
    "min-link-reconnect-period": 1000,
}
AS_SHIPPED = {}


class Kind(enum.Enum):
    VEDETTE = "vedette"
    STOCK = "stock"

    def program(self):
        if self is Kind.STOCK:
            return "redis-sentinel"
        path = pathlib.Path(os.environ.get("VEDETTE_BINARY", REPOSITORY / "build" / "vedette")).resolve()
        assert os.access(path, os.X_OK), f"{path} is missing: build it with ./dev build, or set VEDETTE_BINARY"
        return str(path)


class Sentinel(Process):
    def __init__(
        self,
        world,
        kind,
        monitors=(),
        host=LOOPBACK,
        extra=(),  # more lines of the conf
        pace=None,  # for `SENTINEL DEBUG`
        password=None,  # what clients must give
        place=None,  # the host of a test network
        prefix=(),  # of the command line
        tls=None,  # its `Identity`: its port and its links are then through TLS
    ):
        self.kind, self.host, self.port = kind, host, free_port()
        self.pace = BRISK if pace is None else pace
        self.password, self._tls = password, tls
        super().__init__(world, f"{kind.value}-{self.port}", prefix, place)
        self.conf_path = self.directory / "sentinel.conf"
        self.conf_path.write_text(conf_text(port_lines(self.port, tls), host, monitors, extra))
        self.events = Events(self.name)
        self._connection = None
        world.on_close(self._disconnect)
        self.use(kind)

    def use(self, kind):
        """The program for the next start."""
        self.kind = kind
        self.argv = [kind.program(), str(self.conf_path)]

    def use_password(self, password):
        """What connections made from now on give; None: nothing."""
        self._password = password

    def add_to_conf(self, *lines):
        """Lines that come after those of its primaries."""
        with open(self.conf_path, "a", encoding="ascii") as conf:
            conf.writelines(f"{line}\n" for line in lines)

    def move_conf(self, directory):
        self.conf_path = pathlib.Path(shutil.move(self.conf_path, directory))
        self.use(self.kind)

    # --- Life ---

    def start(self):
        """Starts it, waits until it answers, sets the pace, and listens to its events."""
        self._disconnect()
        self.launch()
        self.await_answer(lambda: self.reply_to("PING") == "PONG", READY_SECONDS, f"{self.name} answers PING")
        if self.pace:
            self.call("SENTINEL", "DEBUG", *[word for item in self.pace.items() for word in item])
        self.events.listen(self.connect())
        return self

    def restart(self):
        """An orderly end and a new start."""
        status = self.terminate()
        assert status == 0, f"{self.name} ended with status {status} on SIGTERM"
        return self.start()

    @property
    def address(self):
        return self.host, self.port

    # --- Commands ---

    def connect(self):
        return connect_at(self.place, self.host, self.port, self.password, self._tls)

    def reply_to(self, *words):
        """The reply on the one connection kept for this; opened again after it broke."""
        try:
            if self._connection is None:
                self._connection = self.connect()
            return self._connection.reply_to(*words)
        except OSError:
            self._hang_up()
            raise

    def call(self, *words):
        reply = self.reply_to(*words)
        if isinstance(reply, resp.Error):
            raise resp.CommandError(f"{self.name}: {' '.join(map(str, words))}: {reply}")
        return reply

    def _hang_up(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _disconnect(self):
        self._hang_up()
        self.events.stop()

    # --- What it knows ---

    def primary(self, name=NAME):
        return resp.as_dict(self.call("SENTINEL", "MASTER", name))

    def replicas(self, name=NAME):
        """By port: on loopback nothing else tells them apart."""
        return {int(fields["port"]): fields for fields in map(resp.as_dict, self.call("SENTINEL", "REPLICAS", name))}

    def peers(self, name=NAME):
        """By run id."""
        return {fields["runid"]: fields for fields in map(resp.as_dict, self.call("SENTINEL", "SENTINELS", name))}

    def explain(self, name=NAME):
        """Its replicas and sentinels by their names."""
        explained = resp.as_dict(self.call("SENTINEL", "EXPLAIN", name))
        for part in ("replicas", "sentinels"):
            explained[part] = {fields["name"]: fields for fields in map(resp.as_dict, explained[part])}
        return explained

    def primary_address(self, name=NAME):
        reply = self.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", name)
        return (reply[0], int(reply[1])) if reply else None

    def id(self):
        return self.call("SENTINEL", "MYID")

    def conf(self):
        return ConfFile(self.conf_path)

    def saved_conf(self):
        """The file after everything known now was written into it."""
        self.call("SENTINEL", "FLUSHCONFIG")
        return self.conf()

    def info(self, section="sentinel"):
        lines = self.call("INFO", section).splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

"""Clients that write without end and remember what was acknowledged, and when.

`Prober` finds out when writes are possible again. `Streamer` is what a failover of a live primary hurts: it writes as
fast as it can and stays connected until it is put out. `write_until_refused` is a client that was told nothing.
"""

import itertools
import threading
import time
from typing import NamedTuple

from harness.cluster import NAME
from harness.resp import Error, encode

from .fleet import LIMIT_SECONDS, PAUSE_SECONDS

BATCH = 50  # commands of a streamer that are on their way together


class Guide:
    """Asks the sentinels in turn, over connections that stay, where the primary is."""

    def __init__(self, sentinels):
        self._turns = itertools.cycle(sentinels)
        self._connections = {}

    def ask(self):
        sentinel = next(self._turns)
        try:
            if sentinel not in self._connections:
                self._connections[sentinel] = sentinel.connect()
            reply = self._connections[sentinel].call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)
        except OSError:
            self._forget(sentinel)
            raise
        if not reply:
            raise LookupError("it has no address")
        return reply[0], int(reply[1])

    def _forget(self, sentinel):
        if sentinel in self._connections:
            self._connections.pop(sentinel).close()

    def close(self):
        for sentinel in list(self._connections):
            self._forget(sentinel)


class Client(threading.Thread):
    """Writes to where the sentinels say the primary is, again and again, while it is a context."""

    def __init__(self, fleet):
        super().__init__(daemon=True)
        self._fleet = fleet
        self._guide = Guide(fleet.cluster.sentinels)
        self._connection = None
        self._ended = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self.join()

    def run(self):
        while not self._ended.is_set():
            try:
                self._follow(self._guide.ask())
            except (OSError, RuntimeError, LookupError):
                time.sleep(PAUSE_SECONDS)
        self._guide.close()

    def _follow(self, address):
        with self._fleet.connect(address) as self._connection:
            while not self._ended.is_set():
                self._write(address)


class Prober(Client):
    def __init__(self, fleet):
        super().__init__(fleet)
        self._first = {}  # address: when a write to it was first acknowledged
        self._abandoned = None

    def abandon(self, address):
        """From now on that one is not written to, even if it only hangs."""
        self._abandoned = address
        if self._connection is not None:
            self._connection.shut()

    def first_success(self):
        """At an address that is not abandoned."""
        return next((at for address, at in list(self._first.items()) if address != self._abandoned), None)

    def _follow(self, address):
        self._refuse_abandoned(address)
        super()._follow(address)

    def _refuse_abandoned(self, address):
        if address == self._abandoned:
            raise LookupError("that one is gone")

    def _write(self, address):
        self._refuse_abandoned(address)  # it may have been while we connected
        self._connection.call("SET", "probe", "x")
        self._first.setdefault(address, time.monotonic())
        time.sleep(PAUSE_SECONDS)


class Acknowledged(NamedTuple):
    at: float
    address: tuple
    first: int  # the numbers that were written
    last: int


class Streamer(Client):
    _numbers = itertools.count(1, BATCH)  # of all: no number of an earlier round looks like one of this

    def __init__(self, fleet):
        super().__init__(fleet)
        self.acknowledged = []

    @staticmethod
    def key(address):
        """Holds the last number that was written to this address, wherever it was replicated to."""
        return f"stream-{address[1]}"

    def at(self, address):
        return [batch for batch in list(self.acknowledged) if batch.address == address]

    def _write(self, address):
        first = next(self._numbers)
        self._connection.send(b"".join(encode("SET", self.key(address), first + i) for i in range(BATCH)))
        last = first - 1
        try:
            while last < first + BATCH - 1:
                reply = self._connection.read_reply()
                if isinstance(reply, Error):
                    raise LookupError(f"not a primary any more: {reply}")
                last += 1
        finally:
            if last >= first:
                self.acknowledged.append(Acknowledged(time.monotonic(), address, first, last))


def write_until_refused(connect):
    """Writes about once in a millisecond until the server says that it is a replica.

    Returns the seconds from its first answer until then, and the number of writes that it acknowledged.
    """
    started = time.monotonic()
    answered, acknowledged = None, 0
    while time.monotonic() - started < LIMIT_SECONDS:
        try:
            with connect() as connection:
                while True:
                    reply = connection.reply_to("SET", "stale", acknowledged)
                    answered = answered or time.monotonic()
                    if isinstance(reply, Error):
                        assert reply.startswith("READONLY"), reply
                        return time.monotonic() - answered, acknowledged
                    acknowledged += 1
                    time.sleep(PAUSE_SECONDS)
        except OSError:
            time.sleep(PAUSE_SECONDS)
    raise AssertionError(f"the old primary is none after {LIMIT_SECONDS} s, {acknowledged} writes acknowledged")

"""Servers under sentinels of given kinds, which are at rest and at the pace as shipped when a round begins."""

import time

from harness.cluster import Cluster
from harness.network import make_network
from harness.sentinel import Kind
from harness.server import connect_at
from harness.waiting import await_that
from harness.world import World

from . import rows

LIMIT_SECONDS = 60  # of each thing that a round waits for
PAUSE_SECONDS = 0.001  # between two looks

# So that the sentinels notice soon what a round has left behind: INFO comes every 10 s otherwise.
HASTY = {"info-period": 500}
AS_SHIPPED = {"info-period": 10000}


def promptly(condition, what):
    """The first true value, seen a millisecond late at most."""
    return await_that(condition, LIMIT_SECONDS, what, PAUSE_SECONDS)


def moment(condition, what):
    promptly(condition, what)
    return time.monotonic()


class Fleet:
    def __init__(self, row, stock):
        world = World("bench")
        kinds = [Kind.VEDETTE] * (row.sentinels - stock) + [Kind.STOCK] * stock
        self.name = rows.fleet_name(row.sentinels, stock)
        self.all_stock = stock == row.sentinels
        self.network, places = None, {}
        if row.what == "drop":
            self.network = make_network(world, row.replicas + 2)
            assert self.network.both_sides_can_be_seen, "packets can be dropped only by root, in namespaces"
            *server_hosts, sentinel_host = self.network.hosts
            places = {"places": server_hosts, "sentinel_places": [sentinel_host] * row.sentinels}
        self.cluster = Cluster(
            world,
            kinds,
            replicas=row.replicas,
            quorum=row.sentinels // 2 + 1,
            pace=HASTY,
            down_after=row.down_after,
            failover_timeout=row.failover_timeout,
            **places,
        ).start()
        self.settle()

    def settle(self):
        """Waits until every sentinel knows that all is well, whoever is the primary: some fail over twice."""
        self._set_pace(HASTY)
        await_that(self._is_well, LIMIT_SECONDS, "every sentinel knows that all is well")
        self._set_pace(AS_SHIPPED)

    def _is_well(self):
        return self.cluster.is_at_rest() and all(map(self.cluster.has_discovered, self.cluster.sentinels))

    def _set_pace(self, periods):
        for sentinel in self.cluster.sentinels:
            sentinel.call("SENTINEL", "DEBUG", *[word for item in periods.items() for word in item])

    def connect(self, address):
        """A client's connection to a server, from where the sentinels live."""
        return connect_at(self.cluster.sentinels[0].place, *address, password=None)

    def watch(self, sentinels=None):
        return Watch(sentinels or self.cluster.sentinels)


class Watch:
    """The events of sentinels from now on."""

    def __init__(self, sentinels):
        self._marks = [(sentinel.events, sentinel.events.mark()) for sentinel in sentinels]

    def matching(self, name, pattern=""):
        return [event for events, mark in self._marks for event in events.matching(name, pattern, mark)]

    def first(self, name, pattern=""):
        """When it was seen first, if it was."""
        return min((event.at for event in self.matching(name, pattern)), default=None)

    def await_first(self, name, pattern=""):
        return promptly(lambda: self.first(name, pattern), f"some sentinel publishes {name} {pattern}")

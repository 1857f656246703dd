"""What is monitored as a primary is itself a replica: of a server outside of the group that is alive, or is not."""

import time

import pytest

from harness.cluster import NAME, Cluster, start_together
from harness.sentinel import Kind, Sentinel
from harness.sentinel_conf import Monitor
from harness.server import Server
from harness.waiting import await_that, holds_for


class Chain:
    """An upstream, a head that replicates it and is monitored as the primary, and the head's own replicas."""

    def __init__(self, world, kind, replicas=1, **options):
        self.upstream = Server(world)
        self.cluster = Cluster(world, [kind] * 3, replicas=replicas, **options)
        self.head, *self.below = self.cluster.servers
        start_together([self.upstream, *self.cluster.servers])
        self.head.call("REPLICAOF", *self.upstream.address)
        for server in self.below:
            server.call("REPLICAOF", *self.head.address)
        self.cluster.await_replication()
        await_that(lambda: self.head.follows(self.upstream), 10, "the head follows the upstream")
        for sentinel in self.cluster.sentinels:
            sentinel.start()
        for sentinel in self.cluster.sentinels:
            await_that(lambda: len(sentinel.peers()) == 2, 20, f"{sentinel.name} knows the others")
            await_that(lambda: len(sentinel.replicas()) == replicas, 20, "and the replicas")


@pytest.fixture(scope="module")
def chain(module_world, subject):
    """With three more sentinels, which know the upstream too: as a primary of another name."""
    chain = Chain(module_world, subject)
    monitors = [Monitor("head", *chain.head.address), Monitor("upstream", *chain.upstream.address)]
    chain.of_both = [Sentinel(module_world, subject, monitors).start() for _ in range(3)]
    return chain


@pytest.mark.vedette_only("it cuts it off")
def test_a_monitored_replica_of_a_healthy_server_stays_one(chain):
    told = [server.orders() for server in chain.cluster.servers]

    def nothing_flips():
        return chain.head.follows(chain.upstream) and [server.orders() for server in chain.cluster.servers] == told

    holds_for(nothing_flips, 10, "the head follows the upstream, and nobody is told anything")
    assert all(sentinel.primary_address() == chain.head.address for sentinel in chain.cluster.sentinels)
    for sentinel in chain.of_both:
        assert sentinel.primary_address("head") == chain.head.address
        assert sentinel.primary_address("upstream") == chain.upstream.address


@pytest.mark.vedette_only("it says nothing of the kind")
def test_a_monitored_replica_is_told_once_and_explained(chain):
    for sentinel in chain.cluster.sentinels:
        assert len(sentinel.events.matching("+monitors-a-replica", f"^master {NAME} ")) == 1
        advice = f"it follows {chain.upstream.host_and_port}, which answers: monitor that one"
        assert advice in sentinel.explain()["why"]


def test_a_monitored_replica_is_replaced_when_its_upstream_is_dead(chain):
    chain.upstream.kill()
    servers = chain.cluster.servers
    await_that(lambda: "master" in [server.role() for server in servers], 20, "the group has a primary of its own")


def test_the_original_cuts_a_monitored_replica_off(world):
    chain = Chain(world, Kind.STOCK)
    started = time.monotonic()
    await_that(lambda: not chain.head.follows(chain.upstream), 20, "it is cut off")
    print(f"the head is cut off after {time.monotonic() - started:.1f} s")
    assert chain.upstream.call("PING") == "PONG"


@pytest.mark.vedette_only("it has no such option")
def test_a_relay_is_replaced_by_a_relay(world, subject):
    chain = Chain(world, subject, replicas=2, options={"relay": "yes"})
    old = chain.head
    old.kill()
    new = chain.cluster.await_new_primary()
    await_that(lambda: new.follows(chain.upstream), 10, "the new head follows the upstream")
    (other,) = [server for server in chain.below if server is not new]
    await_that(lambda: other.follows(new), 10, "the other follows the new head")
    for sentinel in chain.cluster.sentinels:
        sentinel.events.await_event("+switch-master", f"^{NAME} 127.0.0.1 {old.port} 127.0.0.1 {new.port}$")
    old.start()
    await_that(lambda: old.follows(new), 20, "the old head follows the new one")
    assert new.follows(chain.upstream)

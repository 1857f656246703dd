"""A network in two parts: only the side with the majority acts, and all is one again after the parts meet.

Three hosts, each with a server and a sentinel; the primary is on the first.
"""

import pytest

from harness.cluster import NAME, Cluster
from harness.network import make_network
from harness.waiting import await_that, holds_for


@pytest.fixture
def network(world):
    return make_network(world, hosts=3)


@pytest.fixture
def mixed(world, network, quorum):
    return Cluster(world, quorum, places=network.hosts).start()


def test_the_primary_is_cut_off_with_one_sentinel(network, mixed):
    old, (isolated, *majority) = mixed.primary, mixed.sentinels
    network.cut_off(network.hosts[0])
    new = mixed.await_new_primary(sentinels=majority)
    assert new is not old
    mixed.await_agreement(sentinels=majority, servers=mixed.servers[1:])
    if network.both_sides_can_be_seen:
        assert isolated.primary_address() == old.address, "one of three moves nothing"
        assert not isolated.events.matching("+switch-master")
        old.call("SET", "written-to", "the void")

    network.heal()
    isolated.events.await_event("+config-update-from", seconds=20)
    isolated.events.await_event("+switch-master", f"^{NAME} {old.host} {old.port} {new.host} {new.port}$")
    await_that(lambda: old.follows(new), 30, "the old primary follows the new one")
    mixed.await_agreement()
    assert old.call("EXISTS", "written-to") == 0


def test_a_sentinel_that_is_cut_off_cannot_lead(network, mixed):
    """It sees everything down, and nobody votes for it."""
    isolated = mixed.sentinels[1]
    network.cut_off(network.hosts[1])
    mixed.primary.kill()
    others = [sentinel for sentinel in mixed.sentinels if sentinel is not isolated]
    new = mixed.await_new_primary(sentinels=others)
    assert new is mixed.servers[2], "the only replica on this side"
    if network.both_sides_can_be_seen:
        isolated.events.await_event("+sdown", f"^master {NAME} ")
        assert not isolated.events.matching("+elected-leader")
        assert mixed.servers[1].role() == "slave"

    network.heal()
    await_that(lambda: isolated.primary_address() == new.address, 20, "it follows")
    mixed.await_agreement()


def test_the_leader_is_cut_off_before_it_can_announce(network, mixed):
    """It has promoted a replica and nobody else knows. Whatever becomes of it, there is one primary in the end."""
    leader = mixed.sentinels[0]
    leader.call("SENTINEL", "FAILOVER", NAME)
    leader.events.await_event("+failover-state-wait-promotion")
    network.cut_off(network.hosts[0])
    holds_for(lambda: len(mixed.running_sentinels()) == 3, 2, "all live through it")
    network.heal()
    mixed.await_rest(seconds=60)
    assert [server.role() for server in mixed.servers].count("master") == 1


def test_no_side_has_a_majority(world, network, subject):
    """Two sentinels, one on each side: the primary stays, and nothing has happened when the parts meet."""
    cluster = Cluster(world, [subject] * 2, places=network.hosts).start()
    network.cut_off(network.hosts[0])
    other = cluster.sentinels[1]
    other.events.await_event("+sdown", f"^master {NAME} ")
    holds_for(lambda: other.primary_address() == cluster.primary.address, 3, "the address stays")
    network.heal()
    assert cluster.await_agreement() == 0


def test_a_replica_is_cut_off(world, network, subject):
    """Seen down, not replaced by anything, and taken back."""
    cluster = Cluster(world, [subject] * 2, places=network.hosts).start()
    lost = cluster.servers[2]
    network.cut_off(network.hosts[2])
    for sentinel in cluster.sentinels:
        sentinel.events.await_event("+sdown", f"^slave {lost.host}:{lost.port} ")
    network.heal()
    for sentinel in cluster.sentinels:
        sentinel.events.await_event("-sdown", f"^slave {lost.host}:{lost.port} ", seconds=20)
    assert cluster.await_agreement() == 0

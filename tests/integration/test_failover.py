"""Failover with a quorum of one kind: each way in which a primary, a replica or a sentinel can die and come back."""

import pytest

from harness.cluster import NAME, Cluster
from harness.waiting import await_that, holds_for


def kill(server):
    server.kill()


def pause(server):
    server.pause()


@pytest.mark.parametrize("die", [kill, pause])
def test_a_dead_primary_is_replaced(cluster, die):
    old = cluster.primary
    die(old)
    new = cluster.await_new_primary()
    old.end()
    epoch = cluster.await_agreement()
    assert epoch > 0
    assert new.role() == "master"
    new.call("SET", "key", "value")
    (other,) = [replica for replica in cluster.replicas if replica is not old]
    await_that(lambda: other.call("GET", "key") == "value", 5, "writes reach the other replica")


@pytest.mark.parametrize("die", [kill, pause])
def test_the_old_primary_rejoins_as_a_replica(cluster, die):
    old = cluster.primary
    die(old)
    cluster.await_new_primary()
    if die is pause:
        old.resume()
    else:
        old.start()
    await_that(lambda: old.follows(cluster.primary), 20, "the old primary follows the new one")
    cluster.await_agreement()
    converts = [event for sentinel in cluster.sentinels for event in sentinel.events.matching("+convert-to-slave")]
    assert converts, "no sentinel converted it"
    assert f"slave 127.0.0.1:{old.port} 127.0.0.1 {old.port} @ {NAME} 127.0.0.1" in converts[0].payload


def test_a_second_failover_follows_the_first(cluster):
    first_dead = cluster.primary
    first_dead.kill()
    cluster.await_new_primary()
    first_epoch = cluster.await_agreement()
    first_dead.start()
    await_that(lambda: first_dead.follows(cluster.primary), 20, "the first primary follows")
    cluster.await_agreement()

    cluster.primary.kill()
    cluster.await_new_primary()
    assert cluster.await_agreement() > first_epoch


def test_a_dead_replica_is_seen_and_forgiven(cluster):
    victim = cluster.replicas[0]
    victim.kill()
    for sentinel in cluster.sentinels:
        sentinel.events.await_event("+sdown", f"^slave 127.0.0.1:{victim.port} ")
        await_that(
            lambda: {"s_down", "slave", "disconnected"} == set(sentinel.replicas()[victim.port]["flags"].split(",")),
            5,
            "its flags say so",
        )
    victim.start(replica_of=cluster.primary)
    for sentinel in cluster.sentinels:
        sentinel.events.await_event("-sdown", f"^slave 127.0.0.1:{victim.port} ")
    cluster.await_agreement()
    assert cluster.config_epoch() == 0, "a dead replica is no reason for a failover"


def test_a_dead_sentinel_is_seen_and_forgiven(cluster):
    *others, victim = cluster.sentinels
    victim_id = victim.id()
    victim.kill()
    for sentinel in others:
        sentinel.events.await_event("+sdown", f"^sentinel {victim_id} 127.0.0.1 {victim.port} @ {NAME} 127.0.0.1")
    usable = "OK 2 usable Sentinels. Quorum and failover authorization can be reached"
    assert others[0].call("SENTINEL", "CKQUORUM", NAME) == usable
    victim.start()
    for sentinel in others:
        sentinel.events.await_event("-sdown", f"^sentinel {victim_id}")
    cluster.await_discovery()


def test_two_of_three_sentinels_are_enough(cluster):
    cluster.sentinels[-1].kill()
    cluster.primary.kill()
    cluster.await_new_primary()
    cluster.await_agreement()


def test_one_of_three_sentinels_is_not_enough(cluster):
    """It sees the primary down, but has neither the quorum nor the majority."""
    alone, *dead = cluster.sentinels
    for sentinel in dead:
        sentinel.kill()
    cluster.primary.kill()
    alone.events.await_event("+sdown", f"^master {NAME} ")
    holds_for(lambda: alone.primary_address() == cluster.primary.address, 2, "the address stays")
    assert "+odown" not in alone.events.names()
    assert [server.role() for server in cluster.replicas] == ["slave", "slave"]


def test_a_quorum_of_opinions_without_a_majority_of_votes_is_not_enough(world, subject):
    """Quorum 1: one sentinel alone sees ODOWN and stands for election, and loses for want of votes."""
    cluster = Cluster(world, [subject] * 3, candidate=0, quorum=1, failover_timeout=1000).start()
    alone, *dead = cluster.sentinels
    for sentinel in dead:
        sentinel.kill()
    cluster.primary.kill()
    alone.events.await_event("+odown", f"^master {NAME} .* #quorum 1/1")
    alone.events.await_event("+try-failover")
    alone.events.await_event("-failover-abort-not-elected", seconds=15)
    assert alone.primary_address() == cluster.primary.address
    assert [server.role() for server in cluster.replicas] == ["slave", "slave"]


def test_the_replica_with_the_better_priority_is_chosen(world, subject):
    cluster = Cluster(world, [subject] * 3, replicas=3, candidate=0)
    favourite, excluded = cluster.replicas[1], cluster.replicas[2]
    for server in cluster.servers:
        server.start()
    favourite.call("CONFIG", "SET", "replica-priority", 10)
    excluded.call("CONFIG", "SET", "replica-priority", 0)
    cluster.start_from_servers()
    cluster.primary.kill()
    assert cluster.await_new_primary() is favourite
    cluster.await_agreement()


def test_without_a_good_replica_there_is_no_failover(world, subject):
    cluster = Cluster(world, [subject] * 3, replicas=1, candidate=0, failover_timeout=1500)
    for server in cluster.servers:
        server.start()
    cluster.replicas[0].call("CONFIG", "SET", "replica-priority", 0)
    cluster.start_from_servers()
    leader = cluster.sentinels[0]
    cluster.primary.kill()
    leader.events.await_event("-failover-abort-no-good-slave", seconds=20)
    assert leader.primary_address() == cluster.primary.address
    assert cluster.replicas[0].role() == "slave"


def test_parallel_syncs_reconfigures_all_at_once(world, subject):
    cluster = Cluster(world, [subject] * 3, replicas=4, candidate=0, parallel_syncs=3).start()
    leader = cluster.sentinels[0]
    cluster.primary.kill()
    cluster.await_new_primary()
    cluster.await_agreement()
    names = [name for name in leader.events.names() if name in ("+slave-reconf-sent", "+slave-reconf-done")]
    assert names == ["+slave-reconf-sent"] * 3 + ["+slave-reconf-done"] * 3


def test_a_replica_that_follows_another_primary_is_corrected(cluster):
    """`+fix-slave-config`: what an operator or a script turned away is turned back."""
    stray, right = cluster.replicas
    stray.call("REPLICAOF", *right.address)
    await_that(lambda: stray.follows(cluster.primary), 20, "the stray replica is turned back")
    fixes = [event for sentinel in cluster.sentinels for event in sentinel.events.matching("+fix-slave-config")]
    assert any(f"slave 127.0.0.1:{stray.port} " in event.payload for event in fixes)


def test_a_replica_turned_primary_is_converted_back(cluster):
    stray = cluster.replicas[0]
    stray.call("REPLICAOF", "NO", "ONE")
    await_that(lambda: stray.follows(cluster.primary), 20, "the stray primary is a replica again")
    assert any(sentinel.events.matching("+convert-to-slave") for sentinel in cluster.sentinels)
    cluster.await_agreement()

"""`SENTINEL FAILOVER`: an operator's order needs no agreement that the primary is down."""

import pytest

from harness.cluster import NAME, Cluster
from harness.resp import Error
from harness.waiting import await_that


@pytest.mark.parametrize("index", [0, 1, 2])
def test_the_sentinel_that_is_asked_leads(cluster, index):
    old, leader = cluster.primary, cluster.sentinels[index]
    assert leader.call("SENTINEL", "FAILOVER", NAME) == "OK"
    new = cluster.await_new_primary()
    cluster.await_agreement()
    leader.events.await_event("+promoted-slave", f"^slave 127.0.0.1:{new.port} ")
    for other in cluster.sentinels:
        if other is not leader:
            assert not other.events.matching("+promoted-slave")
    await_that(lambda: old.follows(new), 20, "the old primary, alive, follows the new one")


def test_it_works_without_any_other_sentinel(world, subject):
    cluster = Cluster(world, [subject], quorum=1).start()
    cluster.sentinels[0].call("SENTINEL", "FAILOVER", NAME)
    cluster.await_new_primary()
    cluster.await_agreement()


def test_one_at_a_time(cluster):
    leader = cluster.sentinels[0]
    leader.call("SENTINEL", "FAILOVER", NAME)
    again = leader.reply_to("SENTINEL", "FAILOVER", NAME)
    assert again == Error("INPROG Failover already in progress")
    cluster.await_new_primary()
    cluster.await_agreement()


def test_it_needs_a_replica(world, subject):
    cluster = Cluster(world, [subject], replicas=0, quorum=1).start()
    reply = cluster.sentinels[0].reply_to("SENTINEL", "FAILOVER", NAME)
    assert reply == Error("NOGOODSLAVE No suitable replica to promote")


def test_back_and_forth(cluster):
    """Each order takes a higher epoch, whoever carries it out."""
    epochs = [0]
    for leader in cluster.sentinels:
        leader.call("SENTINEL", "FAILOVER", NAME)
        cluster.await_new_primary()
        epochs.append(cluster.await_agreement())
    assert epochs == sorted(set(epochs)), f"epochs {epochs}"

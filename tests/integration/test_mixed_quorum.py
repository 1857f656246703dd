"""Quorums of Vedette and redis-sentinel together, in every mix and with each kind as the leader."""

import pytest

from harness.cluster import NAME, Cluster
from harness.resp import encode
from harness.sentinel import AS_SHIPPED, Kind
from harness.waiting import await_that


def assert_led_by(cluster, leader):
    """It alone promoted, the others only followed its word, and all of them keep the same state."""
    promoted = [sentinel.name for sentinel in cluster.sentinels if sentinel.events.matching("+promoted-slave")]
    assert promoted == [leader.name]
    heard_from = {sentinel.id(): source_of(sentinel, cluster) for sentinel in cluster.sentinels if sentinel is not leader}
    for follower in heard_from:
        path = [follower]
        while path[-1] != leader.id():
            path.append(heard_from[path[-1]])
            assert len(path) <= len(cluster.sentinels), f"{path} does not lead to the leader {leader.id()}"


def source_of(follower, cluster):
    """Whose hello brought it the configuration: the leader's, or that of one that had adopted it a moment before."""
    known = "|".join(f"{other.id()} 127.0.0.1 {other.port}" for other in cluster.sentinels if other is not follower)
    return follower.events.await_event("+config-update-from", f"^sentinel ({known}) @").payload.split()[1]


def assert_states_agree(cluster):
    """The files of all sentinels, whoever wrote them, name the same primary, replicas and epochs."""
    states = [sentinel.saved_conf().state(NAME) for sentinel in cluster.sentinels]
    expected = sorted(("127.0.0.1", str(replica.port)) for replica in cluster.replicas)
    for state in states:
        assert state["monitor"].split()[:2] == ["127.0.0.1", str(cluster.primary.port)]
        assert state["replicas"] == expected
        assert len(state["sentinels"]) == len(cluster.sentinels) - 1
    for epoch in ("config-epoch", "current-epoch"):
        assert len({state[epoch] for state in states}) == 1, f"{epoch} differs: {states}"


def test_a_given_sentinel_leads_when_the_primary_dies(world, led_quorum):
    kinds, index = led_quorum
    cluster = Cluster(world, kinds, candidate=index).start()
    leader, old = cluster.sentinels[index], cluster.primary
    old.kill()
    cluster.await_new_primary()
    assert cluster.await_agreement() == 1
    assert_led_by(cluster, leader)
    for sentinel in cluster.sentinels:
        sentinel.events.await_event("+vote-for-leader", f"^{leader.id()} 1$")
    old.start()
    await_that(lambda: old.follows(cluster.primary), 20, "the old primary rejoins as a replica")
    cluster.await_agreement()
    assert_states_agree(cluster)


def test_a_given_sentinel_leads_when_ordered_to(world, led_quorum):
    kinds, index = led_quorum
    cluster = Cluster(world, kinds).start()
    leader = cluster.sentinels[index]
    leader.call("SENTINEL", "FAILOVER", NAME)
    cluster.await_new_primary()
    cluster.await_agreement()
    assert_led_by(cluster, leader)
    assert_states_agree(cluster)


@pytest.mark.parametrize("signal", ["kill", "pause"])
def test_any_of_equal_sentinels_may_lead(world, quorum, signal):
    """All stand for election at once: whoever wins, there is one winner and all agree on it."""
    cluster = Cluster(world, quorum).start()
    old = cluster.primary
    getattr(old, signal)()
    new = cluster.await_new_primary()
    old.end()
    cluster.await_agreement()
    promoted = [sentinel.name for sentinel in cluster.sentinels if sentinel.events.matching("+promoted-slave")]
    assert len(promoted) == 1, f"promoted by {promoted}"
    assert [server.role() for server in cluster.servers if server.running].count("master") == 1
    assert new.role() == "master"
    assert_states_agree(cluster)


def test_agreement_at_the_pace_as_shipped(world, subject):
    """No `SENTINEL DEBUG`: hello every 2 s, INFO every 10 s, questions every 1 s."""
    kinds = [subject, Kind.STOCK, Kind.STOCK]
    cluster = Cluster(world, kinds, candidate=0, down_after=2000, pace=AS_SHIPPED).start()
    cluster.primary.kill()
    cluster.await_new_primary()
    cluster.await_agreement()


def test_the_leader_dies_after_its_election_and_another_takes_over(world, quorum):
    """The leader crashes before it promotes anyone. The next one, of either kind, completes a failover."""
    cluster = Cluster(world, quorum, failover_timeout=1500).start()
    leader, *others = cluster.sentinels
    leader.call("SENTINEL", "SIMULATE-FAILURE", "crash-after-election")
    with leader.connect() as connection:
        connection.send(encode("SENTINEL", "FAILOVER", NAME))
        connection.read_until_closed()  # it may crash before it answers
    assert leader.exit_status() == 99
    cluster.primary.kill()
    cluster.await_new_primary()
    cluster.await_agreement(sentinels=others)

"""`SENTINEL EXPLAIN` and `SENTINEL FAILOVER ... DRYRUN`: why there is, or is not, a failover, with real servers."""

import pytest

from harness.cluster import NAME, Cluster
from harness.resp import Error, as_dict
from harness.waiting import await_that

pytestmark = pytest.mark.vedette_only("it explains nothing")


def name_of(instance):
    return f"{instance.host}:{instance.port}"


def test_all_is_well_and_who_would_be_promoted(cluster):
    preferred, other = cluster.replicas
    preferred.call("CONFIG", "SET", "replica-priority", 10)
    sentinel = cluster.sentinels[0]
    sentinel.call("SENTINEL", "DEBUG", "info-period", 100)

    def is_preferred():
        return sentinel.explain()["replicas"][name_of(preferred)]["slave-priority"] == "10"

    await_that(is_preferred, 5, "the new priority is known")
    explained = sentinel.explain()
    assert explained["would-be-promoted"] == name_of(preferred)
    assert explained["why"].startswith(f"All is well: {name_of(cluster.primary)} answered ")
    assert explained["situation"] == "well"
    assert explained["waiting-for"] == "nothing"
    assert explained["replicas"][name_of(preferred)]["reason"] == "the best of those that are fit"
    assert explained["replicas"][name_of(other)]["verdict"] == "fit"
    assert explained["replicas"][name_of(other)]["reason"] == f"{name_of(preferred)} has a lower priority number"
    others = {name_of(peer) for peer in cluster.sentinels if peer is not sentinel}
    assert set(explained["sentinels"]) == others
    assert {peer["opinion"] for peer in explained["sentinels"].values()} == {"unknown"}


def test_it_says_what_a_failover_waits_for(world, subject):
    """All three would have to agree that the primary is down, and one of them is gone."""
    cluster = Cluster(world, [subject] * 3, quorum=3).start()
    sentinel, other, gone = cluster.sentinels
    gone.kill()
    cluster.primary.pause()
    await_that(lambda: sentinel.explain()["down-opinions"] == "2", 10, "two see it down")
    explained = sentinel.explain()
    assert explained["situation"] == "not-agreed"
    assert explained["waiting-for"] == "opinions"
    assert int(explained["waiting-ms"]) <= 1000
    assert "only 2 of the 3 sentinels that have to agree (quorum) say that it is down" in explained["why"]
    assert "Nobody can be elected: 2 of 3 sentinels can be reached, and 3 votes are needed." in explained["why"]
    peers = explained["sentinels"]
    assert peers[name_of(other)]["opinion"] == "down"
    assert peers[name_of(other)]["opinion-expired"] == "no"
    assert int(peers[name_of(other)]["opinion-age"]) < 5000
    assert peers[name_of(gone)]["opinion"] == "unknown"
    assert peers[name_of(gone)]["link"] == "connection refused"

    gone.start()
    cluster.await_new_primary()
    await_that(lambda: sentinel.explain()["situation"] == "well", 20, "it is over")


def test_it_says_why_nobody_is_promoted(world, subject):
    cluster = Cluster(world, [subject] * 3, candidate=0, server_extra=["replica-priority 0"]).start()
    leader = cluster.sentinels[0]
    assert leader.explain()["why"].endswith(" No replica is fit to take its place.")
    cluster.primary.kill()
    leader.events.await_event("-failover-abort-no-good-slave")
    explained = leader.explain()
    assert explained["would-be-promoted"] == ""
    assert {replica["reason"] for replica in explained["replicas"].values()} == {"its priority is 0"}
    assert explained["situation"] == "pausing"
    assert explained["waiting-for"] == "replica"
    assert 0 < int(explained["waiting-ms"])


def test_a_rehearsal_does_nothing_and_the_order_does_what_it_said(cluster):
    old, leader = cluster.primary, cluster.sentinels[0]
    mark = leader.events.mark()
    rehearsed = as_dict(leader.call("SENTINEL", "FAILOVER", NAME, "DRYRUN"))
    assert rehearsed["result"] == "OK"
    promoted = rehearsed["would-be-promoted"]
    assert f"and make {promoted} the primary in place of {name_of(old)}" in rehearsed["why"]
    assert leader.primary()["flags"] == "master"
    assert not leader.events.since(mark)

    leader.call("SENTINEL", "FAILOVER", NAME)
    assert leader.reply_to("SENTINEL", "FAILOVER", NAME, "DRYRUN") == Error("INPROG Failover already in progress")
    assert name_of(cluster.await_new_primary()) == promoted


def test_a_rehearsal_is_refused_where_the_order_is(world, subject):
    cluster = Cluster(world, [subject], replicas=0, quorum=1).start()
    reply = cluster.sentinels[0].reply_to("SENTINEL", "FAILOVER", NAME, "DRYRUN")
    assert reply == Error("NOGOODSLAVE No suitable replica to promote")

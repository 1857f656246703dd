"""Restarts: what each kind of process must remember, and how the others take its return."""

import pytest

from harness.cluster import NAME, Cluster
from harness.waiting import await_that


@pytest.fixture
def patient_cluster(world, subject):
    """Slow to call anything dead, so that a restart stays below the threshold."""
    return Cluster(world, [subject] * 3, down_after=8000).start()


def test_a_primary_that_restarts_in_time_is_a_reboot_and_no_failover(patient_cluster):
    cluster = patient_cluster
    cluster.primary.kill()
    cluster.primary.start()
    for sentinel in cluster.sentinels:
        sentinel.events.await_event("+reboot", f"^master {NAME} 127.0.0.1 {cluster.primary.port}$")
    cluster.await_agreement()
    assert cluster.config_epoch() == 0
    for sentinel in cluster.sentinels:
        assert "+odown" not in sentinel.events.names()


def test_a_replica_that_restarts_in_time_is_a_reboot(patient_cluster):
    cluster = patient_cluster
    replica = cluster.replicas[0]
    replica.kill()
    replica.start(replica_of=cluster.primary)
    for sentinel in cluster.sentinels:
        sentinel.events.await_event("+reboot", f"^slave 127.0.0.1:{replica.port} 127.0.0.1 {replica.port} @ {NAME} ")
    cluster.await_agreement()


def stop(sentinel):
    assert sentinel.terminate() == 0


def crash(sentinel):
    sentinel.kill()


@pytest.mark.parametrize("end", [stop, crash])
def test_a_sentinel_keeps_its_state(cluster, end):
    """After a failover: its identity, all epochs, replicas and peers, while nobody is there to tell them anew."""
    cluster.primary.kill()
    cluster.await_new_primary()
    epoch = cluster.await_agreement()
    survivor, *others = cluster.sentinels
    runid, peers = survivor.id(), set(survivor.peers())
    current_epoch = survivor.saved_conf().state(NAME)["current-epoch"]

    for process in [*others, *cluster.servers]:
        process.end()
    end(survivor)
    survivor.start()

    assert survivor.id() == runid
    assert survivor.primary_address() == cluster.primary.address
    assert int(survivor.primary()["config-epoch"]) == epoch
    assert set(survivor.replicas()) == {replica.port for replica in cluster.replicas}
    assert set(survivor.peers()) == peers
    assert survivor.saved_conf().state(NAME)["current-epoch"] == current_epoch


def test_a_vote_survives_a_crash(world, subject):
    """Asked again for the same epoch by another candidate, it must not give a second vote."""
    cluster = Cluster(world, [subject], quorum=1).start()
    (voter,) = cluster.sentinels
    first, second = "a" * 40, "b" * 40
    host, port = cluster.primary.address
    question = ("SENTINEL", "IS-MASTER-DOWN-BY-ADDR", host, port, 7)
    assert voter.call(*question, first) == [0, first, 7]
    voter.kill()
    voter.start()
    _, leader, epoch = voter.call(*question, second)
    assert (leader, epoch) in ((first, 7), ("*", 7))


def test_a_restarted_sentinel_takes_part_at_once(cluster):
    leader, *others = cluster.sentinels
    for sentinel in others:
        sentinel.restart()
    cluster.await_discovery()
    cluster.primary.kill()
    cluster.await_new_primary()
    cluster.await_agreement()
    assert leader.events.matching("+promoted-slave")


def test_a_sentinel_that_slept_through_a_failover_follows(cluster):
    """Its file names the old primary; the others' hello brings the new one."""
    *_, sleeper = cluster.sentinels
    stop(sleeper)
    cluster.primary.kill()
    cluster.await_new_primary()
    epoch = cluster.await_agreement()
    sleeper.start()
    await_that(lambda: sleeper.primary_address() == cluster.primary.address, 15, "the sleeper has the new address")
    assert cluster.await_agreement() == epoch


def test_a_paused_sentinel_wakes_up_to_the_new_primary(cluster):
    """A stall of its own process is TILT, not a reason to act on what it missed."""
    *_, sleeper = cluster.sentinels
    sleeper.pause()
    cluster.primary.kill()
    awake = cluster.sentinels[:-1]
    cluster.await_new_primary(sentinels=awake)
    cluster.await_agreement(sentinels=awake)
    sleeper.resume()
    await_that(lambda: sleeper.primary_address() == cluster.primary.address, 15, "the sleeper has the new address")
    cluster.await_agreement()
    assert not sleeper.events.matching("+try-failover")


def test_everything_restarts_at_once(cluster):
    """A power failure: all come back, and the configuration from before it still holds."""
    cluster.primary.kill()
    cluster.await_new_primary()
    epoch = cluster.await_agreement()
    for process in [*cluster.sentinels, *cluster.servers]:
        process.end()
    for process in [*cluster.servers, *cluster.sentinels]:
        process.start()
    assert cluster.await_agreement() >= epoch

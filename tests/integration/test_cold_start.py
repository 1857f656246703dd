"""All servers die at once, and the replicas return without the primary: somebody with the data has to be promoted.

What a real redis-server 7.0 tells by INFO after it was killed and started again while nobody else is there, having had
50 keys and offset 1503. `master_link_status` is `down` and `master_link_down_since_seconds` is -1: it never had a link.

| persistence | as a replica: history, offset, keys | as a primary: history, offset, keys |
|---|---|---|
| AOF, with or without preamble; AOF and RDB | a new one, 1, 50 | a new one, no second, 0, 50 |
| RDB, saved before | as before, 1503, 50 | a new one, the former as the second, 1503, 50 |
| RDB, not saved | all as at its last full synchronisation | a new one, no second, 0, none |
| RDB, not saved, and `repl-diskless-load swapdb` | a new one, 1, none | a new one, no second, 0, none |
| its disk was lost | a new one, 1, none | a new one, no second, 0, none |

So with an AOF nobody's offset means anything after that, and who is empty may even be ahead: a replica that has just
been synchronised by such a primary is at 0. Only the amount of data tells who has it.
"""

import re
import time

import pytest

from harness.cluster import NAME, Cluster, start_clusters, start_together
from harness.sentinel import Kind
from harness.waiting import await_that, holds_for

KEYS = 50
AOF = ["appendonly yes", "appendfsync always"]
PERSISTENCE = {
    "aof": [*AOF, "aof-use-rdb-preamble no"],
    "aof-with-preamble": AOF,
    "rdb": ["save 900 1"],
    "aof-and-rdb": [*AOF, "save 900 1"],
}
LATER_THAN_THE_ORIGINAL = 0.5  # seconds
PATIENCE = 10000  # milliseconds: a failover-timeout that allows to wait for somebody


class Blackout:
    """A cluster with data everywhere. The first sentinel leads."""

    def __init__(self, world, kind, persistence="aof-with-preamble", **options):
        self.conf = PERSISTENCE[persistence]
        self.cluster = Cluster(world, [kind] * 3, candidate=0, server_extra=self.conf, **options)
        self.leader = self.cluster.sentinels[0]
        self.primary, *self.replicas = self.cluster.servers

    def write_keys(self):
        self.cluster.write_keys(KEYS)
        for server in self.cluster.servers:
            await_that(server.has_settled, 10, "its AOF is complete")
            server.call("CONFIG", "REWRITE")  # it will know whom it followed
            if "save 900 1" in self.conf:
                server.call("SAVE")
        return self

    def strike(self, sentinels=False):
        """Kills all servers, or everything."""
        for process in [*self.cluster.servers, *(self.cluster.sentinels if sentinels else ())]:
            process.kill()

    def lose_disks(self):
        for replica in self.replicas:
            replica.wipe()

    def restart_sentinels(self):
        for sentinel in self.cluster.sentinels:
            sentinel.start()

    def prefer(self, replica):
        replica.call("CONFIG", "SET", "replica-priority", 10)
        replica.call("CONFIG", "REWRITE")
        sentinels = self.cluster.sentinels
        known = lambda: {sentinel.replicas()[replica.port]["slave-priority"] for sentinel in sentinels} == {"10"}
        await_that(known, 10, "all know that it is preferred")

    def await_promotion(self, answered_at):
        """Returns the seconds from the return of whom it may have waited for to its end."""
        self.cluster.await_new_primary()
        switched = self.leader.events.await_event("+switch-master", f"^{NAME} ").at - answered_at
        print(f"{self.leader.kind.value}: promoted {switched:.2f} s after the return")
        return switched

    def return_of(self, servers):
        return self.await_promotion(start_together(servers))

    def assert_all_keys_at(self, expected=None):
        """The new primary is the expected one, and it has everything, and so have all that follow it."""
        if expected is not None:
            assert self.cluster.primary is expected
        running = [server for server in self.cluster.servers if server.running]
        assert self.cluster.primary.key_count() == KEYS
        for server in running:
            await_that(lambda: server is self.cluster.primary or server.follows(self.cluster.primary), 20, "it follows")
            assert server.key_count() == KEYS


def start_blackout(world, kind, *persistence, **options):
    blackout = Blackout(world, kind, *persistence, **options)
    blackout.cluster.start()
    return blackout.write_keys()


class Race:
    """The same blackout of the original and of the kind under test, side by side."""

    def __init__(self, world, subject, *persistence):
        self.blackouts = [Blackout(world, kind, *persistence) for kind in dict.fromkeys((Kind.STOCK, subject))]
        start_clusters([blackout.cluster for blackout in self.blackouts])
        for blackout in self.blackouts:
            blackout.write_keys()

    def strike(self, **options):
        for blackout in self.blackouts:
            blackout.strike(**options)

    def assert_ours_is_not_later(self):
        """All replicas return. Against itself the original is not compared."""
        answered_at = start_together([replica for blackout in self.blackouts for replica in blackout.replicas])
        original, *ours = [blackout.await_promotion(answered_at) for blackout in self.blackouts]
        assert all(seconds <= original + LATER_THAN_THE_ORIGINAL for seconds in ours)


# --- All replicas return with their data -----------------------------------------------------------------------------


@pytest.mark.parametrize("persistence", PERSISTENCE)
def test_the_data_is_back_as_soon_as_with_the_original(world, subject, persistence):
    race = Race(world, subject, persistence)
    race.strike()
    race.assert_ours_is_not_later()
    for blackout in race.blackouts:
        blackout.assert_all_keys_at()


def test_the_data_is_back_as_soon_after_an_outage_that_saw_a_failover_fail(world, subject):
    race = Race(world, subject)
    race.strike()
    for blackout in race.blackouts:
        blackout.leader.events.await_event("-failover-abort-no-good-slave")
    race.assert_ours_is_not_later()
    for blackout in race.blackouts:
        blackout.assert_all_keys_at()


def test_the_data_is_back_as_soon_when_the_sentinels_restart_too(world, subject):
    race = Race(world, subject)
    race.strike(sentinels=True)
    for blackout in race.blackouts:
        blackout.restart_sentinels()
    race.assert_ours_is_not_later()
    for blackout in race.blackouts:
        blackout.assert_all_keys_at()


def test_one_replica_is_enough(world, subject):
    blackout = start_blackout(world, subject)
    blackout.strike()
    returning, _ = blackout.replicas
    blackout.return_of([returning])
    blackout.assert_all_keys_at(returning)


def test_the_primary_returns_last_and_is_a_replica(world, subject):
    blackout = start_blackout(world, subject)
    blackout.strike()
    blackout.return_of(blackout.replicas)
    blackout.primary.start()
    blackout.cluster.await_agreement()
    blackout.assert_all_keys_at()


# --- Not all of them have all data -----------------------------------------------------------------------------------


@pytest.mark.vedette_only("it compares offsets, which mean nothing then")
def test_the_replica_with_more_data_is_promoted(world, subject):
    blackout = start_blackout(world, subject, down_after=3000)
    lagging, current = blackout.replicas
    lagging.pause()
    blackout.primary.write_keys(KEYS, "late")
    await_that(lambda: current.key_count() == 2 * KEYS, 5, "one of them has all")
    blackout.strike()
    blackout.return_of(blackout.replicas)
    assert blackout.cluster.primary is current
    assert current.key_count() == 2 * KEYS


def lose_the_disk_of_the_preferred(blackout, sentinels=False):
    """The two replicas: one that comes back empty, and would be chosen by its priority, and one with the data."""
    empty, full = blackout.replicas
    blackout.prefer(empty)
    blackout.strike(sentinels)
    empty.wipe()
    return empty, full


@pytest.mark.vedette_only("it promotes by priority, whatever is in there")
@pytest.mark.parametrize("sentinels", [False, True], ids=["sentinels-survive", "sentinels-restart"])
def test_an_empty_replica_is_not_promoted_before_one_with_data(world, subject, sentinels):
    blackout = start_blackout(world, subject)
    empty, full = lose_the_disk_of_the_preferred(blackout, sentinels)
    if sentinels:
        blackout.restart_sentinels()
    blackout.return_of([empty, full])
    blackout.assert_all_keys_at(full)


@pytest.mark.vedette_only("it promotes whoever is there")
def test_an_empty_replica_waits_for_the_one_with_data(world, subject):
    blackout = start_blackout(world, subject, failover_timeout=PATIENCE)
    empty, full = lose_the_disk_of_the_preferred(blackout)
    start_together([empty])
    leader = blackout.leader
    leader.events.await_event("+odown")
    await_that(lambda: full.host_and_port in leader.explain()["why"], 5, "it says for whom it waits")
    assert 0 < int(leader.explain()["waiting-ms"]) <= PATIENCE
    holds_for(lambda: empty.role() == "slave", 4, "the empty one is not promoted")
    blackout.return_of([full])
    blackout.assert_all_keys_at(full)


def test_two_empty_replicas_are_promoted_as_soon_as_by_the_original(world, subject):
    race = Race(world, subject)
    race.strike()
    for blackout in race.blackouts:
        blackout.lose_disks()
    race.assert_ours_is_not_later()


@pytest.mark.vedette_only("it says nothing")
def test_the_promotion_of_an_empty_replica_is_warned_of(world, subject):
    blackout = start_blackout(world, subject)
    blackout.strike()
    blackout.lose_disks()
    blackout.return_of(blackout.replicas)
    assert re.search("(?i)empty|no data", blackout.leader.log_of_this_run())


def test_the_original_destroys_the_data_by_promoting_an_empty_replica(world):
    blackout = start_blackout(world, Kind.STOCK)
    empty, full = lose_the_disk_of_the_preferred(blackout)
    blackout.return_of([empty, full])
    assert blackout.cluster.primary is empty
    await_that(lambda: full.follows(empty) and full.key_count() == 0, 20, "the data is gone")

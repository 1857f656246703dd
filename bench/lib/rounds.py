"""One round of each kind: what is done to a fleet at rest, and what is measured, in seconds or as numbers.

What must not be disturbed happens under `lock`, which the fleets of a row share: one measures while the others come to
rest. All instants are those of this process, of events as of replies.
"""

import random
import time

from harness.cluster import NAME
from harness.waiting import await_that

from .clients import Prober, Streamer, write_until_refused
from .faults import FAULTS
from .fleet import LIMIT_SECONDS, moment, promptly

STREAM_SECONDS = 0.5  # of undisturbed writing before the order
SLOW_DEMOTIONS = 10  # where redis-sentinel is alone, the ten seconds are waited for in one of so many rounds


def round_of_fault(fleet, row, number, lock):
    cluster, old, fault = fleet.cluster, fleet.cluster.primary, FAULTS[row.what]
    time.sleep(random.random())  # so that the fault comes at any time between two PINGs
    with lock, Prober(fleet) as prober:
        promptly(prober.first_success, "the primary can be written to")
        watch, struck = fleet.watch(), time.monotonic()
        fault.strike(fleet, old)
        prober.abandon(old.address)
        down = watch.await_first("+sdown", "^master ")
        told = moment(lambda: _all_left(cluster, old), "all sentinels tell another address")
        writable = promptly(prober.first_success, "another primary can be written to")
        promoted = watch.await_first("+promoted-slave")
    measured = {
        "detected": down - struck,
        "writable": writable - down,
        "without_writes": writable - struck,
        "told": told - promoted,
    }
    new = cluster.await_new_primary()
    fault.mend(fleet, old)
    if not fleet.all_stock or number % SLOW_DEMOTIONS == 0:
        measured["demoted"], measured["stale_writes"] = write_until_refused(lambda: fleet.connect(old.address))
    else:
        await_that(lambda: old.call("REPLICAOF", *new.address), LIMIT_SECONDS, "the old primary is back")
    fleet.settle()
    return {**measured, **_counts(watch)}


def _counts(watch):
    """Of a round up to its end: there may be more than one failover."""
    return {"candidacies": len(watch.matching("+try-failover")), "failovers": len(watch.matching("+promoted-slave"))}


def _all_left(cluster, old):
    return all(sentinel.primary_address() not in (None, old.address) for sentinel in cluster.running_sentinels())


def round_of_leader(fleet, _, __, lock):
    """The leader ends itself in the instant of its election, by the order that both kinds know for tests."""
    cluster, old = fleet.cluster, fleet.cluster.primary
    time.sleep(random.random())
    with lock, Prober(fleet) as prober:
        promptly(prober.first_success, "the primary can be written to")
        for sentinel in cluster.sentinels:
            sentinel.call("SENTINEL", "SIMULATE-FAILURE", "CRASH-AFTER-ELECTION")
        watch, struck = fleet.watch(), time.monotonic()
        old.kill()
        prober.abandon(old.address)
        leader = promptly(lambda: _dead(cluster), "a leader is elected, and dies")
        died = time.monotonic()
        for sentinel in cluster.running_sentinels():
            sentinel.call("SENTINEL", "SIMULATE-FAILURE", "HELP")  # which ends what is simulated
        others = fleet.watch(cluster.running_sentinels())
        elected = others.await_first("+elected-leader")
        promoted = others.await_first("+promoted-slave")
        writable = promptly(prober.first_success, "another primary can be written to")
    new = cluster.await_new_primary()
    old.start(replica_of=new)
    leader.start()
    fleet.settle()
    return {
        "next_leader": elected - died,
        "next_promotion": promoted - died,
        "without_writes": writable - struck,
        **_counts(watch),
    }


def _dead(cluster):
    return next((sentinel for sentinel in cluster.sentinels if not sentinel.running), None)


def round_of_manual(fleet, _, number, lock):
    cluster, old = fleet.cluster, fleet.cluster.primary
    with lock, Streamer(fleet) as streamer:
        time.sleep(STREAM_SECONDS + random.random())
        watch, ordered = fleet.watch(), time.monotonic()
        cluster.sentinels[number % len(cluster.sentinels)].call("SENTINEL", "FAILOVER", NAME)
        promoted = watch.await_first("+promoted-slave")
        demoted = moment(lambda: old.role() == "slave", "the old primary is a replica")
        new = cluster.await_new_primary(LIMIT_SECONDS)
        resumed = promptly(lambda: streamer.at(new.address), "the writer has found the new primary")[0].at
    acknowledged = streamer.at(old.address)
    survived = int(new.call("GET", streamer.key(old.address)))
    lost = [batch for batch in acknowledged if batch.last > survived]
    fleet.settle()
    return {
        "acknowledged": sum(batch.last - batch.first + 1 for batch in acknowledged if batch.at > ordered),
        "lost_writes": sum(batch.last - max(batch.first - 1, survived) for batch in lost),
        "lost": lost[-1].at - lost[0].at if lost else 0,
        "without_writes": resumed - acknowledged[-1].at,
        "stayed": demoted - promoted,
        **_counts(watch),
    }


def round_of_quiet(fleet, row, _, __):
    """Nothing happens; whatever the sentinels see is false. Who keeps the cores busy is not our concern here."""
    watch = fleet.watch()
    time.sleep(row.minutes * 60)
    assert len(fleet.cluster.running_sentinels()) == row.sentinels, "all sentinels still run"
    primary_down = len(watch.matching("+sdown", "^master "))
    return {
        "primary_down": primary_down,
        "others_down": len(watch.matching("+sdown")) - primary_down,
        "objectively_down": len(watch.matching("+odown")),
        "tilts": len(watch.matching("+tilt")),
        **_counts(watch),
    }


ROUNDS = {
    **{fault: round_of_fault for fault in FAULTS},
    "leader": round_of_leader,
    "manual": round_of_manual,
    "quiet": round_of_quiet,
}

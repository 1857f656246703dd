"""Sentinels that are slow themselves: stopped for less than what TILT answers, at any moment and again and again."""

import time

import pytest

from harness.cluster import Cluster
from harness.waiting import holds_for

DOWN_AFTER = 500
# In seconds, each followed by as much time to breathe as stands beside it.
STALLS = [(0.3, 0.2), (0.6, 0.05), (1.5, 0.3), (0.9, 0.01), (0.9, 0.01), (1.4, 0.1), (0.7, 0.4)]
VERDICTS = ("+sdown", "+odown", "+try-failover", "+switch-master", "+tilt")


def verdicts(sentinel):
    """What was said of servers; of each other sentinels may say that they are silent, since they are."""
    return [
        f"{event.name} {event.payload}"
        for event in sentinel.events.since()
        if event.name in VERDICTS and not event.payload.startswith("sentinel ")
    ]


def stall(sentinels, seconds):
    for sentinel in sentinels:
        sentinel.pause()
    time.sleep(seconds)
    for sentinel in sentinels:
        sentinel.resume()


@pytest.mark.parametrize("together", [True, False], ids=["all-at-once", "one-by-one"])
def test_nobody_is_down_since_we_are_slow(world, subject, together):
    cluster = Cluster(world, [subject] * 3, options={"down-after-milliseconds": DOWN_AFTER}).start()
    for turn, (seconds, breath) in enumerate(STALLS):
        stall(cluster.sentinels if together else [cluster.sentinels[turn % 3]], seconds)
        time.sleep(breath)
    holds_for(lambda: not any(map(verdicts, cluster.sentinels)), 2, "nobody is taken for down")


def test_a_death_while_we_are_slow_is_found(world, subject):
    """Late by no more than we were ourselves."""
    cluster = Cluster(world, [subject] * 3, options={"down-after-milliseconds": DOWN_AFTER}).start()
    for sentinel in cluster.sentinels:
        sentinel.pause()
    cluster.primary.kill()
    time.sleep(1.2)
    for sentinel in cluster.sentinels:
        sentinel.resume()
    began = time.monotonic()
    cluster.await_new_primary(seconds=10)
    assert time.monotonic() - began < 1.2 + DOWN_AFTER / 1000 + 2

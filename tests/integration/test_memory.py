"""`SENTINEL MEMORY`: what it counts is what there is."""

import subprocess

import pytest

from harness.cluster import NAME
from harness.waiting import await_that

pytestmark = pytest.mark.vedette_only("it does not tell what its memory is used for")

OF_THE_PROCESS = ("resident-bytes", "allocated-bytes", "free-bytes")


def memory(sentinel):
    """As redis-cli tells a person."""
    command = ["redis-cli", "-h", sentinel.host, "-p", str(sentinel.port), "SENTINEL", "MEMORY"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.split()
    return dict(zip(lines[::2], map(int, lines[1::2])))


def test_counts_what_is_watched(cluster):
    sentinel = cluster.sentinels[0]
    await_that(lambda: memory(sentinel)["info-texts"] == 3, 10, "every server has told its INFO")
    told = memory(sentinel)
    counts = {"masters": 1, "replicas": 2, "sentinels": 2, "peers": 2, "links": 5, "saved-masters": 1}
    assert {name: told[name] for name in counts} == counts
    assert told["clients"] >= 1
    assert all(told[f"{name}-bytes"] > 0 for name in ("masters", "replicas", "sentinels", "peers", "info-texts", "links"))
    assert told["configuration-bytes"] > sentinel.conf_path.stat().st_size


def test_all_that_is_allocated_is_accounted_for(cluster):
    sentinel = cluster.sentinels[0]
    told = memory(sentinel)
    parts = sum(size for name, size in told.items() if name.endswith("-bytes") and name not in OF_THE_PROCESS)
    assert parts == told["allocated-bytes"]
    assert 0.8 < told["resident-bytes"] / sentinel.resident_bytes() < 1.25
    assert told["allocated-bytes"] < told["resident-bytes"]


def test_what_is_not_watched_any_more_takes_nothing(cluster):
    sentinel = cluster.sentinels[0]
    sentinel.call("SENTINEL", "REMOVE", NAME)
    told = memory(sentinel)
    for name in ("masters", "replicas", "sentinels", "peers", "links", "info-texts", "saved-masters"):
        assert told[name] == 0, name
    assert told["masters-bytes"] == told["replicas-bytes"] == told["sentinels-bytes"] == told["peers-bytes"] == 0

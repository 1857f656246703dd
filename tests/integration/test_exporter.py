"""prometheus-redis-exporter says of a Vedette what it says of a stock sentinel: dashboards and alerts go on."""

import re
import urllib.request

import pytest

from harness.cluster import NAME, Cluster
from harness.ports import LOOPBACK, free_port
from harness.process import Process
from harness.sentinel import Kind
from harness.waiting import await_that

SAMPLE = re.compile(r"^(redis_\w+)(\{.*\})? (\S+)$", re.MULTILINE)


class Exporter(Process):
    def __init__(self, world, sentinel):
        super().__init__(world, f"exporter-of-{sentinel.name}")
        self.port = free_port()
        target = f"redis://{sentinel.host}:{sentinel.port}"
        listen = f"{LOOPBACK}:{self.port}"
        self.argv = ["prometheus-redis-exporter", "-redis.addr", target, "-web.listen-address", listen]

    def scrape(self):
        """{(name, labels): value} of what it says of the sentinel."""
        with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port}/metrics", timeout=5) as response:
            text = response.read().decode()
        return {(name, labels): value for name, labels, value in SAMPLE.findall(text)}


@pytest.fixture(scope="module")
def mixed(module_world, subject):
    return Cluster(module_world, [subject, Kind.STOCK, Kind.STOCK]).start()


@pytest.fixture(scope="module")
def exporters(module_world, mixed):
    """That of the sentinel under test, and that of the original beside it."""
    both = [Exporter(module_world, sentinel) for sentinel in mixed.sentinels[:2]]
    for exporter in both:
        exporter.launch()
        exporter.await_answer(exporter.scrape, 10, f"{exporter.name} answers")
    return both


def of_sentinels(samples):
    return {key: value for key, value in samples.items() if key[0].startswith("redis_sentinel_")}


def test_what_it_says_of_primaries_is_the_same(exporters):
    ours, theirs = (of_sentinels(exporter.scrape()) for exporter in exporters)
    assert len(ours) >= 11
    assert ours == theirs


def test_it_knows_no_other_metrics_than_from_the_original(exporters):
    """Those of parts that we do not have, such as defragmentation, are missing."""
    ours, theirs = ({name for name, _ in exporter.scrape()} for exporter in exporters)
    assert ours <= theirs
    assert {"redis_up", "redis_instance_info", "redis_uptime_in_seconds", "redis_connected_clients"} <= ours


def test_a_replica_that_is_down_and_a_quorum_that_is_lost(exporters, mixed):
    """In both, the figures and the message of the check change alike."""
    mixed.replicas[0].kill()
    mixed.sentinels[2].kill()
    for sentinel in mixed.sentinels[:2]:
        sentinel.call("SENTINEL", "SET", NAME, "quorum", 3)

    def scrape_alike():
        ours, theirs = (of_sentinels(exporter.scrape()) for exporter in exporters)
        figures = {name: value for (name, _), value in ours.items()}
        assert figures["redis_sentinel_master_ok_slaves"] == "1", figures
        assert figures["redis_sentinel_master_ok_sentinels"] == "2", figures
        assert figures["redis_sentinel_master_ckquorum_status"] == "0", figures
        return ours == theirs

    await_that(scrape_alike, 15, "both say the same of it")

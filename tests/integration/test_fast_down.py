"""`sentinel fast-down-after-milliseconds`: a port that refuses connections is not silence."""

import pytest

from harness.cluster import NAME, Cluster
from harness.sentinel import Kind, Sentinel
from harness.waiting import holds_for

pytestmark = pytest.mark.vedette_only("it has no such option")

OPTION = "fast-down-after-milliseconds"
SLOW = 30000  # down-after: nobody waits for that here


@pytest.fixture
def hasty(world, subject):
    return Cluster(world, [subject] * 3, down_after=SLOW, options={OPTION: 200}).start()


def test_a_killed_primary_is_replaced_long_before_down_after(hasty):
    hasty.primary.kill()
    hasty.await_new_primary(seconds=10)
    hasty.await_agreement()
    hasty.sentinels[0].events.await_event("+sdown", f"^master {NAME} ")


def test_a_primary_that_hangs_is_not(hasty):
    hasty.primary.pause()
    holds_for(lambda: all(s.primary()["flags"] == "master" for s in hasty.sentinels), 2, "nobody finds it down")
    hasty.primary.resume()


def test_it_can_be_set_and_is_saved(world, sentinel, primary):
    assert sentinel.call("SENTINEL", "SET", NAME, OPTION, 250) == "OK"
    sentinel.events.await_event("+set", f"^master {NAME} 127.0.0.1 {primary.port} {OPTION} 250$")
    assert sentinel.conf().one("sentinel", OPTION, NAME) == "250"
    sentinel.restart()
    assert sentinel.saved_conf().one("sentinel", OPTION, NAME) == "250"


def test_the_original_reads_the_file_without_that_line(world, sentinel):
    sentinel.call("SENTINEL", "SET", NAME, OPTION, 250)
    sentinel.terminate()
    lines = sentinel.conf_path.read_text().splitlines(keepends=True)
    sentinel.conf_path.write_text("".join(line for line in lines if OPTION not in line))
    sentinel.use(Kind.STOCK)
    sentinel.start()
    assert sentinel.primary()["flags"].startswith("master")

"""The old primary returns after a failover: how soon it is a replica of the new one, whatever it has kept."""

import time

import pytest

from harness.cluster import Cluster, start_together
from harness.waiting import await_that

KEYS = 20
AT_ONCE, IN_THE_END = 0.6, 10


def with_its_history(old):
    """By its RDB it returns with a new replication id, and the one that all know is its second."""
    old.call("SAVE")
    old.kill()


def empty(old):
    old.kill()
    old.wipe()


def with_its_data_alone(old):
    """An AOF does not hold the replication id: what returns has nothing in common with the group but its keys."""
    old.call("CONFIG", "SET", "appendonly", "yes")
    old.call("CONFIG", "REWRITE")
    await_that(old.has_settled, 10, "its AOF is complete")
    old.kill()


@pytest.fixture(scope="module")
def surviving(module_world, subject):
    """Loses its primary again and again."""
    return Cluster(module_world, [subject] * 3, candidate=0).start()


@pytest.mark.parametrize(
    "die, seconds",
    [
        pytest.param(with_its_history, AT_ONCE, marks=pytest.mark.vedette_only("it waits for four publish periods")),
        pytest.param(empty, AT_ONCE, marks=pytest.mark.vedette_only("it waits for four publish periods")),
        (with_its_data_alone, IN_THE_END),
    ],
)
def test_the_old_primary_is_a_replica_soon(surviving, die, seconds):
    surviving.write_keys(KEYS)
    old = surviving.primary
    die(old)
    surviving.await_new_primary()
    surviving.await_agreement()
    answers_at = start_together([old])
    await_that(lambda: old.role() == "slave", 30, "it is a replica")
    took = time.monotonic() - answers_at
    print(f"{die.__name__}: a replica {took:.2f} s after it answers")
    surviving.await_agreement()
    assert took <= seconds

"""The journal beside the state file: what was promised outlives kill -9, and the file follows in a moment."""

import random
import time

import pytest

from harness.cluster import NAME
from harness.sentinel import Sentinel
from harness.sentinel_conf import Monitor
from harness.server import Server
from harness.waiting import await_that

pytestmark = pytest.mark.vedette_only("it writes and synchronises the whole file for each change")

CANDIDATE, OTHER = "a" * 40, "b" * 40
DEATHS = 40


@pytest.fixture
def primary(world):
    return Server(world).start()


@pytest.fixture
def sentinel(world, subject, primary):
    return Sentinel(world, subject, [Monitor(NAME, *primary.address, quorum=1)]).start()


def journal_of(sentinel):
    return sentinel.conf_path.with_name(sentinel.conf_path.name + ".vedette-journal")


def ask_for_vote(sentinel, epoch, candidate):
    """(leader, epoch) as the sentinel answers."""
    primary = sentinel.primary_address()
    return tuple(sentinel.call("SENTINEL", "IS-MASTER-DOWN-BY-ADDR", *primary, epoch, candidate)[1:])


def test_the_file_follows_and_the_journal_is_emptied(sentinel):
    assert ask_for_vote(sentinel, 3, CANDIDATE) == (CANDIDATE, 3)
    await_that(lambda: sentinel.conf().state(NAME)["leader-epoch"] == 3, 5, "the vote is in the file")
    await_that(lambda: journal_of(sentinel).stat().st_size == 0, 5, "the journal is empty")
    sentinel.terminate()
    assert not journal_of(sentinel).exists()


def test_a_vote_is_never_given_twice_whenever_it_is_killed(sentinel):
    """Votes one after the other, a death at any moment, and the last epoch asked for again by another candidate."""
    chance = random.Random(7)
    epoch = 0
    for _ in range(DEATHS):
        end = time.monotonic() + chance.uniform(0, 0.05)
        while True:
            epoch += 1
            assert ask_for_vote(sentinel, epoch, CANDIDATE) == (CANDIDATE, epoch)
            if time.monotonic() > end:
                break
        sentinel.kill()
        sentinel.start()
        leader, told = ask_for_vote(sentinel, epoch, OTHER)
        assert (leader, told) != (OTHER, epoch), f"a second vote at epoch {epoch}"
        epoch = max(epoch, told)


def test_what_an_operator_ordered_is_in_the_file_at_once(sentinel):
    sentinel.call("SENTINEL", "SET", NAME, "parallel-syncs", 3)
    assert sentinel.conf().one("sentinel", "parallel-syncs", NAME) == "3"
    sentinel.call("SENTINEL", "MONITOR", "other", "127.0.0.1", 1, 2)
    sentinel.kill()
    assert sentinel.conf().one("sentinel", "monitor", "other") == "127.0.0.1 1 2"


def test_a_file_that_was_edited_meanwhile_holds_but_for_promises(sentinel):
    assert ask_for_vote(sentinel, 7, CANDIDATE) == (CANDIDATE, 7)
    sentinel.kill()
    assert journal_of(sentinel).stat().st_size > 0
    with sentinel.conf_path.open("a") as file:
        file.write(f"sentinel parallel-syncs {NAME} 5\n")
    sentinel.start()
    sentinel.await_log("belongs to another version of the file")
    assert sentinel.primary()["parallel-syncs"] == "5"
    await_that(lambda: sentinel.conf().state(NAME)["leader-epoch"] == 7, 5, "the promise is in the file")
    assert ask_for_vote(sentinel, 7, OTHER)[0] != OTHER


def test_a_journal_that_cannot_be_read_stops_the_start(sentinel):
    sentinel.kill()
    journal_of(sentinel).unlink(missing_ok=True)
    journal_of(sentinel).mkdir()
    sentinel.launch()
    assert sentinel.exit_status(seconds=5) == 1
    assert f"can't read the journal '{journal_of(sentinel)}'" in sentinel.log_of_this_run()

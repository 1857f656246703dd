"""A disk that is full: nothing that depends on a save leaves before the save, and all is well once there is space."""

import pytest

from harness.cluster import NAME, Cluster
from harness.disk import TinyDisk
from harness.resp import Error
from harness.sentinel import Sentinel
from harness.sentinel_conf import Monitor
from harness.server import Server
from harness.waiting import await_that, holds_for

CANDIDATE, OTHER = "a" * 40, "b" * 40


@pytest.fixture
def disk(world):
    return TinyDisk(world)


@pytest.fixture
def primary(world):
    return Server(world).start()


@pytest.fixture
def sentinel(world, subject, disk, primary):
    """One on a disk that is full by now, all else being well."""
    started = Sentinel(world, subject, [Monitor(NAME, *primary.address, quorum=1)])
    started.move_conf(disk.path)
    started.start()
    await_that(lambda: started.primary()["runid"], 5, "the primary is known")
    leave_no_room(started, disk)
    return started


def leave_no_room(sentinel, disk):
    """Nor in the last block of a journal: a record that fits in there can be saved on a full disk too."""
    sentinel.saved_conf()
    disk.fill()


def ask_for_vote(sentinel, epoch, candidate):
    """(leader, epoch) as the sentinel answers."""
    primary = sentinel.primary_address()
    return tuple(sentinel.call("SENTINEL", "IS-MASTER-DOWN-BY-ADDR", *primary, epoch, candidate)[1:])


def test_it_answers_and_watches_as_before(sentinel, primary):
    assert sentinel.reply_to("PING") == "PONG"
    assert sentinel.primary_address() == primary.address
    sentinel.reply_to("SENTINEL", "FLUSHCONFIG")
    holds_for(lambda: sentinel.primary()["flags"] == "master", 2, "a slow disk makes it neither deaf nor wrong")


def test_a_save_that_fails_is_an_error_and_in_the_log(sentinel, disk):
    reply = sentinel.reply_to("SENTINEL", "FLUSHCONFIG")
    assert reply == Error("ERR Failed to save config file. Check server logs.")
    sentinel.await_log(disk.error)


@pytest.mark.vedette_only("it votes all the same, and may vote again for another after a crash")
def test_a_vote_is_withheld(sentinel, disk):
    assert ask_for_vote(sentinel, 5, CANDIDATE)[0] == "*"
    sentinel.await_log(disk.error)


@pytest.mark.vedette_only("it votes all the same, and may vote again for another after a crash")
def test_a_vote_that_was_not_given_is_not_remembered_as_given(sentinel, disk):
    """After a crash the file is as it was: the vote of that epoch is free, and given once."""
    assert ask_for_vote(sentinel, 5, CANDIDATE)[0] == "*"
    sentinel.kill()
    disk.free()
    sentinel.start()
    assert ask_for_vote(sentinel, 5, OTHER) == (OTHER, 5)


@pytest.mark.vedette_only("it votes all the same")
def test_the_vote_is_given_once_there_is_space(sentinel, disk):
    assert ask_for_vote(sentinel, 5, CANDIDATE)[0] == "*"
    disk.free()
    await_that(lambda: ask_for_vote(sentinel, 5, CANDIDATE) == (CANDIDATE, 5), 10, "the vote is given")
    assert sentinel.saved_conf().state(NAME)["leader-epoch"] == 5
    assert ask_for_vote(sentinel, 5, OTHER) == (CANDIDATE, 5)


def test_the_file_is_whole_all_the_time(sentinel, disk, primary):
    """A failed save leaves the last good one, not a cut one."""
    before = sentinel.conf_path.read_text()
    assert before
    sentinel.reply_to("SENTINEL", "SET", NAME, "down-after-milliseconds", 1234)
    sentinel.reply_to("SENTINEL", "FLUSHCONFIG")
    assert sentinel.conf_path.read_text() == before


def test_the_state_is_saved_once_there_is_space(sentinel, disk):
    sentinel.reply_to("SENTINEL", "MONITOR", "late", "127.0.0.1", 1, 2)
    disk.free()
    assert sentinel.saved_conf().one("sentinel", "monitor", "late") == "127.0.0.1 1 2"
    assert {path.name for path in disk.path.iterdir() if path.stat().st_size} == {"sentinel.conf"}


@pytest.mark.vedette_only("it leads all the same, if it is the first")
def test_a_sentinel_that_cannot_save_never_leads(world, subject, disk):
    """The other two elect one of them, and the third one follows as soon as it can save."""
    cluster = Cluster(world, [subject] * 3)
    handicapped, *healthy = cluster.sentinels
    handicapped.move_conf(disk.path)
    cluster.start()
    leave_no_room(handicapped, disk)
    cluster.primary.kill()
    cluster.await_new_primary(sentinels=healthy)
    cluster.await_agreement(sentinels=healthy)
    assert not handicapped.events.matching("+elected-leader")
    disk.free()
    cluster.await_agreement()

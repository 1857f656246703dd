"""What stops a sentinel from starting: the message names the file, the line, and the reason, and the status is 1."""

import re
import socket

import pytest

from harness.cluster import NAME
from harness.process import bound_by_file_modes
from harness.sentinel import Sentinel
from harness.sentinel_conf import Monitor

GOOD = "sentinel monitor good 127.0.0.1 6379 2"
BAD_LINES = {
    "unknown directive": ("no-such-thing yes", ""),
    "unknown sentinel directive": ("sentinel no-such-thing yes", ""),
    "too few words": ("sentinel monitor shop 127.0.0.1", ""),
    "quorum of none": ("sentinel monitor shop 127.0.0.1 6379 0", "(?i)quorum.* must be"),
    "option of an unknown name": ("sentinel down-after-milliseconds nobody 1000", "(?i)no .*(master|primary)"),
    "not a number": ("sentinel down-after-milliseconds good soon", ""),
    "zero down-after": ("sentinel down-after-milliseconds good 0", ""),
    "the same name twice": (GOOD, "(?i)duplicate|twice"),
    "port out of range": ("port 99999", "65535"),
    "unbalanced quotes": ('sentinel auth-pass good "secret', "(?i)quotes"),
    "yes or no": ("sentinel deny-scripts-reconfig maybe", "(?i)yes.*no"),
}


def fails_to_start(sentinel):
    sentinel.launch()
    assert sentinel.exit_status(seconds=5) == 1
    return sentinel.log_of_this_run()


@pytest.fixture
def unprivileged(world, subject):
    """For it, the modes of files mean something, also when the tests run as root."""
    return Sentinel(world, subject, [Monitor(NAME, "127.0.0.1", 6379)], prefix=bound_by_file_modes())


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_line_is_shown_with_its_number_and_the_reason(world, subject, case):
    bad, reason = BAD_LINES[case]
    sentinel = Sentinel(world, subject, extra=["# a comment", GOOD, "", bad, "loglevel notice"])
    complaint = fails_to_start(sentinel)
    number = sentinel.conf_path.read_text().splitlines().index(bad, 5) + 1
    assert number == 6
    assert bad in complaint
    assert_contains(complaint, rf"\b{number}\b")
    assert_contains(complaint, reason)


def assert_contains(text, pattern):
    assert re.search(pattern, text), f"{pattern!r} is not in:\n{text}"


@pytest.mark.vedette_only("it does not name the file")
def test_a_bad_line_is_shown_with_the_file(world, subject):
    sentinel = Sentinel(world, subject, extra=["no-such-thing yes"])
    assert str(sentinel.conf_path) in fails_to_start(sentinel)


@pytest.mark.vedette_only("it stops at the first")
def test_all_bad_lines_are_shown_at_once(world, subject):
    bad = [line for line, _ in BAD_LINES.values() if line != GOOD]
    complaint = fails_to_start(Sentinel(world, subject, extra=[GOOD, *bad]))
    assert [line for line in bad if line not in complaint] == []


TAKEN_FOR_ZERO = pytest.mark.vedette_only("it takes it for 0")
BAD_PORTS = ["-1", "70000", *[pytest.param(port, marks=TAKEN_FOR_ZERO) for port in ("6379x", "six", "")]]


@pytest.mark.parametrize("port", BAD_PORTS)
def test_a_bad_port_of_a_primary_is_refused(world, subject, port):
    bad = f'sentinel monitor shop 127.0.0.1 "{port}" 2'
    assert bad in fails_to_start(Sentinel(world, subject, extra=[bad]))


def test_a_bad_file_is_left_alone(world, subject):
    sentinel = Sentinel(world, subject, extra=["no-such-thing yes"])
    before = sentinel.conf_path.read_bytes()
    fails_to_start(sentinel)
    assert sentinel.conf_path.read_bytes() == before


def test_a_file_that_is_not_there(world, subject):
    sentinel = Sentinel(world, subject)
    sentinel.conf_path.unlink()
    complaint = fails_to_start(sentinel)
    assert str(sentinel.conf_path) in complaint
    assert "No such file or directory" in complaint


def test_a_file_that_may_not_be_read(unprivileged):
    unprivileged.conf_path.chmod(0o000)
    complaint = fails_to_start(unprivileged)
    assert str(unprivileged.conf_path) in complaint
    assert "Permission denied" in complaint


def test_a_file_that_may_not_be_written(unprivileged):
    unprivileged.conf_path.chmod(0o444)
    complaint = fails_to_start(unprivileged)
    assert str(unprivileged.conf_path) in complaint
    assert "Permission denied" in complaint


def test_a_directory_that_may_not_be_written(world, subject):
    """The file itself may be: whether that stops it or not, the operator is told at once."""
    place = world.subdirectory("read-only")
    sentinel = Sentinel(world, subject, prefix=bound_by_file_modes())
    sentinel.move_conf(place)
    place.chmod(0o555)
    try:
        sentinel.launch()
        sentinel.await_log("Permission denied", seconds=5)
    finally:
        place.chmod(0o755)


@pytest.mark.vedette_only("it starts, and cannot save")
def test_a_directory_in_place_of_a_file(world, subject):
    sentinel = Sentinel(world, subject)
    sentinel.conf_path.unlink()
    sentinel.conf_path.mkdir()
    assert str(sentinel.conf_path) in fails_to_start(sentinel)


def test_no_file_at_all(world, subject):
    sentinel = Sentinel(world, subject)
    sentinel.argv = sentinel.argv[:1]
    assert_contains(fails_to_start(sentinel), "(?i)conf")


def test_a_port_in_use(world, subject):
    sentinel = Sentinel(world, subject)
    with socket.create_server(sentinel.address):
        complaint = fails_to_start(sentinel)
    assert str(sentinel.port) in complaint
    assert_contains(complaint, "(?i)address already in use")


def test_an_address_that_is_not_ours(world, subject):
    sentinel = Sentinel(world, subject, host="192.0.2.1")
    complaint = fails_to_start(sentinel)
    assert "192.0.2.1" in complaint
    assert_contains(complaint, "(?i)cannot assign requested address")

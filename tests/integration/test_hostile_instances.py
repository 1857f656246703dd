"""Instances and peers that send garbage, or nothing, or without end: seen as down, in bounded memory."""

import pytest

from harness.cluster import NAME
from harness.fake import Fake, answering, flooding, silent
from harness.sentinel import Sentinel
from harness.sentinel_conf import Monitor
from harness.server import Server
from harness.waiting import await_that, holds_for

MEGABYTE = 1 << 20
PEER_ID = "f" * 40

INFO_OF_NONSENSE = b"role:\r\nslave0:ip=,port=99999999,\r\nslave1:\r\nmaster_port:-1\r\nrun_id:x\r\n:::\r\n"
BEHAVIOURS = {
    "silence": silent,
    "words": answering(b"hello, stranger\r\n"),
    "wrong types": answering(b"*2\r\n:1\r\n$-1\r\n"),
    "unknown type": answering(b"@1\r\n"),
    "negative length": answering(b"$-7\r\n"),
    "noise": answering(bytes(range(256))),
    "deep nesting": answering(b"*1\r\n" * 1000),
    "pushes": answering(b">2\r\n+message\r\n+x\r\n"),
    "INFO of nonsense": answering(b"$%d\r\n%s\r\n" % (len(INFO_OF_NONSENSE), INFO_OF_NONSENSE)),
}
FLOODS = {
    "array of promises": answering(b"*1000000000\r\n"),
    "line without end": flooding(b"+", b"x" * 65536),
    "bulk string without end": flooding(b"$536870912\r\n", b"x" * 65536),
    "array without end": flooding(b"*2147483647\r\n", b"$4\r\nabcd\r\n" * 6000),
    "replies that nobody asked for": flooding(b"", b"+PONG\r\n" * 8000),
}


@pytest.fixture
def sentinel(world, subject, primary):
    """One that also watches a good primary, which must never suffer from the bad ones."""
    started = Sentinel(world, subject, [Monitor(NAME, *primary.address, quorum=1)]).start()
    await_that(lambda: started.primary()["runid"], 5, "the primary is known")
    yield started
    assert started.running
    assert started.primary()["flags"] == "master"
    assert not started.events.matching("+sdown", f"^master {NAME} ")


def watch(sentinel, fake, name="bad"):
    sentinel.call("SENTINEL", "MONITOR", name, *fake.address, 1)
    sentinel.call("SENTINEL", "SET", name, "down-after-milliseconds", 600)


@pytest.mark.parametrize("case", BEHAVIOURS)
def test_an_instance_that_sends_nonsense_is_down(world, sentinel, case):
    fake = Fake(world, BEHAVIOURS[case])
    watch(sentinel, fake)
    sentinel.events.await_event("+sdown", "^master bad ")
    assert "s_down" in sentinel.primary("bad")["flags"]


def test_it_is_not_called_more_often_than_needed(world, sentinel):
    """An instance that ends each connection at once must not be stormed."""
    fake = Fake(world, lambda connection, received: None)
    watch(sentinel, fake)
    sentinel.events.await_event("+sdown", "^master bad ")
    before = fake.connections
    holds_for(lambda: fake.connections - before < 60, 2, "not more than thirty connections a second")


@pytest.mark.vedette_only("it takes whatever comes, as much as it is", run=False)
@pytest.mark.parametrize("case", FLOODS)
def test_an_instance_that_never_stops_sending_is_cut_off(world, sentinel, case):
    before = sentinel.resident_bytes()
    fake = Fake(world, FLOODS[case])
    watch(sentinel, fake)
    holds_for(lambda: sentinel.resident_bytes() - before < 64 * MEGABYTE, 2, "memory stays bounded")
    sentinel.call("PING")


@pytest.mark.parametrize("behave", [silent, answering(b"*3\r\n:1\r\n")], ids=["silence", "nonsense"])
def test_a_peer_that_is_none_is_down_and_has_no_vote(world, sentinel, primary, behave):
    fake = Fake(world, behave)
    say_hello(sentinel, primary, f"127.0.0.1,{fake.port},{PEER_ID},0,{NAME},127.0.0.1,{primary.port},0")
    sentinel.events.await_event("+sentinel", f"^sentinel {PEER_ID} 127.0.0.1 {fake.port} ")
    sentinel.events.await_event("+sdown", f"^sentinel {PEER_ID} ")
    assert str(sentinel.reply_to("SENTINEL", "CKQUORUM", NAME)).startswith("NOQUORUM 1 usable Sentinels.")


def say_hello(sentinel, primary, text):
    """As a peer does: through the primary, where every sentinel listens."""
    await_that(lambda: primary.call("PUBLISH", "__sentinel__:hello", text) > 0, 5, f"{sentinel.name} listens")


BAD_HELLOS = {
    "empty": "",
    "words": "good morning",
    "too few fields": f"127.0.0.1,1,{PEER_ID},0,{NAME},127.0.0.1,6379",
    "too many fields": f"127.0.0.1,1,{PEER_ID},0,{NAME},127.0.0.1,6379,0,0",
    "port out of range": f"127.0.0.1,99999,{PEER_ID},0,{NAME},127.0.0.1,6379,0",
    "unknown name": f"127.0.0.1,1,{PEER_ID},0,nobody,127.0.0.1,6379,0",
    "binary": "\x00\x01,\x02,,,,,,",
    "long": "x" * 100_000,
}


@pytest.mark.parametrize("case", BAD_HELLOS)
def test_a_malformed_hello_is_ignored(sentinel, primary, case):
    say_hello(sentinel, primary, BAD_HELLOS[case])
    sentinel.reply_to("PUBLISH", "__sentinel__:hello", BAD_HELLOS[case])
    holds_for(lambda: not sentinel.peers(), 0.3, "no peer comes of it")
    assert sentinel.primary_address() == primary.address


def test_an_old_configuration_does_not_move_the_primary(sentinel, primary):
    """A hello with another address counts only with a newer config epoch."""
    hello = f"127.0.0.1,1,{PEER_ID},0,{NAME},127.0.0.1,9999,0"
    say_hello(sentinel, primary, hello)
    holds_for(lambda: sentinel.primary_address() == primary.address, 0.3, "the address stays")


def test_an_instance_that_refuses_our_password_is_down(world, subject):
    """NOAUTH is an answer, but not a valid one."""
    locked = Server(world, extra=["requirepass secret"])
    locked.launch()
    sentinel = Sentinel(world, subject, [Monitor(NAME, *locked.address, quorum=1)]).start()
    sentinel.events.await_event("+sdown", f"^master {NAME} ")
    sentinel.call("SENTINEL", "SET", NAME, "auth-pass", "secret")
    sentinel.events.await_event("-sdown", f"^master {NAME} ", seconds=20)

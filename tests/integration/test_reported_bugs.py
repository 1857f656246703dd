"""What went wrong for users of other sentinels. Each test says where it was reported."""

import pytest

from harness.cluster import NAME, Cluster
from harness.resp import Error
from harness.sentinel import Sentinel
from harness.sentinel_conf import Monitor
from harness.server import Server
from harness.waiting import await_that

HELLO = "__sentinel__:hello"


# --- A password becomes a directive: the value was written into the file without quotes (redis PR#14970) ---

PASSWORDS = {
    "a directive": "x\nsentinel monitor evil 127.0.0.1 1 1\nsentinel notification-script shop /bin/true",
    "line ends": "a\r\nb\rc\n",
    "blanks and quotes": "  two 'words' and \"more\" \\ # no comment ",
    "bytes": "\x00\x01\x7f\xff".encode("latin-1"),
}


@pytest.mark.vedette_only("it writes the value as it is")
@pytest.mark.parametrize("case", PASSWORDS)
def test_a_password_stays_one_value_in_the_file(world, subject, case):
    password = PASSWORDS[case]
    locked = Server(world).start()
    connection = locked.connect()
    sentinel = Sentinel(world, subject, [Monitor(NAME, *locked.address, quorum=1)]).start()
    assert sentinel.call("SENTINEL", "SET", NAME, "auth-pass", password) == "OK"
    connection.call("CONFIG", "SET", "requirepass", password)
    sentinel.restart()
    await_that(lambda: sentinel.primary()["runid"], 5, "it gets in with the password of the file")
    assert len(sentinel.call("SENTINEL", "MASTERS")) == 1
    assert sentinel.conf().all("sentinel", "notification-script") == []
    connection.close()


# --- Memory grows while authentication keeps failing (redis#2535) ---


def test_refused_authentication_costs_no_memory(world, subject):
    locked = Server(world, extra=["requirepass secret"], password="secret").start()
    watched = Monitor(NAME, *locked.address, quorum=1, down_after=200, options={"auth-pass": "wrong"})
    sentinel = Sentinel(world, subject, [watched]).start()
    sentinel.events.await_event("+sdown", f"^master {NAME} ")
    attempts = lambda: int(locked.info()["total_connections_received"])
    first = attempts()
    await_that(lambda: attempts() > first + 10, 10, "it goes on trying")
    before, first = sentinel.resident_bytes(), attempts()
    await_that(lambda: attempts() > first + 40, 20, "it goes on trying")
    assert sentinel.resident_bytes() < before + (1 << 20)
    assert int(locked.info()["connected_clients"]) <= 4


# --- Words that crash ---


def hellos_that_are_none(primary):
    good = ["127.0.0.1", "26379", "f" * 40, "1", NAME, *map(str, primary.address), "1"]
    for i in range(len(good)):
        for word in ("", "-1", "x" * 2000, "%s%n", "99999999999999999999", " ", "\x00"):
            yield ",".join([*good[:i], word, *good[i + 1 :]])
        yield ",".join(good[:i])
    yield ",".join([*good, "more"])
    yield "," * 1000
    yield ""


def test_a_malformed_hello_is_ignored(sentinel, primary):
    """A hello with a field that is missing or no number was dereferenced all the same (redis#2099)."""
    before = sentinel.primary_address()
    for hello in hellos_that_are_none(primary):
        primary.call("PUBLISH", HELLO, hello)
        sentinel.reply_to("PUBLISH", HELLO, hello)
    assert sentinel.call("PING") == "PONG"
    assert sentinel.primary_address() == before


@pytest.mark.parametrize("subcommand", "CKQUORUM FAILOVER MASTER REPLICAS SENTINELS RESET REMOVE SET".split())
def test_a_subcommand_without_its_argument_is_an_error(sentinel, subcommand):
    """CKQUORUM looked at an argument that was not there (redis#2635)."""
    reply = sentinel.reply_to("SENTINEL", subcommand)
    assert isinstance(reply, Error)
    assert reply == f"ERR wrong number of arguments for 'sentinel|{subcommand.lower()}' command"
    assert sentinel.call("PING") == "PONG"


def test_the_chosen_replica_may_disappear_at_any_moment(world, subject):
    """SLAVEOF NO ONE was sent on a link that was not there any more (redis#3273), and INFO of an instance that had
    changed its role meanwhile was taken for that of another (redis#8012, #8691)."""
    cluster = Cluster(world, [subject], quorum=1).start()
    (sentinel,) = cluster.sentinels
    cluster.primary.kill()
    chosen = sentinel.events.await_event("+selected-slave", seconds=15)
    port = int(chosen.payload.split()[3])
    gone = next(server for server in cluster.replicas if server.port == port)
    gone.kill()
    await_that(lambda: sentinel.call("PING") == "PONG", 5, "it lives")
    gone.start()
    cluster.primary.start()
    cluster.await_rest()


# --- A primary that cannot write its data to disk refuses PING: that is no life (redis#12012) ---


def test_a_primary_that_cannot_save_is_failed_over(world, subject):
    cluster = Cluster(world, [subject], quorum=1).start()
    (sentinel,) = cluster.sentinels
    primary = cluster.primary
    (primary.directory / "dump.rdb").mkdir()  # it cannot be replaced by a file
    primary.call("CONFIG", "SET", "save", "3600 1000")
    primary.call("BGSAVE")
    await_that(lambda: primary.info()["rdb_last_bgsave_status"] == "err", 10, "it cannot save")
    sentinel.events.await_event("+sdown", f"^master {NAME} ")
    assert cluster.await_new_primary() is not primary

"""Passwords: of the sentinels themselves, among them, and of the servers that they watch."""

import pytest

from harness.cluster import NAME, Cluster
from harness.resp import Connection, Error
from harness.sentinel import Sentinel
from harness.sentinel_conf import Monitor
from harness.server import Server
from harness.waiting import await_that

SECRET = "opensesame"


@pytest.fixture(scope="module")
def locked(module_world, subject):
    monitors = [Monitor(NAME, "127.0.0.1", 1)]
    return Sentinel(module_world, subject, monitors, extra=[f"requirepass {SECRET}"], password=SECRET).start()


@pytest.fixture
def stranger(locked):
    with Connection(*locked.address) as connection:
        yield connection


@pytest.mark.parametrize("line", ["PING", "INFO", "SENTINEL MASTERS", "SUBSCRIBE +sdown", "CLIENT LIST", "ROLE"])
def test_a_stranger_may_do_nothing(stranger, line):
    assert stranger.reply_to(*line.split()) == Error("NOAUTH Authentication required.")


def test_an_unknown_command_is_unknown_to_a_stranger_too(stranger):
    assert stranger.reply_to("FOO", "x") == Error("ERR unknown command 'FOO', with args beginning with: 'x' ")


def test_hello_needs_the_password_too(stranger):
    reply = stranger.reply_to("HELLO", 3)
    assert reply == Error(
        "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> "
        "option can be used to authenticate the client and select the RESP protocol version at the same time"
    )


RIGHT = [("AUTH", SECRET), ("AUTH", "default", SECRET), ("HELLO", 3, "AUTH", "default", SECRET)]
WRONG = [("AUTH", "wrong"), ("AUTH", "nobody", SECRET), ("HELLO", 3, "AUTH", "default", "wrong")]


@pytest.mark.parametrize("words", RIGHT)
def test_the_password_opens(stranger, words):
    assert not isinstance(stranger.reply_to(*words), Error)
    assert stranger.call("PING") == "PONG"


@pytest.mark.parametrize("words", WRONG)
def test_a_wrong_password_does_not(stranger, words):
    assert stranger.reply_to(*words) == Error("WRONGPASS invalid username-password pair or user is disabled.")
    assert stranger.reply_to("PING") == Error("NOAUTH Authentication required.")


def test_a_stranger_may_not_send_much(stranger):
    """Before the password, requests are small: the original's limits."""
    stranger.send(b"*100\r\n")
    assert stranger.read_until_closed() == b"-ERR Protocol error: unauthenticated multibulk length\r\n"


def test_a_stranger_may_not_send_long_words(stranger):
    stranger.send(b"*2\r\n$4\r\nAUTH\r\n$20000\r\n")
    assert stranger.read_until_closed() == b"-ERR Protocol error: unauthenticated bulk length\r\n"


def test_failover_with_passwords_everywhere(world, subject):
    """Servers with `requirepass`, sentinels with `requirepass`: all is reached, and the failover carries on."""
    extra = [f"requirepass {SECRET}", f"sentinel sentinel-pass {SECRET}"]
    options = ["requirepass data", "masterauth data"]
    cluster = Cluster(
        world,
        [subject] * 3,
        candidate=0,
        extra=extra,
        password=SECRET,
        server_extra=options,
        server_password="data",
        options={"auth-pass": "data"},
    ).start()
    cluster.primary.kill()
    cluster.await_new_primary()
    cluster.await_agreement()


ACL = (
    "allchannels +multi +slaveof +ping +exec +subscribe +config|rewrite +role +publish +info +client|setname "
    "+client|kill +script|kill"
)


def test_failover_with_no_more_rights_than_documented(world, subject):
    """The ACL that administrators grant to sentinels today is enough."""
    options = [f"user watcher on >secret {ACL}"]
    account = {"auth-user": "watcher", "auth-pass": "secret"}
    cluster = Cluster(world, [subject] * 3, candidate=0, server_extra=options, options=account).start()
    cluster.primary.kill()
    cluster.await_new_primary()
    cluster.await_agreement()


@pytest.mark.vedette_only("it says at most that a command failed")
@pytest.mark.parametrize(("lacks", "rule"), [("-publish", "+publish"), ("resetchannels", "&__sentinel__:hello")])
def test_a_missing_right_is_named_once(world, subject, lacks, rule):
    server = Server(world, extra=[f"user watcher on >secret {ACL} {lacks}"]).start()
    account = {"auth-user": "watcher", "auth-pass": "secret"}
    sentinel = Sentinel(world, subject, [Monitor(NAME, *server.address, quorum=1, options=account)]).start()
    sentinel.await_log(f"ACL SETUSER watcher {rule}")
    server.call("ACL", "SETUSER", "watcher", rule)
    await_that(lambda: server.call("PUBSUB", "NUMSUB", "__sentinel__:hello")[1] == 1, 15, "it listens")
    assert sentinel.log().count("run there: ACL SETUSER") == 1
    assert "secret" not in sentinel.log()


def test_a_server_that_asks_for_a_password_later(world, subject):
    """The connection that stands goes on; a new one is refused, and the sentinel says that it is down."""
    server = Server(world).start()
    sentinel = Sentinel(world, subject, [Monitor(NAME, *server.address, quorum=1)]).start()
    await_that(lambda: sentinel.primary()["runid"], 5, "the primary is known")
    with server.connect() as connection:
        connection.call("CONFIG", "SET", "requirepass", "new")
        connection.call("AUTH", "new")
        for kind in ("normal", "pubsub"):
            connection.call("CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes")
        sentinel.events.await_event("+sdown", f"^master {NAME} ")
        sentinel.call("SENTINEL", "SET", NAME, "auth-pass", "new")
        sentinel.events.await_event("-sdown", f"^master {NAME} ", seconds=20)


@pytest.mark.vedette_only("it goes on with the old one until a link breaks")
def test_the_password_among_sentinels_is_changed_while_they_run(world, subject):
    cluster = Cluster(world, [subject] * 2, replicas=0, extra=[f"requirepass {SECRET}"], password=SECRET).start()
    one = cluster.sentinels[0]

    def peer_flags():
        (peer,) = one.peers().values()
        return peer["flags"]

    assert one.call("SENTINEL", "CONFIG", "SET", "sentinel-pass", "mistyped") == "OK"
    await_that(lambda: "s_down" in peer_flags(), 10, "the peer is out of reach")
    assert one.call("SENTINEL", "CONFIG", "SET", "sentinel-user", "default", "sentinel-pass", SECRET) == "OK"
    await_that(lambda: peer_flags() == "sentinel", 10, "the peer is back")
    assert f"sentinel sentinel-pass {SECRET}" in one.conf_path.read_text().replace('"', "")
    assert SECRET not in one.log_of_this_run()
    assert "mistyped" not in one.log_of_this_run()

"""`SENTINEL` commands that change something: what they do, what they publish, and that a restart keeps it."""

import pytest

from harness.cluster import NAME, Cluster
from harness.resp import NULL_ARRAY, Error, as_dict, encode
from harness.sentinel import Sentinel
from harness.sentinel_conf import Monitor
from harness.server import Server
from harness.waiting import await_that


def test_monitor_starts_at_once_and_is_saved(sentinel, primary):
    assert sentinel.call("SENTINEL", "MONITOR", "second", *primary.address, 3) == "OK"
    sentinel.events.await_event("+monitor", f"^master second 127.0.0.1 {primary.port} quorum 3$")
    await_that(lambda: sentinel.primary("second")["runid"], 5, "it is watched")
    assert sentinel.primary("second")["down-after-milliseconds"] == "30000"
    assert sentinel.primary("second")["failover-timeout"] == "180000"
    assert sentinel.conf().one("sentinel", "monitor", "second") == f"127.0.0.1 {primary.port} 3"


def test_remove_forgets_and_is_saved(sentinel, primary):
    assert sentinel.call("SENTINEL", "REMOVE", NAME) == "OK"
    sentinel.events.await_event("-monitor", f"^master {NAME} 127.0.0.1 {primary.port}$")
    assert sentinel.primary_address() is None
    assert sentinel.call("SENTINEL", "MASTERS") == []
    assert sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME) is NULL_ARRAY
    assert sentinel.conf().all("sentinel", "monitor") == []


OPTIONS = {
    "down-after-milliseconds": "4321",
    "failover-timeout": "54321",
    "parallel-syncs": "7",
    "quorum": "5",
}


@pytest.mark.parametrize("option", OPTIONS)
def test_set_one_option(sentinel, primary, option):
    value = OPTIONS[option]
    assert sentinel.call("SENTINEL", "SET", NAME, option, value) == "OK"
    sentinel.events.await_event("+set", f"^master {NAME} 127.0.0.1 {primary.port} {option} {value}$")
    assert sentinel.primary()[option] == value
    sentinel.restart()
    assert sentinel.primary()[option] == value


def test_set_several_options_at_once(sentinel):
    sentinel.call("SENTINEL", "SET", NAME, *[word for item in OPTIONS.items() for word in item])
    fields = sentinel.primary()
    assert {option: fields[option] for option in OPTIONS} == OPTIONS
    await_that(lambda: len(sentinel.events.matching("+set")) == len(OPTIONS), 2, "one event for each")


@pytest.mark.vedette_only("it applies what comes before the bad one")
def test_set_with_one_bad_pair_changes_nothing(sentinel):
    before = sentinel.primary()
    reply = sentinel.reply_to("SENTINEL", "SET", NAME, "quorum", 4, "parallel-syncs", "many")
    assert isinstance(reply, Error)
    assert sentinel.primary()["quorum"] == before["quorum"]
    assert not sentinel.events.matching("+set")


def test_set_hides_passwords_in_its_event(sentinel):
    sentinel.call("SENTINEL", "SET", NAME, "auth-pass", "secret")
    event = sentinel.events.await_event("+set", "auth-pass")
    assert "secret" not in event.payload
    assert "secret" not in sentinel.log()


def test_set_auth_pass_takes_effect_at_once(world, subject):
    locked = Server(world, extra=["requirepass secret"])
    locked.launch()
    sentinel = Sentinel(world, subject, [Monitor(NAME, *locked.address, quorum=1)]).start()
    sentinel.call("SENTINEL", "SET", NAME, "auth-pass", "secret")
    await_that(lambda: sentinel.primary()["runid"], 10, "it gets in")


def test_reset_forgets_replicas_and_sentinels_and_finds_them_again(cluster):
    sentinel = cluster.sentinels[0]
    mark = sentinel.events.mark()
    assert sentinel.call("SENTINEL", "RESET", "sh*") == 1
    sentinel.events.await_event("+reset-master", f"^master {NAME} 127.0.0.1 {cluster.primary.port}$", mark)
    for event in ("+slave", "+sentinel"):
        await_that(lambda: len(sentinel.events.matching(event, mark=mark)) >= 2, 10, f"each {event} is found anew")
    cluster.await_discovery()


def test_myid_is_the_id_of_the_file_and_stays(sentinel):
    runid = sentinel.id()
    assert len(runid) == 40
    assert sentinel.saved_conf().one("sentinel", "myid") == runid
    sentinel.restart()
    assert sentinel.id() == runid


def test_is_master_down_only_answers_when_nobody_stands(sentinel, primary):
    question = ("SENTINEL", "IS-MASTER-DOWN-BY-ADDR", *primary.address)
    assert sentinel.call(*question, 0, "*") == [0, "*", 0]
    assert sentinel.saved_conf().state(NAME)["leader-epoch"] == 0
    assert sentinel.call("SENTINEL", "IS-MASTER-DOWN-BY-ADDR", "127.0.0.1", 1, 0, "*") == [0, "*", 0]


def test_a_vote_is_given_once_for_an_epoch_and_is_saved(sentinel, primary):
    first, second = "a" * 40, "b" * 40
    question = ("SENTINEL", "IS-MASTER-DOWN-BY-ADDR", *primary.address)
    assert sentinel.call(*question, 3, first) == [0, first, 3]
    state = sentinel.saved_conf().state(NAME)
    assert (state["leader-epoch"], state["current-epoch"]) == (3, 3)
    assert sentinel.call(*question, 3, second) == [0, first, 3]
    assert sentinel.call(*question, 2, second) == [0, first, 3]
    assert sentinel.call(*question, 4, second) == [0, second, 4]
    sentinel.events.await_event("+new-epoch", "^3$")
    sentinel.events.await_event("+vote-for-leader", f"^{first} 3$")
    sentinel.events.await_event("+vote-for-leader", f"^{second} 4$")


def test_debug_sets_and_shows(sentinel):
    sentinel.call("SENTINEL", "DEBUG", "info-period", 1234, "ask-period", 567)
    shown = {name.lower(): value for name, value in as_dict(sentinel.call("SENTINEL", "DEBUG")).items()}
    assert (shown["info-period"], shown["ask-period"]) == ("1234", "567")


@pytest.mark.parametrize("point", ["crash-after-election", "crash-after-promotion"])
def test_simulate_failure(world, subject, point):
    cluster = Cluster(world, [subject], quorum=1).start()
    (sentinel,) = cluster.sentinels
    sentinel.call("SENTINEL", "SIMULATE-FAILURE", point)
    assert sentinel.info()["sentinel_simulate_failure_flags"] == ("1" if point == "crash-after-election" else "2")
    with sentinel.connect() as connection:
        connection.send(encode("SENTINEL", "FAILOVER", NAME))
        connection.read_until_closed()  # it may crash before it answers
    assert sentinel.exit_status() == 99
    promoted = [replica for replica in cluster.replicas if replica.role() == "master"]
    assert len(promoted) == (1 if point == "crash-after-promotion" else 0)


def test_shutdown_saves_and_ends_in_order(sentinel):
    with sentinel.connect() as connection:
        connection.send(b"SHUTDOWN\r\n")
        connection.read_until_closed()
    assert sentinel.exit_status() == 0
    assert len(sentinel.conf().one("sentinel", "myid")) == 40


PRIMARY_SPELLINGS = [
    ("PRIMARIES", "MASTERS", ()),
    ("PRIMARY", "MASTER", (NAME,)),
    ("GET-PRIMARY-ADDR-BY-NAME", "GET-MASTER-ADDR-BY-NAME", (NAME,)),
]


@pytest.mark.vedette_only("7.0 has only the old spellings")
@pytest.mark.parametrize("new, old, words", PRIMARY_SPELLINGS)
def test_the_spellings_of_valkey(sentinel, new, old, words):
    new_reply, old_reply = (sentinel.call("SENTINEL", name, *words) for name in (new, old))
    if new.startswith("GET"):
        assert new_reply == old_reply
    else:
        maps = [reply[0] if isinstance(reply[0], list) else reply for reply in (new_reply, old_reply)]
        assert list(as_dict(maps[0])) == list(as_dict(maps[1]))


@pytest.mark.vedette_only("7.0 has only the old spellings")
def test_is_primary_down_by_addr(sentinel, primary):
    assert sentinel.call("SENTINEL", "IS-PRIMARY-DOWN-BY-ADDR", *primary.address, 0, "*") == [0, "*", 0]
    reply = sentinel.reply_to("SENTINEL", "PRIMARY")
    assert reply == Error("ERR wrong number of arguments for 'sentinel|primary' command")


@pytest.mark.vedette_only("7.0 does not have it")
def test_client_setinfo(sentinel):
    """Client libraries send it on each connection; the original of 7.2 knows it."""
    assert sentinel.call("CLIENT", "SETINFO", "LIB-NAME", "redis-py") == "OK"
    assert sentinel.call("CLIENT", "SETINFO", "LIB-VER", "5.0") == "OK"
    with sentinel.connect() as connection:
        connection.call("CLIENT", "SETINFO", "lib-name", "mine")
        assert "lib-name=mine" in connection.call("CLIENT", "LIST")
    reply = sentinel.reply_to("CLIENT", "SETINFO", "NONSENSE", "x")
    assert isinstance(reply, Error)

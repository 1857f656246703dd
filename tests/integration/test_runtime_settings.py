"""Settings that change while a sentinel works, and servers that are not like others: renamed and missing commands,
replicas that are not to be promoted, chained or hidden, servers that are busy or slow to come back.
"""

import threading

import pytest

from harness.cluster import NAME, Cluster
from harness.resp import Error, encode
from harness.sentinel import Sentinel
from harness.sentinel_conf import Monitor
from harness.server import Server
from harness.waiting import await_that, holds_for

READY_SECONDS = 10


class Hammer:
    """Clients that send the same commands again and again, each on a connection of its own."""

    def __init__(self, sentinel, *commands):
        self.errors, self.replies = [], 0
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(sentinel, command)) for command in commands]

    def _send(self, sentinel, command):
        with sentinel.connect() as connection:
            while not self._ended.is_set():
                reply = connection.reply_to(*command)
                self.replies += 1
                if isinstance(reply, Error):
                    self.errors.append((command, str(reply)))

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        for thread in self._threads:
            thread.join()


# --- Under load ---


@pytest.mark.vedette_only("it saves for each change, and does not get round to failing over", run=False)
def test_settings_change_under_load_while_a_failover_goes_on(world, subject):
    cluster = Cluster(world, [subject] * 3, candidate=0).start()
    leader = cluster.sentinels[0]
    elsewhere = Server(world).start()
    with Hammer(
        leader,
        ["SENTINEL", "SET", NAME, "parallel-syncs", 2, "failover-timeout", 3100],
        ["SENTINEL", "SET", NAME, "auth-pass", ""],
        ["SENTINEL", "MASTERS"],
        ["SENTINEL", "REPLICAS", NAME],
        ["SENTINEL", "MONITOR", "other", *elsewhere.address, 1],
        ["SENTINEL", "REMOVE", "other"],
        ["SENTINEL", "RESET", "other"],
        ["PING"],
    ) as hammer:
        cluster.primary.kill()
        cluster.await_new_primary()
        await_that(lambda: hammer.replies > 500, 20, "the clients are served")
    expected = {"ERR Duplicate master name.", "ERR No such master with that name"}
    assert {text for _, text in hammer.errors} <= expected
    cluster.await_agreement()
    assert leader.primary()["parallel-syncs"] == "2"
    before = leader.saved_conf().state(NAME)
    leader.restart()
    assert leader.conf().state(NAME) == before


def test_a_primary_that_is_removed_in_the_middle_of_its_failover_is_gone(world, subject):
    cluster = Cluster(world, [subject], quorum=1).start()
    (sentinel,) = cluster.sentinels
    cluster.primary.kill()
    sentinel.events.await_event("+try-failover")
    assert sentinel.call("SENTINEL", "REMOVE", NAME) == "OK"
    assert sentinel.call("SENTINEL", "MASTERS") == []
    assert sentinel.call("SENTINEL", "MONITOR", NAME, *cluster.replicas[0].address, 1) == "OK"
    await_that(lambda: sentinel.primary()["runid"], 10, "the name can be used again")


# --- Names of commands ---

HIDDEN = ["SLAVEOF", "CONFIG", "CLIENT", "MULTI", "EXEC", "INFO", "PUBLISH", "SUBSCRIBE", "SCRIPT", "AUTH"]


def hidden_name(command):
    return f"x-{command.lower()}"


@pytest.fixture
def guarded(world):
    """A primary and a replica with other names for all that a sentinel sends, but for PING, which replicas send too."""
    lines = [f"rename-command {command} {hidden_name(command)}" for command in HIDDEN]
    servers = [Server(world, extra=lines).start() for _ in range(2)]
    servers[1].call("REPLICAOF", *servers[0].address)
    await_that(lambda: servers[1].follows(servers[0]), READY_SECONDS, "it replicates")
    return servers


def fail_over_to(sentinel, replica, old):
    """By order, and until the old primary follows."""
    await_that(lambda: sentinel.reply_to("SENTINEL", "FAILOVER", NAME) == "OK", 10, "there is somebody to promote")
    await_that(lambda: sentinel.primary_address() == replica.address, 15, "it is promoted")
    await_that(lambda: old.follows(replica), 15, "the old primary follows it")


@pytest.mark.vedette_only("it aborts where SUBSCRIBE has another name", run=False)
def test_every_command_can_have_another_name(world, subject, guarded):
    """Promotions fail where CONFIG or SLAVEOF has another name and nobody says so (redis#2241, #4936, #10328)."""
    renames = [f"sentinel rename-command {NAME} {command} {hidden_name(command)}" for command in HIDDEN]
    watched = Monitor(NAME, *guarded[0].address, quorum=1)
    sentinel = Sentinel(world, subject, [watched])
    sentinel.conf_path.write_text(sentinel.conf_path.read_text() + "\n".join(renames) + "\n")
    sentinel.start()
    await_that(sentinel.replicas, 10, "the replica is found")
    fail_over_to(sentinel, guarded[1], guarded[0])
    assert f"replicaof {guarded[1].host} {guarded[1].port}" in guarded[0].conf_path.read_text(), "CONFIG REWRITE"


@pytest.mark.vedette_only("it aborts where SUBSCRIBE has another name", run=False)
def test_other_names_take_effect_at_once(world, subject, guarded):
    sentinel = Sentinel(world, subject, [Monitor(NAME, *guarded[0].address, quorum=1)]).start()
    await_that(lambda: sentinel.primary()["flags"] == "master", 5, "it answers PING")
    assert sentinel.primary()["runid"] == "" and sentinel.replicas() == {}
    words = [word for command in HIDDEN for word in ("rename-command", command, hidden_name(command))]
    assert sentinel.call("SENTINEL", "SET", NAME, *words) == "OK"
    await_that(sentinel.replicas, 5, "the replica is found")
    fail_over_to(sentinel, guarded[1], guarded[0])
    # And back, for good: a command that is renamed to itself has its own name again.
    assert sentinel.call("SENTINEL", "SET", NAME, "rename-command", "SCRIPT", "script") == "OK"
    sentinel.restart()
    assert len(sentinel.conf().all("sentinel", "rename-command")) == len(HIDDEN) - 1


# --- Servers that lack a part of what a reconfiguration asks for ---


@pytest.mark.vedette_only("the whole transaction fails with the part", run=False)
@pytest.mark.parametrize("missing", ["CLIENT", "CONFIG", "MULTI", "CLIENT CONFIG MULTI EXEC"])
def test_a_server_that_lacks_a_part_of_the_reconfiguration_is_failed_over(world, subject, missing):
    """Some servers know no CLIENT KILL TYPE, or no CONFIG REWRITE, and refuse all (kvrocks PR#352, dragonfly#2178)."""
    lacking = [f'rename-command {command} ""' for command in missing.split()]
    cluster = Cluster(world, [subject], replicas=1, quorum=1, server_extra=lacking).start()
    old = cluster.primary
    fail_over_to(cluster.sentinels[0], cluster.replicas[0], old)
    cluster.sentinels[0].events.await_event("+switch-master")


# --- Reboots, and scripts that do not end ---


def test_a_primary_that_loads_for_too_long_after_a_restart_is_down(world, subject):
    primary = Server(world, extra=["key-load-delay 10000", "loading-process-events-interval-bytes 1024"]).start()
    with primary.connect() as connection:
        for key in range(2000):
            connection.call("SET", f"key{key}", "x" * 100)
        connection.call("SAVE")
    watched = Monitor(NAME, *primary.address, quorum=1, down_after=20000)
    sentinel = Sentinel(world, subject, [watched]).start()
    assert sentinel.call("SENTINEL", "SET", NAME, "master-reboot-down-after-period", 700) == "OK"
    await_that(lambda: sentinel.primary()["runid"], 5, "it is known")
    primary.kill()
    primary.launch()
    sentinel.events.await_event("+reboot", f"^master {NAME}")
    sentinel.events.await_event("+sdown", f"^master {NAME}", seconds=8)


@pytest.mark.parametrize("role", ["master", "slave"])
def test_a_script_that_keeps_a_server_busy_is_killed(world, subject, role):
    # Nobody agrees that the primary is down, so that it is not failed over meanwhile.
    quick = ["lua-time-limit 100"]
    cluster = Cluster(world, [subject], replicas=1, quorum=2, server_extra=quick).start()
    (sentinel,) = cluster.sentinels
    server = cluster.primary if role == "master" else cluster.replicas[0]
    with server.connect() as connection:
        connection.send(encode("EVAL", "while true do end", 0))
        sentinel.events.await_event("+sdown", f"^{role} ")
        reply = connection.read_reply()
    assert "Script killed by user" in str(reply)
    sentinel.events.await_event("-sdown", f"^{role} ")


# --- Which servers belong to a primary, and which may take its place ---


def test_several_primaries_fail_over_each_by_itself(world, subject):
    groups = [[Server(world).start() for _ in range(2)] for _ in range(3)]
    monitors = [Monitor(f"{NAME}-{i}", *group[0].address, quorum=1) for i, group in enumerate(groups)]
    for primary, replica in groups:
        replica.call("REPLICAOF", *primary.address)
    sentinel = Sentinel(world, subject, monitors).start()
    for i, (primary, replica) in enumerate(groups):
        await_that(lambda: replica.follows(primary), READY_SECONDS, "it replicates")
        ready = lambda: sentinel.replicas(f"{NAME}-{i}")[replica.port]["master-link-status"] == "ok"
        await_that(ready, READY_SECONDS, f"the replica of {i} is known")
    groups[0][0].kill()
    groups[2][0].kill()
    for i in (0, 2):
        sentinel.events.await_event("+switch-master", f"^{NAME}-{i} .* {groups[i][1].port}$", seconds=15)
        assert sentinel.primary_address(f"{NAME}-{i}") == groups[i][1].address
    assert sentinel.primary_address(f"{NAME}-1") == groups[1][0].address
    assert sentinel.primary(f"{NAME}-1")["flags"] == "master"
    assert len(sentinel.events.matching("+switch-master")) == 2


def test_replicas_with_priority_0_are_never_promoted_but_follow(world, subject):
    cluster = Cluster(world, [subject], quorum=1).start()
    (sentinel,) = cluster.sentinels
    never, other = cluster.replicas
    never.call("CONFIG", "SET", "replica-priority", 0)
    await_that(lambda: sentinel.replicas()[never.port]["slave-priority"] == "0", 5, "the priority is known")
    cluster.primary.kill()
    assert cluster.await_new_primary() is other
    cluster.await_agreement()
    assert sentinel.reply_to("SENTINEL", "FAILOVER", NAME) == "NOGOODSLAVE No suitable replica to promote"


def test_replicas_that_are_not_announced_are_not_shown(world, subject):
    cluster = Cluster(world, [subject], quorum=1).start()
    (sentinel,) = cluster.sentinels
    hidden, other = cluster.replicas
    hidden.call("CONFIG", "SET", "replica-announced", "no")
    await_that(lambda: set(sentinel.replicas()) == {other.port}, 5, "it is not shown any more")
    assert sentinel.primary()["num-slaves"] == "2"
    other.call("CONFIG", "SET", "replica-priority", 0)
    await_that(lambda: sentinel.replicas()[other.port]["slave-priority"] == "0", 5, "the priority is known")
    cluster.primary.kill()
    assert cluster.await_new_primary() is hidden, "it may be promoted all the same"


def test_replicas_of_replicas_are_left_alone_until_they_are_replicas(world, subject):
    primary, middle, last = (Server(world).start() for _ in range(3))
    middle.call("REPLICAOF", *primary.address)
    last.call("REPLICAOF", *middle.address)
    await_that(lambda: middle.follows(primary) and last.follows(middle), READY_SECONDS, "the chain replicates")
    sentinel = Sentinel(world, subject, [Monitor(NAME, *primary.address, quorum=1)]).start()
    await_that(lambda: set(sentinel.replicas()) == {middle.port}, READY_SECONDS, "the direct replica is found")
    holds_for(lambda: last.follows(middle) and set(sentinel.replicas()) == {middle.port}, 1, "the other is left alone")
    await_that(lambda: sentinel.replicas()[middle.port]["master-link-status"] == "ok", 5, "it can be promoted")
    primary.kill()
    await_that(lambda: sentinel.primary_address() == middle.address, 15, "the direct replica is promoted")
    await_that(lambda: last.port in sentinel.replicas(), READY_SECONDS, "the other is its replica now")
    assert last.follows(middle)

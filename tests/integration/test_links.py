"""The connections to servers: one where HELLO 3 is taken, two elsewhere; made anew at once when somebody kills them."""

import pytest

from harness.cluster import NAME, Cluster
from harness.resp import client_fields
from harness.sentinel import Kind, Sentinel
from harness.sentinel_conf import Monitor
from harness.server import Server
from harness.tls import Authority
from harness.waiting import await_that, holds_for

NO_HELLO = 'rename-command HELLO ""'
USER = "user watcher on >secret +@all -hello &*"

ONLY_ONE = pytest.mark.vedette_only("it always has two")
ONE = ["cmd"]
TWO = ["cmd", "pubsub"]


def links(server, sentinel):
    """The sentinel's connections: what each is for -> its fields in CLIENT LIST."""
    prefix = f"sentinel-{sentinel.id()[:8]}-"
    clients = [client_fields(line) for line in server.call("CLIENT", "LIST").splitlines()]
    return {one["name"].removeprefix(prefix): one for one in clients if one["name"].startswith(prefix)}


def await_links(server, sentinel, expected):
    """Those, and no others; one of them is subscribed."""

    def settled():
        found = links(server, sentinel)
        assert sorted(found) == expected, found
        assert [purpose for purpose, fields in found.items() if fields["sub"] == "1"] == expected[-1:], found
        return True

    await_that(settled, 5, f"links {expected} of {sentinel.name} to {server.name}")


SERVERS = {
    "any": ({}, {}, ONE),
    "with a password": ({"extra": ["requirepass secret"], "password": "secret"}, {"auth-pass": "secret"}, ONE),
    "with users": ({"extra": [USER]}, {"auth-user": "watcher", "auth-pass": "secret"}, ONE),
    "without HELLO": ({"extra": [NO_HELLO]}, {}, TWO),
    "with another HELLO": ({"extra": ["rename-command HELLO hidden"]}, {"rename-command": "HELLO hidden"}, ONE),
}


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=ONLY_ONE if expected is ONE else ()) for case, (_, _, expected) in SERVERS.items()]
)
def test_a_server_has_as_many_as_it_needs(world, subject, case):
    options, known, expected = SERVERS[case]
    server = Server(world, **options).start()
    watched = Monitor(NAME, *server.address, quorum=1, options=known)
    sentinels = [Sentinel(world, subject, [watched]).start() for _ in range(2)]
    for sentinel in sentinels:
        await_that(lambda: len(sentinel.peers()) == 1, 10, "it hears the other's hellos")
        await_links(server, sentinel, expected)
        assert sentinel.primary()["flags"] == "master"
        assert "refuses" not in sentinel.log() and "does not allow" not in sentinel.log()


@ONLY_ONE
def test_one_is_enough_with_tls(world, subject):
    identity = Authority(world.directory).issue("one")
    server = Server(world, tls=identity).start()
    sentinel = Sentinel(world, subject, [Monitor(NAME, *server.address, quorum=1)], tls=identity).start()
    await_links(server, sentinel, ONE)


@ONLY_ONE
def test_versions_change_while_it_is_watched(world, subject):
    server = Server(world).start()
    sentinel = Sentinel(world, subject, [Monitor(NAME, *server.address, quorum=1)]).start()
    await_links(server, sentinel, ONE)
    conf = server.conf_path.read_text()
    for text, expected in [(f"{conf}{NO_HELLO}\n", TWO), (conf, ONE)]:
        server.kill()
        server.conf_path.write_text(text)
        server.start()
        await_links(server, sentinel, expected)


@ONLY_ONE
def test_a_server_that_loads_is_offered_it_all_the_same(world, subject):
    slow = ["key-load-delay 10000", "loading-process-events-interval-bytes 1024"]
    server = Server(world, extra=slow).start()
    with server.connect() as connection:
        for key in range(500):
            connection.call("SET", f"key{key}", "x" * 100)
        connection.call("SAVE")
    sentinel = Sentinel(world, subject, [Monitor(NAME, *server.address, quorum=1, down_after=30000)]).start()
    server.kill()
    server.launch()
    await_that(lambda: server.info()["loading"] == "1", 5, "it loads")
    await_links(server, sentinel, ONE)
    assert server.info()["loading"] == "1"


# --- Connections that others kill ---


def kill_clients(server):
    with server.connect() as connection:
        for kind in ("normal", "pubsub"):
            connection.call("CLIENT", "KILL", "TYPE", kind)


@pytest.mark.parametrize("extra", [pytest.param([], marks=ONLY_ONE, id="one"), pytest.param([NO_HELLO], id="two")])
def test_links_that_are_killed_are_back_at_once(world, subject, extra):
    server = Server(world, extra=extra).start()
    sentinel = Sentinel(world, subject, [Monitor(NAME, *server.address, quorum=1)]).start()
    expected = TWO if extra else ONE
    await_links(server, sentinel, expected)
    before = links(server, sentinel)
    kill_clients(server)
    await_links(server, sentinel, expected)
    after = links(server, sentinel)
    assert all(before[purpose]["id"] != after[purpose]["id"] for purpose in expected)
    holds_for(lambda: not sentinel.events.matching("+sdown"), 1.2, "it is not seen down")


def downs_of_the_living(sentinel, cluster):
    dead = [str(server.port) for server in cluster.servers if not server.running]
    return [event for event in sentinel.events.matching("+sdown") if event.payload.split()[3] not in dead]


@ONLY_ONE
@pytest.mark.parametrize("leader", [Kind.VEDETTE, Kind.STOCK])
def test_a_promotion_kills_them_and_nobody_minds(world, subject, leader):
    """Its transaction carries CLIENT KILL, which spares the leader alone."""
    cluster = Cluster(world, [leader, subject, subject], candidate=0).start()
    before = {server: links(server, cluster.sentinels[1]) for server in cluster.replicas}
    cluster.primary.kill()
    new = cluster.await_new_primary()
    cluster.await_agreement()
    after = links(new, cluster.sentinels[1])
    assert before[new].keys() == after.keys() == {"cmd"}
    assert before[new]["cmd"]["id"] != after["cmd"]["id"]
    holds_for(lambda: not downs_of_the_living(cluster.sentinels[1], cluster), 0.5, "nobody else is seen down")

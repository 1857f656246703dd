"""`resolve-hostnames`, `announce-hostnames`, `announce-ip`: names in place of addresses, everywhere."""

import contextlib
import socket

import pytest

from harness.hosts import Hosts
from harness.resp import Error
from harness.sentinel import NAME, Kind, Sentinel
from harness.sentinel_conf import Monitor
from harness.server import Server
from harness.waiting import await_that

DB1, DB2, DB3, DB4 = "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"
RESOLVE = "sentinel resolve-hostnames yes"
ANNOUNCE = "sentinel announce-hostnames yes"


@pytest.fixture
def hosts(world):
    names = {f"s{number}": "127.0.0.1" for number in (1, 2, 3)}
    return Hosts(world, db1=DB1, db2=DB2, alias=DB2, **names)


@pytest.fixture
def servers(world, hosts):
    """A primary, and a replica that knows it by its name; both are known by theirs."""
    primary = Server(world, DB1, extra=["replica-announce-ip db1.test"], prefix=hosts.prefix).start()
    announced = ["replica-announce-ip db2.test", f"replicaof db1.test {primary.port}"]
    replica = Server(world, DB2, extra=announced, prefix=hosts.prefix).start()
    await_that(lambda: replica.role() == "slave" and replica.call("ROLE")[3] == "connected", 10, "it replicates")
    return primary, replica


def start_sentinel(world, kind, hosts, host, port, extra=(RESOLVE,), **options):
    return Sentinel(world, kind, [Monitor(NAME, host, port, **options)], extra=extra, prefix=hosts.prefix).start()


def is_up(sentinel):
    return sentinel.primary()["flags"] == "master"


def follows(server, host, port):
    role = server.call("ROLE")
    return role[0] == "slave" and role[1:4] == [host, port, "connected"]


# --- A whole failover -----------------------------------------------------------------------------------------------


def test_a_failover_by_names(world, hosts, servers, quorum):
    primary, replica = servers
    sentinels = [
        start_sentinel(
            world, kind, hosts, "db1.test", primary.port, (RESOLVE, ANNOUNCE, f"sentinel announce-ip s{number}.test")
        )
        for number, kind in enumerate(quorum, 1)
    ]
    for sentinel in sentinels:
        await_that(lambda: len(sentinel.peers()) == 2, 20, f"{sentinel.name} knows the others")
        await_that(lambda: list(sentinel.replicas()) == [replica.port], 20, f"{sentinel.name} knows the replica")
    primary.kill()
    new = ("db2.test", replica.port)
    for sentinel in sentinels:
        await_that(lambda: sentinel.primary_address() == new, 20, f"{sentinel.name} tells {new}")
        sentinel.events.await_event("+switch-master", f"^{NAME} db1.test {primary.port} db2.test {replica.port}$")
    primary.start()
    await_that(lambda: follows(primary, *new), 20, "the old primary follows the new one by its name")
    for sentinel in sentinels:
        await_that(lambda: is_up(sentinel) and len(sentinel.replicas()) == 1, 20, "all is well again")
        assert sentinel.replicas()[primary.port]["name"] == f"db1.test:{primary.port}"
        state = sentinel.saved_conf().state(NAME)
        assert state["monitor"].split()[:2] == ["db2.test", str(replica.port)]
        assert state["replicas"] == [("db1.test", str(primary.port))]


# --- What is shown, side by side with the original -------------------------------------------------------------------


def shown(sentinel):
    """All that a client may see of addresses."""
    primary = sentinel.primary()
    replicas = {fields["name"]: (fields["ip"], fields["master-host"]) for fields in sentinel.replicas().values()}
    address = sentinel.info()["master0"].split("address=")[1].split(",")[0]
    return primary["ip"], sentinel.primary_address(), replicas, address


@pytest.mark.parametrize(
    "settings",
    [(), (RESOLVE,), (ANNOUNCE,), (RESOLVE, ANNOUNCE)],
    ids=["neither", "resolved", "announced", "resolved-and-announced"],
)
def test_names_are_shown_as_by_the_original(world, subject, hosts, servers, settings):
    primary, replica = servers
    third = Server(world, DB3, extra=[f"replicaof {DB1} {primary.port}"], prefix=hosts.prefix).start()
    host = "db1.test" if RESOLVE in settings else DB1
    ours, original = (
        start_sentinel(world, kind, hosts, host, primary.port, settings) for kind in (subject, Kind.STOCK)
    )
    expected = {third.port, replica.port} if RESOLVE in settings else {third.port}
    for sentinel in (ours, original):
        await_that(lambda: set(sentinel.replicas()) == expected and is_up(sentinel), 20, "the replicas are found")
        await_that(lambda: len(sentinel.peers()) == 1, 20, "and the other sentinel")
    await_that(lambda: shown(ours) == shown(original), 20, f"{shown(ours)} is what the original shows: {shown(original)}")


def test_a_sentinel_that_announces_a_name_is_known_only_where_names_are_resolved(world, subject, hosts, servers):
    primary, _ = servers
    announcing = start_sentinel(
        world, subject, hosts, "db1.test", primary.port, (RESOLVE, ANNOUNCE, "sentinel announce-ip s1.test")
    )
    resolving = start_sentinel(world, subject, hosts, "db1.test", primary.port)
    deaf = start_sentinel(world, subject, hosts, DB1, primary.port, ())
    await_that(lambda: len(announcing.peers()) == 2, 20, "it hears of both")
    await_that(lambda: len(resolving.peers()) == 2, 20, "it knows both")
    assert resolving.peers()[announcing.id()]["ip"] == "127.0.0.1"
    await_that(lambda: list(deaf.peers()) == [resolving.id()], 20, "the third knows only the one without a name")


# --- Names that cannot be resolved -----------------------------------------------------------------------------------


@pytest.mark.vedette_only("it loses the name, and cannot read the file that it wrote")
def test_a_primary_whose_name_is_unknown_at_start_is_watched_as_soon_as_it_is_known(world, subject, hosts):
    primary = Server(world, DB3, prefix=hosts.prefix).start()
    sentinel = start_sentinel(world, subject, hosts, "db3.test", primary.port)
    sentinel.await_log("Can't resolve the host name db3.test")
    assert sentinel.saved_conf().one("sentinel", "monitor", NAME).startswith("db3.test ")
    hosts.set(db3=DB3)
    await_that(lambda: is_up(sentinel) and sentinel.primary()["ip"] == DB3, 20, "the primary is watched")


def test_monitor_of_a_name_that_cannot_be_used_is_refused(world, subject, hosts, servers):
    primary, _ = servers
    resolving = start_sentinel(world, subject, hosts, "db1.test", primary.port)
    deaf = start_sentinel(world, subject, hosts, DB1, primary.port, ())
    error = Error("ERR Invalid IP address or hostname specified")
    assert resolving.reply_to("SENTINEL", "MONITOR", "b", "nosuch.test", primary.port, 1) == error
    assert deaf.reply_to("SENTINEL", "MONITOR", "b", "db1.test", primary.port, 1) == error
    assert resolving.call("SENTINEL", "MONITOR", "b", "db1.test", primary.port, 1) == "OK"
    assert resolving.primary_address("b") == (DB1, primary.port)


@pytest.mark.vedette_only("it stands still for as long as a name is looked up")
def test_a_dead_name_server_delays_nothing_else(world, subject):
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as dead:
        try:
            dead.bind(("127.0.0.53", 53))
        except OSError as error:
            pytest.skip(f"no name server can be played here: {error}")
        hosts = Hosts(world, name_server="127.0.0.53", db1=DB1)
        primary = Server(world, DB1, prefix=hosts.prefix).start()
        sentinel = start_sentinel(world, subject, hosts, "db1.test", primary.port)
        with sentinel.connect() as waiting:
            waiting.send(b"SENTINEL MONITOR b nosuch.example 6379 1\r\n")
            dead.settimeout(10)
            dead.recv(512)  # it is being looked up
            assert sentinel.call("PING") == "PONG"
            assert sentinel.call("SENTINEL", "MONITOR", "c", "db1.test", primary.port, 1) == "OK"
            await_that(lambda: is_up(sentinel), 10, "the primary is watched")
            assert waiting.read_reply() == Error("ERR Invalid IP address or hostname specified")
        assert not sentinel.events.matching("+tilt")


# --- Names that move, and names of one place -------------------------------------------------------------------------


def test_a_primary_is_followed_to_where_its_name_leads(world, subject, hosts):
    first = Server(world, DB1, prefix=hosts.prefix).start()
    sentinel = start_sentinel(world, subject, hosts, "db1.test", first.port)
    await_that(lambda: is_up(sentinel) and sentinel.primary()["ip"] == DB1, 10, "it is watched")
    second = Server(world, DB3, prefix=hosts.prefix)
    first.kill()
    second.conf_path.write_text(first.conf_path.read_text().replace(DB1, DB3))
    second.port = first.port
    second.start()
    hosts.set(db1=DB3)
    await_that(lambda: is_up(sentinel) and sentinel.primary_address() == (DB3, first.port), 20, "it is followed")


def move(server, host):
    """To another address, as long as it does not run."""
    server.conf_path.write_text(server.conf_path.read_text().replace(f"bind {server.host}", f"bind {host}"))
    server.host = host


def test_servers_that_come_up_elsewhere_are_found_by_their_names(world, hosts, servers):
    """As pods do: each is the primary once, dies, and comes up at another address."""
    sentinels = [
        start_sentinel(world, Kind.VEDETTE, hosts, "db1.test", servers[0].port, (RESOLVE, ANNOUNCE)) for _ in range(3)
    ]
    addresses = {"db1": DB1, "db2": DB2}
    for dying, heir, elsewhere in ((0, 1, DB3), (1, 0, DB4)):
        name, new = f"db{dying + 1}", (f"db{heir + 1}.test", servers[heir].port)
        for sentinel in sentinels:
            await_that(lambda: is_up(sentinel) and len(sentinel.peers()) == 2, 20, f"{sentinel.name} knows the others")
            await_that(lambda: list(sentinel.replicas()) == [servers[heir].port], 20, "and the replica")
        servers[dying].kill()
        for sentinel in sentinels:
            await_that(lambda: sentinel.primary_address() == new, 20, f"{sentinel.name} tells {new}")
        move(servers[dying], elsewhere)
        addresses[name] = elsewhere
        hosts.set(**addresses)
        servers[dying].start()
        await_that(lambda: follows(servers[dying], *new), 20, "the old primary follows the new one by its name")
        for sentinel in sentinels:
            await_that(lambda: sentinel.replicas()[servers[dying].port]["flags"] == "slave", 20, "it is found")
            assert len(sentinel.replicas()) == 1


@pytest.mark.vedette_only("it refuses to start: duplicate hostname and port for replica")
def test_two_names_of_one_replica_are_one_replica(world, subject, hosts, servers):
    """valkey#4530"""
    primary, replica = servers
    monitor = Monitor(NAME, "db1.test", primary.port)
    sentinel = Sentinel(world, subject, [monitor], extra=(RESOLVE,), prefix=hosts.prefix)
    for host, port in (("alias.test", replica.port), ("db2.test", replica.port), (DB1, primary.port)):
        sentinel.add_to_conf(f"sentinel known-replica {NAME} {host} {port}")
    sentinel.start()
    await_that(lambda: int(sentinel.primary()["num-slaves"]) == 1, 10, "it is one")
    assert len(sentinel.saved_conf().all("sentinel", "known-replica")) == 1
    sentinel.restart()
    await_that(lambda: is_up(sentinel) and list(sentinel.replicas()) == [replica.port], 10, "and stays one")

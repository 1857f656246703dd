"""Discovery: a sentinel that is told of a primary finds its replicas and its other sentinels by itself."""

import pytest

from harness.cluster import NAME, Cluster
from harness.resp import as_dict, shape
from harness.sentinel import AS_SHIPPED, Kind, Sentinel
from harness.sentinel_conf import Monitor
from harness.server import Server
from harness.waiting import await_that


@pytest.fixture(scope="module")
def watched(module_world, subject):
    """Two sentinels under test and one of the original, on one topology."""
    return Cluster(module_world, [subject, subject, Kind.STOCK]).start()


@pytest.fixture(params=[2, 3], ids=["resp2", "resp3"])
def protocol(request):
    return request.param


def ask(sentinel, protocol, *words):
    with sentinel.connect() as connection:
        connection.call("HELLO", protocol)
        return connection.call(*words)


def field_names(reply):
    return list(as_dict(reply))


def test_replicas_are_found_in_the_primarys_info(watched):
    for sentinel in watched.sentinels:
        found = sentinel.replicas()
        assert set(found) == {replica.port for replica in watched.replicas}
        for port, fields in found.items():
            assert fields["name"] == f"127.0.0.1:{port}"
            assert fields["ip"] == "127.0.0.1"
            assert (fields["master-host"], int(fields["master-port"])) == watched.primary.address
            assert fields["master-link-status"] == "ok"
            assert fields["role-reported"] == "slave"
            assert fields["slave-priority"] == "100"
            assert fields["replica-announced"] == "1"
            assert len(fields["runid"]) == 40


def test_sentinels_find_each_other_by_hello(watched):
    by_port = {sentinel.port: sentinel.id() for sentinel in watched.sentinels}
    for sentinel in watched.sentinels:
        expected = {port: runid for port, runid in by_port.items() if port != sentinel.port}
        assert {int(fields["port"]): runid for runid, fields in sentinel.peers().items()} == expected
        for runid, fields in sentinel.peers().items():
            assert fields["name"] == runid
            assert fields["voted-leader"] == "?"
            assert fields["voted-leader-epoch"] == "0"
            assert int(fields["last-hello-message"]) < 5000


def test_the_primary_is_described(watched):
    for sentinel in watched.sentinels:
        fields = sentinel.primary()
        assert fields["name"] == NAME
        assert (fields["ip"], int(fields["port"])) == watched.primary.address
        assert fields["runid"] == watched.primary.info()["run_id"]
        assert fields["flags"] == "master"
        assert fields["num-slaves"] == "2"
        assert fields["num-other-sentinels"] == "2"
        assert fields["quorum"] == "2"
        assert fields["down-after-milliseconds"] == "1000"
        assert fields["failover-timeout"] == "3000"
        assert fields["parallel-syncs"] == "1"
        assert fields["config-epoch"] == "0"


def test_every_sentinel_tells_the_primarys_address(watched):
    assert {sentinel.primary_address() for sentinel in watched.sentinels} == {watched.primary.address}


def test_the_quorum_is_confirmed(watched):
    for sentinel in watched.sentinels:
        expected = "OK 3 usable Sentinels. Quorum and failover authorization can be reached"
        assert sentinel.call("SENTINEL", "CKQUORUM", NAME) == expected


@pytest.mark.parametrize(
    "words",
    [("MASTERS",), ("MASTER", NAME), ("REPLICAS", NAME), ("SLAVES", NAME), ("SENTINELS", NAME)],
    ids=lambda words: words[0].lower(),
)
def test_the_same_fields_in_the_same_order_as_the_original(watched, protocol, words):
    ours, stock = (ask(sentinel, protocol, "SENTINEL", *words) for sentinel in watched.sentinels[1:])
    if words[0] == "MASTER":
        ours, stock = [ours], [stock]
    assert len(ours) == len(stock) > 0
    for our_map, stock_map in zip(ours, stock):
        assert field_names(our_map) == field_names(stock_map)
        assert shape(our_map) == shape(stock_map)


def test_replicas_are_found_at_the_pace_as_shipped(world, subject):
    """No waiting for the ten-second round of INFO: the first one goes out with the connection."""
    primary, replica = Server(world).start(), Server(world).start()
    replica.call("REPLICAOF", *primary.address)
    await_that(lambda: replica.follows(primary), 10, "the replica follows")
    sentinel = Sentinel(world, subject, [Monitor(NAME, *primary.address, quorum=1)], pace=AS_SHIPPED).start()
    await_that(lambda: set(sentinel.replicas()) == {replica.port}, 4, "the replica is found")


def test_a_replica_added_later_is_found(world, subject):
    cluster = Cluster(world, [subject], replicas=0, quorum=1).start()
    late = Server(world).start(replica_of=cluster.primary)
    (sentinel,) = cluster.sentinels
    sentinel.events.await_event("+slave", f"^slave 127.0.0.1:{late.port} 127.0.0.1 {late.port} @ {NAME} 127.0.0.1")
    assert set(sentinel.replicas()) == {late.port}


def test_a_replica_that_hides_itself_is_not_listed_but_known(world, subject):
    """`replica-announced no`: for one that clients and failovers must leave alone."""
    cluster = Cluster(world, [subject], replicas=2, quorum=1)
    hidden = cluster.replicas[0]
    for server in cluster.servers:
        server.start()
    hidden.call("CONFIG", "SET", "replica-announced", "no")
    for replica in cluster.replicas:
        replica.call("REPLICAOF", *cluster.primary.address)
    cluster.await_replication()
    sentinel = cluster.sentinels[0].start()
    shown = {cluster.replicas[1].port}
    await_that(lambda: sentinel.primary()["num-slaves"] == "2", 10, "both replicas are known")
    await_that(lambda: set(sentinel.replicas()) == shown, 10, "only the other replica is listed")

"""A real client library, Debian's python3-redis, end to end: it asks the sentinels, writes, reads, and follows."""

import pytest
import redis
from redis.sentinel import MasterNotFoundError, Sentinel

from harness.cluster import NAME, Cluster
from harness.waiting import await_that


def library(cluster, **options):
    return Sentinel([sentinel.address for sentinel in cluster.sentinels], socket_timeout=2, **options)


@pytest.fixture
def client(cluster):
    opened = library(cluster)
    yield opened
    for sentinel in opened.sentinels:
        sentinel.close()


def write(primary, value):
    """Whether the write was acknowledged; a client goes on trying through a failover."""
    try:
        return primary.set("key", value)
    except (redis.ConnectionError, redis.TimeoutError, redis.ReadOnlyError, MasterNotFoundError):
        return False


def test_it_finds_the_primary_and_the_replicas(cluster, client):
    assert client.discover_master(NAME) == cluster.primary.address
    assert sorted(client.discover_slaves(NAME)) == sorted(replica.address for replica in cluster.replicas)


def test_it_writes_to_the_primary_and_reads_from_a_replica(cluster, client):
    primary, replica = client.master_for(NAME), client.slave_for(NAME)
    assert primary.set("key", "value")
    await_that(lambda: replica.get("key") == b"value", 5, "a replica has the value")
    assert replica.role()[0] == b"slave"
    with pytest.raises(redis.ReadOnlyError):
        replica.set("key", "other")


@pytest.mark.parametrize("order", ["killed", "ordered"])
def test_it_follows_a_failover(cluster, client, order):
    primary = client.master_for(NAME)
    assert write(primary, "before")
    if order == "killed":
        cluster.primary.kill()
    else:
        cluster.sentinels[0].call("SENTINEL", "FAILOVER", NAME)
    new = cluster.await_new_primary()
    await_that(lambda: write(primary, "after"), 10, "writes flow again")
    cluster.await_agreement()
    assert client.discover_master(NAME) == new.address
    assert write(primary, "at rest")
    assert new.call("GET", "key") == "at rest"
    replica = client.slave_for(NAME)
    await_that(lambda: replica.get("key") == b"at rest", 5, "a replica has the value")


def test_a_connection_to_the_old_primary_is_cut(cluster, client):
    """An ordered failover leaves the old primary alive: a client that stays there would write into the void."""
    primary = client.master_for(NAME)
    old = cluster.primary
    assert write(primary, "before")
    cluster.sentinels[0].call("SENTINEL", "FAILOVER", NAME)
    cluster.await_new_primary()
    await_that(lambda: old.follows(cluster.primary), 20, "the old primary follows the new one")
    assert await_that(lambda: write(primary, "after"), 10, "writes flow again")
    assert cluster.primary.call("GET", "key") == "after"


def test_it_goes_round_a_dead_sentinel(cluster, client):
    cluster.sentinels[0].kill()
    assert client.discover_master(NAME) == cluster.primary.address


def test_it_is_told_of_the_switch(cluster):
    """A subscriber to `+switch-master` hears of it from any sentinel, also one that did not lead."""
    observer = cluster.sentinels[-1]
    with redis.Redis(*observer.address, socket_timeout=20).pubsub(ignore_subscribe_messages=True) as subscription:
        subscription.subscribe("+switch-master")
        await_that(lambda: subscription.subscribed, 5, "the subscription stands")
        subscription.get_message(timeout=5)
        old = cluster.primary
        old.kill()
        new = cluster.await_new_primary()
        message = await_that(lambda: subscription.get_message(timeout=1), 20, "the message of the switch")
        expected = f"{NAME} {old.host} {old.port} {new.host} {new.port}"
        assert (message["channel"], message["data"].decode()) == (b"+switch-master", expected)


def test_it_parses_what_a_sentinel_says(cluster):
    """The library turns fields and flags into its own types: every one that it needs must be there."""
    with redis.Redis(*cluster.sentinels[0].address, decode_responses=True) as connection:
        (state,) = connection.sentinel_masters().values()
        assert state["is_master"] and not state["is_sdown"] and not state["is_odown"] and not state["is_disconnected"]
        assert (state["ip"], state["port"]) == cluster.primary.address
        assert (state["num-slaves"], state["num-other-sentinels"], state["quorum"]) == (2, 2, 2)
        assert connection.sentinel_master(NAME)["name"] == NAME
        assert {replica["port"] for replica in connection.sentinel_slaves(NAME)} == {
            replica.port for replica in cluster.replicas
        }
        assert len(connection.sentinel_sentinels(NAME)) == 2
        assert connection.sentinel_get_master_addr_by_name(NAME) == cluster.primary.address
        assert connection.sentinel_get_master_addr_by_name("nobody") is None
        assert connection.sentinel_set(NAME, "down-after-milliseconds", 1500)
        assert connection.sentinel_flushconfig()
        info = connection.info("sentinel")
        assert info["sentinel_masters"] == 1
        assert (info["master0"]["name"], info["master0"]["status"]) == (NAME, "ok")
        assert (info["master0"]["slaves"], info["master0"]["sentinels"]) == (2, 3)


def test_a_name_that_nobody_knows(client):
    with pytest.raises(MasterNotFoundError):
        client.discover_master("nobody")


def test_it_authenticates_to_the_sentinels(world, subject):
    """`requirepass` on the sentinels, and `sentinel-pass` among themselves."""
    secret = ["requirepass opensesame", "sentinel sentinel-pass opensesame"]
    cluster = Cluster(world, [subject] * 2, replicas=1, extra=secret, password="opensesame").start()
    client = library(cluster, sentinel_kwargs={"password": "opensesame"})
    assert client.discover_master(NAME) == cluster.primary.address
    with redis.Redis(*cluster.sentinels[0].address) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.sentinel_masters()
    cluster.sentinels[0].call("SENTINEL", "FAILOVER", NAME)
    cluster.await_new_primary()
    cluster.await_agreement()
    assert client.discover_master(NAME) == cluster.primary.address

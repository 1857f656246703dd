"""Client libraries of many languages, all following one failover of one cluster at the same time.

Each is a program in clients/, whose README says what its steps are; each test looks at what one of them reported.
"""

from typing import NamedTuple

import pytest
import redis
from redis.sentinel import MasterNotFoundError, Sentinel

from harness.client import Client, command_line
from harness.cluster import NAME, Cluster
from harness.ports import LOOPBACK, free_port
from harness.tls import Authority
from harness.waiting import await_that

STEP_SECONDS = 30

SOURCES = {
    "python-redis": "python_redis.py",
    "ioredis": "ioredis.js",
    "node-redis": "node_redis.js",
    "ruby-redis": "ruby_redis.rb",
    "php-redis": "php_redis.php",
    "predis": "php_predis.php",
    "redis-cli": "redis_cli.sh",
    "hiredis": "hiredis.c",
    "redigo": "redigo.go",
}

SENTINELS_SECRET, SERVERS_SECRET = "open sesame", "data"


class Setting(NamedTuple):
    """How servers and sentinels are set up, what the clients are told of it, and which clients cannot do that."""

    cluster: dict
    environment: dict
    without: tuple = ()


def without_any_secret(world):
    return Setting({}, {})


def with_passwords(world):
    return Setting(
        cluster={
            "extra": [f'requirepass "{SENTINELS_SECRET}"', f'sentinel sentinel-pass "{SENTINELS_SECRET}"'],
            "password": SENTINELS_SECRET,
            "server_extra": [f"requirepass {SERVERS_SECRET}", f"masterauth {SERVERS_SECRET}"],
            "server_password": SERVERS_SECRET,
            "options": {"auth-pass": SERVERS_SECRET},
        },
        environment={"SENTINEL_PASSWORD": SENTINELS_SECRET, "SERVER_PASSWORD": SERVERS_SECRET},
        without=("php-redis",),
    )


def with_tls(world):
    authority = Authority(world.directory)
    anybody = ["tls-auth-clients no"]
    return Setting(
        cluster={"tls": authority.issue("everybody"), "extra": anybody, "server_extra": anybody},
        environment={"CA_FILE": str(authority.certificate)},
        without=("hiredis",),
    )


SETTINGS = {"open": without_any_secret, "passwords": with_passwords, "tls": with_tls}


def text_of(server):
    return f"{server.host}:{server.port}"


class Story:
    """One cluster, its clients, and what was before and after the failover that they saw."""

    def __init__(self, world, subject, title):
        self.setting = SETTINGS[title](world)
        self.cluster = Cluster(world, [subject] * 3, candidate=0, **self.setting.cluster)
        nobody = LOOPBACK, free_port()  # the first sentinel of the list is always a dead one
        sentinels = [nobody, *(sentinel.address for sentinel in self.cluster.sentinels)]
        self.clients = {
            name: Client(world, command_line(source), f"{name}-{title}", name, sentinels, self.setting.environment)
            for name, source in SOURCES.items()
            if name not in self.setting.without
        }

    def happen(self):
        self.cluster.start()
        self.old = self.cluster.primary
        self.old_replicas = self.cluster.replicas
        for client in self.clients.values():
            client.launch()
        for client in self.clients.values():
            client.await_step_or_end("subscribed", STEP_SECONDS)  # one that fails here must not hide the others
        self.old.kill()
        self.new = self.cluster.await_new_primary()
        self.cluster.await_agreement()
        return self


@pytest.fixture(scope="module", params=SETTINGS)
def story(request, module_world, subject):
    return Story(module_world, subject, request.param).happen()


@pytest.mark.parametrize("name", SOURCES)
def test_it_follows_a_failover(story, name):
    if name in story.setting.without:
        pytest.skip(f"{name} cannot do this")
    client = story.clients[name]
    assert client.exit_status(STEP_SECONDS) == 0
    assert client.steps() == [
        ("discovered", {"primary": text_of(story.old)}),
        ("wrote", {"value": "before"}),
        ("replicas", {"addresses": sorted(map(text_of, story.old_replicas))}),
        ("read", {"value": "before", "role": "slave"}),
        ("subscribed", {}),
        ("switched", {"message": " ".join(map(str, [NAME, *story.old.address, *story.new.address]))}),
        ("wrote", {"value": "after"}),
    ]
    assert story.new.call("GET", name) == "after"


# --- What is best seen from within one library ---


def test_python_redis_parses_what_a_sentinel_says(story):
    """The library turns fields and flags into its own types: every one that it needs must be there."""
    sentinel = story.cluster.sentinels[0]
    authority = story.setting.environment.get("CA_FILE")
    tls = {"ssl": True, "ssl_ca_certs": authority} if authority else {}
    with redis.Redis(*sentinel.address, password=sentinel.password, decode_responses=True, **tls) as connection:
        (state,) = connection.sentinel_masters().values()
        assert state["is_master"] and not state["is_sdown"] and not state["is_odown"] and not state["is_disconnected"]
        assert (state["ip"], state["port"]) == story.new.address
        assert (state["num-slaves"], state["num-other-sentinels"], state["quorum"]) == (2, 2, 2)
        assert connection.sentinel_master(NAME)["name"] == NAME
        assert {replica["port"] for replica in connection.sentinel_slaves(NAME)} == {
            replica.port for replica in story.cluster.replicas
        }
        assert len(connection.sentinel_sentinels(NAME)) == 2
        assert connection.sentinel_get_master_addr_by_name(NAME) == story.new.address
        assert connection.sentinel_get_master_addr_by_name("nobody") is None
        assert connection.sentinel_set(NAME, "down-after-milliseconds", 1500)
        assert connection.sentinel_flushconfig()
        info = connection.info("sentinel")
        assert info["sentinel_masters"] == 1
        assert (info["master0"]["name"], info["master0"]["status"]) == (NAME, "ok")
        assert (info["master0"]["slaves"], info["master0"]["sentinels"]) == (2, 3)


def test_a_connection_to_the_old_primary_is_cut(cluster):
    """An ordered failover leaves the old primary alive: a client that stays there would write into the void."""
    old = cluster.primary
    client = Sentinel([sentinel.address for sentinel in cluster.sentinels], socket_timeout=2)
    primary = client.master_for(NAME)
    assert primary.set("key", "before")
    cluster.sentinels[0].call("SENTINEL", "FAILOVER", NAME)
    cluster.await_new_primary()
    await_that(lambda: old.follows(cluster.primary), 20, "the old primary follows the new one")
    await_that(lambda: acknowledged(primary, "after"), 10, "writes flow again")
    assert cluster.primary.call("GET", "key") == "after"


def acknowledged(primary, value):
    try:
        return primary.set("key", value)
    except (redis.ConnectionError, redis.TimeoutError, redis.ReadOnlyError, MasterNotFoundError):
        return False

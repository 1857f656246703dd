"""A whole topology: one primary, its replicas, and a quorum of sentinels of given kinds.

**Who leads** is made certain by `candidate`: every other sentinel gets a quorum that can never be reached. Such a
sentinel gives its honest opinion and its vote, but never sees ODOWN by itself, so it never stands for election.
"""

import time

from .sentinel import NAME, Sentinel
from .sentinel_conf import Monitor
from .server import Server
from .waiting import await_that

START_SECONDS = 15
DISCOVERY_SECONDS = 20
AGREEMENT_SECONDS = 30


class Cluster:
    def __init__(
        self,
        world,
        kinds,
        replicas=2,
        candidate=None,
        quorum=2,
        pace=None,
        places=None,  # hosts of a test network: server i and sentinel i live on host i
        sentinel_places=None,  # for sentinels that live elsewhere
        extra=(),  # more lines of each sentinel's conf
        password=None,  # of the sentinels
        server_extra=(),  # more lines of each server's conf
        server_password=None,
        tls=None,  # the `Identity` of all: everything is then through TLS
        name=NAME,  # by which the sentinels know it
        **monitor,  # more options of `Monitor`
    ):
        server_hosts, sentinel_hosts = _on(places, replicas + 1), _on(sentinel_places or places, len(kinds))
        servers = {"extra": server_extra, "password": server_password, "tls": tls}
        self.servers = [Server(world, **servers, **host) for host in server_hosts]
        self.primary = self.servers[0]
        self.name = name
        self.sentinels = []
        for i, kind in enumerate(kinds):
            stands = candidate is None or i == candidate
            own_quorum = quorum if stands else len(kinds) + 1
            watched = Monitor(name, *self.primary.address, quorum=own_quorum, **monitor)
            options = {"pace": pace, "extra": extra, "password": password, "tls": tls, **sentinel_hosts[i]}
            self.sentinels.append(Sentinel(world, kind, [watched], **options))

    # --- Life ---

    def start(self):
        start_clusters([self])
        return self

    def start_from_servers(self):
        """For tests that start the servers themselves, to configure them first."""
        start_clusters_from_servers([self])
        return self

    @property
    def replicas(self):
        return [server for server in self.servers if server is not self.primary]

    def server_at(self, address):
        return next(server for server in self.servers if server.address == address)

    def fail_over(self):
        """By order, to make an epoch pass."""
        self.sentinels[0].call("SENTINEL", "FAILOVER", self.name)
        self.await_new_primary()
        return self.await_agreement()

    def write_keys(self, count, prefix="key"):
        """To all servers, and awaits that the sentinels know of it by INFO."""
        self.primary.write_keys(count, prefix)
        offset = self.primary.info("replication")["master_repl_offset"]
        for replica in self.replicas:
            await_that(lambda: replica.key_count() == count, START_SECONDS, f"{replica.name} has all keys")
        for sentinel in self.sentinels:
            await_that(lambda: self._has_seen(sentinel, int(offset)), START_SECONDS, f"{sentinel.name} knows of them")

    def _has_seen(self, sentinel, offset):
        replicas = sentinel.replicas(self.name)
        return all(int(replicas[replica.port]["slave-repl-offset"]) >= offset for replica in self.replicas)

    # --- Waiting ---

    def await_replication(self):
        for replica in self.replicas:
            await_that(lambda: replica.follows(self.primary), START_SECONDS, f"{replica.name} follows the primary")

    def await_discovery(self, seconds=DISCOVERY_SECONDS):
        """Each sentinel knows each replica, with a link that is up, and each peer, and each is willing to act."""
        for sentinel in self.sentinels:
            await_that(lambda: self.has_discovered(sentinel), seconds, f"{sentinel.name} discovers all")
        return self

    def has_discovered(self, sentinel):
        replicas, peers = sentinel.replicas(self.name), sentinel.peers(self.name)
        assert set(replicas) == {replica.port for replica in self.replicas}, f"replicas {sorted(replicas)}"
        for port, fields in replicas.items():
            assert fields["flags"] == "slave", f"replica {port} has flags {fields['flags']}"
            assert fields["master-link-status"] == "ok", f"link of replica {port}: {fields['master-link-status']}"
            assert int(fields["slave-repl-offset"]) > 0, f"no offset of replica {port}"
        others = {other.port for other in self.sentinels if other is not sentinel}
        assert {int(fields["port"]) for fields in peers.values()} == others, f"peers {peers}"
        assert all(fields["flags"] == "sentinel" for fields in peers.values()), f"peers {peers}"
        assert sentinel.primary(self.name)["flags"] == "master", sentinel.primary(self.name)
        return True

    def await_new_primary(self, seconds=AGREEMENT_SECONDS, sentinels=None):
        """A sentinel tells another address than before. Returns that server, from now on `self.primary`."""
        old = self.primary.address
        asked = sentinels or self.running_sentinels()

        def moved():
            addresses = [sentinel.primary_address(self.name) for sentinel in asked]
            return next((address for address in addresses if address not in (None, old)), None)

        self.primary = self.server_at(await_that(moved, seconds, f"some sentinel has another primary than {old}"))
        return self.primary

    def await_agreement(self, seconds=AGREEMENT_SECONDS, sentinels=None, servers=None):
        """All running sentinels have `self.primary`, at one config epoch, and all running servers follow it.

        `sentinels` and `servers` are those of one side of a network. Returns the config epoch.
        """
        sentinels = sentinels or self.running_sentinels()
        servers = servers or [server for server in self.servers if server.running]
        for sentinel in sentinels:
            agrees = f"{sentinel.name} agrees on {self.primary.address}"
            await_that(lambda: self._agrees(sentinel, servers), seconds, agrees)
        for server in servers:
            if server is not self.primary:
                await_that(lambda: server.follows(self.primary), seconds, f"{server.name} follows {self.primary.name}")
        epochs = {sentinel.name: sentinel.primary(self.name)["config-epoch"] for sentinel in sentinels}
        assert len(set(epochs.values())) == 1, f"config epochs differ: {epochs}"
        return int(next(iter(epochs.values())))

    def await_rest(self, seconds=AGREEMENT_SECONDS):
        """For when it is open which one: all agree on some primary, and none is about to change that."""
        await_that(self.is_at_rest, seconds, "all sentinels agree on some primary")
        return self.await_agreement(seconds)

    def is_at_rest(self):
        """Whether all agree on some primary, from now on `self.primary`, and all servers follow it."""
        addresses = {sentinel.primary_address(self.name) for sentinel in self.running_sentinels()}
        assert len(addresses) == 1, f"they tell {addresses}"
        self.primary = self.server_at(*addresses)
        return all(self._agrees(sentinel, self.servers) for sentinel in self.running_sentinels())

    def _agrees(self, sentinel, servers):
        told = sentinel.primary_address(self.name)
        assert told == self.primary.address, f"it says {told}"
        fields = sentinel.primary(self.name)
        assert fields["flags"] == "master", f"flags {fields['flags']}"
        assert fields["role-reported"] == "master", f"role-reported {fields['role-reported']}"
        replicas = sentinel.replicas(self.name)
        assert set(replicas) == {replica.port for replica in self.replicas}, f"replicas {sorted(replicas)}"
        for replica in self.replicas:
            if replica in servers:
                self._assert_follows(replicas[replica.port])
        return True

    def _assert_follows(self, fields):
        assert fields["flags"] == "slave", f"replica {fields['port']} has flags {fields['flags']}"
        followed = fields["master-host"], int(fields["master-port"])
        assert followed == self.primary.address, f"replica {fields['port']} follows {followed}"
        assert fields["master-link-status"] == "ok", f"link of replica {fields['port']} is not up"

    def running_sentinels(self):
        return [sentinel for sentinel in self.sentinels if sentinel.running]

    def config_epoch(self):
        return max(int(sentinel.primary(self.name)["config-epoch"]) for sentinel in self.running_sentinels())


def start_together(servers):
    """All at once. Returns the instant at which the last of them answers."""
    for server in servers:
        server.launch()
    for server in servers:
        server.await_answer(lambda: server.call("PING") == "PONG", START_SECONDS, f"{server.name} answers PING")
    return time.monotonic()


def start_clusters(clusters):
    """Side by side, as they mostly wait."""
    start_together([server for cluster in clusters for server in cluster.servers])
    start_clusters_from_servers(clusters)


def start_clusters_from_servers(clusters):
    for cluster in clusters:
        for replica in cluster.replicas:
            replica.call("REPLICAOF", *cluster.primary.address)
    for cluster in clusters:
        cluster.await_replication()
    for cluster in clusters:
        for sentinel in cluster.sentinels:
            sentinel.start()
    for cluster in clusters:
        cluster.await_discovery()


def _on(places, count):
    """The options of each of `count` processes that say where it lives."""
    return [{}] * count if places is None else [{"host": place.address, "place": place} for place in places[:count]]

"""TLS everywhere: clients, servers, and sentinels among themselves, with real servers, the original and real clients."""

import signal
import socket
import ssl
import subprocess

import pytest
import redis.sentinel

from conftest import STOCK
from harness.cluster import NAME, Cluster
from harness.ports import free_port
from harness.resp import Connection
from harness.sentinel import Sentinel
from harness.sentinel_conf import Monitor
from harness.server import Server
from harness.tls import Authority
from harness.waiting import await_that


@pytest.fixture
def authority(world):
    return Authority(world.subdirectory("tls"))


@pytest.fixture
def identity(authority):
    return authority.issue("node")


def nobody():
    return [Monitor(NAME, "127.0.0.1", 1)]


# --- All of it ---


def library(cluster, identity):
    options = {
        "ssl": True,
        "ssl_certfile": str(identity.certificate),
        "ssl_keyfile": str(identity.key),
        "ssl_ca_certs": str(identity.authority),
        "socket_timeout": 2,
    }
    sentinels = [sentinel.address for sentinel in cluster.sentinels]
    return redis.sentinel.Sentinel(sentinels, sentinel_kwargs=options, **options)


@pytest.mark.parametrize("peers", ["alike", "stock"])
def test_failover_through_tls(world, subject, identity, peers):
    """Nothing in it is plain; a client library finds the old primary and the new one."""
    kinds = [subject] * 3 if peers == "alike" else [subject, STOCK, STOCK]
    cluster = Cluster(world, kinds, candidate=0, tls=identity).start()
    client = library(cluster, identity)
    assert client.discover_master(NAME) == cluster.primary.address
    assert client.master_for(NAME).set("key", "before")
    cluster.primary.kill()
    new = cluster.await_new_primary()
    cluster.await_agreement()
    await_that(lambda: client.master_for(NAME).set("key", "after"), 10, "writes flow again")
    assert new.call("GET", "key") == "after"
    for sentinel in client.sentinels:
        sentinel.close()


def test_servers_with_a_plain_port_too_are_found_once(world, subject, identity):
    """Replicas register the port of their replication: none may appear at the other as well (redis#12108)."""
    primary, replica = (Server(world, tls=identity, extra=[f"port {free_port()}"]) for _ in range(2))
    primary.start()
    replica.start(replica_of=primary)
    sentinel = Sentinel(world, subject, [Monitor(NAME, *primary.address, quorum=1)], tls=identity).start()
    await_that(lambda: sentinel.replicas()[replica.port]["master-link-status"] == "ok", 10, "the replica is found")
    assert set(sentinel.replicas()) == {replica.port}
    assert sentinel.primary()["flags"] == "master"


def test_links_through_tls_announce_the_port_for_them(world, subject, identity):
    server = Server(world, tls=identity).start()
    monitors = [Monitor(NAME, *server.address, quorum=1)]
    sentinel = Sentinel(world, subject, monitors, tls=identity, extra=[f"port {free_port()}"]).start()
    with server.connect() as connection:
        connection.call("SUBSCRIBE", "__sentinel__:hello")
        fields = connection.read_reply()[2].split(",")
    assert (fields[0], int(fields[1])) == sentinel.address


@pytest.mark.vedette_only("it does not say why")
def test_a_server_that_cannot_be_trusted_is_down_and_the_log_says_why(world, subject, identity):
    stranger = Authority(world.subdirectory("stranger")).issue("server")
    server = Server(world, tls=stranger).start()
    sentinel = Sentinel(world, subject, [Monitor(NAME, *server.address, quorum=1)], tls=identity).start()
    sentinel.await_log(f"TLS with 127.0.0.1:{server.port} failed: certificate verify failed: ")
    await_that(lambda: "s_down" in sentinel.primary()["flags"], 5, "the server counts as down")


# --- Clients ---


def test_clients_are_served_at_both_ports(world, subject, identity):
    plain_port = free_port()
    sentinel = Sentinel(world, subject, nobody(), tls=identity, extra=[f"port {plain_port}"]).start()
    command = ["redis-cli", "-p", sentinel.port, *identity.cli(), "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME]
    found = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True, timeout=10)
    assert found.stdout.split() == ["127.0.0.1", "1"]
    with Connection("127.0.0.1", plain_port) as plain:
        assert plain.call("PING") == "PONG"
    assert sentinel.info("server")["tcp_port"] == str(plain_port)


CERTIFICATES = {"yes": (True, False), "optional": (True, True), "no": (True, True)}


@pytest.mark.parametrize("rule", CERTIFICATES)
def test_clients_show_a_certificate_if_they_must(world, subject, authority, identity, rule):
    sentinel = Sentinel(world, subject, nobody(), tls=identity, extra=[f"tls-auth-clients {rule}"]).start()
    bare = ssl.create_default_context(cafile=authority.certificate)
    bare.check_hostname = False
    served = [is_served(sentinel, context) for context in (identity.client(), bare)]
    assert tuple(served) == CERTIFICATES[rule]


def is_served(sentinel, context):
    try:
        with Connection(*sentinel.address, tls=context) as connection:
            return connection.call("PING") == "PONG"
    except OSError:
        return False


def test_a_silent_client_keeps_nobody_waiting(world, subject, identity):
    sentinel = Sentinel(world, subject, nobody(), tls=identity)
    sentinel.start()
    silent = [socket.create_connection(sentinel.address) for _ in range(50)]
    assert is_served(sentinel, identity.client())
    for client in silent:
        client.close()


# --- Files ---


def certificate_of(sentinel, identity):
    with Connection(*sentinel.address, tls=identity.client()) as connection:
        return connection.socket.getpeercert(binary_form=True)


@pytest.mark.vedette_only("it has to be restarted")
@pytest.mark.parametrize("how", ["told", "by itself"])
def test_new_certificates_are_used_without_a_restart(world, subject, authority, identity, how):
    sentinel = Sentinel(world, subject, nobody(), tls=identity).start()
    before = certificate_of(sentinel, identity)
    authority.issue("node")
    if how == "told":
        sentinel.signal(signal.SIGHUP)
    await_that(lambda: certificate_of(sentinel, identity) != before, 10, "the new certificate is shown")
    assert sentinel.call("PING") == "PONG"  # on the connection that was there before


@pytest.mark.vedette_only("it has to be restarted")
def test_a_broken_certificate_leaves_the_old_one_in_use(world, subject, authority, identity):
    sentinel = Sentinel(world, subject, nobody(), tls=identity).start()
    client = identity.client()
    identity.certificate.write_text("broken")
    sentinel.signal(signal.SIGHUP)
    sentinel.await_log(
        f"Failed to reload the TLS certificates, those in use stay: tls-cert-file '{identity.certificate}': "
    )
    assert is_served(sentinel, client)
    authority.issue("node")
    sentinel.await_log("Reloaded the TLS certificates")


def test_an_encrypted_key(world, subject, authority):
    secret = "open sesame"
    identity = authority.issue("node", password=secret)
    sentinel = Sentinel(world, subject, nobody(), tls=identity, extra=[f'tls-key-file-pass "{secret}"'])
    sentinel.launch()
    client = authority.issue("client").client()
    await_that(lambda: is_served(sentinel, client), 10, "it serves")
    assert secret not in sentinel.log()


@pytest.mark.vedette_only("it names only some")
@pytest.mark.parametrize("directive", ["tls-cert-file", "tls-key-file", "tls-ca-cert-file", "tls-ca-cert-dir"])
def test_a_file_that_is_missing_is_named(world, subject, identity, directive):
    sentinel = Sentinel(world, subject, nobody(), tls=identity, extra=[f"{directive} /no/such/file"])
    sentinel.launch()
    assert sentinel.exit_status(seconds=5) == 1
    assert f"{directive} '/no/such/file': No such file or directory" in sentinel.log()

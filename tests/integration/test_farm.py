"""The farm of model servers that benchmarks use: sentinels must not see that its servers are none."""

import pytest

from harness.farm import Farm
from harness.resp import CommandError, Connection
from harness.sentinel import Sentinel
from harness.sentinel_conf import Monitor
from harness.waiting import await_that

PRIMARIES = 3


@pytest.fixture
def farm(world):
    return Farm(world, PRIMARIES).start()


def ask(farm, port, *words):
    with Connection(farm.host, port) as connection:
        return connection.call(*words)


def is_in_order(farm):
    servers = farm.servers()
    replicas = [server for server in servers.values() if server.port not in farm.primary_ports]
    return all(server.follows + 1 == server.port and server.synchronised for server in replicas)


def test_replicas_follow_their_primaries(farm):
    await_that(lambda: is_in_order(farm), 10, "all replicas are synchronised")
    primary = farm.primary_ports[1]
    assert f"slave0:ip={farm.host},port={primary + 1},state=online" in ask(farm, primary, "INFO")
    assert "master_link_status:up" in ask(farm, primary + 1, "INFO")


def test_a_killed_server_is_gone_until_it_is_started(farm):
    port = farm.primary_ports[0]
    with Connection(farm.host, port) as connection:
        run_id = connection.call("INFO").split("run_id:")[1].split()[0]
        farm.kill_servers([port])
        assert connection.read_until_closed() == b""
    with pytest.raises(ConnectionRefusedError):
        ask(farm, port, "PING")
    farm.start_servers([port])
    assert run_id not in ask(farm, port, "INFO")
    with pytest.raises(CommandError):
        farm.call("NONSENSE")


def test_sentinels_fail_over_all_at_once(world, farm, subject):
    monitors = [Monitor(f"group-{i}", farm.host, port) for i, port in enumerate(farm.primary_ports)]
    sentinels = [Sentinel(world, subject, monitors).start() for _ in range(3)]

    def has_discovered(sentinel):
        lines = [line for key, line in sentinel.info().items() if key.startswith("master") and key[6:].isdigit()]
        return len(lines) == PRIMARIES and all(line.endswith("slaves=1,sentinels=3") for line in lines)

    await_that(lambda: all(map(has_discovered, sentinels)), 10, "all is discovered")
    await_that(lambda: is_in_order(farm), 10, "all replicas have the data")
    farm.kill_servers(farm.primary_ports)
    promoted = [(farm.host, port + 1) for port in farm.primary_ports]

    def all_told():
        return all([s.primary_address(m.name) for m in monitors] == promoted for s in sentinels)

    await_that(all_told, 15, "all tell the promoted ones")
    farm.start_servers(farm.primary_ports)

    def all_follow():
        servers = farm.servers()
        return all(servers[port].follows == port + 1 and servers[port].synchronised for port in farm.primary_ports)

    await_that(all_follow, 30, "the old primaries are replicas")

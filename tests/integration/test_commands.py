"""The surface that clients see, side by side with the original: the same commands, types, field order and error texts.

Both sentinels watch the same topology. What depends on the process (ids, ports, times) is compared by type only.
"""

import shlex

import pytest

from harness.cluster import NAME, Cluster
from harness.resp import Error, Map, Push, as_dict, shape
from harness.sentinel import Kind


@pytest.fixture(scope="module")
def pair(module_world, subject):
    """(ours, the original)"""
    return Cluster(module_world, [subject, Kind.STOCK], replicas=1).start().sentinels


def both(pair, line, protocol=2):
    """The two replies to a line of words, each on a connection of its own."""
    replies = []
    for sentinel in pair:
        with sentinel.connect() as connection:
            if protocol == 3:
                connection.call("HELLO", 3)
            replies.append(connection.reply_to(*shlex.split(line)))
    return replies


SAME_REPLY = [
    "PING",
    "ping hello",
    "PING ''",
    "CLIENT GETNAME",
    "CLIENT SETNAME worker",
    "CLIENT SETNAME ''",
    "CLIENT KILL ID 999999",
    "CLIENT KILL ADDR 127.0.0.1:1",
    "CLIENT KILL TYPE replica",
    "SENTINEL GET-MASTER-ADDR-BY-NAME shop",
    "sentinel get-master-addr-by-name shop",
    "SENTINEL GET-MASTER-ADDR-BY-NAME nobody",
    "SENTINEL CKQUORUM shop",
    "SENTINEL PENDING-SCRIPTS",
    "SENTINEL SIMULATE-FAILURE help",
    "SENTINEL RESET no-such-*",
    "SENTINEL FLUSHCONFIG",
    "ROLE",
    "PUBLISH __sentinel__:hello nonsense",
    "SUBSCRIBE +sdown",
    "PSUBSCRIBE *",
    "UNSUBSCRIBE",
    "UNSUBSCRIBE +sdown",
    "PUNSUBSCRIBE",
]
SAME_ERROR = [
    "FOO",
    "foo a b",
    "GET x",
    "ECHO x",
    "CONFIG GET *",
    "FOO " + " ".join(["word"] * 40),
    "FOO " + "x" * 200,
    "PING a b",
    "AUTH",
    "AUTH wrong",
    "AUTH user wrong",
    "AUTH a b c",
    "HELLO 1",
    "HELLO 4",
    "HELLO x",
    "HELLO 3 AUTH",
    "HELLO 3 AUTH user wrong",
    "HELLO 3 SETNAME 'two words'",
    "HELLO 3 NONSENSE",
    "CLIENT",
    "CLIENT FOO",
    "CLIENT ID x",
    "CLIENT SETNAME",
    "CLIENT SETNAME 'two words'",
    "CLIENT KILL",
    "CLIENT KILL 127.0.0.1:1",
    "CLIENT KILL ID x",
    "CLIENT KILL TYPE x",
    "CLIENT KILL NONSENSE x",
    "CLIENT LIST TYPE x",
    "SUBSCRIBE",
    "PSUBSCRIBE",
    "PUBLISH",
    "PUBLISH a",
    "PUBLISH news text",
    "SHUTDOWN FOO",
    "ROLE x",
    "SENTINEL",
    "SENTINEL FOO",
    "SENTINEL FOO bar",
    "SENTINEL MASTER",
    "SENTINEL MASTER a b",
    "SENTINEL MASTER nobody",
    "SENTINEL MASTERS x",
    "SENTINEL REPLICAS",
    "SENTINEL REPLICAS nobody",
    "SENTINEL SLAVES nobody",
    "SENTINEL SENTINELS",
    "SENTINEL SENTINELS nobody",
    "SENTINEL GET-MASTER-ADDR-BY-NAME",
    "SENTINEL CKQUORUM",
    "SENTINEL CKQUORUM nobody",
    "SENTINEL FAILOVER",
    "SENTINEL FAILOVER nobody",
    "SENTINEL RESET",
    "SENTINEL MYID x",
    "SENTINEL FLUSHCONFIG x",
    "SENTINEL REMOVE",
    "SENTINEL REMOVE nobody",
    "SENTINEL MONITOR a 127.0.0.1 1",
    "SENTINEL MONITOR a 127.0.0.1 1 0",
    "SENTINEL MONITOR a 127.0.0.1 1 x",
    "SENTINEL MONITOR a 127.0.0.1 x 1",
    "SENTINEL MONITOR a 127.0.0.1 99999 1",
    "SENTINEL MONITOR a not-an-address 1 1",
    "SENTINEL MONITOR shop 127.0.0.1 1 1",
    "SENTINEL SET",
    "SENTINEL SET shop",
    "SENTINEL SET shop quorum",
    "SENTINEL SET nobody quorum 1",
    "SENTINEL SET shop nonsense 1",
    "SENTINEL SET shop quorum 0",
    "SENTINEL SET shop quorum x",
    "SENTINEL SET shop down-after-milliseconds 0",
    "SENTINEL SET shop down-after-milliseconds x",
    "SENTINEL SET shop failover-timeout -1",
    "SENTINEL SET shop parallel-syncs x",
    "SENTINEL SET shop notification-script /bin/true",
    "SENTINEL SIMULATE-FAILURE",
    "SENTINEL SIMULATE-FAILURE nonsense",
    "SENTINEL DEBUG nonsense 1",
    "SENTINEL DEBUG info-period",
    "SENTINEL DEBUG info-period x",
    "SENTINEL DEBUG info-period 0",
    "SENTINEL INFO-CACHE",
    "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 0",
    "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 x 0 *",
    "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 x *",
]
SAME_TYPE = [
    "HELLO",
    "HELLO 2",
    "HELLO 3",
    "CLIENT ID",
    "CLIENT LIST",
    "CLIENT INFO",
    "CLIENT HELP",
    "INFO",
    "INFO sentinel",
    "INFO server clients",
    "INFO no-such-section",
    "SENTINEL MYID",
    "SENTINEL INFO-CACHE shop",
    "SENTINEL INFO-CACHE nobody",
    "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 0 *",
]
NOT_YET = {"CONFIG", "PENDING-SCRIPTS"}


@pytest.mark.parametrize("protocol", [2, 3], ids=["resp2", "resp3"])
@pytest.mark.parametrize("line", SAME_REPLY)
def test_the_same_reply(pair, line, protocol):
    ours, stock = both(pair, line, protocol)
    assert not isinstance(stock, Error), f"this list is for what succeeds: {stock}"
    assert (shape(ours), ours) == (shape(stock), stock) or shape(ours) == shape(stock) == "$-1"


@pytest.mark.parametrize("line", SAME_ERROR, ids=lambda line: line[:60])
def test_the_same_error(pair, line):
    ours, stock = both(pair, line)
    assert isinstance(stock, Error), f"this list is for what fails: {stock}"
    assert isinstance(ours, Error)
    assert ours == stock


@pytest.mark.parametrize("protocol", [2, 3], ids=["resp2", "resp3"])
@pytest.mark.parametrize("line", SAME_TYPE)
def test_the_same_type(pair, line, protocol):
    ours, stock = both(pair, line, protocol)
    assert outline(ours) == outline(stock)


def outline(reply):
    """The shape, without the number of lines of a help or of fields of an info cache."""
    return shape(reply) if isinstance(reply, Map) or not isinstance(reply, list) else shape(reply)[:3]


def test_hello_has_the_same_fields(pair):
    for protocol in (2, 3):
        ours, stock = (as_dict(reply) for reply in both(pair, f"HELLO {protocol}"))
        assert list(ours) == list(stock) == ["server", "version", "proto", "id", "mode", "modules"]
        assert (ours["proto"], ours["mode"], ours["modules"]) == (stock["proto"], "sentinel", [])


def test_info_sentinel_has_the_same_lines(pair):
    ours, stock = ([line.split(":")[0] for line in reply.splitlines()] for reply in both(pair, "INFO sentinel"))
    assert ours == stock
    ours, stock = (reply.splitlines()[-1] for reply in both(pair, "INFO sentinel"))
    assert ours == stock  # master0:name=shop,status=ok,address=...,slaves=1,sentinels=2


def test_info_has_the_same_sections(pair):
    def sections(reply):
        return [line for line in reply.splitlines() if line.startswith("# ")]

    for line in ("INFO", "INFO all", "INFO default", "INFO everything", "INFO clients server"):
        ours, stock = both(pair, line)
        assert set(sections(ours)) == set(sections(stock)), line


def test_info_has_what_monitoring_reads(pair):
    ours = pair[0].info("everything")
    needed = ["redis_version", "redis_mode", "os", "process_id", "run_id", "tcp_port", "uptime_in_seconds"]
    needed += ["executable", "config_file", "connected_clients", "maxclients", "total_connections_received"]
    needed += ["used_cpu_sys", "used_cpu_user"]
    assert [name for name in needed if name not in ours] == []
    assert ours["redis_mode"] == "sentinel"
    assert (int(ours["tcp_port"]), int(ours["process_id"])) == (pair[0].port, pair[0].pid)


def test_info_cache_is_the_instances_own_info(pair):
    for reply in both(pair, f"SENTINEL INFO-CACHE {NAME}"):
        name, instances = reply
        assert name == NAME
        assert len(instances) == 2  # the primary and its replica
        for age, text in instances:
            assert age < 60_000
            assert "redis_version:" in text


def test_debug_shows_the_same_periods(pair):
    for protocol in (2, 3):
        ours, stock = both(pair, "SENTINEL DEBUG", protocol)
        assert type(ours) is type(stock)
        ours, stock = as_dict(ours), as_dict(stock)
        assert list(ours) == [name for name in stock if name in ours]
        assert ours == {name: stock[name] for name in ours}
        assert {name for name in stock if name not in ours} <= {"SCRIPT-MAX-RUNTIME", "SCRIPT-RETRY-DELAY"}


def test_help_lists_the_same_subcommands(pair):
    def subcommands(reply):
        return {line.split()[0] for line in reply if line[:1].isalpha()} - {"SENTINEL"}

    ours, stock = both(pair, "SENTINEL HELP")
    assert subcommands(stock) - NOT_YET <= subcommands(ours)
    assert all(isinstance(line, str) for line in ours)


def test_commands_inline_and_as_arrays_are_one(pair):
    """Load balancers send `PING` and a line end; some quote their words."""
    for sentinel in pair:
        with sentinel.connect() as connection:
            for line in (b"PING\r\n", b"ping\n", b"  PING  \r\n", b'"PING"\r\n', b"'ping'\r\n", b'"\\x50ING"\r\n'):
                connection.send(line)
                assert connection.read_reply() == "PONG", line
            connection.send(b"\r\n\r\nPING 'two words'\r\n")
            assert connection.read_reply() == "two words"
            connection.send(f"SENTINEL get-master-addr-by-name {NAME}\r\n".encode())
            assert connection.read_reply()[0] == "127.0.0.1"


def test_pipelined_commands_are_answered_in_order(pair):
    for sentinel in pair:
        with sentinel.connect() as connection:
            connection.send(b"".join(b"*2\r\n$4\r\nPING\r\n$4\r\n%04d\r\n" % number for number in range(2000)))
            assert [connection.read_reply() for _ in range(2000)] == [f"{number:04d}" for number in range(2000)]


def test_any_cut_of_the_bytes_gives_the_same(pair):
    data = b"*3\r\n$8\r\nSENTINEL\r\n$23\r\nget-master-addr-by-name\r\n$4\r\nshop\r\nPING\r\n"
    for sentinel in pair:
        with sentinel.connect() as connection:
            for at in range(1, len(data), 5):
                connection.send(data[:at])
                connection.send(data[at:])
                assert connection.read_reply()[0] == "127.0.0.1"
                assert connection.read_reply() == "PONG"


@pytest.mark.vedette_only("it has no QUIT in sentinel mode before 7.2")
def test_quit_says_goodbye(pair):
    with pair[0].connect() as connection:
        connection.send(b"PING\r\nQUIT\r\nPING\r\n")
        assert connection.read_until_closed() == b"+PONG\r\n+OK\r\n"


def test_a_subscriber_of_resp2_may_only_subscribe(pair):
    errors = []
    for sentinel in pair:
        with sentinel.connect() as connection:
            assert connection.call("SUBSCRIBE", "+sdown", "-sdown") == ["subscribe", "+sdown", 1]
            assert connection.read_reply() == ["subscribe", "-sdown", 2]
            assert connection.call("PSUBSCRIBE", "+switch*") == ["psubscribe", "+switch*", 3]
            errors.append(connection.reply_to("ROLE"))
            assert connection.call("PING") == ["pong", ""]
            assert connection.call("PING", "x") == ["pong", "x"]
            assert connection.call("UNSUBSCRIBE", "+sdown") == ["unsubscribe", "+sdown", 2]
    assert isinstance(errors[0], Error)
    assert errors[0] == errors[1]


def test_a_subscriber_of_resp3_may_do_all(pair):
    for sentinel in pair:
        with sentinel.connect() as connection:
            connection.call("HELLO", 3)
            assert shape(connection.call("SUBSCRIBE", "+set")) == ["push", "bulk", "bulk", "int"]
            assert connection.call("PING") == "PONG"
            assert connection.call("ROLE") == ["sentinel", [NAME]]
            with sentinel.connect() as other:
                other.call("SENTINEL", "SET", NAME, "parallel-syncs", 1)
            message = connection.read_reply()
            assert isinstance(message, Push)
            assert message[:2] == ["message", "+set"]
            assert message[2].endswith(" parallel-syncs 1")


def test_a_pattern_and_a_channel_both_deliver(pair):
    for sentinel in pair:
        with sentinel.connect() as connection:
            connection.call("SUBSCRIBE", "+set")
            connection.call("PSUBSCRIBE", "+s?t")
            with sentinel.connect() as other:
                other.call("SENTINEL", "SET", NAME, "parallel-syncs", 1)
            first, second = connection.read_reply(), connection.read_reply()
            assert first[:2] == ["message", "+set"]
            assert second == ["pmessage", "+s?t", "+set", first[2]]


def test_clients_are_listed_and_killed(pair):
    for sentinel in pair:
        with sentinel.connect() as victim, sentinel.connect() as killer:
            victim.call("CLIENT", "SETNAME", "victim")
            number = victim.call("CLIENT", "ID")
            listed = [client_fields(line) for line in killer.call("CLIENT", "LIST").splitlines()]
            mine = next(fields for fields in listed if fields["name"] == "victim")
            assert int(mine["id"]) == number
            assert mine["addr"] == "127.0.0.1:%d" % victim.socket.getsockname()[1]
            assert mine["laddr"] == f"127.0.0.1:{sentinel.port}"
            assert mine["cmd"] == "client|id"
            assert killer.call("CLIENT", "KILL", "ID", number) == 1
            assert victim.read_until_closed() == b""


def client_fields(line):
    return dict(word.split("=", 1) for word in line.split())


def test_client_list_has_the_same_fields(pair):
    ours, stock = (list(client_fields(reply.splitlines()[0])) for reply in both(pair, "CLIENT LIST"))
    assert [name for name in stock if name in ours] == [name for name in ours if name in stock]
    needed = {"id", "addr", "laddr", "fd", "name", "age", "idle", "flags", "db", "sub", "psub", "cmd", "user", "resp"}
    assert needed <= set(ours)


def test_client_kill_of_all_normal_ones_spares_subscribers(pair):
    for sentinel in pair:
        with sentinel.connect() as normal, sentinel.connect() as subscriber, sentinel.connect() as killer:
            normal.call("PING")
            subscriber.call("SUBSCRIBE", "+sdown")
            assert killer.call("CLIENT", "KILL", "TYPE", "normal") >= 1
            assert normal.read_until_closed() == b""
            assert subscriber.call("PING") == ["pong", ""]
            assert killer.call("CLIENT", "KILL", "TYPE", "pubsub", "SKIPME", "yes") >= 1
            assert subscriber.read_until_closed() == b""
        sentinel.events.listen(sentinel.connect())

"""What clients see beyond single answers, side by side with the original.

Both sentinels watch the same topology. What depends on the process (ids, ports, times) is compared by type only.
"""

import shlex
import time

import pytest

from harness.cluster import NAME, Cluster
from harness.resp import Error, Push, as_dict, client_fields, encode, shape
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
    assert subcommands(stock) <= subcommands(ours)
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


def test_command_info_tells_what_both_know_alike(pair):
    for protocol in (2, 3):
        ours, stock = ({row[0]: row for row in reply} for reply in both(pair, "COMMAND", protocol))
        assert len(ours) == both(pair, "COMMAND COUNT")[0]
        for name, row in stock.items():
            mine = ours[name]
            subcommands, known = ({sub[0]: sub for sub in command[9]} for command in (row, mine))
            assert mine[:9] == row[:9]
            subcommands.get("sentinel|failover", [None] * 2)[1] = -3  # DRYRUN may follow
            assert subcommands == {sub: known.get(sub) for sub in subcommands}


def test_command_list_names_what_is_there(pair):
    for sentinel in pair:
        with sentinel.connect() as connection:
            names = connection.call("COMMAND", "LIST")
            assert len(set(names)) == len(names)
            assert connection.call("COMMAND", "LIST", "FILTERBY", "PATTERN", "*") == names
            rows = connection.call("COMMAND", "INFO", *names)
            assert [row[0] for row in rows] == names
            assert connection.call("COMMAND", "COUNT") == len([name for name in names if "|" not in name])


def test_every_command_is_documented(pair):
    with pair[0].connect() as connection:
        connection.call("HELLO", 3)
        documented = as_dict(connection.call("COMMAND", "DOCS"))
        assert list(documented) == [row[0] for row in connection.call("COMMAND")]
        for docs in map(as_dict, documented.values()):
            assert list(docs)[:4] == ["summary", "since", "group", "complexity"]
            assert all(docs[name] for name in ("summary", "since", "group", "complexity"))


def test_replies_go_to_those_who_want_them(pair):
    """The bytes of a whole pipeline, since what is not said cannot be awaited."""
    pipelines = [
        ["CLIENT REPLY OFF", "PING", "FOO", "CLIENT REPLY ON", "PING end"],
        ["CLIENT REPLY SKIP", "PING", "PING end"],
        ["CLIENT REPLY SKIP", "CLIENT REPLY SKIP", "PING a", "PING end"],
        ["CLIENT REPLY SKIP", "SENTINEL FLUSHCONFIG", "PING end"],
        ["CLIENT REPLY OFF", "SENTINEL RESET nobody", "CLIENT REPLY FOO", "CLIENT REPLY ON", "PING end"],
        ["CLIENT REPLY SKIP", "SUBSCRIBE x", "PING end"],
        ["HELLO 3", "CLIENT REPLY OFF", "SUBSCRIBE x y", "CLIENT REPLY ON", "PING end"],
    ]
    for lines in pipelines:
        told = []
        for sentinel in pair:
            with sentinel.connect() as connection:
                connection.send(b"".join(encode(*line.split()) for line in lines))
                replies = [connection.read_reply()]
                while "end" not in replies[-1]:
                    replies.append(connection.read_reply())
                told.append(replies[1:] if lines[0].startswith("HELLO") else replies)
        assert told[0] == told[1], lines


def test_a_pause_holds_up_everyone(pair):
    for sentinel in pair:
        with sentinel.connect() as one, sentinel.connect() as other:
            begin = time.monotonic()
            assert one.call("CLIENT", "PAUSE", 300) == "OK"
            assert other.call("PING") == "PONG"
            assert one.call("PING") == "PONG"
            assert time.monotonic() - begin >= 0.3


@pytest.mark.vedette_only("7.0 takes one setting at a time, and not all of these")
def test_config_set_changes_all_or_nothing(pair):
    with pair[0].connect() as connection:
        assert connection.call("SENTINEL", "CONFIG", "SET", "announce-hostnames", "yes", "loglevel", "debug") == "OK"
        shown = as_dict(connection.call("SENTINEL", "CONFIG", "GET", "announce-h*", "loglevel"))
        assert shown == {"announce-hostnames": "yes", "loglevel": "debug"}
        assert "sentinel announce-hostnames yes" in pair[0].conf_path.read_text()
        connection.call("PUBLISH", "__sentinel__:hello", "nonsense")
        pair[0].await_log("Ignoring a hello")
        refused = connection.reply_to("SENTINEL", "CONFIG", "SET", "announce-hostnames", "no", "announce-port", "x")
        assert refused == "ERR Invalid value 'x' to SENTINEL CONFIG SET 'announce-port'"
        assert connection.call("SENTINEL", "CONFIG", "GET", "announce-hostnames")[1] == "yes"
        assert connection.call("SENTINEL", "CONFIG", "SET", "announce-hostnames", "no", "loglevel", "notice") == "OK"
        assert "announce-hostnames" not in pair[0].conf_path.read_text()


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

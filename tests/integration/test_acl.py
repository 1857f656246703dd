"""Users and what they may do, side by side with the original: rules, refusals, the log, and the files."""

import re
import shlex

import pytest

from harness.resp import Connection, Error, as_dict, shape
from harness.sentinel import Kind, Sentinel


@pytest.fixture(scope="module")
def pair(module_world, subject):
    """(ours, the original)"""
    return [Sentinel(module_world, kind).start() for kind in (subject, Kind.STOCK)]


def both(pair, lines, protocol=2):
    """The replies of each to these lines, on one connection, and the users as they were before."""
    replies = []
    for sentinel in pair:
        with Connection(*sentinel.address) as connection:
            if protocol == 3:
                connection.call("HELLO", 3)
            replies.append([connection.reply_to(*shlex.split(line)) for line in lines])
        sentinel.call("ACL", "DELUSER", "u", "v")
    return replies


# Each is a whole life of a user; what GETUSER and LIST then tell must be the same, word for word.
RULES = [
    "",
    "on >foo >bar",
    "on >foo <foo nopass",
    "ON AllKeys ALLCHANNELS AllCommands",
    "on nopass skip-sanitize-payload",
    "on >foo ~* &* +@all reset",
    "#2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    "~a %R~b %W~c %RW~d %W~b",
    "~a ~a resetkeys ~b",
    "%R~* %W~*",
    "&a &b &a",
    "&a resetchannels",
    "+ping",
    "+@pubsub",
    "+@all -ping",
    "+@all -@admin",
    "+sentinel|masters",
    "+ping|a +PING|B",
    "'(+ping ~x)' '(-@all +client|id &a)'",
    "(+ping ~x %R~y )",
    "(+ping ( )",
    "()",
    "'(+ping)' clearselectors",
]

BAD_RULES = [
    "nonsense",
    "+foo",
    "-foo",
    "+",
    "+@foo",
    "-@foo",
    "+client|",
    "+foo|bar",
    "-ping|foo",
    "+sentinel|foo",
    "+sentinel|masters|x",
    "<foo",
    "#abc",
    "!abc",
    "'~a b'",
    "'&a b'",
    "%~x",
    "%RR~x",
    "%",
    "allkeys ~x",
    "allchannels &x",
    "(on)",
    "(+foo)",
    "(+ping",
    "')'",
    "'(+ping)(~x)'",
    "(+ping '(~x)' )",
]


@pytest.mark.parametrize("protocol", [2, 3], ids=["resp2", "resp3"])
@pytest.mark.parametrize("rules", RULES)
def test_rules_are_told_alike(pair, rules, protocol):
    ours, stock = both(pair, [f"ACL SETUSER u {rules}", "ACL GETUSER u", "ACL LIST", "ACL USERS"], protocol)
    assert stock[0] == "OK"
    assert ours == stock
    assert shape(ours[1]) == shape(stock[1])


@pytest.mark.parametrize("rules", BAD_RULES)
def test_bad_rules_are_refused_alike_and_change_nothing(pair, rules):
    ours, stock = both(pair, ["ACL SETUSER u on", f"ACL SETUSER u off {rules}", "ACL GETUSER u"])
    assert isinstance(stock[1], Error)
    assert ours == stock


LINES = [
    "ACL",
    "ACL FOO",
    "ACL CAT",
    "ACL CAT nonsense",
    "ACL CAT a b",
    "ACL DELUSER",
    "ACL DELUSER default",
    "ACL DELUSER nobody",
    "ACL DRYRUN default",
    "ACL DRYRUN nobody ping",
    "ACL DRYRUN default nonsense",
    "ACL DRYRUN default ping",
    "ACL DRYRUN default sentinel",
    "ACL DRYRUN default sentinel nonsense",
    "ACL DRYRUN default publish x",
    "ACL GENPASS 0",
    "ACL GENPASS 4097",
    "ACL GENPASS x",
    "ACL GENPASS 1 2",
    "ACL GETUSER",
    "ACL GETUSER nobody",
    "ACL LIST x",
    "ACL LOAD",
    "ACL LOG x",
    "ACL LOG -1",
    "ACL LOG 1 2",
    "ACL LOG RESET",
    "ACL SAVE",
    "ACL SETUSER",
    "ACL SETUSER 'a b'",
    "ACL USERS x",
    "ACL WHOAMI",
    "ACL WHOAMI x",
    "ACL HELP x",
]


@pytest.mark.parametrize("protocol", [2, 3], ids=["resp2", "resp3"])
@pytest.mark.parametrize("line", LINES)
def test_the_same_reply(pair, line, protocol):
    ours, stock = both(pair, [line], protocol)
    assert shape(ours[0]) == shape(stock[0])
    assert ours == stock or not stock[0]


def test_categories_hold_the_same_commands(pair):
    """But for the commands that only one of the two has."""
    everything = [set(), set()]
    categories = pair[0].call("ACL", "CAT")
    members = [{name: set(one.call("ACL", "CAT", name)) for name in categories} for one in pair]
    for one, groups in zip(everything, members):
        one.update(*groups.values())
    common = everything[0] & everything[1]
    assert len(common) > 50
    for name in categories:
        ours, stock = (groups[name] & common for groups in members)
        assert ours == stock, name


def test_generated_passwords_have_the_same_length(pair):
    for sentinel in pair:
        lengths = [len(sentinel.call("ACL", "GENPASS", *bits)) for bits in ([], [1], [5], [4096])]
        assert lengths == [64, 1, 2, 1024]
        assert sentinel.call("ACL", "GENPASS") != sentinel.call("ACL", "GENPASS")


REQUESTS = [
    "PING",
    "SENTINEL MASTERS",
    "SENTINEL MASTER nobody",
    "SENTINEL",
    "SENTINEL FOO",
    "FOO",
    "SUBSCRIBE +x +y",
    "PSUBSCRIBE +*",
    "PSUBSCRIBE +x",
    "PUBLISH +y text",
    "PUBLISH +x text",
    "ACL WHOAMI",
    "AUTH u wrong",
    "AUTH u foo",
    "HELLO 2 AUTH u foo",
]


@pytest.mark.parametrize("line", REQUESTS)
def test_the_same_refusals(pair, line):
    user = "ACL SETUSER u on >foo resetchannels &+x +sentinel|masters +@pubsub"
    ours, stock = both(pair, [user, "AUTH u foo", line])
    assert shape(ours[2])[:2] == shape(stock[2])[:2]
    assert ours[2] == stock[2] or not isinstance(stock[2], Error)


@pytest.mark.parametrize("line", REQUESTS[:2] + REQUESTS[6:11])
def test_dry_runs_tell_the_same(pair, line):
    user = "ACL SETUSER u on >foo resetchannels &+x +sentinel|masters +subscribe '(+publish &+y)'"
    ours, stock = both(pair, [user, f"ACL DRYRUN u {line}"])
    assert ours == stock


@pytest.mark.parametrize("protocol", [2, 3], ids=["resp2", "resp3"])
def test_the_log_tells_the_same(pair, protocol):
    lines = ["ACL LOG RESET", "ACL SETUSER u on >foo +@pubsub +acl &+x", "AUTH u wrong", "AUTH nobody foo"]
    lines += ["AUTH u foo", "PING", "ping", "SUBSCRIBE +y", "ACL LOG 3", "ACL LOG"]
    ours, stock = both(pair, lines, protocol)
    assert shape(ours[-2]) == shape(stock[-2])
    ours, stock = ([as_dict(entry) for entry in replies[-1]] for replies in (ours, stock))
    for entry in ours + stock:
        assert 0 <= float(entry.pop("age-seconds")) < 5
        entry["client-info"] = re.findall(r"(?:cmd|user)=\S+", entry["client-info"])
    assert ours == stock
    assert [entry["reason"] for entry in ours] == ["channel", "command", "auth", "auth"]


def test_connections_end_with_their_users(pair):
    for sentinel in pair:
        sentinel.call("ACL", "SETUSER", "u", "on", "nopass", "+@all", "allchannels")
        connections = [Connection(*sentinel.address) for _ in range(3)]
        listener, idle, own = connections
        for connection in connections:
            connection.call("AUTH", "u", "any")
        listener.call("SUBSCRIBE", "+x")
        sentinel.call("ACL", "SETUSER", "u", "resetchannels", "&+x*")
        assert listener.reply_to("PING") == ["pong", ""]
        sentinel.call("ACL", "SETUSER", "u", "resetchannels")
        assert listener.read_until_closed() == b""
        assert idle.call("PING") == "PONG"
        assert own.call("ACL", "DELUSER", "u") == 1
        assert own.read_until_closed() == b""
        assert idle.read_until_closed() == b""
        for connection in connections:
            connection.close()


# --- Files ---


def test_users_of_the_conf_survive_in_both_programs(world, subject):
    """Users of one program, saved by the other, and back: what they may do stays the same."""
    extra = ["user alice on >wonder ~* &+switch* -@all +@pubsub +sentinel|masters (+ping)", "requirepass opensesame"]
    sentinel = Sentinel(world, subject, extra=extra, password="opensesame").start()
    sentinel.call("ACL", "SETUSER", "bob", "on", ">builder", "+@all", "-@admin", "%R~x")
    users = sentinel.call("ACL", "LIST")
    assert "user alice on >wonder" in sentinel.saved_conf().text or subject is Kind.STOCK
    for kind in (Kind.STOCK, subject):
        assert sentinel.terminate() == 0
        sentinel.use(kind)
        sentinel.start()
        told = [line.replace(" sanitize-payload", "") for line in sentinel.call("ACL", "LIST")]
        assert sorted(told) == sorted(users)
        sentinel.call("SENTINEL", "FLUSHCONFIG")
        assert "builder" not in sentinel.conf().text
    with Connection(*sentinel.address) as connection:
        assert connection.call("AUTH", "bob", "builder") == "OK"
        assert connection.call("AUTH", "alice", "wonder") == "OK"
        assert isinstance(connection.reply_to("ACL", "LIST"), Error)


def test_an_acl_file_is_loaded_and_saved(world, subject):
    sentinel = Sentinel(world, subject)
    path = sentinel.directory / "users.acl"
    path.write_text("user default on nopass ~* &* +@all\nuser alice on >wonder +ping\n")
    with sentinel.conf_path.open("a") as conf:
        conf.write(f"aclfile {path}\n")
    sentinel.start()
    assert "alice" in sentinel.call("ACL", "USERS")
    path.write_text("user default on nopass ~* &* +@all\nuser bob on +foo\nuser bob\n")
    error = sentinel.reply_to("ACL", "LOAD")
    assert error == Error(
        f"ERR {path}:2: Error in applying operation '+foo': Unknown command or category name in ACL. WARNING: Duplicate "
        "user 'bob' found on line 3. WARNING: ACL errors detected, no change to the previously active ACL rules was "
        "performed"
    )
    assert "alice" in sentinel.call("ACL", "USERS")
    sentinel.call("ACL", "SETUSER", "carol", "on", ">secret")
    assert sentinel.call("ACL", "SAVE") == "OK"
    assert sorted(path.read_text().splitlines()) == sorted(sentinel.call("ACL", "LIST"))
    with Connection(*sentinel.address) as connection:
        connection.call("AUTH", "alice", "wonder")
        path.write_text("user default on nopass ~* &* +@all\n")
        assert sentinel.call("ACL", "LOAD") == "OK"
        assert connection.read_until_closed() == b""
    assert sentinel.call("ACL", "USERS") == ["default"]
    path.unlink()
    assert sentinel.reply_to("ACL", "LOAD") == Error(
        f"ERR Error loading ACLs, opening file '{path}': No such file or directory"
    )
    assert "user" not in [words[0] for words in sentinel.saved_conf().directives]


@pytest.mark.parametrize("line", ["user a on +foo", "user a on <secret", "aclfile nowhere.acl"])
def test_a_mistake_in_the_users_stops_the_start(world, subject, line):
    sentinel = Sentinel(world, subject, extra=[line])
    sentinel.launch()
    assert sentinel.exit_status() == 1
    assert subject is Kind.STOCK or "secret" not in sentinel.log()

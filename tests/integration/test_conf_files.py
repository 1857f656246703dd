"""Configuration files as they are found in the wild, included files, a separate state file, and the way to and fro."""

import pathlib

import pytest

from harness.cluster import NAME, Cluster
from harness.fake import Fake, silent
from harness.process import bound_by_file_modes
from harness.resp import encode
from harness.sentinel import Kind, Sentinel
from harness.sentinel_conf import ConfFile, Monitor
from harness.server import Server
from harness.waiting import await_that

ID = "0123456789abcdef0123456789abcdef01234567"

# What the Helm charts and operators of the world generate, in our own words. Each is put into the file as it stands.
BITNAMI_LIKE = f"""\
dir "/tmp"
port {{port}}
sentinel monitor mymaster 127.0.0.1 6379 2
sentinel down-after-milliseconds mymaster 60000
sentinel failover-timeout mymaster 180000
sentinel parallel-syncs mymaster 1

# User-supplied sentinel configuration:

# End of sentinel configuration
sentinel myid {ID}
sentinel announce-hostnames no
sentinel resolve-hostnames no
sentinel announce-port {{port}}
sentinel announce-ip "127.0.0.1"
"""

OPERATOR_LIKE = """\
sentinel monitor mymaster 127.0.0.1 6379 2
sentinel down-after-milliseconds mymaster 1000
sentinel failover-timeout mymaster 3000
sentinel parallel-syncs mymaster 2
port {port}
"""

APPENDED_BY_A_SCRIPT = """\
bind 0.0.0.0
port {port}
daemonize no
protected-mode no
logfile ""
dir .
loglevel notice
tcp-backlog 511
tcp-keepalive 300
timeout 0
maxclients 10000

SENTINEL monitor   mymaster 127.0.0.1 6379   2
SENTINEL Down-After-Milliseconds mymaster 5000
sentinel parallel-syncs mymaster 1
sentinel failover-timeout mymaster 10000
sentinel deny-scripts-reconfig yes
sentinel config-epoch mymaster 0
sentinel leader-epoch mymaster 0
sentinel current-epoch 0
save ""
maxmemory 1gb
"""

DEBIANS = pathlib.Path("/etc/redis/sentinel.conf")

WILD = {
    "bitnami": (BITNAMI_LIKE, "60000"),
    "operator": (OPERATOR_LIKE, "1000"),
    "script": (APPENDED_BY_A_SCRIPT, "5000"),
    "windows": (OPERATOR_LIKE.replace("\n", "\r\n"), "1000"),
    "tabs": (OPERATOR_LIKE.replace(" ", "\t"), "1000"),
    "indented": ("  " + OPERATOR_LIKE.replace("\n", "  \n\t"), "1000"),
    "quoted": (OPERATOR_LIKE.replace("mymaster", '"mymaster"').replace("1000", "'1000'"), "1000"),
    "escaped": (OPERATOR_LIKE.replace("mymaster", r'"my\x6daster"'), "1000"),
    "no last line end": (OPERATOR_LIKE.rstrip("\n"), "1000"),
}


def on_text(world, kind, text):
    sentinel = Sentinel(world, kind)
    sentinel.conf_path.write_bytes(text.replace("{port}", str(sentinel.port)).encode())
    return sentinel


@pytest.mark.parametrize("case", WILD)
def test_files_of_the_wild_are_understood(world, subject, case):
    text, down_after = WILD[case]
    sentinel = on_text(world, subject, text).start()
    fields = sentinel.primary("mymaster")
    assert (fields["ip"], fields["port"], fields["quorum"]) == ("127.0.0.1", "6379", "2")
    assert fields["down-after-milliseconds"] == down_after
    if ID in text:
        assert sentinel.id() == ID


@pytest.mark.parametrize("case", WILD)
def test_files_of_the_wild_go_to_and_fro(world, subject, case):
    """Stock starts from what we made of it, we from what stock made of that, and nothing is lost."""
    sentinel = on_text(world, Kind.STOCK, WILD[case][0]).start()
    sentinel.call("SENTINEL", "SET", "mymaster", "quorum", 3)
    runid, before = sentinel.id(), sentinel.primary("mymaster")
    for kind in (subject, Kind.STOCK, subject):
        assert sentinel.terminate() == 0
        sentinel.use(kind)
        sentinel.start()
        after = sentinel.primary("mymaster")
        assert sentinel.id() == runid
        for field in ("ip", "port", "quorum", "down-after-milliseconds", "failover-timeout", "parallel-syncs"):
            assert after[field] == before[field], (kind, field)


@pytest.mark.vedette_only("it writes line ends of its own")
def test_windows_line_ends_stay(world, subject):
    sentinel = on_text(world, subject, WILD["windows"][0]).start()
    sentinel.call("SENTINEL", "SET", "mymaster", "quorum", 3)
    text = sentinel.conf_path.read_bytes().decode()
    assert text.count("\n") == text.count("\r\n") > 5


@pytest.mark.skipif(not DEBIANS.exists(), reason="needs Debian's redis-sentinel")
def test_debians_file_goes_to_and_fro(world, subject):
    sentinel = Sentinel(world, Kind.STOCK)
    text = DEBIANS.read_text().replace("26379", str(sentinel.port)).replace("daemonize yes", "daemonize no")
    for place in ("/run/sentinel", "/var/log/redis", "/var/lib/redis"):
        text = text.replace(place, str(sentinel.directory))
    sentinel.conf_path.write_text(text)
    sentinel.start()
    runid = sentinel.id()
    for kind in (subject, Kind.STOCK, subject):
        assert sentinel.terminate() == 0
        before = comments_of(sentinel.conf())
        sentinel.use(kind)
        sentinel.start()
        assert sentinel.id() == runid
        assert sentinel.primary("mymaster")["quorum"] == "2"
        assert kind is Kind.STOCK or comments_of(sentinel.saved_conf()) == before


def comments_of(conf):
    return [line for line in conf.lines if line.startswith("#") and not line.startswith("# vedette: ")]


@pytest.mark.parametrize(
    "line",
    ["port 1 # our port", "sentinel monitor shop 127.0.0.1 6379 2 # the shop", "loglevel notice # quiet"],
)
def test_a_comment_needs_a_line_of_its_own(world, subject, line):
    sentinel = Sentinel(world, subject, extra=[line])
    sentinel.launch()
    assert sentinel.exit_status(seconds=5) == 1
    assert line in sentinel.log()


def test_escapes_in_passwords_are_undone(world, subject):
    """The instance is the witness."""
    witness = Fake(world, silent)
    text = f'port {{port}}\nsentinel monitor shop 127.0.0.1 {witness.port} 1\nsentinel auth-pass shop "a\\"b\\x41 c"\n'
    on_text(world, subject, text).start()
    await_that(lambda: encode("AUTH", 'a"bA c') in witness.everything_received(), 10, "the password arrives")


# --- Included files ---


@pytest.fixture
def including(world, subject):
    """A sentinel with a primary that an included file has."""
    primary = Server(world).start()
    sentinel = Sentinel(world, subject, extra=["include primaries/*.conf"])
    (sentinel.directory / "primaries").mkdir()
    sentinel.included = sentinel.directory / "primaries" / "shop.conf"
    sentinel.included.write_text(f"sentinel monitor {NAME} 127.0.0.1 {primary.port} 2\n")
    sentinel.primary_server = primary
    return sentinel


def test_included_files_count(including):
    (including.directory / "primaries" / "z.conf").write_text(f"sentinel parallel-syncs {NAME} 7\n")
    including.start()
    assert including.primary_address() == including.primary_server.address
    assert including.primary()["parallel-syncs"] == "7"


@pytest.mark.vedette_only("it finds the primary twice (redis#1980)")
def test_an_included_primary_does_not_stop_the_next_start(including):
    included = including.included.read_bytes()
    including.start()
    including.call("SENTINEL", "SET", NAME, "quorum", 3)
    including.restart()
    assert including.primary()["quorum"] == "3"
    assert including.included.read_bytes() == included


@pytest.mark.vedette_only("it finds the primary twice (redis#1980)")
def test_an_included_primary_can_move(world, subject):
    cluster = Cluster(world, [subject] * 3, candidate=0)
    included = world.directory / "shop.conf"
    mover = cluster.sentinels[0]
    lines = mover.conf().lines
    included.write_text("\n".join(line for line in lines if line.startswith("sentinel")) + "\n")
    others = [line for line in lines if not line.startswith("sentinel")]
    mover.conf_path.write_text("\n".join([*others, f"include {included}", ""]))
    before = included.read_bytes()
    cluster.start()
    mover.call("SENTINEL", "FAILOVER", NAME)
    cluster.await_new_primary()
    cluster.await_agreement()
    mover.restart()
    assert mover.primary_address() == cluster.primary.address
    assert included.read_bytes() == before


def test_a_missing_included_file_stops_the_start(world, subject):
    sentinel = Sentinel(world, subject, extra=["include /no/such/file.conf"])
    sentinel.launch()
    assert sentinel.exit_status(seconds=5) == 1
    assert "/no/such/file.conf': No such file or directory" in sentinel.log()


@pytest.mark.vedette_only("it recurses until it crashes")
def test_files_that_include_each_other_stop_the_start(world, subject):
    sentinel = Sentinel(world, subject)
    sentinel.conf_path.write_text(f"port {sentinel.port}\ninclude {sentinel.conf_path}\n")
    sentinel.launch()
    assert sentinel.exit_status(seconds=5) == 1
    assert "includes itself" in sentinel.log()


# --- The state in a file of its own ---


def with_state_file(world, subject, lines, state):
    """On a conf that it could not write if it wanted to."""
    sentinel = Sentinel(world, subject, prefix=bound_by_file_modes())
    place = world.subdirectory(f"conf-{sentinel.port}")
    sentinel.state_path = state
    text = "\n".join([f"port {sentinel.port}", "bind 127.0.0.1", f"sentinel state-file {state}", *lines, ""])
    sentinel.conf_path.write_text(text)
    sentinel.move_conf(place)
    sentinel.conf_path.chmod(0o444)
    place.chmod(0o555)
    world.on_close(lambda: place.chmod(0o755))
    return sentinel


STATE_FILE = pytest.mark.vedette_only("it keeps its state in the conf", run=False)


@STATE_FILE
def test_the_conf_may_be_read_only(world, subject):
    cluster = Cluster(world, [subject] * 3, candidate=0)
    lines = list(Monitor(NAME, *cluster.primary.address).lines())
    state = world.subdirectory("state") / "sentinel.state"
    mover = cluster.sentinels[0] = with_state_file(world, subject, lines, state)
    conf = mover.conf_path.read_bytes()
    cluster.start()
    mover.call("SENTINEL", "FAILOVER", NAME)
    cluster.await_new_primary()
    epoch = cluster.await_agreement()
    mover.call("SENTINEL", "SET", NAME, "parallel-syncs", 5)
    runid = mover.id()
    mover.restart()
    assert mover.id() == runid
    assert mover.primary_address() == cluster.primary.address
    assert mover.primary()["parallel-syncs"] == "5"
    assert int(mover.primary()["config-epoch"]) == epoch
    assert mover.conf_path.read_bytes() == conf
    assert [path.name for path in mover.conf_path.parent.iterdir()] == ["sentinel.conf"]
    cluster.await_discovery()


@STATE_FILE
def test_the_state_of_a_stock_conf_is_taken_over_and_given_back(world, subject):
    """From stock to a separate state file and back, with nothing lost."""
    cluster = Cluster(world, [Kind.STOCK, subject, Kind.STOCK], candidate=0).start()
    mover = cluster.sentinels[0]
    mover.call("SENTINEL", "FAILOVER", NAME)
    cluster.await_new_primary()
    cluster.await_agreement()
    before = mover.saved_conf().state(NAME)
    assert mover.terminate() == 0

    state = mover.directory / "state"
    with_state = mover.conf_path.read_text() + f"sentinel state-file {state}\n"
    mover.conf_path.write_text(with_state)
    mover.use(subject)
    mover.start()
    mover.call("SENTINEL", "FLUSHCONFIG")
    assert ConfFile(state).state(NAME) == before
    assert mover.conf_path.read_text() == with_state
    cluster.await_discovery()
    mover.call("SENTINEL", "FAILOVER", NAME)
    cluster.await_new_primary()
    cluster.await_agreement()
    assert mover.terminate() == 0
    later = ConfFile(state).state(NAME)
    assert later["config-epoch"] > before["config-epoch"]

    server = [line for line in with_state.splitlines() if not line.startswith("sentinel")]
    mover.conf_path.write_text("\n".join(server) + "\n" + state.read_text())
    mover.use(Kind.STOCK)
    mover.start()
    assert mover.saved_conf().state(NAME) == later
    cluster.await_discovery()


@STATE_FILE
def test_what_changes_in_the_conf_holds_and_what_was_set_stays(world, subject):
    lines = list(Monitor("shop", "127.0.0.1", 6379).lines()) + ["sentinel monitor gone 127.0.0.1 6380 2"]
    sentinel = with_state_file(world, subject, lines, world.subdirectory("state") / "s").start()
    sentinel.call("SENTINEL", "SET", "shop", "down-after-milliseconds", 1234)
    sentinel.call("SENTINEL", "MONITOR", "late", "127.0.0.1", 6381, 2)
    sentinel.call("SENTINEL", "REMOVE", "gone")
    assert sentinel.terminate() == 0
    sentinel.conf_path.chmod(0o644)
    text = sentinel.conf_path.read_text()
    sentinel.conf_path.write_text(text.replace("failover-timeout shop 3000", "failover-timeout shop 4000"))
    sentinel.start()
    fields = sentinel.primary("shop")
    assert (fields["down-after-milliseconds"], fields["failover-timeout"]) == ("1234", "4000")
    assert sentinel.primary_address("late") == ("127.0.0.1", 6381)
    assert sentinel.primary_address("gone") is None
    sentinel.await_log("the primary 'gone' stays away")


@STATE_FILE
def test_a_place_that_cannot_hold_the_state_stops_the_start(world, subject):
    sentinel = with_state_file(world, subject, [], "/no/such/directory/state")
    sentinel.launch()
    assert sentinel.exit_status(seconds=5) == 1
    assert "/no/such/directory" in sentinel.log()


@STATE_FILE
def test_a_damaged_state_file_stops_the_start(world, subject):
    state = world.subdirectory("state") / "s"
    state.write_text("sentinel monitor shop\n")
    sentinel = with_state_file(world, subject, [], state)
    sentinel.launch()
    assert sentinel.exit_status(seconds=5) == 1
    assert f"Reading the configuration file {state}, at line 1" in sentinel.log()
    assert state.read_text() == "sentinel monitor shop\n"

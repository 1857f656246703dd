"""State: what a sentinel writes into its sentinel.conf, and that either kind starts from what the other wrote."""

import stat

import pytest

from harness.cluster import NAME, Cluster
from harness.fake import Fake, silent
from harness.resp import encode
from harness.sentinel import Kind, Sentinel
from harness.sentinel_conf import ConfFile, Monitor
from harness.server import Server
from harness.waiting import await_that

REMEMBERED = "# vedette: "

USERS_FILE = """\
# Our sentinels. Ask the storage team before you touch this.

port {port}
bind 127.0.0.1

# --- The shop ---
sentinel monitor shop 127.0.0.1 {primary} 2
# Slow network: be patient.
sentinel down-after-milliseconds shop 5000
SENTINEL failover-timeout shop 60000

  # --- The archive ---
sentinel monitor archive 127.0.0.1 {other} 1
sentinel parallel-syncs archive 3
# The end.
"""


@pytest.fixture
def primary(world):
    return Server(world).start()


@pytest.fixture
def kept(world, subject, primary):
    """A sentinel on a file of a user who has opinions about its looks."""
    other = Server(world).start()
    sentinel = Sentinel(world, subject)
    text = USERS_FILE.format(port=sentinel.port, primary=primary.port, other=other.port)
    sentinel.conf_path.write_text(text)
    sentinel.text_before_start = text
    return sentinel.start()


def is_subsequence(lines, of):
    remaining = iter(of)
    return all(line in remaining for line in lines)


def test_comments_and_order_are_kept(kept):
    def kinds(lines):
        return [line.strip() if "#" in line else line.lower().split()[:2] for line in lines if line.strip()]

    assert is_subsequence(kinds(kept.text_before_start.splitlines()), kinds(kept.saved_conf().lines))


@pytest.mark.vedette_only("it mixes up the lines of several primaries, and forgets how they were spelt")
def test_each_line_that_still_holds_stays_as_it_is(kept):
    before = kept.text_before_start.splitlines()
    assert is_subsequence(before, kept.saved_conf().lines)


def test_the_users_settings_are_still_in_the_file(kept, primary):
    after = kept.saved_conf().lines
    assert f"sentinel monitor shop 127.0.0.1 {primary.port} 2" in after
    assert "sentinel down-after-milliseconds shop 5000" in after
    assert "sentinel parallel-syncs archive 3" in after


def test_a_changed_value_is_replaced_in_place(kept):
    before = [line for line in kept.conf().lines if "down-after-milliseconds" in line]
    assert before == ["sentinel down-after-milliseconds shop 5000"]
    kept.call("SENTINEL", "SET", NAME, "down-after-milliseconds", 7000)
    after = kept.conf().lines
    at = after.index("sentinel down-after-milliseconds shop 7000")
    assert after[at - 1] == "# Slow network: be patient."
    assert not any(line.endswith("shop 5000") for line in after)


def test_a_removed_primary_is_gone_from_the_file(kept):
    kept.call("SENTINEL", "REMOVE", "archive")
    assert not any("archive" in directive for directive in kept.conf().directives)
    kept.restart()
    assert kept.primary_address("archive") is None
    assert kept.primary_address(NAME) is not None


def test_an_added_primary_survives_a_restart(kept, primary):
    kept.call("SENTINEL", "MONITOR", "late", "127.0.0.1", primary.port, 3)
    kept.call("SENTINEL", "SET", "late", "down-after-milliseconds", 1234)
    kept.restart()
    fields = kept.primary("late")
    assert (fields["quorum"], fields["down-after-milliseconds"]) == ("3", "1234")


WRITTEN_BARE = pytest.mark.vedette_only("it writes such words bare, and cannot start from its own file")
NASTY_WORDS = ["two words", 'a "quoted" word', "it's", "# no comment", "\r\nport 1\r\n"]


@pytest.mark.parametrize(
    "word", ["back\\slash", "\x01\x7f", *[pytest.param(word, marks=WRITTEN_BARE) for word in NASTY_WORDS]], ids=repr
)
def test_words_that_need_quotes_come_back(world, subject, word):
    """And can never become a second directive: that was code execution elsewhere. The instance is the witness."""
    witness = Fake(world, silent)
    sentinel = Sentinel(world, subject, [Monitor(NAME, *witness.address, quorum=1)]).start()
    sentinel.call("SENTINEL", "SET", NAME, "auth-pass", word)
    sentinel.restart()
    asked = witness.everything_received()
    expected = encode("AUTH", word)
    sentinel.restart()
    await_that(lambda: expected in witness.everything_received()[len(asked) :], 10, "it authenticates with the word")
    assert sentinel.address[1] != 1 and sentinel.reply_to("PING") == "PONG"


def test_saving_twice_changes_nothing(kept):
    await_that(lambda: kept.primary("archive")["runid"], 5, "all is known")
    first = kept.saved_conf().lines
    assert kept.saved_conf().lines == first
    kept.restart()
    again = kept.saved_conf().lines
    assert sorted(filter(is_ours, again)) == sorted(filter(is_ours, first))


def is_ours(line):
    """Not one of a data server, which the original writes too, and not the same way each time; nor one of the data of
    a group, which goes on changing."""
    return line.startswith(("sentinel", "#")) and not line.startswith(REMEMBERED)


def test_no_temporary_files_are_left(kept):
    """The journal is none: it is there from the first thing on that was learnt of a server."""
    kept.saved_conf()
    left = {path.name for path in kept.directory.iterdir()} - {"sentinel.conf.vedette-journal"}
    assert left == {"log", "sentinel.conf"}


@pytest.mark.vedette_only("it opens the file to all")
def test_the_mode_of_the_file_is_kept(kept):
    """It holds passwords: a rewrite must not open it to the world."""
    kept.terminate()
    kept.conf_path.chmod(0o600)
    kept.start()
    kept.call("SENTINEL", "SET", NAME, "quorum", 4)
    assert stat.S_IMODE(kept.conf_path.stat().st_mode) == 0o600


def test_sigterm_ends_it_in_order(kept):
    assert kept.terminate() == 0
    assert len(kept.conf().one("sentinel", "myid")) == 40


@pytest.mark.vedette_only("it does not save when it ends")
def test_sigterm_saves(kept):
    """Whatever happened to the file meanwhile, the state is in it at the end."""
    runid = kept.id()
    kept.conf_path.write_text("# gone\n")
    assert kept.terminate() == 0
    assert kept.conf().one("sentinel", "myid") == runid


def test_the_state_has_all_that_was_learnt(cluster):
    cluster.sentinels[0].call("SENTINEL", "FAILOVER", NAME)
    cluster.await_new_primary()
    epoch = cluster.await_agreement()
    for sentinel in cluster.sentinels:
        state = sentinel.saved_conf().state(NAME)
        assert state["myid"] == sentinel.id()
        assert state["config-epoch"] == epoch
        assert state["current-epoch"] >= epoch
        assert state["replicas"] == sorted((replica.host, str(replica.port)) for replica in cluster.replicas)
        assert state["sentinels"] == sorted(
            (peer.host, str(peer.port), peer.id()) for peer in cluster.sentinels if peer is not sentinel
        )


@pytest.mark.parametrize("direction", ["subject-to-stock", "stock-to-subject", "there-and-back"])
def test_one_kind_starts_from_what_the_other_wrote(world, subject, direction):
    """A fleet changes from one to the other by a restart, and back."""
    first, second = (Kind.STOCK, subject) if direction == "stock-to-subject" else (subject, Kind.STOCK)
    cluster = Cluster(world, [first, subject, Kind.STOCK], candidate=0).start()
    cluster.sentinels[0].call("SENTINEL", "FAILOVER", NAME)
    cluster.await_new_primary()
    cluster.await_agreement()

    mover = cluster.sentinels[0]
    before = mover.saved_conf().state(NAME)
    for kind in [second] if direction != "there-and-back" else [second, first]:
        assert mover.terminate() == 0
        mover.use(kind)
        mover.start()
        assert mover.saved_conf().state(NAME) == before
    assert mover.id() == before["myid"]
    cluster.await_discovery()

    cluster.primary.kill()
    cluster.await_new_primary()
    assert cluster.await_agreement() > before["config-epoch"]
    assert mover.events.matching("+promoted-slave"), "it leads like before"


def remembered(sentinel):
    return [line for line in sentinel.conf().lines if line.startswith(REMEMBERED)]


def test_stock_keeps_what_is_remembered_and_we_start_from_it(world, subject, primary):
    """Whatever is in the file in these comments: it writes the file anew, and they are still there."""
    histories = [*(character * 40 for character in "0123456789abcdef"), "a1" * 20, "-"]
    lines = [
        f"# vedette: lineage {NAME} 0 {' '.join(histories)}",
        f"# vedette: last-known {NAME} 127.0.0.1 {primary.port} {'c' * 40} 4711 50",
        f"# vedette: last-known {NAME} ::1 6380 - 0 -",
        f"# vedette: upstream {NAME} 10.0.0.1 6379",
    ]
    sentinel = Sentinel(world, Kind.STOCK, [Monitor(NAME, *primary.address)], extra=lines).start()
    sentinel.call("SENTINEL", "SET", NAME, "quorum", 4)
    assert sentinel.conf().one("sentinel", "monitor", NAME).endswith(" 4")
    assert remembered(sentinel) == lines
    assert sentinel.terminate() == 0
    sentinel.use(subject)
    sentinel.start()
    assert sentinel.primary()["quorum"] == "4"
    assert "comment" not in sentinel.log() and "does not count" not in sentinel.log()


@pytest.mark.vedette_only("it remembers nothing of the data")
def test_stock_starts_from_what_we_remember(world, subject, primary):
    sentinel = Sentinel(world, subject, [Monitor(NAME, *primary.address)]).start()
    await_that(lambda: sentinel.primary()["runid"], 5, "its INFO has come")
    sentinel.call("SENTINEL", "SET", NAME, "quorum", 4)
    lines = remembered(sentinel)
    assert any(line.startswith(f"{REMEMBERED}lineage {NAME} 0 ") for line in lines)
    assert sentinel.terminate() == 0
    sentinel.use(Kind.STOCK)
    sentinel.start()
    sentinel.call("SENTINEL", "SET", NAME, "quorum", 5)
    assert remembered(sentinel) == lines
    assert sentinel.conf().one("sentinel", "monitor", NAME).endswith(" 5")


@pytest.mark.vedette_only("it takes no interest in comments")
def test_a_comment_of_ours_that_makes_no_sense_stops_nothing(world, subject, primary):
    lines = ["# vedette: lineage nobody 0", "# vedette: what?", f"# vedette: lineage {NAME} 7 {'a' * 40}"]
    sentinel = Sentinel(world, subject, [Monitor(NAME, *primary.address)], extra=lines).start()
    sentinel.await_log("there is no primary 'nobody'")
    sentinel.await_log("is ignored: 'what?' is unknown here")
    sentinel.await_log("is of another configuration epoch than the file has, and does not count")
    sentinel.call("SENTINEL", "SET", NAME, "quorum", 4)
    assert "# vedette: what?" in sentinel.conf().lines
    assert not any("nobody" in line or f"{NAME} 7" in line for line in sentinel.conf().lines)


def test_directives_of_a_data_server_do_not_disturb(world, subject, primary):
    """What stock wrote for itself, or a user copied from redis.conf, stays in the file."""
    sentinel = Sentinel(world, subject)
    foreign = ["latency-tracking-info-percentiles 50 99 99.9", "user default on nopass ~* &* +@all", "loglevel notice"]
    sentinel.conf_path.write_text(
        "\n".join([f"port {sentinel.port}", *foreign, f"sentinel monitor shop 127.0.0.1 {primary.port} 1", ""])
    )
    sentinel.start()
    assert sentinel.primary_address() == primary.address
    written = ConfFile(sentinel.conf_path).lines
    assert "latency-tracking-info-percentiles 50 99 99.9" in written

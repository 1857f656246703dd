"""Scripts of operators: when they are called, with what, what they are given and what becomes of them."""

import pathlib

import pytest

from harness.cluster import NAME, Cluster
from harness.process import is_root
from harness.resp import as_dict, shape
from harness.script import Script
from harness.sentinel import Kind, Sentinel
from harness.sentinel_conf import Monitor
from harness.waiting import await_that, holds_for

ALLOWED = ["sentinel deny-scripts-reconfig no"]
QUICK_RETRY = {"script-retry-delay": 5}
# Of these a notification script hears nothing.
NOTICES = (
    "+slave +sentinel +failover-state-send-slaveof-noone +failover-state-wait-promotion +slave-reconf-sent "
    "+slave-reconf-inprog +slave-reconf-done +slave-reconf-sent-be +convert-to-slave +fix-slave-config +reboot "
    "+sentinel-address-switch +role-change -role-change"
).split()


def watch(world, kind, primary, script, pace=None, prefix=(), extra=()):
    """A sentinel alone, with this notification script. What is `extra` only Vedette understands."""
    watched = Monitor(NAME, *primary.address, quorum=1, options={"notification-script": script})
    extra = ALLOWED + list(extra if kind is Kind.VEDETTE else ())
    return Sentinel(world, kind, [watched], extra=extra, pace=pace, prefix=prefix).start()


def provoke(sentinel):
    """One more warning."""
    assert sentinel.call("SENTINEL", "SET", NAME, "quorum", 1) == "OK"


def scripts_of(sentinel):
    info = sentinel.info()
    return int(info["sentinel_running_scripts"]), int(info["sentinel_scripts_queue_length"])


def pending(sentinel):
    return [as_dict(each) for each in sentinel.call("SENTINEL", "PENDING-SCRIPTS")]


# --- When, and with what ---


def test_the_notification_script_hears_of_every_warning_and_of_nothing_else(world, subject):
    script = Script(world)
    cluster = Cluster(world, [subject], quorum=1, options={"notification-script": script}).start()
    (sentinel,) = cluster.sentinels
    script.await_call(f"+monitor master {NAME} 127.0.0.1 {cluster.primary.port} quorum 1")
    cluster.primary.kill()
    cluster.await_new_primary()
    sentinel.events.await_event("+sdown", "^slave")
    warnings = {f"{event.name} {event.payload}" for event in sentinel.events.since() if event.name not in NOTICES}
    assert len(warnings) >= 10
    await_that(lambda: warnings <= set(script.calls()), 5, "it hears of each")
    published = {f"{event.name} {event.payload}" for event in sentinel.events.since()}
    unknown = {call for call in script.calls() if call not in warnings and not call.startswith("+monitor ")}
    assert not unknown & published, "it is not called for what is only of note"


def test_the_reconfiguration_script_is_told_by_the_leader_and_by_the_others(world, subject):
    script = Script(world)
    cluster = Cluster(world, [subject] * 3, candidate=0, options={"client-reconfig-script": script}).start()
    old = cluster.primary.port
    assert cluster.sentinels[0].call("SENTINEL", "FAILOVER", NAME) == "OK"
    new = cluster.await_new_primary().port
    cluster.await_agreement()
    told = f"start 127.0.0.1 {old} 127.0.0.1 {new}"
    await_that(lambda: len(script.calls()) == 3, 10, "it is called three times")
    assert sorted(script.calls()) == [f"{NAME} leader {told}"] + [f"{NAME} observer {told}"] * 2


# --- What it is given ---


def test_a_script_has_our_environment_and_directory(world, subject, primary, monkeypatch):
    monkeypatch.setenv("TEST_WORD", "two words")
    seen = world.directory / "seen"
    script = Script(world, before=f'printf "%s|%s" "$TEST_WORD" "$PWD" > {seen}')
    sentinel = watch(world, subject, primary, script, extra=["script-environment inherit"])
    await_that(script.calls, 5, "it was called")
    assert seen.read_text() == f"two words|{sentinel.directory}"


@pytest.mark.vedette_only("the original's scripts have all that it was given itself")
def test_a_script_has_no_secrets_of_ours_unless_asked_for(world, subject, primary, monkeypatch):
    monkeypatch.setenv("TEST_WORD", "two words")
    seen = world.directory / "seen"
    script = Script(world, before=f"env > {seen}")
    watch(world, subject, primary, script)
    script.await_call(f"+monitor master {NAME} 127.0.0.1 {primary.port} quorum 1")
    variables = dict(line.split("=", 1) for line in seen.read_text().splitlines())
    assert variables.keys() <= set("PATH HOME LANG LC_ALL LC_CTYPE TZ USER TMPDIR PWD _".split()) | {
        "VEDETTE_EVENT",
        "VEDETTE_MESSAGE",
    }
    assert variables["VEDETTE_EVENT"] == "+monitor"
    assert variables["VEDETTE_MESSAGE"] == f"master {NAME} 127.0.0.1 {primary.port} quorum 1"


@pytest.mark.vedette_only("what scripts print goes where the original's own output goes, all of it")
def test_what_a_script_prints_is_logged_up_to_a_limit(world, subject, primary):
    script = Script(world, before="echo it begins; yes 0123456789abcde | head -c 50000000")
    sentinel = watch(world, subject, primary, script)
    await_that(script.calls, 20, "it has run to its end")
    await_that(lambda: scripts_of(sentinel) == (0, 0), 5, "it has ended")
    lines = [line for line in sentinel.log().splitlines() if f"{script} (" in line]
    assert lines[0].endswith("says: it begins")
    await_that(lambda: "(more than 65536 bytes: the rest is dropped)" in sentinel.log(), 5, "the limit is told")
    assert sentinel.log_path.stat().st_size < 1_000_000


@pytest.mark.vedette_only("it leaks a pipe, and its ignored signals stay ignored")
def test_a_script_has_no_descriptor_of_ours_and_ordinary_signals(world, subject, primary):
    seen = world.directory / "seen"
    files, signals = "for fd in /proc/$$/fd/*; do readlink $fd; done", "grep -E 'Sig(Blk|Ign)' /proc/self/status"
    script = Script(world, before=f"{files} > {seen}; {signals} > {seen}-signals")
    sentinel = watch(world, subject, primary, script)
    await_that(script.calls, 5, "it was called")
    files = {file for file in seen.read_text().splitlines() if not file.startswith("pipe:")}  # to be heard
    assert files <= {"/dev/null", str(seen), str(script)}
    masks = [int(line.split()[1], 16) for line in seen.with_name("seen-signals").read_text().splitlines()]
    classic = 0x7FFFFFFF  # the C library ignores two of its own beyond these
    assert [mask & classic for mask in masks] == [0, 0]


# --- What becomes of it ---


def test_a_script_that_asks_for_it_is_tried_ten_times(world, subject, primary):
    script = Script(world)
    sentinel = watch(world, subject, primary, script, pace=QUICK_RETRY)
    await_that(lambda: scripts_of(sentinel) == (0, 0), 5, "nothing is left of +monitor")
    script.will("exit 1")
    before = len(script.calls())
    provoke(sentinel)
    sentinel.events.await_event("-script-error", f"^{script} 0 1$", seconds=20)
    assert len(script.calls()) - before == 10
    assert scripts_of(sentinel) == (0, 0)


def test_scripts_that_always_ask_for_another_attempt_leave_room_for_others(world, subject, primary):
    """Each of these went on being counted as running for ever, until none could be started any more (redis PR#7113)."""
    script = Script(world)
    sentinel = watch(world, subject, primary, script, pace={"script-retry-delay": 1})
    script.will("exit 1")
    for _ in range(20):
        provoke(sentinel)
    await_that(lambda: scripts_of(sentinel) == (0, 0), 30, "all are given up")
    script.will("exit 0")
    before = len(script.calls())
    provoke(sentinel)
    await_that(lambda: len(script.calls()) > before, 5, "another one is started")


@pytest.mark.parametrize("ends, told", [("exit 2", "0 2"), ("exit 255", "0 255")])
def test_a_script_that_fails_otherwise_is_not_tried_again(world, subject, primary, ends, told):
    script = Script(world)
    sentinel = watch(world, subject, primary, script, pace=QUICK_RETRY)
    await_that(lambda: scripts_of(sentinel) == (0, 0), 5, "nothing is left of +monitor")
    script.will(ends)
    before = len(script.calls())
    provoke(sentinel)
    sentinel.events.await_event("-script-error", f"^{script} {told}$")
    assert scripts_of(sentinel) == (0, 0)
    assert len(script.calls()) == before + 1


def test_a_script_that_is_no_program_is_told_of(world, subject, primary):
    script = Script(world)
    sentinel = watch(world, subject, primary, script)
    await_that(lambda: scripts_of(sentinel) == (0, 0), 5, "nothing is left of +monitor")
    script.path.write_text("no first line")
    provoke(sentinel)
    sentinel.events.await_event("-script-error", f"^{script} 0 2$")


def test_a_script_that_takes_too_long_is_killed_and_tried_again(world, subject, primary):
    script = Script(world, "exec sleep 1000")
    pace = {"script-max-runtime": 300, "script-retry-delay": 5}
    sentinel = watch(world, subject, primary, script, pace=pace)
    event = sentinel.events.await_event("-script-timeout", f"^{script} [0-9]+$")
    pid = event.payload.split()[-1]
    await_that(lambda: not pathlib.Path("/proc", pid).exists(), 5, "it is gone")
    await_that(lambda: len(script.calls()) >= 2, 5, "it is started again")


def test_scripts_that_run_or_wait_are_shown_like_the_originals(world, primary):
    replies = {}
    for kind in (Kind.STOCK, Kind.VEDETTE):
        script = Script(world, "exec sleep 1000")
        sentinel = watch(world, kind, primary, script)
        for _ in range(16):
            provoke(sentinel)
        await_that(lambda: scripts_of(sentinel) == (16, 17), 10, f"{kind} starts all that may run")
        connection = sentinel.connect()
        for protocol in (2, 3):
            connection.call("HELLO", protocol)
            reply = connection.call("SENTINEL", "PENDING-SCRIPTS")
            fields = [as_dict(each) for each in reply]
            known = [{k: each[k] for k in ("argv", "flags", "retry-num")} for each in fields]
            assert all(each["argv"].pop(0) == str(script) for each in known)
            waiting = {k: fields[-1][k] for k in ("pid", "run-delay")}
            assert all(fields[0][k].isdecimal() for k in ("pid", "run-time"))
            replies.setdefault(kind, []).append((shape(reply), [list(each) for each in fields], known, waiting))
        connection.close()
        sentinel.kill()
    assert replies[Kind.VEDETTE] == replies[Kind.STOCK]


def test_scripts_that_hang_keep_nobody_waiting(world, subject, primary):
    script = Script(world, "exec sleep 1000")
    sentinel = watch(world, subject, primary, script)
    for _ in range(300):
        provoke(sentinel)
    await_that(lambda: scripts_of(sentinel) == (16, 256), 10, "the queue is full, and full is full")
    assert sentinel.call("PING") == "PONG"
    assert sentinel.primary()["flags"] == "master"
    argv = [each["argv"][1] for each in pending(sentinel)]
    assert argv == ["+monitor"] + ["+set"] * 255, "what runs is not given up"


@pytest.mark.skipif(not is_root(), reason="needs a process namespace")
def test_as_process_1_it_reaps_whatever_ends(world, subject, primary):
    """In a container, children whose parents are gone become ours, and stayed as zombies (bitnami charts#10002)."""
    script = Script(world, "(sleep 0.2 &) ; (sleep 0.3 &)")
    sentinel = watch(world, subject, primary, script, prefix=["unshare", "--pid", "--fork", "--kill-child"])

    def children():
        parent = sentinel.pid
        (inner,) = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return pathlib.Path(f"/proc/{inner}/task/{inner}/children").read_text().split()

    await_that(script.calls, 5, "it is called")
    await_that(children, 5, "it inherits orphans")
    await_that(lambda: not children(), 5, "they are reaped")
    assert sentinel.call("PING") == "PONG"


# --- Which scripts are taken ---


@pytest.mark.parametrize("option", ["notification-script", "client-reconfig-script"])
def test_a_script_must_be_there_and_executable_at_start(world, subject, primary, option):
    kind = {"notification-script": "Notification", "client-reconfig-script": "Client reconfiguration"}[option]
    script = Script(world)
    script.path.chmod(0o644)
    for path in (script, "/nonexistent"):
        sentinel = Sentinel(world, subject, [Monitor(NAME, *primary.address, options={option: path})])
        sentinel.launch()
        assert sentinel.exit_status() == 1
        assert f">>> 'sentinel {option} {NAME} {path}'" in sentinel.log()
        assert f"{kind} script seems non existing or non executable." in sentinel.log()


def test_a_script_can_be_set_where_that_is_allowed(world, subject, primary):
    sentinel = Sentinel(world, subject, [Monitor(NAME, *primary.address)], extra=ALLOWED).start()
    wrong = sentinel.reply_to("SENTINEL", "SET", NAME, "notification-script", "/nonexistent")
    assert str(wrong) == "ERR Notification script seems non existing or non executable"
    script = Script(world)
    assert sentinel.call("SENTINEL", "SET", NAME, "notification-script", script) == "OK"
    script.await_call(f"+set master {NAME} 127.0.0.1 {primary.port} notification-script {script}")
    assert sentinel.primary()["notification-script"] == str(script)
    assert sentinel.conf().one("sentinel", "notification-script", NAME) == str(script)
    before = len(script.calls())
    assert sentinel.call("SENTINEL", "SET", NAME, "notification-script", "") == "OK"
    provoke(sentinel)
    holds_for(lambda: len(script.calls()) == before, 0.3, "it is not called any more")
    assert sentinel.conf().all("sentinel", "notification-script") == []

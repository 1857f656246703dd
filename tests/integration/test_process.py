"""The process: its command line, the background, systemd, signals, log formats, and what `ps` shows."""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess

import pytest

from harness.cluster import NAME
from harness.ports import free_port
from harness.process import is_root, with_input
from harness.resp import CommandError
from harness.sentinel import Kind, Sentinel
from harness.sentinel_conf import ConfFile, Monitor
from harness.waiting import await_that

MONITOR = ["--sentinel", "monitor", NAME, "127.0.0.1", "6379", "2"]
SECRET = "not for everyone"


def run(subject, *arguments, seconds=10):
    """A run that ends by itself."""
    return subprocess.run([subject.program(), *map(str, arguments)], capture_output=True, text=True, timeout=seconds)


def command_line(pid):
    return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()


# --- The command line ---


def test_directives_of_the_command_line_come_after_the_file(world, subject):
    sentinel = Sentinel(world, subject)
    sentinel.port = free_port()
    sentinel.argv += ["--port", str(sentinel.port), *MONITOR, "--sentinel", "down-after-milliseconds", NAME, "4321"]
    sentinel.start()
    assert sentinel.primary_address() == ("127.0.0.1", 6379)
    assert sentinel.primary()["down-after-milliseconds"] == "4321"
    assert sentinel.saved_conf().one("sentinel", "monitor", NAME) == "127.0.0.1 6379 2"


@pytest.mark.vedette_only("it finds the primary twice, in its file and in its command line")
def test_the_same_command_line_starts_again(world, subject):
    sentinel = Sentinel(world, subject)
    sentinel.argv += MONITOR
    sentinel.start()
    runid = sentinel.id()
    sentinel.restart()
    assert sentinel.id() == runid


def test_the_file_alone_starts_again(world, subject):
    """What was said once by the command line is in the file."""
    sentinel = Sentinel(world, subject)
    sentinel.argv += MONITOR
    sentinel.start()
    sentinel.use(subject)
    sentinel.restart()
    assert sentinel.primary_address() == ("127.0.0.1", 6379)


def test_a_bad_directive_of_the_command_line_is_shown(world, subject):
    sentinel = Sentinel(world, subject)
    result = run(subject, sentinel.conf_path, "--port", "abc")
    assert result.returncode == 1
    assert """>>> 'port "abc"'""" in result.stderr + result.stdout


def test_sentinel_alone_may_follow_the_file(world, subject):
    sentinel = Sentinel(world, subject)
    sentinel.argv.append("--sentinel")
    sentinel.start()


def test_a_hyphen_is_the_standard_input(world, subject):
    more = world.directory / "more"
    more.write_text(f"sentinel monitor {NAME} 127.0.0.1 6379 2\n")
    sentinel = Sentinel(world, subject, prefix=with_input(more))
    sentinel.argv.append("-")
    sentinel.start()
    assert sentinel.primary_address() == ("127.0.0.1", 6379)


def test_without_a_file_there_is_no_place_for_the_state(subject):
    result = run(subject, "--port", free_port())
    assert result.returncode == 1
    assert "Sentinel needs config file on disk to save state. Exiting..." in result.stderr + result.stdout


@pytest.mark.vedette_only("it has no separate state file")
def test_standard_input_and_a_state_file_are_enough(world, subject):
    conf = world.directory / "conf"
    sentinel = Sentinel(world, subject, prefix=with_input(conf))
    conf.write_text(f"port {sentinel.port}\ndir {sentinel.directory}\nsentinel state-file state\n")
    sentinel.argv = [subject.program(), "-", *MONITOR]
    sentinel.start()
    runid = sentinel.id()
    sentinel.restart()
    assert sentinel.id() == runid


def test_secrets_do_not_stay_in_the_command_line(world, subject):
    sentinel = Sentinel(world, subject, password=SECRET)
    sentinel.argv += ["--requirepass", SECRET, *MONITOR, "--sentinel", "auth-pass", NAME, SECRET]
    sentinel.start()
    shown = command_line(sentinel.pid)
    assert SECRET.encode() not in shown
    assert shown.rstrip(b"\0").decode() == f"{subject.program()} 127.0.0.1:{sentinel.port} [sentinel]"


@pytest.mark.parametrize("name", ["redis-sentinel", "valkey-sentinel"])
def test_under_the_name_of_the_original_it_is_one(world, subject, name):
    """Whatever the words are called that follow: there, they are no commands."""
    sentinel = Sentinel(world, subject)
    alias = sentinel.directory / name
    alias.symlink_to(subject.program() if subject is Kind.VEDETTE else "/usr/bin/redis-sentinel")
    sentinel.conf_path.rename(sentinel.directory / "demo")
    sentinel.argv = [str(alias), "demo"]
    sentinel.start()


def test_the_version_is_found_by_scripts(subject):
    for flag in ("--version", "-v"):
        result = run(subject, flag)
        assert result.returncode == 0
        assert re.search(r"\bv=7\.\d+\.\d+\b", result.stdout)


def test_help_says_how_to_start_it(subject):
    for flag in ("--help", "-h"):
        result = run(subject, flag)
        assert "sentinel.conf" in result.stdout + result.stderr


# --- In the background ---


@pytest.fixture
def daemon(world, subject):
    sentinel = Sentinel(world, subject, [Monitor(NAME, "127.0.0.1", 6379)])
    sentinel.pid_path = sentinel.directory / "pid"
    sentinel.argv += ["--daemonize", "yes", "--pidfile", str(sentinel.pid_path)]
    sentinel.argv += ["--logfile", str(sentinel.directory / "daemon.log")]

    def end():
        if sentinel.pid_path.exists():
            os.kill(int(sentinel.pid_path.read_text()), signal.SIGKILL)

    world.on_close(end)
    return sentinel


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_daemon_leaves_its_pid_and_takes_it_away(daemon):
    daemon.launch()
    assert daemon.exit_status() == 0
    await_that(lambda: daemon.reply_to("PING") == "PONG", 5, "the daemon serves")
    pid = int(daemon.pid_path.read_text())
    assert pid != daemon.pid
    assert os.getsid(pid) == pid
    assert all(os.readlink(f"/proc/{pid}/fd/{stream}") == "/dev/null" for stream in (0, 1, 2))
    os.kill(pid, signal.SIGTERM)
    await_that(lambda: not daemon.pid_path.exists(), 5, "the pid file is removed")
    await_that(lambda: not is_alive(pid), 5, "the daemon ends")


@pytest.mark.vedette_only("it ends before anyone knows how the start goes")
def test_a_daemon_serves_when_its_parent_has_ended(daemon):
    daemon.launch()
    assert daemon.exit_status() == 0
    assert daemon.pid_path.exists()
    assert daemon.reply_to("PING") == "PONG"


@pytest.mark.vedette_only("it ends with status 0 whatever happens then")
def test_a_daemon_that_cannot_serve_says_so(daemon):
    with socket.create_server(daemon.address):
        daemon.launch()
        assert daemon.exit_status() == 1
    assert "ddress already in use" in daemon.log()
    assert not daemon.pid_path.exists()


@pytest.mark.vedette_only("it ends with status 0 whatever happens then")
def test_a_daemon_without_a_log_says_so(daemon):
    daemon.argv[-1] = "/no/such/directory/log"
    daemon.launch()
    assert daemon.exit_status() == 1
    assert "/no/such/directory/log" in daemon.log()


# --- Under a service manager ---


class ServiceManager:
    """The end of a socket that systemd would hold."""

    def __init__(self, directory):
        self.path = directory / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.path))
        self._socket.setblocking(False)
        self.told = ""

    def was_told(self, text):
        try:
            while True:
                self.told += self._socket.recv(4096).decode()
        except BlockingIOError:
            return text in self.told

    def await_told(self, text):
        await_that(lambda: self.was_told(text), 10, f"the service manager is told {text}")

    def close(self):
        self._socket.close()


@pytest.fixture
def manager(world):
    opened = ServiceManager(world.directory)
    world.on_close(opened.close)
    return opened


def supervised(world, subject, manager, *variables, how="systemd"):
    sentinel = Sentinel(world, subject, prefix=["env", f"NOTIFY_SOCKET={manager.path}", *variables])
    sentinel.argv += ["--supervised", how]
    return sentinel


@pytest.mark.parametrize("how", ["systemd", "auto"])
def test_systemd_is_told_when_it_serves_and_when_it_ends(world, subject, manager, how):
    sentinel = supervised(world, subject, manager, how=how)
    sentinel.launch()
    manager.await_told("READY=1")
    assert sentinel.reply_to("PING") == "PONG"
    assert not manager.was_told("STOPPING=1")
    assert sentinel.terminate() == 0
    assert manager.was_told("STOPPING=1")


def test_a_supervised_process_stays_in_the_foreground(world, subject, manager):
    sentinel = supervised(world, subject, manager)
    sentinel.argv += ["--daemonize", "yes", "--pidfile", str(sentinel.directory / "pid")]
    sentinel.start()
    assert sentinel.running


@pytest.mark.vedette_only("it does not know SIGHUP")
def test_systemd_is_told_about_a_reload(world, subject, manager):
    sentinel = supervised(world, subject, manager).start()
    manager.await_told("READY=1")
    os.kill(sentinel.pid, signal.SIGHUP)
    manager.await_told("RELOADING=1\nMONOTONIC_USEC=")
    await_that(lambda: manager.was_told("") and manager.told.count("READY=1") == 2, 5, "it is ready again")


@pytest.mark.vedette_only("it shows no sign of life")
def test_systemd_gets_signs_of_life(world, subject, manager):
    supervised(world, subject, manager, "WATCHDOG_USEC=100000").start()
    await_that(lambda: manager.was_told("") and manager.told.count("WATCHDOG=1") > 3, 5, "signs of life")


@pytest.mark.vedette_only("it says nothing")
def test_systemd_is_told_why_a_start_fails(world, subject, manager):
    sentinel = supervised(world, subject, manager)
    with socket.create_server(sentinel.address):
        sentinel.launch()
        assert sentinel.exit_status() == 1
    assert manager.was_told("ddress already in use")
    assert "READY" not in manager.told


def test_without_systemd_it_only_complains(world, subject):
    sentinel = Sentinel(world, subject, prefix=["env", "-u", "NOTIFY_SOCKET"])
    sentinel.argv += ["--supervised", "systemd"]
    sentinel.start()
    sentinel.await_log("systemd supervision error: NOTIFY_SOCKET not found!")


# --- The log ---


@pytest.mark.vedette_only("it has one format")
def test_a_log_in_json(world, subject):
    sentinel = Sentinel(world, subject, extra=["log-format json"]).start()
    sentinel.call("SENTINEL", "MONITOR", "back\\slash", "127.0.0.1", 6379, 2)
    sentinel.await_log("slash 127.0.0.1 6379 quorum 2")
    entries = [json.loads(line) for line in sentinel.log().splitlines()]
    assert any(entry["message"] == "+monitor master back\\slash 127.0.0.1 6379 quorum 2" for entry in entries)
    assert {entry["pid"] for entry in entries} == {sentinel.pid}
    assert {"time", "role", "level"} < set(entries[0])


@pytest.mark.vedette_only("it has one format")
def test_a_log_in_logfmt(world, subject):
    sentinel = Sentinel(world, subject, extra=["log-format logfmt"]).start()
    sentinel.await_log(f"pid={sentinel.pid} role=sentinel timestamp=")
    assert "level=notice message=" in sentinel.log()


@pytest.mark.vedette_only("it does not know SIGHUP")
def test_sighup_opens_the_log_file_anew(world, subject):
    sentinel = Sentinel(world, subject)
    log = sentinel.directory / "sentinel.log"
    sentinel.argv += ["--logfile", str(log)]
    sentinel.start()
    log.rename(log.with_suffix(".1"))
    os.kill(sentinel.pid, signal.SIGHUP)
    await_that(log.exists, 5, "the log file is there again")
    sentinel.call("SENTINEL", "MONITOR", "late", "127.0.0.1", 6379, 2)
    await_that(lambda: "late" in log.read_text(), 5, "it is written to")


# --- Commands by other names ---


def test_own_commands_may_have_other_names(world, subject):
    sentinel = Sentinel(world, subject, extra=['rename-command SHUTDOWN ""', "rename-command INFO about"]).start()
    assert "redis_version" in sentinel.call("ABOUT", "server")
    for gone in ("SHUTDOWN", "INFO"):
        with pytest.raises(CommandError, match=f"ERR unknown command '{gone}', with args beginning with: "):
            sentinel.call(gone)


# --- Checking a configuration ---


def check(subject, path):
    return run(subject, "check-config", path)


@pytest.mark.vedette_only("it cannot check a file")
def test_a_good_file_is_passed(world, subject):
    path = world.directory / "good.conf"
    path.write_text("bind 127.0.0.1\nsentinel monitor shop 10.0.0.1 6379 2\n")
    before = path.read_bytes()
    result = check(subject, path)
    assert (result.returncode, result.stdout) == (0, "0 errors, 0 warnings\n")
    assert path.read_bytes() == before


@pytest.mark.vedette_only("it cannot check a file")
def test_every_problem_is_told_with_its_line(world, subject):
    path, included = world.directory / "bad.conf", world.directory / "included.conf"
    included.write_text("prot 1\n")
    path.write_text(f"include {included}\n\nsentinel moniter shop 10.0.0.1 6379 2\nport x\n")
    result = check(subject, path)
    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        f"{path}:3: error: unknown directive 'sentinel moniter'; did you mean 'sentinel monitor'?",
        f"{path}:4: error: 'x' must be a number from 0 to 65535",
        f"{included}:1: error: unknown directive 'prot'; did you mean 'port'?",
        "3 errors, 0 warnings",
    ]


@pytest.mark.vedette_only("it cannot check a file")
def test_risks_are_warnings(world, subject):
    path = world.directory / "risky.conf"
    lines = ["bind 127.0.0.1", "sentinel monitor shop 10.0.0.1 6379 1", "sentinel down-after-milliseconds shop 200"]
    path.write_text("\n".join(lines) + "\n")
    result = check(subject, path)
    assert result.returncode == 0
    assert f"{path}:2: warning: with a quorum of 1" in result.stdout
    assert f"{path}:3: warning: 'shop' counts as down after 200 ms" in result.stdout
    assert result.stdout.endswith("0 errors, 2 warnings\n")


@pytest.mark.vedette_only("it cannot check a file")
def test_what_is_missing_on_this_machine_is_an_error(world, subject):
    path = world.directory / "missing.conf"
    monitor = "sentinel monitor shop 10.0.0.1 6379 2\n"
    path.write_text(f"dir /no/such/dir\n{monitor}")
    result = check(subject, path)
    assert result.returncode == 1
    assert f"{path}: error: dir '/no/such/dir' is not a directory" in result.stdout
    path.write_text(f"{monitor}sentinel notification-script shop /no/such/script\n")
    result = check(subject, path)
    assert result.returncode == 1
    assert f"{path}:2: error: Notification script seems non existing or non executable." in result.stdout


# --- As Debian starts it ---

UNIT = pathlib.Path("/lib/systemd/system/redis-sentinel.service")
DEBIANS_CONF = pathlib.Path("/etc/redis/sentinel.conf")
DEBIANS_DIRECTORIES = ["/etc/redis", "/run/sentinel", "/var/log/redis", "/var/lib/redis"]


def in_its_own_mounts(world, subject):
    """A prefix: own directories in place of Debian's, and the subject in place of redis-sentinel. Only root can."""
    script = "".join(f"mount -t tmpfs none {parent}\n" for parent in ("/run", "/var/log", "/var/lib"))
    for place in DEBIANS_DIRECTORIES:
        own = world.subdirectory(place.replace("/", "-"))
        script += f"mkdir -p {place}\nmount --bind {own} {place}\n"
    if subject is not Kind.STOCK:
        script += f"mount --bind {subject.program()} /usr/bin/redis-sentinel\n"
    return ["unshare", "--mount", "sh", "-ec", script + 'exec "$@"', "sh"]


@pytest.mark.skipif(not is_root(), reason="needs mounts of its own")
@pytest.mark.skipif(not UNIT.exists(), reason="needs Debian's redis-sentinel")
def test_debians_service_starts_it(world, subject, manager):
    """The very command line of the unit file, on Debian's own conf but for the port."""
    command = re.search(r"^ExecStart=(.*)$", UNIT.read_text(), re.MULTILINE)[1].split()
    prefix = ["env", f"NOTIFY_SOCKET={manager.path}", *in_its_own_mounts(world, subject)]
    sentinel = Sentinel(world, subject, prefix=prefix)
    conf = world.directory / "-etc-redis" / "sentinel.conf"
    conf.write_text(DEBIANS_CONF.read_text().replace("port 26379", f"port {sentinel.port}"))
    sentinel.argv = command
    sentinel.launch()
    manager.await_told("READY=1")
    assert sentinel.primary_address("mymaster") == ("127.0.0.1", 6379)
    assert (world.directory / "-run-sentinel" / "redis-sentinel.pid").read_text() == f"{sentinel.pid}\n"
    assert sentinel.call("INFO", "server").count("config_file:/etc/redis/sentinel.conf") == 1
    runid = sentinel.id()
    assert sentinel.terminate() == 0
    assert "+monitor master mymaster 127.0.0.1 6379 quorum 2" in read(world, "-var-log-redis/redis-sentinel.log")
    assert not (world.directory / "-run-sentinel" / "redis-sentinel.pid").exists()
    assert ConfFile(conf).one("sentinel", "myid") == runid
    assert conf.read_text().startswith(DEBIANS_CONF.read_text()[:1000].replace("26379", str(sentinel.port)))


def read(world, path):
    return (world.directory / path).read_text()

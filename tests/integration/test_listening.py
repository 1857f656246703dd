"""Where a sentinel listens, and whom it serves there."""

import re
import socket
import subprocess

import pytest

from harness.cluster import NAME
from harness.resp import Connection, Error
from harness.sentinel import Sentinel
from harness.sentinel_conf import Monitor
from harness.waiting import await_that

NOBODY = [Monitor(NAME, "127.0.0.1", 1)]


def has_ipv6():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def through(path, *words):
    """What redis-cli says that the sentinel behind a Unix socket answers."""
    command = ["redis-cli", "-s", str(path), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout.strip()


@pytest.fixture
def path(world):
    return world.directory / "sentinel.sock"


def test_several_addresses_of_which_some_may_be_missing(world, subject):
    sentinel = Sentinel(world, subject, NOBODY, host="127.0.0.1 127.0.0.2 -192.0.2.123 -::1")
    sentinel.host = "127.0.0.1"
    sentinel.start()
    for host in ["127.0.0.1", "127.0.0.2", *(["::1"] if has_ipv6() else [])]:
        with Connection(host, sentinel.port) as connection:
            assert connection.call("PING") == "PONG"


def test_a_unix_socket(world, subject, path):
    sentinel = Sentinel(world, subject, NOBODY, extra=[f"unixsocket {path}", "unixsocketperm 700"]).start()
    assert path.stat().st_mode & 0o777 == 0o700
    assert through(path, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME).split() == ["127.0.0.1", "1"]
    fields = dict(field.partition("=")[::2] for field in through(path, "CLIENT", "INFO").split())
    assert (fields["addr"], fields["laddr"], fields["flags"]) == (f"{path}:0", f"{path}:0", "U")
    assert sentinel.terminate() == 0
    assert not path.exists()


def test_a_unix_socket_alone(world, subject, path):
    sentinel = Sentinel(world, subject, NOBODY, extra=["port 0", f"unixsocket {path}"])
    sentinel.launch()
    sentinel.await_answer(lambda: path.exists() and through(path, "PING") == "PONG", 10, "it answers")


def test_a_unix_socket_that_is_left_over_is_replaced(world, subject, path):
    sentinel = Sentinel(world, subject, NOBODY, extra=[f"unixsocket {path}"]).start()
    sentinel.kill()
    assert path.exists()
    sentinel.start()
    assert through(path, "PING") == "PONG"


def own_address():
    """One that is not of the loopback interface; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
        except OSError:
            pytest.skip("this machine has no address but that of loopback")
        return probe.getsockname()[0]


def test_protected_mode_serves_this_machine_alone(world, subject, path):
    address = own_address()
    extra = ["protected-mode yes", "bind *", f"unixsocket {path}"]
    sentinel = Sentinel(world, subject, NOBODY, extra=extra).start()
    assert through(path, "PING") == "PONG"
    with Connection(address, sentinel.port) as stranger:
        assert stranger.read_reply().startswith("DENIED Redis is running in protected mode")
    # The rest of the text is the original's, and long.
    protected = Sentinel(world, subject, NOBODY, extra=["protected-mode yes", "bind *", "requirepass x"], password="x")
    protected.start()
    with Connection(address, protected.port) as stranger:
        assert stranger.reply_to("PING") == Error("NOAUTH Authentication required.")


def test_a_client_that_does_not_read_is_dropped_at_its_limit(world, subject):
    """Some twenty megabytes: more than the kernel holds, and less than anybody may leave unread."""
    limit = "client-output-buffer-limit normal 256kb 0 0"
    sentinel = Sentinel(world, subject, NOBODY, extra=[limit]).start()
    before = sentinel.info("clients")["connected_clients"]
    with sentinel.connect() as slow:
        slow.socket.settimeout(1)
        try:
            for _ in range(40):
                slow.send(b"COMMAND\r\n" * 50)
        except OSError:
            pass  # its requests are not read any more
        await_that(lambda: sentinel.info("clients")["connected_clients"] == before, 10, "it is dropped")


def test_clients_that_are_gone_without_a_word_are_found_out(world, subject):
    """Half-open connections of clients behind a firewall stayed until there were `maxclients` of them (redis#2803)."""
    sentinel = Sentinel(world, subject, NOBODY, extra=["tcp-keepalive 100"]).start()
    with Connection(sentinel.host, sentinel.port) as connection:
        assert connection.call("PING") == "PONG"
        client = connection.socket.getsockname()[1]
        of_the_sentinel = f"sport = :{sentinel.port} and dport = :{client}"
        shown = subprocess.run(["ss", "-Htno", of_the_sentinel], capture_output=True, text=True, check=True).stdout
    (seconds,) = re.findall(r"timer:\(keepalive,(?:(\d)min)?(\d+)?", shown) or pytest.fail(f"no keepalive: {shown}")
    assert 60 < 60 * int(seconds[0] or 0) + int(seconds[1] or 0) <= 100

"""Clients that send garbage, or half a command for ever, or come by the ten thousand: answered with an error or left
waiting, in bounded memory, while everyone else is served as before."""

import socket
import struct
import time

import pytest

from harness.cluster import NAME
from harness.limits import open_files
from harness.resp import Connection
from harness.sentinel import Sentinel
from harness.sentinel_conf import Monitor
from harness.waiting import await_that

MEGABYTE = 1 << 20
QUICK_SECONDS = 5.0  # for an answer while others misbehave; whoever has to wait for them waits for a minute and more
IDLE_CLIENTS = 10_000

GARBAGE = {
    "count that is no number": (b"*x\r\n", "Protocol error: invalid multibulk length"),
    "count beyond all measure": (b"*99999999999\r\n", "Protocol error: invalid multibulk length"),
    "length that is no number": (b"*1\r\n$x\r\n", "Protocol error: invalid bulk length"),
    "negative length": (b"*1\r\n$-5\r\n", "Protocol error: invalid bulk length"),
    "length beyond all measure": (b"*1\r\n$99999999999\r\n", "Protocol error: invalid bulk length"),
    "no bulk string": (b"*2\r\n$4\r\nPING\r\n:1\r\n", "Protocol error: expected '$', got ':'"),
    "unbalanced quotes": (b'PING "x\r\n', "Protocol error: unbalanced quotes in request"),
    "endless line": (b"x" * MEGABYTE, "Protocol error: too big inline request"),
    "endless count": (b"*" + b"1" * MEGABYTE, "Protocol error: too big mbulk count string"),
    "endless length": (b"*1\r\n$" + b"1" * MEGABYTE, "Protocol error: too big bulk count string"),
}


@pytest.fixture(scope="module")
def sentinel(module_world, subject, primary):
    started = Sentinel(module_world, subject, [Monitor(NAME, *primary.address, quorum=1)], extra=["maxclients 10100"])
    started.start()
    await_that(lambda: started.primary()["runid"], 5, "the primary is known")
    return started


@pytest.fixture(autouse=True)
def serves_everyone_else(sentinel):
    """After each test: alive, quick, the primary still up, and not much bigger."""
    yield
    assert sentinel.running
    assert_quick(sentinel)
    assert sentinel.primary()["flags"] == "master"


def assert_quick(sentinel):
    with sentinel.connect() as connection:
        started = time.monotonic()
        assert connection.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)[0] == "127.0.0.1"
        assert time.monotonic() - started < QUICK_SECONDS


def send_all_it_takes(connection, data):
    try:
        connection.send(data)
    except (ConnectionResetError, BrokenPipeError):
        pass  # refused half-way


@pytest.mark.parametrize("case", GARBAGE)
def test_garbage_is_refused_and_the_connection_closed(sentinel, case):
    data, error = GARBAGE[case]
    with sentinel.connect() as connection:
        send_all_it_takes(connection, data)
        answer = connection.read_until_closed()
    # What was still on its way when the connection was closed may take the answer with it: TCP resets.
    if len(data) < MEGABYTE or answer:
        assert answer.endswith(f"-ERR {error}\r\n".encode())


@pytest.mark.parametrize("data", [bytes(range(256)) * 64, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 50])
def test_binary_noise_does_not_disturb(sentinel, data):
    """A TLS handshake on a plain port, for one."""
    with sentinel.connect() as connection:
        send_all_it_takes(connection, data + b"\r\n")
        connection.socket.shutdown(socket.SHUT_WR)
        connection.read_until_closed()


def test_http_is_no_way_in(sentinel):
    """A browser can be made to send this: nothing of its body may be carried out."""
    attack = b"POST / HTTP/1.1\r\nHost: x\r\n\r\nSENTINEL REMOVE shop\r\n"
    with sentinel.connect() as connection:
        connection.send(attack)
        connection.read_until_closed()
    assert sentinel.primary_address() is not None


def test_a_million_bytes_without_newline_do_not_stay_in_memory(sentinel):
    before = sentinel.resident_bytes()
    clients = [sentinel.connect() for _ in range(50)]
    for client in clients:
        send_all_it_takes(client, b"x" * MEGABYTE)
    for client in clients:
        client.read_until_closed()
        client.close()
    assert sentinel.resident_bytes() - before < 16 * MEGABYTE


@pytest.mark.vedette_only("it takes 512 MB from anyone")
def test_an_argument_that_never_ends_is_cut_short(sentinel):
    before = sentinel.resident_bytes()
    with sentinel.connect() as connection:
        send_all_it_takes(connection, b"*2\r\n$4\r\nPING\r\n$200000000\r\n")
        for _ in range(64):
            send_all_it_takes(connection, b"x" * MEGABYTE)
        assert sentinel.resident_bytes() - before < 16 * MEGABYTE


def test_half_a_command_waits_for_ever(sentinel):
    """It may be a slow link: nothing is answered, nothing is closed, and the other half completes it."""
    halves = [sentinel.connect() for _ in range(200)]
    for half in halves:
        half.send(b"*2\r\n$4\r\nPING\r\n$5\r\nhel")
    assert_quick(sentinel)
    for half in halves:
        half.send(b"lo\r\n")
        assert half.read_reply() == "hello"
        half.close()


def test_a_client_that_does_not_read_is_not_waited_for(sentinel):
    """Its replies are held up to a limit, then it is dropped; others notice nothing."""
    before = sentinel.resident_bytes()
    with sentinel.connect() as connection:
        connection.socket.settimeout(2)
        try:
            for _ in range(2000):
                connection.send(b"SENTINEL HELP\r\n" * 100)
        except OSError:
            pass  # it was dropped, or its input is not read any more
        assert_quick(sentinel)
        assert sentinel.resident_bytes() - before < 128 * MEGABYTE


def connect_many(sentinel, count):
    """In batches below the length of the queue of the listener."""
    clients = []
    while len(clients) < count:
        for _ in range(min(200, count - len(clients))):
            client = socket.create_connection(sentinel.address, timeout=10)
            # Close by reset: ten thousand ports in TIME_WAIT would disturb the tests that follow.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            clients.append(client)
        assert_quick(sentinel)
    return clients


def test_ten_thousand_idle_clients(sentinel):
    before = sentinel.resident_bytes()
    with open_files(IDLE_CLIENTS + 500):
        clients = connect_many(sentinel, IDLE_CLIENTS)
        try:
            connected = int(sentinel.info("clients")["connected_clients"])
            assert connected >= IDLE_CLIENTS
            assert_quick(sentinel)
            assert sentinel.resident_bytes() - before < 400 * MEGABYTE
            clients[0].sendall(b"PING\r\n")
            clients[-1].sendall(b"PING\r\n")
            assert clients[0].recv(100) == clients[-1].recv(100) == b"+PONG\r\n"
        finally:
            for client in clients:
                client.close()
    await_that(lambda: int(sentinel.info("clients")["connected_clients"]) < 10, 10, "all are gone")


def test_connections_that_come_and_go(sentinel):
    """Nothing of them stays."""
    for _ in range(200):
        sentinel.connect().close()
    before = sentinel.resident_bytes()
    for _ in range(2000):
        sentinel.connect().close()
    assert sentinel.resident_bytes() - before < 8 * MEGABYTE


def test_one_client_too_many_is_told_so(world, subject, primary):
    full = Sentinel(world, subject, [Monitor(NAME, *primary.address)], extra=["maxclients 20"]).start()
    clients = []
    while True:
        client = Connection(*full.address)
        clients.append(client)
        if len(clients) >= 15 and (answer := answer_of(client)) != b"+PONG\r\n":
            break
        assert len(clients) <= 20
    assert answer == b"-ERR max number of clients reached\r\n"
    for client in clients:
        client.close()
    await_that(lambda: full.reply_to("PING") == "PONG", 5, "there is room again")


def answer_of(client):
    """A client too many is told so without having asked."""
    send_all_it_takes(client, b"PING\r\n")
    return client.socket.recv(100)


def test_idle_clients_are_closed_after_the_timeout_that_is_set(world, subject, primary):
    sentinel = Sentinel(world, subject, [Monitor(NAME, *primary.address)], extra=["timeout 1"])
    sentinel.start()
    with sentinel.connect() as idle:
        idle.call("PING")
        assert idle.read_until_closed() == b""
    with sentinel.connect() as other:
        other.call("SENTINEL", "SET", NAME, "quorum", 3)
    sentinel.events.await_event("+set", "quorum 3$")  # a subscriber is never idle

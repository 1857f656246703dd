"""Very many clients that come to one sentinel at once, as they do after a failover, Vedette beside redis-sentinel.

Progress goes to the standard error, a table in Markdown to the standard output. See README.md for what is measured.
"""

import argparse
import select
import signal
import socket
import ssl
import struct
import sys
import time

from lib.asker import Askers
from lib.limits import raise_file_limit
from lib.table import percentile
from lib.titles import TITLES

from harness.farm import Farm
from harness.sentinel import NAME, Kind, Sentinel
from harness.sentinel_conf import Monitor
from harness.tls import Authority
from harness.world import World

REQUEST = b"SENTINEL GET-MASTER-ADDR-BY-NAME " + NAME.encode() + b"\r\n"
LIMIT_SECONDS = 60
CALM_SECONDS = 1  # between two storms
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # ten thousand ports in TIME_WAIT would disturb what comes next


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench storm", description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=10000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tls", action="store_true", help="all of them through TLS")
    return parser.parse_args(arguments)


def visit(address, tls):
    """One client, who connects, asks, and stays. Yields the descriptor and what it must be ready for to go on."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    client.setblocking(False)
    client.connect_ex(address)
    yield client.fileno(), select.EPOLLOUT
    if tls is not None:
        client = tls.wrap_socket(client, do_handshake_on_connect=False)
        yield from until_done(client, client.do_handshake)
    client.send(REQUEST)
    reply = yield from until_done(client, lambda: client.recv(4096))
    if not reply.startswith(b"*2\r\n"):
        raise ConnectionError(f"not an address: {reply}")
    return client


def until_done(client, attempt):
    while True:
        try:
            return attempt()
        except (BlockingIOError, ssl.SSLWantReadError):
            yield client.fileno(), select.EPOLLIN


def storm(address, count, tls):
    """How long each client has waited for its answer since the first of them came, in seconds; and the clients."""
    poll, began, waited, clients = select.epoll(), time.time(), [], []
    visits = {}
    for _ in range(count):
        client = visit(address, tls)
        number, event = next(client)
        visits[number] = client
        poll.register(number, event)
    while visits and time.time() - began < LIMIT_SECONDS:
        for number, _ in poll.poll(1):
            try:
                poll.modify(*next(visits[number]))
            except StopIteration as answered:
                waited.append(time.time() - began)
                clients.append(answered.value)
                poll.unregister(number)
                del visits[number]
            except OSError:  # put out: it counts as one that was not answered
                del visits[number]
    return waited, clients


def measure(sentinel, options, tls):
    """Of all rounds together: what each client of the storm waits, and what one waits meanwhile that was there before."""
    waited, others = [], []
    with Askers([sentinel.address], NAME, tls) as askers:
        for _ in range(options.rounds):
            began = time.time()
            times, clients = storm(sentinel.address, options.clients, tls)
            ended = time.time()
            waited += times
            answers = askers.take_answers()
            others += [a.seconds for a in answers if a.at + a.seconds >= began and a.at <= ended]
            for client in clients:
                client.close()
            time.sleep(CALM_SECONDS)
    return waited, others


def row_of(title, options, waited, others):
    count = options.clients * options.rounds
    missing = [float("inf")] * (count - len(waited))
    of_storm = " / ".join(f"{percentile([*waited, *missing], percent):.2f}" for percent in (50, 99, 100))
    of_others = f"{percentile(others, 99) * 1000:.1f} / {max(others) * 1000:.1f}"
    return f"| {options.clients} | {title} | {len(waited) / count:.0%} | {of_storm} | {of_others} |"


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up like after Ctrl-C
    options = options_of(sys.argv[1:])
    raise_file_limit()
    lines = ["| clients | sentinel | answered | 50% / 99% / all, s | answers to another client p99 / max, ms |", "|---" * 5 + "|"]
    for kind in Kind:
        world = World("storm")
        try:
            farm = Farm(world, 1).start()
            extra = [f"maxclients {options.clients + 1000}"]
            monitor = Monitor(NAME, farm.host, farm.primary_ports[0])
            identity = Authority(world.directory).issue("storm") if options.tls else None
            sentinel = Sentinel(world, kind, [monitor], extra=extra, pace={}, tls=identity).start()
            tls = identity and identity.client()
            lines.append(row_of(TITLES[kind.value], options, *measure(sentinel, options, tls)))
            print(lines[-1], file=sys.stderr, flush=True)
        finally:
            world.close()
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())

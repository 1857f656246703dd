"""Very many clients that come to one sentinel at once, as they do after a failover, Vedette beside redis-sentinel.

Progress goes to the standard error, a table in Markdown to the standard output. See README.md for what is measured.
"""

import argparse
import select
import signal
import socket
import struct
import sys
import time

from lib.asker import Askers
from lib.limits import raise_file_limit
from lib.table import percentile

from harness.farm import Farm
from harness.sentinel import NAME, Kind, Sentinel
from harness.sentinel_conf import Monitor
from harness.world import World

TITLES = {Kind.VEDETTE: "Vedette", Kind.STOCK: "redis-sentinel"}
REQUEST = b"SENTINEL GET-MASTER-ADDR-BY-NAME " + NAME.encode() + b"\r\n"
LIMIT_SECONDS = 60
CALM_SECONDS = 1  # between two storms
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # ten thousand ports in TIME_WAIT would disturb what comes next


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench storm", description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=10000)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args(arguments)


def come(address, poll):
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    client.setblocking(False)
    client.connect_ex(address)
    poll.register(client, select.EPOLLOUT)
    return client


def storm(address, count):
    """How long each client has waited for its answer since the first of them came, in seconds; and the clients."""
    poll, began, waited = select.epoll(), time.monotonic(), []
    clients = {client.fileno(): client for client in (come(address, poll) for _ in range(count))}
    while len(waited) < count and time.monotonic() - began < LIMIT_SECONDS:
        for number, event in poll.poll(1):
            if event & select.EPOLLOUT:
                clients[number].send(REQUEST)
                poll.modify(number, select.EPOLLIN)
            elif clients[number].recv(4096).startswith(b"*2\r\n"):
                waited.append(time.monotonic() - began)
                poll.unregister(number)
            else:
                raise ConnectionError("a client was not answered")
    return waited, list(clients.values())


def measure(sentinel, options):
    """Of all rounds together: what the clients of the storm wait, and what one waits that was there before."""
    waited = []
    with Askers([sentinel.address], NAME) as askers:
        for _ in range(options.rounds):
            times, clients = storm(sentinel.address, options.clients)
            waited.append(times)
            for client in clients:
                client.close()
            time.sleep(CALM_SECONDS)
        answers = askers.take_answers()
    return waited, [answer.seconds for answer in answers]


def row_of(title, options, waited, answers):
    every = [seconds for times in waited for seconds in times]
    answered = len(every) / (options.clients * options.rounds)
    ends = [max(times, default=LIMIT_SECONDS) for times in waited]
    storm_cells = f"{percentile(every, 50):.2f} / {percentile(every, 99):.2f} / {sum(ends) / len(ends):.2f}"
    other_cells = f"{percentile(answers, 99) * 1000:.1f} / {max(answers) * 1000:.1f}"
    return f"| {options.clients} | {title} | {answered:.0%} | {storm_cells} | {other_cells} |"


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up like after Ctrl-C
    options = options_of(sys.argv[1:])
    raise_file_limit()
    lines = ["| clients | sentinel | answered | 50% / 99% / all, s | answers to another client p99 / max, ms |", "|---" * 5 + "|"]
    for kind, title in TITLES.items():
        world = World("storm")
        try:
            farm = Farm(world, 1).start()
            extra = [f"maxclients {options.clients + 1000}"]
            monitor = Monitor(NAME, farm.host, farm.primary_ports[0])
            sentinel = Sentinel(world, kind, [monitor], extra=extra, pace={}).start()
            lines.append(row_of(title, options, *measure(sentinel, options)))
            print(lines[-1], file=sys.stderr, flush=True)
        finally:
            world.close()
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())

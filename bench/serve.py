"""Requests per second and their latency, by clients and by depth of pipelines, Vedette beside redis-sentinel.

Beside both of them a server that does nothing shows what is the kernel's part, and whether it is the clients that have
no more time. Progress goes to the standard error, a table in Markdown to the standard output. The clients are
redis-benchmark.
"""

import argparse
import csv
import itertools
import json
import pathlib
import signal
import statistics
import subprocess
import sys

from lib.ceiling import Ceiling
from lib.limits import raise_file_limit
from lib.meter import cpu_time
from lib.titles import TITLES

from harness.farm import Farm
from harness.sentinel import NAME, Kind, Sentinel
from harness.sentinel_conf import Monitor
from harness.world import World

COMMANDS = {"PING": ["PING"], "get-master-addr-by-name": ["SENTINEL", "get-master-addr-by-name", NAME]}
CEILING = "ceiling"
NAMES = {**TITLES, CEILING: "one that does nothing"}
LIMIT_SECONDS = 120


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench serve", description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=numbers, default=(1, 50, 1000, 10000), metavar="N,...")
    parser.add_argument("--pipeline", type=numbers, default=(1, 16), metavar="N,...")
    parser.add_argument("--requests", type=int, default=100000, help="of each measurement; a fifth for a single client")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="gets each single measurement")
    return parser.parse_args(arguments)


def numbers(text):
    return tuple(map(int, text.split(",")))


def measure(server, command, clients, pipeline, requests):
    """Requests per second, p50 and p99 of the latency in milliseconds, and what the server takes for each request."""
    requests = requests if clients > 1 else requests // 5
    how = ["-c", str(clients), "-P", str(pipeline), "-n", str(requests), "--csv"]
    program = ["redis-benchmark", "-h", server.host, "-p", str(server.port), *how, *command]
    before = cpu_time(server.pid)
    output = subprocess.run(program, capture_output=True, text=True, check=True, timeout=LIMIT_SECONDS).stdout
    after = cpu_time(server.pid)
    [row] = csv.DictReader(output[output.index('"test"') :].splitlines())
    return {
        "rps": float(row["rps"]),
        "p50": float(row["p50_latency_ms"]),
        "p99": float(row["p99_latency_ms"]),
        "program": (after.program - before.program) / requests * 1e6,
        "kernel": (after.kernel - before.kernel) / requests * 1e6,
    }


def median(rounds):
    return {key: statistics.median(each[key] for each in rounds) for key in rounds[0]}


def rows_of(shape, medians):
    """One for each server, with its ratio to the requests of redis-sentinel."""
    stock = medians[Kind.STOCK.value]["rps"]
    return [
        f"| {shape} | {NAMES[name]} | {m['rps']:.0f} | {m['rps'] / stock:.2f} | {m['p50']:.2f} / {m['p99']:.2f} "
        f"| {m['program']:.2f} + {m['kernel']:.2f} |"
        for name, m in medians.items()
    ]


def measure_all(options, servers):
    """The lines of the table, and each single measurement."""
    titles = "command | clients | pipeline | server | requests/s | ratio | p50 / p99, ms | program + kernel, µs each"
    lines, everything = [f"| {titles} |", "|---" * 8 + "|"], []
    for title, command in COMMANDS.items():
        for clients, pipeline in itertools.product(options.clients, options.pipeline):
            measured = {name: [] for name in servers}
            for _ in range(options.rounds):
                for name, server in servers.items():
                    measured[name].append(measure(server, command, clients, pipeline, options.requests))
                    shape = {"command": title, "clients": clients, "pipeline": pipeline}
                    everything.append({"server": name, **shape, **measured[name][-1]})
            rows = rows_of(f"{title} | {clients} | {pipeline}", {name: median(each) for name, each in measured.items()})
            lines += rows
            print("\n".join(rows), file=sys.stderr, flush=True)
    return lines, everything


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up like after Ctrl-C
    options = options_of(sys.argv[1:])
    raise_file_limit()
    world = World("serve")
    try:
        farm = Farm(world, 1).start()
        monitor = Monitor(NAME, farm.host, farm.primary_ports[0])
        extra = [f"maxclients {max(options.clients) + 1000}"]
        servers = {kind.value: Sentinel(world, kind, [monitor], extra=extra, pace={}).start() for kind in Kind}
        servers[CEILING] = Ceiling(world).start()
        lines, everything = measure_all(options, servers)
    finally:
        world.close()
    if options.json is not None:
        options.json.write_text(json.dumps(everything, indent=1) + "\n")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())

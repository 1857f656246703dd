"""Requests per second and their latency, by clients and by depth of pipelines, Vedette beside redis-sentinel.

Progress goes to the standard error, a table in Markdown to the standard output. The clients are redis-benchmark.
"""

import argparse
import csv
import json
import pathlib
import signal
import statistics
import subprocess
import sys

from lib.limits import raise_file_limit
from harness.farm import Farm
from harness.sentinel import NAME, Kind, Sentinel
from harness.sentinel_conf import Monitor
from harness.world import World

COMMANDS = {"PING": ["PING"], "get-master-addr-by-name": ["SENTINEL", "get-master-addr-by-name", NAME]}
TITLES = {Kind.VEDETTE: "Vedette", Kind.STOCK: "redis-sentinel"}
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


def measure(sentinel, command, clients, pipeline, requests):
    """Requests per second, and p50 and p99 of the latency in milliseconds."""
    how = ["-c", str(clients), "-P", str(pipeline), "-n", str(requests if clients > 1 else requests // 5), "--csv"]
    program = ["redis-benchmark", "-h", sentinel.host, "-p", str(sentinel.port), *how, *command]
    output = subprocess.run(program, capture_output=True, text=True, check=True, timeout=LIMIT_SECONDS).stdout
    [row] = csv.DictReader(output[output.index('"test"') :].splitlines())
    return {"rps": float(row["rps"]), "p50": float(row["p50_latency_ms"]), "p99": float(row["p99_latency_ms"])}


def median(rounds):
    return {key: statistics.median(each[key] for each in rounds) for key in rounds[0]}


def row_of(title, clients, pipeline, medians):
    cells = [f"{m['rps']:.0f} | {m['p50']:.2f} / {m['p99']:.2f}" for m in medians.values()]
    ratio = medians[Kind.VEDETTE]["rps"] / medians[Kind.STOCK]["rps"]
    return f"| {title} | {clients} | {pipeline} | {' | '.join(cells)} | {ratio:.2f} |"


def measure_all(options, sentinels):
    """The lines of the table, and each single measurement."""
    titles = " | ".join(f"{title}, requests/s | p50 / p99, ms" for title in TITLES.values())
    lines, everything = [f"| command | clients | pipeline | {titles} | ratio |", "|---" * 8 + "|"], []
    for title, command in COMMANDS.items():
        for clients in options.clients:
            for pipeline in options.pipeline:
                measured = {kind: [] for kind in sentinels}
                for _ in range(options.rounds):
                    for kind, sentinel in sentinels.items():
                        result = measure(sentinel, command, clients, pipeline, options.requests)
                        measured[kind].append(result)
                        shape = {"command": title, "clients": clients, "pipeline": pipeline}
                        everything.append({"kind": kind.value, **shape, **result})
                medians = {kind: median(rounds) for kind, rounds in measured.items()}
                lines.append(row_of(title, clients, pipeline, medians))
                print(lines[-1], file=sys.stderr, flush=True)
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
        sentinels = {kind: Sentinel(world, kind, [monitor], extra=extra, pace={}).start() for kind in TITLES}
        lines, everything = measure_all(options, sentinels)
    finally:
        world.close()
    if options.json is not None:
        options.json.write_text(json.dumps(everything, indent=1) + "\n")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Failovers of real servers under Vedette and under redis-sentinel in the same run, as tables in Markdown.

Progress goes to the standard error, the tables to the standard output. See README.md for what there is.
"""

import argparse
import collections
import dataclasses
import json
import os
import pathlib
import platform
import signal
import sys
import time

from lib import rows, table
from lib.runner import empty_results, run


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench failover", description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", metavar="WHAT", help=f"of: {', '.join(rows.ALL)} (default: kill)")
    parser.add_argument("--all", action="store_true", help="every row; --rounds, --minutes and --json apply")
    parser.add_argument("--rounds", type=int, default=30, help="of each; with --all, of the most telling rows")
    parser.add_argument("--down-after", type=int, default=1000, help="in milliseconds")
    parser.add_argument("--failover-timeout", type=int, default=3000, help="in milliseconds")
    parser.add_argument("--sentinels", type=int, default=3, help="of each fleet")
    parser.add_argument("--replicas", type=int, default=2, help="of each fleet")
    parser.add_argument("--stock", type=numbers, metavar="K,...", help="a fleet with K of redis-sentinel, for each K")
    parser.add_argument("--minutes", type=float, default=10, help="of quiet")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="gets each single measurement")
    options = parser.parse_args(arguments)
    if unknown := set(options.what) - set(rows.ALL):
        parser.error(f"no such thing: {', '.join(sorted(unknown))}")
    if not set(options.stock or ()) <= set(range(options.sentinels + 1)):
        parser.error(f"there are only {options.sentinels} sentinels in a fleet")
    return options


def numbers(text):
    return tuple(map(int, text.split(",")))


def batches_of(options):
    if options.all:
        return rows.everything(options.rounds, options.minutes)
    chosen = [
        rows.Row(
            what,
            rounds=1 if what == "quiet" else options.rounds,
            down_after=options.down_after,
            failover_timeout=options.failover_timeout,
            sentinels=options.sentinels,
            stock=options.stock,
            replicas=options.replicas,
            minutes=options.minutes,
        )
        for what in options.what or ["kill"]
    ]
    return [[row] for row in chosen]


def say(text):
    print(text, file=sys.stderr, flush=True)


def measure(results):
    chosen = [row for row, _ in results]
    say(f"{time.strftime('%H:%M:%S')}, about {rows.expected_seconds(chosen):.0f} s:")
    for row in chosen:
        say(f"  {row.title}")
    shown_failures = collections.Counter()

    def report(row, fleet):
        where, failures = (row, fleet["fleet"]), fleet["failures"]
        played = len(fleet["rounds"]) + len(failures)
        say(f"    {row.what} {row.down_after}, {fleet['fleet']} ({row.sentinels}): {played} of {row.rounds}")
        for failure in failures[shown_failures[where] :]:
            say(f"      failed: {failure}")
        shown_failures[where] = len(failures)

    run(results, report)


def save(path, results):
    if path is not None:
        machine = {"cores": os.cpu_count(), "system": platform.platform()}
        measured = [{"row": dataclasses.asdict(row), "fleets": fleets} for row, fleets in results]
        path.write_text(json.dumps({"machine": machine, "results": measured}, indent=1) + "\n")


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up like after Ctrl-C
    options = options_of(sys.argv[1:])
    batches, results = batches_of(options), []
    say(f"{sum(map(len, batches))} rows, about {sum(map(rows.expected_seconds, batches)) / 60:.0f} minutes")
    started = time.monotonic()
    status = 0
    try:
        for batch in batches:
            results += empty_results(batch)
            measure(results[-len(batch) :])
            save(options.json, results)
    except KeyboardInterrupt:
        say("interrupted: this is what there is")
        save(options.json, results)
        status = 130
    say(f"took {(time.monotonic() - started) / 60:.1f} minutes")
    print(table.tables(results))
    print(f"\n{table.elections(results)}")
    return status


if __name__ == "__main__":
    sys.exit(main())

"""Sentinels over very many primaries, Vedette beside redis-sentinel: start, steady cost, and all primaries failing at once.

Progress goes to the standard error, tables in Markdown to the standard output. See README.md for what is measured.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import platform
import signal
import sys
import time

from lib import mass_table
from lib.limits import raise_file_limit
from lib.mass import MassFleet, keep_off_the_own_core
from lib.meter import steady_cost
from lib.table import percentile

from harness.sentinel import Kind

POLL_SECONDS = 0.2
CALM_SECONDS = 5  # between the start and what is measured in peace


@dataclasses.dataclass
class Result:
    kind: str
    primaries: int
    start: dict = dataclasses.field(default_factory=dict)
    steady: dict = dataclasses.field(default_factory=dict)
    failover: dict = dataclasses.field(default_factory=dict)


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench fleet", description=__doc__.splitlines()[0])
    parser.add_argument("--primaries", type=numbers, default=(10, 100, 500, 1000), metavar="N,...")
    parser.add_argument("--replicas", type=int, default=1, help="of each primary")
    parser.add_argument("--sentinels", type=int, default=3)
    parser.add_argument("--kinds", default="vedette,stock", help="which ones, in this order")
    parser.add_argument("--down-after", type=int, default=5000, help="in milliseconds")
    parser.add_argument("--failover-timeout", type=int, default=60000, help="in milliseconds")
    parser.add_argument("--steady", type=int, default=10, help="seconds for which the steady cost is measured")
    parser.add_argument("--timeout", type=int, default=300, help="seconds of patience with a start, and with a failover")
    parser.add_argument("--known", action="store_true", help="the configurations name replicas and peers, too")
    parser.add_argument("--calm", type=int, default=CALM_SECONDS, help="seconds between the start and the steady cost")
    parser.add_argument("--own-core", action="store_true", help="for the first sentinel, whose answers alone count then")
    parser.add_argument("--without-failover", action="store_true", help="only start and steady cost")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="gets each result")
    parser.add_argument("--plot", type=pathlib.Path, metavar="FILE", help="gets the cost over how many primaries there are, as SVG")
    return parser.parse_args(arguments)


def numbers(text):
    return tuple(map(int, text.split(",")))


def say(text):
    print(text, file=sys.stderr, flush=True)


def latencies(answers):
    times = [answer.seconds for answer in answers]
    return {"p50": percentile(times, 50), "p99": percentile(times, 99), "max": max(times)} if times else {}


def measure_start(fleet, options):
    with fleet.askers() as askers:
        began = time.monotonic()
        deadline = began + options.timeout
        fleet.launch()
        discovered = fleet.await_that(fleet.has_discovered, deadline)
        saved = discovered and fleet.await_that(fleet.has_saved, deadline)
        return {
            "discovered": discovered and discovered - began,
            "saved": saved and saved - began,
            "answers": latencies(askers.take_answers()),
        }


def measure_failover(fleet, options):
    logs, wanted = fleet.logs(), len(fleet.names)
    with fleet.askers() as askers:
        began = time.monotonic()
        fleet.kill_primaries()
        while time.monotonic() - began < options.timeout:
            time.sleep(POLL_SECONDS)
            for log in logs:
                log.read_on()
            if all(len(log.first_by_name("+switch-master")) == wanted for log in logs):
                break
        answers = askers.take_answers()
    down = first_down(logs)
    found = outcome(logs, fleet.names, down)
    whole = len(found["switched"]) == wanted
    end = down + found["switched"][-1] if whole else float("inf")
    meanwhile = [answer for answer in answers if answer.at + answer.seconds >= down and answer.at <= end]
    return {**found, "answers": latencies(meanwhile)}


def first_down(logs):
    return min((at for log in logs for at in log.times("+sdown", "^master ")), default=0)


def outcome(logs, names, down):
    """Times are from `down` on."""
    switches = [log.first_by_name("+switch-master") for log in logs]
    promotions = [log.first_by_name("+promoted-slave") for log in logs]
    switched = [max(each[name] for each in switches) - down for name in names if all(name in each for each in switches)]
    promoted = [min(each[name] for each in promotions if name in each) for name in set().union(*promotions)]

    def count(event):
        return sum(len(log.times(event)) for log in logs)

    return {
        "switched": sorted(switched),
        "promoted": sorted(at - down for at in promoted),
        "candidacies": count("+try-failover") / len(names),
        "elections": count("+elected-leader") / len(names),
        "tilts": count("+tilt"),
    }


def measure(kind, primaries, options):
    result = Result(kind.value, primaries)
    shape = (primaries, options.replicas, options.sentinels, options.down_after, options.failover_timeout)
    with MassFleet(kind, *shape, own_core=options.own_core) as fleet:
        if options.known:
            fleet.tell_all()
        result.start = measure_start(fleet, options)
        say(f"  start: {result.start}")
        if result.start["discovered"] is None:
            return result
        time.sleep(options.calm)
        result.steady = steady_cost(fleet.sentinels, options.steady)._asdict()
        result.steady["farm_cpu"] = steady_cost(fleet.farms, 2).cpu * len(fleet.farms)
        say(f"  steady: {result.steady}")
        if not options.without_failover:
            result.failover = measure_failover(fleet, options)
            shown = {key: value for key, value in result.failover.items() if key not in ("switched", "promoted")}
            say(f"  failover: {len(result.failover['switched'])} switched, {shown}")
    return result


def save(options, results):
    if options.json is not None:
        machine = {"cores": os.cpu_count(), "system": platform.platform()}
        measured = {"machine": machine, "results": [dataclasses.asdict(result) for result in results]}
        options.json.write_text(json.dumps(measured, indent=1) + "\n")
    if options.plot is not None:
        options.plot.write_text(mass_table.plot(results))


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up like after Ctrl-C
    options, results, status = options_of(sys.argv[1:]), [], 0
    raise_file_limit()
    if options.own_core:
        keep_off_the_own_core()
    try:
        for primaries in options.primaries:
            for kind in map(Kind, options.kinds.split(",")):
                say(f"{time.strftime('%H:%M:%S')}: {primaries} primaries, {kind.value}")
                results.append(measure(kind, primaries, options))
                save(options, results)
    except KeyboardInterrupt:
        say("interrupted: this is what there is")
        status = 130
    print(mass_table.tables(results))
    return status


if __name__ == "__main__":
    sys.exit(main())

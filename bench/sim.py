"""How fast the simulator is: simulated hours per minute of one core, as a table in Markdown.

Counted is the time of the processor and not of the clock, so that a machine with other work to do gives nearly the same.
"""

import argparse
import json
import os
import resource
import subprocess
import sys

# What is simulated: its title, and the options that make it so.
WORLDS = {
    "3 sentinels, a primary, 2 replicas, a writer": [],
    "5 sentinels": ["--sentinels", "5"],
    "3 sentinels, 10 primaries": ["--primaries", "10"],
}


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench sim", description=__doc__.splitlines()[0])
    parser.add_argument("--first-seed", type=int, default=30001)
    parser.add_argument("--seeds", type=int, default=10, help="how many of each world")
    parser.add_argument("--hours", type=float, default=1, help="simulated, of each seed")
    return parser.parse_args(arguments)


def simulate(options, world):
    """The figures of all seeds together, and the seconds of processor time that they took."""
    seeds = f"{options.first_seed}..{options.first_seed + options.seeds - 1}"
    command = [os.environ.get("VEDETTE_BINARY", "build/vedette"), "sim", "--seeds", seeds, *world]
    command += ["--hours", str(options.hours), "--readers", "0", "--jobs", "1", "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    last = json.loads(done.stdout.splitlines()[-1])  # one seed is its own total
    return last.get("total", last), seconds


def main(arguments):
    options = options_of(arguments)
    print("| what is simulated | hours in a minute of one core | events in an hour | failovers in an hour |")
    print("|---|---|---|---|")
    for title, world in WORLDS.items():
        figures, seconds = simulate(options, world)
        hours = figures["simulated_hours"]
        print(
            f"| {title} | {hours * 60 / seconds:.0f} | {figures['events'] / hours / 1e6:.2f} million "
            f"| {figures['failovers'] / hours:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])

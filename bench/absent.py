"""What a sentinel costs all of whose servers are down, Vedette beside redis-sentinel: it tries to connect, for ever.

Nobody listens at their addresses, which are of this machine, so that every attempt is refused at once.
"""

import argparse
import signal
import sys
import time

from lib.limits import raise_file_limit
from lib.meter import steady_cost
from lib.titles import TITLES

from harness.ports import free_host
from harness.sentinel import Kind, Sentinel
from harness.sentinel_conf import Monitor
from harness.world import World

FIRST_PORT = 10000
DOWN_AFTER_MILLIS = 5000
CALM_SECONDS = 15  # all of them are down for long, then


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench absent", description=__doc__.splitlines()[0])
    parser.add_argument("--primaries", type=int, default=1000, help="each with one replica")
    parser.add_argument("--steady", type=int, default=20, help="seconds for which the cost is measured")
    return parser.parse_args(arguments)


def measure(world, kind, options):
    host, ports = free_host(), [FIRST_PORT + 2 * i for i in range(options.primaries)]
    # A quorum of two that there never is: no failover is tried.
    monitors = [Monitor(f"group-{port}", host, port, quorum=2, down_after=DOWN_AFTER_MILLIS) for port in ports]
    replicas = [f"sentinel known-replica group-{port} {host} {port + 1}" for port in ports]
    sentinel = Sentinel(world, kind, monitors, pace={})
    with open(sentinel.conf_path, "a", encoding="ascii") as file:
        file.writelines(f"{line}\n" for line in replicas)
    sentinel.start()
    time.sleep(CALM_SECONDS)
    return steady_cost([sentinel], options.steady)


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up like after Ctrl-C
    options = options_of(sys.argv[1:])
    raise_file_limit()
    print("| primaries, all down | sentinel | CPU of a core | system calls/s |", "|---" * 4 + "|", sep="\n")
    for kind in Kind:
        world = World("absent")
        try:
            cost = measure(world, kind, options)
        finally:
            world.close()
        calls = "-" if cost.system_calls is None else f"{cost.system_calls:.0f}"
        print(f"| {options.primaries} | {TITLES[kind.value]} | {cost.cpu:.1%} | {calls} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

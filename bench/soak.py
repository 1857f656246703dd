"""Random deaths and restarts of servers for an hour: in the end all is well, and no memory and no descriptor is lost.

Progress goes to the standard error, a line for each sample to the standard output. The exit status is 1 if it is not so.
"""

import argparse
import random
import signal
import sys
import time

from lib.mass import MassFleet
from lib.meter import cpu_seconds, descriptors

from harness.sentinel import Kind

WARM_UP_SHARE = 0.2  # of the time: only then all that is kept was needed once
CALM_SECONDS = 120  # at the end, for all to become well
DEAD_SECONDS = (1, 20)  # how long a server stays dead
GROWTH_ALLOWED = 1.10  # of memory, after the warm-up
SPARE_DESCRIPTORS = 8  # beyond those of the start


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench soak", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--primaries", type=int, default=50)
    parser.add_argument("--replicas", type=int, default=2, help="of each primary")
    parser.add_argument("--sentinels", type=int, default=3)
    parser.add_argument("--kind", type=Kind, default=Kind.VEDETTE, help="vedette or stock")
    parser.add_argument("--deaths", type=float, default=1, help="of servers in a second, on average")
    parser.add_argument("--sample", type=float, default=30, help="seconds between samples")
    parser.add_argument("--seed", type=int, default=1, help="of who dies, and when")
    return parser.parse_args(arguments)


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


class Reaper:
    """Kills servers at random and starts each of them again some time later."""

    def __init__(self, farm, chance, deaths):
        self._farm, self._chance, self._deaths = farm, chance, deaths
        self._next = time.monotonic()
        self._dead = {}  # port: when it is started again
        self.killed = 0

    def work(self):
        now = time.monotonic()
        if now >= self._next:
            self._next = now + self._chance.expovariate(self._deaths)
            port = self._chance.choice(sorted(set(self._farm.servers()) - set(self._dead)))
            self._farm.kill_servers([port])
            self._dead[port] = now + self._chance.uniform(*DEAD_SECONDS)
            self.killed += 1
        self.revive(now)

    def revive(self, now=float("inf")):
        due = [port for port, at in self._dead.items() if at <= now]
        if due:
            self._farm.start_servers(due)
        for port in due:
            del self._dead[port]


def sample(fleet):
    return [(s.resident_bytes(), descriptors(s.pid), cpu_seconds(s.pid)) for s in fleet.sentinels]


def show(at, samples):
    cells = [f"{resident >> 20} MB {files} files {cpu:.1f} s" for resident, files, cpu in samples]
    print(f"{at:8.0f} s  {'  |  '.join(cells)}", flush=True)


def unwell(fleet, farm):
    """None, or what is not as it should be: one primary of each group that all follow and all sentinels name."""
    servers, groups = farm.servers(), {}
    for port, server in servers.items():
        groups.setdefault(farm.group_of(port), []).append(server)
    told = [{i: s.primary_address(name) for i, name in enumerate(fleet.names)} for s in fleet.sentinels]
    for number, group in groups.items():
        primaries = [server.port for server in group if server.up and server.follows == 0]
        if len(primaries) != 1:
            return f"{fleet.names[number]} has the primaries {primaries}"
        if any(server.follows != primaries[0] or not server.synchronised for server in group if server.follows):
            return f"not all of {fleet.names[number]} follow {primaries[0]}"
        if any(addresses[number] != (farm.host, primaries[0]) for addresses in told):
            return f"not all sentinels name {primaries[0]} for {fleet.names[number]}"
    return next((f"{s.name} does not find all well" for s in fleet.sentinels if not fleet.finds_all_well(s)), None)


def soak(fleet, farm, options):
    reaper = Reaper(farm, random.Random(options.seed), options.deaths)
    began = time.monotonic()
    ends, next_sample, samples = began + options.minutes * 60, began, []
    while (now := time.monotonic()) < ends:
        reaper.work()
        if now >= next_sample:
            next_sample += options.sample
            samples.append((now - began, sample(fleet)))
            show(*samples[-1])
        time.sleep(0.05)
    reaper.revive()
    say(f"{reaper.killed} servers were killed")
    return samples


def await_calm(fleet, farm):
    ends = time.monotonic() + CALM_SECONDS
    while (why := unwell(fleet, farm)) and time.monotonic() < ends:
        time.sleep(1)
    return why


def judge(samples, last):
    """What is wrong: memory is compared with the most that there was in the quarter after the warm-up."""
    warm = samples[int(len(samples) * WARM_UP_SHARE) :]
    problems = []
    for number, (resident, files, _) in enumerate(last):
        early = max(each[number][0] for _, each in warm[: max(1, len(warm) // 4)])
        if resident > early * GROWTH_ALLOWED:
            problems.append(f"sentinel {number}: {early >> 20} MB became {resident >> 20} MB")
        if files > samples[0][1][number][1] + SPARE_DESCRIPTORS:
            problems.append(f"sentinel {number}: {samples[0][1][number][1]} descriptors became {files}")
    return problems


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up like after Ctrl-C
    options = options_of(sys.argv[1:])
    shape = (options.primaries, options.replicas, options.sentinels)
    with MassFleet(options.kind, *shape, down_after=1000, failover_timeout=10000) as fleet:
        [farm] = fleet.farms
        fleet.launch()
        assert fleet.await_that(fleet.has_discovered, time.monotonic() + CALM_SECONDS), "not all was discovered"
        samples = soak(fleet, farm, options)
        why = await_calm(fleet, farm)
        last = sample(fleet)
        show(options.minutes * 60, last)
        problems = judge(samples, last) + ([why] if why else [])
        for problem in problems:
            say(f"not well: {problem}")
        assert not problems, "; ".join(problems)
    say("all is well")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Failovers of real servers under Vedette and under redis-sentinel, round by round in turn, as a table in Markdown.

Of each round: from the fault to the first `+sdown`, from there to the first write that is acknowledged again, from
the promotion until the last sentinel tells the new address, and from the first answer of the old primary until it is
a replica. All instants are those of this process, of events as of replies.
"""

import argparse
import pathlib
import random
import statistics
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "integration"))

from harness.cluster import NAME, Cluster  # noqa: E402
from harness.resp import Connection  # noqa: E402
from harness.sentinel import AS_SHIPPED, Kind  # noqa: E402
from harness.waiting import await_that  # noqa: E402
from harness.world import World  # noqa: E402

FLEETS = {
    "Vedette": [Kind.VEDETTE] * 3,
    "redis-sentinel": [Kind.STOCK] * 3,
    "mixed, 2 + 1": [Kind.VEDETTE, Kind.VEDETTE, Kind.STOCK],
}
FAULTS = {"kill": "SIGKILL", "stop": "SIGSTOP"}
FAILOVER_TIMEOUT_MILLIS = 3000
REST_SECONDS = 2 * FAILOVER_TIMEOUT_MILLIS / 1000 + 1  # the original does not fail over again before
ROUND_SECONDS = 60
PAUSE_SECONDS = 0.001  # between two looks

MEASURES = {
    "detected": "fault to the first +sdown",
    "writable": "first +sdown to the next acknowledged write",
    "told": "promotion to the new address from all sentinels",
    "demoted": "answer of the old primary to its being a replica",
    "elections": "candidacies (number)",
}


class Writer(threading.Thread):
    """Writes without pause to where the sentinels say the primary is. Remembers the first success after each mark."""

    def __init__(self, sentinels):
        super().__init__(daemon=True)
        self._sentinels = [sentinel.address for sentinel in sentinels]
        self._ended = threading.Event()
        self._forbidden = None
        self.success_at = None

    def look_for_another_than(self, address):
        self.success_at = None
        self._forbidden = address

    def end(self):
        self._ended.set()
        self.join()

    def run(self):
        turn = 0
        while not self._ended.is_set():
            turn += 1
            try:
                self._write_to(self._ask(self._sentinels[turn % len(self._sentinels)]))
            except (OSError, RuntimeError, AssertionError, ValueError, TypeError):
                time.sleep(PAUSE_SECONDS)

    def _ask(self, sentinel):
        with Connection(*sentinel) as connection:
            host, port = connection.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)
        if (host, int(port)) == self._forbidden:
            raise ValueError("that one is gone")
        return host, int(port)

    def _write_to(self, address):
        with Connection(*address) as connection:
            connection.socket.settimeout(0.5)
            while not self._ended.is_set() and address != self._forbidden:
                connection.call("SET", "bench", "x")
                if self._forbidden is not None and self.success_at is None:
                    self.success_at = time.monotonic()
                time.sleep(PAUSE_SECONDS)


def poll(condition):
    """The instant at which it became true, seen a millisecond late at most."""
    end = time.monotonic() + ROUND_SECONDS
    while time.monotonic() < end:
        try:
            if condition():
                return time.monotonic()
        except OSError:
            pass  # a server closes its connections when its role changes
        time.sleep(PAUSE_SECONDS)
    raise AssertionError("a round took too long")


def first(sentinels, name, marks):
    events = [event.at for sentinel, mark in zip(sentinels, marks) for event in sentinel.events.matching(name, "", mark)]
    return min(events, default=None)


class Fleet:
    def __init__(self, name, kinds, down_after):
        self.world = World("bench")
        self.name = name
        self.cluster = Cluster(
            self.world, kinds, pace=AS_SHIPPED, down_after=down_after, failover_timeout=FAILOVER_TIMEOUT_MILLIS
        ).start()
        self.writer = Writer(self.cluster.sentinels)
        self.writer.start()
        self.failed_at = time.monotonic()
        self.rounds = []

    def close(self):
        self.writer.end()
        self.world.close()

    def fail_over(self, fault):
        cluster, old = self.cluster, self.cluster.primary
        time.sleep(max(0, self.failed_at + REST_SECONDS - time.monotonic()) + random.random())
        marks = [sentinel.events.mark() for sentinel in cluster.sentinels]
        self.failed_at = time.monotonic()
        old.kill() if fault == "kill" else old.pause()
        self.writer.look_for_another_than(old.address)
        told = [
            poll(lambda: sentinel.primary_address() not in (None, old.address)) for sentinel in cluster.sentinels
        ]
        poll(lambda: self.writer.success_at is not None)
        cluster.await_new_primary()
        await_that(lambda: first(cluster.sentinels, "+promoted-slave", marks), ROUND_SECONDS, "the promotion is told")
        down = first(cluster.sentinels, "+sdown", marks)
        candidacies = sum(len(s.events.matching("+try-failover", "", m)) for s, m in zip(cluster.sentinels, marks))
        self.rounds.append(
            {
                "detected": down - self.failed_at,
                "writable": self.writer.success_at - down,
                "told": max(told) - first(cluster.sentinels, "+promoted-slave", marks),
                "demoted": self._demotion(old, fault),
                "elections": candidacies,
            }
        )
        self.writer.look_for_another_than(None)
        cluster.await_agreement(ROUND_SECONDS)

    def _demotion(self, old, fault):
        if fault == "kill":
            old.conf_path.write_text(
                "\n".join(line for line in old.conf_path.read_text().splitlines() if "replicaof" not in line) + "\n"
            )
            old.start()
        else:
            old.resume()
        back = time.monotonic()
        return poll(lambda: old.role() == "slave") - back


def percentile(values, percent):
    return sorted(values)[min(len(values) - 1, round(percent / 100 * (len(values) - 1)))]


def table(fleets, fault, down_after):
    print(f"\n### {FAULTS[fault]} of the primary, down-after {down_after} ms, {len(fleets[0].rounds)} rounds\n")
    print("| milliseconds, p50 / p99 |", " | ".join(fleet.name for fleet in fleets), "|")
    print("|---|" + "---|" * len(fleets))
    for measure, title in MEASURES.items():
        cells = []
        for fleet in fleets:
            values = [one[measure] * (1 if measure == "elections" else 1000) for one in fleet.rounds]
            if measure == "elections":
                cells.append(f"{statistics.mean(values):.2f} on average")
            else:
                cells.append(f"{percentile(values, 50):.0f} / {percentile(values, 99):.0f}")
        print(f"| {title} |", " | ".join(cells), "|")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--down-after", type=int, default=1000, help="in milliseconds")
    parser.add_argument("--fault", default="kill", help="of: " + ", ".join(FAULTS))
    parser.add_argument("--fleets", default="Vedette,redis-sentinel", help="of: " + "; ".join(FLEETS))
    options = parser.parse_args()
    names = [name for name in FLEETS if name in options.fleets]
    for fault in options.fault.split(","):
        fleets = [Fleet(name, FLEETS[name], options.down_after) for name in names]
        try:
            for number in range(options.rounds):
                for fleet in fleets:
                    fleet.fail_over(fault)
                print(f"\r{number + 1} of {options.rounds} rounds", end="", file=sys.stderr, flush=True)
            table(fleets, fault, options.down_after)
        finally:
            for fleet in fleets:
                fleet.close()


if __name__ == "__main__":
    main()

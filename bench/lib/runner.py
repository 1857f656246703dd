"""Runs the fleets of rows side by side, each in a process of its own, so that none waits for another's interpreter.

Whatever happens, Ctrl-C and SIGTERM included, each of these processes ends what it started. A round that fails is told
like any other, and the next one gets a new fleet.
"""

import multiprocessing
import multiprocessing.connection
import os
import signal

from harness.process import Process
from harness.world import World, open_worlds

from . import rows
from .fleet import Fleet
from .rounds import ROUNDS

_fork = multiprocessing.get_context("fork")


class Burner(Process):
    """Keeps a core busy."""

    def __init__(self, world, number):
        super().__init__(world, f"burner-{number}")
        self.argv = ["sh", "-c", "while :; do :; done"]


class Worker:
    """One fleet's rounds in a child process."""

    def __init__(self, row, stock, lock):
        self.row = row
        self.results = {"fleet": rows.fleet_name(row.sentinels, stock), "rounds": [], "failures": []}
        self.pipe, theirs = _fork.Pipe(duplex=False)
        self._process = _fork.Process(target=_play, args=(row, stock, lock, theirs))
        self._process.start()
        theirs.close()

    def receive(self):
        """Takes the result of one round; false once there are no more."""
        try:
            kind, result = self.pipe.recv()
        except EOFError:
            return False
        self.results[kind].append(result)
        return True

    def end(self):
        if self._process.is_alive():
            self._process.terminate()
        self._process.join()

    def count_missing(self):
        missing = self.row.rounds - len(self.results["rounds"]) - len(self.results["failures"])
        self.results["failures"] += ["its process ended"] * missing


def run(batch, report):
    """[(row, [results of a fleet])] of rows that are measured together. `report(row, results)` hears of each round."""
    lock = _fork.Lock()
    workers = []
    try:
        workers += [Worker(row, stock, lock) for row in batch for stock in row.fleets]
        if any(row.what == "quiet" for row in batch):
            _burn()  # after the forks: what a child finds open it would close
        _collect(workers, report)
    finally:
        for worker in workers:
            worker.end()
        _close_worlds(failed=False)
    for worker in workers:
        worker.count_missing()
    return [(row, [worker.results for worker in workers if worker.row is row]) for row in batch]


def _burn():
    world = World("bench")
    for number in range(os.cpu_count()):
        Burner(world, number).launch()


def _collect(workers, report):
    playing = {worker.pipe: worker for worker in workers}
    while playing:
        for pipe in multiprocessing.connection.wait(list(playing)):
            if playing[pipe].receive():
                report(playing[pipe].row, playing[pipe].results)
            else:
                del playing[pipe]


# --- In the child ---


def _play(row, stock, lock, pipe):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    fleet = None
    try:
        for number in range(row.rounds):
            try:
                fleet = fleet or Fleet(row, stock)
                pipe.send(("rounds", ROUNDS[row.what](fleet, row, number, lock)))
            except Exception as error:
                pipe.send(("failures", f"{type(error).__name__}: {error} (see {_directories()})"))
                fleet = None
                _close_worlds(failed=True)
    except KeyboardInterrupt:
        pass  # the parent says so
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _close_worlds(failed=False)


def _directories():
    return ", ".join(str(world.directory) for world in open_worlds())


# --- In both ---


def _close_worlds(failed):
    for world in open_worlds():
        world.failed = failed
        world.close()

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

    def __init__(self, row, results, lock):
        self.row, self.results = row, results
        self.pipe, theirs = _fork.Pipe(duplex=False)
        self._process = _fork.Process(target=_play, args=(row, results["stock"], lock, theirs))
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


def empty_results(batch):
    """[(row, [results of a fleet])] for `run`."""
    return [(row, [_empty(row, stock) for stock in row.fleets]) for row in batch]


def _empty(row, stock):
    return {"fleet": rows.fleet_name(row.sentinels, stock), "stock": stock, "rounds": [], "failures": []}


def run(results, report):
    """Measures rows together, and fills their results as they come. `report(row, results)` hears of each round."""
    lock = _fork.Lock()
    waiting = [(row, of_fleet) for row, fleets in results for of_fleet in fleets]
    playing = {}
    try:
        while waiting or playing:
            while waiting and len(playing) < rows.FLEETS_AT_ONCE:
                worker = Worker(*waiting.pop(0), lock)
                playing[worker.pipe] = worker
            if results[0][0].what == "quiet" and not open_worlds():
                _burn()  # after the forks: what a child finds open it would close
            for worker in _ended(playing, report):
                worker.end()
                worker.count_missing()
    finally:
        for worker in playing.values():
            worker.end()
        _close_worlds(failed=False)


def _ended(playing, report):
    """Waits for something to arrive, and takes those workers out of `playing` from which no more will."""
    ended = []
    for pipe in multiprocessing.connection.wait(list(playing)):
        if playing[pipe].receive():
            report(playing[pipe].row, playing[pipe].results)
        else:
            ended.append(playing.pop(pipe))
    return ended


def _burn():
    world = World("bench")
    for number in range(os.cpu_count()):
        Burner(world, number).launch()


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

"""What can befall a primary, and how it comes back: each a pair of functions of the fleet and the server."""

import contextlib
from typing import Callable, NamedTuple

from harness.resp import Closed


class Fault(NamedTuple):
    strike: Callable
    mend: Callable  # the server is then as it was before, a primary, as far as it knows


def _kill(_, server):
    server.kill()


def _shut_down(_, server):
    with contextlib.suppress(Closed):
        server.call("SHUTDOWN", "NOSAVE", "NOW")
    server.exit_status()


def _launch(_, server):
    assert "\nreplicaof" not in server.conf_path.read_text(), f"{server.name} does not start as a primary"
    server.launch()


FAULTS = {
    "kill": Fault(_kill, _launch),
    "refuse": Fault(_shut_down, _launch),
    "stop": Fault(lambda _, server: server.pause(), lambda _, server: server.resume()),
    "drop": Fault(lambda fleet, server: fleet.network.cut_off(server.place), lambda fleet, _: fleet.network.heal()),
}

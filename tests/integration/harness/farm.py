"""Very many model servers in one process: `vedette-farm`, which is built beside the `vedette` under test."""

import os
import pathlib
from typing import NamedTuple

from .ports import free_host
from .process import Process
from .resp import Connection
from .sentinel import Kind

READY_SECONDS = 20
CONTROL_PORT, FIRST_PORT = 9999, 10000


class FarmServer(NamedTuple):
    """One server as the farm sees it."""

    port: int
    up: bool
    follows: int  # the port of its primary, or 0
    synchronised: bool


class Farm(Process):
    def __init__(self, world, primaries, replicas=1, info=None):
        """`info` is a file with what INFO ends with."""
        self.host, self.replicas = free_host(), replicas
        self.primary_ports = [FIRST_PORT + i * (replicas + 1) for i in range(primaries)]
        super().__init__(world, f"farm-{self.host}")
        self.argv = [str(pathlib.Path(Kind.VEDETTE.program()).with_name("vedette-farm"))]
        self.argv += ["--host", self.host, "--first-port", str(FIRST_PORT), "--control-port", str(CONTROL_PORT)]
        self.argv += ["--primaries", str(primaries), "--replicas", str(replicas)]
        if info is not None:
            self.argv += ["--info", os.fspath(info)]
        self._control = None
        self._control_address = (self.host, CONTROL_PORT)
        world.on_close(self._hang_up)

    def start(self):
        self.launch()
        self.await_answer(lambda: self.call("PING") == "PONG", READY_SECONDS, f"{self.name} answers")
        return self

    def call(self, *words):
        if self._control is None:
            self._control = Connection(*self._control_address, timeout=READY_SECONDS)
        return self._control.call(*words)

    def servers(self):
        """By port."""
        listed = (FarmServer(port, up == "up", follows, bool(same)) for port, up, follows, same in self.call("SERVERS"))
        return {server.port: server for server in listed}

    def kill_servers(self, ports):
        """All at once, as by SIGKILL."""
        self._change("KILL", ports)

    def start_servers(self, ports):
        self._change("START", ports)

    def _change(self, command, ports):
        changed = self.call(command, *ports)
        assert changed == len(ports), f"{command}: {changed} of {len(ports)}"

    def group_of(self, port):
        return (port - FIRST_PORT) // (self.replicas + 1)

    def _hang_up(self):
        if self._control is not None:
            self._control.close()
            self._control = None

"""`vedette-ceiling`, which `./dev bench` builds beside `vedette`: what a server takes that does nothing."""

import pathlib

from harness.ports import LOOPBACK, free_port
from harness.process import Process
from harness.resp import Connection
from harness.sentinel import Kind

READY_SECONDS = 10


class Ceiling(Process):
    def __init__(self, world):
        self.host, self.port = LOOPBACK, free_port()
        super().__init__(world, f"ceiling-{self.port}")
        self.argv = [str(pathlib.Path(Kind.VEDETTE.program()).with_name("vedette-ceiling")), self.host, str(self.port)]

    def start(self):
        self.launch()
        self.await_answer(self._answers, READY_SECONDS, f"{self.name} answers")
        return self

    def _answers(self):
        return Connection(self.host, self.port, timeout=READY_SECONDS).call("PING") is not None

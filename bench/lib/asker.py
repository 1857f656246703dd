"""Clients in processes of their own that ask sentinels all the time where a primary is, one for each sentinel.

Each measures how long its sentinel takes to answer, from the moment when it is connected for the first time; what one
waits for it does not see, so that a pause shows once and not for each client that there might be. They have their core
before all others if that is allowed, as it is to root: a client that waits for a core would take its own delay for the
sentinel's.
"""

import contextlib
import multiprocessing
import os
import time
from typing import NamedTuple

from harness.resp import Connection

PAUSE_SECONDS = 0.002
LONGEST_SECONDS = 300


class Answer(NamedTuple):
    at: float  # when it was asked, in seconds since the epoch, as in the logs
    seconds: float


class Askers:
    def __init__(self, addresses, name, tls=None):
        context = multiprocessing.get_context("fork")
        self._children = []
        for address in addresses:
            ours, theirs = context.Pipe()
            child = context.Process(target=_ask, args=(address, name, theirs, tls), daemon=True)
            child.start()
            self._children.append((child, ours))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for child, _ in self._children:
            child.kill()
            child.join()

    def take_answers(self):
        """All answers since the last time, of all sentinels."""
        for _, pipe in self._children:
            pipe.send("take")
        return [Answer(*answer) for _, pipe in self._children for answer in pipe.recv()]


def _come_first():
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))


def _ask(address, name, pipe, tls):
    _come_first()
    connection, answers = None, []
    while True:
        at, asked = time.time(), time.monotonic()
        try:
            if connection is None:
                connection = Connection(*address, timeout=LONGEST_SECONDS, tls=tls)
                at, asked = time.time(), time.monotonic()
            connection.reply_to("SENTINEL", "GET-MASTER-ADDR-BY-NAME", name)
            answers.append((at, time.monotonic() - asked))
        except OSError:
            connection = None
        if pipe.poll(PAUSE_SECONDS):
            pipe.recv()
            pipe.send(answers)
            answers = []

"""All events that a sentinel publishes, with the instant at which each arrived.

One thread reads one subscription to every channel. When the sentinel restarts, `listen` continues the same list.
"""

import re
import threading
import time
from typing import NamedTuple

from .waiting import await_that


class Event(NamedTuple):
    at: float  # seconds on the monotonic clock
    name: str
    payload: str


class Events:
    def __init__(self, title):
        self._title = title
        self._seen = []
        self._connection = None
        self._thread = None

    def listen(self, connection):
        """Subscribes on a fresh connection, and reads it until it ends."""
        self.stop()
        connection.socket.settimeout(None)
        connection.call("PSUBSCRIBE", "*")
        self._connection = connection
        self._thread = threading.Thread(target=self._read, args=(connection,), daemon=True)
        self._thread.start()

    def stop(self):
        if self._connection is not None:
            self._connection.shut()
            self._thread.join()
            self._connection.close()
            self._connection = None

    def _read(self, connection):
        try:
            while True:
                message = connection.read_reply()
                if message[0] == "pmessage":
                    self._seen.append(Event(time.monotonic(), message[2], message[3]))
        except OSError:
            return  # the sentinel or the test ended it

    # --- Looking at them ---

    def mark(self):
        """A position: `since(mark)` gives what came after it."""
        return len(self._seen)

    def since(self, mark=0):
        return self._seen[mark:]

    def names(self, mark=0):
        return [event.name for event in self.since(mark)]

    def matching(self, name, pattern="", mark=0):
        return [event for event in self.since(mark) if event.name == name and re.search(pattern, event.payload)]

    def await_event(self, name, pattern="", mark=0, seconds=10):
        """The first event of that name after `mark` whose payload contains the regular expression."""
        return await_that(
            lambda: self.matching(name, pattern, mark),
            seconds,
            f"{self._title} publishes {name} {pattern}".rstrip(),
        )[0]

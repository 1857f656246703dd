"""A script of an operator that writes down how it was called, and ends as the test wants."""

import shlex
import uuid

from .waiting import await_that


class Script:
    def __init__(self, world, ends="exit 0", before=""):
        """`ends` and `before` are lines of shell; the call is written down after `before`."""
        self.path = world.directory / f"script-{uuid.uuid4().hex[:8]}"
        self._calls = self.path.with_suffix(".calls")
        self._before = before
        self.will(ends)

    def will(self, ends):
        """How the next calls end."""
        text = f'#!/bin/sh\n{self._before}\necho "$*" >> {shlex.quote(str(self._calls))}\n{ends}\n'
        fresh = self.path.with_suffix(".new")
        fresh.write_text(text)
        fresh.chmod(0o755)
        fresh.rename(self.path)  # at once: a script that runs keeps the text that it has

    def calls(self):
        """The arguments of each call, joined by blanks, in the order in which they were written down."""
        return self._calls.read_text().splitlines() if self._calls.exists() else []

    def await_call(self, arguments, seconds=10):
        await_that(lambda: arguments in self.calls(), seconds, f"{self.path.name} is called with {arguments!r}")

    def __str__(self):
        return str(self.path)

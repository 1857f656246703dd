"""One child process, always ended by its own pid, with its output in a file.

The kernel kills it when the test run dies, however that happens (`setpriv --pdeathsig`). `pause` and `resume` are
SIGSTOP and SIGCONT: the process still holds its connections but does not answer.
"""

import os
import resource
import signal
import subprocess

from .waiting import await_that

EXIT_SECONDS = 10


class Process:
    def __init__(self, world, name, prefix=(), place=None):
        """`prefix` comes before the command line; `place` is the host of a test network. Subclasses set `argv`."""
        self.name = name
        self.argv = []
        self.place = place
        if place is not None:
            self.name = f"{name}-{place.name}"
            prefix = (*prefix, *place.prefix)
            place.processes.append(self)
        self.directory = world.subdirectory(self.name)
        self.log_path = self.directory / "log"
        self._prefix = ["setpriv", "--pdeathsig", "KILL", "--", *prefix]
        self._child = None
        self._log_offset = 0
        world.add(self)

    # --- Life ---

    def launch(self):
        """Starts the process without waiting for anything."""
        assert not self.running, f"{self.name} runs already"
        self._log_offset = self.log_path.stat().st_size if self.log_path.exists() else 0
        with open(self.log_path, "ab") as log:
            self._child = subprocess.Popen(
                self._prefix + self.argv, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    @property
    def pid(self):
        return self._child.pid

    @property
    def running(self):
        return self._child is not None and self._child.poll() is None

    def kill(self):
        """SIGKILL: no last words."""
        self._child.kill()
        self._child.wait(EXIT_SECONDS)

    def terminate(self):
        """SIGTERM, and the exit status."""
        self._child.terminate()
        return self.exit_status()

    def exit_status(self, seconds=EXIT_SECONDS):
        """The status of a process that ends by itself; negative is the signal that killed it."""
        try:
            return self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} (pid {self.pid}) still runs after {seconds} s") from None

    def signal(self, number):
        self._child.send_signal(number)

    def pause(self):
        self.signal(signal.SIGSTOP)

    def resume(self):
        self.signal(signal.SIGCONT)

    def end(self):
        """Whatever its state, also when paused."""
        if self.running:
            self.kill()

    # --- Looking at it ---

    def log(self):
        """All output of all its runs."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def log_of_this_run(self):
        with open(self.log_path, "rb") as file:
            file.seek(self._log_offset)
            return file.read().decode(errors="replace")

    def await_log(self, text, seconds=10):
        await_that(lambda: text in self.log_of_this_run(), seconds, f"{text!r} in the log of {self.name}")

    def resident_bytes(self):
        with open(f"/proc/{self.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize()

    def await_answer(self, condition, seconds, what):
        """Like `await_that`, but gives up at once when the process is dead."""

        def alive_and_true():
            if not self.running:
                raise _Dead(f"{self.name} ended with status {self._child.returncode}")
            return condition()

        try:
            return await_that(alive_and_true, seconds, what)
        except _Dead as dead:
            raise AssertionError(f"{dead} while waiting: {what}\n{self.log_of_this_run()}") from None


class _Dead(Exception):
    """Not among the errors that `await_that` takes for "not yet"."""


def is_root():
    return os.geteuid() == 0


def bound_by_file_modes():
    """A prefix under which `chmod` means something, also for root."""
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"] if is_root() else []


def with_input(path):
    """A prefix under which the file is the standard input."""
    return ["sh", "-c", f'exec "$@" < {path}', "sh"]

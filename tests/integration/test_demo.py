"""`vedette demo`: it shows a failover to the end, and whatever ends it, nothing of it stays."""

import os
import pathlib
import pty
import re
import signal

import pytest

from harness.process import Process
from harness.sentinel import Kind
from harness.waiting import await_that

DEMO_SECONDS = 70
SCENE_SECONDS = 30
END_SECONDS = 10


class Demo(Process):
    def __init__(self, world, variables=()):
        self.temporary = world.subdirectory("temporary")
        program = Kind.VEDETTE.program()
        super().__init__(
            world, "demo", ["env", f"TMPDIR={self.temporary}", *variables, program, "demo", "--down-after", "300"]
        )
        self.launch()

    def await_text(self, pattern):
        self.await_answer(lambda: re.search(pattern, self.log()), SCENE_SECONDS, f"the demo shows {pattern!r}")


def started_in(directory):
    """Pids of the processes that run below this directory: servers and sentinels have directories of their own."""
    pids = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and pathlib.Path(os.readlink(entry / "cwd")).is_relative_to(directory):
                pids.append(int(entry.name))
        except OSError:  # it has ended meanwhile
            pass
    return pids


def assert_nothing_is_left(directory):
    assert started_in(directory) == []
    assert list(directory.iterdir()) == []


@pytest.fixture
def demo(world):
    return Demo(world)


def test_a_failover_is_shown_to_the_end_in_plain_text(demo):
    assert demo.exit_status(DEMO_SECONDS) == 0, demo.log()
    text = demo.log()
    assert re.fullmatch(r"[\n -~]+", text), text
    assert max(map(len, text.splitlines())) < 100
    scenes = [
        "They find each other",
        r"The primary \d+ is killed",
        r"finds \d+ down +\+sdown",
        r"of 3 who find \d+ down: that is enough +\+odown",
        r"has a majority of the votes: it leads +\+elected-leader",
        r"chooses \d+: .* +\+selected-slave",
        r"has it confirmed: \d+ is the primary +\+promoted-slave",
        r"tells its clients: the primary is \d+ +\+switch-master",
        r"comes back",
        r"be no primary any more, follow \d+ +\+convert-to-slave",
        r"What it took",
        r"without writes",
        r"\d+   of [\d,]+ acknowledged writes lost",
    ]
    assert re.search(".*".join(scenes), text, re.DOTALL), text
    assert re.search(r"W   writes to \d+: its first write is acknowledged", text), text
    assert_nothing_is_left(demo.temporary)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_all_that_it_started(demo, number):
    demo.await_text(r"loses \d+ after")
    assert len(started_in(demo.temporary)) == 5  # the primary is dead
    os.kill(demo.pid, number)
    assert demo.exit_status(END_SECONDS) == 128 + number
    assert_nothing_is_left(demo.temporary)


def test_its_processes_do_not_outlive_it_even_if_it_is_killed(demo):
    demo.await_text(r"A, B and C, .* have found")
    assert len(started_in(demo.temporary)) == 6
    demo.kill()
    await_that(lambda: not started_in(demo.temporary), END_SECONDS, "all processes of the demo end")


def test_a_missing_redis_server_is_explained(world):
    demo = Demo(world, ["PATH=/nonexistent"])
    assert demo.exit_status(END_SECONDS) == 1
    assert "apt-get install redis-server" in demo.log()
    assert_nothing_is_left(demo.temporary)


def test_a_process_that_does_not_start_is_explained(world):
    programs = world.subdirectory("programs")
    fake = programs / "redis-server"
    fake.write_text("#!/bin/sh\necho no memory for this\nexit 3\n")
    fake.chmod(0o755)
    demo = Demo(world, [f"PATH={programs}:{os.environ['PATH']}"])
    assert demo.exit_status(END_SECONDS) == 1
    assert re.search(r"redis-server \d+ ended with status 3.*no memory for this", demo.log(), re.DOTALL)
    assert_nothing_is_left(demo.temporary)


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, world, argv, variables):
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, {**os.environ, **variables})
        os.set_blocking(self._master, False)
        self._text = b""
        self._status = None
        world.on_close(self._end)

    def text(self):
        try:
            while piece := os.read(self._master, 65536):
                self._text += piece
        except OSError:  # nothing yet, or nothing any more
            pass
        return self._text.decode()

    def press(self, keys):
        os.write(self._master, keys)

    def exit_status(self):
        def ended():
            self.text()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
            return pid

        await_that(ended, END_SECONDS, "the program on the terminal ends")
        return self._status

    def _end(self):
        if self._status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._master)


@pytest.mark.parametrize("colourless", [False, True], ids=["colours", "NO_COLOR"])
def test_on_a_terminal_it_is_live_until_ctrl_c(world, colourless):
    temporary = world.subdirectory("temporary")
    variables = {"TMPDIR": str(temporary), "TERM": "xterm", "LC_ALL": "C.UTF-8", "NO_COLOR": "1" if colourless else ""}
    terminal = Terminal(world, [Kind.VEDETTE.program(), "demo", "--down-after", "300"], variables)
    await_that(lambda: re.search(r"W: \d+ writes/s to \d+", terminal.text()), SCENE_SECONDS, "the status is shown")
    await_that(lambda: re.search(r"finds \d+ down", terminal.text()), SCENE_SECONDS, "the failure is shown")
    terminal.press(b"\x03")
    assert terminal.exit_status() == 128 + signal.SIGINT
    text = terminal.text()
    assert "✓" in text
    assert "\r\x1b[K" in text
    assert bool(re.search(r"\x1b\[[\d;]*m", text)) is not colourless
    assert_nothing_is_left(temporary)

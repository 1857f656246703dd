"""What one test (or one module of tests) owns: a temporary directory and everything started in it.

Whatever happens, `close` ends each process by its own pid and undoes what was registered, in reverse order. The
directory is removed after success; after a failure it stays and the report names it.
"""

import pathlib
import shutil
import tempfile

LOG_TAIL_LINES = 40

_open_worlds = []


def open_worlds():
    """The worlds of the test that runs now, for the report of its failure."""
    return list(_open_worlds)


class World:
    def __init__(self, title):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix=f"vedette-{title}-"))
        self.processes = []
        self.failed = False
        self._undo = []
        _open_worlds.append(self)

    def add(self, process):
        """Takes over the end of `process`."""
        self.processes.append(process)
        self._undo.append(process.end)

    def on_close(self, action):
        self._undo.append(action)

    def subdirectory(self, name):
        path = self.directory / name
        path.mkdir()
        return path

    def log_tails(self):
        """(title, text) of each log, for a report."""
        for process in self.processes:
            lines = process.log().splitlines()
            tail = lines[-LOG_TAIL_LINES:]
            yield f"{process.name}: last {len(tail)} of {len(lines)} lines of {process.log_path}", "\n".join(tail)

    def close(self):
        _open_worlds.remove(self)
        problems = []
        for action in reversed(self._undo):
            try:
                action()
            except Exception as error:  # the rest must still be undone
                problems.append(error)
        if problems:
            raise problems[0]
        if not self.failed:
            shutil.rmtree(self.directory)

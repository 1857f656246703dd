"""A program of another language that uses a client library, and the steps that it reports.

What the programs do, and how they are told what to do it with, is in clients/README.md.
"""

import json
import os
import pathlib
import subprocess
import sys

from .process import Process
from .sentinel import NAME, REPOSITORY
from .waiting import await_that

SOURCES = pathlib.Path(__file__).resolve().parents[1] / "clients"
BUILD = REPOSITORY / "build" / "clients"
NODE_MODULES = BUILD / "node_modules"  # put there by ./dev

INTERPRETERS = {".py": sys.executable, ".js": "node", ".rb": "ruby", ".php": "php", ".sh": "bash"}
COMPILE_SECONDS = 60


def command_line(source):
    """What runs `clients/source`; compiles it first if its language needs that."""
    path = SOURCES / source
    if path.suffix == ".js":
        assert NODE_MODULES.is_dir(), f"{NODE_MODULES} is missing: ./dev check integration installs it"
    interpreter = INTERPRETERS.get(path.suffix)
    return [str(_compile(path))] if interpreter is None else [interpreter, str(path)]


def _compile(path):
    BUILD.mkdir(parents=True, exist_ok=True)
    program = BUILD / path.stem
    arguments, environment = {
        ".c": (["cc", "-Wall", "-Wextra", "-Werror", "-o", program, path, "-lhiredis"], {}),
        ".go": (["go", "build", "-o", program, path], _go_environment()),
    }[path.suffix]
    subprocess.run(arguments, check=True, timeout=COMPILE_SECONDS, env=os.environ | environment)
    return program


def _go_environment():
    """Debian's packages, no modules: nothing is downloaded."""
    return {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(BUILD / "go-cache")}


class Client(Process):
    def __init__(self, world, command, title, key, sentinels, environment):
        """Writes to `key` of the primary that `sentinels`, a list of addresses, tell of."""
        settings = {
            "SENTINELS": " ".join(f"{host}:{port}" for host, port in sentinels),
            "NAME": NAME,
            "KEY": key,
            "NODE_PATH": str(NODE_MODULES),
            **environment,
        }
        super().__init__(world, title, prefix=["env", *(f"{name}={value}" for name, value in settings.items())])
        self.argv = command

    def steps(self):
        """[(step, its fields)] so far, with each list sorted. Lines that are not JSON are the library's own."""
        lines = [line for line in self.log().splitlines(keepends=True) if line.startswith("{") and line.endswith("\n")]
        return [(fields.pop("step"), fields) for fields in (json.loads(line, object_hook=_sorted) for line in lines)]

    def await_step_or_end(self, awaited, seconds):
        def seen():
            return any(step == awaited for step, _ in self.steps()) or not self.running

        await_that(seen, seconds, f"{self.name} reports {awaited!r}, or ends")


def _sorted(fields):
    return {name: sorted(value) if isinstance(value, list) else value for name, value in fields.items()}

#!/usr/bin/env python3
"""Proves that the simulator finds what it is there to find: deliberate bugs, compiled in one by one.

Each mutant of tests/mutants.txt, which says how they are written, is put into a copy of the sources and built there;
`vedette sim` then has a minute of one core to find it, by the invariant that is named. The checkout is never changed.
The exit status is 1 if a mutant survives.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCRATCH = ROOT / "build" / "mutants"
SOURCES = ("CMakeLists.txt", "CMakePresets.json", "cmake", "src", "bench/ceiling")

DEFAULT_OPTIONS = "--hours 0.5"
OUTCOMES = ("invariant broken", "no progress")


class Mistake(Exception):
    """In the list of mutants, or between it and the sources."""


@dataclasses.dataclass
class Change:
    file: str
    old: str = ""
    new: str = ""


@dataclasses.dataclass
class Mutant:
    name: str
    line: int
    why: str = ""
    changes: list = dataclasses.field(default_factory=list)
    options: str = DEFAULT_OPTIONS
    found_by: list = dataclasses.field(default_factory=list)  # pairs of an outcome and a part of its reason


@dataclasses.dataclass
class Finding:
    outcome: str  # empty: none
    reason: str = ""
    seed: int = 0
    simulated_hours: float = 0.0  # of this seed and all before it
    seconds: float = 0.0


# --- The list -----------------------------------------------------------------------------------------------------------


def parse(text):
    """The mutants of a list. Raises Mistake, with the number of the line."""
    mutants = []
    in_hunk = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("=== "):
            mutants.append(Mutant(line[4:], number))
        elif not mutants:
            continue  # what stands before the first is for people
        else:
            in_hunk = _take_line(mutants[-1], line, number, in_hunk)
    for mutant in mutants:
        _demand(mutant.why, mutant.line, "why is it dangerous?")
        _demand(mutant.changes and all(c.old != c.new for c in mutant.changes), mutant.line, "it changes nothing")
        _demand(mutant.found_by, mutant.line, "what finds it?")
    names = [mutant.name for mutant in mutants]
    for mutant in mutants:
        _demand(names.count(mutant.name) == 1, mutant.line, f"there are two of the name '{mutant.name}'")
    return mutants


def _demand(condition, line, what):
    if not condition:
        raise Mistake(f"line {line}: {what}")


def _take_line(mutant, line, number, in_hunk):
    """True if it belongs to a hunk, to which the next may belong too."""
    if line[:1] in (" ", "-", "+"):
        _demand(mutant.changes, number, "in which file?")
        if not in_hunk and mutant.changes[-1].old:
            mutant.changes.append(Change(mutant.changes[-1].file))
        change = mutant.changes[-1]
        change.old += line[1:] + "\n" if line[0] != "+" else ""
        change.new += line[1:] + "\n" if line[0] != "-" else ""
        return True
    word, _, rest = line.partition(" ")
    if word == "#":
        mutant.why += (" " if mutant.why else "") + rest
    elif word == "in":
        mutant.changes.append(Change(rest))
    elif word == "run":
        mutant.options = rest
    elif word == "finds":
        _take_expectation(mutant, rest, number)
    else:
        _demand(not line, number, f"what is '{word}'?")
    return False


def _take_expectation(mutant, text, number):
    outcome, _, reason = text.partition(": ")
    _demand(outcome in OUTCOMES and reason, number, f"one of {', '.join(OUTCOMES)}, and ': ' and a part of its reason")
    mutant.found_by.append((outcome, reason))


def mutated(source, change):
    """The text of the file with this change. Raises Mistake unless what is to be replaced is there once."""
    count = source.count(change.old)
    if count != 1:
        raise Mistake(f"{change.file} has this {count} times, not once:\n{change.old}")
    return source.replace(change.old, change.new)


# --- Building -----------------------------------------------------------------------------------------------------------


def sources_of(root):
    """All that is compiled, by path."""
    files = []
    for name in SOURCES:
        path = root / name
        files += [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def write_tree(target, files):
    """Makes the copy the same as `files`. What is so already is left alone, so that only what changes is compiled."""
    for name in sources_of(target).keys() - files.keys():
        (target / name).unlink()
    for name, content in files.items():
        path = target / name
        if path.is_file() and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def with_mutant(files, mutant):
    files = dict(files)
    for change in mutant.changes:
        if change.file not in files:
            raise Mistake(f"line {mutant.line}: there is no {change.file}")
        files[change.file] = mutated(files[change.file].decode(), change).encode()
    return files


def build():
    """The program that is in the copy now."""
    environment = dict(os.environ, CCACHE_BASEDIR=str(SCRATCH), CCACHE_NOHASHDIR="1")
    environment["CCACHE_SLOPPINESS"] = "pch_defines,time_macros"
    for command in (
        ["cmake", "--preset", "release", "-DVEDETTE_TESTS=OFF", "--log-level=WARNING"],
        ["cmake", "--build", "build", "--target", "vedette"],
    ):
        done = subprocess.run(command, cwd=SCRATCH, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise Mistake(f"it does not compile:\n{done.stdout}{done.stderr}")
    return SCRATCH / "build" / "vedette"


# --- Hunting ------------------------------------------------------------------------------------------------------------


def hunt(program, options, seconds):
    """What one core finds in this time, from seed 1 on."""
    command = [str(program), "sim", "--seeds", "1..1000000", "--jobs", "1", "--json", *shlex.split(options)]
    begin = time.monotonic()
    # Each seed is a process of its own, and all of them are ended with the first.
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        output = process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output = process.communicate()[0]
    return finding_in(output, time.monotonic() - begin)


def finding_in(output, seconds):
    """The first finding in what `vedette sim --json` has printed."""
    hours = 0.0
    whole_lines = output[: output.rfind("\n") + 1]  # it may have been ended in the middle of one
    for line in whole_lines.splitlines():
        report = json.loads(line)
        if "seed" not in report:
            continue
        hours += report.get("simulated_hours", 0.0)
        if report["outcome"] != "well":
            return Finding(report["outcome"], report.get("reason", ""), report["seed"], hours, seconds)
    return Finding("", "", 0, hours, seconds)


def is_caught(mutant, finding):
    return any(finding.outcome == outcome and reason in finding.reason for outcome, reason in mutant.found_by)


def row(mutant, finding):
    """A line of the table that is printed."""
    mark = "found   " if is_caught(mutant, finding) else "SURVIVED"
    what = f"{finding.outcome}: {finding.reason}" if finding.outcome else "nothing was found"
    return (
        f"{mark} | {mutant.name} | {what} | {finding.simulated_hours:.2f} simulated h, {finding.seconds:.1f} s"
        f" | seed {finding.seed}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("words", nargs="*", metavar="WORD", help="only mutants with one of these in their names")
    parser.add_argument("--seconds", type=float, default=60, help="for each mutant (default: 60)")
    arguments = parser.parse_args()
    files = sources_of(ROOT)
    mutants = parse((ROOT / "tests" / "mutants.txt").read_text())
    chosen = [m for m in mutants if not arguments.words or any(word in m.name for word in arguments.words)]
    changed = [(mutant, with_mutant(files, mutant)) for mutant in chosen]  # all mistakes before the first build
    survivors = 0
    for mutant, tree in changed:
        write_tree(SCRATCH, tree)
        finding = hunt(build(), mutant.options, arguments.seconds)
        survivors += not is_caught(mutant, finding)
        print(row(mutant, finding), flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants were found.")
    return 1 if survivors or not chosen else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Mistake as mistake:
        sys.exit(f"mutants: {mistake}")

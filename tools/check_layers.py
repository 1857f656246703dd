#!/usr/bin/env python3
"""Checks that the layers of src/ stay layers: who may include whom, and who may touch the world.

The rules are the tables below. docs/ARCHITECTURE.md says why they are so. Prints `file:line: what is wrong` for each
violation; the exit status is 1 if there is one.
"""

import pathlib
import re
import sys

import cpp_source

# Whose headers the files of a layer may include, besides those of their own layer.
MAY_INCLUDE = {
    "base": set(),
    "resp": {"base"},
    "conf": {"base"},
    "proto": {"base", "resp"},
    "core": {"base", "proto"},
    "node": {"base", "resp", "conf", "proto", "core"},
    "api": {"base", "conf", "proto", "core", "node"},
    "net": {"base", "resp", "conf", "proto", "core", "node"},
    "sim": {"base", "resp", "conf", "proto", "core", "node"},
    "apps": {"base", "resp", "conf", "proto", "core", "node", "api", "net", "sim"},
}

# These know nothing of the machine they run on: they are told the time, given a generator, and act through ports.
PURE = ("base", "resp", "conf", "proto", "core", "node", "api")

WORLD_HEADERS = [
    ("threads", r"<(thread|mutex|shared_mutex|future|condition_variable|stop_token|semaphore|barrier|latch)>"),
    ("Asio and the rest of Boost", r"[<\"](boost/|asio)"),
]
# Tests may use these and MACHINE_CALLS: they read fixtures, and take functions of the system for a second opinion.
MACHINE_HEADERS = [
    ("the operating system", r"<(sys|netinet|arpa|net|linux)/"),
    ("the operating system", r"<(unistd|poll|netdb|fcntl|signal|pthread|ifaddrs|dirent)\.h>"),
    ("signals", r"<csignal>"),
    ("files and streams", r"<(fstream|filesystem|iostream)>"),
]

WORLD_CALLS = [
    ("reads a clock", r"\b\w*_clock\s*::\s*now\b|\b(gettimeofday|clock_gettime|localtime_r?)\s*\("),
    ("reads a clock", r"\btime\s*\(\s*(nullptr|NULL|0|&)"),
    ("draws random numbers of its own", r"\brandom_device\b|\b(rand|srand|random|drand48)\s*\(\s*\)|\bsrand\s*\("),
]
MACHINE_CALLS = [("reads the environment", r"\bgetenv\s*\(")]

# The words of the wire, which C++ code calls primary and replica.
WIRE_WORD = re.compile(r"master|slave", re.IGNORECASE)
FREE_OF_WIRE_WORDS = ("base", "resp", "core")


def check_includes(layer, source, is_test):
    for position, name in cpp_source.includes(source):
        if not name.startswith('"') or (is_test and name.startswith('"tests/support/')):
            continue
        other = name[1:-1].split("/")[0]
        if other not in MAY_INCLUDE:
            yield position, f"{name}: headers of ours are named from src/ on: \"layer/file.h\""
        elif other != layer and other not in MAY_INCLUDE[layer]:
            yield position, f"{layer} must not include {other}: {name}"


def check_world(layer, source, is_test):
    if layer not in PURE:
        return
    for position, name in cpp_source.includes(source):
        for what, pattern in WORLD_HEADERS + ([] if is_test else MACHINE_HEADERS):
            if re.match(pattern, name):
                yield position, f"{layer} must not use {what}: {name}"
    code = cpp_source.only_code(source)
    for what, pattern in WORLD_CALLS + ([] if is_test else MACHINE_CALLS):
        for match in re.finditer(pattern, code):
            yield match.start(), f"{layer} must be told such things by its ports, but {what}: {match[0]}"


def check_wire_words(layer, source, is_test):
    if layer not in FREE_OF_WIRE_WORDS or is_test:
        return
    words = [(m.start(), m[0]) for m in re.finditer(r"\w+", cpp_source.only_code(source))]
    for position, text in words + cpp_source.strings(source):
        if WIRE_WORD.search(text):
            yield position, f"words of the wire belong to proto, {layer} says primary and replica: {text}"


def check_file(layer, source, is_test=False):
    """(line, message) for each violation in the text of one file of this layer."""
    found = [
        *check_includes(layer, source, is_test),
        *check_world(layer, source, is_test),
        *check_wire_words(layer, source, is_test),
    ]
    return [(cpp_source.line_of(source, position), message) for position, message in sorted(found)]


def check_tree(root):
    problems = []
    for path in cpp_source.files_under(root, "src"):
        name = path.relative_to(root)
        layer = name.parts[1]
        if layer not in MAY_INCLUDE:
            problems.append(f"{name}: src/{layer} is not a layer")
            continue
        for line, message in check_file(layer, path.read_text(), path.stem.endswith("_test")):
            problems.append(f"{name}:{line}: {message}")
    return problems


def main():
    problems = check_tree(pathlib.Path(__file__).resolve().parent.parent)
    print("\n".join(problems) if problems else "The layers hold.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

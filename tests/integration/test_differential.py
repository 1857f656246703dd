"""Every line of tests/fixtures/commands, sent to Vedette and to the original: the same answers, but for what is listed.

Both watch the same topology and are each other's peers. What they may answer differently is a table of
docs/COMPATIBILITY.md; a row of it that is not true any more is an error too.
"""

import fnmatch
import re
import shlex
from typing import NamedTuple

import pytest

from harness.cluster import Cluster
from harness.deviations import listed_in_compatibility
from harness.resp import Error, Map, Null, Simple, encode, shape
from harness.sentinel import REPOSITORY, Kind

LINES = REPOSITORY / "tests" / "fixtures" / "commands"
PASSWORD = "secret"

# No command has this name; the answer to it is an error, whoever asks, so it tells where the answer before it ends.
MARK = "END-OF-THE-ANSWER"


class Line(NamedTuple):
    text: str
    exact: bool  # the same to the letter


def conversations(path):
    for block in re.split(r"\n\s*\n", path.read_text()):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            yield [Line(line.removeprefix("= "), line.startswith("= ")) for line in lines]


def listed_deviations():
    return [pattern for pattern, _ in listed_in_compatibility("### Commands that are answered differently")]


# --- Asking ---


def answers_to(connection, line):
    """All that comes back for it, which may be nothing, several messages, or the end of the connection."""
    answers = []
    try:
        connection.send(encode(*shlex.split(line)) + encode(MARK))
        while True:
            reply = connection.read_reply()
            if isinstance(reply, Error) and MARK in reply:
                return answers
            answers.append(reply)
    except OSError:
        return answers + ["closed"]


def hold(sentinel, protocol, conversation, password=None):
    with sentinel.connect() as connection:
        if password:
            connection.call("AUTH", password)
        if protocol == 3:
            connection.call("HELLO", 3)
        return [answers_to(connection, line.text) for line in conversation]


# --- Comparing ---


def essence(reply):
    """What two servers must have in common: types, the names of fields in their order, and the text of errors."""
    if isinstance(reply, (Error, Simple)):
        return type(reply).__name__, str(reply)
    if isinstance(reply, Map):
        return "Map", [(str(name), essence(value)) for name, value in reply]
    if isinstance(reply, list):
        return type(reply).__name__, [essence(element) for element in reply]
    if isinstance(reply, str):
        return shape(reply), names_in(reply)
    return shape(reply)


def names_in(text):
    """Of the fields, if it is a text of INFO or of CLIENT LIST."""
    if "\r\n" in text or text.startswith("# "):
        return [line.split(":")[0] for line in text.splitlines()]
    if text.startswith("id="):
        return [word.split("=")[0] for word in text.splitlines()[0].split(" ")]
    return None


def literal(reply):
    if isinstance(reply, Null):
        return reply.form
    return shape(reply), reply


def in_any_order(reply):
    """COMMAND tells what hash tables hold, within each other."""
    if isinstance(reply, (list, tuple)):
        return type(reply).__name__, sorted(repr(in_any_order(element)) for element in reply)
    return essence(reply)


def view_for(line):
    if line.exact:
        return literal
    return in_any_order if line.text.startswith("COMMAND") else essence


class Comparison:
    def __init__(self):
        self.differences = {}  # by line: both answers

    def compare(self, pair, protocol, conversation, **options):
        ours, stock = (hold(sentinel, protocol, conversation, **options) for sentinel in pair)
        for line, mine, theirs in zip(conversation, ours, stock):
            view = view_for(line)
            if [view(reply) for reply in mine] != [view(reply) for reply in theirs]:
                self.differences.setdefault(line.text, f"\n  ours:  {mine}\n  stock: {theirs}")


def is_listed(text, pattern):
    """`*` is any text, all else stands for itself, in any case."""
    return fnmatch.fnmatchcase(text.lower(), re.sub(r"([?\[])", r"[\1]", pattern.lower()))


@pytest.fixture(scope="module")
def comparison(module_world, subject):
    """All that differs, with and without a password, in all protocols."""
    kinds = [subject, Kind.STOCK]
    open_pair = Cluster(module_world, kinds, replicas=1).start().sentinels
    guarded = {"password": PASSWORD, "extra": [f"requirepass {PASSWORD}"]}
    guarded_pair = Cluster(module_world, kinds, replicas=0, **guarded).start().sentinels
    for sentinel in guarded_pair:
        sentinel.use_password(None)
    result = Comparison()
    for path in sorted(LINES.glob("*.txt")):
        for conversation in conversations(path):
            result.compare(open_pair, 2, conversation)
            result.compare(open_pair, 3, conversation)
            result.compare(guarded_pair, 2, conversation)
            result.compare(guarded_pair, 2, conversation, password=PASSWORD)
    return result


def test_all_answers_are_the_same_but_for_those_listed(comparison):
    patterns = listed_deviations()
    unlisted = [
        text + answers
        for text, answers in comparison.differences.items()
        if not any(is_listed(text, pattern) for pattern in patterns)
    ]
    assert not unlisted, f"{len(unlisted)} lines are answered differently:\n" + "\n".join(unlisted)


@pytest.mark.vedette_only("it does not differ from itself")
@pytest.mark.parametrize("pattern", listed_deviations())
def test_what_is_listed_still_differs(comparison, pattern):
    assert any(is_listed(text, pattern) for text in comparison.differences), "no line of this kind differs any more"


def test_there_are_lines_enough():
    """The fixtures were found and read."""
    lines = [line for path in LINES.glob("*.txt") for talk in conversations(path) for line in talk]
    assert len(lines) > 400
    assert len({line.text.split()[0].upper() for line in lines}) > 20

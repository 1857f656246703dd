"""Results as tables in Markdown: a line for each fleet of a row, a column for each measure."""

import math
import statistics
from typing import Callable, NamedTuple

from .rows import FAULTS


def percentile(values, percent):
    """The smallest of the values that at least so many percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def milliseconds(values):
    return f"{percentile(values, 50) * 1000:.0f} / {percentile(values, 99) * 1000:.0f}"


def numbers(values):
    return f"{percentile(values, 50)} / {percentile(values, 99)}"


def mean(values):
    return f"{statistics.mean(values):.2f}"


def total(values):
    return str(sum(values))


class Measure(NamedTuple):
    key: str
    title: str
    show: Callable


_COUNTS = (Measure("candidacies", "candidacies, mean", mean), Measure("failovers", "failovers, mean", mean))
_WITHOUT_WRITES = Measure("without_writes", "without writes", milliseconds)

_FAULT = (
    Measure("detected", "fault to the first `+sdown`", milliseconds),
    Measure("writable", "from there to the next write", milliseconds),
    Measure("without_writes", "fault to the next write", milliseconds),
    Measure("told", "promotion to all telling it", milliseconds),
    Measure("demoted", "old primary back to its being a replica", milliseconds),
    Measure("stale_writes", "writes it took meanwhile", numbers),
    *_COUNTS,
)
_OTHERS = {
    "leader": (
        Measure("next_leader", "death of the leader to the next leader", milliseconds),
        Measure("next_promotion", "death of the leader to the promotion", milliseconds),
        _WITHOUT_WRITES,
        *_COUNTS,
    ),
    "manual": (
        Measure("lost_writes", "acknowledged writes lost", numbers),
        Measure("acknowledged", "of those since the order", numbers),
        Measure("lost", "time of writing lost", milliseconds),
        _WITHOUT_WRITES,
        Measure("stayed", "old primary stays one after the promotion", milliseconds),
        *_COUNTS,
    ),
    "quiet": (
        Measure("primary_down", "`+sdown` of the primary", total),
        Measure("others_down", "`+sdown` of others", total),
        Measure("objectively_down", "`+odown`", total),
        Measure("candidacies", "candidacies", total),
        Measure("failovers", "failovers", total),
        Measure("tilts", "`+tilt`", total),
    ),
}


def tables(results):
    """Of [(row, [results of a fleet])]: rows that are measured alike share a table, where the first of them stands."""
    alike = {}
    for row, fleets in results:
        alike.setdefault(_OTHERS.get(row.what, _FAULT), []).append((row, fleets))
    return "\n\n".join(_table(measures, of_them) for measures, of_them in alike.items())


def _table(measures, results):
    head = ["milliseconds, p50 / p99", "sentinels", "rounds", *(measure.title for measure in measures)]
    lines = [_line(head), "|---" * len(head) + "|"]
    for row, fleets in results:
        for number, fleet in enumerate(fleets):
            title = "" if number else row.title
            lines.append(_line([title, fleet["fleet"], _rounds(fleet), *(_cell(m, fleet["rounds"]) for m in measures)]))
    return "\n".join(lines)


def _line(cells):
    return "| " + " | ".join(cells) + " |"


def _rounds(fleet):
    good, failed = len(fleet["rounds"]), len(fleet["failures"])
    return f"{good}, {failed} failed" if failed else str(good)


def _cell(measure, rounds):
    values = [one[measure.key] for one in rounds if measure.key in one]
    if not values:
        return "-"
    return measure.show(values) + (f" ({len(values)} times)" if len(values) < len(rounds) else "")


def elections(results):
    """Of all failovers after faults under Vedette alone, how many candidacies each took."""
    rounds = [
        one
        for row, fleets in results
        if row.what in FAULTS
        for fleet in fleets
        if fleet["fleet"] == "Vedette"
        for one in fleet["rounds"]
    ]
    failovers = sum(one["failovers"] for one in rounds)
    if not failovers:
        return ""
    candidacies = sum(one["candidacies"] for one in rounds)
    return f"Vedette alone: {candidacies / failovers:.2f} candidacies in each of {failovers} failovers."

"""Results of `fleet.py` as tables in Markdown, and as a chart."""

from .chart import Line, chart
from .table import percentile
from .titles import TITLES

_COLOURS = {"vedette": "#1f6feb", "stock": "#c0392b"}


def tables(results):
    return "\n\n".join(part for part in (_start(results), _steady(results), _failover(results)) if part)


def _start(results):
    return _table(
        ("all discovered, s", "and saved, s", "answers p50 / p99 / max, ms"),
        [(r, (_seconds(r.start["discovered"]), _seconds(r.start["saved"]), _answers(r.start))) for r in results if r.start],
    )


def _steady(results):
    titles = ("CPU of a core", "memory, MB", "descriptors", "KB/s", "system calls/s", "CPU of the farm")
    return _table(titles, [(r, _steady_cells(r.steady)) for r in results if r.steady])


def _steady_cells(cost):
    calls = cost["system_calls"]
    return (
        f"{cost['cpu'] * 100:.1f}%",
        f"{cost['resident_bytes'] / (1 << 20):.0f}",
        f"{cost['descriptors']:.0f}",
        f"{cost['network_bytes'] / 1024:.0f}",
        "-" if calls is None else f"{calls:.0f}",
        f"{cost['farm_cpu'] * 100:.1f}%",
    )


def _failover(results):
    titles = (
        "promoted",
        "50% / 99% / all, s",
        "switched everywhere",
        "50% / 99% / all, s",
        "candidacies of each",
        "elections of each",
        "`+tilt`",
        "answers p50 / p99 / max, ms",
    )
    return _table(titles, [(r, _failover_cells(r)) for r in results if r.failover])


def _failover_cells(result):
    failover = result.failover
    return (
        *_reached(failover["promoted"], result.primaries),
        *_reached(failover["switched"], result.primaries),
        f"{failover['candidacies']:.2f}",
        f"{failover['elections']:.2f}",
        str(failover["tilts"]),
        _answers(failover),
    )


def _reached(times, primaries):
    """How many of them, and when half of all, 99% of all, and all were."""
    shares = [_seconds(_when(times, primaries, percent)) for percent in (50, 99, 100)]
    return f"{len(times) / primaries:.0%}", " / ".join(shares)


def _when(times, primaries, percent):
    return percentile([*times, *[float("inf")] * (primaries - len(times))], percent)


def _seconds(value):
    return "-" if value is None or value == float("inf") else f"{value:.2f}"


def _answers(part):
    answers = part["answers"]
    return " / ".join(f"{answers[key] * 1000:.1f}" for key in ("p50", "p99", "max")) if answers else "-"


def _table(titles, rows):
    if not rows:
        return ""
    lines = ["| primaries | sentinels | " + " | ".join(titles) + " |", "|---" * (len(titles) + 2) + "|"]
    lines += [f"| {r.primaries} | {TITLES[r.kind]} | " + " | ".join(cells) + " |" for r, cells in rows]
    return "\n".join(lines)


def plot(results):
    """The steady cost over how many primaries there are: a straight line, where each costs the same."""
    measured = [result for result in results if result.steady]

    def lines(value):
        of_kind = {kind: [r for r in measured if r.kind == kind] for kind in TITLES}
        return [
            Line(TITLES[kind], _COLOURS[kind], [(r.primaries, value(r.steady)) for r in of_kind[kind]])
            for kind in TITLES
            if of_kind[kind]
        ]

    return chart(
        "Steady cost of one sentinel, over the primaries that it watches",
        "primaries",
        [
            ("% of a core", lines(lambda cost: cost["cpu"] * 100)),
            ("MB of memory", lines(lambda cost: cost["resident_bytes"] / (1 << 20))),
            ("descriptors", lines(lambda cost: cost["descriptors"])),
        ],
    )

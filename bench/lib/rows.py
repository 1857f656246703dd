"""What can be measured of failovers, and all of it in a sensible order.

A row is one situation, in which fleets that differ only in the kinds of their sentinels go through the same rounds.
"""

import dataclasses

FAULTS = {
    "kill": "SIGKILL of the primary",
    "stop": "SIGSTOP of the primary",
    "drop": "packets of the primary dropped",
    "refuse": "orderly end of the primary",
}
ALL = {
    **FAULTS,
    "leader": "the leader dies when it is elected",
    "manual": "SENTINEL FAILOVER of a live primary",
    "quiet": "no fault, all cores busy",
}

# Only for the forecast: how long a round takes with all its waiting, in seconds, with a Vedette in the fleet and of
# redis-sentinel alone.
ROUND_SECONDS = {**dict.fromkeys(FAULTS, (3.5, 8)), "leader": (14, 15), "manual": (6, 17)}
ROUND_SECONDS_OF_STOCK_IN_HASTE = 16  # with a short down-after it fails over again and again
START_SECONDS = 5

FLEETS_AT_ONCE = 4


@dataclasses.dataclass(frozen=True)
class Row:
    what: str  # of ALL
    rounds: int = 30
    down_after: int = 1000  # milliseconds, as are all times of sentinel.conf
    failover_timeout: int = 3000
    sentinels: int = 3
    stock: tuple = None  # for each fleet, how many of its sentinels are redis-sentinel; by default none and all
    replicas: int = 2
    minutes: float = 10  # of quiet

    @property
    def fleets(self):
        return (0, self.sentinels) if self.stock is None else self.stock

    @property
    def title(self):
        parts = [ALL[self.what], f"down-after {self.down_after}"]
        if self.what == "leader":
            parts.append(f"failover-timeout {self.failover_timeout}")
        if self.what == "quiet":
            parts.append(f"{self.minutes:g} minutes")
        if self.replicas != 2:
            parts.append(f"{self.replicas} replicas")
        return ", ".join([*parts, f"{self.sentinels} sentinels"])

    def expected_seconds(self, stock):
        """Of one of its fleets."""
        if self.what == "quiet":
            return START_SECONDS + self.minutes * 60
        mixed, alone = ROUND_SECONDS[self.what]
        if stock == self.sentinels and self.what in FAULTS and self.down_after < 1000:
            alone = ROUND_SECONDS_OF_STOCK_IN_HASTE
        return START_SECONDS + self.rounds * (alone if stock == self.sentinels else mixed)


def everything(rounds, minutes):
    """Every row of docs/PERFORMANCE.md, in batches of rows that are measured together.

    `rounds` are those of the two most telling rows; others get fewer.
    """
    some, few = max(1, rounds // 3), max(1, rounds // 6)
    faults = [
        Row("kill", rounds),
        Row("kill", rounds, down_after=200),
        *(Row(what, some) for what in ("stop", "drop", "refuse")),
        Row("kill", some, sentinels=5),
        Row("kill", some, sentinels=7),
        Row("kill", some, stock=(1, 2)),
        Row("kill", few, sentinels=5, stock=(2,)),
    ]
    return [
        faults,
        [Row("leader", few), Row("leader", few, failover_timeout=180000, stock=(0,))],
        [Row("manual", few)],
        [Row("quiet", 1, down_after=200, minutes=minutes)],
    ]


def expected_seconds(batch):
    """Of rows that are measured together, so many fleets at once."""
    fleets = [row.expected_seconds(stock) for row in batch for stock in row.fleets]
    if any(row.what in ("leader", "manual") for row in batch):
        return sum(fleets)  # they wait for each other nearly all the time
    return max(*fleets, sum(fleets) / FLEETS_AT_ONCE)


def fleet_name(sentinels, stock):
    if stock == 0:
        return "Vedette"
    if stock == sentinels:
        return "redis-sentinel"
    return f"{sentinels - stock} Vedette + {stock} redis-sentinel"

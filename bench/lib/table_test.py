"""Percentiles, cells and tables."""

import unittest

from .rows import Row
from .table import elections, milliseconds, percentile, tables


def fleet(name, *rounds, failures=()):
    return {"fleet": name, "rounds": list(rounds), "failures": list(failures)}


def fault(**measured):
    times = {"detected": 1.0, "writable": 0.05, "without_writes": 1.05, "told": 0.004}
    return {**times, "candidacies": 1, "failovers": 1, **measured}


class Percentile(unittest.TestCase):
    def test_is_one_of_the_values(self):
        self.assertEqual(percentile([3, 1, 2], 50), 2)
        self.assertEqual(percentile([4, 3, 1, 2], 50), 2)
        self.assertEqual(percentile(range(1, 101), 99), 99)

    def test_of_few_is_the_greatest(self):
        self.assertEqual(percentile([5], 50), 5)
        self.assertEqual(percentile(range(30), 99), 29)


class Tables(unittest.TestCase):
    def test_times_are_shown_in_milliseconds(self):
        self.assertEqual(milliseconds([0.0604, 0.1]), "60 / 100")

    def test_a_line_for_each_fleet(self):
        fleets = [fleet("Vedette", fault()), fleet("redis-sentinel", fault(told=1))]
        shown = tables([(Row("kill"), fleets)]).splitlines()
        self.assertEqual(len(shown), 4)
        self.assertRegex(shown[2], r"^\| SIGKILL of the primary, .*, 3 sentinels \| Vedette \| 1 \| 1000 / 1000 \|")
        self.assertRegex(shown[3], r"^\|  \| redis-sentinel \| 1 \|")
        self.assertIn("| 1000 / 1000 | - | - | 1.00 | 1.00 |", shown[3])

    def test_failures_and_missing_values_are_seen(self):
        shown = tables([(Row("kill"), [fleet("Vedette", fault(), fault(demoted=0.5), failures=["oh"])])])
        self.assertIn("| 2, 1 failed |", shown)
        self.assertIn("| 500 / 500 (1 times) |", shown)

    def test_a_fleet_without_a_good_round_is_shown(self):
        shown = tables([(Row("kill"), [fleet("Vedette", failures=["oh", "no"])])])
        self.assertIn("| Vedette | 0, 2 failed | - |", shown)

    def test_rows_that_are_measured_alike_share_a_table(self):
        of = [fleet("Vedette", fault())]
        shown = tables([(Row("kill"), of), (Row("quiet"), [fleet("Vedette")]), (Row("stop"), of)])
        self.assertEqual(len(shown.split("\n\n")), 2)
        self.assertIn("SIGSTOP", shown.split("\n\n")[0])


class Elections(unittest.TestCase):
    def test_only_of_vedette_alone_and_without_order(self):
        others = fleet("redis-sentinel", fault(candidacies=9))
        results = [
            (Row("kill"), [fleet("Vedette", fault(), fault(candidacies=2)), others]),
            (Row("leader"), [fleet("Vedette", {"candidacies": 7, "failovers": 1})]),
        ]
        self.assertIn("1.50 candidacies in each of 2 failovers", elections(results))

    def test_of_nothing(self):
        self.assertEqual(elections([]), "")


if __name__ == "__main__":
    unittest.main()

"""What is read from logs, and what is made of it."""

import pathlib
import tempfile
import types
import unittest

from . import mass_table
from .mass import Log

DOWN = "7:X 24 Nov 2026 19:30:46.250 # +sdown master group-7 127.0.1.1 10014\n"
PROMOTED = "7:X 24 Nov 2026 19:30:46.500 # +promoted-slave slave 127.0.1.1:10015 127.0.1.1 10015 @ group-7 127.0.1.1 10014\n"
SWITCHED = "7:X 24 Nov 2026 19:30:46.750 # +switch-master group-7 127.0.1.1 10014 127.0.1.1 10015\n"


class LogTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name) / "log"
        self.path.write_text(DOWN)
        self.log = Log(types.SimpleNamespace(log_path=self.path))

    def append(self, text):
        with open(self.path, "a", encoding="ascii") as file:
            file.write(text)
        self.log.read_on()

    def test_only_what_is_new_counts_and_only_in_whole_lines(self):
        self.append(PROMOTED + SWITCHED[:40])
        self.assertEqual(self.log.times("+sdown"), [])
        self.assertEqual(self.log.times("+switch-master"), [])
        self.append(SWITCHED[40:])
        self.assertEqual(len(self.log.times("+switch-master")), 1)

    def test_the_primary_is_named_wherever_it_stands(self):
        self.append(DOWN + PROMOTED + SWITCHED + SWITCHED)
        first = [self.log.first_by_name(event) for event in ("+sdown", "+promoted-slave", "+switch-master")]
        self.assertEqual([list(each) for each in first], [["group-7"]] * 3)
        self.assertAlmostEqual(first[2]["group-7"] - first[0]["group-7"], 0.5, places=3)


class TableTest(unittest.TestCase):
    def test_what_did_not_happen_has_no_time(self):
        failover = {"promoted": [1.0, 2.0, 3.0], "switched": [1.0], "candidacies": 1.5, "elections": 1, "tilts": 0}
        result = types.SimpleNamespace(
            kind="stock", primaries=4, start={}, steady={}, failover={**failover, "answers": {}}
        )
        cells = "75% | 2.00 / - / - | 25% | - / - / - | 1.50 | 1.00 | 0 | - |"
        self.assertEqual(mass_table.tables([result]).splitlines()[2], f"| 4 | redis-sentinel | {cells}")


if __name__ == "__main__":
    unittest.main()

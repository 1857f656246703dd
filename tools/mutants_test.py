"""How mutants are written, put into the sources, and judged; each mistake is shown to be seen."""

import pathlib
import tempfile
import textwrap
import unittest

import mutants

LIST = """\
Prose for people.

=== a vote is given twice
# Two candidates get a majority
# of one epoch.
in src/core/ballot.cc
   if (granted) {
-    use();
-    twice();
+    again();

-  done();
in src/core/quorum.cc
+  more();
   last();
run --hours 2
finds invariant broken: two leaders
finds no progress: and that was

=== nothing is done
# It never ends.
in src/core/core.cc
-  act();
finds no progress: mended
"""


def parse(text):
    return mutants.parse(textwrap.dedent(text))


class Parsing(unittest.TestCase):
    def test_reads_all_there_is(self):
        twice, nothing = mutants.parse(LIST)
        self.assertEqual(twice.name, "a vote is given twice")
        self.assertEqual(twice.why, "Two candidates get a majority of one epoch.")
        self.assertEqual(twice.options, "--hours 2")
        self.assertEqual(twice.found_by, [("invariant broken", "two leaders"), ("no progress", "and that was")])
        self.assertEqual(
            twice.changes,
            [
                mutants.Change(
                    "src/core/ballot.cc",
                    "  if (granted) {\n    use();\n    twice();\n",
                    "  if (granted) {\n    again();\n",
                ),
                mutants.Change("src/core/ballot.cc", "  done();\n", ""),
                mutants.Change("src/core/quorum.cc", "  last();\n", "  more();\n  last();\n"),
            ],
        )
        self.assertEqual(nothing.options, mutants.DEFAULT_OPTIONS)
        self.assertEqual(nothing.found_by, [("no progress", "mended")])

    def test_refuses_what_is_not_complete(self):
        for left_out, what in [
            ("# It never ends.\n", "why"),
            ("-  act();\n", "changes nothing"),
            ("in src/core/core.cc\n", "in which file"),
            ("finds no progress: mended\n", "what finds it"),
        ]:
            with self.subTest(left_out=left_out):
                self.assertIn(left_out, LIST)
                with self.assertRaisesRegex(mutants.Mistake, what):
                    mutants.parse(LIST.replace(left_out, ""))

    def test_refuses_what_it_does_not_know(self):
        for line, what in [
            ("finds a crash: x\n", "one of invariant broken, no progress"),
            ("finds no progress\n", "and a part of its reason"),
            ("find no progress: x\n", "what is 'find'"),
        ]:
            with self.subTest(line=line):
                with self.assertRaisesRegex(mutants.Mistake, what):
                    mutants.parse(LIST + line)

    def test_refuses_two_of_one_name(self):
        with self.assertRaisesRegex(mutants.Mistake, "two of the name"):
            mutants.parse(LIST + LIST[LIST.index("=== ") :])

    def test_says_in_which_line(self):
        with self.assertRaisesRegex(mutants.Mistake, "^line 3: what is 'strange'"):
            mutants.parse("=== x\n# y\nstrange\n")


class Mutating(unittest.TestCase):
    def test_replaces_what_is_there_once(self):
        change = mutants.Change("x.cc", "  a();\n", "  b();\n")
        self.assertEqual(mutants.mutated("{\n  a();\n}\n", change), "{\n  b();\n}\n")
        for source, count in [("{\n}\n", 0), ("{\n  a();\n  a();\n}\n", 2)]:
            with self.assertRaisesRegex(mutants.Mistake, f"x.cc has this {count} times"):
                mutants.mutated(source, change)

    def test_makes_all_changes_and_leaves_the_sources_alone(self):
        mutant = mutants.Mutant("x", 1, changes=[mutants.Change("f", "a\n", "b\n"), mutants.Change("f", "c\n", "")])
        files = {"f": b"a\nc\n", "g": b"a\n"}
        self.assertEqual(mutants.with_mutant(files, mutant), {"f": b"b\n", "g": b"a\n"})
        self.assertEqual(files["f"], b"a\nc\n")
        with self.assertRaisesRegex(mutants.Mistake, "there is no f"):
            mutants.with_mutant({}, mutant)


class Tree(unittest.TestCase):
    def test_is_made_the_same_and_touched_only_where_it_differs(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            mutants.write_tree(root, {"src/a.cc": b"a", "src/b.cc": b"b", "CMakeLists.txt": b"c"})
            old = (root / "src/a.cc").stat().st_mtime_ns
            mutants.write_tree(root, {"src/a.cc": b"a", "src/core/c.cc": b"c", "CMakeLists.txt": b"d"})
            self.assertEqual(
                mutants.sources_of(root), {"src/a.cc": b"a", "src/core/c.cc": b"c", "CMakeLists.txt": b"d"}
            )
            self.assertEqual((root / "src/a.cc").stat().st_mtime_ns, old)


class Findings(unittest.TestCase):
    OUTPUT = (
        '{"version":"1"}\n{"seed":1,"outcome":"well","reason":"","simulated_hours":0.5}\n'
        '{"seed":2,"outcome":"invariant broken","reason":"two leaders of x","simulated_hours":0.25}\n'
    )

    def test_are_read_from_what_is_printed(self):
        finding = mutants.finding_in(self.OUTPUT, 3)
        self.assertEqual(finding, mutants.Finding("invariant broken", "two leaders of x", 2, 0.75, 3))
        self.assertEqual(mutants.finding_in('{"seed":1,"outcome":"crash"}\n', 3).outcome, "crash")
        self.assertEqual(mutants.finding_in(self.OUTPUT[:60], 3).outcome, "")

    def test_count_if_they_are_what_was_to_be_found(self):
        mutant = mutants.parse(LIST)[0]
        self.assertTrue(mutants.is_caught(mutant, mutants.Finding("invariant broken", "two leaders of x")))
        self.assertFalse(mutants.is_caught(mutant, mutants.Finding("invariant broken", "something else")))
        self.assertFalse(mutants.is_caught(mutant, mutants.Finding("no progress", "two leaders of x")))
        self.assertFalse(mutants.is_caught(mutant, mutants.Finding("")))


class List(unittest.TestCase):
    def test_fits_the_sources(self):
        files = mutants.sources_of(mutants.ROOT)
        written = mutants.parse((mutants.ROOT / "tests" / "mutants.txt").read_text())
        self.assertGreaterEqual(len(written), 10)
        for mutant in written:
            with self.subTest(mutant=mutant.name):
                mutants.with_mutant(files, mutant)


if __name__ == "__main__":
    unittest.main()

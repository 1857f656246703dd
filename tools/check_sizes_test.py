"""What counts as a function and how long it is; limits, exceptions and introductions, each shown to fail."""

import pathlib
import tempfile
import textwrap
import unittest

import check_sizes


def functions(source):
    return list(check_sizes.cpp_functions(textwrap.dedent(source)))


class CppFunctions(unittest.TestCase):
    def test_are_found_in_namespaces_and_classes(self):
        found = functions(
            """\
            namespace vedette::core {
            namespace {
            struct Point {
              int x = 0;
              std::vector<int> more{1, 2};
             public:
              int twice() const { return 2 * x; }
            };
            enum class Color { kRed, kGreen };
            const int table[] = {1, 2, 3};
            template <class T>
            auto last(const std::vector<T>& all) -> T {
              for (const T& one : all) {
                if (one) { return one; }
              }
              return {};
            }
            }  // namespace
            bool operator==(const A& a, const A& b) {
              return true;
            }
            }  // namespace vedette::core
            """
        )
        self.assertEqual(found, [("twice", 7, 1), ("last", 12, 6), ("operator==", 19, 3)])

    def test_with_member_initializers_and_default_arguments(self):
        found = functions(
            """\
            Session::Session(Options options = {}, int x = f({1, 2}))
                : options_{options}, table_{}, x_(x) {
              if (x) {
                start();
              }
            }
            Session::~Session() {
            }
            """
        )
        self.assertEqual(found, [("Session::Session", 1, 6), ("Session::~Session", 7, 2)])

    def test_count_the_lambdas_in_them(self):
        found = functions("void f() {\n  g([] {\n    h();\n  });\n}\n")
        self.assertEqual(found, [("f", 1, 5)])

    def test_are_not_confused_by_braces_in_text(self):
        text = 'g("}{{", \'{\', R"(}})");  // }}}\n  /* { */'
        found = functions(f"#define OPEN {{\nvoid f() {{\n  {text}\n}}\nvoid g() {{\n}}\n")
        self.assertEqual(found, [("f", 2, 4), ("g", 6, 2)])

    def test_of_googletest_are_named_as_it_names_them(self):
        self.assertEqual(functions("TEST_F(Vote, IsCastOnce) {\n}\n"), [("Vote.IsCastOnce", 1, 2)])


class Measures(unittest.TestCase):
    def report(self, lines, exceptions=""):
        report = check_sizes.Report(check_sizes.read_exceptions(exceptions))
        source = "void f() {\n" + "  g();\n" * (lines - 2) + "}\n"
        check_sizes.check_sizes(report, "a.cc", source, check_sizes.cpp_functions(source))
        report.close()
        return report

    def test_functions(self):
        self.assertEqual(self.report(40).notes, [])
        self.assertIn("a.cc:1: f has 41 lines", self.report(41).notes[0])
        self.assertEqual(self.report(70).errors, [])
        self.assertIn("a.cc:1: f has 71 lines", self.report(71).errors[0])

    def test_files(self):
        self.assertNotIn("a.cc has", " ".join(self.report(400).notes))
        self.assertIn("a.cc has 401 lines", " ".join(self.report(401).notes))
        self.assertNotIn("a.cc has", " ".join(self.report(800).errors))
        self.assertIn("a.cc has 801 lines", " ".join(self.report(801).errors))

    def test_exceptions_allow_exactly_what_they_say(self):
        self.assertEqual(self.report(80, "a.cc:f 80  # a table\n").errors, [])
        self.assertIn("more than the 80", self.report(81, "a.cc:f 80\n").errors[0])

    def test_exceptions_must_shrink(self):
        self.assertIn("lower its 80", self.report(79, "a.cc:f 80\n").errors[0])
        self.assertIn("take it out", self.report(70, "a.cc:f 80\n").errors[0])
        self.assertIn("not there any more", self.report(10, "gone.cc 900\n").errors[0])

    def test_python_functions(self):
        source = "def f():\n    pass\n\nclass A:\n    def g(self):\n        return (\n            1\n        )\n"
        self.assertEqual(list(check_sizes.python_functions(source)), [("f", 1, 2), ("g", 5, 4)])


class Introductions(unittest.TestCase):
    def test_headers_and_folders_must_say_what_they_are(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "src" / "core").mkdir(parents=True)
            (root / "src" / "README.md").write_text("The sources.\n")
            (root / "src" / "core" / "good.h").write_text("// What it is.\n#pragma once\n")
            (root / "src" / "core" / "bad.h").write_text("#pragma once\n")
            problems = list(check_sizes.check_introductions(root))
        self.assertEqual(len(problems), 2)
        self.assertIn("src/core/bad.h: starts without a comment", problems[0])
        self.assertIn("src/core: has no README.md", problems[1])


if __name__ == "__main__":
    unittest.main()

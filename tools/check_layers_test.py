"""Each layer rule, shown to fail on a bad example and to leave good ones alone."""

import pathlib
import tempfile
import textwrap
import unittest

import check_layers


def messages(layer, source, is_test=False):
    return [message for _, message in check_layers.check_file(layer, textwrap.dedent(source), is_test)]


class Includes(unittest.TestCase):
    def test_only_from_the_layers_above(self):
        good = '#include "base/ids.h"\n#include "proto/info.h"\n#include "core/core.h"\n'
        self.assertEqual(messages("core", good), [])
        for layer, header in [
            ("base", "resp/value.h"),
            ("resp", "conf/model.h"),
            ("conf", "resp/value.h"),
            ("conf", "proto/info.h"),
            ("proto", "core/state.h"),
            ("core", "resp/value.h"),
            ("core", "conf/model.h"),
            ("core", "node/ports.h"),
            ("node", "net/loop.h"),
            ("net", "apps/demo.h"),
        ]:
            with self.subTest(layer=layer, header=header):
                self.assertIn(f"{layer} must not include", messages(layer, f'#include "{header}"\n')[0])

    def test_the_two_sets_of_ports_never_meet(self):
        self.assertTrue(messages("net", '#include "sim/clock.h"\n'))
        self.assertTrue(messages("sim", '#include "net/loop.h"\n'))

    def test_are_named_from_src_on(self):
        self.assertIn("named from src/", messages("core", '#include "state.h"\n')[0])
        self.assertIn("named from src/", messages("core", '#include "../core/state.h"\n')[0])

    def test_of_test_support_are_for_tests(self):
        self.assertEqual(messages("resp", '#include "tests/support/pieces.h"\n', is_test=True), [])
        self.assertTrue(messages("resp", '#include "tests/support/pieces.h"\n'))

    def test_in_comments_are_none(self):
        self.assertEqual(messages("core", '// #include "net/loop.h"\n/*\n#include "net/loop.h"\n*/\n'), [])

    def test_are_reported_with_their_line(self):
        self.assertEqual(check_layers.check_file("core", '// one\n\n#include "net/loop.h"\n')[0][0], 3)


class World(unittest.TestCase):
    def test_headers_stay_out_of_the_pure_layers(self):
        for header in [
            "<boost/asio.hpp>",
            "<thread>",
            "<mutex>",
            "<future>",
            "<sys/socket.h>",
            "<unistd.h>",
            "<netinet/in.h>",
            "<arpa/inet.h>",
            "<poll.h>",
            "<fstream>",
        ]:
            for layer in check_layers.PURE:
                with self.subTest(layer=layer, header=header):
                    self.assertIn("must not use", messages(layer, f"#include {header}\n")[0])
            with self.subTest(layer="net", header=header):
                self.assertEqual(messages("net", f"#include {header}\n"), [])

    def test_tests_may_read_files_and_compare_with_the_system(self):
        self.assertEqual(messages("core", "#include <fstream>\n#include <arpa/inet.h>\n", is_test=True), [])
        self.assertTrue(messages("core", "#include <thread>\n", is_test=True))

    def test_clocks_are_not_read(self):
        for call in [
            "auto t = std::chrono::steady_clock::now();",
            "auto t = Clock::system_clock :: now();",
            "auto t = time(nullptr);",
            "auto t = std::time(0);",
            "gettimeofday(&tv, nullptr);",
        ]:
            with self.subTest(call=call):
                self.assertIn("reads a clock", messages("node", call)[0])
        self.assertEqual(messages("node", "auto t = last_time(0);  // steady_clock::now()\nauto u = clock.now();"), [])
        self.assertEqual(messages("net", "auto t = std::chrono::steady_clock::now();"), [])

    def test_randomness_is_not_drawn(self):
        for call in ["std::random_device device;", "int x = rand();", "srand(1);"]:
            with self.subTest(call=call):
                self.assertIn("random", messages("core", call)[0])
        self.assertEqual(messages("core", "rng.next(); brand();"), [])

    def test_the_environment_is_not_read(self):
        call = 'auto home = std::getenv("HOME");'
        self.assertIn("reads the environment", messages("conf", call)[0])
        self.assertEqual(messages("conf", call, is_test=True), [])


class WireWords(unittest.TestCase):
    def test_are_neither_strings_nor_names_in_the_core(self):
        for text in [
            'auto s = "master";',
            'auto s = "+switch-master";',
            'auto s = "SLAVEOF";',
            "int num_slaves = 0;",
            "struct Master;",
        ]:
            with self.subTest(text=text):
                self.assertIn("words of the wire", messages("core", text)[0])

    def test_may_be_in_comments_and_tests_and_where_the_wire_is_spoken(self):
        self.assertEqual(messages("core", "// the wire says master\nint primary = 0;"), [])
        self.assertEqual(messages("core", 'EXPECT_EQ(event, "+switch-master");', is_test=True), [])
        self.assertEqual(messages("proto", 'auto s = "master";'), [])


class Tree(unittest.TestCase):
    def test_files_are_reported_by_name_and_unknown_folders_too(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "src" / "core").mkdir(parents=True)
            (root / "src" / "util").mkdir()
            (root / "src" / "core" / "bad.cc").write_text('\n#include "net/loop.h"\n')
            (root / "src" / "util" / "x.h").write_text("// x\n")
            problems = check_layers.check_tree(root)
        self.assertEqual(len(problems), 2)
        self.assertIn("src/core/bad.cc:2: core must not include net", problems[0])
        self.assertIn("src/util is not a layer", problems[1])


if __name__ == "__main__":
    unittest.main()

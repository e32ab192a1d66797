#!/usr/bin/env python3
"""Tests of tools/dev/check_layers, on small trees in a temporary folder."""

import importlib.machinery
import importlib.util
import pathlib
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).parent / "check_layers"
loader = importlib.machinery.SourceFileLoader("check_layers", str(SCRIPT))
check_layers = importlib.util.module_from_spec(
    importlib.util.spec_from_loader("check_layers", loader))
loader.exec_module(check_layers)

LAYERS = "# ranks\n1 low.h\n2 high.h\n2 peer.h\n"


class CheckLayersTest(unittest.TestCase):

    def findings(self, layers=LAYERS, **files):
        """Checks a tree of low, high and peer, with `files` over them."""
        sources = {"low.h": "", "high.h": "", "peer.h": ""}
        sources.update({name.replace("__", "."): text
                        for name, text in files.items()})
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "pinning").mkdir()
            (root / "LAYERS").write_text(layers)
            for name, text in sources.items():
                if text is not None:
                    (root / "pinning" / name).write_text(text)
            return check_layers.check_tree(root)

    def test_accepts_includes_downward_and_within_the_room(self):
        self.assertEqual([], self.findings(
            high__h='#include "pinning/low.h"\n#include "absl/time/time.h"\n',
            high__cc='#include "pinning/high.h"\n#include "pinning/low.h"\n'))

    def test_refuses_an_include_upward(self):
        self.assertEqual(
            ["pinning/low.cc:2: pinning/high.h has rank 2, not below rank 1 "
             "of low.h"],
            self.findings(low__cc='\n#include "pinning/high.h"\n'))

    def test_refuses_an_include_of_the_same_rank(self):
        self.assertEqual(
            ["pinning/high.h:1: pinning/peer.h has rank 2, not below rank 2 "
             "of high.h"],
            self.findings(high__h='#include "pinning/peer.h"\n'))

    def test_refuses_an_include_of_an_unlisted_header(self):
        self.assertEqual(
            ["pinning/high.h:1: pinning/new.h is not listed in LAYERS"],
            self.findings(high__h='#include "pinning/new.h"\n'))

    def test_accepts_the_table_of_a_room_and_no_other(self):
        self.assertEqual(
            ["pinning/high.cc:2: pinning/low_table.inc is not listed in LAYERS"],
            self.findings(high__cc='#include "pinning/high_table.inc"\n'
                                   '#include "pinning/low_table.inc"\n'))

    def test_refuses_an_include_of_tools_or_tests(self):
        self.assertEqual(
            ["pinning/high.h:1: the library may not include tools/mint/mint.h"],
            self.findings(high__h='#include "tools/mint/mint.h"\n'))

    def test_refuses_an_unlisted_header_and_an_unlisted_source(self):
        self.assertEqual(
            ["pinning/new.h:1: not listed in LAYERS",
             "pinning/other.cc:1: not listed in LAYERS"],
            self.findings(new__h="", other__cc=""))

    def test_a_source_listed_with_a_header_is_of_its_room(self):
        layers = LAYERS.replace("2 high.h", "2 high.h other.cc")
        self.assertEqual([], self.findings(
            layers=layers, other__cc='#include "pinning/high.h"\n'))
        self.assertEqual(
            ["pinning/other.cc:1: pinning/peer.h has rank 2, not below rank 2 "
             "of high.h"],
            self.findings(layers=layers,
                          other__cc='#include "pinning/peer.h"\n'))
        self.assertEqual(["LAYERS: other.cc does not exist"],
                         self.findings(layers=layers))

    def test_refuses_a_stale_entry(self):
        self.assertEqual(["LAYERS: peer.h does not exist"],
                         self.findings(peer__h=None))

    def test_refuses_a_malformed_and_a_repeated_line(self):
        self.assertEqual(
            ["LAYERS:5: expected RANK HEADER [SOURCE...]",
             "LAYERS:6: low.h is listed twice"],
            self.findings(layers=LAYERS + "x y z\n4 low.h\n"))

    def test_refuses_an_empty_tree(self):
        self.assertIn("pinning: no source found", self.findings(
            layers="", low__h=None, high__h=None, peer__h=None))

    def test_refuses_each_forbidden_call(self):
        for call in (
                "absl::Base64Unescape(a, &b);",
                "absl::WebSafeBase64Unescape(a, &b);",
                "memcpy(a, b, 1);",
                "std::memcpy(a, b, 1);",
                "if (strcmp(a, b) == 0) {}",
                "X509_free(x);",
                "CRYPTO_BUFFER_free(x);",
                "sk_CRYPTO_BUFFER_pop_free(x, f);",
                "free(x);",
                "auto now = absl::Now();",
                "auto now = time(nullptr);",
                "auto now = std::chrono::system_clock::now();",
                "FILE* f = fopen(name, mode);",
                "std::ifstream in(name);",
                "#include <fstream>",
                "int file = open(name, O_RDONLY);",
                "if (::write(file, data, size) < 0) {}",
                "const char* home = std::getenv(name);",
                "int fd = socket(AF_INET, SOCK_STREAM, 0);",
                "int fd = ::socket(AF_INET, SOCK_STREAM, 0);",
                "thread_local int x;"):
            with self.subTest(call):
                found = self.findings(low__cc=f"\n{call}\n")
                self.assertEqual(1, len(found), found)
                self.assertTrue(found[0].startswith("pinning/low.cc:2: "), found)

    def test_accepts_what_only_resembles_a_forbidden_call(self):
        for line in (
                "// memcpy(a, b, 1) is what this replaces.",
                "/* strcmp(a, b)\n free(x) */",
                'Say("getenv(");',
                'Say(R"(fopen( and "memcpy(")");',
                "bssl::UniquePtr<X509> x;",
                "set_free(x);",
                "int time(int zone);",
                "lifetime(0);",
                "my_socket(1);",
                "writer_->write(line);",
                "reopen(file);",
                "const int million = 1'000'000;",
                "Certificate::strlen_of(x);"):
            with self.subTest(line):
                self.assertEqual([], self.findings(low__cc=line + "\n"))

    def test_sees_a_call_after_a_string_with_an_escaped_quote(self):
        self.assertEqual(
            ["pinning/low.cc:1: memcpy: use spans and vectors"],
            self.findings(low__cc='Say("\\""); memcpy(a, b, 1);\n'))

    def test_the_hook_alone_may_read_the_clock(self):
        self.assertEqual([], self.findings(
            layers=LAYERS + "9 boringssl.h\n", boringssl__h="",
            boringssl__cc="auto now = absl::Now();\n"))

    def test_the_report_file_alone_may_touch_a_file(self):
        self.assertEqual([], self.findings(
            layers=LAYERS + "9 report_file.h\n", report_file__h="",
            report_file__cc="int file = open(name, O_RDWR);\n"))

    def test_refuses_an_address_that_is_built_in(self):
        for line in (
                'Post("https://reports.pinning.dev/");',
                'const char* kTo = "http://[2001:db8::1]/";',
                'Say("\\"", "// wss://notexample.com");',
                'Say(R"(https://vendor.test)");'):
            with self.subTest(line):
                found = self.findings(low__cc=line + "\n")
                self.assertEqual(1, len(found), found)
                self.assertIn("no address is built in", found[0])
        for line in (
                "// See https://vendor.test.",
                "/* https://vendor.test */",
                'Say("such as https://www.example.com");',
                'StartsWith(text, "https://");',
                'Say("a"); // "https://vendor.test"'):
            with self.subTest(line):
                self.assertEqual([], self.findings(low__cc=line + "\n"))


if __name__ == "__main__":
    unittest.main()

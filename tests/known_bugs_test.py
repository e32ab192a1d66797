#!/usr/bin/env python3
"""Holds the list of known bugs in docs/testing.md to tests that exist."""

import pathlib
import re
import unittest

from tests.testing import cases

SECTION = "## Known bugs of other libraries"
TEST = re.compile(r"^TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\)", re.M)
NAME = re.compile(r"`(\w+\.\w+)`")


class KnownBugsTest(unittest.TestCase):

    def setUp(self):
        text = pathlib.Path("docs/testing.md").read_text(encoding="utf-8")
        section = text.split(SECTION)[1].split("\n## ")[0]
        self.rows = [row.split("|")[1:-1] for row in section.splitlines()
                     if row.startswith("|")][2:]
        self.tests = set()
        for path in pathlib.Path("tests").rglob("*_test.cc"):
            source = path.read_text(encoding="utf-8")
            self.tests.update(".".join(name) for name in TEST.findall(source))

    def test_every_row_names_tests_that_exist(self):
        self.assertGreater(len(self.rows), 25)
        self.assertGreater(len(self.tests), 300)
        for bug, tests in self.rows:
            named = NAME.findall(tests)
            self.assertTrue(named, bug)
            for name in named:
                self.assertIn(name, self.tests, bug)

    def test_every_row_has_a_reference(self):
        for bug, _ in self.rows:
            self.assertRegex(bug, r"CVE-\d{4}-\d+|[\w-]+#\d+|\b20\d\d\b|revision [0-9a-f]{8}", bug)


if __name__ == "__main__":
    cases.main()

#!/usr/bin/env python3
"""Holds tests/testing/cases.py to telling Bazel of each case what came of it."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from tests.testing import cases

PROGRAM = """
import sys, unittest
sys.path.append({root!r})
from tests.testing import cases

class Some(unittest.TestCase):
    def test_good(self): pass
    def test_bad(self): self.fail("no\\x00")
    def test_error(self): raise ValueError("oh")
    def test_part(self):
        with self.subTest("a part"): self.fail("in it")
    def test_lacks(self): cases.module("no_such_module")
    def test_lacks_a_program(self): cases.program("no-such-program")

class Away(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise unittest.SkipTest("all of it")
    def test_never(self): pass

cases.main()
"""


class CasesTest(unittest.TestCase):

    def run_program(self, text, **environment):
        """Returns the exit status and {case: outcome} of a program."""
        with tempfile.TemporaryDirectory() as folder:
            results = pathlib.Path(folder, "test.xml")
            inherited = {name: value for name, value in os.environ.items()
                         if name != "CI"}
            done = subprocess.run(
                [sys.executable, "-c", text.format(root=os.getcwd())],
                env={**inherited, "XML_OUTPUT_FILE": str(results),
                     **environment},
                capture_output=True, text=True, timeout=60, check=False)
            self.assertTrue(results.exists(), done.stderr)
            found = {}
            for case in xml.etree.ElementTree.parse(results).iter("testcase"):
                part = next(iter(case), None)
                found[case.get("name")] = "passed" if part is None else part.tag
            return done.returncode, found

    def test_each_outcome(self):
        status, found = self.run_program(PROGRAM)
        self.assertEqual(status, 1)
        self.assertEqual(found.pop("test_good"), "passed")
        for name in ("test_bad", "test_error", "test_part"):
            self.assertEqual(found.pop(name), "failure", name)
        self.assertEqual(set(found.values()), {"skipped"})
        self.assertEqual(len(found), 3)

    def test_what_is_missing_fails_in_ci(self):
        status, found = self.run_program(PROGRAM, CI="true")
        self.assertEqual(status, 1)
        self.assertEqual(found["test_lacks"], "failure")
        self.assertEqual(found["test_lacks_a_program"], "failure")

    def test_a_program_without_cases_fails(self):
        status, found = self.run_program(
            "import sys\nsys.path.append({root!r})\n"
            "from tests.testing import cases\ncases.main()\n")
        self.assertEqual((status, found), (1, {}))


if __name__ == "__main__":
    cases.main()

#!/usr/bin/env python3
"""Tests of tools/dev/count_tests, on build events written here."""

import contextlib
import importlib.machinery
import importlib.util
import io
import json
import pathlib
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).parent / "count_tests"
loader = importlib.machinery.SourceFileLoader("count_tests", str(SCRIPT))
count_tests = importlib.util.module_from_spec(
    importlib.util.spec_from_loader("count_tests", loader))
loader.exec_module(count_tests)

GOOGLETEST = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="4" failures="1"><testsuite name="Suite">
<testcase name="Good" status="run" result="completed" classname="Suite" />
<testcase name="Bad" status="run" result="completed" classname="Suite">
  <failure message="no" type=""></failure></testcase>
<testcase name="Away" status="run" result="skipped" classname="Suite">
  <skipped message="x.cc:1&#x0A;nginx is missing" /></testcase>
<testcase name="DISABLED_Off" status="notrun" result="suppressed"
  classname="Suite" />
</testsuite></testsuites>"""
PLAIN = """<testsuites><testsuite name="t" tests="1" failures="0" errors="0">
<testcase name="t" status="run"></testcase></testsuite></testsuites>"""
CRASHED = """<testsuites><testsuite name="t" tests="1" errors="1">
<testcase name="t" status="run"><error message="exited 134"></error></testcase>
</testsuite></testsuites>"""


class CountTestsTest(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.events = []

    def configured(self, label, test=True):
        self.events.append({
            "id": {"targetConfigured": {"label": label}},
            "configured": {"testSize": "SMALL"} if test else {}})

    def ran(self, label, status="PASSED", xml=None, **part):
        outputs = []
        if xml is not None:
            path = pathlib.Path(self.folder.name) / f"a b{len(self.events)}.xml"
            path.write_text(xml)
            outputs = [{"name": "test.log", "uri": "file:///nowhere"},
                       {"name": "test.xml", "uri": path.as_uri()}]
        self.events.append({
            "id": {"testResult": {"label": label, **part}},
            "testResult": {"status": status, "testActionOutput": outputs}})

    def count(self, bazel_status=0):
        text = "\n".join(json.dumps(event) for event in self.events)
        return count_tests.summary(count_tests.count_build(text, bazel_status))

    def test_counts_each_case_of_a_googletest_target(self):
        self.configured("//t:a")
        self.ran("//t:a", "FAILED", GOOGLETEST)
        self.assertEqual("1 passed, 1 failed, 2 skipped", self.count(3))

    def test_counts_a_target_without_cases_once(self):
        self.configured("//t:a")
        self.configured("//t:b")
        self.ran("//t:a", xml="<testsuites></testsuites>")
        self.ran("//t:b")
        self.assertEqual("2 passed, 0 failed, 0 skipped", self.count())

    def test_counts_a_plain_target_once(self):
        self.ran("//t:a", xml=PLAIN)
        self.assertEqual("1 passed, 0 failed, 0 skipped", self.count())

    def test_counts_a_crash_once(self):
        self.ran("//t:a", "FAILED", CRASHED)
        self.assertEqual("0 passed, 1 failed, 0 skipped", self.count(3))

    def test_counts_a_failed_status_whatever_the_cases_say(self):
        self.ran("//t:a", "TIMEOUT", PLAIN)
        self.ran("//t:b", "FAILED", "<testsuites><tru")
        self.ran("//t:c", "NO_STATUS")
        self.assertEqual("1 passed, 3 failed, 0 skipped", self.count(3))

    def test_counts_a_target_that_did_not_build_as_failed(self):
        self.configured("//t:a")
        self.configured("//t:library", test=False)
        self.assertEqual("0 passed, 1 failed, 0 skipped", self.count(1))

    def test_counts_a_build_that_failed_elsewhere_as_failed(self):
        self.configured("//t:a")
        self.ran("//t:a", xml=PLAIN)
        self.assertEqual("1 passed, 1 failed, 0 skipped", self.count(1))

    def test_counts_every_shard_and_only_the_last_attempt(self):
        self.ran("//t:a", "FAILED", CRASHED, shard=1, attempt=1)
        self.ran("//t:a", "PASSED", PLAIN, shard=1, attempt=2)
        self.ran("//t:a", "PASSED", PLAIN, shard=2, attempt=1)
        self.assertEqual("2 passed, 0 failed, 0 skipped", self.count())

    def run_main(self, bazel_status):
        path = pathlib.Path(self.folder.name) / "events.json"
        path.write_text("\n".join(json.dumps(event) for event in self.events))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            status = count_tests.main([str(path), str(bazel_status)])
        return status, printed.getvalue().splitlines()

    def test_main_names_what_did_not_pass_and_closes_with_the_count(self):
        self.ran("//t:a", "FAILED", GOOGLETEST)
        self.assertEqual((1, [
            "failed: //t:a Suite.Bad",
            "skipped: //t:a Suite.Away (x.cc:1 nginx is missing)",
            "skipped: //t:a Suite.DISABLED_Off",
            "1 passed, 1 failed, 2 skipped"]), self.run_main(3))

    def test_main_accepts_a_run_without_failures(self):
        self.ran("//t:a", xml=PLAIN)
        self.assertEqual((0, ["1 passed, 0 failed, 0 skipped"]),
                         self.run_main(0))

    def test_main_refuses_a_run_of_nothing(self):
        self.assertEqual((1, ["0 passed, 0 failed, 0 skipped"]),
                         self.run_main(0))

    def test_main_refuses_when_bazel_wrote_no_events(self):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            status = count_tests.main([self.folder.name + "/none", "2"])
        self.assertEqual(1, status)
        self.assertIn("bazel ended with status 2", printed.getvalue())


if __name__ == "__main__":
    unittest.main()

"""Runs the unittest cases of a program and tells Bazel of each of them.

Bazel would count a Python test as one. `main` writes the file that it reads
results from (XML_OUTPUT_FILE), a case for each test, with why it was skipped.
What a test needs and does not find skips it, where CI is set it fails.
"""

import importlib
import importlib.util
import os
import pathlib
import shutil
import sys
import time
import unittest
import xml.etree.ElementTree as ElementTree

# Where Debian's packages are, should another python3 come first on PATH.
DEBIAN_MODULES = "/usr/lib/python3/dist-packages"


def missing(what):
    """Skips the case that asks; where CI is set, fails it."""
    text = f"{what} is not installed (tools/test installs it)"
    if os.environ.get("CI"):
        raise AssertionError(text)
    raise unittest.SkipTest(text)


def module(name):
    """Returns the module `name`, if need be of Debian's."""
    if DEBIAN_MODULES not in sys.path:
        sys.path.append(DEBIAN_MODULES)
    if importlib.util.find_spec(name.split(".", maxsplit=1)[0]) is None:
        missing(f"Python's {name}")
    return importlib.import_module(name)


def program(name):
    """Returns the path of the program `name`."""
    return shutil.which(name) or missing(name)


class Recorder(unittest.TextTestResult):
    """Keeps of each case its outcome, the reason, and how long it took."""

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.cases = {}
        self._started = 0.0

    def startTest(self, test):
        super().startTest(test)
        self._started = time.monotonic()
        self.cases[test.id()] = ["passed", "", 0.0]

    def stopTest(self, test):
        super().stopTest(test)
        self.cases[test.id()][2] = time.monotonic() - self._started

    def _note(self, test, outcome, reason):
        self.cases.setdefault(test.id(), ["", "", 0.0])[:2] = outcome, reason

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._note(test, "skipped", reason)

    def addError(self, test, err):
        super().addError(test, err)
        self._note(test, "failed", str(err[1]))

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._note(test, "failed", str(err[1]))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._note(test, "failed", f"{subtest}: {err[1]}")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._note(test, "failed", "an unexpected success")


def write_cases(cases, path):
    """Writes {id: (outcome, reason, seconds)} as JUnit XML."""
    suite = ElementTree.Element("testsuite", tests=str(len(cases)))
    for name, (outcome, reason, seconds) in cases.items():
        holder, _, last = name.removeprefix("__main__.").rpartition(".")
        case = ElementTree.SubElement(suite, "testcase", name=last,
                                      classname=holder, time=f"{seconds:.3f}")
        if outcome != "passed":
            tag = "skipped" if outcome == "skipped" else "failure"
            printable = "".join(c if c.isprintable() else " " for c in reason)
            ElementTree.SubElement(case, tag, message=printable)
    ElementTree.ElementTree(suite).write(pathlib.Path(path), encoding="utf-8",
                                         xml_declaration=True)


def main():
    """Runs the cases of the program that calls it, and ends it."""
    runner = unittest.TextTestRunner(resultclass=Recorder)
    run = unittest.main(argv=sys.argv[:1], testRunner=runner, exit=False)
    if "XML_OUTPUT_FILE" in os.environ:
        write_cases(run.result.cases, os.environ["XML_OUTPUT_FILE"])
    sys.exit(not run.result.wasSuccessful() or not run.result.cases)

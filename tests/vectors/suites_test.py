#!/usr/bin/env python3
"""Runs the suites of other projects and holds the answers to what they expect.

The suites are looked for in the folder that PINNING_SUITES names, else in
../shared/suites beside the checkout; one that is not there is a skipped case.
Where our answer is another, known_differences.json has to say so and why. A row
there that is not needed, as the answer is the expected one, fails as well.

Prints what each suite came to, and with --rows also the rows that are missing.
"""

import collections
import ipaddress
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import time
import xml.sax.saxutils

HERE = pathlib.Path("tests/vectors")
DIFFERENCES = HERE / "known_differences.json"
DOCUMENT = pathlib.Path("docs/path-validation.md")
TIMEOUT_SECONDS = 120  # for one suite; each takes a second or two

# The suites of certification paths: file, and arguments of the harness.
CHAINS = {
    "contested-limbo-core": [],
    "pkits": [],
    "boringssl-vcc": [],
    "gnutls-chains": [],
    "openssl-verify": [],
    "go-verify": [],
    "real-chains": [],
}


# Options that the schema has no field for and the harness reads all the same.
READ_FEATURES = {
    "pkits-policy-inputs",
    "trust-TRUSTED_ANCHOR_WITH_CONSTRAINTS",
    "trust-TRUSTED_ANCHOR_WITH_EXPIRATION",
    "trust-TRUSTED_ANCHOR_WITH_EXPIRATION_AND_CONSTRAINTS",
}


class Missing(Exception):
    """The suite is not on this machine."""


def suites_folder():
    named = os.environ.get("PINNING_SUITES")
    if named:
        return pathlib.Path(named)
    root = pathlib.Path(os.path.realpath(DIFFERENCES)).parents[2]
    return root.parent / "shared" / "suites"


def suite_file(name):
    path = suites_folder() / name
    if not path.exists():
        raise Missing(f"{path} is not there")
    return path


def run(program, arguments, text):
    done = subprocess.run([HERE / program, *arguments], input=text, check=False,
                          capture_output=True, timeout=TIMEOUT_SECONDS)
    if done.returncode != 0:
        raise AssertionError(f"{program} ended with {done.returncode}: "
                             + done.stderr.decode(errors="replace"))
    return done.stdout.decode()


class Report:
    """What one suite came to, against the rows of known_differences.json."""

    def __init__(self, rows):
        self.rows = rows  # {id: row}, those of this suite
        self.counts = collections.Counter()
        self.out_of_scope = collections.Counter()
        self.problems = []
        self.missing = []

    def judge(self, identity, expected, answer, context):
        row = self.rows.pop(identity, None)
        if answer == expected:
            self.counts["right"] += 1
            if row is not None:
                self.problems.append(f"{identity}: an unexpected pass; the row "
                                     "in known_differences.json is to go")
        elif row is None or row["answer"] != answer:
            self.counts["UNKNOWN"] += 1
            self.problems.append(f"{identity}: {answer}, expected {expected}: "
                                 + context)
            self.missing.append({"id": identity, "answer": answer,
                                 "reason": context})
        elif answer == "SKIPPED":
            self.counts["skipped"] += 1
        else:
            self.counts["known differences"] += 1

    def close(self):
        for identity in self.rows:
            self.problems.append(f"{identity}: known_differences.json has a row "
                                 "for a case that was not run")

    def line(self):
        parts = [f"{count} {what}" for what, count in sorted(self.counts.items())]
        parts += [f"{sum(self.out_of_scope.values())} out of scope"
                  ] if self.out_of_scope else []
        return ", ".join(parts)


def check_chains(name, report):
    text = suite_file(name + ".json").read_bytes()
    results = json.loads(run("limbo_harness", CHAINS[name], text))["results"]
    answers = {result["id"]: result for result in results}
    for case in json.loads(text)["testcases"]:
        # Options that the schema cannot carry, so that we were not asked what
        # the suite expects an answer to.
        features = set(case.get("x_features") or []) - READ_FEATURES
        if features:
            report.out_of_scope[" ".join(sorted(features))] += 1
            continue
        answer = answers[case["id"]]
        report.judge(case["id"], case["expected_result"],
                     answer["actual_result"], answer["context"])


def check_contested(report):
    """Chains, and the table of answers in the document."""
    text = suite_file("contested-limbo-core.json").read_bytes()
    results = json.loads(run("limbo_harness", [], text))["results"]
    answers = {r["id"]: r["actual_result"] for r in results}
    written = dict(re.findall(r"^\| `([a-z0-9:-]+)` \| ([A-Z]+) \| \S.* \|$",
                              DOCUMENT.read_text(encoding="utf-8"), re.M))
    for identity in sorted(answers.keys() | written.keys()):
        if answers.get(identity) != written.get(identity):
            report.problems.append(
                f"{identity}: {DOCUMENT} says {written.get(identity)}, "
                f"the harness {answers.get(identity)}")
    check_chains("contested-limbo-core", report)


def address_text(address):
    """Returns an address as text; some are "x" and the octets in hexadecimal."""
    if address.startswith("x"):
        return str(ipaddress.ip_address(bytes.fromhex(address[1:])))
    return address


def check_hostnames(report):
    rows = json.loads(suite_file("hostname-match.json").read_bytes())
    for row in rows:
        row["ip_addrs"] = [address_text(address) for address in row["ip_addrs"]]
    text = json.dumps(rows).encode()
    answers = json.loads(run("suite_probe", ["names"], text))
    for i, (row, answer) in enumerate(zip(rows, answers)):
        shown = f"{row['hostname']!r} against {row['dns_names']} {row['ip_addrs']}"
        report.judge(f"hostname-match::{row['source']}-{i}",
                     "SUCCESS" if row["expected"] else "FAILURE",
                     "SUCCESS" if answer else "FAILURE", shown)


def check_odd_certificates(report):
    """A pin or an error, and neither a crash nor a wait."""
    archive = suite_file("zlint/odd-certificates.tar.xz")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as tar:
            tar.extractall(folder)
        paths = sorted(str(path) for path in pathlib.Path(folder).rglob("*")
                       if path.is_file())
        start = time.monotonic()
        answers = run("suite_probe", ["certificates"],
                      "\n".join(paths).encode()).splitlines()
        seconds = time.monotonic() - start
    if len(answers) != len(paths) or not paths:
        report.problems.append(f"{len(answers)} answers for {len(paths)} files")
    if seconds > len(paths) * 0.01:
        report.problems.append(f"{seconds:.1f} s for {len(paths)} files")
    for path, answer in zip(paths, answers):
        clean = answer.startswith(("error: ", "sha256/"))
        report.counts["error" if answer.startswith("error: ") else "pin"] += 1
        if not clean:
            report.problems.append(f"{path}: {answer!r}")


SUITES = {name: (lambda report, name=name: check_chains(name, report))
          for name in CHAINS}
SUITES["contested-limbo-core"] = check_contested
SUITES["hostname-match"] = check_hostnames
SUITES["odd-certificates"] = check_odd_certificates


def write_xml(outcomes):
    """Writes the cases for Bazel, and so for tools/dev/count_tests."""
    path = os.environ.get("XML_OUTPUT_FILE")
    if not path:
        return
    quote = xml.sax.saxutils.quoteattr
    lines = ["<testsuites><testsuite name=\"suites_test\">"]
    for name, (outcome, message) in outcomes.items():
        inner = "" if outcome == "passed" else (
            f"<{outcome} message={quote(message[:10000])}/>")
        lines.append(f"<testcase classname=\"suites_test\" name={quote(name)}>"
                     f"{inner}</testcase>")
    lines.append("</testsuite></testsuites>")
    pathlib.Path(path).write_text("\n".join(lines), encoding="utf-8")


def main(arguments):
    rows = json.loads(DIFFERENCES.read_text(encoding="utf-8"))["differences"]
    outcomes = {}
    for name, check in SUITES.items():
        report = Report({row["id"]: row for row in rows.get(name, [])})
        try:
            check(report)
        except Missing as missing:
            outcomes[name] = ("skipped", str(missing))
            print(f"{name}: skipped: {missing}")
            continue
        report.close()
        print(f"{name}: {report.line()}")
        for features, count in sorted(report.out_of_scope.items()):
            print(f"    out of scope: {count} that need {features}")
        for problem in report.problems:
            print("    FAILED:", problem)
        if "--rows" in arguments:
            print(json.dumps({name: report.missing}, indent=1))
        outcomes[name] = (("failure", "\n".join(report.problems))
                          if report.problems else ("passed", ""))
    write_xml(outcomes)
    return 1 if any(o == "failure" for o, _ in outcomes.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""Runs the shell steps of docs/examples/ci against servers of this machine.

What a step does is run as it stands, by the shell and with the options that the
CI system gives it. Only tlspin is wrapped, to trust the servers' root.
"""

import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest
import xml.etree.ElementTree

from tests.testing import cases

EXAMPLES = pathlib.Path("docs/examples/ci").absolute()
TLSPIN = os.path.abspath("tools/tlspin/tlspin")
HOST = "www.example.com"


def text_of(name):
    return (EXAMPLES / name).read_text(encoding="utf-8")


def yaml_of(name):
    yaml = cases.module("yaml")
    return yaml.safe_load(text_of(name))


def openssl(*arguments, folder):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True,
                   capture_output=True, timeout=120)


def make_certificates(folder):
    """Makes root.pem, leaf.pem and leaf.key in `folder`."""
    for name in ("root", "leaf", "spare"):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-out", name + ".key", folder=folder)
    openssl("req", "-x509", "-new", "-key", "root.key", "-subj", "/CN=Root",
            "-days", "30", "-out", "root.pem", "-addext",
            "keyUsage=critical,keyCertSign,cRLSign", folder=folder)
    openssl("req", "-new", "-key", "leaf.key", "-subj", "/CN=" + HOST, "-out",
            "leaf.csr", folder=folder)
    (folder / "leaf.ext").write_text(
        f"subjectAltName=DNS:{HOST}\nextendedKeyUsage=serverAuth\n"
        "keyUsage=critical,digitalSignature\n"
        "basicConstraints=critical,CA:FALSE\n"
        "authorityKeyIdentifier=keyid\n", encoding="utf-8")
    openssl("x509", "-req", "-in", "leaf.csr", "-CA", "root.pem", "-CAkey",
            "root.key", "-days", "20", "-extfile", "leaf.ext", "-out",
            "leaf.pem", folder=folder)


class Server:
    """Presents leaf.pem on 127.0.0.1 until it is closed."""

    def __init__(self, folder):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "leaf.pem", folder / "leaf.key")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            try:
                connection.settimeout(30)
                self.context.wrap_socket(connection, server_side=True).close()
            except OSError:
                connection.close()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class Job(unittest.TestCase):
    """A checkout with a pin file, and a tlspin that trusts the servers."""

    @classmethod
    def setUpClass(cls):
        cls.keys = pathlib.Path(tempfile.mkdtemp())
        make_certificates(cls.keys)
        cls.server = Server(cls.keys)

    @classmethod
    def tearDownClass(cls):
        cls.server.close()
        shutil.rmtree(cls.keys)

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.work)
        self.tools = self.work / "bin"
        self.tools.mkdir()
        wrapper = self.tools / "tlspin"
        wrapper.write_text(
            f"#!/bin/sh\nexec '{TLSPIN}' \"$@\" --roots '{self.keys}/root.pem'"
            "\n", encoding="utf-8")
        wrapper.chmod(0o755)
        self.write_pins("root.key")

    def write_pins(self, key):
        """Writes a pin file of `key`, for HOST alone."""
        def pin(name):
            shown = subprocess.run([TLSPIN, "pin", self.keys / name, "--json"],
                                   check=True, capture_output=True, timeout=60)
            return re.search(r"sha256/[\w+/]{43}=",
                             shown.stdout.decode()).group(0)

        (self.work / "pins.json").write_text(json.dumps({
            "schema": "pinning.pins/1",
            "updated": "2026-01-01",
            "sets": {"app": {
                "mode": "enforce", "expires": "2099-01-01",
                "on-expiry": "reject",
                "pins": [{"name": "Root", "pin": pin(key)}],
                "backup-pins": [{"name": "Spare", "pin": pin("spare.key")}]}},
            "hosts": {HOST: "app"}}, indent=2), encoding="utf-8")

    def run_step(self, shell, script, variables, port=None):
        """Runs `script` as the CI system does, for HOST at `port`."""
        target = f"{HOST}@127.0.0.1:{port or self.server.port}"
        environment = {**os.environ, "LC_ALL": "C", **variables,
                       "PATH": f"{self.tools}:{os.environ['PATH']}"}
        self.assertIn(HOST, variables["HOSTS"])
        environment["HOSTS"] = target
        return subprocess.run([*shell, script], cwd=self.work, text=True,
                              env=environment, capture_output=True, timeout=120,
                              check=False)

    def closed_port(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            return listener.getsockname()[1]

    def check_outcomes(self, shell, script, variables, undecided, failed):
        """Runs a step where it succeeds, fails and cannot tell."""
        done = self.run_step(shell, script, variables)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("OK", done.stdout)
        done = self.run_step(shell, script, variables, port=self.closed_port())
        self.assertEqual(done.returncode, undecided, done.stdout + done.stderr)
        self.write_pins("leaf.key")
        pins = self.work / "pins.json"
        pins.write_text(pins.read_text().replace(
            '"name": "Root"', '"name": "Root", "role": "anchor"'))
        last = self.run_step(shell, script, variables)
        self.assertEqual(last.returncode, failed, last.stdout + last.stderr)
        return done

    def junit(self, name):
        return xml.etree.ElementTree.parse(self.work / name).getroot()


class GitHubTest(Job):

    # What the runner does with `run:` on Linux if no shell is named.
    SHELL = ["bash", "-e", "-c"]

    def setUp(self):
        super().setUp()
        job = yaml_of("github-actions.yml")["jobs"]["check"]
        self.env, self.steps = job["env"], job["steps"]
        self.run_ = [step for step in self.steps if "run" in step]

    def test_the_step_runs(self):
        self.assertEqual(len(self.run_), 1)
        undecided = self.check_outcomes(self.SHELL, self.run_[0]["run"],
                                        self.env, 3, 1)
        self.assertIn("::warning title=tlspin::", undecided.stdout)
        sarif = json.loads((self.work / "tlspin.sarif").read_text())
        result = sarif["runs"][0]["results"][0]
        self.assertEqual(result["ruleId"], "pin-mismatch")
        # What upload-sarif needs to show a result: a place in the checkout.
        location = result["locations"][0]["physicalLocation"]
        self.assertEqual(location["artifactLocation"]["uri"],
                         self.env["PIN_FILE"])
        self.assertGreater(location["region"]["startLine"], 1)

    def test_what_later_steps_upload_is_what_was_written(self):
        self.run_step(self.SHELL, self.run_[0]["run"], self.env)
        uploads = [step["with"] for step in self.steps if "with" in step]
        for upload in uploads:
            name = upload.get("sarif_file") or upload["path"]
            self.assertTrue((self.work / name).is_file(), name)
        for step in self.steps[self.steps.index(self.run_[0]) + 1:]:
            self.assertEqual(step["if"], "always()")


class GitLabTest(Job):

    # The runner's bash executor joins the lines of `script`.
    SHELL = ["bash", "-eo", "pipefail", "-c"]

    def setUp(self):
        super().setUp()
        self.job = yaml_of("gitlab-ci.yml")["pins"]

    def test_the_script_runs(self):
        self.check_outcomes(self.SHELL, "\n".join(self.job["script"]),
                            self.job["variables"], 3, 1)
        self.assertEqual(self.job["allow_failure"], {"exit_codes": [3]})
        root = self.junit(self.job["artifacts"]["reports"]["junit"])
        failures = [case for case in root.iter("testcase")
                    if case.find("failure") is not None]
        self.assertGreater(len(failures), 0)
        # GitLab tells cases apart by these two, and shows the body.
        for case in root.iter("testcase"):
            self.assertTrue(case.get("classname") and case.get("name"))
        self.assertIn("no key of the path", failures[0].find("failure").text)

    def test_artifacts_and_the_cache_are_what_was_written(self):
        self.run_step(self.SHELL, "\n".join(self.job["script"]),
                      self.job["variables"])
        artifacts = self.job["artifacts"]
        for name in (artifacts["paths"] + self.job["cache"]["paths"] +
                     [artifacts["reports"]["junit"]]):
            self.assertTrue((self.work / name).is_file(), name)
        self.assertEqual(artifacts["when"], "always")


class JenkinsTest(Job):

    # What the sh step does if the script names no interpreter.
    SHELL = ["sh", "-xe", "-c"]

    def setUp(self):
        super().setUp()
        text = text_of("Jenkinsfile")
        self.script = re.search(r"sh\(.*?'''(.*?)'''", text, re.S).group(1)
        # Groovy joins the lines itself.
        self.script = self.script.replace("\\\n", "")
        self.variables = dict(re.findall(r"(\w+) = '([^']*)'", text))
        self.junit_file = re.search(r"junit testResults: '([^']+)'",
                                    text).group(1)

    def test_the_script_runs(self):
        self.check_outcomes(self.SHELL, self.script, self.variables, 3, 1)
        suite = self.junit(self.junit_file).find("testsuite")
        # The attributes that the junit step takes a suite's numbers from.
        self.assertGreater(int(suite.get("failures")), 0)
        self.assertRegex(suite.get("timestamp"),
                         r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")


class DocumentTest(unittest.TestCase):

    def test_it_shows_the_files_as_they_are(self):
        document = pathlib.Path("docs/ci.md").read_text(encoding="utf-8")
        blocks = re.findall(r"```\w*\n(.*?)```", document, re.S)
        for example in sorted(EXAMPLES.iterdir()):
            with self.subTest(example.name):
                self.assertIn(text_of(example.name), blocks)
                self.assertIn(f"(examples/ci/{example.name})", document)


if __name__ == "__main__":
    cases.main()

#!/usr/bin/env python3
"""Holds tlspin export to golden files and to the programs whose forms it writes,
where those run here.

With GOLDEN_OUTPUT=DIRECTORY in the environment, writes the files that the
goldens in tests/golden/export are to be compared with and replaced by.
"""

import base64
import copy
import hashlib
import json
import os
import pathlib
import plistlib
import re
import socket
import subprocess
import time
import xml.etree.ElementTree

from tests.testing import cases
from tests.testing.exports import Case, ROOT, SPARE, run, simple_file

GOLDEN = pathlib.Path("tests/golden/export")

# The name of the format, the name of its golden file, flags.
FORMATS = [
    ("android", "network_security_config.xml", []),
    ("apple", "apple.plist", []),
    ("trustkit-ios", "trustkit.plist", []),
    ("trustkit-android", "trustkit_config.xml", []),
    ("okhttp-kotlin", "Pins.kt", []),
    ("okhttp-java", "Pins.java", []),
    ("chromium", "chromium.json", []),
    ("curl", "pins.curl", ["--host", "www.example.com"]),
    ("envoy", "envoy.yaml", ["--host", "www.example.com"]),
    ("envoy-json", "envoy.json", ["--host", "www.example.com"]),
    ("header", "header.txt", ["--host", "example.com", "--at=2026-06-01"]),
    ("tlsa", "tlsa.zone", []),
]


class GoldenTest(Case):

    def compare(self, name, text):
        output = os.environ.get("GOLDEN_OUTPUT")
        if output:
            (pathlib.Path(output) / name).write_text(text, encoding="utf-8")
            return
        golden = GOLDEN / name
        self.assertTrue(golden.exists(), golden)
        self.assertEqual(golden.read_text(encoding="utf-8"), text, name)

    def test_formats_and_losses(self):
        lost = ""
        for form, name, flags in FORMATS:
            with self.subTest(form):
                path = self.directory / name
                done = run("export", "--format", form, GOLDEN / "pins.json",
                           "--lossy", "-o", path, *flags)
                self.compare(name, path.read_text(encoding="utf-8"))
                if form == "chromium":
                    pins = path.with_suffix(".pins")
                    self.compare(pins.name, pins.read_text(encoding="utf-8"))
                else:
                    # Standard output is the file and nothing else.
                    again = run("export", "--format", form,
                                GOLDEN / "pins.json", "--lossy", *flags)
                    self.assertEqual(again.stdout,
                                     path.read_text(encoding="utf-8"))
                lost += f"{form}\n{done.stderr}\n"
                # Without --lossy: the same losses, and nothing written.
                path.unlink()
                refused = run("export", "--format", form, GOLDEN / "pins.json",
                              "-o", path, *flags, code=1)
                self.assertFalse(path.exists())
                self.assertEqual(refused.stdout, "")
                for line in done.stderr.splitlines():
                    if "caution: " not in line:
                        self.assertIn(line, refused.stderr)
        self.compare("losses.txt", lost)

    def test_every_loss_has_its_place(self):
        text = (GOLDEN / "pins.json").read_text(encoding="utf-8").splitlines()
        for form, _, flags in FORMATS:
            done = run("export", "--json", "--format", form,
                       GOLDEN / "pins.json", *flags, code=1)
            for loss in json.loads(done.stdout)["losses"]:
                line = text[loss["line"] - 1]
                self.assertLessEqual(loss["column"], len(line), loss)
                self.assertIn(line[loss["column"] - 1], "\"{", loss)


class LossTest(Case):

    def test_nothing_is_lost(self):
        for form, hosts in [
                ("android", {"**.example.com": "app", "example.net": "app"}),
                ("android", {"**.example.com": "app", "x.example.com": "none"}),
                ("android", {"**.example.com": "app",
                             "**.x.example.com": "none"}),
                ("trustkit-android", {"**.example.com": "app"}),
                ("trustkit-ios", {"**.example.com": "app",
                                  "x.example.com": "none"}),
        ]:
            self.assertEqual(self.codes(form, simple_file(hosts)), set(),
                             (form, hosts))
        # Covers that other patterns say too are no loss.
        self.assertEqual(
            self.codes("android", simple_file({
                "**.example.com": "app", "*.example.com": "app",
                "example.com": "app", "www.example.com": "app"})), set())

    def test_hosts(self):
        for form, hosts, expected in [
                # One label is not any depth.
                ("android", {"*.example.com": "app"},
                 {"example.com", "*.*.example.com"}),
                ("android", {"example.com": "app", "*.example.com": "app"},
                 {"*.*.example.com"}),
                ("trustkit-ios", {"**.example.com": "app",
                                  "**.x.example.com": "none"},
                 {"x.example.com", "*.x.example.com", "*.*.x.example.com"}),
                ("trustkit-android", {"**.example.com": "app",
                                      "x.example.com": "none"},
                 {"x.example.com"}),
                ("apple", {"example.com": "app", "*.example.com": "app"}, set()),
                ("apple", {"*.example.com": "app"}, {"example.com"}),
                ("apple", {"**.example.com": "app"}, {"*.*.example.com"}),
                ("okhttp-java", {"*.example.com": "app", "**.a.example": "app",
                                 "192.0.2.7": "app"}, set()),
                ("okhttp-java", {"**.example.com": "app",
                                 "x.example.com": "none"}, {"x.example.com"}),
                ("chromium", {"192.0.2.7": "app", "example.com": "app"},
                 {"192.0.2.7"}),
                ("tlsa", {"example.com": "app", "**.example.net": "app"},
                 {"*.example.net", "*.*.example.net"}),
        ]:
            losses = self.losses(form, simple_file(hosts))
            names = {loss["message"].split()[0] for loss in losses
                     if loss["code"] in ("hosts", "carve-out", "overlap",
                                         "address")}
            self.assertEqual(names, expected, (form, hosts))

    def test_two_sets(self):
        pins = simple_file({"**.example.com": "app", "api.example.com": "b"})
        pins["sets"]["b"] = copy.deepcopy(pins["sets"]["app"])
        pins["sets"]["b"]["pins"][0]["pin"] = (
            "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=")
        self.assertEqual(self.codes("android", pins), set())
        # OkHttp takes the pins of both.
        losses = [loss for loss in self.losses("okhttp-kotlin", pins)
                  if loss["code"] == "overlap"]
        self.assertEqual([loss["effect"] for loss in losses], ["accepts more"])
        # A name and the names below it are one entry.
        pins["hosts"] = {"**.example.com": "app", "example.com": "b"}
        losses = [loss for loss in self.losses("android", pins)
                  if loss["code"] == "overlap"]
        self.assertEqual([loss["effect"] for loss in losses],
                         ["accepts more and refuses more"])

    def test_sets(self):
        blocked = [{"name": "Lost", "pin": "sha256/" + "A" * 42 + "E="}]
        leaf = [{"name": "Leaf", "pin": ROOT, "role": "leaf"}]
        spare = [{"name": "Spare", "pin": SPARE, "role": "leaf"}]
        for form, changes, expected in [
                ("android", {"mode": "report-only"}, {"report-only"}),
                ("android", {"on-expiry": "reject"}, {"expiry-effect"}),
                ("android", {"expires": "2026-12-31T00:00:01Z"}, {"expiry"}),
                ("android", {"blocked-pins": blocked}, {"blocked"}),
                ("android", {"pins": leaf}, {"role"}),
                ("trustkit-ios", {"mode": "report-only"}, set()),
                ("trustkit-android", {"mode": "report-only"}, {"report-only"}),
                ("chromium", {"blocked-pins": blocked}, {"expiry"}),
                ("okhttp-java", {}, {"expiry"}),
                ("apple", {"pins": leaf, "backup-pins": spare}, {"expiry"}),
                ("apple", {"pins": leaf}, {"expiry", "role"}),
                ("tlsa", {}, {"expiry", "path"}),
        ]:
            pins = simple_file({"example.com": "app"}, **changes)
            self.assertEqual(self.codes(form, pins), expected, (form, changes))
        self.assertEqual(
            self.codes("curl", simple_file({"example.com": "app"}, pins=leaf,
                                           **{"backup-pins": spare})),
            {"expiry", "note"})
        self.assertEqual(
            self.codes("tlsa", simple_file({"example.com": "app"}),
                       "--tlsa-usage=pkix"), {"expiry"})

    def test_usage(self):
        path = self.write("pins.json", simple_file())
        run("export", "--format", "nsc", path, code=2)
        run("export", path, code=2)
        run("export", "--format", "chromium", path, code=2)
        done = run("export", "--format", "curl", path, code=2)
        self.assertIn("--host", done.stderr)
        done = run("export", "--format", "curl", "--host", "example.net", path,
                   code=2)
        self.assertIn("not pinned", done.stderr)
        run("export", "--format", "android", "--host", "example.com", path,
            code=2)
        run("export", "--format", "android", self.directory / "none", code=3)
        run("export", "--format", "android", self.write("bad.json", "{"),
            code=3)
        run("export", "--format", "pem", "--host", "example.com", "--lossy",
            path, code=3)

    def test_notes_cannot_leave_their_comment(self):
        pins = simple_file()
        pins["sets"]["app"]["pins"][0]["name"] = (
            "a --> b */ \\u000a \u202e \u2028 <x/>")
        path = self.write("pins.json", pins)
        xml.etree.ElementTree.fromstring(
            run("export", "--format", "android", path).stdout)
        java = run("export", "--format", "okhttp-java", "--lossy", path).stdout
        self.assertNotIn("\\", java)
        self.assertNotIn("\u202e", java)
        self.assertEqual(
            [line for line in java.splitlines() if "*" in line and
             not line.startswith("    //") and ".add(" not in line], [])


class ConsumerTest(Case):

    def test_xml_and_property_lists(self):
        for name in ("network_security_config.xml", "trustkit_config.xml"):
            root = xml.etree.ElementTree.parse(GOLDEN / name).getroot()
            self.assertEqual(root.tag, "network-security-config")
            domains = [domain.text for domain in root.iter("domain")]
            self.assertEqual(len(domains), len(set(domains)))
            for pin in root.iter("pin"):
                self.assertEqual(len(base64.b64decode(pin.text)), 32)
            for pins in root.iter("pin-set"):
                if len(pins):
                    time.strptime(pins.get("expiration"), "%Y-%m-%d")
        for name, path in (("apple.plist", ("NSAppTransportSecurity",
                                            "NSPinnedDomains")),
                           ("trustkit.plist", ("TSKConfiguration",
                                               "TSKPinnedDomains"))):
            value = plistlib.loads((GOLDEN / name).read_bytes())
            for key in path:
                value = value[key]
            self.assertIn("example.com", value)
        apple = plistlib.loads((GOLDEN / "apple.plist").read_bytes())
        for domain in apple["NSAppTransportSecurity"][
                "NSPinnedDomains"].values():
            identities = (domain.get("NSPinnedCAIdentities", []) +
                          domain.get("NSPinnedLeafIdentities", []))
            self.assertTrue(identities)

    def test_lengths_that_envoy_asks_for(self):
        context = json.loads((GOLDEN / "envoy.json").read_text())
        pins = context["validation_context"]["verify_certificate_spki"]
        self.assertEqual(len(pins), 2)
        for pin in pins + re.findall(r'^  - "(.*)"$', (
                GOLDEN / "envoy.yaml").read_text(), re.M):
            self.assertEqual(len(pin), 44)
            self.assertEqual(len(base64.b64decode(pin, validate=True)), 32)

    def test_tlsa_digests(self):
        records = re.findall(r"^_443\._tcp\.\S+\. IN TLSA ([0-3]) 1 1 (\S+)$",
                             (GOLDEN / "tlsa.zone").read_text(), re.M)
        self.assertTrue(records)
        for _, digest in records:
            self.assertEqual(len(bytes.fromhex(digest)), 32)

    def make_key(self, name):
        """Makes a key and a certificate; returns the pin of the key."""
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key",
             "-out", f"{name}.pem", "-subj", "/CN=localhost", "-days", "2",
             "-addext", "subjectAltName=DNS:localhost"],
            cwd=self.directory, check=True, capture_output=True, timeout=60)
        spki = subprocess.run(
            ["openssl", "pkey", "-in", f"{name}.key", "-pubout", "-outform",
             "DER"], cwd=self.directory, check=True, capture_output=True,
            timeout=60).stdout
        digest = hashlib.sha256(spki).digest()
        return "sha256/" + base64.b64encode(digest).decode()

    def test_curl_takes_the_right_pin_and_refuses_the_wrong_one(self):
        cases.program("curl")
        pin, other = self.make_key("server"), self.make_key("other")
        third = "sha256/" + "A" * 42 + "E="
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen(
            ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert",
             "server.pem", "-key", "server.key", "-www", "-quiet"],
            cwd=self.directory, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)

        def fetch(*pins):
            names = [{"name": str(i), "pin": one, "role": "leaf"}
                     for i, one in enumerate(pins)]
            path = self.write("pins.json", simple_file(
                {"www.example.com": "app"}, pins=names[:1],
                **{"backup-pins": names[1:]}))
            text = run("export", "--format", "curl", "--lossy", path).stdout
            command = ["curl", "-q", "-sS", "--noproxy", "*", "--cacert",
                       "server.pem", "--resolve", f"localhost:{port}:127.0.0.1",
                       "--pinnedpubkey", text.strip(), "-o", "/dev/null",
                       f"https://localhost:{port}/"]
            for _ in range(50):
                done = subprocess.run(command, cwd=self.directory, check=False,
                                      capture_output=True, timeout=60)
                if done.returncode != 7:  # not listening yet
                    return done.returncode
                time.sleep(0.2)
            return 7

        self.assertEqual(fetch(pin, other), 0)
        self.assertEqual(fetch(other, pin), 0)  # the backup
        self.assertEqual(fetch(other, third), 90)

    def test_public_keys_from_certificates(self):
        pin, spare = self.make_key("server"), self.make_key("spare")
        path = self.write("pins.json", simple_file(
            {"example.com": "app"}, pins=[{"name": "Server", "pin": pin}],
            **{"backup-pins": [{"name": "Spare", "pin": spare}]}))
        one = ["--certificates", self.directory / "server.pem"]
        both = one + ["--certificates", self.directory / "spare.pem"]
        done = run("export", "--format", "pem", path, *one, code=1)
        self.assertIn("no file of --certificates has its key", done.stderr)
        text = run("export", "--format", "pem", path, *both, "--lossy").stdout
        keys = self.write("keys.pem", text)
        self.assertEqual(
            [line.split()[0] for line in
             run("pin", keys).stdout.splitlines()], [pin, spare])
        back = run("import", "--format", "pem", keys, "--host", "example.com",
                   "--backup", spare, "--expires=2026-12-31",
                   "--on-expiry=stop-enforcing").stdout
        run("diff", path, self.write("back.json", back))


if __name__ == "__main__":
    cases.main()

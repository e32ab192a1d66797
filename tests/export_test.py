#!/usr/bin/env python3
"""Holds tlspin export and import to golden files, to each other and to the
programs whose forms they write, where those run here.

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
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree

TLSPIN = os.path.abspath("tools/tlspin/tlspin")
GOLDEN = pathlib.Path("tests/golden/export")
ROOT = "sha256/dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0="
SPARE = "sha256/P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM="

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


def run(*arguments, code=0, **options):
    """Runs tlspin and returns what it printed; fails on another exit code."""
    done = subprocess.run([TLSPIN, *map(str, arguments)], text=True,
                          capture_output=True, timeout=120, check=False,
                          **options)
    if done.returncode != code:
        raise AssertionError(f"{arguments}: exit {done.returncode}\n"
                             f"{done.stdout}{done.stderr}")
    return done


def simple_file(hosts=None, **changes):
    """Returns a pin file that most formats say much of."""
    pins = {
        "schema": "pinning.pins/1",
        "updated": "2026-01-31",
        "sets": {
            "app": {
                "mode": "enforce",
                "expires": "2026-12-31",
                "on-expiry": "stop-enforcing",
                "pins": [{"name": "Root", "pin": ROOT}],
                "backup-pins": [{"name": "Spare", "pin": SPARE}],
            }
        },
        "hosts": hosts or {"**.example.com": "app"},
    }
    pins["sets"]["app"].update(changes)
    return pins


class Case(unittest.TestCase):

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.directory)

    def write(self, name, content):
        path = self.directory / name
        if not isinstance(content, str):
            content = json.dumps(content, indent=2)
        path.write_text(content, encoding="utf-8")
        return path

    def losses(self, form, pins, *flags):
        """Returns {code} of what `form` cannot say of `pins`."""
        path = self.write("losses.json", pins)
        done = subprocess.run(
            [TLSPIN, "export", "--json", "--format", form, str(path), *flags],
            text=True, capture_output=True, timeout=60, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        losses = json.loads(done.stdout)["losses"]
        self.assertEqual(done.returncode, 1 if losses else 0)
        return losses

    def codes(self, form, pins, *flags):
        return {loss["code"] for loss in self.losses(form, pins, *flags)}


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
        if not shutil.which("curl"):
            self.assertNotIn("CI", os.environ, "curl is not installed")
            self.skipTest("curl is not installed")
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


class RoundTripTest(Case):

    def round_trip(self, form, pins, *flags, extension=".txt", export=()):
        path = self.write("pins.json", pins)
        there = self.directory / f"there{extension}"
        run("export", "--format", form, path, "-o", there, "--lossy", *export)
        back = self.directory / "back.json"
        run("import", "--format", form, there, "-o", back, "--lossy",
            "--backup", SPARE, *flags)
        run("diff", path, back)
        return json.loads(back.read_text(encoding="utf-8"))

    def test_what_is_not_lost_comes_back(self):
        end = ["--expires=2026-12-31", "--on-expiry=stop-enforcing"]
        wide = {"**.example.com": "app", "example.net": "app"}
        for form, hosts, flags, extension in [
                ("android", {**wide, "x.example.com": "none",
                             "**.y.example.com": "none"}, [], ".xml"),
                ("trustkit-android", wide, [], ".xml"),
                ("trustkit-ios", {**wide, "x.example.com": "none"}, [],
                 ".plist"),
                ("okhttp-kotlin", {"*.example.com": "app", **wide,
                                   "192.0.2.7": "app", "2001:db8::7": "app"},
                 end, ".kt"),
                ("okhttp-java", {"*.example.com": "app",
                                 "**.a.example.com": "app"}, end, ".java"),
                ("chromium", wide, end, ".json"),
        ]:
            with self.subTest(form):
                self.round_trip(form, simple_file(hosts), *flags,
                                extension=extension)
        # Both lists of Apple's hold leaves alone.
        leaf = {"pins": [{"name": "Leaf", "pin": ROOT, "role": "leaf"}],
                "backup-pins": [{"name": "S", "pin": SPARE, "role": "leaf"}]}
        apple = simple_file({"example.com": "app", "*.example.com": "app",
                             "www.example.net": "app"}, **leaf)
        self.round_trip("apple", apple, *end)
        self.round_trip("tlsa", simple_file({"example.com": "app"}, **leaf),
                        *end)
        self.round_trip("tlsa", simple_file({"example.com": "app"}), *end)
        one = simple_file({"example.com": "app"}, **leaf)
        for form in ("curl", "envoy", "envoy-json"):
            self.round_trip(form, one, *end, "--host", "example.com")
        at = "--at=2026-06-01"
        self.round_trip("header", simple_file({"**.example.com": "app"}), at,
                        "--host", "example.com",
                        export=[at, "--host", "example.com"])
        self.round_trip("header", simple_file({"example.com": "app"},
                                              mode="report-only"), at,
                        "--host", "example.com", export=[at])

    def test_blocked_pins_and_names_come_back_from_chromium(self):
        blocked = [{"name": "Lost", "pin": "sha256/" + "A" * 42 + "E="}]
        back = self.round_trip(
            "chromium", simple_file(**{"blocked-pins": blocked}),
            "--expires=2026-12-31", "--on-expiry=stop-enforcing",
            extension=".json")
        self.assertEqual(back["updated"][:10], "2026-01-31")
        self.assertEqual(back["sets"]["app"]["pins"][0]["name"], "Root")

    def test_okhttp_takes_the_pins_of_all_patterns(self):
        third = "sha256/" + "A" * 42 + "E="
        text = f'''CertificatePinner.Builder()
            .add("**.example.com", "{ROOT}", "{SPARE}")
            .add("api.example.com", "{third}") // and those above
            /* .add("example.org", "sha256/x") */
            list.add(1)'''
        path = self.write("Pins.kt", text)
        done = run("import", "--format", "okhttp-kotlin", path, "--backup",
                   SPARE, "--expires=2027-01-01", "--on-expiry=reject")
        pins = json.loads(done.stdout)
        api = pins["sets"][pins["hosts"]["api.example.com"]]
        self.assertEqual({pin["pin"] for pin in api["pins"]}, {ROOT, third})
        self.assertIn("Pins.kt:5:18: add() without a pin", done.stderr)
        self.assertEqual(set(pins["hosts"]),
                         {"**.example.com", "api.example.com"})


class ImportErrorTest(Case):

    def refuse(self, form, text, place, *flags, companion=None, code=3):
        path = self.write("file.json", text)
        if companion is not None:
            self.write("file.pins", companion)
        done = run("import", "--format", form, path, *flags, code=code)
        self.assertEqual(done.stdout, "")
        self.assertIn(f"{path}{place}", done.stderr)

    def test_what_a_pin_file_needs(self):
        pin = f'<pin digest="SHA-256">{ROOT[7:]}</pin>'
        text = ("<network-security-config>\n<domain-config>\n"
                "<domain>example.com</domain>\n<pin-set%s>" + pin +
                "</pin-set></domain-config></network-security-config>")
        dated = text % ' expiration="2026-12-31"'
        self.refuse("android", dated, ":4:1: which of these keys", code=2)
        self.refuse("android", dated, ":4:1: every pin here", "--backup", ROOT,
                    code=2)
        self.refuse("android", text % "", ":4:1: these pins have no expiry",
                    "--backup", SPARE, code=2)
        self.refuse("android", text % "", ":4:1: these pins have no expiry",
                    "--backup", SPARE, "--expires=2027-01-01", code=2)
        path = self.write("file.json", dated)
        run("import", "--format", "android", path, "--backup", "sha256/x",
            code=2)
        run("import", "--format", "android", path, "--backup", SPARE,
            "--expires=2027-01-01", "--on-expiry=reject", code=2)
        run("import", "--format", "curl",
            self.write("pins.curl", "sha256/" + ROOT[6:]), "--backup", SPARE,
            code=2)

    def test_network_security_config(self):
        def config(inside):
            return ("<network-security-config>\n<domain-config>\n" + inside +
                    "</domain-config>\n</network-security-config>\n")
        domain = "<domain>example.com</domain>\n"
        for text, place in [
                ("", ":1:1: "),
                ("<a>", ":1:"),
                ("<network-security-config/><x/>", ":1:27: "),
                ("<x/>", ":1:1: expected <network-security-config>"),
                (config(domain + domain), ":4:1: \"example.com\" is there"),
                (config("<domain>co.uk</domain>"), ":3:1: "),
                (config("<domain>*.example.com</domain>"), ":3:1: a host has"),
                (config("<domain>https://example.com</domain>"), ":3:1: "),
                (config('<domain includeSubdomains="yes">a.example</domain>'),
                 ":3:1: the attribute"),
                (config('<domain x="y">a.example</domain>'), ":3:1: "),
                (config(domain + "<pin-set>\n<pin digest='SHA-1'>x</pin>"
                        "</pin-set>"), ":5:1: the digest"),
                (config(domain + "<pin-set>\n<pin digest='SHA-256'>x</pin>"
                        "</pin-set>"), ":5:1: not the padded"),
                (config(domain + "<pin-set expiration='2026-02-30'/>"),
                 ":4:1: \"2026-02-30\" is no day"),
                (config(domain + "<pins/>"), ":4:1: unknown element <pins>"),
                (config(domain + "<trustkit-config/>"), ":4:1: an element of"),
                (config(domain + "text"), ":3:"),
                (config("<pin-set/>"), ":2:1: a domain-config needs"),
                (config(domain + "<pin-set a='b' a='c'/>"), ":4:1: "),
        ]:
            self.refuse("android", text, place)
        # All of several domains are pinned, and nested ones inherit.
        pins = (f'<pin-set expiration="2026-12-31"><pin digest="SHA-256">'
                f'{ROOT[7:]}</pin></pin-set>')
        path = self.write("nsc.xml", config(
            "<domain>a.example</domain><domain>b.example</domain>" + pins +
            "<domain-config><domain>c.example</domain></domain-config>"
            "<domain-config><domain>d.b.example</domain><pin-set/>"
            "</domain-config>"))
        done = run("import", "--format", "android", path, "--backup", SPARE)
        self.assertEqual(set(json.loads(done.stdout)["hosts"]),
                         {"a.example", "b.example", "c.example"})
        loose = self.write("loose.xml", config(
            domain + pins + '<trust-anchors><certificates src="user" '
            'overridePins="true"/></trust-anchors>'))
        done = run("import", "--format", "android", loose, "--backup", SPARE,
                   code=1)
        self.assertIn("overridePins", done.stderr)

    def test_property_lists(self):
        def apple(inside):
            return ("<plist><dict>\n<key>NSPinnedDomains</key>\n<dict>\n"
                    "<key>example.com</key>\n<dict>\n" + inside +
                    "</dict>\n</dict></dict></plist>")
        leaf = ("<key>NSPinnedLeafIdentities</key>\n<array><dict>\n"
                "<key>SPKI-SHA256-BASE64</key>\n<string>%s</string>\n"
                "</dict></array>\n")
        for text, place in [
                ("bplist00", ":1:1: a binary property list"),
                ("<plist/>", ":1:1: a property list holds one"),
                ("<plist><array/></plist>", ":1:8: "),
                ("<plist><dict/></plist>", ":1:8: there is no NSPinned"),
                (apple(""), ":4:1: a pinned domain needs pins"),
                (apple(leaf % "x"), ":9:1: not the padded base64"),
                (apple(leaf % ""), ":9:1: not the padded base64"),
                (apple("<key>a</key><true/>"), ":6:1: unknown key"),
                (apple("<key>NSIncludesSubdomains</key>\n<string/>"),
                 ":7:1: NSIncludesSubdomains is a boolean"),
                (apple(2 * (leaf % ROOT[7:])), ":11:1: "),
        ]:
            self.refuse("apple", text, place)
        self.refuse("trustkit-ios",
                    "<dict><key>TSKPinnedDomains</key><dict>\n"
                    "<key>a.example</key><dict>\n<key>"
                    "TSKExcludeSubdomainFromParentPolicy</key><true/>\n"
                    "</dict></dict></dict>", ":3:1: TrustKit reads kSK")
        both = self.write("both.plist", apple(
            leaf % ROOT[7:] + (leaf % SPARE[7:]).replace("Leaf", "CA")))
        done = run("import", "--format", "apple", both, "--backup", SPARE,
                   "--expires=2027-01-01", "--on-expiry=reject", code=1)
        self.assertIn("both lists must match", done.stderr)

    def test_code(self):
        good = f'"{ROOT}"'
        for text, place in [
                ("", ":1:1: there is no .add("),
                ('"abc', ":1:1: a string begins here"),
                ("/* x", ":1:1: a comment begins here"),
                (f'x.add("example.com",\n {good} + y)', ":1:3: expected add("),
                (f'x.add(host, {good})', ":1:3: expected add("),
                (f'x.add("$host", {good})', ":1:3: expected add("),
                ('x.add("example.com",\n"sha1/xxxx")', ":2:1: not \"sha256/"),
                (f'x.add("https://example.com", {good})', ":1:7: "),
                (f'x.add("a.*.example", {good})', ":1:7: a host has"),
                (f'Pin("example.com", {good})', ":1:1: only pins in calls"),
        ]:
            self.refuse("okhttp-kotlin", text, place)
            self.refuse("okhttp-java", text, place)

    def test_chromium(self):
        pins = f"PinsListTimestamp\n1\nRoot\n{ROOT}\n"
        sets = ('{"pinsets":[{"name":"a","static_spki_hashes":["%s"]}],\n'
                '"entries":[%s]}')
        entry = '{"name":"example.com","pins":"a"}'
        for text, companion, place in [
                ("{}", pins, ":1:1: "),
                (sets % ("Roor", entry), pins, ":1:47: the .pins file has no"),
                (sets % ("Root", '{"name":"a.example","pins":"b"}'), pins,
                 ":2:39: there is no pinset"),
                (sets % ("Root", '{"name":"a.example","x":1,"pins":"a"}'),
                 pins, ":2:32: unknown key"),
                (sets % ("Root", entry + "," + entry), pins, ":2:46: "),
        ]:
            self.refuse("chromium", text, place, companion=companion)
        path = self.write("good.json", "// comment\n" + sets % (
            "Root", entry + ", // more\n"))
        for companion, place in [
                (pins.replace("\n", "\r\n"), ":1:18: lines end in LF"),
                (f"Root\n{ROOT}\n", ":3:1: there is no PinsListTimestamp"),
                ("PinsListTimestamp\nx\n", ":2:1: "),
                (pins + pins, ":6:1: "),
                (pins + f"Root\n{ROOT}\n", ":5:1: \"Root\" is there twice"),
                (pins + f"root\n{ROOT}\n", ":5:1: a name begins"),
                (pins + "Other\n\n", ":6:1: expected"),
                (pins + "Other\n-----BEGIN CERTIFICATE-----\n", ":6:1: "),
        ]:
            file = self.write("good.pins", companion)
            done = run("import", "--format", "chromium", path, code=3)
            self.assertIn(f"{file}{place}", done.stderr)
        self.write("good.pins", pins)
        run("import", "--format", "chromium", path, "--backup", SPARE,
            "--expires=2027-01-01", "--on-expiry=reject")

    def test_lines(self):
        flags = ["--host", "example.com"]
        for form, text, place in [
                ("curl", "", ":1:1: expected"),
                ("curl", "file.pem", ":1:1: expected"),
                ("curl", f"sha256/{ROOT[6:]};", ":1:54: expected"),
                ("curl", f"sha256/{ROOT[6:]} ", ":1:9: not the padded"),
                ("curl", f"sha256//{ROOT[7:-1]}", ":1:9: not the padded"),
                ("envoy", "", ":1:1: there is no"),
                ("envoy", "verify_certificate_spki: [a]", ":1:1: only a list"),
                ("envoy", "verify_certificate_spki:\n- x\n", ":2:3: not the"),
                ("envoy", "\tx: y", ":1:1: YAML is"),
                ("envoy-json", '{"a": {"verify_certificate_spki": 1}}',
                 ":1:35: "),
                ("envoy-json", '{"verify_certificate_spki": ["x"]}', ":1:30: "),
                ("header", "Pins: pin-sha256=\"\"", ":1:1: the field is"),
                ("header", "max-age=5", ":1:1: there is no pin"),
                ("header", "pin-sha256=x", ":1:1: expected pin"),
                ("header", f'pin-sha256="{ROOT[7:]}"; max-age=1; max-age=1',
                 ":1:71: this directive"),
                ("header", f'pin-sha256="{ROOT[7:]}"; max-age=soon',
                 ":1:60: max-age is"),
                ("header", f'pin-sha256="{ROOT[7:]}" max-age=1',
                 ":1:59: expected a semi"),
                ("tlsa", "", ":1:1: there is no TLSA"),
                ("tlsa", "example.com. IN TLSA 3 1 1 00", ":1:1: the owner"),
                ("tlsa", "\n_443._tcp.example.com IN TLSA 3 1 1 00",
                 ":2:1: write the whole"),
                ("tlsa", "_443._tcp.a.example. IN TLSA 3 0 1 00",
                 ":1:1: a pin is selector 1"),
                ("tlsa", "_443._tcp.a.example. IN TLSA 3 1 1 00",
                 ":1:1: the digest"),
                ("tlsa", "_443._tcp.a.example. IN A 192.0.2.7",
                 ":1:1: not a TLSA"),
                ("pem", "", ":1:1: the file holds no PEM"),
                ("pem", "\n-----BEGIN CERTIFICATE-----\n", ":2:1: a PEM"),
                ("pem", "-----BEGIN PUBLIC KEY-----\nAAAA\n"
                 "-----END PUBLIC KEY-----\n", ":1:1: not a Subject"),
        ]:
            self.refuse(form, text, place, *([] if form == "tlsa" else flags))

    def test_control_characters_and_bytes_that_are_not_utf8(self):
        path = self.directory / "file.xml"
        for content, place in [(b"<a>\x00</a>", ":1:4: a control"),
                               (b"\xff<a/>", ":1:1: not valid UTF-8"),
                               (b"<a>\n\xc3</a>", ":2:1: not valid UTF-8")]:
            path.write_bytes(content)
            done = run("import", "--format", "android", path, code=3)
            self.assertIn(f"{path}{place}", done.stderr)


if __name__ == "__main__":
    unittest.main()

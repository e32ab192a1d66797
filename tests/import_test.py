#!/usr/bin/env python3
"""Holds tlspin import to what tlspin export writes, and each refusal to its place
in the file."""

import json

from tests.testing import cases
from tests.testing.exports import Case, ROOT, SPARE, run, simple_file


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
    cases.main()

#!/usr/bin/env python3
"""Holds the golden reports of tlspin check to what reads such files.

Prometheus's is read by its own client library, JSON by the schema that is
documented. JUnit XML and SARIF are held to rules written down here: those parts
of the formats that the reports use.
"""

import html.parser
import json
import pathlib
import re
import unittest
import xml.etree.ElementTree

from tests.testing import cases

GOLDEN = pathlib.Path("tests/golden/check")


def golden(name):
    return (GOLDEN / name).read_text(encoding="utf-8")


class JUnitTest(unittest.TestCase):
    """What Jenkins's junit step and GitLab's parser of reports rely on."""

    ATTRIBUTES = {
        "testsuites": {"name", "tests", "failures", "errors", "time"},
        "testsuite": {"name", "tests", "failures", "errors", "skipped", "time",
                      "timestamp", "hostname"},
        "properties": set(),
        "property": {"name", "value"},
        "testcase": {"classname", "name", "time"},
        "failure": {"message", "type"},
        "error": {"message", "type"},
        "skipped": {"message"},
        "system-out": set(),
    }
    CHILDREN = {
        "testsuites": {"testsuite"},
        "testsuite": {"properties", "testcase"},
        "properties": {"property"},
        "testcase": {"failure", "error", "skipped", "system-out"},
    }

    def setUp(self):
        self.root = xml.etree.ElementTree.fromstring(golden("report.xml"))

    def test_elements_and_attributes_are_those_that_are_known(self):
        self.assertEqual(self.root.tag, "testsuites")
        for element in self.root.iter():
            self.assertEqual(set(element.attrib), self.ATTRIBUTES[element.tag])
            for child in element:
                self.assertIn(child.tag, self.CHILDREN.get(element.tag, ()))

    def test_counts_are_those_of_the_cases(self):
        suite = self.root.find("testsuite")
        cases = suite.findall("testcase")
        self.assertEqual(int(suite.get("tests")), len(cases))
        for attribute, tag in (("failures", "failure"), ("errors", "error"),
                               ("skipped", "skipped")):
            self.assertEqual(int(suite.get(attribute)),
                             sum(case.find(tag) is not None for case in cases))
            if attribute != "skipped":
                self.assertEqual(self.root.get(attribute), suite.get(attribute))

    def test_no_case_has_two_outcomes_or_the_name_of_another(self):
        names = set()
        for case in self.root.iter("testcase"):
            self.assertEqual(len(case), 1, case.attrib)
            names.add((case.get("classname"), case.get("name")))
        self.assertEqual(len(names), len(list(self.root.iter("testcase"))))

    def test_gitlab_shows_the_body_so_it_says_why(self):
        for tag in ("failure", "error"):
            for element in self.root.iter(tag):
                self.assertIn(element.get("message"), element.text)


class SarifTest(unittest.TestCase):
    """The rules of SARIF 2.1.0 for the objects that the report has."""

    REQUIRED = {  # by the name of the member that holds the object
        "driver": {"name"},
        "rules": {"id"},
        "invocations": {"executionSuccessful"},
        "results": {"message"},
        "message": {"text"},
    }
    ENUMS = {
        "level": {"none", "note", "warning", "error"},
        "columnKind": {"utf16CodeUnits", "unicodeCodePoints"},
        "version": None,
    }
    MEMBERS = {
        "": {"$schema", "version", "runs"},
        "runs": {"tool", "columnKind", "invocations", "artifacts", "results"},
        "tool": {"driver"},
        "driver": {"name", "version", "rules"},
        "rules": {"id", "shortDescription", "help", "defaultConfiguration"},
        "invocations": {"executionSuccessful", "exitCode",
                        "exitCodeDescription", "toolExecutionNotifications",
                        "properties"},
        "toolExecutionNotifications": {"descriptor", "level", "message"},
        "artifacts": {"location", "roles", "mimeType"},
        "results": {"ruleId", "ruleIndex", "level", "message", "locations",
                    "partialFingerprints", "properties"},
        "locations": {"physicalLocation", "logicalLocations"},
        "physicalLocation": {"artifactLocation", "region"},
        "artifactLocation": {"uri", "index"},
        "region": {"startLine", "startColumn"},
        "logicalLocations": {"fullyQualifiedName", "kind"},
    }

    def setUp(self):
        self.log = json.loads(golden("report.sarif"))
        self.run_ = self.log["runs"][0]

    def walk(self, value, name=""):
        if isinstance(value, list):
            for element in value:
                self.walk(element, name)
        elif isinstance(value, dict):
            self.assertLessEqual(self.REQUIRED.get(name, set()), set(value))
            if name in self.MEMBERS:
                self.assertLessEqual(set(value), self.MEMBERS[name], name)
            for key, member in value.items():
                if self.ENUMS.get(key) and isinstance(member, str):
                    self.assertIn(member, self.ENUMS[key])
                self.walk(member, key)

    def test_objects_have_the_members_of_the_standard(self):
        self.assertEqual(self.log["version"], "2.1.0")
        self.walk(self.log)

    def test_each_result_names_its_rule_and_a_place_that_exists(self):
        rules = self.run_["tool"]["driver"]["rules"]
        self.assertEqual(len({rule["id"] for rule in rules}), len(rules))
        self.assertGreater(len(self.run_["results"]), 4)
        for result in self.run_["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            for location in result["locations"]:
                region = location["physicalLocation"]["region"]
                self.assertGreaterEqual(region["startLine"], 1)
                self.assertGreaterEqual(region["startColumn"], 1)

    def test_the_file_is_a_relative_uri(self):
        uri = self.run_["artifacts"][0]["location"]["uri"]
        self.assertEqual(uri, "pins%20of/app%26%C3%BC.json")

    def test_fingerprints_tell_results_apart(self):
        prints = [json.dumps(result["partialFingerprints"])
                  for result in self.run_["results"]]
        self.assertEqual(len(set(prints)), len(prints))


class JsonTest(unittest.TestCase):

    def test_the_schema_describes_it(self):
        jsonschema = cases.module("jsonschema")
        schema = json.loads(pathlib.Path(
            "tools/tlspin/reports/check_report.schema.json").read_text(
                encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        report = json.loads(golden("report.json"))
        validator.validate(report)
        for key in list(report):
            less = {k: v for k, v in report.items() if k != key}
            self.assertFalse(validator.is_valid(less), key)
        report["findings"][0]["severity"] = "fatal"
        self.assertFalse(validator.is_valid(report))

    def test_the_schema_knows_every_key(self):
        schema = pathlib.Path(
            "tools/tlspin/reports/check_report.schema.json").read_text(
                encoding="utf-8")
        for key in set(re.findall(r'"(\w+)": ', golden("report.json"))):
            self.assertIn(f'"{key}"', schema)


class PrometheusTest(unittest.TestCase):

    def test_its_client_reads_it(self):
        parser = cases.module("prometheus_client.parser")
        families = list(
            parser.text_string_to_metric_families(golden("report.prom")))
        self.assertGreater(len(families), 8)
        for family in families:
            self.assertEqual(family.type, "gauge")
            self.assertTrue(family.documentation.endswith("."), family.name)
            self.assertTrue(family.samples, family.name)
            for sample in family.samples:
                self.assertEqual(sample.name, family.name)
            if "timestamp" in family.name:
                self.assertTrue(family.name.endswith("_timestamp_seconds"))
        samples = {(sample.name, tuple(sorted(sample.labels.items()))):
                   sample.value for family in families
                   for sample in family.samples}
        self.assertEqual(samples["tlspin_check_exit_code", ()], 1)
        # A name that needs every escape there is comes back as it was.
        self.assertIn('B"\\\n', {dict(labels).get("name")
                                 for _, labels in samples})


class DocumentTest(unittest.TestCase):

    def test_it_names_every_code_and_metric(self):
        rules = json.loads(golden("report.sarif"))["runs"][0]["tool"]["driver"]
        tlspin = pathlib.Path("docs/tlspin.md").read_text(encoding="utf-8")
        for rule in rules["rules"]:
            self.assertIn(f"`{rule['id']}`", tlspin)
        ci = pathlib.Path("docs/ci.md").read_text(encoding="utf-8")
        for name in re.findall(r"# HELP (\w+)", golden("report.prom")):
            self.assertIn(f"`{name}`", ci)


class Page(html.parser.HTMLParser):
    """Collects the tags of a page and its links."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.addresses = [], set(), []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.addresses += [value for name, value in attrs
                           if name in ("src", "href", "action", "style")
                           or name.startswith("on")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


class HtmlTest(unittest.TestCase):

    def test_it_stands_alone_and_is_well_formed(self):
        page = Page()
        page.feed(golden("report.html"))
        self.assertEqual(page.open, [])
        self.assertEqual(page.addresses, [])
        self.assertFalse(page.seen & {"script", "link", "iframe", "img", "b"})
        self.assertIn("prefers-color-scheme: dark", golden("report.html"))
        self.assertIn("default-src 'none'", golden("report.html"))


if __name__ == "__main__":
    cases.main()

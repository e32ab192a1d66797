#!/usr/bin/env python3
"""Holds the schemas in pins/ to the files: those we ship, good ones, bad ones.

pins_test.cc and requirements_test.cc ask the parsers about the same files.
"""

import json
import pathlib
import unittest

from tests.testing import cases


def load(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


def example_of(document):
    """Returns the first JSON example in `document`."""
    text = pathlib.Path(document).read_text(encoding="utf-8")
    return json.loads(text.split("```json\n")[1].split("```")[0])


class SchemaTest(unittest.TestCase):
    """What the tests of both formats share."""

    schema = folder = None

    def setUp(self):
        schema = load(self.schema)
        jsonschema = cases.module("jsonschema")
        jsonschema.Draft202012Validator.check_schema(schema)
        self.validator = jsonschema.Draft202012Validator(schema)

    def check(self, pattern, valid, at_least):
        paths = sorted(pathlib.Path(self.folder).glob(pattern))
        self.assertGreaterEqual(len(paths), at_least)
        for path in paths:
            self.assertEqual(self.validator.is_valid(load(path)), valid, path)


class PinSchemaTest(SchemaTest):

    schema = "pins/schema.json"
    folder = "tests/pin_files"

    def test_shipped_files_are_valid(self):
        self.validator.validate(load("pins/webex.json"))

    def test_good_files_are_valid(self):
        self.check("good-*.json", True, 2)

    def test_bad_files_are_not(self):
        self.check("bad-*.json", False, 30)

    def test_what_only_the_parser_can_refuse_is_valid(self):
        # When one of these fails, the schema has learned to say it: rename it.
        self.check("parser-*.json", True, 9)

    def test_the_example_of_the_documentation_is_valid(self):
        self.validator.validate(example_of("docs/pin-file.md"))


class RequirementsSchemaTest(SchemaTest):

    schema = "pins/requirements.schema.json"
    folder = "tests/requirements_files"

    def test_shipped_files_are_valid(self):
        self.validator.validate(load("pins/webex.requirements.json"))

    def test_good_files_are_valid(self):
        self.check("good-*.json", True, 2)

    def test_bad_files_are_not(self):
        self.check("bad-*.json", False, 30)

    def test_what_only_the_parser_can_refuse_is_valid(self):
        self.check("parser-*.json", True, 6)

    def test_the_example_of_the_documentation_is_valid(self):
        self.validator.validate(example_of("docs/requirements-file.md"))


if __name__ == "__main__":
    cases.main()

#!/usr/bin/env python3
"""Holds pins/interceptors.schema.json to catalogues: ours, good ones, bad ones.

interceptor_catalogue_test.cc and interceptors_data_test.cc ask the parser.
"""

import copy
import json
import pathlib
import unittest

from tests.testing import cases

PIN = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

GOOD = {
    "name": "Acme proxy",
    "kind": "enterprise-proxy",
    "source": "https://wiki.example.com/proxy",
    "evidence": "own",
    "says": "everything",
    "issuer": [{"cn": {"exact": "A"}, "o": {"suffix": "Acme"}}],
    "subject": [{"ou": {"contains": "Acme"}, "c": {"exact": "SE"}}],
    "structure": [{
        "extensions": ["keyUsage!", "subjectAltName"],
        "leaf-key-is-issuer-key": True,
        "valid-as-issuer": True,
        "authority-key-names-issuer": True,
        "valid-seconds": 31536000,
        "serial-octets-at-most": 8,
    }],
    "keys": [PIN],
}

EXTENSIONS = ["keyUsage"]

# What makes a good product bad.
BAD = [
    {"name": ""},
    {"kind": "wizard"},
    {"source": "wiki.example.com"},
    {"evidence": "hearsay"},
    {"says": ""},
    {"unknown": 1},
    {"issuer": {}},
    {"issuer": [{}]},
    {"issuer": [{"cn": {}}]},
    {"issuer": [{"dc": {"exact": "A"}}]},
    {"issuer": [{"cn": {"exact": ""}}]},
    {"issuer": [{"cn": {"prefix": "a"}}]},
    {"issuer": [{"cn": {"contains": "abc"}}]},
    {"issuer": [{"cn": {"regex": "abcd"}}]},
    {"issuer": [{"cn": {"exact": "A", "prefix": "abcd"}}]},
    {"subject": [{}]},
    {"structure": [{"extensions": EXTENSIONS}]},
    {"structure": [{"valid-as-issuer": True, "valid-seconds": 1}]},
    {"structure": [{"extensions": [], "valid-as-issuer": True}]},
    {"structure": [{"extensions": ["keyUsag"], "valid-as-issuer": True}]},
    {"structure": [{"extensions": EXTENSIONS, "valid-as-issuer": False}]},
    {"structure": [{"extensions": EXTENSIONS, "valid-seconds": 1.5}]},
    {"structure": [{"extensions": EXTENSIONS, "valid-seconds": 0}]},
    {"structure": [{"extensions": EXTENSIONS, "serial-octets-at-most": 65}]},
    {"structure": [{"extensions": EXTENSIONS, "days": 1}]},
    {"keys": ["sha256/AA"]},
]


def load(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


def file_of(*products):
    return {"schema": "pinning.interceptors/1", "products": list(products)}


class InterceptorsSchemaTest(unittest.TestCase):

    def setUp(self):
        schema = load("pins/interceptors.schema.json")
        jsonschema = cases.module("jsonschema")
        jsonschema.Draft202012Validator.check_schema(schema)
        self.validator = jsonschema.Draft202012Validator(schema)

    def test_ours_is_valid(self):
        self.validator.validate(load("pins/interceptors.json"))

    def test_a_good_one_is_valid(self):
        self.validator.validate(file_of(GOOD))

    def test_only_these_keys_are_needed(self):
        for key in GOOD:
            product = copy.deepcopy(GOOD)
            del product[key]
            self.assertEqual(self.validator.is_valid(file_of(product)),
                             key not in ("name", "kind", "source", "issuer"),
                             key)

    def test_bad_ones_are_not(self):
        for change in BAD:
            self.assertFalse(self.validator.is_valid(
                file_of(dict(GOOD, **change))), change)
        self.assertFalse(self.validator.is_valid(file_of()))
        self.assertFalse(self.validator.is_valid(
            {"schema": "pinning.interceptors/2", "products": [GOOD]}))

    def test_the_example_of_the_documentation_is_valid(self):
        text = pathlib.Path("docs/interceptors.md").read_text(encoding="utf-8")
        example = text.split("```json\n")[1].split("```")[0]
        self.validator.validate(json.loads(example))


if __name__ == "__main__":
    cases.main()

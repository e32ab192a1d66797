#!/usr/bin/env python3
"""Holds README.md to what is compiled and to what exists."""

import os
import pathlib
import re
import subprocess
import unittest

from tests.testing import cases


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def steady(text):
    """Returns what the demonstration prints without what changes each time."""
    text = re.sub(r"sha256/[\w+/]{43}=", "PIN", text)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "TIME", text).strip()


class ReadmeTest(unittest.TestCase):

    def test_client_code_is_the_example(self):
        code = re.search(r"```cpp\n(.*?)```", read("README.md"), re.S).group(1)
        example = read("docs/examples/client.cc")
        part = example.split("// README: begin\n")[1].split("// README: end")[0]
        self.assertEqual(code.strip(), part.strip())

    def test_reporter_code_is_the_example(self):
        code = re.search(r"```cpp\n(.*?)```", read("docs/reports.md"), re.S)
        example = read("docs/examples/reports.cc")
        part = example.split("// DOCS: begin\n")[1].split("// DOCS: end")[0]
        self.assertEqual(code.group(1).strip(), part.strip())

    def test_links_lead_somewhere(self):
        links = re.findall(r"\]\(([^)#:]+)\)", read("README.md"))
        self.assertGreater(len(links), 15)
        for link in links:
            self.assertTrue(os.path.exists(link), link)

    def test_every_public_header_is_in_the_guide(self):
        headers = sorted(pathlib.Path("pinning").glob("*.h"))
        self.assertGreater(len(headers), 15)
        for header in headers:
            self.assertIn(f"[{header.name}]({header})", read("README.md"))

    def test_demo_prints_what_it_shows(self):
        shown = re.search(r"```\n(A server for .*?)```", read("README.md"), re.S)
        demo = subprocess.run(["tools/tlspin/tlspin", "demo"], timeout=120,
                              check=True, text=True, stdout=subprocess.PIPE)
        self.assertEqual(steady(shown.group(1)), steady(demo.stdout))


if __name__ == "__main__":
    cases.main()

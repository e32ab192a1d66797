#!/usr/bin/env python3
"""Holds README.md to what is compiled and to what exists."""

import os
import re
import unittest


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class ReadmeTest(unittest.TestCase):

    def test_client_code_is_the_example(self):
        code = re.search(r"```cpp\n(.*?)```", read("README.md"), re.S).group(1)
        example = read("docs/examples/client.cc")
        part = example.split("// README: begin\n")[1].split("// README: end")[0]
        self.assertEqual(code.strip(), part.strip())

    def test_links_lead_somewhere(self):
        links = re.findall(r"\]\(([^)#:]+)\)", read("README.md"))
        self.assertGreater(len(links), 15)
        for link in links:
            self.assertTrue(os.path.exists(link), link)


if __name__ == "__main__":
    unittest.main()

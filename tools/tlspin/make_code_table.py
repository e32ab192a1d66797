#!/usr/bin/env python3
"""Makes the table of `tlspin explain CODE` from the tables in docs/*.md.

Usage: make_code_table.py FILE.md... > explain_code_table.cc

What a program says of a code is what the documents say, because it is the same
text. A table is one whose first column is named in KINDS, under a heading that
is named there beside it.
"""

import os
import re
import sys

# (file, first column, what the heading holds): the kind of code.
KINDS = [
    ("verdicts.md", "code", "Errors", "error"),
    ("verdicts.md", "status", "Pin status", "pin status"),
    ("verdicts.md", "diagnosis", "Diagnoses", "diagnosis"),
    ("verdicts.md", "code", "Evidence", "evidence"),
    ("tlspin.md", "code", "tlspin.error/", "connection error"),
    ("tlspin.md", "code", "check", "check finding"),
    ("tlspin.md", "warning", "tlspin.lint/", "lint warning"),
    ("tlspin.md", "error", "tlspin.lint/", "lint error"),
    ("tlspin.md", "change", "tlspin.diff/", "difference"),
    ("export.md", "loss", "What cannot be said", "loss"),
]
MEANING = ("means", "meaning", "the observation")
ADVICE = ("what to do", "advice")


def plain(text):
    """Returns a cell without its Markdown."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return text.replace("`", "").strip()


def slug(heading):
    """Returns the anchor that a heading has."""
    words = re.sub(r"[^\w\s-]", "", heading.lower())
    return re.sub(r"\s", "-", words.strip())


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def kind_of(name, column, heading):
    for file, first, part, kind in KINDS:
        if name == file and column == first and part in heading:
            return kind
    return None


def rows(path):
    """Yields (code, kind, meaning, advice, more, see) for each code in a file."""
    name = os.path.basename(path)
    heading, header, kind = "", None, None
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                heading = line.lstrip("#").strip()
            if not line.startswith("|"):
                header = None
                continue
            if header is None:
                header = [plain(cell) for cell in cells(line)]
                kind = kind_of(name, header[0], heading)
                continue
            if kind is None or set(line) <= set("|-: \n"):
                continue
            row = dict(zip(header, cells(line)))
            meaning = next((row[key] for key in MEANING if key in row), "")
            advice = next((row[key] for key in ADVICE if key in row), "")
            more = [key + " " + plain(row[key])
                    for key in ("number", "weight", "severity") if row.get(key)]
            more += [plain(row["clause"])] if row.get("clause") else []
            more += ["--fix " + plain(row["--fix"])
                     if row.get("--fix", "no") != "no" else ""]
            for code in re.findall(r"`([^`]+)`", row[header[0]]):
                yield (code, kind, plain(meaning), plain(advice),
                       ", ".join(filter(None, more)),
                       "docs/%s#%s" % (name, slug(heading)))


def literal(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


def main(paths):
    print('#include "tools/tlspin/explain_code.h"\n')
    print("namespace tlspin {\nnamespace {\n")
    print("constexpr CodeEntry kEntries[] = {")
    for path in sorted(paths):
        for row in rows(path):
            print("    {%s}," % ", ".join(literal(cell) for cell in row))
    print("};\n\n}  // namespace\n")
    print("absl::Span<const CodeEntry> AllCodeEntries() { return kEntries; }\n")
    print("}  // namespace tlspin")


if __name__ == "__main__":
    main(sys.argv[1:])

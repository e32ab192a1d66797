"""Makes the table behind public_suffix.cc from the Public Suffix List.

Usage: make_public_suffix_table.py public_suffix_list.dat > table.inc
"""

import sys
import unicodedata


def to_a_label(label):
    """Returns `label` in lower case and, if it is not ASCII, as an A-label."""
    label = unicodedata.normalize("NFC", label.lower())
    if label.isascii():
        return label
    return "xn--" + label.encode("punycode").decode("ascii")


def read_rules(path):
    """Returns the set of rules in `path`, such as "com", "*.ck", "!www.ck"."""
    rules = set()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            rule = line.split()[0] if line.split() else ""
            if rule and not rule.startswith("//"):
                rules.add(".".join(to_a_label(l) for l in rule.split(".")))
    return rules


def names_above(rules):
    """Returns the names of two labels or more that a rule's suffix is under."""
    above = set()
    for rule in rules:
        if rule.startswith("!"):
            continue
        labels = rule.split(".")
        for i in range(1, len(labels) - 1):
            above.add(".".join(labels[i:]))
    return above - rules


def write_table(name, entries):
    """Writes a sorted array of `entries` for a binary search."""
    print("constexpr absl::string_view %s[] = {" % name)
    for entry in sorted(entries, key=lambda e: e.encode("ascii")):
        print('    "%s",' % entry)
    print("};")


def main():
    rules = read_rules(sys.argv[1])
    if len(rules) < 1000 or "com" not in rules or "!www.ck" not in rules:
        sys.exit("%s is not the Public Suffix List" % sys.argv[1])
    write_table("kRules", rules)
    write_table("kNamesAbove", names_above(rules))


main()

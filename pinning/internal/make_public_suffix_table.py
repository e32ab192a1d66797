"""Makes the table behind public_suffix.cc from the Public Suffix List.

Usage: make_public_suffix_table.py LIST > public_suffix_table.cc
LIST is public_suffix_list.dat as publicsuffix.org writes it.
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


def write_table(array, function, entries):
    """Writes a sorted array of `entries` and the function that returns it."""
    print("namespace {\nconstexpr absl::string_view %s[] = {" % array)
    for entry in sorted(entries, key=lambda e: e.encode("ascii")):
        print('    "%s",' % entry)
    print("};\n}  // namespace\n")
    print("absl::Span<const absl::string_view> %s() { return %s; }\n"
          % (function, array))


def main():
    rules = read_rules(sys.argv[1])
    if len(rules) < 1000 or "com" not in rules or "!www.ck" not in rules:
        sys.exit("%s is not the Public Suffix List" % sys.argv[1])
    print("// Made by make_public_suffix_table.py.")
    print('#include "pinning/internal/public_suffix_table.h"\n')
    print("namespace pinning::internal {\n")
    write_table("kRules", "PublicSuffixRules", rules)
    write_table("kNamesAbove", "NamesAbovePublicSuffixes", names_above(rules))
    print("}  // namespace pinning::internal")


main()

#!/usr/bin/env python3
"""Makes the symbols of an ELF object or of an archive's objects hidden.

A hidden symbol is linked like any other, but what it is linked into does not
offer it to the dynamic linker: no shared library that was built for OpenSSL can
bind to the BoringSSL in the same program. Symbols of the C++ library stay as
they are, for they may have to be one with those of other objects.

Usage: hide_symbols.py FILE...
"""

import re
import struct
import sys

GLOBAL, WEAK = 1, 2
DEFAULT, HIDDEN = 0, 2
SYMTAB = 2
UNDEFINED = 0
# The standard library's, and the run time's: std, __gnu_cxx, __cxxabiv1.
STANDARD = re.compile(
    rb"^_Z(GV|GR|TV|TI|TS|TT)?(N[KVRO]*)?(S[abdiost]|9__gnu_cxx|10__cxxabiv)")


def hide(data, start):
    """Hides the symbols of the ELF object at `start`; returns how many."""
    if data[start:start + 6] != b"\x7fELF\x02\x01":
        raise ValueError("not a little-endian ELF object of 64 bits")
    table, = struct.unpack_from("<Q", data, start + 0x28)
    size, count = struct.unpack_from("<HH", data, start + 0x3a)
    sections = [
        struct.unpack_from("<IIQQQQIIQQ", data, start + table + i * size)
        for i in range(count)
    ]
    hidden = 0
    for section in sections:
        if section[1] != SYMTAB:
            continue
        names = start + sections[section[6]][4]
        for at in range(start + section[4], start + section[4] + section[5],
                        24):
            name, info, other, index = struct.unpack_from("<IBBH", data, at)
            text = data[names + name:data.index(0, names + name)]
            if (info >> 4 in (GLOBAL, WEAK) and other & 3 == DEFAULT and
                    index != UNDEFINED and not STANDARD.match(text)):
                data[at + 5] = other | HIDDEN
                hidden += 1
    return hidden


def objects(data):
    """Yields where each object of an archive begins, or 0 for an object."""
    if data[:8] != b"!<arch>\n":
        yield 0
        return
    at = 8
    while at < len(data):
        name, size = bytes(data[at:at + 16]), int(data[at + 48:at + 58])
        if not name.startswith((b"/ ", b"// ", b"/SYM64/")):
            yield at + 60
        at += 60 + size + size % 2


def main():
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            data = bytearray(file.read())
        count = sum(hide(data, start) for start in list(objects(data)))
        with open(path, "wb") as file:
            file.write(data)
        print(f"{path}: {count} symbols hidden")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes the seeds of path_fuzz.

Usage: make_path_seeds.py FOLDER

An input of path_fuzz is, one octet each: setup (its bits are in path_world.cc),
host, number of anchors less one; then for each certificate name, key, issuer's
name, issuer's key, trouble. Anchors come first, then the leaf, after which its
host stands, then what else is presented. From 192, trouble is a flaw; from 96,
a constraint; below, nothing.
"""

import pathlib
import sys

FLAWS, CONSTRAINTS = 12, 10
NAMES = KEYS = 4


def flaw(number):
    return next(t for t in range(192, 256) if t % FLAWS == number)


def constraint(number):
    return next(t for t in range(96, 192) if t % CONSTRAINTS == number)


def ca(name, issuer, key=None, issuer_key=None, trouble=0):
    """A certificate of an authority: by default the key has its name's number."""
    return bytes([name, name % KEYS if key is None else key, issuer,
                  issuer % KEYS if issuer_key is None else issuer_key, trouble])


def graph(anchors, leaf, others, setup=16, host=0, leaf_host=0):
    return b"".join([bytes([setup, host, len(anchors) - 1]), *anchors, leaf,
                     bytes([leaf_host]), *others])


def seeds():
    root, other_root = ca(0, 0), ca(4, 4, key=3, issuer_key=3)
    leaf = ca(0, 1)
    yield "honest", graph([root], leaf, [ca(1, 0)])
    yield "no_intermediate", graph([root], leaf, [])
    yield "address", graph([root], leaf, [ca(1, 0)], host=4, leaf_host=4)
    yield "wildcard", graph([root], leaf, [ca(1, 0)], leaf_host=2)
    yield "cross_signs", graph([root, other_root], leaf, [
        ca(1, 0), ca(1, 4, issuer_key=3), ca(0, 4, issuer_key=3)])
    yield "loop", graph([root], leaf, [ca(1, 2), ca(2, 3), ca(3, 1), ca(3, 0)])
    yield "imposter", graph([root], leaf, [ca(1, 0, key=2), ca(1, 0)])
    yield "wrong_key", graph([root], leaf, [ca(1, 0, issuer_key=2)])
    yield "deep", graph([root], leaf, [ca(1, 2), ca(2, 3), ca(3, 4), ca(4, 0)])
    yield "all_alike", graph([root], leaf, [
        ca(1, 1, key=key, issuer_key=other)
        for key in range(KEYS) for other in range(KEYS)])
    yield "small_budget", graph(
        [root, other_root], leaf,
        [ca(name, issuer, trouble=flaw(7)) for name in range(1, NAMES)
         for issuer in range(NAMES)], setup=2 | 4 | 16)
    yield "lenient_anchors", graph([root], leaf, [ca(1, 0)], setup=32)
    yield "distrusted", graph([root], leaf, [ca(1, 0)], setup=16 | 64)
    for number in range(1, FLAWS):
        yield f"flaw_{number}", graph(
            [root], leaf, [ca(1, 0, trouble=flaw(number)), ca(1, 0)])
        yield f"leaf_flaw_{number}", graph(
            [root], ca(0, 1, trouble=flaw(number)), [ca(1, 0)])
    for number in range(1, CONSTRAINTS):
        yield f"constraint_{number}", graph(
            [root], ca(0, 2), [ca(2, 1), ca(1, 0, trouble=constraint(number))])
        yield f"anchor_constraint_{number}", graph(
            [ca(0, 0, trouble=constraint(number))], leaf, [ca(1, 0)])


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, seed in seeds():
        (folder / name).write_bytes(seed)


main()

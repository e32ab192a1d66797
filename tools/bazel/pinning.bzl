"""Build rules of this project's own code."""

# The library throws nothing and asks no type at run time (docs/design.md).
LIBRARY_COPTS = ["-fno-exceptions", "-fno-rtti"]

def pinning_library(name, copts = [], **kwargs):
    """A cc_library of `pinning/`: one room, its header and its source."""
    native.cc_library(name = name, copts = LIBRARY_COPTS + copts, **kwargs)

def pinning_test(name, deps = [], size = "small", **kwargs):
    """A GoogleTest program tests/NAME.cc."""
    native.cc_test(
        name = name,
        size = size,
        srcs = [name + ".cc"],
        deps = deps + ["@com_google_googletest//:gtest_main"],
        **kwargs
    )

"""Build rules of this project's own code."""

# The library throws nothing and asks no type at run time (docs/design.md).
LIBRARY_COPTS = ["-fno-exceptions", "-fno-rtti"]

def pinning_library(name, copts = [], **kwargs):
    """A cc_library of `pinning/`: one room, its header and its source."""
    native.cc_library(name = name, copts = LIBRARY_COPTS + copts, **kwargs)

def pinning_test(name, deps = [], size = "small", tags = [], **kwargs):
    """A GoogleTest program tests/NAME.cc.

    The tag "threads" is for what starts several: CI runs those under the thread
    sanitizer too.
    """
    if "threads" in tags:
        deps = deps + ["//tests/testing:tsan_suppressions"]
    native.cc_test(
        name = name,
        size = size,
        tags = tags,
        srcs = [name + ".cc"],
        deps = deps + ["@com_google_googletest//:gtest_main"],
        **kwargs
    )

"""The repositories that Bazel 4.2.3's own tools load, made locally so that no build reaches a network for them."""

_RULES_CC_DEFS = """\
cc_binary = native.cc_binary
cc_import = native.cc_import
cc_library = native.cc_library
cc_test = native.cc_test
cc_toolchain = native.cc_toolchain
cc_toolchain_suite = native.cc_toolchain_suite
"""

_RULES_CC_COMPILERS = "\n".join(["""\
config_setting(
    name = "%s",
    flag_values = {"@bazel_tools//tools/cpp:compiler": "%s"},
    visibility = ["//visibility:public"],
)
""" % (name, name) for name in ["clang", "clang-cl", "emscripten", "gcc", "mingw-gcc", "msvc-cl"]])

_COVERAGE_BUILD = """\
filegroup(
    name = "coverage_report_generator",
    visibility = ["//visibility:public"],
)
"""

def _files_repository_impl(ctx):
    for path, text in ctx.attr.files.items():
        ctx.file(path, text)

files_repository = repository_rule(
    doc = "A repository that holds just `files`, a map from path to content.",
    implementation = _files_repository_impl,
    attrs = {"files": attr.string_dict()},
)

def bazel_bootstrap_repositories():
    """Declares rules_cc, coverage tools and Debian's packaged Bazel rule sets."""
    files_repository(
        name = "rules_cc",
        files = {
            "BUILD": "",
            "cc/BUILD": "",
            "cc/defs.bzl": _RULES_CC_DEFS,
            # What newer checkouts load instead, one rule a file.
            "cc/cc_binary.bzl": "cc_binary = native.cc_binary\n",
            "cc/cc_library.bzl": "cc_library = native.cc_library\n",
            "cc/cc_test.bzl": "cc_test = native.cc_test\n",
            "cc/compiler/BUILD": _RULES_CC_COMPILERS,
        },
    )
    files_repository(
        name = "remote_coverage_tools",
        files = {"BUILD": _COVERAGE_BUILD},
    )
    for name, path in {
        "bazel_skylib": "tools/skylib",
        "platforms": "tools/platforms",
        "rules_java": "rules/java",
        "rules_proto": "rules/proto",
    }.items():
        native.local_repository(name = name, path = "/usr/share/bazel/" + path)

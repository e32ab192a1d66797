"""A test that a misuse does not compile, and that it is the misuse that does not.

Each source holds the misuse between `#ifdef MISUSE` and `#endif`. It is compiled
twice with the flags of the library: without MISUSE it must compile, with MISUSE
it must fail and say `diagnostic`. A source that failed for another reason, such
as a header that moved, would otherwise pass for ever.
"""

load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")
load("//tools/bazel:pinning.bzl", "LIBRARY_COPTS")

_COMPILE = "c++-compile"

# Compiles, and writes what the compiler said and, last, its exit code. The
# action itself always succeeds: it is for the test to say what should have been.
_RUN = '"$@" > "$LOG" 2>&1; echo "exit code $?" >> "$LOG"'

_CHECK = """#!/bin/sh
fail() {{ echo "$1" >&2; cat "$2" >&2; exit 1; }}
grep -q '^exit code 0$' '{control}' ||
  fail 'Without the misuse, it should compile:' '{control}'
grep -q '^exit code 0$' '{misuse}' &&
  fail 'The misuse compiles.' '{misuse}'
grep -qE '{diagnostic}' '{misuse}' ||
  fail 'It fails, but not with: {diagnostic}' '{misuse}'
exit 0
"""

def _compile(ctx, suffix, defines):
    toolchain = find_cpp_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features + ["layering_check", "module_maps"],
    )
    context = cc_common.merge_cc_infos(
        cc_infos = [dep[CcInfo] for dep in ctx.attr.deps],
    ).compilation_context
    log = ctx.actions.declare_file(ctx.label.name + suffix)
    variables = cc_common.create_compile_variables(
        feature_configuration = features,
        cc_toolchain = toolchain,
        source_file = ctx.file.src.path,
        user_compile_flags = ctx.fragments.cpp.copts + ctx.fragments.cpp.cxxopts +
                             LIBRARY_COPTS + ["-Wall", "-Wextra", "-Werror", "-fsyntax-only"],
        include_directories = context.includes,
        quote_include_directories = context.quote_includes,
        system_include_directories = context.system_includes,
        preprocessor_defines = depset(defines, transitive = [context.defines]),
    )
    ctx.actions.run_shell(
        inputs = depset([ctx.file.src], transitive = [context.headers, toolchain.all_files]),
        outputs = [log],
        command = _RUN,
        arguments = [
            cc_common.get_tool_for_action(feature_configuration = features, action_name = _COMPILE),
        ] + cc_common.get_memory_inefficient_command_line(
            feature_configuration = features,
            action_name = _COMPILE,
            variables = variables,
        ),
        env = dict(cc_common.get_environment_variables(
            feature_configuration = features,
            action_name = _COMPILE,
            variables = variables,
        ), LOG = log.path, LC_ALL = "C"),
        mnemonic = "CompileMisuse",
    )
    return log

def _misuse_test_impl(ctx):
    control = _compile(ctx, ".control.log", [])
    misuse = _compile(ctx, ".misuse.log", ["MISUSE"])
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, _CHECK.format(
        control = control.short_path,
        misuse = misuse.short_path,
        diagnostic = ctx.attr.diagnostic,
    ), is_executable = True)
    return [DefaultInfo(
        executable = script,
        runfiles = ctx.runfiles(files = [control, misuse]),
    )]

misuse_test = rule(
    implementation = _misuse_test_impl,
    attrs = {
        "src": attr.label(allow_single_file = [".cc"], mandatory = True),
        "deps": attr.label_list(providers = [CcInfo]),
        # An extended regular expression, of what GCC or clang says.
        "diagnostic": attr.string(mandatory = True),
        "_cc_toolchain": attr.label(
            default = Label("@bazel_tools//tools/cpp:current_cc_toolchain"),
        ),
    },
    fragments = ["cpp"],
    test = True,
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)

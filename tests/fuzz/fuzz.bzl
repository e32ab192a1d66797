"""Fuzz targets: with --config=fuzz a libFuzzer, else a test that replays its corpus."""

def _corpus_folder_impl(ctx):
    folder = ctx.actions.declare_directory(ctx.label.name)
    commands = ["mkdir -p " + folder.path]
    commands += ["cp -L %s %s/" % (f.path, folder.path) for f in ctx.files.srcs]
    tools = []
    if ctx.executable.generator:
        tools.append(ctx.executable.generator)
        commands.append(" ".join([ctx.executable.generator.path] + ctx.attr.arguments + [folder.path]))
    ctx.actions.run_shell(
        outputs = [folder],
        inputs = ctx.files.srcs,
        tools = tools,
        command = " && ".join(commands),
    )
    return [DefaultInfo(
        files = depset([folder]),
        runfiles = ctx.runfiles(files = [folder]),
    )]

_corpus_folder = rule(
    doc = "A folder of `srcs` and of what `generator ARGUMENTS... FOLDER` writes into it.",
    implementation = _corpus_folder_impl,
    attrs = {
        "arguments": attr.string_list(),
        # Of the target's configuration, whose libraries are built in any case.
        "generator": attr.label(executable = True, cfg = "target"),
        "srcs": attr.label_list(allow_files = True),
    },
)

def fuzz_target(name, deps, corpus = [], generator = None, generator_arguments = []):
    """The fuzz target of NAME.cc, and NAME_corpus, the folder of its seeds."""
    _corpus_folder(
        name = name + "_corpus",
        testonly = True,
        srcs = corpus,
        arguments = generator_arguments,
        generator = generator,
    )
    native.cc_test(
        name = name,
        size = "medium",
        srcs = [name + ".cc"],
        args = ["tests/fuzz/%s_corpus" % name],
        data = [name + "_corpus"],
        # As the programs that make seeds: nothing is compiled for both.
        linkstatic = True,
        linkopts = select({
            ":fuzzing": ["-fsanitize=fuzzer"],
            "//conditions:default": [],
        }),
        tags = ["fuzz"],
        deps = [":fuzz"] + deps + select({
            ":fuzzing": [],
            "//conditions:default": [":replay_main"],
        }),
    )

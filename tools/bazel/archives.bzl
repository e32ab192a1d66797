"""The static libraries that make up a package, for those who link elsewhere."""

def _archives_impl(ctx):
    files = []
    for dep in ctx.attr.deps:
        for linker_input in dep[CcInfo].linking_context.linker_inputs.to_list():
            for library in linker_input.libraries:
                # Position-independent: what links them may be a shared library.
                archive = library.pic_static_library or library.static_library
                if archive != None and archive not in files:
                    files.append(archive)
    names = ctx.actions.declare_file(ctx.label.name + ".txt")
    ctx.actions.write(names, "".join([file.path + "\n" for file in files]))
    return [DefaultInfo(files = depset([names] + files))]

archives = rule(
    doc = "Builds the archives of `deps` and of all they need; NAME.txt lists them.",
    implementation = _archives_impl,
    attrs = {"deps": attr.label_list(providers = [CcInfo])},
)

def package_archives(name, exclude = [], **kwargs):
    """The `archives` of every cc_library of this package so far but `exclude`."""
    archives(
        name = name,
        deps = [
            ":" + rule
            for rule, attributes in native.existing_rules().items()
            if attributes["kind"] == "cc_library" and rule not in exclude
        ],
        **kwargs
    )

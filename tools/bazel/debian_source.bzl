"""Repository rules that take sources and data from the Debian archive this machine is configured for.

No host is named here: the archive's address is read from the machine's own
apt sources, so mirrors and proxies that work for apt work for the build.
"""

_DEB822 = "/etc/apt/sources.list.d/debian.sources"
_ONE_LINE = "/etc/apt/sources.list"
_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

def _archive_uri(ctx):
    """Returns the URI of the first Debian archive that apt is configured with."""
    if ctx.path(_DEB822).exists:
        for line in ctx.read(_DEB822).split("\n"):
            if line.startswith("URIs:"):
                return line[len("URIs:"):].strip().split(" ")[0]
    if ctx.path(_ONE_LINE).exists:
        for line in ctx.read(_ONE_LINE).split("\n"):
            if line.startswith("deb "):
                for word in line.split(" "):
                    if "://" in word:
                        return word
    fail("no Debian archive is configured in %s or %s" % (_DEB822, _ONE_LINE))

def _checkout_variable(name):
    """Returns the environment variable that points repository `name` at a checkout."""
    return "PINNING_" + name.upper()

def _download(ctx):
    """Downloads the original source archive of `ctx.attr.package` into ./apt and returns its path."""
    ctx.file("apt/debian.sources", "\n".join([
        "Types: deb-src",
        "URIs: " + _archive_uri(ctx),
        "Suites: " + ctx.attr.suite,
        "Components: main",
        "Signed-By: " + _KEYRING,
        "",
    ]))
    ctx.file("apt/lists/partial/.keep", "")
    here = str(ctx.path("apt"))
    apt = [
        "apt-get",
        "-qq",
        "-o",
        "Dir::Etc::sourcelist=%s/debian.sources" % here,
        "-o",
        "Dir::Etc::sourceparts=-",
        "-o",
        "Dir::State::Lists=%s/lists" % here,
        "-o",
        "APT::Sandbox::User=root",
        "-o",
        "Acquire::Retries=3",
    ]
    for step in (["update"], ["source", "--download-only", "--tar-only", ctx.attr.package]):
        done = ctx.execute(apt + step, working_directory = "apt", timeout = 600)
        if done.return_code != 0:
            fail("apt-get %s failed: %s" % (" ".join(step), done.stderr))
    found = [f for f in ctx.path("apt").readdir() if ".orig.tar" in f.basename and not f.basename.endswith(".asc")]
    if len(found) != 1:
        fail("expected one original archive of %s, got %s" % (ctx.attr.package, found))
    return found[0]

def _use_checkout(ctx, checkout):
    """Makes the repository of links into `checkout`, with `ctx.attr.checkout_build_file` if there is one."""
    ours = ["BUILD", "BUILD.bazel"] if ctx.attr.checkout_build_file else []
    for entry in ctx.path(checkout).readdir():
        if entry.basename not in ours + ["MODULE.bazel", "MODULE.bazel.lock", "WORKSPACE.bazel"]:
            ctx.symlink(entry, entry.basename)
    if not ctx.path("WORKSPACE").exists:
        ctx.file("WORKSPACE", "")
    build_file = ctx.attr.checkout_build_file or ctx.attr.build_file
    if build_file:
        ctx.symlink(build_file, "BUILD.bazel")

def _debian_source_impl(ctx):
    checkout = ctx.os.environ.get(_checkout_variable(ctx.name), "")
    if checkout:
        _use_checkout(ctx, checkout)
        return
    archive = _download(ctx)
    got = ctx.execute(["sha256sum", str(archive)]).stdout.split(" ")[0]
    if got != ctx.attr.sha256:
        fail("%s: SHA-256 is %s, expected %s" % (archive.basename, got, ctx.attr.sha256))
    done = ctx.execute(
        ["tar", "xf", str(archive), "--strip-components=1", "-C", str(ctx.path("."))],
        timeout = 600,
    )
    if done.return_code != 0:
        fail("%s: %s" % (archive.basename, done.stderr))
    ctx.delete("apt")
    if not ctx.path("WORKSPACE").exists:
        ctx.file("WORKSPACE", "")
    if ctx.attr.build_file:
        ctx.delete("BUILD")
        ctx.symlink(ctx.attr.build_file, "BUILD.bazel")

debian_source = repository_rule(
    doc = "The original (unpatched) source archive of a Debian source package, held to a SHA-256.",
    implementation = _debian_source_impl,
    environ = [
        "PINNING_BORINGSSL",
        "PINNING_COM_GITHUB_GOOGLE_BENCHMARK",
        "PINNING_COM_GOOGLE_ABSL",
        "PINNING_COM_GOOGLE_GOOGLETEST",
    ],
    attrs = {
        "build_file": attr.label(doc = "A BUILD file for an archive that carries none."),
        "checkout_build_file": attr.label(doc = "A BUILD file for an upstream checkout whose own needs a newer Bazel."),
        "package": attr.string(mandatory = True),
        "sha256": attr.string(mandatory = True),
        "suite": attr.string(default = "bookworm"),
    },
)

def _debian_file_impl(ctx):
    if not ctx.path(ctx.attr.path).exists:
        fail("%s is missing: apt-get install %s" % (ctx.attr.path, ctx.attr.package))
    ctx.symlink(ctx.attr.path, "file/" + ctx.path(ctx.attr.path).basename)
    ctx.file("WORKSPACE", "")
    ctx.file("BUILD.bazel", """\
filegroup(
    name = "file",
    srcs = glob(["file/*"]),
    visibility = ["//visibility:public"],
)
""")

debian_file = repository_rule(
    doc = "One data file that an installed Debian package owns.",
    implementation = _debian_file_impl,
    attrs = {
        "package": attr.string(mandatory = True),
        "path": attr.string(mandatory = True),
    },
    local = True,
)

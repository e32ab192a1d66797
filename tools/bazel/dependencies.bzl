"""Every third-party source the build uses, each held to the SHA-256 of its original archive.

Point one at another checkout with, for example,
`--repo_env=PINNING_BORINGSSL=/src/boringssl` (docs/start-here.md).
"""

load("//tools/bazel:debian_source.bzl", "debian_file", "debian_source")

def pinning_dependencies():
    """Declares the dependencies: four of the library's and tests', then the helpers."""
    debian_source(
        name = "boringssl",
        checkout_build_file = "//tools/bazel:boringssl_checkout.BUILD",
        package = "android-platform-external-boringssl",
        sha256 = "f9223e8c15ad5d9e3f1cd50861f4c272658864661e2332bea5d60952aa0930cd",
        suite = "bookworm-backports",
    )
    debian_source(
        name = "com_google_absl",
        package = "abseil",
        sha256 = "abfe2897f3a30edaa74bc34365afe3c2a3cd012091a97dc7e008f7016adcd5fe",
    )
    debian_source(
        name = "com_google_googletest",
        package = "googletest",
        sha256 = "81964fe578e9bd7c94dfdb09c8e4d6e6759e19967e397dbea48d1c10e45d0df2",
    )
    debian_source(
        name = "com_github_google_benchmark",
        package = "benchmark",
        sha256 = "6430e4092653380d9dc4ccb45a1e2dc9259d581f4866dc0759713126056bc1d7",
    )

    # Reading JSON with the place of every value.
    debian_source(
        name = "simdjson",
        build_file = "//tools/bazel:simdjson.BUILD",
        package = "simdjson",
        sha256 = "156b1bc5eb0561b2bd166b46d191fd3d95a3e709cc63761477d3b7aec2b6e9ed",
    )

    # Writing JSON.
    debian_source(
        name = "nlohmann_json",
        build_file = "//tools/bazel:nlohmann_json.BUILD",
        package = "nlohmann-json3",
        sha256 = "d69f9deb6a75e2580465c6c4c5111b89c4dc2fa94e3a85fcd2ffcd9a143d9273",
    )

    # The tool's command line.
    debian_source(
        name = "cli11",
        build_file = "//tools/bazel:cli11.BUILD",
        package = "cli11",
        sha256 = "8143d20b688e98ccce8e24562d3b68e5f47c12e896c42c7ca8553dbde5bed55d",
    )

    # Reading XML with the place of every element, in the tool.
    debian_source(
        name = "pugixml",
        build_file = "//tools/bazel:pugixml.BUILD",
        package = "pugixml",
        sha256 = "5c5ad5d7caeb791420408042a7d88c2c6180781bf218feca259fd9d840a888e1",
    )

    # The public suffixes that no pin pattern may stand at.
    debian_file(
        name = "public_suffix_list",
        package = "publicsuffix",
        path = "/usr/share/publicsuffix/public_suffix_list.dat",
    )

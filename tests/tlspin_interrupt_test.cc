#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/testing/fleet.h"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"

namespace testing_support {
namespace {

// A CheckOfTwo runs tlspin check on a server that answers and one that never
// does, and can be interrupted.
struct CheckOfTwo {
  CheckOfTwo(const std::string& more, const std::string& timeout)
      : root(mint::SelfSigned(mint::Ca("Test Root"),
                              mint::Key::Shared("p256-root"))),
        leaf(mint::Issue(mint::Leaf({"a.example.com"}),
                         mint::Key::Shared("p256-leaf"), root)),
        fleet({{leaf, root}}) {
    PinFileSet set;
    set.expires = "2099-12-31";
    set.pins = {{PinTextOf(root), "Test Root"}};
    set.backup_pins = {{PinTextOf(mint::Key::Shared("p256-spare")), "spare"}};
    set.hosts = {"a.example.com"};
    std::vector<std::string> arguments = {
        "check",
        directory.Write("pins.json", PinFileText({set})),
        absl::StrCat("a.example.com@127.0.0.1:", fleet.port()),
        absl::StrCat("a.example.com@127.3.0.1:", fleet.port()),
        absl::StrCat("a.example.com@127.3.0.2:", fleet.port()),
        "--roots",
        directory.Write("roots.pem", root.Pem()),
        "--jobs",
        "2",
        "--timeout",
        timeout,
        "--lang",
        "en"};
    if (!more.empty()) {
      arguments.push_back(more);
    }
    process = std::make_unique<BackgroundProcess>(
        FromRunfiles("tools/tlspin/tlspin"), arguments);
  }

  mint::Minted root, leaf;
  Fleet fleet;
  TempDirectory directory;
  std::unique_ptr<BackgroundProcess> process;
};

TEST(InterruptTest, WhatIsDoneIsPrintedAndTheRestIsNamed) {
  for (const int signal : {SIGINT, SIGTERM}) {
    CheckOfTwo check("", "60");
    ASSERT_TRUE(check.process->WaitForOutput("127.0.0.1"))
        << check.process->standard_error();
    ASSERT_EQ(kill(check.process->pid(), signal), 0);
    const ProcessResult result = check.process->Wait(absl::Seconds(30));
    EXPECT_FALSE(result.timed_out);
    EXPECT_EQ(result.exit_code, 3) << result.standard_error;
    EXPECT_TRUE(absl::StrContains(result.standard_output, "ok "))
        << result.standard_output;
    EXPECT_TRUE(absl::StrContains(
        result.standard_error,
        absl::StrCat("interrupted: 2 not asked: a.example.com@127.3.0.1:",
                     check.fleet.port(),
                     ", a.example.com@127.3.0.2:", check.fleet.port())))
        << result.standard_error;
  }
}

TEST(InterruptTest, JsonHasALineForEachHost) {
  CheckOfTwo check("--json", "60");
  ASSERT_TRUE(check.process->WaitForOutput("\"127.0.0.1\""))
      << check.process->standard_error();
  ASSERT_EQ(kill(check.process->pid(), SIGINT), 0);
  const ProcessResult result = check.process->Wait(absl::Seconds(30));
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_TRUE(absl::StrContains(result.standard_output, "interrupted"))
      << result.standard_output;
}

TEST(InterruptTest, WithoutASignalTheDeadlineEndsIt) {
  CheckOfTwo check("", "1");
  const ProcessResult result = check.process->Wait(absl::Seconds(60));
  EXPECT_EQ(result.exit_code, 3) << result.standard_error;
  EXPECT_FALSE(absl::StrContains(result.standard_error, "interrupted"))
      << result.standard_error;
}

}  // namespace
}  // namespace testing_support

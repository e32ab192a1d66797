// A Network is a machine of its own, and nothing of it outlives its maker.

#include "tests/e2e/network.h"

#include <unistd.h>

#include <csignal>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/process.h"

namespace e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class NetworkSelfTest : public NetworkTest {
 protected:
  NetworkSelfTest() : NetworkTest({"iptables", "pgrep", "setsid"}) {}
};

// IsRunning tells whether this machine runs a program with `word` among its
// arguments.
bool IsRunning(const std::string& word) {
  return testing_support::RunProcess(FindProgram("pgrep"), {"-f", word})
             .exit_code == 0;
}

// Soon waits until a program with `word` runs, or none does; it returns false
// if that takes too long.
bool Soon(const std::string& word, bool runs) {
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (IsRunning(word) != runs) {
    if (absl::Now() > deadline) {
      return false;
    }
    absl::SleepFor(absl::Milliseconds(10));
  }
  return true;
}

// StartDaemon leaves a program running that left its process group, as daemons
// do, and that has `word` among its arguments. It waits until it has: the rest
// of the group is ended with the shell.
void StartDaemon(const Network& network, const std::string& word) {
  network.MustRun("sh", {"-c", absl::StrCat("setsid sleep ", word,
                                            " >&- 2>&- & until pgrep -x sleep "
                                            ">/dev/null; do :; done")});
}

// Word returns an argument of `sleep` that no other program has: over an hour.
std::string Word(int number) {
  return absl::StrCat(4000 + number, ".", getpid());
}

TEST_F(NetworkSelfTest, HasNamesPortsAndFirewallOfItsOwn) {
  const Network one({"a.wbx2.com"});
  const Network two({"b.wbx2.com"});
  ASSERT_TRUE(one.ok()) << one.failure();
  ASSERT_TRUE(two.ok()) << two.failure();
  const std::string getent = FindProgram("getent");
  EXPECT_THAT(one.Run(getent, {"ahostsv4", "a.wbx2.com"}).standard_output,
              HasSubstr("127.0.0.1"));
  EXPECT_NE(two.Run(getent, {"ahostsv4", "a.wbx2.com"}).exit_code, 0);

  one.MustRun("iptables", {"-A", "INPUT", "-p", "tcp", "-j", "DROP"});
  const std::string iptables = FindProgram("iptables");
  EXPECT_THAT(one.Run(iptables, {"-S"}).standard_output, HasSubstr("DROP"));
  EXPECT_THAT(two.Run(iptables, {"-S"}).standard_output,
              Not(HasSubstr("DROP")));

  one.Write("file", "content");
  EXPECT_EQ(
      one.Run(FindProgram("cat"), {Network::Path("file")}).standard_output,
      "content");
}

TEST_F(NetworkSelfTest, TakesItsProgramsWithIt) {
  const std::string word = Word(1);
  {
    const Network network({});
    ASSERT_TRUE(network.ok()) << network.failure();
    StartDaemon(network, word);
    EXPECT_TRUE(Soon(word, /*runs=*/true));
  }
  EXPECT_TRUE(Soon(word, /*runs=*/false));
}

TEST_F(NetworkSelfTest, EndsWithATestThatCrashes) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const std::string word = "5000.5150505";
  EXPECT_EXIT(
      {
        const Network network({});
        StartDaemon(network, word);
        // Only if it runs does the crash show anything.
        raise(Soon(word, /*runs=*/true) ? SIGKILL : SIGABRT);
      },
      ::testing::KilledBySignal(SIGKILL), "");
  EXPECT_TRUE(Soon(word, /*runs=*/false));
}

}  // namespace
}  // namespace e2e

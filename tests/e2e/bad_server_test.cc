// tlspin against peers that do not speak TLS: nothing can be decided, and the
// exit code says so (3), never yes.

#include "tests/e2e/bad_server.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/authority.h"
#include "tests/e2e/programs.h"
#include "tools/mint/mint.h"

namespace e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BadServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_.Write("roots.pem", MakeAuthority("A", false).root.Pem());
  }

  // ExpectUndecided expects exit code 3 of `inspect`, and a reason.
  void ExpectUndecided(const std::string& target,
                       const std::string& timeout = "20") const {
    const ProcessResult result =
        Tlspin({"inspect", target, "--roots", directory_.Path("roots.pem"),
                "--timeout", timeout});
    EXPECT_EQ(result.exit_code, 3) << Show(result);
    EXPECT_THAT(result.standard_output, IsEmpty());
    EXPECT_THAT(result.standard_error, HasSubstr("tlspin: "));
    EXPECT_THAT(result.standard_error, HasSubstr("idbroker.webex.com"));
  }

  TempDirectory directory_;
};

TEST_F(BadServerTest, GarbageIsUndecided) {
  BadServer server(BadServer::Manner::kGarbage);
  ExpectUndecided(server.Target("idbroker.webex.com"));
}

TEST_F(BadServerTest, AnEndAfterTheClientHelloIsUndecided) {
  BadServer server(BadServer::Manner::kCloses);
  ExpectUndecided(server.Target("idbroker.webex.com"));
}

TEST_F(BadServerTest, AnEndWithinAMessageIsUndecided) {
  BadServer server(BadServer::Manner::kClosesMidMessage);
  ExpectUndecided(server.Target("idbroker.webex.com"));
}

TEST_F(BadServerTest, SilenceIsUndecidedWhenTheTimeIsUp) {
  BadServer server(BadServer::Manner::kSilent);
  const absl::Time start = absl::Now();
  ExpectUndecided(server.Target("idbroker.webex.com"), "1");
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(900));
  EXPECT_LT(absl::Now() - start, absl::Seconds(15));
}

TEST_F(BadServerTest, AClosedPortIsUndecided) {
  ExpectUndecided(absl::StrCat("idbroker.webex.com@127.0.0.1:", FreePort()));
}

TEST_F(BadServerTest, AProxyThatSpeaksNoHttpIsUndecided) {
  BadServer server(BadServer::Manner::kGarbage);
  const std::string proxy =
      absl::StrCat("http://", absl::StripPrefix(server.Target("x"), "x@"));
  const ProcessResult result =
      Tlspin({"inspect", "idbroker.webex.com", "--roots",
              directory_.Path("roots.pem"), "--proxy", proxy});
  EXPECT_EQ(result.exit_code, 3) << Show(result);
}

}  // namespace
}  // namespace e2e

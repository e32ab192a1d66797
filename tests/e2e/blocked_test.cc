// tlspin where something between blocks connections by the name in the
// ClientHello: that is no interception, and nothing was decided.

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/inspection.h"
#include "tests/e2e/network.h"
#include "tests/e2e/office.h"

namespace e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class BlockedTest : public NetworkTest {
 protected:
  BlockedTest() : NetworkTest({"nginx", "iptables"}) {}

  void SetUp() override {
    NetworkTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    office_ = std::make_unique<Office>();
    ASSERT_TRUE(office_->ok());
  }

  // Block makes the firewall do `action` with every packet to port 443 that
  // holds `text`.
  void Block(const std::string& text,
             const std::vector<std::string>& action) const {
    std::vector<std::string> rule = {"-A",  "INPUT",   "-p",
                                     "tcp", "--dport", "443"};
    if (!text.empty()) {
      rule.insert(rule.end(),
                  {"-m", "string", "--algo", "bm", "--string", text});
    }
    rule.push_back("-j");
    rule.insert(rule.end(), action.begin(), action.end());
    office_->network.MustRun("iptables", rule);
  }

  std::unique_ptr<Office> office_;
};

TEST_F(BlockedTest, AResetForTheName) {
  Block(kRsaHost, {"REJECT", "--reject-with", "tcp-reset"});
  const Inspection seen = office_->Inspect(kRsaHost);
  Note("DPI, reset for the name", seen);
  ExpectUndecided(seen, "reset-after-client-hello");
  EXPECT_THAT(seen.message, HasSubstr("reset"));
  EXPECT_THAT(seen.message, HasSubstr("ClientHello"));
  EXPECT_THAT(seen.hint, HasSubstr("blocks a.wbx2.com by its name"));
  // The same server and address under another name.
  ExpectGenuine(office_->Inspect(kBlockedHost));
}

TEST_F(BlockedTest, AResetForEveryName) {
  // Every ClientHello, after the handshake of TCP, which holds no such bytes.
  Block("h2", {"REJECT", "--reject-with", "tcp-reset"});
  const Inspection seen = office_->Inspect(kRsaHost);
  Note("DPI, reset for every name", seen);
  ExpectUndecided(seen, "reset-after-client-hello");
  EXPECT_THAT(seen.hint, Not(HasSubstr("blocks")));
  EXPECT_THAT(seen.hint, HasSubstr("it does not hang on the name"));
}

TEST_F(BlockedTest, SilenceForTheName) {
  Block(kRsaHost, {"DROP"});
  const Inspection seen = office_->Inspect(kRsaHost, {"--timeout", "2"});
  Note("DPI, dropped for the name", seen);
  ExpectUndecided(seen, "no-answer-to-client-hello");
  EXPECT_THAT(seen.hint, HasSubstr("blocks a.wbx2.com by its name"));
}

TEST_F(BlockedTest, AFirewallThatDropsConnections) {
  Block("", {"DROP"});
  const Inspection seen = office_->Inspect(kRsaHost, {"--timeout", "1"});
  Note("firewall, dropped", seen);
  ExpectUndecided(seen, "connect-timeout");
  EXPECT_THAT(seen.hint, HasSubstr("firewall"));
}

TEST_F(BlockedTest, AFirewallThatRefusesConnections) {
  Block("", {"REJECT", "--reject-with", "tcp-reset"});
  const Inspection seen = office_->Inspect(kRsaHost);
  Note("firewall, refused", seen);
  ExpectUndecided(seen, "connection-refused");
}

TEST_F(BlockedTest, ANameThatDoesNotResolve) {
  const Inspection seen = office_->Inspect("nowhere.wbx2.com");
  Note("no such name", seen);
  ExpectUndecided(seen, "name-unresolved");
}

}  // namespace
}  // namespace e2e

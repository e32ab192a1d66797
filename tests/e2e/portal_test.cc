// tlspin on a guest network, before the guest has signed in.

#include "tests/e2e/portal.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/authority.h"
#include "tests/e2e/inspection.h"
#include "tests/e2e/network.h"
#include "tools/mint/mint.h"

namespace e2e {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

mint::Minted SelfSignedFor(const std::string& name) {
  mint::Spec spec = mint::Leaf({name});
  spec.extra.clear();  // what only a public authority puts in
  spec.not_before = absl::Now() - absl::Hours(24 * 300);
  spec.not_after = absl::Now() + absl::Hours(24 * 3000);
  return mint::SelfSigned(spec, mint::Key::Shared("rsa2048-portal"));
}

class PortalTest : public NetworkTest {
 protected:
  PortalTest() : NetworkTest({"nginx", "dnsmasq"}) {}

  void SetUp() override {
    NetworkTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    network_ = std::make_unique<Network>(std::vector<std::string>{});
    ASSERT_TRUE(network_->ok()) << network_->failure();
    const Authority authority = MakeAuthority("A", /*rsa=*/false);
    network_->Write("roots.pem", authority.root.Pem());
    network_->Write("pins.json",
                    PinFile({"a.wbx2.com"}, {authority.intermediate.key}));
  }

  Inspection Inspect(const std::string& target) const {
    return ReadInspection(network_->Tlspin(
        {"inspect", target, "--roots", Network::Path("roots.pem"), "--pins",
         Network::Path("pins.json"), "--json", "--timeout", "30"}));
  }

  std::unique_ptr<Network> network_;
};

TEST_F(PortalTest, ACertificateThatNamesThePortal) {
  const Portal portal(*network_, SelfSignedFor("login.hotel-portal.test"));
  for (const char* host : {"www.example.com", "a.wbx2.com"}) {
    SCOPED_TRACE(host);
    const Inspection seen = Inspect(host);
    Note(std::string("portal, ") + host, seen);
    EXPECT_EQ(seen.result.exit_code, 1);
    EXPECT_FALSE(seen.accepted);
    // The certificate does not even pretend to be for the host: who answers
    // wants to be noticed. That holds of a pinned host as well, and what to do
    // first is the same: sign in, then look again.
    EXPECT_EQ(seen.kind, "captive-portal") << Show(seen.result);
    EXPECT_THAT(seen.advice, Not(IsEmpty()));
  }
}

// A router's or a server's own certificate, which says neither who it is nor
// pretends to be the host.
TEST_F(PortalTest, ACertificateThatNamesNothing) {
  const Portal portal(*network_, SelfSignedFor("box.hotel.test"));
  const Inspection unpinned = Inspect("www.example.com");
  Note("portal without a telling name, not pinned", unpinned);
  EXPECT_EQ(unpinned.kind, "captive-portal") << Show(unpinned.result);
  EXPECT_EQ(unpinned.confidence, "low");
  const Inspection pinned = Inspect("a.wbx2.com");
  Note("portal without a telling name, pinned", pinned);
  EXPECT_EQ(pinned.result.exit_code, 1);
  EXPECT_FALSE(pinned.accepted);
  // Whoever pinned the name does not answer with such a certificate, so someone
  // else does: a portal, most likely, or whoever else is in a position to.
  EXPECT_THAT(pinned.kind, AnyOf("captive-portal", "interception"))
      << Show(pinned.result);
  EXPECT_EQ(pinned.confidence, "low");
}

TEST_F(PortalTest, PlainHttpWhereTlsIsExpected) {
  const Portal portal(*network_, SelfSignedFor("login.hotel-portal.test"));
  const Inspection seen = Inspect("a.wbx2.com:444");
  Note("portal, plain HTTP", seen);
  ExpectUndecided(seen, "plain-http");
  EXPECT_THAT(seen.message, HasSubstr("HTTP"));
  EXPECT_THAT(seen.hint, HasSubstr("captive portal"));
}

}  // namespace
}  // namespace e2e

// tlspin through a real squid that inspects TLS, in each way it can.

#include "tests/e2e/squid.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/dnsmasq.h"
#include "tests/e2e/inspection.h"
#include "tests/e2e/network.h"
#include "tests/e2e/office.h"
#include "tools/mint/mint.h"

namespace e2e {
namespace {

using ::testing::HasSubstr;

constexpr int kPeek = 3128;
constexpr int kStare = 3129;
constexpr int kClientFirst = 3130;
constexpr int kSub = 3131;
constexpr int kAsksWho = 3132;
constexpr int kForbids = 3133;
constexpr int kPlain = 3134;

std::vector<std::string> Through(int port) {
  return {"--proxy", absl::StrCat("http://127.0.0.1:", port)};
}

// One office and its squid serve all tests: neither changes.
class SquidTest : public NetworkTest {
 protected:
  SquidTest() : NetworkTest({"nginx", "squid", "setpriv", "dnsmasq"}) {}

  void SetUp() override {
    NetworkTest::SetUp();
    if (IsSkipped() || HasFatalFailure() || squid_ != nullptr) {
      return;
    }
    office_ = std::make_unique<Office>();
    ASSERT_TRUE(office_->ok());
    // It looks for issuers that a server forgot, and waits for the answer.
    dnsmasq_ = std::make_unique<Dnsmasq>(office_->network,
                                         std::vector<std::string>{"#"});
    Squid::Options options;
    options.authority_pem = absl::StrCat(
        office_->company_root.Pem(), office_->company_root.key.PrivatePem());
    options.upstream_pem = office_->UpstreamRoots();
    options.ports = {
        {kPeek,
         {"peek step1", "splice exempt", "terminate blocked", "bump all"}},
        {kStare, {"stare step1", "bump all"}},
        {kClientFirst, {"bump all"}},
        {kAsksWho, {}},
        {kForbids, {}},
        {kPlain, {}}};
    options.lines = {
        absl::StrCat("acl exempt ssl::server_name ", kExemptHost),
        absl::StrCat("acl blocked ssl::server_name ", kBlockedHost),
        absl::StrCat("auth_param basic program /usr/lib/squid/basic_ncsa_auth ",
                     office_->network.Write("users", "")),
        "acl known proxy_auth REQUIRED",
        absl::StrCat("http_access deny at", kAsksWho, " !known"),
        absl::StrCat("http_access deny at", kForbids)};
    squid_ = std::make_unique<Squid>(office_->network, "bump", options);
  }

  static void TearDownTestSuite() {
    squid_.reset();
    dnsmasq_.reset();
    office_.reset();
  }

  static std::unique_ptr<Office> office_;
  static std::unique_ptr<Dnsmasq> dnsmasq_;
  static std::unique_ptr<Squid> squid_;
};

std::unique_ptr<Office> SquidTest::office_;
std::unique_ptr<Dnsmasq> SquidTest::dnsmasq_;
std::unique_ptr<Squid> SquidTest::squid_;

TEST_F(SquidTest, TheOfficeIsGenuineWithoutIt) {
  for (const char* host :
       {kRsaHost, kEcdsaHost, kExemptHost, kBlockedHost, kStrangeHost}) {
    SCOPED_TRACE(host);
    ExpectGenuine(office_->Inspect(host));
  }
}

// The forged leaf copies subject and validity of the genuine one.
TEST_F(SquidTest, PeekAndBump) {
  office_->ExpectRefused("squid peek", {kRsaHost, kEcdsaHost}, Through(kPeek),
                         office_->company_root_path, kCompany);
}

TEST_F(SquidTest, StareAndBump) {
  office_->ExpectRefused("squid stare", {kRsaHost, kEcdsaHost}, Through(kStare),
                         office_->company_root_path, kCompany);
}

// The forged leaf is made before the server was asked: the name, and nothing.
TEST_F(SquidTest, ClientFirst) {
  office_->ExpectRefused("squid client-first", {kRsaHost, kEcdsaHost},
                         Through(kClientFirst), office_->company_root_path,
                         kCompany);
}

// What squid does not trust, it hides behind a forged leaf that it makes
// untrusted on purpose.
TEST_F(SquidTest, HidesAServerThatItDoesNotTrust) {
  for (const bool installed : {false, true}) {
    std::vector<std::string> arguments = Through(kPeek);
    if (installed) {
      arguments.insert(arguments.end(),
                       {"--local-roots", office_->company_root_path});
    }
    const Inspection seen = office_->Inspect(kStrangeHost, arguments);
    Note("squid, upstream untrusted", seen);
    ExpectInterception(seen, "");
  }
}

TEST_F(SquidTest, PassesAnExemptHostThrough) {
  const Inspection seen = office_->Inspect(kExemptHost, Through(kPeek));
  Note("squid splice", seen);
  ExpectGenuine(seen);
}

TEST_F(SquidTest, EndsTheConnectionOfABlockedHost) {
  const Inspection seen = office_->Inspect(kBlockedHost, Through(kPeek));
  Note("squid terminate", seen);
  ExpectUndecided(seen, "closed-after-client-hello");
  EXPECT_THAT(seen.message, HasSubstr("through http://127.0.0.1:"));
  EXPECT_THAT(seen.hint, HasSubstr(kBlockedHost));
}

TEST_F(SquidTest, SaysWhyThereIsNoTunnel) {
  const struct {
    const char* name;
    int port;
    std::string target;
    const char* code;
    const char* message;  // part of it
  } kRows[] = {
      {"it asks who is there", kAsksWho, kRsaHost, "proxy-authentication",
       "asks who is there"},
      {"its rules forbid it", kForbids, kRsaHost, "proxy-forbidden", "403"},
      {"nothing listens there", kPlain, absl::StrCat(kRsaHost, ":9"),
       "proxy-cannot-connect", "503"},
      {"no proxy there", 9, kRsaHost, "proxy-unreachable",
       "connection refused"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const Inspection seen = office_->Inspect(row.target, Through(row.port));
    Note(absl::StrCat("proxy: ", row.name), seen);
    ExpectUndecided(seen, row.code);
    EXPECT_THAT(seen.message, HasSubstr(row.message));
    EXPECT_THAT(seen.message, HasSubstr("through http://127.0.0.1:"));
    EXPECT_NE(seen.hint, "");
  }
}

TEST_F(SquidTest, SubordinateAuthority) {
  mint::Spec spec = mint::Ca("Example Corp TLS Inspection CA");
  spec.not_before = absl::Now() - absl::Hours(24 * 400);
  spec.not_after = absl::Now() + absl::Hours(24 * 400);
  const mint::Minted sub = mint::Issue(spec, mint::Key::Shared("rsa2048-sub"),
                                       office_->company_root);
  Squid::Options options;
  options.authority_pem = absl::StrCat(sub.Pem(), office_->company_root.Pem(),
                                       sub.key.PrivatePem());
  options.upstream_pem = office_->UpstreamRoots();
  options.ports = {{kSub, {"peek step1", "bump all"}}};
  const Squid squid(office_->network, "sub", options);
  office_->ExpectRefused("squid sub-CA", {kRsaHost, kEcdsaHost}, Through(kSub),
                         office_->company_root_path,
                         "Example Corp TLS Inspection CA");
}

}  // namespace
}  // namespace e2e

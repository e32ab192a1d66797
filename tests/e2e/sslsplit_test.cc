// tlspin through a real sslsplit, which stands in the way in three manners.

#include "tests/e2e/sslsplit.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/e2e/dnsmasq.h"
#include "tests/e2e/inspection.h"
#include "tests/e2e/network.h"
#include "tests/e2e/office.h"
#include "tools/mint/mint.h"

namespace e2e {
namespace {

constexpr int kFixed = 7443;
constexpr int kRedirected = 7444;
constexpr int kByName = 7445;

class SslsplitTest : public NetworkTest {
 protected:
  SslsplitTest() : NetworkTest({"nginx", "sslsplit", "dnsmasq", "iptables"}) {}

  void SetUp() override {
    NetworkTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    office_ = std::make_unique<Office>();
    ASSERT_TRUE(office_->ok());
    // It asks a name server itself, and does not read the hosts file.
    dnsmasq_ = std::make_unique<Dnsmasq>(
        office_->network, std::vector<std::string>{"wbx2.com", "webex.com"});
  }

  // ExpectRefused expects the hosts at `port` to be refused, as intercepted by
  // the company.
  void ExpectRefused(const std::string& scenario, int port) const {
    office_->ExpectRefused(scenario,
                           {absl::StrCat(kRsaHost, ":", port),
                            absl::StrCat(kEcdsaHost, ":", port)},
                           {}, office_->company_root_path, kCompany,
                           Office::Signs::kFew);
  }

  std::unique_ptr<Office> office_;
  std::unique_ptr<Dnsmasq> dnsmasq_;
};

TEST_F(SslsplitTest, InThePlaceOfTheServer) {
  const Sslsplit sslsplit(
      office_->network, "rsa", office_->company_root,
      {{kFixed, "127.0.0.1 443"}, {kByName, "sni 443"}, {kRedirected, ""}});
  ExpectRefused("sslsplit fixed", kFixed);
  ExpectRefused("sslsplit SNI", kByName);
  // It connects on as the user nobody, so its own connections pass.
  office_->network.MustRun(
      "iptables",
      {"-t", "nat", "-A", "OUTPUT", "-p", "tcp", "-d", "127.0.0.1", "--dport",
       "443", "-m", "owner", "!", "--uid-owner", "nobody", "-j", "REDIRECT",
       "--to-ports", absl::StrCat(kRedirected)});
  ExpectRefused("sslsplit NAT", 443);
}

TEST_F(SslsplitTest, WithAnEcdsaLeaf) {
  const mint::Key key = mint::Key::P256();
  const Sslsplit sslsplit(office_->network, "ecdsa", office_->company_root,
                          {{kFixed, "127.0.0.1 443"}}, &key);
  ExpectRefused("sslsplit -K", kFixed);
}

}  // namespace
}  // namespace e2e

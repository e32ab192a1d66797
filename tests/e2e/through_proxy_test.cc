// What goes through a real proxy beside plain TLS: a protocol that begins
// without TLS, and reports.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/authority.h"
#include "tests/e2e/forward_proxy.h"
#include "tests/e2e/inspection.h"
#include "tests/e2e/network.h"
#include "tests/e2e/nginx.h"
#include "tests/e2e/programs.h"
#include "tests/e2e/starttls_server.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/net/starttls.h"

namespace e2e {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Tls = StartTlsServer::Tls;
using tlspin::StartTls;

constexpr char kMail[] = "mail.webex.com";
constexpr char kWeb[] = "www.webex.com";
constexpr char kCollector[] = "reports.example.com";
constexpr char kForbidden[] = "forbidden.example.com";
constexpr char kProxy[] = "http://127.0.0.1:3128";

class ThroughProxyTest : public NetworkTest {
 protected:
  ThroughProxyTest() : NetworkTest({"squid", "nginx", "setpriv", "exim4"}) {}

  void SetUp() override {
    NetworkTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    network_ = std::make_unique<Network>(
        std::vector<std::string>{kMail, kWeb, kCollector, kForbidden});
    ASSERT_TRUE(network_->ok()) << network_->failure();
    network_->Write("roots.pem", authority_.root.Pem());
    network_->Write("pins.json", PinFile({kMail}, {key_}));
    network_->Write("other.json",
                    PinFile({kWeb}, {mint::Key::Shared("p256-other")}));
    ForwardProxy::Options options;
    options.port = 3128;
    options.lines = {absl::StrCat("acl forbidden dstdomain ", kForbidden),
                     "http_access deny forbidden", "http_access allow all"};
    proxy_ = std::make_unique<ForwardProxy>(*network_, options);
  }

  Site SiteOf(const std::string& host) const {
    return MakeSite(host, authority_, key_);
  }

  ProcessResult Tool(std::vector<std::string> words,
                     absl::string_view pins) const {
    words.insert(words.end(), {"--pins", Network::Path(pins), "--roots",
                               Network::Path("roots.pem"), "--proxy", kProxy,
                               "--timeout", "60", "--json"});
    return network_->Tlspin(words);
  }

  const Authority authority_ = MakeAuthority("A", /*rsa=*/false);
  const mint::Key key_ = mint::Key::Shared("p256-leaf");
  std::unique_ptr<Network> network_;
  std::unique_ptr<ForwardProxy> proxy_;
};

TEST_F(ThroughProxyTest, StartTls) {
  const StartTlsServer server(StartTls::kSmtp, SiteOf(kMail), Tls::kOn,
                              network_.get());
  const std::string target = absl::StrCat(kMail, ":", server.port());
  const Inspection seen = ReadInspection(
      Tool({"inspect", target, "--starttls", "smtp"}, "pins.json"));
  ExpectGenuine(seen);
  EXPECT_EQ(seen.pin_status, "matched") << server.Log();
  EXPECT_THAT(proxy_->Log(1),
              ElementsAre(absl::StrCat("- 200 CONNECT ", target, " -")));
}

TEST_F(ThroughProxyTest, StartTlsThatIsNotOffered) {
  const StartTlsServer server(StartTls::kSmtp, SiteOf(kMail), Tls::kOff,
                              network_.get());
  const Inspection seen =
      ReadInspection(Tool({"inspect", absl::StrCat(kMail, ":", server.port()),
                           "--starttls", "smtp"},
                          "pins.json"));
  ExpectUndecided(seen, "starttls-not-offered");
  EXPECT_THAT(seen.message, HasSubstr(absl::StrCat("through ", kProxy)));
}

TEST_F(ThroughProxyTest, AReportOfAFailure) {
  const Nginx nginx({SiteOf(kWeb), SiteOf(kCollector)}, network_.get());
  const std::string url = absl::StrCat("https://", kCollector, "/pins");
  const Inspection seen =
      ReadInspection(Tool({"inspect", kWeb, "--report-to", url}, "other.json"));
  EXPECT_EQ(seen.error, "PIN_MISMATCH") << Show(seen.result);
  EXPECT_THAT(seen.result.standard_error, Not(HasSubstr("warning")));
  EXPECT_THAT(
      proxy_->Log(2),
      ElementsAre(absl::StrCat("- 200 CONNECT ", kWeb, ":443 -"),
                  absl::StrCat("- 200 CONNECT ", kCollector, ":443 -")));
}

TEST_F(ThroughProxyTest, AReportThatTheProxyDoesNotLetThroughIsAWarning) {
  const Nginx nginx({SiteOf(kWeb), SiteOf(kForbidden)}, network_.get());
  const std::string url = absl::StrCat("https://", kForbidden, "/pins");
  const Inspection seen =
      ReadInspection(Tool({"inspect", kWeb, "--report-to", url}, "other.json"));
  EXPECT_EQ(seen.result.exit_code, 1);
  EXPECT_EQ(seen.error, "PIN_MISMATCH");
  EXPECT_THAT(seen.result.standard_error, HasSubstr("warning: "));
  EXPECT_THAT(seen.result.standard_error, HasSubstr("403"));
}

}  // namespace
}  // namespace e2e

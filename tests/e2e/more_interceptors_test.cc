// tlspin through interceptors that its rules were not written beside: their
// certificates differ from squid's, sslsplit's and mitmproxy's, and so will
// those of the next one.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/internal/parsed_certificate.h"
#include "tests/e2e/inspection.h"
#include "tests/e2e/network.h"
#include "tests/e2e/nginx.h"
#include "tests/e2e/office.h"
#include "tests/e2e/programs.h"
#include "tools/mint/mint.h"

namespace e2e {
namespace {

constexpr int kPort = 8443;

class MoreInterceptorsTest : public NetworkTest {
 protected:
  MoreInterceptorsTest() : NetworkTest({"nginx", "privoxy", "haproxy"}) {}

  void SetUp() override {
    NetworkTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    office_ = std::make_unique<Office>();
    ASSERT_TRUE(office_->ok());
  }

  const Network& network() const { return office_->network; }

  // Start starts the interceptor and waits until it listens.
  void Start(const std::string& program,
             const std::vector<std::string>& arguments) {
    process_ = network().Start(FindProgram(program), arguments);
    if (!network().WaitForPort(kPort, *process_)) {
      FAIL() << program << " did not start: "
             << Show(process_->Wait(absl::ZeroDuration()));
    }
  }

  std::unique_ptr<Office> office_;
  std::unique_ptr<BackgroundProcess> process_;
};

TEST_F(MoreInterceptorsTest, PrivoxyThatInspects) {
  const std::string key =
      network().Write("privoxy.key", office_->company_root.key.PrivatePem());
  const std::string minted = network().WritableDirectory("minted");
  network().Write("inspect.action", "{+https-inspection}\n/\n");
  const std::string upstream =
      network().Write("upstream.pem", office_->UpstreamRoots());
  const std::string config = network().Write(
      "privoxy.conf",
      absl::StrCat("listen-address 127.0.0.1:", kPort,
                   "\nconfdir /srv\nactionsfile inspect.action\n"
                   "ca-directory /srv\nca-cert-file company.pem\n"
                   "ca-key-file privoxy.key\ncertificate-directory ",
                   minted, "\ntrusted-cas-file ", upstream, "\n"));
  ASSERT_NO_FATAL_FAILURE(Start("privoxy", {"--no-daemon", config}));
  office_->ExpectRefused("privoxy", {kRsaHost, kEcdsaHost},
                         {"--proxy", absl::StrCat("http://127.0.0.1:", kPort)},
                         office_->company_root_path, kCompany,
                         Office::Signs::kFew);
}

TEST_F(MoreInterceptorsTest, HaproxyThatMints) {
  mint::Spec spec = mint::Leaf({"haproxy.corp.test"});
  spec.not_after = absl::FromUnixSeconds(2500000000);
  const mint::Minted fallback =
      mint::SelfSigned(spec, mint::Key::Shared("rsa2048-haproxy"));
  const std::string certificate = network().Write(
      "haproxy.pem", absl::StrCat(fallback.Pem(), fallback.key.PrivatePem()));
  const std::string authority = network().Write(
      "authority.pem", absl::StrCat(office_->company_root.Pem(),
                                    office_->company_root.key.PrivatePem()));
  const std::string config = network().Write(
      "haproxy.conf",
      absl::StrCat("defaults\n  mode http\n  timeout connect 5s\n"
                   "  timeout client 30s\n  timeout server 30s\n"
                   "frontend inspected\n  bind 127.0.0.1:",
                   kPort, " ssl crt ", certificate,
                   " generate-certificates ca-sign-file ", authority,
                   "\n  default_backend genuine\n"
                   "backend genuine\n  server one 127.0.0.1:443 ssl verify "
                   "none sni ssl_fc_sni\n"));
  ASSERT_NO_FATAL_FAILURE(Start("haproxy", {"-db", "-f", config}));
  office_->ExpectRefused("haproxy",
                         {absl::StrCat(kRsaHost, ":", kPort),
                          absl::StrCat(kEcdsaHost, ":", kPort)},
                         {}, office_->company_root_path, kCompany,
                         Office::Signs::kFew);
}

TEST_F(MoreInterceptorsTest, AnAuthorityServedAsTheServer) {
  // Its key usage forbids what it is used for, which must not end the handshake
  // before anybody can say whose it is.
  office_->nginx->Serve({{kRsaHost, office_->company_root.Pem(),
                          office_->company_root.key.PrivatePem()}});
  const Inspection unknown = office_->Inspect(kRsaHost);
  ExpectInterception(unknown, kCompany);
  const Inspection installed =
      office_->Inspect(kRsaHost, {"--local-roots", office_->company_root_path});
  ExpectInterception(installed, kCompany);
}

TEST_F(MoreInterceptorsTest, AKeyUsageThatForbidsIsNeverAccepted) {
  // Genuine and pinned, and of use for other handshakes than this one.
  mint::Spec spec = mint::Leaf({kRsaHost});
  spec.key_usage = pinning::internal::kKeyEncipherment;
  const mint::Key key = mint::Key::Shared("rsa2048-leaf");
  const mint::Minted leaf = mint::Issue(spec, key, office_->rsa.intermediate);
  office_->nginx->Serve(
      {{kRsaHost, mint::PemOf({leaf, office_->rsa.intermediate}),
        key.PrivatePem()}});
  const Inspection seen = office_->Inspect(kRsaHost);
  EXPECT_FALSE(seen.accepted);
  EXPECT_EQ(seen.result.exit_code, 3) << Show(seen.result);
  EXPECT_NE(seen.message.find("KEY_USAGE_BIT_INCORRECT"), std::string::npos)
      << Show(seen.result);
}

}  // namespace
}  // namespace e2e

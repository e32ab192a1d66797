// tlspin against a real mitmproxy between it and a real nginx. In every mode,
// trusted on this machine or not, the connection is refused and mitmproxy is
// named.

#include "tests/e2e/mitmproxy.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/authority.h"
#include "tests/e2e/nginx.h"
#include "tests/e2e/programs.h"
#include "tools/mint/mint.h"

namespace e2e {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kRsaHost[] = "idbroker.webex.com";
constexpr char kEcdsaHost[] = "identity.webex.com";

class MitmproxyTest : public ProgramsTest {
 protected:
  MitmproxyTest() : ProgramsTest({"nginx", "mitmdump"}) {}

  void SetUp() override {
    ProgramsTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    directory_.Write("roots.pem", mint::PemOf({rsa_.root, ecdsa_.root}));
    directory_.Write("backup.pem",
                     mint::Key::Shared("p256-backup").PublicPem());
    nginx_ = std::make_unique<Nginx>(std::vector<Site>{
        MakeSite(kRsaHost, rsa_, mint::Key::Shared("rsa2048-leaf")),
        MakeSite(kEcdsaHost, ecdsa_, mint::Key::Shared("p256-leaf"))});
    directory_.Write(
        "pins.json",
        PinFile({kRsaHost, kEcdsaHost},
                {mint::Key::Shared("rsa2048-leaf"),
                 mint::Key::Shared("p256-leaf"), rsa_.intermediate.key,
                 ecdsa_.intermediate.key, rsa_.root.key, ecdsa_.root.key}));
  }

  std::string roots() const { return directory_.Path("roots.pem"); }

  // Intercept starts mitmproxy as a proxy that clients are told of
  // (`explicit_proxy`), or in the place of nginx.
  void Intercept(bool explicit_proxy,
                 const std::vector<std::string>& more = {}) {
    explicit_ = explicit_proxy;
    std::vector<std::string> arguments = {"--mode", "regular"};
    if (!explicit_proxy) {
      arguments = {"--mode",
                   absl::StrCat("reverse:https://127.0.0.1:", nginx_->port()),
                   "--set", "keep_host_header=true", "--ssl-insecure"};
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    mitmproxy_ = std::make_unique<Mitmproxy>(
        arguments, mint::PemOf({rsa_.root, ecdsa_.root}));
  }

  // Route returns the arguments that lead to `host` through mitmproxy.
  std::vector<std::string> Route(const std::string& host) const {
    if (explicit_) {
      return {nginx_->Target(host), "--proxy", mitmproxy_->ProxyUrl()};
    }
    return {mitmproxy_->Target(host)};
  }

  // Inspect inspects `host` through mitmproxy with the pins.
  ProcessResult Inspect(const std::string& host,
                        const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"inspect"};
    for (const std::string& word : Route(host)) {
      arguments.push_back(word);
    }
    arguments.insert(arguments.end(), {"--roots", roots(), "--pins",
                                       directory_.Path("pins.json")});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Tlspin(arguments);
  }

  // ExpectNamed expects both hosts refused as intercepted by mitmproxy, with
  // its root unknown to the client and with it added to the machine.
  void ExpectNamed() const {
    for (const char* host : {kRsaHost, kEcdsaHost}) {
      for (const bool installed : {false, true}) {
        SCOPED_TRACE(absl::StrCat(host, installed ? ", root installed" : ""));
        std::vector<std::string> more = {"--json"};
        if (installed) {
          more.insert(more.end(), {"--local-roots", mitmproxy_->root_path()});
        }
        const ProcessResult result = Inspect(host, more);
        EXPECT_EQ(result.exit_code, 1) << Show(result);
        EXPECT_THAT(result.standard_output, HasSubstr("\"accepted\":false"));
        EXPECT_THAT(result.standard_output, HasSubstr("\"mitm\":true"));
        EXPECT_THAT(result.standard_output,
                    HasSubstr("\"product\":\"mitmproxy\""));
        EXPECT_THAT(
            result.standard_output,
            HasSubstr(installed ? "\"mismatch\"" : "\"not-evaluated\""));
      }
    }
  }

  Authority rsa_ = MakeAuthority("A", /*rsa=*/true);
  Authority ecdsa_ = MakeAuthority("B", /*rsa=*/false);
  TempDirectory directory_;
  std::unique_ptr<Nginx> nginx_;
  std::unique_ptr<Mitmproxy> mitmproxy_;
  bool explicit_ = false;
};

TEST_F(MitmproxyTest, IsNamedInThePlaceOfTheServer) {
  Intercept(/*explicit_proxy=*/false);
  ExpectNamed();
}

TEST_F(MitmproxyTest, IsNamedAsAnExplicitProxy) {
  Intercept(/*explicit_proxy=*/true);
  ExpectNamed();
}

// The forged leaf is followed by the genuine leaf and intermediate: their keys
// are served, and are pinned, but no path from the forged leaf holds them.
TEST_F(MitmproxyTest, IsNamedWhenItServesTheGenuineCertificatesToo) {
  for (const bool explicit_proxy : {false, true}) {
    SCOPED_TRACE(explicit_proxy);
    Intercept(explicit_proxy,
              {"--set", "add_upstream_certs_to_client_chain=true"});
    ExpectNamed();
    const ProcessResult result = Inspect(kRsaHost, {"--json"});
    EXPECT_THAT(result.standard_output, HasSubstr("A Issuing CA"))
        << "mitmproxy did not serve the genuine intermediate: " << Show(result);
  }
}

TEST_F(MitmproxyTest, IsNamedForPeople) {
  Intercept(/*explicit_proxy=*/true);
  const ProcessResult result =
      Inspect(kRsaHost, {"--local-roots", mitmproxy_->root_path()});
  EXPECT_EQ(result.exit_code, 1) << Show(result);
  EXPECT_THAT(result.standard_output, HasSubstr("REJECT"));
  EXPECT_THAT(result.standard_output, HasSubstr("MITM"));
  EXPECT_THAT(result.standard_output, HasSubstr("mitmproxy"));
  EXPECT_THAT(result.standard_error, HasSubstr("tlspin: hint: "));
  EXPECT_THAT(result.standard_error, HasSubstr(kRsaHost));
}

TEST_F(MitmproxyTest, PassesAsAPlainTunnelForAnExemptedHost) {
  Intercept(/*explicit_proxy=*/true, {"--ignore-hosts", "^127\\.0\\.0\\.1"});
  const ProcessResult result = Inspect(kRsaHost, {"--json"});
  EXPECT_EQ(result.exit_code, 0) << Show(result);
}

TEST_F(MitmproxyTest, FailsTheCheckOfAPinFile) {
  Intercept(/*explicit_proxy=*/true);
  const ProcessResult result =
      Tlspin({"check", directory_.Path("pins.json"), nginx_->Target(kRsaHost),
              "--proxy", mitmproxy_->ProxyUrl(), "--roots", roots(),
              "--local-roots", mitmproxy_->root_path()});
  EXPECT_EQ(result.exit_code, 1) << Show(result);
  EXPECT_THAT(result.standard_output + result.standard_error,
              HasSubstr("mitmproxy"));
}

TEST_F(MitmproxyTest, IsNotPinned) {
  for (const bool explicit_proxy : {false, true}) {
    Intercept(explicit_proxy);
    for (const bool installed : {false, true}) {
      SCOPED_TRACE(absl::StrCat(explicit_proxy ? "explicit" : "reverse",
                                installed ? ", root installed" : ""));
      const std::string output = directory_.Path("new.json");
      std::vector<std::string> arguments = {"generate"};
      for (const std::string& word : Route(kRsaHost)) {
        arguments.push_back(word);
      }
      arguments.insert(arguments.end(),
                       {"--roots", roots(), "--backup",
                        directory_.Path("backup.pem"), "-o", output});
      if (installed) {
        arguments.insert(arguments.end(),
                         {"--local-roots", mitmproxy_->root_path()});
      }
      const ProcessResult result = Tlspin(arguments);
      EXPECT_EQ(result.exit_code, 1) << Show(result);
      EXPECT_FALSE(std::filesystem::exists(output)) << Show(result);
      EXPECT_THAT(result.standard_output + result.standard_error,
                  HasSubstr("mitmproxy"));
    }
  }
}

}  // namespace
}  // namespace e2e

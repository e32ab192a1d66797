// The servers of the end-to-end tests are what they claim to be, as seen by
// another client: openssl.

#include "tests/e2e/programs.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/authority.h"
#include "tests/e2e/mitmproxy.h"
#include "tests/e2e/nginx.h"
#include "tools/mint/mint.h"

namespace e2e {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class ProgramsSelfTest : public ProgramsTest {
 protected:
  ProgramsSelfTest() : ProgramsTest({"nginx", "mitmdump", "openssl"}) {}

  // Connect shows what openssl is served at `port` for `host`.
  std::string Connect(int port, const std::string& host,
                      const std::string& roots_path,
                      const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"s_client",
                                          "-connect",
                                          absl::StrCat("127.0.0.1:", port),
                                          "-servername",
                                          host,
                                          "-verify_hostname",
                                          host,
                                          "-CAfile",
                                          roots_path,
                                          "-showcerts",
                                          "-verify_return_error"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Show(testing_support::RunProcess(FindProgram("openssl"), arguments));
  }

  Authority rsa_ = MakeAuthority("A", /*rsa=*/true);
  Authority ecdsa_ = MakeAuthority("B", /*rsa=*/false);
  TempDirectory directory_;
};

TEST_F(ProgramsSelfTest, NginxChoosesTheChainByName) {
  const std::string roots =
      directory_.Write("roots.pem", mint::PemOf({rsa_.root, ecdsa_.root}));
  const std::vector<Site> sites = {
      MakeSite("idbroker.webex.com", rsa_, mint::Key::Shared("rsa2048-leaf")),
      MakeSite("identity.webex.com", ecdsa_, mint::Key::Shared("p256-leaf"))};
  Nginx nginx(sites);
  const std::string first = Connect(nginx.port(), "idbroker.webex.com", roots);
  EXPECT_THAT(first, HasSubstr("Verify return code: 0 (ok)"));
  EXPECT_THAT(first, HasSubstr("Peer signature type: RSA-PSS"));
  const std::string second = Connect(nginx.port(), "identity.webex.com", roots);
  EXPECT_THAT(second, HasSubstr("Verify return code: 0 (ok)"));
  EXPECT_THAT(second, HasSubstr("Peer signature type: ECDSA"));

  nginx.Serve({sites[1]});
  EXPECT_THAT(Connect(nginx.port(), "idbroker.webex.com", roots),
              HasSubstr("hostname mismatch"));
}

TEST_F(ProgramsSelfTest, MitmproxyForgesUnderItsOwnRoot) {
  const std::string root_pem = rsa_.root.Pem();
  Nginx nginx({MakeSite("idbroker.webex.com", rsa_,
                        mint::Key::Shared("rsa2048-leaf"))});
  Mitmproxy mitmproxy({"--set", "add_upstream_certs_to_client_chain=true"},
                      root_pem);
  const std::string seen =
      Connect(nginx.port(), "idbroker.webex.com", mitmproxy.root_path(),
              {"-proxy", absl::StrCat("127.0.0.1:", mitmproxy.port())});
  EXPECT_THAT(seen, HasSubstr("Verify return code: 0 (ok)"));
  EXPECT_THAT(seen, ContainsRegex("issuer=CN = mitmproxy, O = mitmproxy"));
  // The genuine certificates follow the forged one.
  EXPECT_THAT(seen, ContainsRegex("2 s:.*CN = A Issuing CA"));
}

}  // namespace
}  // namespace e2e

// tlspin through a real mitmproxy in a network of its own: where it is not
// asked for, where it lets a host pass, and where it hides a server that it
// does not trust. mitmproxy_test has the modes that need no network.

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/inspection.h"
#include "tests/e2e/mitmproxy.h"
#include "tests/e2e/network.h"
#include "tests/e2e/office.h"

namespace e2e {
namespace {

using ::testing::Contains;

constexpr int kPort = 8080;
constexpr char kProduct[] = "mitmproxy";

class MitmproxyNetworkTest : public NetworkTest {
 protected:
  MitmproxyNetworkTest()
      : NetworkTest({"nginx", "mitmdump", "iptables", "setpriv"}) {}
};

// Connections to port 443 are led to mitmproxy, but for those of its own user.
TEST_F(MitmproxyNetworkTest, Transparent) {
  const Office office;
  ASSERT_TRUE(office.ok());
  const Mitmproxy mitmproxy(office.network, kPort,
                            {"--mode", "transparent", "--showhost", "--set",
                             "add_upstream_certs_to_client_chain=true"},
                            office.UpstreamRoots());
  office.network.MustRun(
      "iptables",
      {"-t", "nat", "-A", "OUTPUT", "-p", "tcp", "-d", "127.0.0.1", "--dport",
       "443", "-m", "owner", "!", "--uid-owner", "nobody", "-j", "REDIRECT",
       "--to-ports", std::to_string(kPort)});
  office.ExpectRefused("mitmproxy transparent, genuine appended",
                       {kRsaHost, kEcdsaHost}, {}, mitmproxy.root_path(),
                       kProduct);
}

TEST_F(MitmproxyNetworkTest, AsAProxy) {
  const Office office;
  ASSERT_TRUE(office.ok());
  const Mitmproxy mitmproxy(office.network, kPort,
                            {"--ignore-hosts", "^idbroker\\.webex\\.com"},
                            office.UpstreamRoots());
  const std::vector<std::string> through = {"--proxy", mitmproxy.ProxyUrl()};
  office.ExpectRefused("mitmproxy explicit", {kRsaHost, kEcdsaHost}, through,
                       mitmproxy.root_path(), kProduct);
  // It makes the tunnel and mints a certificate for the name alone, under
  // which it will say 502.
  office.ExpectRefused("mitmproxy, upstream untrusted", {kStrangeHost}, through,
                       mitmproxy.root_path(), kProduct);

  const Inspection exempt = office.Inspect(kExemptHost, through);
  Note("mitmproxy ignore-hosts", exempt);
  ExpectGenuine(exempt);
}

}  // namespace
}  // namespace e2e

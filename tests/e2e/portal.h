#ifndef TESTS_E2E_PORTAL_H_
#define TESTS_E2E_PORTAL_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/e2e/dnsmasq.h"
#include "tests/e2e/network.h"
#include "tests/e2e/programs.h"
#include "tools/mint/mint.h"

namespace e2e {

// A Portal is a guest network before the guest has signed in: every name leads
// to one nginx, which presents one certificate on port 443 for every name, and
// answers plain HTTP on port 444, where TLS is expected. Its construction fails
// the test if it does not come up.
class Portal {
 public:
  Portal(const Network& network, const mint::Minted& certificate);

 private:
  std::unique_ptr<Dnsmasq> dnsmasq_;
  std::unique_ptr<BackgroundProcess> nginx_;
};

}  // namespace e2e

#endif  // TESTS_E2E_PORTAL_H_

#ifndef TESTS_E2E_SSLSPLIT_H_
#define TESTS_E2E_SSLSPLIT_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/network.h"
#include "tests/e2e/programs.h"
#include "tools/mint/mint.h"

namespace e2e {

// Sslsplit is a running sslsplit. Its construction fails the test if it does
// not come up.
class Sslsplit {
 public:
  // A Port is one of 127.0.0.1 that it listens on, and where it leads.
  struct Port {
    int number;
    // "127.0.0.1 443", "sni 443", or empty: where the firewall says that the
    // connection was going.
    std::string destination;
  };

  // It mints under `authority`, with leaves that all hold `leaf_key`, or with
  // an RSA key of its own if that is null.
  Sslsplit(const Network& network, const std::string& name,
           const mint::Minted& authority, const std::vector<Port>& ports,
           const mint::Key* leaf_key = nullptr);

 private:
  std::unique_ptr<BackgroundProcess> process_;
};

}  // namespace e2e

#endif  // TESTS_E2E_SSLSPLIT_H_

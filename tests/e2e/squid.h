#ifndef TESTS_E2E_SQUID_H_
#define TESTS_E2E_SQUID_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/network.h"
#include "tests/e2e/programs.h"

namespace e2e {

// Squid is a running squid that inspects TLS (ssl-bump). Its construction fails
// the test if it does not come up.
class Squid {
 public:
  // A Port is one that it listens on, for itself in how it inspects.
  struct Port {
    int number;
    // Lines of `ssl_bump`, such as "bump all", in order; "step1" is the moment
    // when only the address is known.
    std::vector<std::string> rules;
  };

  // `authority_pem` holds the certificate that it mints under, with its key,
  // and those above it; `upstream_pem` what it trusts. Squid keeps what it
  // minted by host and not by authority, so each gets a store of its own.
  // `acls` name things for the rules: "exempt ssl::server_name example.com".
  Squid(const Network& network, const std::string& name,
        const std::string& authority_pem, const std::string& upstream_pem,
        const std::vector<Port>& ports,
        const std::vector<std::string>& acls = {});

 private:
  std::unique_ptr<BackgroundProcess> process_;
};

}  // namespace e2e

#endif  // TESTS_E2E_SQUID_H_

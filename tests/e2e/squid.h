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
  // A Port is one that it listens on, for itself in how it inspects: not at all
  // if there are no rules.
  struct Port {
    int number;
    // Lines of `ssl_bump`, such as "bump all", in order; "step1" is the moment
    // when only the address is known.
    std::vector<std::string> rules;
  };

  struct Options {
    // The certificate that it mints under, with its key, and those above it.
    std::string authority_pem;
    std::string upstream_pem;  // what it trusts
    std::vector<Port> ports;
    // Further lines, such as "acl exempt ssl::server_name example.com" for the
    // rules. The port 3128 has the acl "at3128".
    std::vector<std::string> lines;
  };

  // Squid keeps what it minted by host and not by authority, so each gets a
  // store of its own, by its `name`.
  Squid(const Network& network, const std::string& name,
        const Options& options);

 private:
  std::unique_ptr<BackgroundProcess> process_;
};

}  // namespace e2e

#endif  // TESTS_E2E_SQUID_H_

#ifndef TESTS_E2E_FORWARD_PROXY_H_
#define TESTS_E2E_FORWARD_PROXY_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/network.h"

namespace e2e {

// A ForwardProxy is a running squid that passes connections on, untouched, to
// whom it knows. Its construction fails the test if it does not come up.
class ForwardProxy {
 public:
  struct Options {
    int port = 0;         // plain
    int tls_port = 0;     // in TLS; zero: none
    std::string tls_pem;  // what it presents there: the chain and the key
    // Lines that say how it learns who is there, "auth_param ...", and whom it
    // lets through.
    std::vector<std::string> lines;
    std::vector<std::string> environment;  // "NAME=VALUE"
  };
  ForwardProxy(const Network& network, const Options& options);

  // Log returns its access log: "USER STATUS METHOD HOST:PORT AUTHORIZATION" a
  // line, of which it waits for at least `lines`.
  std::vector<std::string> Log(size_t lines) const;

 private:
  const Network& network_;
  std::unique_ptr<BackgroundProcess> process_;
};

}  // namespace e2e

#endif  // TESTS_E2E_FORWARD_PROXY_H_

#ifndef TESTS_E2E_DNSMASQ_H_
#define TESTS_E2E_DNSMASQ_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/network.h"
#include "tests/e2e/programs.h"

namespace e2e {

// Dnsmasq is a running name server of a network, which answers 127.0.0.1 for
// every name under `domains`; "#" stands for every name there is. Its
// construction fails the test if it does not come up.
class Dnsmasq {
 public:
  Dnsmasq(const Network& network, const std::vector<std::string>& domains);

 private:
  std::unique_ptr<BackgroundProcess> process_;
};

}  // namespace e2e

#endif  // TESTS_E2E_DNSMASQ_H_

#ifndef TESTS_E2E_NGINX_H_
#define TESTS_E2E_NGINX_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/e2e/authority.h"
#include "tests/e2e/network.h"
#include "tests/e2e/programs.h"

namespace e2e {

// Nginx is a running nginx that chooses among `sites` by SNI; the first is the
// default. Its construction fails the test if nginx does not come up.
class Nginx {
 public:
  // On a free port of this machine, or on port 443 of `network`, which must
  // outlive it.
  explicit Nginx(std::vector<Site> sites, const Network* network = nullptr);

  int port() const { return port_; }
  // Target returns "HOST@127.0.0.1:PORT", as tlspin takes it.
  std::string Target(absl::string_view host) const;
  // Serve makes it serve `sites` from now on, on the same port.
  void Serve(const std::vector<Site>& sites);

 private:
  bool Start();

  const Network* network_;
  TempDirectory directory_;
  int port_ = 0;
  std::unique_ptr<BackgroundProcess> process_;
};

}  // namespace e2e

#endif  // TESTS_E2E_NGINX_H_

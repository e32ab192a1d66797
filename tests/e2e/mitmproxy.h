#ifndef TESTS_E2E_MITMPROXY_H_
#define TESTS_E2E_MITMPROXY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/e2e/network.h"
#include "tests/e2e/programs.h"

namespace e2e {

// Mitmproxy is a running mitmdump, in the mode that its arguments say. Its
// construction fails the test if it does not come up.
class Mitmproxy {
 public:
  // `upstream_root_pem` is what it trusts when it connects on.
  Mitmproxy(const std::vector<std::string>& arguments,
            const std::string& upstream_root_pem);
  // On `port` of `network`, which must outlive it, as the user nobody.
  Mitmproxy(const Network& network, int port,
            const std::vector<std::string>& arguments,
            const std::string& upstream_root_pem);

  int port() const { return port_; }
  std::string Target(absl::string_view host) const;
  std::string ProxyUrl() const;
  // root_path returns the file of the authority it mints under.
  std::string root_path() const { return root_path_; }

 private:
  TempDirectory directory_;
  std::string root_path_;
  int port_ = 0;
  std::unique_ptr<BackgroundProcess> process_;
};

}  // namespace e2e

#endif  // TESTS_E2E_MITMPROXY_H_

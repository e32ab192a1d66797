#ifndef TOOLS_TLSPIN_NET_NO_PROXY_H_
#define TOOLS_TLSPIN_NET_NO_PROXY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tlspin {

// A NoProxy says which hosts are reached without the proxy, as curl reads
// NO_PROXY: names or addresses with commas or spaces between, of which
//   *                  means every host, if it is all there is
//   example.com        means that name and all below it; .example.com the same
//   10.1.2.3, [::1]    mean that address
//   10.0.0.0/8         means the addresses of that network; IPv6 too
class NoProxy {
 public:
  NoProxy() = default;
  explicit NoProxy(absl::string_view list);

  // Covers takes a name or an address, without brackets.
  bool Covers(absl::string_view host) const;

  // everything is whether it covers every host.
  bool everything() const { return everything_; }

 private:
  struct Network {
    std::vector<uint8_t> address;  // 4 or 16 bytes
    int bits;
  };

  bool everything_ = false;
  std::vector<std::string> names_;  // lower case, no dot at either end
  std::vector<Network> networks_;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_NO_PROXY_H_

#include "tools/tlspin/net/no_proxy.h"

#include <arpa/inet.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace tlspin {
namespace {

// AddressOf returns the bytes of an address, or none.
std::vector<uint8_t> AddressOf(absl::string_view text) {
  const std::string copy(text);
  std::vector<uint8_t> bytes(16);
  if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) {
    return bytes;
  }
  bytes.resize(4);
  if (inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1) {
    return bytes;
  }
  return {};
}

bool SameBits(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b,
              int bits) {
  for (int i = 0; i < bits; ++i) {
    const size_t byte = static_cast<size_t>(i) / 8;
    if (((a[byte] ^ b[byte]) >> (7 - i % 8) & 1) != 0) {
      return false;
    }
  }
  return true;
}

std::string WithoutDots(absl::string_view name) {
  absl::ConsumePrefix(&name, ".");
  absl::ConsumeSuffix(&name, ".");
  return absl::AsciiStrToLower(name);
}

}  // namespace

NoProxy::NoProxy(absl::string_view list) {
  everything_ = absl::StripAsciiWhitespace(list) == "*";
  for (absl::string_view word :
       absl::StrSplit(list, absl::ByAnyChar(", \t"), absl::SkipEmpty())) {
    const std::vector<absl::string_view> parts =
        absl::StrSplit(word, absl::MaxSplits('/', 1));
    absl::string_view host = parts[0];
    if (absl::ConsumePrefix(&host, "[")) {
      absl::ConsumeSuffix(&host, "]");
    }
    std::vector<uint8_t> address = AddressOf(host);
    if (address.empty()) {
      const std::string name = WithoutDots(word);
      if (!name.empty()) {
        names_.push_back(name);
      }
      continue;
    }
    const int all = static_cast<int>(address.size()) * 8;
    int bits = all;
    if (parts.size() == 2 &&
        (!absl::SimpleAtoi(parts[1], &bits) || bits < 0 || bits > all)) {
      continue;  // matches nothing, as for curl
    }
    networks_.push_back({std::move(address), bits});
  }
}

bool NoProxy::Covers(absl::string_view host) const {
  if (everything_) {
    return true;
  }
  const std::vector<uint8_t> address = AddressOf(host);
  if (!address.empty()) {
    return std::any_of(
        networks_.begin(), networks_.end(), [&address](const Network& network) {
          return network.address.size() == address.size() &&
                 SameBits(network.address, address, network.bits);
        });
  }
  const std::string name = WithoutDots(host);
  return std::any_of(names_.begin(), names_.end(),
                     [&name](const std::string& suffix) {
                       absl::string_view above = name;
                       return absl::ConsumeSuffix(&above, suffix) &&
                              (above.empty() || absl::EndsWith(above, "."));
                     });
}

}  // namespace tlspin

#ifndef PINNING_INTERCEPTOR_PRODUCT_H_
#define PINNING_INTERCEPTOR_PRODUCT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace pinning {

// VendorKind is what sort of product an interceptor is.
enum class VendorKind : uint8_t {
  kUnknown = 0,
  kEnterpriseProxy = 1,
  kFirewall = 2,
  kAntivirus = 3,
  kDeveloperProxy = 4,
  kParentalControl = 5,
  kMalware = 6,
  kState = 7,
};

// VendorKindName returns the stable name, such as "enterprise-proxy".
absl::string_view VendorKindName(VendorKind kind);

// AllVendorKinds returns every kind, in numeric order.
absl::Span<const VendorKind> AllVendorKinds();

// An InterceptorProduct is one product that terminates TLS on the way.
struct InterceptorProduct {
  std::string name;  // unique in its catalogue
  VendorKind kind = VendorKind::kUnknown;
  // Where it is written what the product's authority is called: a URL.
  std::string source;
  // Whether somebody read that there. False: the names are from memory.
  bool confirmed = true;
};

}  // namespace pinning

#endif  // PINNING_INTERCEPTOR_PRODUCT_H_

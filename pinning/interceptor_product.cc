#include "pinning/interceptor_product.h"

namespace pinning {
namespace {

constexpr VendorKind kAllVendorKinds[] = {
    VendorKind::kUnknown,        VendorKind::kEnterpriseProxy,
    VendorKind::kFirewall,       VendorKind::kAntivirus,
    VendorKind::kDeveloperProxy, VendorKind::kParentalControl,
    VendorKind::kMalware,        VendorKind::kState,
};

}  // namespace

absl::Span<const VendorKind> AllVendorKinds() { return kAllVendorKinds; }

absl::string_view VendorKindName(VendorKind kind) {
  switch (kind) {
    case VendorKind::kUnknown:
      return "unknown";
    case VendorKind::kEnterpriseProxy:
      return "enterprise-proxy";
    case VendorKind::kFirewall:
      return "firewall";
    case VendorKind::kAntivirus:
      return "antivirus";
    case VendorKind::kDeveloperProxy:
      return "developer-proxy";
    case VendorKind::kParentalControl:
      return "parental-control";
    case VendorKind::kMalware:
      return "malware";
    case VendorKind::kState:
      return "state";
  }
  return "unknown";
}

}  // namespace pinning

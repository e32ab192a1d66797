#ifndef PINNING_INTERCEPTOR_CATALOGUE_H_
#define PINNING_INTERCEPTOR_CATALOGUE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/pin.h"

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

// An InterceptorCatalogue lists the certificate authorities of known
// interception products (pins/interceptors.json). Immutable and shareable.
class InterceptorCatalogue {
 public:
  struct Product {
    std::string name;
    VendorKind kind = VendorKind::kUnknown;
  };

  // FromJson parses a catalogue. It returns INVALID_ARGUMENT whose message
  // begins "FILE:LINE:COLUMN: "; it never returns part of a file.
  static absl::StatusOr<std::shared_ptr<const InterceptorCatalogue>> FromJson(
      absl::string_view text, absl::string_view file_name = "interceptors");

  // BuiltIn returns the catalogue that the library was built with.
  static std::shared_ptr<const InterceptorCatalogue> BuiltIn();

  // FindByName returns the product whose rule matches the name of the
  // authority that issued `certificate`, or null.
  const Product* FindByIssuer(const Certificate& certificate) const;

  // FindByKey returns the product known to hold the key `spki`, or null.
  const Product* FindByKey(const Pin& spki) const;

  size_t size() const;

  ~InterceptorCatalogue();

 private:
  struct Rep;
  explicit InterceptorCatalogue(std::unique_ptr<const Rep> rep);

  std::unique_ptr<const Rep> rep_;
};

}  // namespace pinning

#endif  // PINNING_INTERCEPTOR_CATALOGUE_H_

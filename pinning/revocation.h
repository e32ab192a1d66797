#ifndef PINNING_REVOCATION_H_
#define PINNING_REVOCATION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace pinning {

namespace internal {
struct ParsedCrl;  // pinning/internal/crl_parser.h
}  // namespace internal

// RevocationData is what a caller knows of revoked certificates: certificate
// revocation lists (RFC 5280, section 5), however it came by them. It is
// immutable and may be used from several threads at once.
// docs/path-validation.md says which CRLs are used.
//
// Nothing in it is believed as it stands: a CRL counts only once the key of the
// certificate's issuer, as it is on the path, has been found to have signed it.
class RevocationData {
 public:
  // FromCrls parses `crls_der`, each one CRL in DER, copying them. It returns
  // INVALID_ARGUMENT, naming the index and the byte offset, if one is not
  // well-formed or is larger than `kMaxCrlSize`, if it has more than
  // `kMaxCrlEntries`, and if there is none or more than `kMaxCrls`. One that is
  // well-formed and of no use is none of these: it covers no certificate.
  static absl::StatusOr<std::shared_ptr<const RevocationData>> FromCrls(
      absl::Span<const absl::Span<const uint8_t>> crls_der);

  static constexpr size_t kMaxCrls = 1000;
  static constexpr size_t kMaxCrlSize = 16 * 1024 * 1024;
  static constexpr size_t kMaxCrlEntries = 500'000;

  // CrlsOf returns the CRLs of the issuer with the name `normalized`, for this
  // library's own rooms.
  absl::Span<const std::shared_ptr<const internal::ParsedCrl>> CrlsOf(
      absl::string_view normalized) const;

 private:
  RevocationData() = default;

  absl::flat_hash_map<std::string,
                      std::vector<std::shared_ptr<const internal::ParsedCrl>>>
      by_issuer_;
};

// Revocation is what is known about revocation at one verification. By default
// nothing is, and nothing is asked for.
struct Revocation {
  // If set, each certificate below the anchor has to be covered by a CRL of its
  // issuer, else the path is refused (kRevocationUnknown), and so it is if a
  // CRL lists one (kRevoked).
  std::shared_ptr<const RevocationData> crls;
};

}  // namespace pinning

#endif  // PINNING_REVOCATION_H_

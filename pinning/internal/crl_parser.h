#ifndef PINNING_INTERNAL_CRL_PARSER_H_
#define PINNING_INTERNAL_CRL_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/signature.h"

// Certificate revocation lists (RFC 5280, section 5): their form, and what they
// are good for. Nothing here is verified.
namespace pinning {
namespace internal {

// A ParsedCrl is the parsed form of one CRL. Spans point into `der`, which the
// struct owns; it is built once, held by shared_ptr and never moved.
struct ParsedCrl {
  std::vector<uint8_t> der;

  SignedData signed_data;
  Name issuer;
  absl::Time this_update;
  absl::Time next_update;      // meaningful only if usable
  std::vector<Bytes> serials;  // content octets of INTEGERs, sorted

  // Why the status of no certificate may be taken from it, whatever the time
  // and whoever signed it; empty if it may. Well-formed all the same.
  std::string unusable;

  // Of the issuing distribution point (5.2.5): the certificates it is about.
  bool only_users = false;
  bool only_authorities = false;
  // The GeneralNames, whole, of the distribution point that it is for, if it is
  // for one alone.
  std::optional<std::vector<Bytes>> distribution_point;

  // Lists returns whether `serial`, the content octets, is revoked.
  bool Lists(Bytes serial) const;

  // Covers returns whether it would list `certificate`, one of its issuer's,
  // if that was revoked (6.3.3(b)(2)).
  bool Covers(const ParsedCertificate& certificate) const;
};

// ParseCrl parses exactly one CertificateList (RFC 5280, 5.1), copying `der`.
// It returns INVALID_ARGUMENT, naming the byte offset, if `der` is not strict
// DER of that shape, and if it lists more than `max_entries`.
//
// Deviation: revokedCertificates may be empty, where 5.1.2.6 has it absent.
absl::StatusOr<std::shared_ptr<const ParsedCrl>> ParseCrl(
    absl::Span<const uint8_t> der, size_t max_entries);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_CRL_PARSER_H_

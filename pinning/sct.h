#ifndef PINNING_SCT_H_
#define PINNING_SCT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"

// Signed certificate timestamps (RFC 6962, 3.2 and 3.3): a log's promise to
// publish a certificate. Here they are only read; a CtLogList verifies them.
//
// RFC 9162 (version 2), which no public log implements, is not read.
namespace pinning {

// SctSource is where an SCT was found (RFC 6962, 3.3).
enum class SctSource : uint8_t {
  kEmbedded = 1,      // in an extension of the certificate
  kTlsExtension = 2,  // in the TLS extension signed_certificate_timestamp
  kOcsp = 3,          // in an extension of the stapled OCSP response
};

// SctSourceName returns the stable name: "embedded", "tls", "ocsp".
absl::string_view SctSourceName(SctSource source);

// An Sct is one SignedCertificateTimestamp, and says nothing until verified.
struct Sct {
  SctSource source = SctSource::kEmbedded;
  // 0 is v1. RFC 6962, 3.3 wants an SCT of another version kept apart, not
  // refused: nothing but the version is read of it.
  uint8_t version = 0;
  std::array<uint8_t, 32> log_id = {};  // SHA-256 of the log's SPKI
  uint64_t timestamp_ms = 0;            // since the Unix epoch, as signed
  std::vector<uint8_t> extensions;      // CtExtensions, opaque
  uint8_t hash_algorithm = 0;           // RFC 5246, 7.4.1.4.1: 4 is SHA-256
  uint8_t signature_algorithm = 0;      // 1 is RSA, 3 is ECDSA
  std::vector<uint8_t> signature;

  // timestamp returns `timestamp_ms`, absl::InfiniteFuture() if it is past the
  // year 9999.
  absl::Time timestamp() const;
};

// What one list may hold: several times what policies ask for (docs/defaults.md
// has the source). A list with more is refused whole.
constexpr size_t kMaxSctsPerList = 32;

// ParseSctList parses a SignedCertificateTimestampList (RFC 6962, 3.3), its
// two octets of length included, as the TLS extension has it. It returns
// INVALID_ARGUMENT, naming the byte offset, if the list or an SCT in it is
// empty, is cut off, or has trailing bytes, or if there are more than
// kMaxSctsPerList.
absl::StatusOr<std::vector<Sct>> ParseSctList(absl::Span<const uint8_t> list,
                                              SctSource source);

// EmbeddedScts parses the SCTs in `certificate` (1.3.6.1.4.1.11129.2.4.2), none
// if it has no such extension. It fails as ParseSctList does.
absl::StatusOr<std::vector<Sct>> EmbeddedScts(const Certificate& certificate);

// OcspScts parses the SCTs (1.3.6.1.4.1.11129.2.4.5) in the answers of
// `response`, an OCSPResponse, about `certificate`, which is told by its serial
// number alone: the signature of an SCT says what it is for. None if the
// response is of an error or has no such extension. It returns
// INVALID_ARGUMENT, naming the byte offset, if `response` is not strict DER of
// that shape, is larger than kMaxOcspSize or has more than kMaxOcspAnswers.
// The response's own signature is not verified, and nothing else in it is used.
absl::StatusOr<std::vector<Sct>> OcspScts(absl::Span<const uint8_t> response,
                                          const Certificate& certificate);

constexpr size_t kMaxOcspSize = 64 * 1024;
constexpr size_t kMaxOcspAnswers = 64;

}  // namespace pinning

#endif  // PINNING_SCT_H_

#ifndef PINNING_ERROR_H_
#define PINNING_ERROR_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace pinning {

// ErrorCode says why a candidate path, or a whole verification, was refused.
// Values are stable and append-only: they appear in reports and in `--json`.
// Zero is not success, so that forgotten initialization is never trust.
enum class ErrorCode : uint16_t {
  kUnspecified = 0,

  // Path building.
  kNoPath = 1,            // no path leads to a trust anchor
  kBudgetExhausted = 2,   // the search was cut off; see `Limits`
  kDistrustedAnchor = 3,  // a key on every path is marked distrusted

  // RFC 5280, section 6.
  kBadSignature = 10,
  kExpired = 11,
  kNotYetValid = 12,
  kNotACa = 13,
  kPathLengthExceeded = 14,
  kNameConstraintViolated = 15,
  kUnhandledCriticalExtension = 16,
  kKeyUsage = 17,
  kExtendedKeyUsage = 18,
  kUnacceptableAlgorithm = 19,
  kUnacceptableKey = 20,
  kInvalidProfile = 21,  // well-formed DER that RFC 5280 section 4 forbids
  kPolicy = 22,          // no certificate policy, where one is required
  kRevoked = 23,
  kRevocationUnknown = 24,  // CRLs were given, and none of use covers it

  // RFC 9525.
  kNameMismatch = 30,
  kNoServerName = 31,  // the caller never said whom it wanted to reach

  // RFC 7469.
  kPinMismatch = 40,      // a valid path exists; none holds a pinned key
  kBlockedPin = 41,       // a key on every acceptable path is blocked
  kPinSetExpired = 42,    // expired, and configured to refuse
  kPinStoreDamaged = 43,  // which pins the name has cannot be read

  // What the peer presented could not be judged at all.
  kEmptyChain = 50,
  kChainTooLong = 51,
  kMalformedCertificate = 52,
};

// ErrorCodeName returns the stable name of `code`, such as "PIN_MISMATCH".
absl::string_view ErrorCodeName(ErrorCode code);

// ErrorCodeSpec returns the clause that `code` enforces, such as "RFC 5280
// 6.1.4(n)". It is empty for codes that no specification defines.
absl::string_view ErrorCodeSpec(ErrorCode code);

// AllErrorCodes returns every code but kUnspecified, in numeric order.
absl::Span<const ErrorCode> AllErrorCodes();

// A PathError is one error and where it was found.
struct PathError {
  ErrorCode code = ErrorCode::kUnspecified;
  int depth = -1;      // 0 is the leaf; -1 is the path as a whole
  std::string detail;  // for people; never parsed, never asserted on
};

// MoreSpecific returns whichever of `a` and `b` tells the reader more, so that
// a search over many paths reports the most useful failure and not the last.
// Ties go to `a`.
const PathError& MoreSpecific(const PathError& a, const PathError& b);

}  // namespace pinning

#endif  // PINNING_ERROR_H_

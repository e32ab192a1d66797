#include "pinning/error.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pinning {
namespace {

// A Row is all that is known of one code. `rank` orders failures by how much
// they tell: a path that ends nowhere says less than one that reached an anchor
// and broke a rule there.
struct Row {
  ErrorCode code;
  absl::string_view name;
  absl::string_view spec;
  int rank;
};

constexpr Row kRows[] = {
    {ErrorCode::kNoPath, "NO_PATH", "RFC 5280 6.1", 1},
    {ErrorCode::kBudgetExhausted, "BUDGET_EXHAUSTED", "", 9},
    {ErrorCode::kDistrustedAnchor, "DISTRUSTED_ANCHOR", "", 8},
    {ErrorCode::kBadSignature, "BAD_SIGNATURE", "RFC 5280 6.1.3(a)(1)", 2},
    {ErrorCode::kExpired, "EXPIRED", "RFC 5280 6.1.3(a)(2)", 7},
    {ErrorCode::kNotYetValid, "NOT_YET_VALID", "RFC 5280 6.1.3(a)(2)", 7},
    {ErrorCode::kNotACa, "NOT_A_CA", "RFC 5280 6.1.4(k)", 4},
    {ErrorCode::kPathLengthExceeded, "PATH_LENGTH_EXCEEDED",
     "RFC 5280 6.1.4(m)", 5},
    {ErrorCode::kNameConstraintViolated, "NAME_CONSTRAINT_VIOLATED",
     "RFC 5280 6.1.3(b)", 6},
    {ErrorCode::kUnhandledCriticalExtension, "UNHANDLED_CRITICAL_EXTENSION",
     "RFC 5280 6.1.4(o)", 5},
    {ErrorCode::kKeyUsage, "KEY_USAGE", "RFC 5280 6.1.4(n)", 4},
    {ErrorCode::kExtendedKeyUsage, "EXTENDED_KEY_USAGE", "RFC 5280 4.2.1.12",
     6},
    {ErrorCode::kUnacceptableAlgorithm, "UNACCEPTABLE_ALGORITHM", "", 3},
    {ErrorCode::kUnacceptableKey, "UNACCEPTABLE_KEY", "", 3},
    {ErrorCode::kInvalidProfile, "INVALID_PROFILE", "RFC 5280 4", 3},
    {ErrorCode::kPolicy, "POLICY", "RFC 5280 6.1.5(g)", 6},
    {ErrorCode::kRevoked, "REVOKED", "RFC 5280 6.1.3(a)(3)", 8},
    {ErrorCode::kRevocationUnknown, "REVOCATION_UNKNOWN", "RFC 5280 6.3.3", 6},
    {ErrorCode::kNameMismatch, "NAME_MISMATCH", "RFC 9525 6", 10},
    {ErrorCode::kNoServerName, "NO_SERVER_NAME", "RFC 9525 6.1", 10},
    {ErrorCode::kPinMismatch, "PIN_MISMATCH", "RFC 7469 2.6", 10},
    {ErrorCode::kBlockedPin, "BLOCKED_PIN", "", 11},
    {ErrorCode::kPinSetExpired, "PIN_SET_EXPIRED", "", 11},
    {ErrorCode::kPinStoreDamaged, "PIN_STORE_DAMAGED", "", 12},
    {ErrorCode::kEmptyChain, "EMPTY_CHAIN", "RFC 8446 4.4.2", 12},
    {ErrorCode::kChainTooLong, "CHAIN_TOO_LONG", "", 12},
    {ErrorCode::kMalformedCertificate, "MALFORMED_CERTIFICATE", "RFC 5280 4.1",
     12},
};

const Row* Find(ErrorCode code) {
  const auto row = std::find_if(std::begin(kRows), std::end(kRows),
                                [&](const Row& r) { return r.code == code; });
  return row == std::end(kRows) ? nullptr : row;
}

int RankOf(ErrorCode code) {
  const Row* row = Find(code);
  return row == nullptr ? 0 : row->rank;
}

template <size_t... I>
absl::Span<const ErrorCode> Codes(std::index_sequence<I...>) {
  static constexpr ErrorCode kCodes[] = {kRows[I].code...};
  return kCodes;
}

}  // namespace

absl::string_view ErrorCodeName(ErrorCode code) {
  const Row* row = Find(code);
  return row == nullptr ? "UNSPECIFIED" : row->name;
}

absl::string_view ErrorCodeSpec(ErrorCode code) {
  const Row* row = Find(code);
  return row == nullptr ? "" : row->spec;
}

absl::Span<const ErrorCode> AllErrorCodes() {
  return Codes(std::make_index_sequence<std::size(kRows)>());
}

const PathError& MoreSpecific(const PathError& a, const PathError& b) {
  return RankOf(b.code) > RankOf(a.code) ? b : a;
}

}  // namespace pinning

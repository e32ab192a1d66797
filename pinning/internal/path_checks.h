#ifndef PINNING_INTERNAL_PATH_CHECKS_H_
#define PINNING_INTERNAL_PATH_CHECKS_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/internal/check_result.h"
#include "pinning/policy_options.h"
#include "pinning/trust_store.h"

// One function per group of clauses of RFC 5280, section 6.1; PathBuilder
// decides their order. Results carry no depth unless the function says so.
//
// What the specification leaves open is decided so:
//
//   - Extended key usage. A leaf must list the purpose itself:
//     anyExtendedKeyUsage does not stand for it, as the Baseline Requirements
//     (7.1.2.7.10) forbid it in server certificates. A leaf without the
//     extension serves every purpose (RFC 5280, 4.2.1.12). A certificate
//     authority that has the extension must list the purpose or
//     anyExtendedKeyUsage: RFC 5280 does not chain the extension, every
//     deployed verifier does, and authorities rely on it.
//   - Key usage of a leaf. TLS servers sign, encipher or agree, depending on
//     the cipher suite; one of the three bits suffices (RFC 8446, 4.4.2.2;
//     RFC 5246, 7.4.2). Clients sign or agree.
//   - Anchors. RFC 5280, 6.1.1(d) takes a name and a key. With
//     `enforce_constraints`, what the anchor's certificate says of its own
//     powers counts as well (RFC 5937); a certificate of version 1 says
//     nothing. Its validity counts only with `enforce_expiry`. Its own
//     signature is never looked at.
namespace pinning {

class RevocationData;  // pinning/revocation.h
class SignatureMemo;   // pinning/signature_memo.h

namespace internal {

// A Position is one certificate and what it is on the path.
struct Position {
  const Certificate* certificate = nullptr;
  // The certificate is the subject of the question, at depth 0.
  bool is_leaf = false;
  // The anchor that the certificate is, or null. A leaf may be one too.
  const TrustAnchor* anchor = nullptr;
};

// SpeaksForItself returns whether the contents of the certificate count: those
// of an anchor do not if its constraints are not enforced.
bool SpeaksForItself(const Position& position);

// An Environment is what a path is checked against.
struct Environment {
  const TrustStore* trust_store = nullptr;
  bool client_auth = false;  // else server authentication
  bool enforce_validity = true;
  bool strict = false;   // the rules of strict_profile.h
  bool web_pki = false;  // those of webpki_profile.h, with `strict`
  std::optional<int> max_path_length;
  const PolicyOptions* policies = nullptr;     // never null
  const RevocationData* revocation = nullptr;  // null: not asked for
  SignatureMemo* memo = nullptr;               // null: nothing is remembered
  absl::Time now;
};

// CheckKey refuses a key that is distrusted (kDistrustedAnchor) or too weak
// (kUnacceptableKey), at any place on the path, anchor included.
CheckResult CheckKey(const Position& position, const Environment& environment);

// CheckExtensions checks what the certificate says it may be used for:
// RFC 5280, 6.1.4(k), (n), (o), 6.1.5(f) and 4.2.1.12; and that it keeps to the
// profile asked for: to that of profile.h unless it is an anchor, to the others
// always.
CheckResult CheckExtensions(const Position& position,
                            const Environment& environment);

// CheckValidity checks the validity period, both ends included (RFC 5280,
// 4.1.2.5 and 6.1.3(a)(2)).
CheckResult CheckValidity(const Position& position,
                          const Environment& environment);

// ConstrainsNames returns whether `issuer` has name constraints that count:
// most have none, and no name below them needs to be looked at.
bool ConstrainsNames(const Position& issuer);

// CheckPathLength checks the path length constraint of `issuer`, a certificate
// authority, against `below`, the path from the leaf up to it (RFC 5280,
// 6.1.4(l) and (m)). Self-issued intermediates do not count, nor does the leaf.
// The depth is that of the first certificate authority, from the top, that is
// one too many.
CheckResult CheckPathLength(const Position& issuer,
                            absl::Span<const Position> below);

// CheckIntermediates holds `below`, the path from the leaf up to an issuer, to
// the initial max_path_length (RFC 5280, 6.1.2(k)), counting as above.
CheckResult CheckIntermediates(const Environment& environment,
                               absl::Span<const Position> below);

// CheckNamesAgainst checks the names of `subject` against the name constraints
// of `issuer`, which is anywhere above it (RFC 5280, 6.1.3(b) and (c)). Only
// an intermediate may escape them, by being self-issued.
CheckResult CheckNamesAgainst(const Position& issuer, const Position& subject,
                              int64_t* comparisons_left);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_PATH_CHECKS_H_

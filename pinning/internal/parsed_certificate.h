#ifndef PINNING_INTERNAL_PARSED_CERTIFICATE_H_
#define PINNING_INTERNAL_PARSED_CERTIFICATE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/internal/lazy.h"
#include "pinning/internal/oid_list.h"
#include "pinning/internal/raw_extension.h"
#include "pinning/pin.h"

// The parsed form of one certificate: what was found, and where. All of it is
// views into the octets that were parsed, which are borrowed, and nothing is
// made of them before it is asked for, so that it takes no allocation.
namespace pinning {
namespace internal {

using Bytes = absl::Span<const uint8_t>;

class PublicKey;  // pinning/internal/public_key.h

// Bits of KeyUsage (RFC 5280, 4.2.1.3), numbered as in the specification.
enum KeyUsageBit : uint16_t {
  kDigitalSignature = 1 << 0,
  kNonRepudiation = 1 << 1,
  kKeyEncipherment = 1 << 2,
  kDataEncipherment = 1 << 3,
  kKeyAgreement = 1 << 4,
  kKeyCertSign = 1 << 5,
  kCrlSign = 1 << 6,
  kEncipherOnly = 1 << 7,
  kDecipherOnly = 1 << 8,
};

struct BasicConstraints {
  bool is_ca = false;
  // Present whether or not `is_ca`, which RFC 5280, 4.2.1.9 asks for.
  std::optional<int16_t> path_length;  // saturated at 255
};

// GeneralNames are the names of a SubjectAltName, or the bases of one side of a
// NameConstraints (RFC 5280, 4.2.1.6), which were read and found well-formed;
// NamesOf (general_names.h) reads them again. `kinds` has bit n set if a name
// with context tag [n] is there.
struct GeneralNames {
  Bytes content;  // of the SEQUENCE
  uint16_t kinds = 0;
  bool are_subtrees = false;
};

struct NameConstraints {
  GeneralNames permitted;
  GeneralNames excluded;
};

struct AuthorityKeyId {
  std::optional<Bytes> key_id;
  bool has_issuer = false;
  bool has_serial = false;
};

// A NameAttribute is one AttributeTypeAndValue.
struct NameAttribute {
  std::string oid;  // dotted
  // UTF-8 if `is_text`; if not (no string type, or not a string of its type),
  // "#" and the hex of the whole value's DER, as RFC 4514, 2.4 has it.
  std::string value;
  bool is_text = true;
  int rdn = 0;  // index of the RelativeDistinguishedName it is in
};

struct Name {
  Bytes der;                   // the whole SEQUENCE
  bool has_empty_rdn = false;  // RFC 5280, appendix A.1 forbids it
  bool has_attribute = false;
  // What distinguished_name.h makes of `der`, which alone uses it.
  Lazy<std::string> normalized;                 // NormalizedOf
  Lazy<std::vector<NameAttribute>> attributes;  // AttributesOf

  bool empty() const { return !has_attribute; }
};

// A StandardExtensionSet holds extensions of id-ce, 2.5.29.N, with N below 128,
// by their last arc.
struct StandardExtensionSet {
  // Insert returns whether `arc` was not in the set.
  bool Insert(uint8_t arc) {
    const uint64_t bit = uint64_t{1} << (arc & 63);
    uint64_t& word = words[arc >> 6 & 1];
    const bool is_new = (word & bit) == 0;
    word |= bit;
    return is_new;
  }
  bool Contains(uint8_t arc) const {
    return (words[arc >> 6 & 1] >> (arc & 63) & 1) != 0;
  }

  uint64_t words[2] = {};
};

struct ParsedCertificate {
  // BorrowFrom makes all of it views into `copy`, which has the octets of
  // `der`.
  void BorrowFrom(Bytes copy);

  Bytes der;

  Bytes tbs;                      // the signed bytes, header included
  Bytes signature_algorithm;      // AlgorithmIdentifier outside, whole
  Bytes tbs_signature_algorithm;  // AlgorithmIdentifier inside, whole
  // Content of the BIT STRING, no unused-bits octet. Empty, which is no
  // signature of any algorithm, if it is not a whole number of octets.
  Bytes signature;

  Bytes serial;  // content octets of the INTEGER
  Name issuer;
  Name subject;
  absl::Time not_before;
  absl::Time not_after;
  Bytes spki;     // SubjectPublicKeyInfo, whole
  Lazy<Pin> pin;  // of `spki`; Certificate::pin
  // What `spki` holds, as KeyOf (signature.h) reads it, which alone uses it.
  Lazy<std::shared_ptr<const PublicKey>> key;
  uint8_t version = 1;  // 1, 2 or 3
  // Whether each date has the type RFC 5280, 4.1.2.5 calls for: UTCTime
  // through 2049, GeneralizedTime from 2050.
  bool time_types_fit = true;
  bool has_unique_id = false;

  bool has_unknown_policy_qualifier = false;
  std::optional<BasicConstraints> basic_constraints;
  std::optional<uint16_t> key_usage;  // KeyUsageBit, ored
  // Of policyConstraints and inhibitAnyPolicy; saturated at 255.
  std::optional<int16_t> require_explicit_policy;
  std::optional<int16_t> inhibit_policy_mapping;
  std::optional<int16_t> inhibit_any_policy;
  // What the policy extensions say that RFC 5280, 4.2.1 forbids; else null.
  const char* policy_fault = nullptr;

  ExtensionList extensions;
  StandardExtensionSet standard_extensions;   // those that are there
  StandardExtensionSet critical_extensions;   // those of them that are critical
  std::optional<OidList> extended_key_usage;  // not empty
  std::optional<GeneralNames> subject_alt_names;
  std::optional<NameConstraints> name_constraints;
  std::optional<Bytes> policies;  // content of certificatePolicies: PoliciesOf
  Bytes policy_mappings;          // content: PolicyMappingsOf (extensions.h)
  std::optional<AuthorityKeyId> authority_key_id;
  std::optional<Bytes> subject_key_id;

  // The OID of the first critical extension this library does not process;
  // empty if there is none (RFC 5280, 4.2).
  Bytes unhandled_critical;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_PARSED_CERTIFICATE_H_

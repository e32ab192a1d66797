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
#include "pinning/pin.h"

// The parsed form of one certificate. Spans point into `der`, which the struct
// owns; it is built once, held by shared_ptr and never moved.
namespace pinning {
namespace internal {

using Bytes = absl::Span<const uint8_t>;

struct PublicKey;  // pinning/internal/signature.cc

// A RawExtension is one extension as it stands (RFC 5280, 4.2).
struct RawExtension {
  Bytes oid;  // content octets of the OBJECT IDENTIFIER
  bool critical = false;
  Bytes value;  // content octets of extnValue
};

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
  std::optional<int> path_length;  // saturated at 255
};

// GeneralNames groups the names of a SubjectAltName, or of one side of a
// NameConstraints, by their kind (RFC 5280, 4.2.1.6). `kinds` has bit n set if
// a name with context tag [n] is present, parsed or not.
struct GeneralNames {
  std::vector<std::string> dns;
  std::vector<std::string> ip;  // SAN: 4 or 16 octets; constraint: 8 or 32
  std::vector<std::string> email;
  std::vector<std::string> uri;
  std::vector<std::string> directory;  // Name::normalized
  uint16_t kinds = 0;
};

struct NameConstraints {
  GeneralNames permitted;
  GeneralNames excluded;
};

// A PolicyMapping says that the issuer holds its policy `from` and the
// subject's policy `to` equivalent (RFC 5280, 4.2.1.5).
struct PolicyMapping {
  std::string from;  // dotted, like `to`
  std::string to;
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
  Bytes der;  // the whole SEQUENCE
  // Equal for names that RFC 5280, 7.1 holds equal, and only for them; see
  // pinning/internal/distinguished_name.h.
  std::string normalized;
  bool has_empty_rdn = false;  // RFC 5280, appendix A.1 forbids it
  bool has_attribute = false;
  // Read by AttributesOf (distinguished_name.h) from `der`, where it is asked
  // for: for people, and rarely.
  Lazy<std::vector<NameAttribute>> attributes;

  bool empty() const { return !has_attribute; }
};

struct ParsedCertificate {
  std::vector<uint8_t> der;

  Bytes tbs;                      // the signed bytes, header included
  Bytes signature_algorithm;      // AlgorithmIdentifier outside, whole
  Bytes tbs_signature_algorithm;  // AlgorithmIdentifier inside, whole
  // Content of the BIT STRING, no unused-bits octet. Empty, which is no
  // signature of any algorithm, if it is not a whole number of octets.
  Bytes signature;

  int version = 1;  // 1, 2 or 3
  Bytes serial;     // content octets of the INTEGER
  Name issuer;
  Name subject;
  absl::Time not_before;
  absl::Time not_after;
  // Whether each date has the type RFC 5280, 4.1.2.5 calls for: UTCTime
  // through 2049, GeneralizedTime from 2050.
  bool time_types_fit = true;
  Bytes spki;     // SubjectPublicKeyInfo, whole
  Lazy<Pin> pin;  // of `spki`; Certificate::pin
  // What `spki` holds, as KeyOf (signature.h) reads it, which alone uses it.
  Lazy<std::shared_ptr<const PublicKey>> key;
  bool has_unique_id = false;

  std::vector<RawExtension> extensions;
  std::optional<BasicConstraints> basic_constraints;
  std::optional<uint16_t> key_usage;          // KeyUsageBit, ored
  std::optional<OidList> extended_key_usage;  // not empty
  std::optional<GeneralNames> subject_alt_names;
  std::optional<NameConstraints> name_constraints;
  std::optional<std::vector<std::string>> policies;  // dotted OIDs
  bool has_unknown_policy_qualifier = false;
  std::vector<PolicyMapping> policy_mappings;
  // Of policyConstraints and inhibitAnyPolicy; saturated at 255.
  std::optional<int> require_explicit_policy;
  std::optional<int> inhibit_policy_mapping;
  std::optional<int> inhibit_any_policy;
  // What the policy extensions say that RFC 5280, 4.2.1 forbids; else empty.
  std::string policy_fault;
  std::optional<AuthorityKeyId> authority_key_id;
  std::optional<Bytes> subject_key_id;

  // The first critical extension this library does not process, dotted; empty
  // if there is none (RFC 5280, 4.2).
  std::string unhandled_critical;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_PARSED_CERTIFICATE_H_

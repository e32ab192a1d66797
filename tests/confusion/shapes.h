#ifndef TESTS_CONFUSION_SHAPES_H_
#define TESTS_CONFUSION_SHAPES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/mint/mint.h"

// Extensions written one by one, so that a certificate can have exactly those
// of somebody's program, in its order and with its criticality.
namespace confusion {

inline constexpr absl::Duration kDay = absl::Hours(24);

// Basic constraints of a leaf: an empty SEQUENCE, cA being FALSE by default.
mint::Extension NotCa(bool critical);
mint::Extension KeyUsage(uint8_t bits, uint8_t unused_bits, bool critical);
// Key usage of a server's leaf: digitalSignature and keyEncipherment.
mint::Extension LeafUsage(bool critical);
mint::Extension ServerAuth(bool client_too = false);
mint::Extension Names(const std::vector<std::string>& dns);
mint::Extension SubjectKeyId();
mint::Extension AuthorityKeyId();
// AuthorityKeyIdWithSerial has all three fields, as OpenSSL's "always" makes.
mint::Extension AuthorityKeyIdWithSerial();
// CrlPointer and Access are what a private authority may point to.
mint::Extension CrlPointer();
mint::Extension Access();

// Shaped returns a Spec that writes `extensions` and no others.
mint::Spec Shaped(std::vector<mint::Attribute> subject,
                  std::vector<mint::Extension> extensions);

// PublicExtensions are policy, authority information access and certificate
// timestamps, as a public authority sets.
std::vector<mint::Extension> PublicExtensions();

// Subject returns the subject of a certificate with this common name alone.
std::vector<mint::Attribute> CommonName(absl::string_view name);

// Authority returns a CA certificate's Spec, valid from `age` ago for
// `lifetime`.
mint::Spec Authority(absl::string_view name, absl::Duration age,
                     absl::Duration lifetime);

}  // namespace confusion

#endif  // TESTS_CONFUSION_SHAPES_H_

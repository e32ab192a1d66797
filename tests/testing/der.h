#ifndef TESTS_TESTING_DER_H_
#define TESTS_TESTING_DER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// DER by hand, for tests of the parsers: good, or broken in one place.
namespace testing_der {

using Bytes = std::vector<uint8_t>;

// Hex returns the octets of `digits`; spaces are for the reader.
inline Bytes Hex(absl::string_view digits) {
  const std::string octets =
      absl::HexStringToBytes(absl::StrReplaceAll(digits, {{" ", ""}}));
  return Bytes(octets.begin(), octets.end());
}

inline Bytes Text(absl::string_view text) {
  return Bytes(text.begin(), text.end());
}

inline Bytes Join(const std::vector<Bytes>& parts) {
  Bytes all;
  for (const Bytes& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

// Tlv returns an element of `tag`, one octet, that holds `parts`.
inline Bytes Tlv(uint8_t tag, const std::vector<Bytes>& parts) {
  const Bytes content = Join(parts);
  const size_t size = content.size();
  Bytes header = {tag};
  if (size < 0x80) {
    header.push_back(size);
  } else if (size < 0x100) {
    header.insert(header.end(), {0x81, static_cast<uint8_t>(size)});
  } else if (size < 0x10000) {
    header.insert(header.end(), {0x82, static_cast<uint8_t>(size >> 8),
                                 static_cast<uint8_t>(size)});
  } else {
    header.insert(header.end(), {0x83, static_cast<uint8_t>(size >> 16),
                                 static_cast<uint8_t>(size >> 8),
                                 static_cast<uint8_t>(size)});
  }
  return Join({header, content});
}

inline Bytes Seq(const std::vector<Bytes>& parts) { return Tlv(0x30, parts); }

// Rdn returns an RDN of one attribute, by default a common name.
inline Bytes Rdn(uint8_t string_tag, absl::string_view value,
                 const Bytes& oid = Hex("0603 550403")) {
  return Tlv(0x31, {Seq({oid, Tlv(string_tag, {Text(value)})})});
}

// Ext returns an Extension whose OID is 2.5.29.`arc`.
inline Bytes Ext(uint8_t arc, const Bytes& value, bool critical = false) {
  return Seq({Tlv(0x06, {{0x55, 0x1d, arc}}),
              critical ? Hex("0101 ff") : Bytes(), Tlv(0x04, {value})});
}

// The parts of a Certificate; those of the default make a good one.
struct CertificateParts {
  Bytes version = Hex("a003 020102");
  Bytes serial = Hex("0202 1234");
  Bytes inner_algorithm = Hex("300a 0608 2a8648ce3d040302");
  Bytes issuer = Seq({Rdn(0x0c, "Issuer")});
  Bytes not_before = Tlv(0x17, {Text("260101000000Z")});
  Bytes not_after = Tlv(0x17, {Text("270101000000Z")});
  Bytes subject = Seq({Rdn(0x0c, "Subject")});
  Bytes spki = Seq({Hex("3005 0603 2b6570"), Tlv(0x03, {Bytes(33, 0)})});
  Bytes unique_ids;
  Bytes extensions;  // [3] and all
  Bytes outer_algorithm = Hex("300a 0608 2a8648ce3d040302");
  Bytes signature = Hex("0309 00 3006020101020101");
  Bytes after_tbs;  // last in tbsCertificate
  Bytes after;      // last in Certificate

  Bytes Tbs() const {
    return Seq({version, serial, inner_algorithm, issuer,
                Seq({not_before, not_after}), subject, spki, unique_ids,
                extensions, after_tbs});
  }
  Bytes Der() const { return Seq({Tbs(), outer_algorithm, signature, after}); }
};

// Extensions returns the field [3] that holds `extensions`.
inline Bytes Extensions(const std::vector<Bytes>& extensions) {
  return Tlv(0xa3, {Seq(extensions)});
}

// OffsetOf returns where `part` first is in `whole`; its size if it is not.
inline size_t OffsetOf(absl::Span<const uint8_t> part,
                       absl::Span<const uint8_t> whole) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) -
         whole.begin();
}

// AtOffset returns how an error at `offset` begins.
inline std::string AtOffset(size_t offset) {
  return absl::StrCat("offset ", offset, ": ");
}

}  // namespace testing_der

#endif  // TESTS_TESTING_DER_H_

#include "tools/mint/der_writer.h"

#include <openssl/bytestring.h>
#include <openssl/mem.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace mint {
namespace {

constexpr uint8_t kBoolean = 0x01;
constexpr uint8_t kInteger = 0x02;
constexpr uint8_t kBitString = 0x03;
constexpr uint8_t kOctetString = 0x04;
constexpr uint8_t kNull = 0x05;
constexpr uint8_t kUtf8String = 0x0c;
constexpr uint8_t kPrintableString = 0x13;
constexpr uint8_t kIa5String = 0x16;
constexpr uint8_t kUtcTime = 0x17;
constexpr uint8_t kGeneralizedTime = 0x18;
constexpr uint8_t kSequence = 0x30;
constexpr uint8_t kSet = 0x31;
constexpr uint8_t kContextSpecific = 0x80;
constexpr uint8_t kConstructed = 0x20;

// The string type that RFC 5280, appendix A gives the attribute.
uint8_t StringTagOf(absl::string_view oid) {
  if (oid == "2.5.4.5" || oid == "2.5.4.6" || oid == "2.5.4.46") {
    return kPrintableString;  // serialNumber, countryName, dnQualifier
  }
  if (oid == "1.2.840.113549.1.9.1" || oid == "0.9.2342.19200300.100.1.25") {
    return kIa5String;  // emailAddress, domainComponent
  }
  return kUtf8String;
}

}  // namespace

void Check(bool ok, absl::string_view what) {
  if (!ok) {
    std::fprintf(stderr, "mint: %s failed\n", std::string(what).c_str());
    std::abort();
  }
}

Bytes Concat(const std::vector<Bytes>& parts) {
  Bytes all;
  for (const Bytes& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

Bytes ToBytes(absl::string_view text) {
  return Bytes(text.begin(), text.end());
}

std::vector<uint8_t> DerWrap(uint8_t tag, absl::Span<const uint8_t> content) {
  Bytes der = {tag};
  const size_t size = content.size();
  if (size < 0x80) {
    der.push_back(static_cast<uint8_t>(size));
  } else {
    Bytes length;  // big endian, no leading zeros
    for (size_t rest = size; rest != 0; rest >>= 8) {
      length.insert(length.begin(), static_cast<uint8_t>(rest & 0xff));
    }
    der.push_back(static_cast<uint8_t>(0x80 | length.size()));
    der.insert(der.end(), length.begin(), length.end());
  }
  der.insert(der.end(), content.begin(), content.end());
  return der;
}

Bytes DerSequence(const std::vector<Bytes>& parts) {
  return DerWrap(kSequence, Concat(parts));
}

Bytes DerSet(const std::vector<Bytes>& parts) {
  return DerWrap(kSet, Concat(parts));
}

Bytes DerContext(uint8_t number, bool constructed, const Bytes& content) {
  uint8_t tag = kContextSpecific | number;
  if (constructed) {
    tag |= kConstructed;
  }
  return DerWrap(tag, content);
}

Bytes DerOid(absl::string_view dotted) {
  bssl::ScopedCBB cbb;
  CBB child;
  Check(CBB_init(cbb.get(), 16) &&
            CBB_add_asn1(cbb.get(), &child, CBS_ASN1_OBJECT) &&
            CBB_add_asn1_oid_from_text(&child, dotted.data(), dotted.size()) &&
            CBB_flush(cbb.get()),
        absl::StrCat("encoding the OID ", dotted));
  return Bytes(CBB_data(cbb.get()), CBB_data(cbb.get()) + CBB_len(cbb.get()));
}

Bytes DerInteger(uint64_t value) {
  Bytes content;
  do {
    content.insert(content.begin(), static_cast<uint8_t>(value & 0xff));
    value >>= 8;
  } while (value != 0);
  if (content.front() & 0x80) {
    content.insert(content.begin(), 0);
  }
  return DerWrap(kInteger, content);
}

Bytes DerNull() { return DerWrap(kNull, {}); }

Bytes DerTrue() { return DerWrap(kBoolean, Bytes{0xff}); }

Bytes DerOctetString(const Bytes& content) {
  return DerWrap(kOctetString, content);
}

Bytes DerBitString(const Bytes& content) {
  return DerWrap(kBitString, Concat({Bytes{0}, content}));
}

Bytes DerNamedBits(uint16_t bits) {
  int count = 0;  // bits to write
  for (int i = 0; i < 16; ++i) {
    if (bits & (1 << i)) {
      count = i + 1;
    }
  }
  Bytes content(1 + (count + 7) / 8, 0);
  content[0] = static_cast<uint8_t>((8 - count % 8) % 8);
  for (int i = 0; i < count; ++i) {
    if (bits & (1 << i)) {
      content[1 + i / 8] |= static_cast<uint8_t>(0x80 >> (i % 8));
    }
  }
  return DerWrap(kBitString, content);
}

Bytes DerTime(absl::Time time) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  const auto year = absl::ToCivilYear(time, utc).year();
  if (year >= 1950 && year < 2050) {
    return DerWrap(kUtcTime,
                   ToBytes(absl::FormatTime("%y%m%d%H%M%SZ", time, utc)));
  }
  return DerWrap(kGeneralizedTime,
                 ToBytes(absl::FormatTime("%E4Y%m%d%H%M%SZ", time, utc)));
}

Bytes DerName(absl::Span<const Attribute> attributes) {
  std::vector<Bytes> rdns;
  for (const Attribute& attribute : attributes) {
    rdns.push_back(DerSet({DerSequence(
        {DerOid(attribute.first),
         DerWrap(StringTagOf(attribute.first), ToBytes(attribute.second))})}));
  }
  return DerSequence(rdns);
}

std::string PemBlock(absl::string_view label, absl::Span<const uint8_t> der) {
  const std::string base64 = absl::Base64Escape(
      absl::string_view(reinterpret_cast<const char*>(der.data()), der.size()));
  std::string pem = absl::StrCat("-----BEGIN ", label, "-----\n");
  for (size_t i = 0; i < base64.size(); i += 64) {
    absl::StrAppend(&pem, base64.substr(i, 64), "\n");
  }
  absl::StrAppend(&pem, "-----END ", label, "-----\n");
  return pem;
}

}  // namespace mint

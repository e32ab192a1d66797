#include "tests/confusion/shapes.h"

#include <utility>

#include "absl/types/span.h"
#include "tests/testing/pki.h"

namespace confusion {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes Join(const std::vector<Bytes>& parts) {
  Bytes joined;
  for (const Bytes& part : parts) {
    joined.insert(joined.end(), part.begin(), part.end());
  }
  return joined;
}

Bytes Sequence(const std::vector<Bytes>& parts) {
  return mint::DerWrap(0x30, Join(parts));
}

Bytes Text(uint8_t tag, absl::string_view text) {
  return mint::DerWrap(tag, Bytes(text.begin(), text.end()));
}

const Bytes& ServerAuthOid() {
  static const Bytes& oid =
      *new Bytes{0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01};
  return oid;
}

const Bytes& ClientAuthOid() {
  static const Bytes& oid =
      *new Bytes{0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02};
  return oid;
}

}  // namespace

mint::Extension NotCa(bool critical) {
  return {"2.5.29.19", critical, Sequence({})};
}

mint::Extension KeyUsage(uint8_t bits, uint8_t unused_bits, bool critical) {
  return {"2.5.29.15", critical, mint::DerWrap(0x03, {{unused_bits, bits}})};
}

mint::Extension LeafUsage(bool critical) { return KeyUsage(0xa0, 5, critical); }

mint::Extension ServerAuth(bool client_too) {
  return {"2.5.29.37", false,
          Sequence({ServerAuthOid(), client_too ? ClientAuthOid() : Bytes{}})};
}

mint::Extension Names(const std::vector<std::string>& dns) {
  std::vector<Bytes> names;
  for (const std::string& name : dns) {
    names.push_back(Text(0x82, name));
  }
  return {"2.5.29.17", false, Sequence(names)};
}

mint::Extension SubjectKeyId() {
  return {"2.5.29.14", false, mint::DerWrap(0x04, Bytes(20, 0x51))};
}

mint::Extension AuthorityKeyId() {
  return {"2.5.29.35", false, Sequence({mint::DerWrap(0x80, Bytes(20, 0x52))})};
}

mint::Extension AuthorityKeyIdWithSerial() {
  const Bytes name = mint::DerWrap(0xa4, Sequence({}));
  return {
      "2.5.29.35", false,
      Sequence({mint::DerWrap(0x80, Bytes(20, 0x52)), mint::DerWrap(0xa1, name),
                mint::DerWrap(0x82, Bytes(20, 0x13))})};
}

mint::Extension CrlPointer() {
  const Bytes name = mint::DerWrap(
      0xa0, mint::DerWrap(0xa0, Text(0x86, "http://pki.corp.example/ca.crl")));
  return {"2.5.29.31", false, Sequence({Sequence({name})})};
}

mint::Extension Access() {
  const Bytes issuers = {0x06, 0x08, 0x2b, 0x06, 0x01,
                         0x05, 0x05, 0x07, 0x30, 0x02};
  return {"1.3.6.1.5.5.7.1.1", false,
          Sequence({Sequence(
              {issuers, Text(0x86, "http://pki.corp.example/ca.cer")})})};
}

mint::Spec Shaped(std::vector<mint::Attribute> subject,
                  std::vector<mint::Extension> extensions) {
  mint::Spec spec;
  spec.subject = std::move(subject);
  spec.subject_key_id = false;
  spec.authority_key_id = false;
  spec.extra = std::move(extensions);
  return spec;
}

std::vector<mint::Extension> PublicExtensions() {
  return mint::Leaf({"any.example"}).extra;
}

std::vector<mint::Attribute> CommonName(absl::string_view name) {
  return {{"2.5.4.3", std::string(name)}};
}

mint::Spec Authority(absl::string_view name, absl::Duration age,
                     absl::Duration lifetime) {
  mint::Spec spec = mint::Ca(name);
  spec.not_before = testing_support::Now() - age;
  spec.not_after = spec.not_before + lifetime;
  return spec;
}

}  // namespace confusion

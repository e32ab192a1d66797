// What parsing allocates: nothing before a certificate is kept, and then one
// block.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "pinning/internal/certificate_parser.h"
#include "pinning/internal/extensions.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"
#include "tests/testing/counted_heap.h"
#include "tests/testing/der.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using internal::ParsedCertificate;
using internal::Tolerance;
using testing_der::Bytes;
using testing_der::CertificateParts;
using testing_der::Ext;
using testing_der::Extensions;

size_t AllocationsOf(const std::function<void()>& run) {
  const size_t before = testing_support::HeapAllocations();
  run();
  return testing_support::HeapAllocations() - before;
}

// Every extension that is parsed, names of every kind, and a name of several
// attributes.
Bytes Crowded() {
  mint::Spec spec = mint::Ca("An Authority");
  spec.subject = {
      {"2.5.4.6", "US"}, {"2.5.4.10", "Org"}, {"2.5.4.3", "An Authority"}};
  spec.dns_names = {"a.example.com", "*.a-rather-long-name.example.com"};
  spec.ip_addresses = {"192.0.2.1", "2001:db8::1"};
  spec.permitted = {"dns:example.com", "ip:192.0.2.0/24"};
  spec.excluded = {"dns:bad.example.com"};
  spec.extended_key_usage = {"1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"};
  return mint::SelfSigned(spec, mint::Key::Shared("p256-root")).der;
}

TEST(ParseAllocationsTest, ReadingTakesNone) {
  const Bytes der = Crowded();
  std::optional<absl::Status> status;
  EXPECT_EQ(AllocationsOf([&] {
              ParsedCertificate parsed;
              status =
                  internal::ReadCertificate(der, Tolerance::kNone, &parsed);
            }),
            0u);
  EXPECT_TRUE(status->ok()) << *status;
}

TEST(ParseAllocationsTest, KeepingTakesOneBlock) {
  const Bytes der = Crowded();
  std::optional<absl::StatusOr<Certificate>> certificate;
  EXPECT_EQ(AllocationsOf([&] { certificate = Certificate::FromDer(der); }),
            1u);
  ASSERT_TRUE(certificate->ok()) << certificate->status();
  EXPECT_EQ((*certificate)->dns_names().size(), 2u);
  const auto name = ServerName::FromString("a.example.com");
  bool matches = false;
  EXPECT_EQ(AllocationsOf([&] { matches = name->Matches(**certificate); }), 0u);
  EXPECT_TRUE(matches);
}

// A refusal allocates its message: as much as that of the same message about an
// element of two octets does, however long the certificate.
TEST(ParseAllocationsTest, ARefusalTakesItsMessageAlone) {
  const Bytes tiny = testing_der::Hex("0500");
  ParsedCertificate parsed;
  const size_t message = AllocationsOf([&] {
    ASSERT_FALSE(
        internal::ReadCertificate(tiny, Tolerance::kNone, &parsed).ok());
  });
  for (const size_t extensions : {1, 10}) {
    CertificateParts parts;
    std::vector<Bytes> all;
    for (size_t i = 0; i < extensions; ++i) {
      all.push_back(Ext(static_cast<uint8_t>(60 + i), Bytes(100)));
    }
    parts.extensions = Extensions(all);
    parts.after = testing_der::Hex("0500");
    const Bytes der = parts.Der();
    std::optional<absl::StatusOr<Certificate>> certificate;
    EXPECT_LE(AllocationsOf([&] { certificate = Certificate::FromDer(der); }),
              message);
    EXPECT_FALSE(certificate->ok());
  }
}

// What is kept borrows nothing from the bytes that it was read from.
TEST(ParseAllocationsTest, EveryViewIsIntoWhatIsKept) {
  Bytes der = Crowded();
  const auto kept = internal::ParseCertificate(der, Tolerance::kNone);
  ASSERT_TRUE(kept.ok()) << kept.status();
  const Bytes before = der;
  ParsedCertificate parsed;
  ASSERT_TRUE(
      internal::ReadCertificate(before, Tolerance::kNone, &parsed).ok());
  std::fill(der.begin(), der.end(), 0xff);
  const ParsedCertificate& is = **kept;
  const auto expect_same = [&](internal::Bytes a, internal::Bytes b) {
    EXPECT_EQ(a, b);
    EXPECT_TRUE(a.data() >= is.der.data() &&
                a.data() + a.size() <= is.der.data() + is.der.size());
    EXPECT_EQ(a.data() - is.der.data(), b.data() - before.data());
  };
  expect_same(is.der, before);
  expect_same(is.tbs, parsed.tbs);
  expect_same(is.signature_algorithm, parsed.signature_algorithm);
  expect_same(is.tbs_signature_algorithm, parsed.tbs_signature_algorithm);
  expect_same(is.signature, parsed.signature);
  expect_same(is.serial, parsed.serial);
  expect_same(is.issuer.der, parsed.issuer.der);
  expect_same(is.subject.der, parsed.subject.der);
  expect_same(is.spki, parsed.spki);
  expect_same(is.extensions.content(), parsed.extensions.content());
  expect_same(is.extended_key_usage->content(),
              parsed.extended_key_usage->content());
  expect_same(is.subject_alt_names->content, parsed.subject_alt_names->content);
  expect_same(is.name_constraints->permitted.content,
              parsed.name_constraints->permitted.content);
  expect_same(is.name_constraints->excluded.content,
              parsed.name_constraints->excluded.content);
  expect_same(*is.subject_key_id, *parsed.subject_key_id);
}

// A policy, a mapping, an authority key identifier and what is not known, as
// the above: read again, they are found.
TEST(ParseAllocationsTest, ViewsOfRarerExtensionsAreIntoWhatIsKept) {
  using testing_der::Hex;
  using testing_der::Seq;
  CertificateParts parts;
  parts.extensions = Extensions(
      {Ext(32, Seq({Seq({Hex("0603 2a0304")})})),
       Ext(33, Seq({Seq({Hex("0603 2a0304"), Hex("0603 2a0305")})})),
       Ext(35, Seq({Hex("8002 abcd")})), Ext(99, Hex("0500"), true)});
  Bytes der = parts.Der();
  const auto certificate = Certificate::FromDer(der);
  ASSERT_TRUE(certificate.ok()) << certificate.status();
  std::fill(der.begin(), der.end(), 0xff);
  const ParsedCertificate& is = certificate->parsed();
  EXPECT_EQ(internal::PoliciesOf(is).at(0), "\x2a\x03\x04");
  EXPECT_EQ(internal::PolicyMappingsOf(is).at(0).to, "\x2a\x03\x05");
  EXPECT_EQ(*is.authority_key_id->key_id, internal::Bytes(Hex("abcd")));
  EXPECT_EQ(is.unhandled_critical, internal::Bytes(Hex("551d63")));
}

// The anchors of a store take up their certificates and little more.
TEST(ParseAllocationsTest, AnAnchorIsItsDerAndLittleMore) {
  constexpr int kAnchors = 64;
  constexpr size_t kMost = 750;  // besides the DER
  std::vector<mint::Minted> roots;
  size_t octets = 0;
  for (int i = 0; i < kAnchors; ++i) {
    mint::Spec spec = mint::Ca("Root");
    spec.serial = {1, static_cast<uint8_t>(i)};
    roots.push_back(mint::SelfSigned(spec, mint::Key::Shared("p256-root")));
    octets += roots.back().der.size();
  }
  const std::string pem = mint::PemOf(roots);
  const size_t before = testing_support::HeapBytes();
  const auto store = TrustStore::FromPem(pem, TrustAnchor::Origin::kBundled);
  const size_t taken = testing_support::HeapBytes() - before;
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_LE(taken, octets + kAnchors * kMost);
}

}  // namespace
}  // namespace pinning

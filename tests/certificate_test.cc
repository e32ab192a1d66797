#include "pinning/certificate.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/pin.h"
#include "tests/testing/der.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using testing_der::Bytes;
using testing_der::CertificateParts;
using testing_der::Ext;
using testing_der::Extensions;
using testing_der::Hex;
using testing_der::Join;
using testing_der::Rdn;
using testing_der::Seq;
using testing_der::Text;
using testing_der::Tlv;

mint::Minted MintLeaf() {
  const mint::Minted root =
      mint::SelfSigned(mint::Ca("Test Root"), mint::Key::Shared("p256-root"));
  mint::Spec spec = mint::Leaf({"a.example.com", "*.b.example.com"});
  spec.ip_addresses = {"192.0.2.1", "2001:db8::1"};
  return mint::Issue(spec, mint::Key::Shared("p256-leaf"), root);
}

TEST(CertificateTest, EveryAccessor) {
  mint::Spec spec = mint::Leaf({"a.example.com", "*.b.example.com"});
  spec.subject = {{"2.5.4.6", "US"},
                  {"2.5.4.11", "one"},
                  {"2.5.4.11", "two"},
                  {"2.5.4.3", "a.example.com"}};
  spec.ip_addresses = {"192.0.2.1"};
  spec.serial = {0x01, 0x02};
  spec.not_before = absl::FromCivil(absl::CivilSecond(2026, 3, 4, 5, 6, 7),
                                    absl::UTCTimeZone());
  spec.not_after =
      absl::FromCivil(absl::CivilSecond(2051, 1, 1), absl::UTCTimeZone());
  const mint::Key key = mint::Key::Shared("p256-leaf");
  const mint::Minted root =
      mint::SelfSigned(mint::Ca("Test Root"), mint::Key::Shared("p256-root"));
  const mint::Minted minted = mint::Issue(spec, key, root);

  const auto certificate = Certificate::FromDer(minted.der);
  ASSERT_TRUE(certificate.ok()) << certificate.status();
  EXPECT_EQ(certificate->der(), absl::MakeConstSpan(minted.der));
  EXPECT_EQ(certificate->spki_der(), absl::MakeConstSpan(key.SpkiDer()));
  EXPECT_EQ(certificate->pin(), Pin::OfSpki(key.SpkiDer()));
  EXPECT_EQ(certificate->serial(), absl::MakeConstSpan(spec.serial));
  EXPECT_EQ(certificate->not_before(), spec.not_before);
  EXPECT_EQ(certificate->not_after(), spec.not_after);
  EXPECT_EQ(certificate->subject(), "CN=a.example.com,OU=two,OU=one,C=US");
  EXPECT_EQ(certificate->SubjectAttribute("2.5.4.11"),
            (std::vector<std::string>{"one", "two"}));
  EXPECT_TRUE(certificate->SubjectAttribute("2.5.4.10").empty());
  EXPECT_EQ(certificate->IssuerAttribute("2.5.4.3"),
            std::vector<std::string>{"Test Root"});
  EXPECT_EQ(certificate->issuer(), Certificate::FromDer(root.der)->subject());
  EXPECT_EQ(certificate->dns_names(), (std::vector<absl::string_view>{
                                          "a.example.com", "*.b.example.com"}));
  EXPECT_EQ(certificate->ip_addresses(),
            (std::vector<absl::string_view>{
                absl::string_view("\xc0\x00\x02\x01", 4)}));
  EXPECT_FALSE(certificate->IsSelfIssued());
  EXPECT_TRUE(Certificate::FromDer(root.der)->IsSelfIssued());
  EXPECT_TRUE(Certificate::FromDer(root.der)->dns_names().empty());
  EXPECT_TRUE(Certificate::FromDer(root.der)->ip_addresses().empty());
}

TEST(CertificateTest, CopiesShareAndEqualsIsOfDer) {
  const mint::Minted leaf = MintLeaf();
  const auto a = Certificate::FromDer(leaf.der);
  const auto b = Certificate::FromDer(leaf.der);
  ASSERT_TRUE(a.ok() && b.ok());
  const Certificate copy = *a;
  EXPECT_EQ(&copy.parsed(), &a->parsed());
  EXPECT_EQ(*a, *b);
  EXPECT_NE(*a, *Certificate::FromDer(CertificateParts().Der()));
}

TEST(CertificateTest, DoesNotKeepTheCallersBytes) {
  mint::Minted leaf = MintLeaf();
  const std::vector<uint8_t> before = leaf.der;
  const auto certificate = Certificate::FromDer(leaf.der);
  ASSERT_TRUE(certificate.ok());
  leaf.der.assign(leaf.der.size(), 0);
  EXPECT_EQ(certificate->der(), absl::MakeConstSpan(before));
  EXPECT_EQ(certificate->pin(), Pin::OfSpki(certificate->spki_der()));
}

// A pin is of the SPKI as it stands, however odd (RFC 7469, 2.4).
TEST(CertificateTest, SpkiIsByteForByte) {
  const struct {
    std::string name;
    Bytes spki;
  } kRows[] = {
      {"unknown algorithm",
       Seq({Seq({Hex("0603 2a0304")}), Hex("0302 00 aa")})},
      {"RSA without its NULL parameters",
       Seq({Seq({Hex("0609 2a864886f70d010101")}),
            Tlv(0x03, {Hex("00 3006 020103 020103")})})},
      {"RSA with NULL", Seq({Seq({Hex("0609 2a864886f70d010101 0500")}),
                             Tlv(0x03, {Hex("00 3006 020103 020103")})})},
      {"compressed point",
       Seq({Hex("3013 06072a8648ce3d0201 06082a8648ce3d030107"),
            Tlv(0x03, {Hex("00 02"), Bytes(32, 0x11)})})},
      {"ill-formed key",
       Seq({Seq({Hex("0609 2a864886f70d010101")}), Hex("0303 00 ffff")})},
      {"no key bits", Seq({Seq({Hex("0603 2b6570")}), Hex("0301 00")})},
      {"unused bits", Seq({Seq({Hex("0603 2b6570")}), Hex("0302 04 f0")})},
  };
  for (const auto& row : kRows) {
    CertificateParts parts;
    parts.spki = row.spki;
    const auto certificate = Certificate::FromDer(parts.Der());
    ASSERT_TRUE(certificate.ok()) << row.name << ": " << certificate.status();
    EXPECT_EQ(certificate->spki_der(), absl::MakeConstSpan(row.spki))
        << row.name;
    EXPECT_EQ(certificate->pin(), Pin::OfSpki(row.spki)) << row.name;
  }
}

TEST(CertificateTest, KeepsTheSignedBytes) {
  CertificateParts parts;
  parts.inner_algorithm = Hex("3003 06012a");
  const auto certificate = Certificate::FromDer(parts.Der());
  ASSERT_TRUE(certificate.ok()) << certificate.status();
  const internal::ParsedCertificate& parsed = certificate->parsed();
  EXPECT_EQ(parsed.tbs, absl::MakeConstSpan(parts.Tbs()));
  EXPECT_EQ(parsed.tbs_signature_algorithm,
            absl::MakeConstSpan(parts.inner_algorithm));
  EXPECT_EQ(parsed.signature_algorithm,
            absl::MakeConstSpan(parts.outer_algorithm));
  EXPECT_EQ(parsed.signature, absl::MakeConstSpan(Hex("3006020101020101")));
  EXPECT_EQ(parsed.version, 3);
}

// Odd certificates are parsed, to be shown, pinned and refused by others.
TEST(CertificateTest, JudgesEncodingAndNotProfile) {
  const struct {
    std::string name;
    std::function<void(CertificateParts&)> change;
    std::function<bool(const internal::ParsedCertificate&)> holds;
  } kRows[] = {
      {"version 1", [](auto& p) { p.version.clear(); },
       [](auto& c) { return c.version == 1; }},
      {"version 2", [](auto& p) { p.version = Hex("a003 020101"); },
       [](auto& c) { return c.version == 2; }},
      {"negative serial", [](auto& p) { p.serial = Hex("0201 80"); },
       [](auto& c) { return c.serial.size() == 1; }},
      {"serial zero", [](auto& p) { p.serial = Hex("0201 00"); },
       [](auto& c) { return c.serial.size() == 1; }},
      {"serial of 200 octets",
       [](auto& p) { p.serial = Tlv(0x02, {Bytes(200, 0x11)}); },
       [](auto& c) { return c.serial.size() == 200; }},
      {"ends before it begins",
       [](auto& p) { std::swap(p.not_before, p.not_after); },
       [](auto& c) { return c.not_after < c.not_before; }},
      {"GeneralizedTime before 2050",
       [](auto& p) { p.not_after = Tlv(0x18, {Text("20270101000000Z")}); },
       [](auto& c) { return !c.time_types_fit; }},
      {"GeneralizedTime from 2050",
       [](auto& p) { p.not_after = Tlv(0x18, {Text("20500101000000Z")}); },
       [](auto& c) { return c.time_types_fit; }},
      {"no subject", [](auto& p) { p.subject = Seq({}); },
       [](auto& c) { return c.subject.empty(); }},
      {"empty RDN", [](auto& p) { p.issuer = Hex("3002 3100"); },
       [](auto& c) { return c.issuer.has_empty_rdn; }},
      {"unique identifiers",
       [](auto& p) { p.unique_ids = Hex("8102 00aa 8202 00bb"); },
       [](auto& c) { return c.has_unique_id; }},
      {"subject's unique identifier alone, version 2",
       [](auto& p) {
         p.version = Hex("a003 020101");
         p.unique_ids = Hex("8202 00bb");
       },
       [](auto& c) { return c.has_unique_id; }},
      {"signature of half an octet",
       [](auto& p) { p.signature = Hex("0302 04 f0"); },
       [](auto& c) { return c.signature.empty(); }},
      {"no signature", [](auto& p) { p.signature = Hex("0301 00"); },
       [](auto& c) { return c.signature.empty(); }},
  };
  for (const auto& row : kRows) {
    CertificateParts parts;
    row.change(parts);
    const auto certificate = Certificate::FromDer(parts.Der());
    ASSERT_TRUE(certificate.ok()) << row.name << ": " << certificate.status();
    EXPECT_TRUE(row.holds(certificate->parsed())) << row.name;
    EXPECT_EQ(certificate->pin(), Pin::OfSpki(certificate->spki_der()))
        << row.name;
  }
}

struct MalformedRow {
  std::string name;
  std::function<void(CertificateParts&)> change;
  Bytes fault;       // the error is at its first octet
  size_t shift = 0;  // or so many after
};

TEST(CertificateTest, RefusesWhatIsMalformedWithItsOffset) {
  const MalformedRow kRows[] = {
      {"version 1 encoded", [](auto& p) { p.version = Hex("a003 020100"); },
       Hex("a003 020100"), 2},
      {"version 4", [](auto& p) { p.version = Hex("a003 020103"); },
       Hex("a003 020103"), 2},
      {"version padded", [](auto& p) { p.version = Hex("a004 02020002"); },
       Hex("a004 02020002"), 2},
      {"two versions", [](auto& p) { p.version = Hex("a006 020102 020102"); },
       Hex("a006 020102 020102"), 5},
      {"no version in the tag", [](auto& p) { p.version = Hex("a000"); },
       Hex("a000"), 2},
      {"serial padded", [](auto& p) { p.serial = Hex("0202 0012"); },
       Hex("0202 0012")},
      {"serial empty", [](auto& p) { p.serial = Hex("0200"); },
       Hex("0200 300a")},
      {"serial missing", [](auto& p) { p.serial.clear(); }, Hex("a003 020102"),
       5},
      {"algorithm without OID",
       [](auto& p) { p.inner_algorithm = Hex("3002 0500"); }, Hex("3002 0500"),
       2},
      {"algorithm with two parameters",
       [](auto& p) { p.inner_algorithm = Hex("3007 06012a 0500 0500"); },
       Hex("06012a 0500 0500"), 5},
      {"issuer not a SEQUENCE", [](auto& p) { p.issuer = Hex("3100"); },
       Hex("3100")},
      {"date that does not exist",
       [](auto& p) { p.not_before = Tlv(0x17, {Text("260230000000Z")}); },
       Text("260230000000Z"), static_cast<size_t>(-2)},
      {"third date",
       [](auto& p) {
         p.not_after = Join({p.not_after, Hex("0500")});
       },
       Join({Text("270101000000Z"), Hex("0500")}), 13},
      {"SPKI without key",
       [](auto& p) { p.spki = Seq({Hex("3005 06032b6571")}); },
       Hex("3005 06032b6571"), 7},
      {"SPKI with more than a key",
       [](auto& p) {
         p.spki = Seq({Hex("3005 06032b6571"), Hex("0302 00aa 0500")});
       },
       Hex("0302 00aa 0500"), 4},
      {"SPKI with unused bits set",
       [](auto& p) {
         p.spki = Seq({Hex("3005 06032b6571"), Hex("0302 01ff")});
       },
       Hex("0302 01ff")},
      {"unique identifier in version 1",
       [](auto& p) {
         p.version.clear();
         p.unique_ids = Hex("8102 00aa");
       },
       Hex("8102 00aa")},
      {"unique identifiers in the wrong order",
       [](auto& p) { p.unique_ids = Hex("8202 00bb 8102 00aa"); },
       Hex("8102 00aa")},
      {"extensions in version 2",
       [](auto& p) {
         p.version = Hex("a003 020101");
         p.extensions = Extensions({Ext(99, {})});
       },
       Extensions({Ext(99, {})})},
      {"extensions twice",
       [](auto& p) {
         p.extensions =
             Join({Extensions({Ext(99, {})}), Extensions({Ext(98, {})})});
       },
       Extensions({Ext(98, {})})},
      {"octets after extensions in their field",
       [](auto& p) {
         p.extensions = Tlv(0xa3, {Seq({Ext(99, {})}), Hex("0500")});
       },
       Join({Ext(99, {}), Hex("0500")}), Ext(99, {}).size()},
      {"octets after tbsCertificate's fields",
       [](auto& p) { p.after_tbs = Hex("0500"); }, Hex("0500 300a"), 0},
      {"signature not a BIT STRING",
       [](auto& p) { p.signature = Hex("0402 00aa"); }, Hex("0402 00aa")},
      {"signature missing",
       [](auto& p) {
         p.outer_algorithm = Hex("3003 06012b");
         p.signature.clear();
       },
       Hex("3003 06012b"), 5},
      {"octets after the signature", [](auto& p) { p.after = Hex("0500"); },
       Hex("06020101020101 0500"), 7},
  };
  for (const MalformedRow& row : kRows) {
    CertificateParts parts;
    row.change(parts);
    const Bytes der = parts.Der();
    const size_t at = testing_der::OffsetOf(row.fault, der);
    ASSERT_LT(at, der.size()) << row.name << ": the row is wrong";
    const auto certificate = Certificate::FromDer(der);
    ASSERT_FALSE(certificate.ok()) << row.name;
    EXPECT_EQ(certificate.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StartsWith(certificate.status().message(),
                                 testing_der::AtOffset(at + row.shift)))
        << row.name << ", at " << at + row.shift << ": "
        << certificate.status();
  }
}

TEST(CertificateTest, RefusesTrailingBytes) {
  Bytes der = CertificateParts().Der();
  const size_t end = der.size();
  der.push_back(0);
  const auto certificate = Certificate::FromDer(der);
  ASSERT_FALSE(certificate.ok());
  EXPECT_TRUE(absl::StartsWith(certificate.status().message(),
                               testing_der::AtOffset(end)));
}

TEST(CertificateTest, EveryTruncationFails) {
  const mint::Minted leaf = MintLeaf();
  ASSERT_TRUE(Certificate::FromDer(leaf.der).ok());
  for (size_t size = 0; size < leaf.der.size(); ++size) {
    // A copy of its own, so that a sanitizer sees a read past the end.
    const Bytes part(leaf.der.begin(), leaf.der.begin() + size);
    const auto certificate = Certificate::FromDer(part);
    ASSERT_FALSE(certificate.ok()) << size;
    EXPECT_EQ(certificate.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(CertificateTest, EveryFlippedByteParsesOrFails) {
  const mint::Minted leaf = MintLeaf();
  for (size_t i = 0; i < leaf.der.size(); ++i) {
    for (const uint8_t flip : {0x01, 0x80, 0xff}) {
      Bytes der = leaf.der;
      der[i] ^= flip;
      const auto certificate = Certificate::FromDer(der);
      if (!certificate.ok()) {
        EXPECT_EQ(certificate.status().code(),
                  absl::StatusCode::kInvalidArgument);
        continue;
      }
      EXPECT_EQ(certificate->pin(), Pin::OfSpki(certificate->spki_der()));
      EXPECT_FALSE(certificate->subject().empty());
    }
  }
}

TEST(CertificateTest, SizeLimit) {
  const size_t overhead = [] {
    CertificateParts parts;
    parts.extensions = Extensions({Ext(99, Bytes(60000))});
    return parts.Der().size() - 60000;
  }();
  CertificateParts parts;
  parts.extensions =
      Extensions({Ext(99, Bytes(Certificate::kMaxDerSize - overhead))});
  ASSERT_EQ(parts.Der().size(), Certificate::kMaxDerSize);
  EXPECT_TRUE(Certificate::FromDer(parts.Der()).ok());

  parts.extensions =
      Extensions({Ext(99, Bytes(Certificate::kMaxDerSize - overhead + 1))});
  const auto certificate = Certificate::FromDer(parts.Der());
  ASSERT_FALSE(certificate.ok());
  EXPECT_EQ(certificate.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StartsWith(certificate.status().message(),
                               testing_der::AtOffset(65536)));
}

TEST(ListFromPemTest, ReadsEveryCertificateInOrder) {
  const mint::Minted leaf = MintLeaf();
  const mint::Minted root =
      mint::SelfSigned(mint::Ca("Test Root"), mint::Key::Shared("p256-root"));
  const auto list = Certificate::ListFromPem(absl::StrCat(
      "about the leaf\n", leaf.Pem(), leaf.key.PublicPem(), "\n", root.Pem()));
  ASSERT_TRUE(list.ok()) << list.status();
  ASSERT_EQ(list->size(), 2u);
  EXPECT_EQ((*list)[0].der(), absl::MakeConstSpan(leaf.der));
  EXPECT_EQ((*list)[1].der(), absl::MakeConstSpan(root.der));
}

TEST(ListFromPemTest, RefusesTheWholeForOneBadBlock) {
  const mint::Minted leaf = MintLeaf();
  const std::string good = leaf.Pem();
  const size_t lines = std::count(good.begin(), good.end(), '\n');
  const struct {
    std::string name;
    std::string pem;
    absl::StatusCode code;
    std::string start;
  } kRows[] = {
      {"nothing", "", absl::StatusCode::kNotFound, ""},
      {"no certificate", leaf.key.PublicPem(), absl::StatusCode::kNotFound, ""},
      {"one that is no certificate",
       absl::StrCat(good,
                    "-----BEGIN CERTIFICATE-----\nMAA=\n"
                    "-----END CERTIFICATE-----\n"),
       absl::StatusCode::kInvalidArgument,
       absl::StrCat("line ", lines + 1, ": offset 2: ")},
      {"an empty one",
       absl::StrCat(good,
                    "-----BEGIN CERTIFICATE-----\n"
                    "-----END CERTIFICATE-----\n"),
       absl::StatusCode::kInvalidArgument, ""},
      {"one cut off", absl::StrCat(good, good.substr(0, good.size() / 2)),
       absl::StatusCode::kInvalidArgument, ""},
      {"one that is not base64",
       absl::StrCat(good,
                    "-----BEGIN CERTIFICATE-----\n!!!!\n"
                    "-----END CERTIFICATE-----\n"),
       absl::StatusCode::kInvalidArgument, ""},
  };
  for (const auto& row : kRows) {
    const auto list = Certificate::ListFromPem(row.pem);
    ASSERT_FALSE(list.ok()) << row.name;
    EXPECT_EQ(list.status().code(), row.code) << row.name << list.status();
    EXPECT_TRUE(absl::StartsWith(list.status().message(), row.start))
        << row.name << ": " << list.status();
  }
}

}  // namespace
}  // namespace pinning

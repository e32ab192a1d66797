#include "pinning/spki.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "tests/testing/counted_heap.h"
#include "tests/testing/der.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using testing_der::Bytes;
using testing_der::CertificateParts;
using testing_der::Hex;
using testing_der::Rdn;
using testing_der::Seq;
using testing_der::Tlv;

// Certificates of every type of key, and of every odd shape up to the SPKI.
std::vector<Bytes> Good() {
  std::vector<Bytes> ders;
  for (const char* key : {"rsa2048-a", "rsa4096-root", "p256-a", "p384-a",
                          "p521-a", "ed25519-a"}) {
    ders.push_back(
        mint::SelfSigned(mint::Ca("A Root"), mint::Key::Shared(key)).der);
  }
  const std::function<void(CertificateParts&)> kChanges[] = {
      [](auto&) {},
      [](auto& p) { p.version.clear(); },
      [](auto& p) { p.version = Hex("a003 020101"); },
      [](auto& p) { p.serial = Tlv(0x02, {Bytes(200, 0x11)}); },
      [](auto& p) { p.issuer = p.subject = Seq({}); },
      [](auto& p) { p.subject = Seq({Rdn(0x0c, std::string(40000, 'x'))}); },
      [](auto& p) {
        p.spki = Seq({Seq({Hex("0603 2a0304")}), Hex("0301 00")});
      },
  };
  for (const auto& change : kChanges) {
    CertificateParts parts;
    change(parts);
    ders.push_back(parts.Der());
  }
  return ders;
}

TEST(FindSpkiTest, IsWhatTheWholeParserFinds) {
  for (const Bytes& der : Good()) {
    const auto certificate = Certificate::FromDer(der);
    ASSERT_TRUE(certificate.ok()) << certificate.status();
    const auto spki = FindSpki(der);
    ASSERT_TRUE(spki.ok()) << spki.status();
    EXPECT_EQ(*spki, certificate->spki_der());
    EXPECT_GE(spki->data(), der.data()) << "it is a view";
    EXPECT_LE(spki->data() + spki->size(), der.data() + der.size());
  }
}

TEST(FindSpkiTest, EveryTruncationFails) {
  for (const Bytes& der : Good()) {
    // A copy of its own each, so that a sanitizer sees a read past the end; of
    // a long one the first and last octets.
    for (size_t size = 0; size < der.size(); ++size) {
      if (size == 500 && der.size() > 2000) {
        size = der.size() - 500;
      }
      const Bytes part(der.begin(), der.begin() + size);
      const auto spki = FindSpki(part);
      ASSERT_FALSE(spki.ok()) << size;
      EXPECT_EQ(spki.status().code(), absl::StatusCode::kInvalidArgument);
    }
  }
}

TEST(FindSpkiTest, RefusesWithTheOffset) {
  const struct {
    std::string name;
    std::function<void(CertificateParts&)> change;
    Bytes fault;  // the error is at its first octet
    std::string field;
  } kRows[] = {
      {"no version where there is another tag",
       [](auto& p) { p.version = Hex("a103 020102"); }, Hex("a103 020102"),
       "serialNumber"},
      {"no serial", [](auto& p) { p.serial.clear(); },
       Hex("300a 0608 2a8648ce3d040302"), "serialNumber"},
      {"a serial of another type", [](auto& p) { p.serial = Hex("0a01 05"); },
       Hex("0a01 05"), "serialNumber"},
      {"an algorithm that is a SET",
       [](auto& p) { p.inner_algorithm = Hex("3103 06012a"); },
       Hex("3103 06012a"), "signature"},
      {"an issuer that is a SET", [](auto& p) { p.issuer = Hex("3100"); },
       Hex("3100"), "issuer"},
      {"a subject of indefinite length",
       [](auto& p) { p.subject = Hex("3080 3103 0000"); }, Hex("3080 3103"),
       "subject"},
      {"a subject whose length is not minimal",
       [](auto& p) { p.subject = Hex("308100"); }, Hex("308100"), "subject"},
      {"an SPKI longer than what is there",
       [](auto& p) { p.spki = Hex("3082ffff 3005 06032b6570"); },
       Hex("3082ffff"), "subjectPublicKeyInfo"},
      {"an SPKI that is a BIT STRING",
       [](auto& p) { p.spki = Hex("0302 00aa"); }, Hex("0302 00aa"),
       "subjectPublicKeyInfo"},
  };
  for (const auto& row : kRows) {
    CertificateParts parts;
    row.change(parts);
    const Bytes der = parts.Der();
    const size_t at = testing_der::OffsetOf(row.fault, der);
    ASSERT_LT(at, der.size()) << row.name << ": the row is wrong";
    const auto spki = FindSpki(der);
    ASSERT_FALSE(spki.ok()) << row.name;
    EXPECT_EQ(spki.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StartsWith(spki.status().message(),
                                 testing_der::AtOffset(at) + row.field))
        << row.name << ", at " << at << ": " << spki.status();
  }
}

TEST(FindSpkiTest, RefusesTrailingBytes) {
  Bytes der = CertificateParts().Der();
  der.push_back(0);
  EXPECT_FALSE(FindSpki(der).ok());
}

// What it says that it leaves to others.
TEST(FindSpkiTest, DoesNotJudgeWhatIsInTheFieldsNorWhatFollows) {
  const std::function<void(CertificateParts&)> kChanges[] = {
      [](auto& p) { p.version = Hex("a003 020109"); },
      [](auto& p) { p.serial = Hex("0200"); },
      [](auto& p) { p.not_after.clear(); },
      [](auto& p) { p.subject = Seq({Hex("0500")}); },
      [](auto& p) { p.spki = Seq({}); },
      [](auto& p) { p.extensions = Hex("ff"); },
      [](auto& p) { p.signature.clear(); },
  };
  for (const auto& change : kChanges) {
    CertificateParts parts;
    change(parts);
    EXPECT_FALSE(Certificate::FromDer(parts.Der()).ok());
    const Bytes der = parts.Der();
    const auto spki = FindSpki(der);
    ASSERT_TRUE(spki.ok()) << spki.status();
    EXPECT_EQ(*spki, absl::MakeConstSpan(parts.spki));
  }
}

TEST(FindSpkiTest, AllocatesNothing) {
  const std::vector<Bytes> ders = Good();
  const size_t before = testing_support::HeapAllocations();
  size_t found = 0;
  for (const Bytes& der : ders) {
    found += FindSpki(der).ok() ? 1 : 0;
  }
  EXPECT_EQ(testing_support::HeapAllocations(), before);
  EXPECT_EQ(found, ders.size());
}

}  // namespace
}  // namespace pinning

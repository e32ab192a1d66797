#include "pinning/internal/name_constraints.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "pinning/error.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace internal {
namespace {

using mint::Key;

constexpr ErrorCode kPasses = ErrorCode::kUnspecified;
constexpr ErrorCode kViolated = ErrorCode::kNameConstraintViolated;

ErrorCode CodeOf(const CheckResult& result) {
  return result.passed() ? kPasses : result.error().code;
}

Certificate Minted(const mint::Spec& spec) {
  return *Certificate::FromDer(
      mint::SelfSigned(spec, Key::Shared("p256-a")).der);
}

Certificate Constraining(std::vector<std::string> permitted,
                         std::vector<std::string> excluded) {
  mint::Spec spec = mint::Ca("Authority");
  spec.permitted = std::move(permitted);
  spec.excluded = std::move(excluded);
  return Minted(spec);
}

// A certificate with an empty subject, so that only its names are judged.
mint::Spec Named() {
  mint::Spec spec;
  spec.subject_der = std::vector<uint8_t>{0x30, 0x00};
  return spec;
}

ErrorCode Check(const Certificate& authority, const mint::Spec& spec) {
  int64_t comparisons = 1000;
  return CodeOf(CheckNameConstraints(*authority.parsed().name_constraints,
                                     Minted(spec).parsed(), &comparisons));
}

// Each row judges one name by one constraint, which first is permitted and
// then excluded. What is doubtful is refused by both.
enum Relation { kInside, kOutside, kDoubtful, kInsideIfExcluded };

struct Row {
  const char* constraint;
  const char* name;
  Relation relation;
};

void CheckRows(const std::vector<Row>& rows, const std::string& kind,
               const std::function<void(mint::Spec&, const char*)>& add) {
  for (const Row& row : rows) {
    SCOPED_TRACE(testing::Message() << row.name << " in " << row.constraint);
    mint::Spec spec = Named();
    add(spec, row.name);
    const std::string constraint = kind + row.constraint;
    EXPECT_EQ(Check(Constraining({constraint}, {}), spec),
              row.relation == kInside ? kPasses : kViolated);
    EXPECT_EQ(Check(Constraining({}, {constraint}), spec),
              row.relation == kOutside ? kPasses : kViolated);
  }
}

TEST(NameConstraintsTest, DnsNames) {
  CheckRows(
      {
          {"example.com", "example.com", kInside},
          {"example.com", "www.example.com", kInside},
          {"example.com", "a.b.example.com", kInside},
          {"EXAMPLE.com", "www.Example.COM", kInside},
          {"example.com", "notexample.com", kOutside},
          {"example.com", "example.com.evil.net", kOutside},
          {"example.com", "com", kOutside},
          {"www.example.com", "example.com", kOutside},
          {"", "example.com", kInside},
          {"com", "example.com", kInside},
          // A leading dot.
          {".example.com", "www.example.com", kInside},
          {".example.com", "a.b.example.com", kInside},
          {".example.com", "example.com", kInsideIfExcluded},
          {".example.com", "notexample.com", kOutside},
          // Wildcards stand for every name they match.
          {"example.com", "*.example.com", kInside},
          {"com", "*.example.com", kInside},
          {".example.com", "*.example.com", kInside},
          {"bar.example.com", "*.example.com", kDoubtful},
          {".bar.example.com", "*.example.com", kInsideIfExcluded},
          {"a.bar.example.com", "*.example.com", kOutside},
          {"bar.example.net", "*.example.com", kOutside},
          {"xexample.com", "*.example.com", kOutside},
          // Names that are none.
          {"example.com", ".example.com", kDoubtful},
          {"example.net", "", kDoubtful},
          {"example.net", "a..example.com", kDoubtful},
          {"example.net", "w*.example.com", kDoubtful},
          {"example.net", "*", kDoubtful},
          {"example.net", "a.*.example.com", kDoubtful},
          {"example.net", "www.example.com.", kDoubtful},
          {"example.net", "www.exam ple.com", kDoubtful},
          {"example.com", "under_score.example.com", kInside},
      },
      "dns:", [](mint::Spec& spec, const char* name) {
        spec.dns_names = {name};
      });
}

TEST(NameConstraintsTest, IpAddresses) {
  CheckRows(
      {
          {"192.0.2.0/24", "192.0.2.0", kInside},
          {"192.0.2.0/24", "192.0.2.255", kInside},
          {"192.0.2.0/24", "192.0.3.0", kOutside},
          {"192.0.2.7/32", "192.0.2.7", kInside},
          {"192.0.2.7/32", "192.0.2.6", kOutside},
          {"10.0.0.0/9", "10.127.255.255", kInside},
          {"10.0.0.0/9", "10.128.0.0", kOutside},
          {"0.0.0.0/0", "203.0.113.9", kInside},
          {"0.0.0.0/0", "2001:db8::1", kOutside},
          {"2001:db8::/32", "2001:db8:ffff::1", kInside},
          {"2001:db8::/32", "2001:db9::1", kOutside},
          {"::/0", "192.0.2.1", kOutside},
          {"::ffff:192.0.2.0/120", "192.0.2.1", kOutside},
      },
      "ip:", [](mint::Spec& spec, const char* name) {
        spec.ip_addresses = {name};
      });
}

TEST(NameConstraintsTest, Emails) {
  CheckRows(
      {
          {"example.com", "root@example.com", kInside},
          {"example.com", "root@EXAMPLE.com", kInside},
          {"example.com", "root@mail.example.com", kOutside},
          {".example.com", "root@mail.example.com", kInside},
          {".example.com", "root@example.com", kOutside},
          {"root@example.com", "root@Example.com", kInside},
          {"root@example.com", "Root@example.com", kOutside},
          {"example.com", "example.com", kDoubtful},
          {"example.com", "@example.com", kDoubtful},
          {"example.com", "root@exa mple.com", kDoubtful},
      },
      "email:", [](mint::Spec& spec, const char* name) {
        spec.emails = {name};
      });
  mint::Spec spec = mint::Leaf({"www.example.com"});
  spec.subject = {{"1.2.840.113549.1.9.1", "root@example.com"}};
  EXPECT_EQ(Check(Constraining({}, {"email:example.com"}), spec), kViolated);
  EXPECT_EQ(Check(Constraining({"email:example.com"}, {}), spec), kPasses);
}

TEST(NameConstraintsTest, Uris) {
  CheckRows(
      {
          {"example.com", "https://example.com/a", kInside},
          {"example.com", "https://user:pw@example.com:8443/a", kInside},
          {"example.com", "https://www.example.com/", kOutside},
          {".example.com", "https://www.example.com/", kInside},
          {".example.com", "https://example.com/", kOutside},
          {"example.com", "https://evil.net/@example.com", kOutside},
          {"example.com", "https://evil.net?@example.com", kOutside},
          {"example.com", "https://192.0.2.1/", kDoubtful},
          {"example.com", "https://[2001:db8::1]/", kDoubtful},
          {"example.com", "urn:example.com", kDoubtful},
          {"example.com", "https:///path", kDoubtful},
      },
      "uri:", [](mint::Spec& spec, const char* name) { spec.uris = {name}; });
}

TEST(NameConstraintsTest, DirectoryNames) {
  mint::Spec spec;
  spec.common_name = "Alice";
  EXPECT_EQ(Check(Constraining({"cn:Alice"}, {}), spec), kPasses);
  EXPECT_EQ(Check(Constraining({"cn:alice"}, {}), spec), kPasses);
  EXPECT_EQ(Check(Constraining({"cn:Bob"}, {}), spec), kViolated);
  EXPECT_EQ(Check(Constraining({}, {"cn:Alice"}), spec), kViolated);
  EXPECT_EQ(Check(Constraining({}, {"cn:Bob"}), spec), kPasses);
  EXPECT_EQ(Check(Constraining({"cn:Bob"}, {}), Named()), kPasses);
}

TEST(NameConstraintsTest, AKindIsUnconstrainedUnlessItIsNamed) {
  mint::Spec spec = Named();
  spec.dns_names = {"www.example.com"};
  spec.ip_addresses = {"192.0.2.1"};
  EXPECT_EQ(Check(Constraining({"dns:example.com"}, {}), spec), kPasses);
  EXPECT_EQ(Check(Constraining({"email:example.com"}, {}), spec), kPasses);
  EXPECT_EQ(Check(Constraining({"ip:192.0.2.0/24"}, {}), spec), kPasses);
  EXPECT_EQ(Check(Constraining({"dns:example.com", "ip:10.0.0.0/8"}, {}), spec),
            kViolated);
}

TEST(NameConstraintsTest, EveryNameIsJudgedAndExclusionWins) {
  mint::Spec spec = Named();
  spec.dns_names = {"a.example.com", "b.example.net"};
  EXPECT_EQ(Check(Constraining({"dns:example.com"}, {}), spec), kViolated);
  EXPECT_EQ(
      Check(Constraining({"dns:example.com", "dns:example.net"}, {}), spec),
      kPasses);
  EXPECT_EQ(Check(Constraining({"dns:example.com", "dns:example.net"},
                               {"dns:b.example.net"}),
                  spec),
            kViolated);
}

TEST(NameConstraintsTest, TheCommonNameIsNoHostName) {
  mint::Spec spec;
  spec.common_name = "www.example.net";
  EXPECT_EQ(Check(Constraining({"dns:example.com"}, {}), spec), kPasses);
}

TEST(NameConstraintsTest, AKindThatIsNotProcessedRefusesNamesOfIt) {
  NameConstraints constraints;
  ParsedCertificate certificate;
  certificate.subject_alt_names.emplace();
  int64_t comparisons = 1000;
  for (const int tag : {0, 3, 5, 8}) {
    SCOPED_TRACE(tag);
    for (GeneralNames* side : {&constraints.permitted, &constraints.excluded}) {
      constraints = NameConstraints();
      side->kinds = static_cast<uint16_t>(1 << tag);
      certificate.subject_alt_names->kinds = static_cast<uint16_t>(1 << tag);
      EXPECT_EQ(
          CodeOf(CheckNameConstraints(constraints, certificate, &comparisons)),
          kViolated);
      certificate.subject_alt_names->kinds = 1 << 2;
      EXPECT_EQ(
          CodeOf(CheckNameConstraints(constraints, certificate, &comparisons)),
          kPasses);
    }
  }
}

TEST(NameConstraintsTest, ComparisonsAreCountedBeforehand) {
  mint::Spec spec = Named();
  spec.dns_names = {"a.example.com", "b.example.com", "c.example.com"};
  const Certificate authority =
      Constraining({"dns:example.com", "dns:example.net"},
                   {"dns:x.example.com", "ip:10.0.0.0/8"});
  const NameConstraints& constraints = *authority.parsed().name_constraints;
  const Certificate certificate = Minted(spec);
  int64_t comparisons = 9;  // three names by three constraints of their kind
  EXPECT_EQ(CodeOf(CheckNameConstraints(constraints, certificate.parsed(),
                                        &comparisons)),
            kPasses);
  EXPECT_EQ(comparisons, 0);
  comparisons = 8;
  EXPECT_EQ(CodeOf(CheckNameConstraints(constraints, certificate.parsed(),
                                        &comparisons)),
            ErrorCode::kBudgetExhausted);
  EXPECT_EQ(comparisons, 8);
}

TEST(NameConstraintsTest, ADnsConstraintIsAName) {
  for (const char* good :
       {"dns:", "dns:com", "dns:.example.com", "dns:a_b.c"}) {
    SCOPED_TRACE(good);
    EXPECT_EQ(CodeOf(CheckConstraintSyntax(
                  *Constraining({}, {good}).parsed().name_constraints)),
              kPasses);
  }
  for (const char* bad : {"dns:*.example.com", "dns:example.com.", "dns:..com",
                          "dns:exa mple.com"}) {
    SCOPED_TRACE(bad);
    EXPECT_EQ(CodeOf(CheckConstraintSyntax(
                  *Constraining({}, {bad}).parsed().name_constraints)),
              ErrorCode::kInvalidProfile);
  }
}

}  // namespace
}  // namespace internal
}  // namespace pinning

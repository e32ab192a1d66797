#include "pinning/internal/extensions.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/general_names.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/raw_extension.h"
#include "tests/testing/der.h"

// Extensions, parsed in the certificate they are in.
namespace pinning {
namespace internal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing_der::CertificateParts;
using testing_der::Ext;
using testing_der::Extensions;
using testing_der::Hex;
using testing_der::Join;
using testing_der::Rdn;
using testing_der::Seq;
using testing_der::Text;
using testing_der::Tlv;
using Der = testing_der::Bytes;

constexpr uint8_t kSubjectKeyId = 14;
constexpr uint8_t kKeyUsage = 15;
constexpr uint8_t kSubjectAltName = 17;
constexpr uint8_t kBasicConstraints = 19;
constexpr uint8_t kNameConstraints = 30;
constexpr uint8_t kPolicies = 32;
constexpr uint8_t kPolicyMappings = 33;
constexpr uint8_t kAuthorityKeyId = 35;
constexpr uint8_t kPolicyConstraints = 36;
constexpr uint8_t kExtKeyUsage = 37;
constexpr uint8_t kInhibitAnyPolicy = 54;

absl::StatusOr<Certificate> Parse(const std::vector<Der>& extensions) {
  CertificateParts parts;
  parts.extensions = Extensions(extensions);
  return Certificate::FromDer(parts.Der());
}

// ParseGood returns a certificate with `extension` alone, which must parse.
Certificate ParseGood(const Der& extension) {
  absl::StatusOr<Certificate> certificate = Parse({extension});
  EXPECT_TRUE(certificate.ok()) << certificate.status();
  return certificate.ok() ? *certificate
                          : *Certificate::FromDer(CertificateParts().Der());
}

std::vector<absl::string_view> Texts(const GeneralNames& names,
                                     GeneralNameKind kind) {
  const GeneralNameRange range = NamesOf(names, kind);
  return {range.begin(), range.end()};
}

Der San(const std::vector<Der>& names) {
  return Ext(kSubjectAltName, Seq(names));
}

Der Oid(const std::string& hex) { return Tlv(0x06, {Hex(hex)}); }

// Qualifier returns a PolicyQualifierInfo with some value.
Der Qualifier(const std::string& oid) {
  return Seq({Oid(oid), Tlv(0x16, {Text("text")})});
}

// Policy returns a PolicyInformation.
Der Policy(const std::string& oid, const std::vector<Der>& qualifiers = {}) {
  return qualifiers.empty() ? Seq({Oid(oid)})
                            : Seq({Oid(oid), Seq(qualifiers)});
}

Der Permit(const Der& name) {
  return Ext(kNameConstraints, Seq({Tlv(0xa0, {Seq({name})})}));
}

TEST(ExtensionsTest, BasicConstraints) {
  const struct {
    std::string name;
    std::string hex;
    bool is_ca;
    int path_length;  // -1: none
  } kRows[] = {
      {"neither", "3000", false, -1},
      {"authority", "3003 0101ff", true, -1},
      {"no authority, said", "3003 010100", false, -1},
      {"path length", "3006 0101ff 020103", true, 3},
      {"path length 127", "3006 0101ff 02017f", true, 127},
      {"path length 128", "3007 0101ff 02020080", true, 255},
      {"huge path length", "300a 0101ff 02057fffffffff", true, 255},
      {"path length of no authority", "3003 020100", false, 0},
  };
  for (const auto& row : kRows) {
    const Certificate certificate =
        ParseGood(Ext(kBasicConstraints, Hex(row.hex)));
    const auto& constraints = certificate.parsed().basic_constraints;
    ASSERT_TRUE(constraints.has_value()) << row.name;
    EXPECT_EQ(constraints->is_ca, row.is_ca) << row.name;
    EXPECT_EQ(constraints->path_length.value_or(-1), row.path_length)
        << row.name;
  }
}

TEST(ExtensionsTest, KeyUsage) {
  const struct {
    std::string name;
    std::string hex;
    uint16_t usage;
  } kRows[] = {
      {"digitalSignature", "0302 0780", kDigitalSignature},
      {"certificates and CRLs", "0302 0106", kKeyCertSign | kCrlSign},
      {"decipherOnly is in the second octet", "0303 07 0080", kDecipherOnly},
      {"all", "0303 07 ff80", 0x1ff},
      {"none", "0301 00", 0},
      {"bits without a name are dropped", "0303 00 807f", kDigitalSignature},
      {"trailing zero bits", "0303 00 8000", kDigitalSignature},
  };
  for (const auto& row : kRows) {
    const Certificate certificate = ParseGood(Ext(kKeyUsage, Hex(row.hex)));
    EXPECT_EQ(certificate.parsed().key_usage, row.usage) << row.name;
  }
}

TEST(ExtensionsTest, ExtendedKeyUsageInOrder) {
  const Certificate certificate = ParseGood(Ext(
      kExtKeyUsage, Seq({Hex("0608 2b06010505070301"), Hex("0604 551d2500")})));
  ASSERT_TRUE(certificate.parsed().extended_key_usage.has_value());
  EXPECT_EQ(certificate.parsed().extended_key_usage->ToStrings(),
            (std::vector<std::string>{"1.3.6.1.5.5.7.3.1", "2.5.29.37.0"}));
}

TEST(ExtensionsTest, SubjectAltNameOfEveryKind) {
  const Certificate certificate = ParseGood(San({
      Tlv(0xa0, {Hex("0603 2a0304"), Hex("a002 0500")}),
      Tlv(0x81, {Text("a@example.com")}),
      Tlv(0x82, {Text("a.example.com")}),
      Tlv(0x82, {Text("b.example.com")}),
      Tlv(0xa3, {}),
      Tlv(0xa4, {Seq({Rdn(0x0c, "X")})}),
      Tlv(0xa5, {}),
      Tlv(0x86, {Text("https://example.com/")}),
      Tlv(0x87, {Hex("c0000201")}),
      Tlv(0x87, {Hex("20010db8000000000000000000000001")}),
      Tlv(0x88, {Hex("2a0304")}),
  }));
  const GeneralNames& names = *certificate.parsed().subject_alt_names;
  using Kind = GeneralNameKind;
  EXPECT_THAT(Texts(names, Kind::kRfc822Name), ElementsAre("a@example.com"));
  EXPECT_THAT(Texts(names, Kind::kDnsName),
              ElementsAre("a.example.com", "b.example.com"));
  EXPECT_THAT(Texts(names, Kind::kUri), ElementsAre("https://example.com/"));
  EXPECT_THAT(
      Texts(names, Kind::kIpAddress),
      ElementsAre(std::string("\xc0\x00\x02\x01", 4), testing::SizeIs(16)));
  CertificateParts parts;
  parts.subject = Seq({Rdn(0x13, "x ")});
  EXPECT_THAT(DirectoriesOf(names),
              ElementsAre(NormalizedOf(
                  Certificate::FromDer(parts.Der())->parsed().subject)));
  EXPECT_EQ(names.kinds, 0x1ff);
}

TEST(ExtensionsTest, NamesAreKeptAsTheyStand) {
  const std::string odd("a\0.\xff", 4);
  EXPECT_EQ(ParseGood(San({Tlv(0x82, {Text(odd)})})).dns_names(),
            (std::vector<absl::string_view>{odd}));
  EXPECT_EQ(ParseGood(San({Tlv(0x82, {})})).dns_names(),
            (std::vector<absl::string_view>{""}));
}

TEST(ExtensionsTest, NameConstraintsBothSides) {
  const Certificate certificate = ParseGood(
      Ext(kNameConstraints,
          Seq({Tlv(0xa0, {Seq({Tlv(0x82, {Text("example.com")})}),
                          Seq({Tlv(0x82, {Text(".example.org")})})}),
               Tlv(0xa1, {Seq({Tlv(0x87, {Hex("0a000000 ff000000")})}),
                          Seq({Tlv(0xa4, {Seq({})})})})})));
  const NameConstraints& constraints = *certificate.parsed().name_constraints;
  EXPECT_THAT(Texts(constraints.permitted, GeneralNameKind::kDnsName),
              ElementsAre("example.com", ".example.org"));
  EXPECT_EQ(constraints.permitted.kinds, 1 << 2);
  EXPECT_THAT(Texts(constraints.excluded, GeneralNameKind::kIpAddress),
              ElementsAre(testing::SizeIs(8)));
  EXPECT_THAT(DirectoriesOf(constraints.excluded), ElementsAre(""));
  EXPECT_EQ(constraints.excluded.kinds, 1 << 7 | 1 << 4);
}

TEST(ExtensionsTest, KeyIdentifiers) {
  const Certificate subject = ParseGood(Ext(kSubjectKeyId, Hex("0402 abcd")));
  EXPECT_EQ(*subject.parsed().subject_key_id, absl::MakeConstSpan(Hex("abcd")));

  const Certificate whole = ParseGood(Ext(
      kAuthorityKeyId, Seq({Hex("8002 abcd"), Tlv(0xa1, {Tlv(0xa4, {Seq({})})}),
                            Hex("8201 05")})));
  const AuthorityKeyId& id = *whole.parsed().authority_key_id;
  EXPECT_EQ(*id.key_id, absl::MakeConstSpan(Hex("abcd")));
  EXPECT_TRUE(id.has_issuer);
  EXPECT_TRUE(id.has_serial);

  const Certificate empty = ParseGood(Ext(kAuthorityKeyId, Seq({})));
  EXPECT_FALSE(empty.parsed().authority_key_id->key_id.has_value());
  EXPECT_FALSE(empty.parsed().authority_key_id->has_issuer);
  EXPECT_FALSE(empty.parsed().authority_key_id->has_serial);
}

TEST(ExtensionsTest, AbsentIsAbsent) {
  const auto certificate = Certificate::FromDer(CertificateParts().Der());
  ASSERT_TRUE(certificate.ok());
  const ParsedCertificate& parsed = certificate->parsed();
  EXPECT_TRUE(parsed.extensions.empty());
  EXPECT_FALSE(parsed.basic_constraints.has_value());
  EXPECT_FALSE(parsed.key_usage.has_value());
  EXPECT_FALSE(parsed.extended_key_usage.has_value());
  EXPECT_FALSE(parsed.subject_alt_names.has_value());
  EXPECT_FALSE(parsed.name_constraints.has_value());
  EXPECT_FALSE(parsed.authority_key_id.has_value());
  EXPECT_FALSE(parsed.subject_key_id.has_value());
  EXPECT_TRUE(parsed.unhandled_critical.empty());
}

TEST(ExtensionsTest, Policies) {
  const auto certificate =
      Parse({Ext(kPolicies, Seq({Policy("2a0304"), Policy("551d2000"),
                                 Seq({Oid("2a0305"), Seq({})})})),
             Ext(kPolicyMappings, Seq({Seq({Oid("2a0304"), Oid("2a0305")})})),
             Ext(kPolicyConstraints, Seq({Hex("800102"), Hex("81020100")})),
             Ext(kInhibitAnyPolicy, Hex("020103"))});
  ASSERT_TRUE(certificate.ok()) << certificate.status();
  const ParsedCertificate& parsed = certificate->parsed();
  EXPECT_THAT(PoliciesOf(parsed),
              ElementsAre("\x2a\x03\x04", kAnyPolicyOctets, "\x2a\x03\x05"));
  ASSERT_EQ(PolicyMappingsOf(parsed).size(), 1u);
  EXPECT_EQ(PolicyMappingsOf(parsed)[0].from, "\x2a\x03\x04");
  EXPECT_EQ(PolicyMappingsOf(parsed)[0].to, "\x2a\x03\x05");
  EXPECT_EQ(parsed.require_explicit_policy, 2);
  EXPECT_EQ(parsed.inhibit_policy_mapping, 255);
  EXPECT_EQ(parsed.inhibit_any_policy, 3);
  EXPECT_EQ(parsed.policy_fault, nullptr);
}

TEST(ExtensionsTest, PolicyFaultsThatAreWellFormed) {
  EXPECT_THAT(ParseGood(Ext(kPolicies, Seq({Policy("2a03"), Policy("2a04"),
                                            Policy("2a03")})))
                  .parsed()
                  .policy_fault,
              HasSubstr("4.2.1.4"));
  for (const auto& [from, to] :
       {std::pair("551d2000", "2a03"), std::pair("2a03", "551d2000")}) {
    EXPECT_THAT(
        ParseGood(Ext(kPolicyMappings, Seq({Seq({Oid(from), Oid(to)})})))
            .parsed()
            .policy_fault,
        HasSubstr("4.2.1.5"));
  }
}

TEST(ExtensionsTest, WhatIsProcessedWhenCritical) {
  const struct {
    std::string name;
    std::vector<Der> extensions;
    std::string unhandled;
  } kRows[] = {
      {"those parsed",
       {Ext(kSubjectKeyId, Hex("0400"), true),
        Ext(kKeyUsage, Hex("03020780"), true),
        Ext(kSubjectAltName, Seq({Tlv(0x82, {})}), true),
        Ext(kBasicConstraints, Seq({}), true),
        Ext(kNameConstraints, Seq({Tlv(0xa0, {Seq({Tlv(0x82, {})})})}), true),
        Ext(kAuthorityKeyId, Seq({}), true),
        Ext(kExtKeyUsage, Seq({Hex("06012a")}), true)},
       ""},
      {"policies and what constrains them",
       {Ext(kPolicies, Seq({Policy("2a0304")}), true),
        Ext(kPolicyMappings, Seq({Seq({Oid("2a0304"), Oid("2a0305")})}), true),
        Ext(kPolicyConstraints, Seq({Hex("800100")}), true),
        Ext(kInhibitAnyPolicy, Hex("020100"), true)},
       ""},
      {"qualifiers that are known",
       {Ext(kPolicies,
            Seq({Policy("2a0304", {Qualifier("2b06010505070201"),
                                   Qualifier("2b06010505070202")})}),
            true)},
       ""},
      {"a qualifier that is not",
       {Ext(kPolicies, Seq({Policy("2a0304", {Qualifier("2a0309")})}), true)},
       "2.5.29.32"},
      {"a qualifier that is not, not critical",
       {Ext(kPolicies, Seq({Policy("2a0304", {Qualifier("2a0309")})}))},
       ""},
      {"unknown, not critical", {Ext(99, {})}, ""},
      {"the first of two", {Ext(99, {}, true), Ext(98, {}, true)}, "2.5.29.99"},
      {"critical after not critical",
       {Ext(99, {}), Ext(98, {}, true)},
       "2.5.29.98"},
  };
  for (const auto& row : kRows) {
    const auto certificate = Parse(row.extensions);
    ASSERT_TRUE(certificate.ok()) << row.name << ": " << certificate.status();
    EXPECT_EQ(OidToString(certificate->parsed().unhandled_critical),
              row.unhandled)
        << row.name;
    const ExtensionList& all = certificate->parsed().extensions;
    EXPECT_EQ(std::distance(all.begin(), all.end()),
              static_cast<ptrdiff_t>(row.extensions.size()));
  }
}

TEST(ExtensionsTest, RefusesWhatIsMalformedWithItsOffset) {
  const Der other = Ext(99, Hex("deadbeef"));
  struct Row {
    std::string name;
    std::vector<Der> extensions;
    Der fault;  // the offset is that of its first octet, plus `shift`
    size_t shift;
  };
  const Der no_mask = Tlv(0x87, {Hex("0a000001")});
  const Der holes = Tlv(0x87, {Hex("0a000000 ff00ff00")});
  const Der long_address = Tlv(0x87, {Hex("0a000001 ff")});
  const Der umlaut = Tlv(0x82, {Text("\xc3\xa9.example")});
  const Row kRows[] = {
      {"no extension", {}, Hex("a302 3000"), 4},
      {"the same one twice",
       {other, other},
       Join({other, other}),
       other.size()},
      {"critical FALSE encoded",
       {Seq({Hex("0603 551d63"), Hex("010100"), Hex("0400")})},
       Hex("010100 0400"),
       0},
      {"critical of another TRUE",
       {Seq({Hex("0603 551d63"), Hex("010101"), Hex("0400")})},
       Hex("010101 0400"),
       0},
      {"no value", {Seq({Hex("0603 551d63")})}, Hex("0603 551d63"), 5},
      {"value not an OCTET STRING",
       {Seq({Hex("0603 551d63"), Hex("0500")})},
       Hex("551d63 0500"),
       3},
      {"octets after the value",
       {Seq({Hex("0603 551d63"), Hex("0400"), Hex("0500")})},
       Hex("551d63 0400 0500"),
       5},
      {"octets after basicConstraints",
       {Ext(kBasicConstraints, Hex("3000 0500"))},
       Hex("3000 0500"),
       2},
      {"octets in basicConstraints",
       {Ext(kBasicConstraints, Hex("3002 0500"))},
       Hex("3002 0500"),
       2},
      {"negative path length",
       {Ext(kBasicConstraints, Hex("3006 0101ff 0201ff"))},
       Hex("0101ff 0201ff"),
       3},
      {"padded path length",
       {Ext(kBasicConstraints, Hex("3007 0101ff 02020001"))},
       Hex("0101ff 02020001"),
       3},
      {"key usage with a bit set that is unused",
       {Ext(kKeyUsage, Hex("0302 0781"))},
       Hex("0302 0781"),
       0},
      {"octets after key usage",
       {Ext(kKeyUsage, Hex("0302 0780 0500"))},
       Hex("03020780 0500"),
       4},
      {"no purpose", {Ext(kExtKeyUsage, Seq({}))}, Hex("551d25 0402 3000"), 7},
      {"purpose not an OID",
       {Ext(kExtKeyUsage, Seq({Hex("0500")}))},
       Hex("3002 0500"),
       2},
      {"SAN of no name",
       {Ext(kSubjectAltName, Seq({}))},
       Hex("551d11 0402 3000"),
       7},
      {"address of five octets", {San({long_address})}, long_address, 0},
      {"universal tag in SAN", {San({Hex("0c0161")})}, Hex("0c0161"), 0},
      {"tag 9 in SAN", {San({Hex("890161")})}, Hex("890161"), 0},
      {"constructed dNSName", {San({Hex("a20161")})}, Hex("a20161"), 0},
      {"primitive directoryName", {San({Hex("840161")})}, Hex("840161"), 0},
      {"directoryName of two Names",
       {San({Hex("a404 3000 3000")})},
       Hex("a404 3000 3000"),
       4},
      {"neither side",
       {Ext(kNameConstraints, Seq({}))},
       Hex("551d1e 0402 3000"),
       7},
      {"no subtree",
       {Ext(kNameConstraints, Seq({Hex("a000")}))},
       Hex("3002 a000"),
       4},
      {"sides in the wrong order",
       {Ext(kNameConstraints, Seq({Hex("a104 3002 8200"), Hex("a000")}))},
       Hex("a104 3002 8200 a000"),
       6},
      {"minimum encoded",
       {Ext(kNameConstraints,
            Seq({Tlv(0xa0, {Seq({Hex("8200"), Hex("800100")})})}))},
       Hex("8200 800100"),
       2},
      {"maximum",
       {Ext(kNameConstraints,
            Seq({Tlv(0xa0, {Seq({Hex("8200"), Hex("810105")})})}))},
       Hex("8200 810105"),
       2},
      {"constraint without a mask", {Permit(no_mask)}, no_mask, 0},
      {"mask with holes", {Permit(holes)}, holes, 0},
      {"constraint that is not ASCII", {Permit(umlaut)}, umlaut, 0},
      {"constraint with an empty RDN",
       {Permit(Hex("a404 3002 3100"))},
       Hex("a404 3002 3100"),
       0},
      {"no policy", {Ext(kPolicies, Seq({}))}, Hex("551d20 0402 3000"), 7},
      {"policy not an OID",
       {Ext(kPolicies, Seq({Seq({Hex("0500")})}))},
       Hex("3002 0500"),
       2},
      {"octets after a policy",
       {Ext(kPolicies, Seq({Seq({Oid("2a03"), Hex("0500")})}))},
       Hex("06022a03 0500"),
       4},
      {"qualifier without a value",
       {Ext(kPolicies, Seq({Seq({Oid("2a03"), Seq({Seq({Oid("2a04")})})})}))},
       Hex("06022a04"),
       4},
      {"octets after a qualifier",
       {Ext(kPolicies,
            Seq({Seq({Oid("2a03"),
                      Seq({Seq({Oid("2a04"), Hex("0500"), Hex("0500")})})})}))},
       Hex("06022a04 0500 0500"),
       6},
      {"octets after policies",
       {Ext(kPolicies, Join({Seq({Policy("2a03")}), Hex("0500")}))},
       Hex("06022a03 0500"),
       4},
      {"no mapping",
       {Ext(kPolicyMappings, Seq({}))},
       Hex("551d21 0402 3000"),
       7},
      {"mapping to nothing",
       {Ext(kPolicyMappings, Seq({Seq({Oid("2a03")})}))},
       Hex("06022a03"),
       4},
      {"mapping of three",
       {Ext(kPolicyMappings,
            Seq({Seq({Oid("2a03"), Oid("2a04"), Oid("2a05")})}))},
       Hex("06022a05"),
       0},
      {"octets after mappings",
       {Ext(kPolicyMappings,
            Join({Seq({Seq({Oid("2a03"), Oid("2a04")})}), Hex("0500")}))},
       Hex("06022a04 0500"),
       4},
      {"no constraint of policies",
       {Ext(kPolicyConstraints, Seq({}))},
       Hex("551d24 0402 3000"),
       7},
      {"negative requireExplicitPolicy",
       {Ext(kPolicyConstraints, Seq({Hex("8001ff")}))},
       Hex("8001ff"),
       0},
      {"negative inhibitPolicyMapping",
       {Ext(kPolicyConstraints, Seq({Hex("8101ff")}))},
       Hex("8101ff"),
       0},
      {"constraints of policies in the wrong order",
       {Ext(kPolicyConstraints, Seq({Hex("810100"), Hex("800100")}))},
       Hex("810100 800100"),
       3},
      {"octets after policyConstraints",
       {Ext(kPolicyConstraints, Join({Seq({Hex("800100")}), Hex("0500")}))},
       Hex("800100 0500"),
       3},
      {"negative inhibitAnyPolicy",
       {Ext(kInhibitAnyPolicy, Hex("0201ff"))},
       Hex("0201ff"),
       0},
      {"octets after inhibitAnyPolicy",
       {Ext(kInhibitAnyPolicy, Hex("020100 0500"))},
       Hex("020100 0500"),
       3},
      {"authority key id, order",
       {Ext(kAuthorityKeyId, Seq({Hex("820105"), Hex("8001aa")}))},
       Hex("820105 8001aa"),
       3},
      {"authority serial padded",
       {Ext(kAuthorityKeyId, Seq({Hex("82020005")}))},
       Hex("82020005"),
       0},
      {"subject key id not an OCTET STRING",
       {Ext(kSubjectKeyId, Hex("0500"))},
       Hex("0402 0500"),
       2},
      {"octets after subject key id",
       {Ext(kSubjectKeyId, Hex("0400 0500"))},
       Hex("0400 0500"),
       2},
  };
  for (const Row& row : kRows) {
    CertificateParts parts;
    parts.extensions = Extensions(row.extensions);
    const Der der = parts.Der();
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

}  // namespace
}  // namespace internal
}  // namespace pinning

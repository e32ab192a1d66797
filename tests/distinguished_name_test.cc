#include "pinning/internal/distinguished_name.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "pinning/internal/asn1_string.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/parsed_certificate.h"
#include "tests/testing/der.h"

namespace pinning {
namespace internal {
namespace {

using testing_der::Hex;
using testing_der::Rdn;
using testing_der::Seq;
using testing_der::Text;
using testing_der::Tlv;
using Der = testing_der::Bytes;

constexpr uint8_t kUtf8 = 0x0c;
constexpr uint8_t kNumeric = 0x12;
constexpr uint8_t kPrintable = 0x13;
constexpr uint8_t kTeletex = 0x14;
constexpr uint8_t kIa5 = 0x16;
constexpr uint8_t kVisible = 0x1a;
constexpr uint8_t kUniversal = 0x1c;
constexpr uint8_t kBmp = 0x1e;

const Der kCountry = Hex("0603 550406");
const Der kOrganization = Hex("0603 55040a");
const Der kDomainComponent = Hex("060a 0992268993f22c640119");
const Der kUnknownType = Hex("0603 2a0304");

Name Parse(const Der& der) {
  DerReader reader(der);
  const DerResult<Name> name = ReadName(reader, "subject");
  EXPECT_TRUE(name.ok()) << name.status();
  EXPECT_TRUE(reader.empty());
  return name.ok() ? *name : Name();
}

Der CommonName(uint8_t tag, absl::string_view value) {
  return Seq({Rdn(tag, value)});
}

TEST(NameMatchTest, Rfc5280Section7_1) {
  const struct {
    std::string name;
    Der a, b;
    bool match;
  } kRows[] = {
      {"same", CommonName(kUtf8, "Root"), CommonName(kUtf8, "Root"), true},
      {"string types do not count", CommonName(kUtf8, "Root"),
       CommonName(kPrintable, "Root"), true},
      {"BMPString", CommonName(kUtf8, "Ab"),
       Seq({Tlv(0x31, {Seq({Hex("0603 550403"), Hex("1e04 00410062")})})}),
       true},
      {"case of ASCII", CommonName(kUtf8, "ROOT ca"),
       CommonName(kPrintable, "root CA"), true},
      {"case of others is kept", CommonName(kUtf8, "\xc3\x89"),
       CommonName(kUtf8, "\xc3\xa9"), false},
      {"spaces at the ends", CommonName(kUtf8, "  Root "),
       CommonName(kUtf8, "Root"), true},
      {"inner spaces run together", CommonName(kUtf8, "A   B"),
       CommonName(kUtf8, "A B"), true},
      {"inner space counts", CommonName(kUtf8, "A B"), CommonName(kUtf8, "AB"),
       false},
      {"a tab is no space", CommonName(kUtf8, "A\tB"), CommonName(kUtf8, "A B"),
       false},
      {"only spaces is empty", CommonName(kUtf8, "   "), CommonName(kUtf8, ""),
       true},
      {"NUL does not end", CommonName(kUtf8, std::string("A\0B", 3)),
       CommonName(kUtf8, "A"), false},
      {"Teletex as ISO 8859-1", CommonName(kTeletex, "\xe9"),
       CommonName(kUtf8, "\xc3\xa9"), true},
      {"domain components fold case",
       Seq({Rdn(kIa5, "Example", kDomainComponent)}),
       Seq({Rdn(kIa5, "eXAMPLE", kDomainComponent)}), true},
      {"type counts", Seq({Rdn(kUtf8, "x", kOrganization)}),
       Seq({Rdn(kUtf8, "x")}), false},
      {"order of RDNs counts", Seq({Rdn(kUtf8, "a"), Rdn(kUtf8, "b")}),
       Seq({Rdn(kUtf8, "b"), Rdn(kUtf8, "a")}), false},
      {"number of RDNs counts", Seq({Rdn(kUtf8, "a")}),
       Seq({Rdn(kUtf8, "a"), Rdn(kUtf8, "a")}), false},
      {"attributes of an RDN are a set",
       Seq({Tlv(0x31, {Seq({kCountry, Tlv(kPrintable, {Text("US")})}),
                       Seq({kOrganization, Tlv(kUtf8, {Text("X")})})})}),
       Seq({Tlv(0x31, {Seq({kOrganization, Tlv(kUtf8, {Text("x")})}),
                       Seq({kCountry, Tlv(kUtf8, {Text("us")})})})}),
       true},
      {"one RDN of two is not two of one",
       Seq({Tlv(0x31, {Seq({kCountry, Tlv(kPrintable, {Text("US")})}),
                       Seq({kOrganization, Tlv(kUtf8, {Text("X")})})})}),
       Seq({Rdn(kPrintable, "US", kCountry), Rdn(kUtf8, "X", kOrganization)}),
       false},
      {"an ill-formed string is compared by its DER", CommonName(kUtf8, "\xff"),
       CommonName(kUtf8, "\xff"), true},
      {"and not with another type", CommonName(kUtf8, "\xff"),
       CommonName(kPrintable, "\xff"), false},
      {"nor by its text", CommonName(kUtf8, "\xff"),
       CommonName(kTeletex, "\xff"), false},
      {"a value of no string type",
       Seq({Tlv(0x31, {Seq({kUnknownType, Hex("0500")})})}),
       Seq({Tlv(0x31, {Seq({kUnknownType, Hex("0500")})})}), true},
      {"lengths keep values apart",
       Seq({Rdn(kUtf8, "a", kOrganization), Rdn(kUtf8, "b")}),
       Seq({Rdn(kUtf8, "ab", kOrganization), Rdn(kUtf8, "")}), false},
      {"empty names", Seq({}), Seq({}), true},
      {"an empty RDN is no empty name", Seq({Tlv(0x31, {})}), Seq({}), false},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(NamesMatch(Parse(row.a), Parse(row.b)), row.match) << row.name;
  }
}

TEST(NameMatchTest, Subtrees) {
  const Der us = Rdn(kPrintable, "US", kCountry);
  const Der org = Rdn(kUtf8, "Example", kOrganization);
  const Der cn = Rdn(kUtf8, "x");
  const struct {
    std::string name;
    Der subject, base;
    bool within;
  } kRows[] = {
      {"itself", Seq({us, org}), Seq({us, org}), true},
      {"below", Seq({us, org, cn}), Seq({us, org}), true},
      {"above", Seq({us}), Seq({us, org}), false},
      {"beside", Seq({us, cn}), Seq({us, org}), false},
      {"not by suffix", Seq({us, org, cn}), Seq({cn}), false},
      {"not by half an RDN", Seq({Rdn(kUtf8, "xy")}), Seq({Rdn(kUtf8, "x")}),
       false},
      {"folded", Seq({us, Rdn(kPrintable, "EXAMPLE ", kOrganization), cn}),
       Seq({us, org}), true},
      {"everything is within the empty name", Seq({us}), Seq({}), true},
      {"the empty name is within nothing else", Seq({}), Seq({us}), false},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(IsWithinSubtree(NormalizedOf(Parse(row.subject)),
                              NormalizedOf(Parse(row.base))),
              row.within)
        << row.name;
  }
}

TEST(ReadNameTest, RefusesWhatIsNoName) {
  const struct {
    std::string name;
    Der der;
    size_t offset;
  } kRows[] = {
      {"not a SEQUENCE", Hex("3100"), 0},
      {"RDN not a SET", Hex("3002 3000"), 2},
      {"attribute not a SEQUENCE", Hex("3004 3102 0500"), 4},
      {"type not an OID", Hex("3008 3106 3004 0500 0c00"), 6},
      {"type of no arcs", Hex("3008 3106 3004 0600 0c00"), 6},
      {"no value", Hex("3009 3107 3005 0603 550403"), 11},
      {"two values", Hex("300d 310b 3009 0603 550403 0c00 0c00"), 13},
      {"length past the end", Hex("3009 3107 3005 0604 550403"), 6},
  };
  for (const auto& row : kRows) {
    DerReader reader(row.der);
    const auto name = ReadName(reader, "subject");
    ASSERT_FALSE(name.ok()) << row.name;
    EXPECT_TRUE(absl::StartsWith(name.status().message(),
                                 testing_der::AtOffset(row.offset)))
        << row.name << ": " << name.status();
  }
}

TEST(ReadNameTest, NotesAnEmptyRdn) {
  EXPECT_TRUE(Parse(Seq({Tlv(0x31, {}), Rdn(kUtf8, "x")})).has_empty_rdn);
  EXPECT_FALSE(Parse(Seq({Rdn(kUtf8, "x")})).has_empty_rdn);
}

TEST(NameToStringTest, Rfc4514) {
  const struct {
    std::string name;
    Der der;
    std::string text;
  } kRows[] = {
      {"empty", Seq({}), ""},
      {"last RDN first",
       Seq({Rdn(kPrintable, "US", kCountry),
            Rdn(kUtf8, "Example", kOrganization), Rdn(kUtf8, "x")}),
       "CN=x,O=Example,C=US"},
      {"multi-valued",
       Seq({Rdn(kPrintable, "US", kCountry),
            Tlv(0x31, {Seq({kOrganization, Tlv(kUtf8, {Text("X")})}),
                       Seq({Hex("0603 550403"), Tlv(kUtf8, {Text("y")})})})}),
       "O=X+CN=y,C=US"},
      {"specials", CommonName(kUtf8, "a,b+c\"d\\e<f>g;h=i"),
       "CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h=i"},
      {"spaces at the ends", CommonName(kUtf8, "  a b  "), "CN=\\  a b \\ "},
      {"number sign first", CommonName(kUtf8, "#a#"), "CN=\\#a#"},
      {"NUL", CommonName(kUtf8, std::string("a\0b", 3)), "CN=a\\00b"},
      {"UTF-8 stays", CommonName(kUtf8, "\xc3\xa9"), "CN=\xc3\xa9"},
      {"unknown type", Seq({Rdn(kUtf8, "v", kUnknownType)}), "1.2.3.4=v"},
      {"not text", CommonName(kUtf8, "\xff"), "CN=#0c01ff"},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(NameToString(Parse(row.der)), row.text) << row.name;
  }
}

TEST(AttributeValuesTest, InOrderAndOnlyText) {
  const Der der = Seq({Rdn(kUtf8, "a"), Rdn(kUtf8, "o", kOrganization),
                       Rdn(kUtf8, "\xff"), Rdn(kUtf8, "B  b")});
  const Name name = Parse(der);
  EXPECT_EQ(AttributeValues(name, "2.5.4.3"),
            (std::vector<std::string>{"a", "B  b"}));
  EXPECT_TRUE(AttributeValues(name, "2.5.4.6").empty());
}

TEST(Asn1StringTest, ConvertsToUtf8) {
  const struct {
    std::string name;
    uint8_t tag;
    std::string hex;
    bool ok;
    std::string text;
  } kRows[] = {
      {"UTF-8", kUtf8, "61 c3a9 e282ac f09f9880", true,
       "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
      {"overlong of two", kUtf8, "c080", false, ""},
      {"overlong of three", kUtf8, "e08080", false, ""},
      {"overlong of four", kUtf8, "f0808080", false, ""},
      {"surrogate", kUtf8, "eda080", false, ""},
      {"above U+10FFFF", kUtf8, "f4908080", false, ""},
      {"five octets", kUtf8, "f888808080", false, ""},
      {"cut short", kUtf8, "e282", false, ""},
      {"continuation alone", kUtf8, "80", false, ""},
      {"lead after lead", kUtf8, "c3c3a9", false, ""},
      {"printable", kPrintable, "4142", true, "AB"},
      {"at sign in printable", kPrintable, "40", true, "@"},
      {"eight bits in printable", kPrintable, "e9", false, ""},
      {"numeric", kNumeric, "31", true, "1"},
      {"visible", kVisible, "41", true, "A"},
      {"eight bits in IA5", kIa5, "80", false, ""},
      {"Teletex", kTeletex, "e9", true, "\xc3\xa9"},
      {"BMP", kBmp, "0041 20ac", true, "A\xe2\x82\xac"},
      {"odd BMP", kBmp, "004120", false, ""},
      {"surrogate in BMP", kBmp, "d83dde00", false, ""},
      {"Universal", kUniversal, "0001f600", true, "\xf0\x9f\x98\x80"},
      {"above U+10FFFF in Universal", kUniversal, "00110000", false, ""},
      {"OCTET STRING", 0x04, "41", false, ""},
  };
  for (const auto& row : kRows) {
    const auto text = Asn1StringToUtf8(row.tag, Hex(row.hex));
    EXPECT_EQ(text.has_value(), row.ok) << row.name;
    if (text.has_value()) {
      EXPECT_EQ(*text, row.text) << row.name;
    }
  }
}

}  // namespace
}  // namespace internal
}  // namespace pinning

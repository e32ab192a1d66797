#include "pinning/internal/der_reader.h"

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "tests/testing/der.h"

namespace pinning {
namespace internal {
namespace {

using testing_der::AtOffset;
using testing_der::Bytes;
using testing_der::Hex;

struct Row {
  std::string name;
  std::string hex;
};

TEST(DerReaderTest, RefusesWhatOnlyBerAllows) {
  const Row kRows[] = {
      {"indefinite length", "3080 0000"},
      {"long form of a short length", "3081 00"},
      {"long form of 127", "0481 7f" + std::string(254, '0')},
      {"leading zero in a length", "048200 80" + std::string(256, '0')},
      {"reserved length octet", "30ff 00"},
      {"length past the end", "3002 05"},
      {"length of more than the address space", "0488 ffffffffffffffff"},
      {"length of 2^32", "0485 0100000000"},
      {"length octets missing", "3082 01"},
      {"tag alone", "30"},
      {"high tag number that fits the low form", "1f1e 00"},
      {"high tag number padded", "1f801f 00"},
      {"universal tag 0", "0000"},
  };
  for (const Row& row : kRows) {
    const Bytes der = Hex(row.hex);
    DerReader reader(der);
    const auto element = reader.ReadAny("field");
    ASSERT_FALSE(element.ok()) << row.name;
    EXPECT_EQ(element.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StartsWith(element.status().message(), AtOffset(0)))
        << row.name << ": " << element.status();
    EXPECT_EQ(reader.offset(), 0u) << row.name;
  }
}

TEST(DerReaderTest, ReadsEachElementWithItsPlace) {
  const Bytes der = Hex("0500 3003 020105 0401aa");
  DerReader reader(der);
  EXPECT_TRUE(reader.NextIs(CBS_ASN1_NULL));
  ASSERT_TRUE(reader.ReadAny("null").ok());
  auto inside = reader.ReadInside(CBS_ASN1_SEQUENCE, "sequence");
  ASSERT_TRUE(inside.ok());
  EXPECT_EQ(inside->offset(), 4u);
  auto integer = inside->ReadInteger("integer");
  ASSERT_TRUE(integer.ok());
  EXPECT_EQ(*integer, absl::MakeConstSpan(Hex("05")));
  EXPECT_TRUE(inside->ExpectEnd("sequence").ok());
  auto octets = reader.Read(CBS_ASN1_OCTETSTRING, "octets");
  ASSERT_TRUE(octets.ok());
  EXPECT_EQ(octets->offset, 7u);
  EXPECT_EQ(octets->whole, absl::MakeConstSpan(Hex("0401aa")));
  EXPECT_EQ(octets->content, absl::MakeConstSpan(Hex("aa")));
  EXPECT_TRUE(reader.empty());
  EXPECT_FALSE(reader.NextIs(CBS_ASN1_NULL));
}

TEST(DerReaderTest, ReadsLengthsOfEveryForm) {
  for (const size_t size : {0, 1, 127, 128, 255, 256, 65535, 65536}) {
    const Bytes der = testing_der::Tlv(0x04, {Bytes(size, 0x5a)});
    DerReader reader(der);
    const auto element = reader.Read(CBS_ASN1_OCTETSTRING, "octets");
    ASSERT_TRUE(element.ok()) << size << ": " << element.status();
    EXPECT_EQ(element->content.size(), size);
  }
}

TEST(DerReaderTest, NamesWhatItExpectedAndWhere) {
  const Bytes der = Hex("3006 020101 020102");
  DerReader whole(der);
  auto reader = whole.ReadInside(CBS_ASN1_SEQUENCE, "outer");
  ASSERT_TRUE(reader.ok());
  ASSERT_TRUE(reader->ReadInteger("first").ok());
  EXPECT_EQ(reader->Read(CBS_ASN1_SEQUENCE, "second").status(),
            absl::InvalidArgumentError(
                "offset 5: second: expected SEQUENCE, found INTEGER"));
  EXPECT_EQ(reader->ExpectEnd("outer"),
            absl::InvalidArgumentError("offset 5: outer: 3 octets left over"));
  ASSERT_TRUE(reader->ReadInteger("second").ok());
  EXPECT_EQ(
      reader->Read(CBS_ASN1_CONTEXT_SPECIFIC | 3, "third").status(),
      absl::InvalidArgumentError("offset 8: third: expected [3], found the "
                                 "end"));
}

TEST(DerReaderTest, ConstructedStringsAreNotStrings) {
  const Bytes der = Hex("2403 0401aa");
  EXPECT_FALSE(DerReader(der).Read(CBS_ASN1_OCTETSTRING, "octets").ok());
  const Bytes bits = Hex("2304 030200aa");
  EXPECT_FALSE(DerReader(bits).ReadBitString("bits").ok());
}

struct TypeRow {
  std::string name;
  std::string hex;
  bool ok;
};

using Read = std::function<absl::Status(DerReader&)>;

void ExpectRows(const std::vector<TypeRow>& rows, const Read& read) {
  for (const TypeRow& row : rows) {
    const Bytes der = Hex(row.hex);
    DerReader reader(der);
    const absl::Status status = read(reader);
    EXPECT_EQ(status.ok(), row.ok) << row.name << ": " << status;
    EXPECT_EQ(reader.offset(), row.ok ? der.size() : 0) << row.name;
    if (!row.ok) {
      EXPECT_TRUE(absl::StartsWith(status.message(), AtOffset(0)))
          << row.name << ": " << status;
    }
  }
}

TEST(DerReaderTest, Booleans) {
  ExpectRows({{"false", "0101 00", true},
              {"true", "0101 ff", true},
              {"another true", "0101 01", false},
              {"empty", "0100", false},
              {"two octets", "0102 ffff", false},
              {"integer", "0201 00", false}},
             [](DerReader& r) { return r.ReadBoolean("field").status(); });
}

TEST(DerReaderTest, Integers) {
  ExpectRows({{"zero", "0201 00", true},
              {"negative", "0201 80", true},
              {"128 needs its zero", "0202 0080", true},
              {"long", "0215 7f" + std::string(40, '1'), true},
              {"empty", "0200", false},
              {"needless zero", "0202 007f", false},
              {"needless ones", "0202 ff80", false},
              {"boolean", "0101 00", false}},
             [](DerReader& r) { return r.ReadInteger("field").status(); });
}

TEST(DerReaderTest, ObjectIdentifiers) {
  ExpectRows({{"common name", "0603 550403", true},
              {"empty", "0600", false},
              {"last arc unfinished", "0602 5580", false},
              {"padded first arc", "0603 805504", false},
              {"padded later arc", "0604 55800403", false}},
             [](DerReader& r) { return r.ReadOid("field").status(); });
}

TEST(DerReaderTest, BitStrings) {
  ExpectRows({{"empty", "0301 00", true},
              {"whole octets", "0303 00 abcd", true},
              {"four unused", "0302 04 f0", true},
              {"no unused-bits octet", "0300", false},
              {"unused bits of nothing", "0301 01", false},
              {"eight unused", "0302 08 00", false},
              {"an unused bit is set", "0302 04 f8", false}},
             [](DerReader& r) { return r.ReadBitString("field").status(); });
  const Bytes der = Hex("0303 03 abc8");
  const auto bits = DerReader(der).ReadBitString("field");
  ASSERT_TRUE(bits.ok());
  EXPECT_EQ(bits->unused_bits, 3);
  EXPECT_EQ(bits->octets, absl::MakeConstSpan(Hex("abc8")));
}

TEST(DerReaderTest, ImplicitTagsTakeTheTypesRules) {
  const Bytes der = Hex("8201 05");
  EXPECT_TRUE(
      DerReader(der).ReadInteger("field", CBS_ASN1_CONTEXT_SPECIFIC | 2).ok());
  const Bytes padded = Hex("8202 0005");
  EXPECT_FALSE(DerReader(padded)
                   .ReadInteger("field", CBS_ASN1_CONTEXT_SPECIFIC | 2)
                   .ok());
}

TEST(OidToStringTest, Dotted) {
  const struct {
    std::string hex;
    std::string dotted;
  } kRows[] = {
      {"550403", "2.5.4.3"},
      {"2a864886f70d010101", "1.2.840.113549.1.1.1"},
      {"00", "0.0"},
      {"27", "0.39"},
      {"28", "1.0"},
      {"4f", "1.39"},
      {"50", "2.0"},
      {"883703", "2.999.3"},
      {"2a81ffffffffffffffff7f", "1.2.18446744073709551615"},
      {"2a8280808080808080808000", "oid:2a8280808080808080808000"},
  };
  for (const auto& row : kRows) {
    EXPECT_EQ(OidToString(Hex(row.hex)), row.dotted);
  }
}

}  // namespace
}  // namespace internal
}  // namespace pinning

#include "pinning/pin.h"

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "gtest/gtest.h"

namespace pinning {
namespace {

// SHA-256 of no bytes at all (FIPS 180-4 example).
constexpr char kEmptyPin[] =
    "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

TEST(PinTest, IsTheSha256OfTheBytes) {
  EXPECT_EQ(Pin::OfSpki({}).ToString(), kEmptyPin);
}

TEST(PinTest, RoundTrips) {
  const Pin pin = Pin::OfSpki({1, 2, 3});
  const auto parsed = Pin::FromString(pin.ToString());
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(*parsed, pin);
  EXPECT_NE(*parsed, Pin::OfSpki({}));
}

TEST(PinTest, OneByteMakesAnotherPin) {
  EXPECT_NE(Pin::OfSpki({0x30, 0x00}), Pin::OfSpki({0x30, 0x80, 0x00}));
}

TEST(PinTest, IsOrderedAndHashable) {
  absl::flat_hash_set<Pin> pins = {Pin::OfSpki({1}), Pin::OfSpki({2}),
                                   Pin::OfSpki({1})};
  EXPECT_EQ(pins.size(), 2u);
  EXPECT_NE(Pin::OfSpki({1}) < Pin::OfSpki({2}),
            Pin::OfSpki({2}) < Pin::OfSpki({1}));
}

struct Refusal {
  const char* name;
  std::string text;
};

class PinRefusalTest : public testing::TestWithParam<Refusal> {};

TEST_P(PinRefusalTest, IsInvalid) {
  const auto pin = Pin::FromString(GetParam().text);
  ASSERT_FALSE(pin.ok());
  EXPECT_EQ(pin.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(pin.status().message().find("offset "), absl::string_view::npos)
      << pin.status();
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PinRefusalTest,
    testing::Values(
        Refusal{"Empty", ""}, Refusal{"PrefixOnly", "sha256/"},
        Refusal{"NoPrefix", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
        Refusal{"CurlPrefix",
                "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
        Refusal{"Sha1", "sha1/2jmj7l5rSw0yVb/vlWAYkK/YBwk="},
        Refusal{"UpperCasePrefix",
                "SHA256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
        Refusal{"Short", "sha256/2jmj7l5rSw0yVb/vlWAYkK/YBwk="},
        Refusal{"Long", "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFVV"},
        Refusal{"NoPadding",
                "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"},
        Refusal{"UrlSafe",
                "sha256/47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU="},
        Refusal{"StrayBits",
                "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV="},
        Refusal{"TrailingSpace", std::string(kEmptyPin) + " "},
        Refusal{"TrailingNewline", std::string(kEmptyPin) + "\n"},
        Refusal{"LeadingSpace", std::string(" ") + kEmptyPin}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace pinning

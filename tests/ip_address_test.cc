#include "pinning/internal/ip_address.h"

#include <string>

#include "gtest/gtest.h"

namespace pinning {
namespace internal {
namespace {

TEST(IpAddressTest, GivesOneFormToOneAddress) {
  const struct {
    const char* text;
    const char* canonical;
  } kRows[] = {
      {"192.0.2.1", "192.0.2.1"},
      {"0.0.0.0", "0.0.0.0"},
      {"::1", "::1"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"2001:DB8::0:1", "2001:db8::1"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"::ffff:c000:201", "192.0.2.1"},
  };
  for (const auto& row : kRows) {
    const auto octets = IpAddressFromString(row.text);
    ASSERT_TRUE(octets.ok()) << row.text;
    EXPECT_EQ(IpAddressToString(*octets), row.canonical) << row.text;
  }
}

TEST(IpAddressTest, RefusesOtherSpellings) {
  const std::string kRows[] = {
      "",          "1.2.3",         "1.2.3.4.", "01.2.3.4",
      "1.2.3.256", "0x7f.0.0.1",    "127.1",    "2130706433",
      " 1.2.3.4",  "1.2.3.4 ",      "[::1]",    "::1%lo",
      ":::1",      "1:2:3:4:5:6:7", "::g",      std::string("1.2.3.4\0", 8),
      "::1\n",     "1.2.3.4:443",
  };
  for (const std::string& text : kRows) {
    EXPECT_FALSE(IpAddressFromString(text).ok()) << text;
  }
}

TEST(IpAddressTest, PrintsOnlyWholeAddresses) {
  EXPECT_EQ(IpAddressToString("abc"), "");
  EXPECT_EQ(IpAddressToString(""), "");
  EXPECT_EQ(IpAddressToString("\x7f\x01\x02\x03"), "127.1.2.3");
}

}  // namespace
}  // namespace internal
}  // namespace pinning

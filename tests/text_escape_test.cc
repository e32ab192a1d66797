#include "pinning/internal/text_escape.h"

#include <string>

#include "gtest/gtest.h"

namespace pinning {
namespace internal {
namespace {

struct Row {
  const char* name;
  std::string text;
  const char* escaped;
};

class TextEscapeTest : public testing::TestWithParam<Row> {};

TEST_P(TextEscapeTest, Escapes) {
  EXPECT_EQ(EscapeText(GetParam().text), GetParam().escaped);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, TextEscapeTest,
    testing::Values(
        Row{"PlainText", "CN=Example, O=\"Caf\xc3\xa9\"",
            "CN=Example, O=\"Caf\xc3\xa9\""},
        Row{"Empty", "", ""},
        Row{"EscapeSequence", "a\x1b[2Jb", "a\\u{1b}[2Jb"},
        Row{"Newline", "a\r\nb", "a\\u{d}\\u{a}b"},
        Row{"Nul", std::string("a\0b", 3), "a\\u{0}b"},
        Row{"Delete", "\x7f", "\\u{7f}"},
        Row{"C1Control", "\xc2\x9b", "\\u{9b}"},
        Row{"RightToLeftOverride", "\xe2\x80\xaegpj", "\\u{202e}gpj"},
        Row{"Isolate", "\xe2\x81\xa6", "\\u{2066}"},
        Row{"ZeroWidth", "\xe2\x80\x8b", "\\u{200b}"},
        Row{"LineSeparator", "\xe2\x80\xa8", "\\u{2028}"},
        Row{"Backslash", "\\u{1b}", "\\\\u{1b}"},
        Row{"LoneContinuation", "\x80", "\\x{80}"},
        Row{"Truncated", "\xe2\x80", "\\x{e2}\\x{80}"},
        Row{"Overlong", "\xc0\xaf", "\\x{c0}\\x{af}"},
        Row{"OverlongThree", "\xe0\x80\xaf", "\\x{e0}\\x{80}\\x{af}"},
        Row{"Surrogate", "\xed\xa0\x80", "\\x{ed}\\x{a0}\\x{80}"},
        Row{"AboveUnicode", "\xf4\x90\x80\x80", "\\x{f4}\\x{90}\\x{80}\\x{80}"},
        Row{"FourBytes", "\xf0\x9f\x94\x92", "\xf0\x9f\x94\x92"},
        Row{"Tag", "\xf3\xa0\x81\x81", "\\u{e0041}"}),
    [](const auto& info) { return info.param.name; });

TEST(TextEscapeTest, CutsLongText) {
  EXPECT_EQ(EscapeText(std::string(600, 'a')), std::string(512, 'a') + "...");
  EXPECT_EQ(EscapeText("abc", 3), "abc");
  EXPECT_EQ(EscapeText("\xc3\xa9\xc3\xa9", 2), "\xc3\xa9...");
}

}  // namespace
}  // namespace internal
}  // namespace pinning

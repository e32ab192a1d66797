#include "tools/tlspin/help_text.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/tlspin/flag_text.h"
#include "tools/tlspin/text_wrap.h"

namespace tlspin {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(WrapTest, FillsLinesToTheWidth) {
  EXPECT_EQ(Wrap("a bb ccc dddd", 8, 2, 0), "a bb ccc\n  dddd");
  EXPECT_EQ(Wrap("a bb ccc dddd", 8, 2, 6), "a\n  bb ccc\n  dddd");
  EXPECT_EQ(Wrap("  a \n\n b ", 80, 0, 0), "a b");
  EXPECT_EQ(Wrap("", 80, 4, 0), "");
  // A word is never cut, and its width is that of its characters.
  EXPECT_EQ(Wrap("x longer-than-that y", 8, 0, 0), "x\nlonger-than-that\ny");
  EXPECT_EQ(Wrap("äöü äöü", 7, 0, 0), "äöü äöü");
}

TEST(WrapTest, KeepsTheColumnOfItems) {
  EXPECT_EQ(WrapItem("  ab  one two three four five", 26),
            "  ab  one two three four\n      five");
  EXPECT_EQ(WrapItem("  no second column here", 18),
            "  no second column\n    here");
  EXPECT_EQ(WrapItem("   ", 18), "");
  // Where the column leaves no room, the text goes below the label.
  EXPECT_EQ(WrapItem("  a-long-label  one two three four", 24),
            "  a-long-label  one two\n    three four");
}

TEST(WrapTest, TellsParagraphsFromItems) {
  EXPECT_EQ(WrapProse("one\ntwo\n  a  first\n  b  second\nthree\n\nfour\n", 80),
            "one two\n  a  first\n  b  second\n\nthree\n\nfour\n");
  EXPECT_EQ(WrapProse("", 80), "");
  EXPECT_EQ(WrapProse("  0  yes,\n     or so\n  1  no\n", 80),
            "  0  yes, or so\n  1  no\n");
}

TEST(WrapTest, BreaksWideLinesBesideTheirLabel) {
  EXPECT_EQ(FitLabelled("path     one two three\n         four five six\n", 18),
            "path     one two\n           three\n         four five\n"
            "           six\n");
  EXPECT_EQ(FitLabelled("\033[1;32mOK\033[0m       one two three", 18),
            "\033[1;32mOK\033[0m       one two\n           three");
  // What has no label is somebody's text: JSON, code, a word too long.
  for (const char* text :
       {"{\"a\": \"b c d e f g h i j k\"}", "        .add(a, b, c, d, e)",
        "         four five six seven", "import a.b.c.d.e.f.g.h;",
        "sha256/aaaaaaaaaaaaaaaaaaaaaaaaaaaaa=", ""}) {
    EXPECT_EQ(FitLabelled(text, 18), text);
  }
  EXPECT_EQ(FitLabelled("path     one\n", 18), "path     one\n");
}

struct Targets {
  bool full = false;
  int days = 30;
  std::string color = "auto";
  std::string host;
  std::vector<std::string> files;
};

Command Example(Targets* targets) {
  Command command(
      "judge",
      {"Judge things", "Decides it.", "  0  yes\n", "  $ tlspin judge x"},
      [] { return 0; });
  command.Argument("FILE", &targets->files, "What to judge").Required();
  command.Option("--host", "HOST", &targets->host, "The name").Required();
  command.Option("--days", "DAYS", &targets->days, "How long").Between(0, 99);
  command.Option("-c,--color", "WHEN", &targets->color, "When to colour")
      .OneOf({"auto", "never"});
  command.Option("--more", "FILE", &targets->files, "More");
  command.Option("--very-long-name-of-option", "VALUE", &targets->host,
                 "Has a line of its own");
  command.Switch("--full", &targets->full, "All of it").Common();
  return command;
}

TEST(HelpTextTest, ShowsTheRows) {
  Targets targets;
  EXPECT_EQ(CommandHelp(Example(&targets), 60),
            R"(Usage: tlspin judge [OPTION]... --host HOST FILE...

Judge things.

Decides it.

Arguments:
  FILE              What to judge

Options:
      --host HOST   The name (required)
      --days DAYS   How long (0 to 99; default 30)
  -c, --color WHEN  When to colour (auto, never; default
                    auto)
      --more FILE   More (may be repeated)
      --very-long-name-of-option VALUE
                    Has a line of its own

Options of every command:
      --full        All of it
  -h, --help        Print this help and exit

Exit codes:
  0  yes

Example:
  $ tlspin judge x
)");
}

TEST(HelpTextTest, SaysNothingTwice) {
  std::string text = "auto";
  Flag flag{"--color", "WHEN", &text, "auto or never; default: auto"};
  flag.OneOf({"auto", "never"});
  EXPECT_EQ(DescriptionOf(flag), flag.help);
  // A choice within another word has not been said.
  Flag mode{"--mode", "MODE", &text, "automatic or never; default: auto-x"};
  mode.OneOf({"auto", "never"});
  EXPECT_THAT(DescriptionOf(mode), HasSubstr("(auto, never)"));
}

TEST(HelpTextTest, FitsTheWidth) {
  Targets targets;
  const Command command = Example(&targets);
  for (const size_t width : {40, 60, 80, 100, 200}) {
    for (const absl::string_view line :
         absl::StrSplit(CommandHelp(command, width), '\n')) {
      EXPECT_LE(TextWidth(line), std::min<size_t>(width, 100)) << line;
      EXPECT_THAT(std::string(line), Not(testing::EndsWith(" ")));
    }
  }
}

TEST(FlagTextTest, CompletesByTheNameOfTheValue) {
  std::string text;
  bool full = false;
  const auto completes = [&](const char* value) {
    return CompletesOf(Flag{"--x", value, &text, ""});
  };
  EXPECT_EQ(completes("FILE"), Completes::kFile);
  EXPECT_EQ(completes("PINFILE"), Completes::kFile);
  EXPECT_EQ(completes("CHAIN"), Completes::kFile);
  EXPECT_EQ(completes("HOST"), Completes::kHost);
  EXPECT_EQ(completes("TIME"), Completes::kNothing);
  Flag flag{"--x", "FILE", &text, ""};
  EXPECT_EQ(CompletesOf(flag.Offer(Completes::kNothing)), Completes::kNothing);
  EXPECT_EQ(CompletesOf(Flag{"--x", "", &full, ""}), Completes::kNothing);
}

}  // namespace
}  // namespace tlspin

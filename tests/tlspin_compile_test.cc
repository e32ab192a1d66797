// `tlspin compile`: what it writes, what takes it, and what it refuses.

#include <sys/stat.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "pinning/pin_store.h"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"

namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing_support::PinFileText;
using ::testing_support::ProcessResult;
using ::testing_support::ReadFile;
using ::testing_support::RunTlspin;
using ::testing_support::TempDirectory;

std::string GoodPinFile() {
  testing_support::PinFileSet set;
  set.pins = {{testing_support::PinTextOf(mint::Key::P256()), "one"}};
  set.backup_pins = {{testing_support::PinTextOf(mint::Key::P256()), "two"}};
  set.hosts = {"www.example.com", "*.example.net"};
  return PinFileText({set});
}

TEST(CompileTest, WritesWhatIsIntactAndSaysTheSame) {
  TempDirectory folder;
  const std::string text = GoodPinFile();
  const std::string file = folder.Write("pins.json", text);
  const std::string out = folder.Path("webex.pins");
  const ProcessResult made = RunTlspin({"compile", file, "-o", out});
  EXPECT_EQ(made.exit_code, 0) << made.standard_error;
  EXPECT_THAT(made.standard_output,
              HasSubstr(absl::StrCat(out, ": 2 host patterns, 1 pin set, ")));
  const ProcessResult checked = RunTlspin({"compile", "--check", out});
  EXPECT_EQ(checked.exit_code, 0) << checked.standard_error;
  EXPECT_EQ(checked.standard_output, made.standard_output);
  const ProcessResult json = RunTlspin({"compile", "--check", out, "--json"});
  const auto parsed = nlohmann::json::parse(json.standard_output);
  EXPECT_EQ(parsed["schema"], "tlspin.compile/1");
  EXPECT_EQ(parsed["patterns"], 2);
  EXPECT_EQ(parsed["sets"], 1);
  EXPECT_EQ(parsed["bytes"], ReadFile(folder.Path("webex.pins")).size());
  EXPECT_EQ(*(*pinning::PinStore::FromJson(text))->Compile(),
            ReadFile(folder.Path("webex.pins")));
}

// Whoever has the old file mapped keeps it: another file takes its name.
TEST(CompileTest, ReplacesTheFileWhole) {
  TempDirectory folder;
  const std::string file = folder.Write("pins.json", GoodPinFile());
  const std::string out = folder.Write("webex.pins", "before");
  struct stat before = {}, after = {};
  ASSERT_EQ(stat(out.c_str(), &before), 0);
  EXPECT_EQ(RunTlspin({"compile", file, "-o", out}).exit_code, 0);
  ASSERT_EQ(stat(out.c_str(), &after), 0);
  EXPECT_NE(before.st_ino, after.st_ino);
}

TEST(CompileTest, RefusesAndLeavesTheOldFile) {
  TempDirectory folder;
  const std::string broken = folder.Write("broken.json", "{\n  \"schema\": 1}");
  const std::string out = folder.Write("webex.pins", "before");
  const ProcessResult result = RunTlspin({"compile", broken, "-o", out});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.standard_error, HasSubstr("broken.json:1:1: "));
  EXPECT_EQ(ReadFile(folder.Path("webex.pins")), "before");
}

TEST(CompileTest, SaysWhereACompiledFileIsDamaged) {
  TempDirectory folder;
  const std::string file = folder.Write("pins.json", GoodPinFile());
  const std::string out = folder.Path("webex.pins");
  ASSERT_EQ(RunTlspin({"compile", file, "-o", out}).exit_code, 0);
  std::string bytes = ReadFile(folder.Path("webex.pins"));
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  const std::string damaged = folder.Write("damaged.pins", bytes);
  const ProcessResult result = RunTlspin({"compile", "--check", damaged});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.standard_output, "");
  EXPECT_THAT(result.standard_error, HasSubstr("damaged at offset"));
  // A pin file is none.
  EXPECT_THAT(RunTlspin({"compile", "--check", file}).standard_error,
              HasSubstr("this is no compiled pin store"));
  // And a compiled file is no pin file.
  const ProcessResult check = RunTlspin({"check", out});
  EXPECT_EQ(check.exit_code, 3);
  EXPECT_THAT(check.standard_error,
              HasSubstr("check the pin file that it was made of"));
  for (const char* command : {"compile", "lint", "diff", "export"}) {
    std::vector<std::string> arguments = {command, out};
    if (command == std::string("compile")) {
      arguments.insert(arguments.end(), {"-o", folder.Path("again.pins")});
    } else if (command == std::string("diff")) {
      arguments.push_back(out);
    } else if (command == std::string("export")) {
      arguments.insert(arguments.end(), {"--format", "android"});
    }
    const ProcessResult refused = RunTlspin(arguments);
    EXPECT_NE(refused.exit_code, 0) << command;
    EXPECT_THAT(refused.standard_error + refused.standard_output,
                HasSubstr(":1:1: this is compiled"))
        << command;
  }
}

TEST(CompileTest, UsageIsToldApart) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"compile"},
        {"compile", "pins.json"},
        {"compile", "--check", "a", "-o", "b"},
        {"compile", "pins.json", "--check", "a"}}) {
    const ProcessResult result = RunTlspin(arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.standard_error, StartsWith("tlspin: "));
  }
}

TEST(CompileTest, VerifyTakesWhatWasCompiled) {
  TempDirectory folder;
  const mint::Minted root =
      mint::SelfSigned(mint::Ca("Root"), mint::Key::Shared("p256-root"));
  const mint::Minted leaf = mint::Issue(mint::Leaf({"www.example.com"}),
                                        mint::Key::Shared("p256-leaf"), root);
  const std::string file = folder.Write("pins.json", GoodPinFile());
  const std::string roots = folder.Write("roots.pem", root.Pem());
  const std::string chain = folder.Write("chain.pem", leaf.Pem());
  const std::string out = folder.Path("webex.pins");
  ASSERT_EQ(RunTlspin({"compile", file, "-o", out}).exit_code, 0);
  const auto verify = [&](const std::string& pins) {
    return RunTlspin({"verify", chain, "--host", "www.example.com", "--roots",
                      roots, "--pins", pins, "--at", "2026-06-01", "--json"});
  };
  const ProcessResult parsed = verify(file), compiled = verify(out);
  EXPECT_EQ(parsed.exit_code, 1) << parsed.standard_error;
  EXPECT_EQ(compiled.exit_code, 1) << compiled.standard_error;
  EXPECT_THAT(compiled.standard_output, HasSubstr("PIN_MISMATCH"));
  const auto error_of = [](const ProcessResult& result) {
    return nlohmann::json::parse(result.standard_output)["error"];
  };
  EXPECT_EQ(error_of(parsed), error_of(compiled));
}

}  // namespace

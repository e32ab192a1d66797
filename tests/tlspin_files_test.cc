// The small rooms that the commands of tlspin share.

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/process.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/roots.h"
#include "tools/tlspin/suggest.h"
#include "tools/tlspin/table.h"
#include "tools/tlspin/time_flag.h"

namespace tlspin {
namespace {

using ::testing::HasSubstr;
using ::testing_support::ReadFile;
using ::testing_support::TempDirectory;

int CountFiles(const std::string& directory) {
  int count = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(directory)) {
    ++count;
  }
  return count;
}

mode_t ModeOf(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

TEST(WriteFileAtomicallyTest, WritesReplacesAndLeavesNothingElse) {
  const TempDirectory directory;
  const std::string path = directory.Path("out.json");
  ASSERT_TRUE(WriteFileAtomically(path, "one").ok());
  EXPECT_EQ(ReadFile(path), "one");
  const mode_t mask = umask(0);
  umask(mask);
  EXPECT_EQ(ModeOf(path), 0666 & ~mask);

  chmod(path.c_str(), 0640);
  ASSERT_TRUE(WriteFileAtomically(path, "two").ok());
  EXPECT_EQ(ReadFile(path), "two");
  EXPECT_EQ(ModeOf(path), 0640u);
  EXPECT_EQ(CountFiles(directory.path()), 1);
}

TEST(WriteFileAtomicallyTest, FollowsALink) {
  const TempDirectory directory;
  const std::string path = directory.Write("real", "old");
  const std::string link = directory.Path("link");
  ASSERT_EQ(symlink(path.c_str(), link.c_str()), 0);
  ASSERT_TRUE(WriteFileAtomically(link, "new").ok());
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(ReadFile(path), "new");
}

TEST(WriteFileAtomicallyTest, FailureLeavesTheOldFile) {
  const TempDirectory directory;
  EXPECT_FALSE(
      WriteFileAtomically(directory.Path("missing/out.json"), "x").ok());
  // A directory is not replaced by a file.
  const std::string path = directory.Path("directory");
  ASSERT_TRUE(std::filesystem::create_directory(path));
  const absl::Status status = WriteFileAtomically(path, "x");
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(status.message(), HasSubstr(path));
  EXPECT_EQ(CountFiles(directory.path()), 1);
}

TEST(ReadInputTest, RefusesWhatIsTooLarge) {
  const TempDirectory directory;
  const std::string path = directory.Write("file", "12345");
  EXPECT_EQ(*ReadInput(path, 5), "12345");
  EXPECT_TRUE(absl::IsResourceExhausted(ReadInput(path, 4).status()));
  EXPECT_TRUE(absl::IsNotFound(ReadInput(directory.Path("none")).status()));
}

TEST(TimeFlagTest, ParseTime) {
  EXPECT_EQ(TimeText(*ParseTime("2026-08-01")), "2026-08-01T00:00:00Z");
  EXPECT_EQ(TimeText(*ParseTime("2026-08-01T01:02:03Z")),
            "2026-08-01T01:02:03Z");
  EXPECT_EQ(TimeText(*ParseTime("2026-08-01T01:02:03.9-05:00")),
            "2026-08-01T06:02:03Z");
  for (const char* bad :
       {"", " 2026-08-01", "2026-08-01 ", "2026-8-32", "2026-02-30",
        "infinite-future", "2026-08-01T01:02:03", "tomorrow"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseTime(bad).status())) << bad;
  }
}

TEST(NearestTest, FindsSlipsAndNothingElse) {
  const std::vector<std::string> words = {"verify", "inspect", "pin", "lint",
                                          "--local-roots"};
  EXPECT_EQ(Nearest("verfy", words), "verify");
  EXPECT_EQ(Nearest("lnit", words), "lint");
  EXPECT_EQ(Nearest("ping", words), "pin");
  EXPECT_EQ(Nearest("--local", words), "--local-roots");
  EXPECT_EQ(Nearest("zzzzzz", words), "");
  EXPECT_EQ(Nearest(std::string(100'000, 'v'), words), "");
}

TEST(TableTest, PadsByCodePoints) {
  Table table;
  table.AddRow({"ä", "x"});
  table.AddRow({"bb", "y"});
  EXPECT_EQ(table.ToString("label"), "label    ä   x\n         bb  y\n");
  EXPECT_EQ(Table().ToString("label"), "");
}

TEST(EscapeTest, NothingReachesATerminal) {
  EXPECT_EQ(Escape("a\033[31m"), "a\\u{1b}[31m");
  EXPECT_EQ(EscapeMessage(Escape("a\033")), Escape("a\033"));
}

// A machine with a packaged root, one that its administrator added, and one
// that is packaged and not trusted.
class MachineRootsTest : public testing::Test {
 protected:
  MachineRootsTest()
      : packaged_(mint::SelfSigned(mint::Ca("Packaged"), mint::Key::P256())),
        added_(mint::SelfSigned(mint::Ca("Added"), mint::Key::P256())),
        removed_(mint::SelfSigned(mint::Ca("Removed"), mint::Key::P256())) {
    std::filesystem::create_directory(directory_.Path("mozilla"));
    directory_.Write("mozilla/packaged.crt", packaged_.Pem());
    directory_.Write("mozilla/removed.crt", removed_.Pem());
    directory_.Write("mozilla/README", "not a certificate");
    machine_.bundle = directory_.Write(
        "bundle.crt", absl::StrCat(packaged_.Pem(), added_.Pem()));
    machine_.packaged = directory_.Path("mozilla");
  }

  const TempDirectory directory_;
  const mint::Minted packaged_, added_, removed_;
  MachineStore machine_;
};

TEST_F(MachineRootsTest, SplitsByOrigin) {
  const absl::StatusOr<Roots> roots = LoadRoots({}, machine_);
  ASSERT_TRUE(roots.ok()) << roots.status();
  EXPECT_EQ(RootsText(*roots),
            absl::StrCat("roots: ", machine_.bundle, " (1 bundled, 1 local)"));
  ASSERT_EQ(roots->store->anchors().size(), 2u);
  for (const pinning::TrustAnchor& anchor : roots->store->anchors()) {
    EXPECT_EQ(anchor.origin == pinning::TrustAnchor::Origin::kLocal,
              anchor.certificate.subject() == "CN=Added");
  }
  EXPECT_EQ(JsonLine(RootsJson(*roots)),
            absl::StrCat("[{\"file\":\"", machine_.bundle,
                         "\",\"bundled\":1,\"local\":1}]\n"));
}

TEST_F(MachineRootsTest, FlagsReplaceTheMachine) {
  RootFlags flags;
  flags.roots = directory_.Write("own.pem", removed_.Pem());
  absl::StatusOr<Roots> roots = LoadRoots(flags, machine_);
  ASSERT_TRUE(roots.ok()) << roots.status();
  EXPECT_EQ(roots->store->anchors().size(), 1u);

  // Local roots are added to whichever.
  flags.local_roots = directory_.Write("local.pem", added_.Pem());
  roots = LoadRoots(flags, machine_);
  ASSERT_TRUE(roots.ok()) << roots.status();
  EXPECT_EQ(roots->store->anchors().size(), 2u);
}

TEST_F(MachineRootsTest, NothingIsHalfLoaded) {
  EXPECT_FALSE(LoadRoots({"/nowhere.pem", ""}, machine_).ok());
  EXPECT_FALSE(LoadRoots({"", "/nowhere.pem"}, machine_).ok());
  directory_.Write("mozilla/bad.crt", "not a certificate");
  EXPECT_FALSE(LoadRoots({}, machine_).ok());
  machine_.packaged = directory_.Path("missing");
  const absl::Status status = LoadRoots({}, machine_).status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(status.message(), HasSubstr("give --roots"));
  machine_.bundle = directory_.Write("empty.crt", "");
  EXPECT_FALSE(LoadRoots({}, machine_).ok());
}

}  // namespace
}  // namespace tlspin

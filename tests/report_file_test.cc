#include "pinning/report_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "pinning/report.h"
#include "tests/testing/process.h"

namespace pinning {
namespace {

using testing_support::ReadFile;
using testing_support::TempDirectory;

// LineOf returns a line that passes for a report, of `size` bytes or more.
std::string LineOf(absl::string_view mark, size_t size = 0) {
  std::string line = absl::StrCat("{\"date-time\":\"", mark);
  line.resize(std::max(line.size(), size), '.');
  return absl::StrCat(line, "\"}\n");
}

class ReportFileTest : public ::testing::Test {
 protected:
  std::shared_ptr<ReportFile> Open(size_t max_size = ReportFile::kMaxSize) {
    auto file = ReportFile::Open(path_, max_size);
    EXPECT_TRUE(file.ok()) << file.status();
    return *file;
  }

  TempDirectory directory_;
  const std::string path_ = directory_.Path("reports.ndjson");
};

TEST_F(ReportFileTest, IsForItsOwnerAndAppendedTo) {
  EXPECT_TRUE(Open()->Append(LineOf("1")).ok());
  struct stat info;
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_TRUE(Open()->Append(LineOf("2")).ok());
  EXPECT_EQ(ReadFile(path_), LineOf("1") + LineOf("2"));
}

TEST_F(ReportFileTest, TakesWhatAReportLooksLike) {
  EXPECT_TRUE(Open()->Append(Report().ToJson() + "\n").ok());
  EXPECT_TRUE(ReportFile::Open(path_).ok());
}

TEST_F(ReportFileTest, RefusesWhatIsNotAFileOfReports) {
  const std::string pins = directory_.Write("pins.json", "{\"version\": 1}\n");
  EXPECT_EQ(ReportFile::Open(pins).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReadFile(pins), "{\"version\": 1}\n");

  const std::string link = directory_.Path("link");
  ASSERT_EQ(symlink(pins.c_str(), link.c_str()), 0);
  const std::string fifo = directory_.Path("fifo");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  for (const std::string& path : {link, fifo, std::string("/dev/null")}) {
    const absl::Status refused = ReportFile::Open(path).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition) << refused;
    EXPECT_TRUE(absl::StrContains(refused.message(), path)) << refused;
  }
  for (const std::string& path :
       {directory_.path(), directory_.Path("none/reports"), std::string()}) {
    EXPECT_FALSE(ReportFile::Open(path).ok()) << path;
  }
}

TEST_F(ReportFileTest, RefusesWhatIsNotOneLine) {
  const auto file = Open();
  for (const char* text : {"", "\n", "{}", "{}\n{}\n", "{}\n{}"}) {
    EXPECT_EQ(file->Append(text).code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(ReadFile(path_), "");
}

TEST_F(ReportFileTest, EndsALineThatWasCutOff) {
  directory_.Write("reports.ndjson", "{\"date-time\":\"half");
  EXPECT_TRUE(Open()->Append(LineOf("whole")).ok());
  EXPECT_EQ(ReadFile(path_),
            absl::StrCat("{\"date-time\":\"half\n", LineOf("whole")));
}

TEST_F(ReportFileTest, DoesNotGrowBeyondItsSize) {
  const auto file = Open(LineOf("1").size() * 2);
  EXPECT_TRUE(file->Append(LineOf("1")).ok());
  EXPECT_TRUE(file->Append(LineOf("2")).ok());
  EXPECT_EQ(file->Append(LineOf("3")).code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReadFile(path_), LineOf("1") + LineOf("2"));
  EXPECT_EQ(Open(1)->Append(LineOf("4")).code(),
            absl::StatusCode::kResourceExhausted);
}

// The kernel writes up to the limit and no further, as on a disk that is full.
TEST_F(ReportFileTest, TakesBackALineThatDidNotFit) {
  const auto file = Open();
  ASSERT_TRUE(file->Append(LineOf("1")).ok());
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit tight = before;
  tight.rlim_cur = LineOf("1").size() + 10;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  const absl::Status full = file->Append(LineOf("2", 100));
  const absl::Status again = file->Append(LineOf("3", 100));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_FALSE(full.ok());
  EXPECT_FALSE(again.ok());
  EXPECT_EQ(ReadFile(path_), LineOf("1"));
  EXPECT_TRUE(file->Append(LineOf("4")).ok());
  EXPECT_EQ(ReadFile(path_), LineOf("1") + LineOf("4"));
}

TEST_F(ReportFileTest, DoesNotWaitForeverForALock) {
  const auto file = Open();
  const int other = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(flock(other, LOCK_EX), 0);
  EXPECT_EQ(file->Append(LineOf("1")).code(), absl::StatusCode::kUnavailable);
  flock(other, LOCK_UN);
  close(other);
  EXPECT_TRUE(file->Append(LineOf("2")).ok());
}

TEST_F(ReportFileTest, ProcessesAndThreadsDoNotMixTheirLines) {
  constexpr int kProcesses = 3, kThreads = 2, kLines = 50;
  std::vector<pid_t> children;
  for (int p = 0; p < kProcesses; ++p) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto file = ReportFile::Open(path_);
      std::vector<std::thread> threads;
      for (int t = 0; t < kThreads && file.ok(); ++t) {
        threads.emplace_back([&file, p, t] {
          for (int i = 0; i < kLines; ++i) {
            // Far longer than what a pipe or a page holds.
            if (!(*file)
                     ->Append(LineOf(absl::StrCat(p, ".", t, ".", i), 20000))
                     .ok()) {
              _exit(1);
            }
          }
        });
      }
      for (std::thread& thread : threads) {
        thread.join();
      }
      _exit(file.ok() ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  const std::string content = ReadFile(path_);
  const std::vector<absl::string_view> lines =
      absl::StrSplit(content, '\n', absl::SkipEmpty());
  EXPECT_EQ(lines.size(), size_t{kProcesses * kThreads * kLines});
  for (const absl::string_view line : lines) {
    EXPECT_EQ(line.size(), LineOf("", 20000).size() - 1);
    EXPECT_EQ(line.find('{', 1), absl::string_view::npos);
  }
}

}  // namespace
}  // namespace pinning

#include "tests/testing/process.h"

#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace testing_support {
namespace {

TEST(ProcessTest, CapturesStreamsAndExitCode) {
  ProcessOptions options;
  options.standard_input = "given";
  options.environment["PROCESS_TEST"] = "value";
  const ProcessResult result = RunProcess(
      "sh", {"-c", "cat; printf %s \"$PROCESS_TEST\" >&2; exit 7"}, options);
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.standard_output, "given");
  EXPECT_EQ(result.standard_error, "value");
  EXPECT_FALSE(result.timed_out);
}

TEST(ProcessTest, CapturesMoreThanAPipeHolds) {
  const ProcessResult result =
      RunProcess("sh", {"-c", "head -c 3000000 /dev/zero"});
  EXPECT_EQ(result.standard_output.size(), 3000000u);
}

TEST(ProcessTest, KillsAtTheTimeLimitWithChildren) {
  ProcessOptions options;
  options.time_limit = absl::Milliseconds(200);
  const absl::Time start = absl::Now();
  const ProcessResult result =
      RunProcess("sh", {"-c", "sleep 60 & sleep 60"}, options);
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.exit_code, 128 + 9);
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
}

TEST(ProcessTest, ClosedFullAndBrokenOutput) {
  ProcessOptions options;
  options.output = ProcessOptions::Output::kClosed;
  EXPECT_NE(RunProcess("sh", {"-c", "echo a"}, options).exit_code, 0);
  options.output = ProcessOptions::Output::kBrokenPipe;
  EXPECT_NE(RunProcess("sh", {"-c", "echo a"}, options).exit_code, 0);
  options = {};
  options.standard_output_path = "/dev/full";
  EXPECT_NE(RunProcess("sh", {"-c", "echo a"}, options).exit_code, 0);
}

TEST(BackgroundProcessTest, WaitsForOutputAndStops) {
  BackgroundProcess process("sh", {"-c", "echo ready; sleep 60"});
  ASSERT_TRUE(process.WaitForOutput("ready"));
  EXPECT_TRUE(process.IsRunning());
  EXPECT_EQ(process.Stop().exit_code, 128 + 15);
  EXPECT_FALSE(process.IsRunning());
}

TEST(BackgroundProcessTest, WaitForOutputEndsWithTheProgram) {
  BackgroundProcess process("sh", {"-c", "echo other"});
  EXPECT_FALSE(process.WaitForOutput("ready"));
}

TEST(TempDirectoryTest, WritesAndReads) {
  const TempDirectory directory;
  EXPECT_EQ(ReadFile(directory.Write("a", "content")), "content");
}

}  // namespace
}  // namespace testing_support

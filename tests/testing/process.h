#ifndef TESTS_TESTING_PROCESS_H_
#define TESTS_TESTING_PROCESS_H_

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Runs programs for tests. A fault of the helper itself (no such program, no
// memory) aborts the test program with a message; what the program under test
// does is in the result.
namespace testing_support {

// A ProcessResult is what a program left behind.
struct ProcessResult {
  int exit_code = -1;      // 128 + the signal's number if a signal ended it
  bool timed_out = false;  // it was killed at the time limit
  std::string standard_output;
  std::string standard_error;
};

struct ProcessOptions {
  std::string standard_input;
  // Standard input is a pipe instead, which ends when the BackgroundProcess or
  // the program that made it does.
  bool hold_standard_input = false;
  // Added to this process's environment; an empty value unsets the variable.
  std::map<std::string, std::string> environment;
  absl::Duration time_limit = absl::Seconds(60);
  // Empty: captured. Else a file or device that standard output is opened on,
  // such as "/dev/full".
  std::string standard_output_path;
  // kClosed starts the program with no standard output at all; kBrokenPipe
  // with a pipe that nobody reads.
  enum class Output { kNormal, kClosed, kBrokenPipe };
  Output output = Output::kNormal;
  std::string working_directory;  // empty: this process's
};

// RunProcess runs `program` with `arguments` to its end, or to the time limit,
// and returns what it left. What it started and left behind is killed.
ProcessResult RunProcess(const std::string& program,
                         const std::vector<std::string>& arguments,
                         const ProcessOptions& options = {});

// A BackgroundProcess is a program that runs in a process group of its own
// until it is stopped or this object is destroyed. Used by one thread.
class BackgroundProcess {
 public:
  BackgroundProcess(const std::string& program,
                    const std::vector<std::string>& arguments,
                    const ProcessOptions& options = {});
  // Kills the whole group, if it still runs.
  ~BackgroundProcess();
  BackgroundProcess(const BackgroundProcess&) = delete;
  BackgroundProcess& operator=(const BackgroundProcess&) = delete;

  // WaitForOutput waits until standard output or standard error holds `text`.
  // It returns false if the program ended, or `limit` passed, without it.
  bool WaitForOutput(absl::string_view text,
                     absl::Duration limit = absl::Seconds(30));

  // Wait waits for the end, kills the group at `limit`, and returns the result.
  ProcessResult Wait(absl::Duration limit);

  // Stop sends SIGTERM to the group, waits at most `grace`, then kills.
  ProcessResult Stop(absl::Duration grace = absl::Seconds(5));

  // What the program has written so far.
  std::string standard_output() const;
  std::string standard_error() const;
  bool IsRunning();
  pid_t pid() const { return pid_; }

 private:
  // Reap waits for the end until `deadline`; it returns whether it came.
  bool Reap(absl::Time deadline);

  pid_t pid_ = -1;
  int output_ = -1;  // memory files that the program writes to
  int error_ = -1;
  int held_input_ = -1;  // the other end of standard input, if it is held
  bool ended_ = false;
  int exit_code_ = -1;
};

// A TempDirectory is a new empty directory, removed with all in it at the end.
class TempDirectory {
 public:
  TempDirectory();
  // In `parent`, for what cannot enter the directory of the test's own files.
  explicit TempDirectory(absl::string_view parent);
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }
  // Write makes the file `name` with `content` and returns its whole path.
  std::string Write(absl::string_view name, absl::string_view content) const;
  // Path returns the whole path of `name`, which need not exist.
  std::string Path(absl::string_view name) const;

 private:
  std::string path_;
};

// ReadFile returns the content of `path`; it aborts if it cannot be read.
std::string ReadFile(const std::string& path);

// FromRunfiles returns where Bazel put the data file `path` ("tools/tlspin/
// tlspin") of this workspace.
std::string FromRunfiles(absl::string_view path);

}  // namespace testing_support

#endif  // TESTS_TESTING_PROCESS_H_

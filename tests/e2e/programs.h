#ifndef TESTS_E2E_PROGRAMS_H_
#define TESTS_E2E_PROGRAMS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/testing/process.h"

// Real programs for the end-to-end tests. Each is started by the test that uses
// it, with its files in a directory of the test's own, and is stopped by the
// destructor of what started it.

namespace e2e {

using testing_support::BackgroundProcess;
using testing_support::ProcessResult;
using testing_support::TempDirectory;

// FindProgram returns the path of `name`, looked for in PATH and where Debian
// keeps servers; empty if it is not installed.
std::string FindProgram(absl::string_view name);

// A ProgramsTest skips its tests if one of the programs is not installed, and
// fails them instead where CI is set in the environment.
class ProgramsTest : public ::testing::Test {
 protected:
  explicit ProgramsTest(std::vector<std::string> programs)
      : programs_(std::move(programs)) {}
  void SetUp() override;

  // MissingHere skips the test for want of `what`, or fails it in CI.
  static void MissingHere(const std::string& what);

 private:
  std::vector<std::string> programs_;
};

// FreePort returns a TCP port of 127.0.0.1 that nothing listens on.
int FreePort();

// WaitForPort waits until `port` accepts connections. It returns false if
// `process` ended, or `limit` passed, before it did.
bool WaitForPort(int port, BackgroundProcess& process,
                 absl::Duration limit = absl::Seconds(60));

// Listen returns a socket that listens on a free port of 127.0.0.1, and the
// port.
std::pair<int, int> Listen();

// TargetAt returns "HOST@127.0.0.1:PORT", as tlspin takes it.
std::string TargetAt(absl::string_view host, int port);

// Tlspin runs the tool that was built.
ProcessResult Tlspin(const std::vector<std::string>& arguments);

// Show returns all that a program left, for the message of a failure.
std::string Show(const ProcessResult& result);

}  // namespace e2e

#endif  // TESTS_E2E_PROGRAMS_H_

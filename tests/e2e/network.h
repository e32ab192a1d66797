#ifndef TESTS_E2E_NETWORK_H_
#define TESTS_E2E_NETWORK_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tests/e2e/programs.h"

namespace e2e {

// A Network is a machine of its own as far as programs can tell: network, mount
// and process namespaces with nothing but a loopback interface, 127.0.0.1 and
// 10.99.0.1, a hosts file and a resolver of its own, and every port free. When
// it is destroyed, or the test program ends in any way, the kernel ends every
// program in it and forgets its firewall rules and mounts.
//
// It takes root (in a container: CAP_SYS_ADMIN and CAP_NET_ADMIN).
class Network {
 public:
  // The names that lead to 127.0.0.1. Whether it could be made is ok().
  explicit Network(const std::vector<std::string>& names);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  bool ok() const { return failure_.empty(); }
  // failure says why it could not be made.
  const std::string& failure() const { return failure_; }

  // Files that every user in the network may read are in /srv there, which is
  // directory() here. Write makes one and returns its path in the network.
  const TempDirectory& directory() const { return directory_; }
  std::string Write(absl::string_view name, absl::string_view content) const;
  static std::string Path(absl::string_view name);
  // WritableDirectory makes /srv/NAME, which every user may write to.
  std::string WritableDirectory(absl::string_view name) const;

  // Start and Run are BackgroundProcess and RunProcess in the network.
  std::unique_ptr<BackgroundProcess> Start(
      const std::string& program, const std::vector<std::string>& arguments,
      const testing_support::ProcessOptions& options = {}) const;
  ProcessResult Run(const std::string& program,
                    const std::vector<std::string>& arguments,
                    const testing_support::ProcessOptions& options = {}) const;
  // MustRun fails the test, showing what the program left, unless it exits 0.
  void MustRun(const std::string& program,
               const std::vector<std::string>& arguments) const;

  // Tlspin runs the tool that was built, with "NAME=VALUE" added to its
  // environment.
  ProcessResult Tlspin(const std::vector<std::string>& arguments,
                       const std::vector<std::string>& environment = {}) const;

  // IsListening tells whether something listens on the TCP port; no connection
  // is made. WaitForPort waits until it does; it returns false if `process`
  // ended, or `limit` passed, before that.
  bool IsListening(int port) const;
  bool WaitForPort(int port, BackgroundProcess& process,
                   absl::Duration limit = absl::Seconds(60)) const;

 private:
  std::vector<std::string> Enter(const std::string& program,
                                 const std::vector<std::string>& words) const;

  TempDirectory directory_;
  std::unique_ptr<BackgroundProcess> keeper_;
  std::string failure_;
};

// A NetworkTest is a ProgramsTest whose tests also need a Network; where none
// can be made they are skipped, and fail where CI is set in the environment.
class NetworkTest : public ProgramsTest {
 protected:
  explicit NetworkTest(std::vector<std::string> programs);
  void SetUp() override;
};

}  // namespace e2e

#endif  // TESTS_E2E_NETWORK_H_

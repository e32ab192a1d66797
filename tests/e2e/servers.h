#ifndef TESTS_E2E_SERVERS_H_
#define TESTS_E2E_SERVERS_H_

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/testing/process.h"
#include "tools/mint/mint.h"

// Real programs on loopback for the end-to-end tests. Each is started by the
// test that uses it, on a port that was free, with its files in a directory of
// the test's own, and is stopped by its destructor.
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

 private:
  std::vector<std::string> programs_;
};

// FreePort returns a TCP port of 127.0.0.1 that nothing listens on.
int FreePort();

// WaitForPort waits until `port` accepts connections. It returns false if
// `process` ended, or `limit` passed, before it did.
bool WaitForPort(int port, BackgroundProcess& process,
                 absl::Duration limit = absl::Seconds(60));

// An Authority is a root and the intermediate it signed, both in force.
struct Authority {
  mint::Minted root;
  mint::Minted intermediate;
};

// MakeAuthority mints an authority of RSA or ECDSA P-256 keys; `name` starts
// the common names, and keeps the keys of two authorities apart.
Authority MakeAuthority(absl::string_view name, bool rsa);

// A Site is what a server presents for one name.
struct Site {
  std::string host;
  std::string chain_pem;  // leaf first, without the root
  std::string key_pem;
};

// MakeSite mints a leaf for `host` with the key `key`, 30 days old.
Site MakeSite(const std::string& host, const Authority& authority,
              const mint::Key& key);

// PinText returns the pin of `key`, "sha256/...".
std::string PinText(const mint::Key& key);

// PinFile returns a pin file that enforces the pins of `keys` for `hosts`, in
// one set; its backup pin is of a key of its own.
std::string PinFile(const std::vector<std::string>& hosts,
                    const std::vector<mint::Key>& keys);

// Nginx is a running nginx that chooses among `sites` by SNI; the first is the
// default. Its construction fails the test if nginx does not come up.
class Nginx {
 public:
  explicit Nginx(std::vector<Site> sites);

  int port() const { return port_; }
  // Target returns "HOST@127.0.0.1:PORT", as tlspin takes it.
  std::string Target(absl::string_view host) const;
  // Serve makes it serve `sites` from now on, on the same port.
  void Serve(const std::vector<Site>& sites);

 private:
  bool Start();

  TempDirectory directory_;
  int port_ = 0;
  std::unique_ptr<BackgroundProcess> process_;
};

// Mitmproxy is a running mitmdump, in the mode that its arguments say. Its
// construction fails the test if it does not come up.
class Mitmproxy {
 public:
  // `upstream_root_pem` is what it trusts when it connects on.
  Mitmproxy(const std::vector<std::string>& arguments,
            const std::string& upstream_root_pem);

  int port() const { return port_; }
  std::string Target(absl::string_view host) const;
  std::string ProxyUrl() const;
  // root_path returns the file of the authority it mints under.
  std::string root_path() const;

 private:
  TempDirectory directory_;
  int port_ = 0;
  std::unique_ptr<BackgroundProcess> process_;
};

// A BadServer accepts TCP connections and does not speak TLS.
class BadServer {
 public:
  enum class Manner {
    kGarbage,           // answers the ClientHello with bytes that are not TLS
    kCloses,            // reads the ClientHello and closes
    kClosesMidMessage,  // sends the start of a record, then closes
    kSilent,            // reads and never answers
  };

  explicit BadServer(Manner manner);
  ~BadServer();
  BadServer(const BadServer&) = delete;
  BadServer& operator=(const BadServer&) = delete;

  std::string Target(absl::string_view host) const;

 private:
  void Run();
  void Answer(int connection) const;

  Manner manner_;
  int listener_ = -1;
  int stop_[2] = {-1, -1};  // a pipe: closed to end the thread
  int port_ = 0;
  std::thread thread_;
};

// Tlspin runs the tool that was built.
ProcessResult Tlspin(const std::vector<std::string>& arguments);

// Show returns all that a program left, for the message of a failure.
std::string Show(const ProcessResult& result);

}  // namespace e2e

#endif  // TESTS_E2E_SERVERS_H_

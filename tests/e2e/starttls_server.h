#ifndef TESTS_E2E_STARTTLS_SERVER_H_
#define TESTS_E2E_STARTTLS_SERVER_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/e2e/authority.h"
#include "tests/e2e/network.h"
#include "tests/e2e/programs.h"
#include "tools/tlspin/net/starttls.h"

namespace e2e {

// A StartTlsServer is a running server of a protocol that begins without TLS:
// Exim, Dovecot, Prosody, PostgreSQL or OpenLDAP's slapd. It runs for an
// account without privileges, on a free port of 127.0.0.1, of this machine or
// of a network. Its construction fails the test if it does not come up.
class StartTlsServer {
 public:
  enum class Tls { kOff, kOn };

  // It presents the chain of `site`, if TLS is on. `network`, if it is not
  // null, outlives it.
  StartTlsServer(tlspin::StartTls protocol, const Site& site, Tls tls,
                 const Network* network = nullptr);
  // Lets the server end in order: PostgreSQL leaves shared memory otherwise.
  ~StartTlsServer();

  // Programs returns the programs that a server of `protocol` needs.
  static std::vector<std::string> Programs(tlspin::StartTls protocol);
  // NeedsRoot returns whether it can only be started by root.
  static bool NeedsRoot(tlspin::StartTls protocol);

  int port() const { return port_; }
  // Log returns what the server said.
  std::string Log() const;

 private:
  bool Start();
  void TakeAccount();
  // Own writes a file for the server alone, and returns its path.
  std::string Own(absl::string_view name, absl::string_view content) const;
  // Config is Own with the places of a configuration filled in.
  std::string Config(absl::string_view name, absl::string_view text,
                     absl::string_view tls_on, absl::string_view tls_off) const;
  // Command returns the program and arguments that start the server.
  std::vector<std::string> Command() const;
  void MakeDatabase() const;
  // Unprivileged returns `command` for the account of the server.
  std::vector<std::string> Unprivileged(
      const std::vector<std::string>& command) const;

  const tlspin::StartTls protocol_;
  const std::string host_;
  const Tls tls_;
  const Network* const network_;
  // The tests' own directories are no place for another account.
  TempDirectory directory_{"/tmp"};
  std::string user_;
  std::string group_;
  uid_t user_id_ = 0;
  gid_t group_id_ = 0;
  int port_ = 0;
  std::unique_ptr<BackgroundProcess> process_;
};

}  // namespace e2e

#endif  // TESTS_E2E_STARTTLS_SERVER_H_

#ifndef TESTS_E2E_KERBEROS_H_
#define TESTS_E2E_KERBEROS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/e2e/network.h"

namespace e2e {

// A Kerberos is a realm, CORP.TEST, with a running MIT KDC. Its construction
// fails the test if that does not come up.
class Kerberos {
 public:
  explicit Kerberos(const Network& network);

  // environment returns the "NAME=VALUE" that let a program find the realm.
  std::vector<std::string> environment() const { return environment_; }

  // AddUser makes `user`, with a password. AddService makes `service`, such as
  // "HTTP/proxy.corp.test", and returns the path of its keytab.
  void AddUser(const std::string& user, const std::string& password) const;
  std::string AddService(const std::string& service) const;

  // TicketOf returns "KRB5CCNAME=FILE:..." of a new ticket of `user`.
  std::string TicketOf(const std::string& user,
                       const std::string& password) const;

 private:
  ProcessResult RunHere(const std::string& program,
                        const std::vector<std::string>& arguments,
                        const std::string& input = "") const;
  void Administer(const std::string& query) const;

  const Network& network_;
  std::vector<std::string> environment_;
  std::unique_ptr<BackgroundProcess> kdc_;
};

}  // namespace e2e

#endif  // TESTS_E2E_KERBEROS_H_

#ifndef TESTS_E2E_WINBIND_H_
#define TESTS_E2E_WINBIND_H_

#include <memory>
#include <string>

#include "tests/e2e/network.h"

namespace e2e {

// A Winbind is Samba's winbindd as a server of its own, without a domain, which
// checks passwords by NTLM. Its name is PROXYHOST. Its construction fails the
// test if it does not come up.
class Winbind {
 public:
  // `user` is one that every Debian has, and `password` the one he gets. Makes
  // /run in the network an empty file system: where its clients look for it is
  // compiled in.
  Winbind(const Network& network, const std::string& user,
          const std::string& password);

  // config is the path of its smb.conf, for ntlm_auth.
  const std::string& config() const { return config_; }

 private:
  std::string config_;
  std::unique_ptr<BackgroundProcess> process_;
};

}  // namespace e2e

#endif  // TESTS_E2E_WINBIND_H_

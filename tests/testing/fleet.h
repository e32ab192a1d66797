#ifndef TESTS_TESTING_FLEET_H_
#define TESTS_TESTING_FLEET_H_

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tools/mint/mint.h"

namespace testing_support {

// A Fleet is a process that is many servers: one port on every address of
// 127.0.0.0/8, and a name server. What the second number of the address is says
// how a server behaves:
//   127.0.x.y  presents the chain with the number y modulo that of the chains
//   127.1.x.y  resets each connection when it has the ClientHello
//   127.2.x.y  resets the first two connections, then is as 127.0
//   127.3.x.y  accepts and says nothing
//   127.4.x.y  answers with a fatal alert
// It runs until it is destroyed. A failure to start ends the test program.
class Fleet {
 public:
  // Answers of the name server: the addresses of each name. It says of others
  // that they do not exist, and nothing at all of names under "silent.".
  using Names = std::map<std::string, std::vector<std::string>>;

  // Start it before there are threads.
  explicit Fleet(const std::vector<std::vector<mint::Minted>>& chains,
                 const Names& names = {});
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  int port() const { return port_; }
  // name_servers returns the form of ConnectOptions::name_servers.
  std::string name_servers() const;

 private:
  pid_t pid_ = -1;
  int port_ = 0;      // TCP
  int dns_port_ = 0;  // UDP
};

}  // namespace testing_support

#endif  // TESTS_TESTING_FLEET_H_

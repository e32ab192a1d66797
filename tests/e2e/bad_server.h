#ifndef TESTS_E2E_BAD_SERVER_H_
#define TESTS_E2E_BAD_SERVER_H_

#include <string>
#include <thread>

#include "absl/strings/string_view.h"

namespace e2e {

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

}  // namespace e2e

#endif  // TESTS_E2E_BAD_SERVER_H_

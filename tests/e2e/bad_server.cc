#include "tests/e2e/bad_server.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <tuple>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/e2e/programs.h"

namespace e2e {

BadServer::BadServer(Manner manner) : manner_(manner) {
  std::tie(listener_, port_) = Listen();
  if (pipe(stop_) != 0) {
    std::perror("no pipe");
    std::abort();
  }
  thread_ = std::thread([this] { Run(); });
}

BadServer::~BadServer() {
  close(stop_[1]);
  thread_.join();
  close(stop_[0]);
  close(listener_);
}

std::string BadServer::Target(absl::string_view host) const {
  return TargetAt(host, port_);
}

void BadServer::Run() {
  std::vector<int> held;
  for (;;) {
    pollfd waits[] = {{stop_[0], 0, 0}, {listener_, POLLIN, 0}};
    if (poll(waits, 2, -1) < 0 || waits[0].revents != 0) {
      break;
    }
    const int connection = accept(listener_, nullptr, nullptr);
    if (connection < 0) {
      break;
    }
    Answer(connection);
    // Held to the end, a connection looks to the client like a silent peer.
    if (manner_ == Manner::kSilent) {
      held.push_back(connection);
    } else {
      close(connection);
    }
  }
  for (const int connection : held) {
    close(connection);
  }
}

void BadServer::Answer(int connection) const {
  if (manner_ == Manner::kSilent) {
    return;
  }
  char hello[4096];
  if (recv(connection, hello, sizeof(hello), 0) <= 0) {
    return;
  }
  absl::string_view answer;
  if (manner_ == Manner::kGarbage) {
    answer = "220 mail.example.com ESMTP ready\r\n";
  } else if (manner_ == Manner::kClosesMidMessage) {
    // A handshake record that announces 122 bytes, and the first three.
    answer = absl::string_view("\x16\x03\x03\x00\x7a\x02\x00\x00", 8);
  }
  send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
  shutdown(connection, SHUT_WR);
  // Without reading on, the unread rest of the ClientHello would reset the
  // connection before the client has the answer.
  while (recv(connection, hello, sizeof(hello), 0) > 0) {
  }
}

}  // namespace e2e

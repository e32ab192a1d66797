#include "tools/tlspin/net/socket_error.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>

#include "tools/tlspin/connection_error.h"

namespace tlspin {

std::string ErrnoText(int error) {
  switch (error) {
    case ECONNREFUSED:
      return "connection refused";
    case EHOSTUNREACH:
    case ENETUNREACH:
      return "no route to it";
    default: {
      char buffer[128];
      std::string text = strerror_r(error, buffer, sizeof(buffer));
      std::transform(text.begin(), text.begin() + 1, text.begin(),
                     [](unsigned char c) { return std::tolower(c); });
      return text;
    }
  }
}

absl::Status NoConnection(int error) {
  if (error == ETIMEDOUT) {
    return Coded(connection_error::kConnectTimeout,
                 absl::StatusCode::kDeadlineExceeded,
                 "timed out while connecting");
  }
  return Coded(error == ECONNREFUSED ? connection_error::kConnectionRefused
                                     : connection_error::kUnreachable,
               absl::StatusCode::kUnavailable, ErrnoText(error));
}

absl::Status LostConnection(int error) {
  return absl::AbortedError(error == ECONNRESET || error == EPIPE
                                ? "the peer reset the connection"
                            : error == 0 ? "the connection was lost"
                                         : ErrnoText(error));
}

}  // namespace tlspin

#include "tools/tlspin/net/retry.h"

#include <algorithm>

#include "absl/strings/string_view.h"
#include "tools/tlspin/connection_error.h"

namespace tlspin {

bool IsRetried(const absl::Status& status) {
  for (const absl::string_view code :
       {connection_error::kConnectionRefused, connection_error::kUnreachable,
        connection_error::kConnectTimeout, connection_error::kProxyUnreachable,
        connection_error::kProxyTimeout, connection_error::kHelloReset,
        connection_error::kHelloTimeout, connection_error::kTlsReset,
        connection_error::kTlsTimeout}) {
    if (CodeOf(status) == code) {
      return true;
    }
  }
  return false;
}

absl::Duration PauseAfter(int attempts) {
  const int doublings = std::clamp(attempts - 1, 0, 5);
  return absl::Milliseconds(250) * (1 << doublings);
}

}  // namespace tlspin

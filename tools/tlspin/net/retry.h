#ifndef TOOLS_TLSPIN_NET_RETRY_H_
#define TOOLS_TLSPIN_NET_RETRY_H_

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace tlspin {

// IsRetried returns whether an attempt that ended so is made again: no
// connection, or one that was reset or timed out. What a server or a proxy
// answered, and what a resolver did, stays.
bool IsRetried(const absl::Status& status);

// PauseAfter returns how long to wait after so many attempts, at least 1: a
// quarter of a second, and twice as long each time, up to 8 seconds.
absl::Duration PauseAfter(int attempts);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_RETRY_H_

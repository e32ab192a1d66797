#ifndef TOOLS_TLSPIN_NET_OPERATION_H_
#define TOOLS_TLSPIN_NET_OPERATION_H_

#include "absl/status/status.h"

namespace tlspin {

// An Operation is under way on an EventLoop while it lives. When it is done, it
// calls its owner back, once, as the last thing that it does, and never from
// within the call that started it; the owner may destroy it then. Destroyed
// before that, it is withdrawn, and calls nobody.
class Operation {
 public:
  Operation() = default;
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  virtual ~Operation() = default;

  // TimedOut returns the error for a deadline that passes now: what it is that
  // was waited for. Whoever keeps the deadline asks for it, and then destroys
  // the operation.
  virtual absl::Status TimedOut() const = 0;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_OPERATION_H_

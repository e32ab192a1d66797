#ifndef TOOLS_TLSPIN_NET_SOCKET_ERROR_H_
#define TOOLS_TLSPIN_NET_SOCKET_ERROR_H_

#include <string>

#include "absl/status/status.h"

// What a number of <errno.h> means for a connection.
namespace tlspin {

// ErrnoText returns a clause.
std::string ErrnoText(int error);

// NoConnection is what came of connecting, with a code of connection_error.h.
absl::Status NoConnection(int error);

// LostConnection returns ABORTED: what ended a connection that there was. Zero:
// it is not known.
absl::Status LostConnection(int error);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_SOCKET_ERROR_H_

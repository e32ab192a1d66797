#ifndef TOOLS_TLSPIN_NET_HANDSHAKE_H_
#define TOOLS_TLSPIN_NET_HANDSHAKE_H_

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "tools/tlspin/net/dial.h"
#include "tools/tlspin/net/event_loop.h"
#include "tools/tlspin/net/operation.h"
#include "tools/tlspin/net/starttls.h"
#include "tools/tlspin/served.h"

namespace tlspin {

using Shaken = std::function<void(absl::StatusOr<Served>)>;

// Handshake has `ssl` (TlsClient::NewSsl) shake hands over `connection`, says
// goodbye and closes it. It fails as TlsSession does.
std::unique_ptr<Operation> Handshake(EventLoop& loop, Connection connection,
                                     bssl::UniquePtr<SSL> ssl, Shaken done);

// AskForTls speaks `protocol` over `connection` up to the go-ahead for TLS, and
// gives the connection back. It fails as StartTlsDialogue does.
std::unique_ptr<Operation> AskForTls(EventLoop& loop, Connection connection,
                                     StartTls protocol, const std::string& host,
                                     Connected done);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_HANDSHAKE_H_

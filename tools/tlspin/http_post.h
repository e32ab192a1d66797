#ifndef TOOLS_TLSPIN_HTTP_POST_H_
#define TOOLS_TLSPIN_HTTP_POST_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "pinning/verifier.h"
#include "tools/tlspin/connect.h"

// The least of HTTP/1.1 (RFC 9112) that delivers a report: one POST, of which
// the answer's status is what counts.
namespace tlspin {

// A Collector is where reports are posted to.
struct Collector {
  bool tls = false;
  std::string host;  // canonical, without brackets
  int port = 0;
  std::string path;  // as sent: with the query; never empty

  // Origin returns "https://HOST:PORT". It leaves the path out, which may hold
  // a token, wherever the collector is named to people.
  std::string Origin() const;
};

// ParseCollector parses http://HOST[:PORT][/PATH][?QUERY] or the same with
// https. It returns INVALID_ARGUMENT, saying what is wrong, for anything else:
// another scheme, a user name, a fragment, a byte that is not printable ASCII.
absl::StatusOr<Collector> ParseCollector(absl::string_view url);

struct PostOptions {
  // The time for all of it, and the proxy, which is asked to CONNECT.
  ConnectOptions connect;
  // For https: judges the collector, now. It has no report sink.
  std::shared_ptr<const pinning::Verifier> verifier;
};

// PostReport posts `json` to `collector` and returns OK if that answers with a
// status of 2xx. A redirect is not followed: whoever answers would choose who
// is told. It sends nothing at all over https before the collector is accepted.
// Errors are those of FetchChain, without the name of the collector, and
//   PERMISSION_DENIED  the certificate of the collector was refused
//   INTERNAL           the answer is not HTTP, or too long
//   CANCELLED          the answer has another status
absl::Status PostReport(const Collector& collector, absl::string_view json,
                        const PostOptions& options);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_HTTP_POST_H_

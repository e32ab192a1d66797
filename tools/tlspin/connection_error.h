#ifndef TOOLS_TLSPIN_CONNECTION_ERROR_H_
#define TOOLS_TLSPIN_CONNECTION_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// What keeps a connection from being made, by stable codes. Programs that read
// `--json` compare them: append only (docs/tlspin.md).
namespace tlspin {
namespace connection_error {

// Before there is a connection.
constexpr absl::string_view kNameUnresolved = "name-unresolved";
constexpr absl::string_view kConnectionRefused = "connection-refused";
constexpr absl::string_view kUnreachable = "unreachable";
constexpr absl::string_view kConnectTimeout = "connect-timeout";

// In the proxy.
constexpr absl::string_view kProxyUnreachable = "proxy-unreachable";
constexpr absl::string_view kProxyTimeout = "proxy-timeout";
constexpr absl::string_view kProxyClosed = "proxy-closed";
constexpr absl::string_view kProxyNotHttp = "proxy-not-http";
constexpr absl::string_view kProxyAuthentication = "proxy-authentication";
constexpr absl::string_view kProxyForbidden = "proxy-forbidden";
constexpr absl::string_view kProxyCannotConnect = "proxy-cannot-connect";
constexpr absl::string_view kProxyRefused = "proxy-refused";
constexpr absl::string_view kProxyCredentials = "proxy-credentials-refused";
constexpr absl::string_view kProxyCertificate = "proxy-certificate-refused";
constexpr absl::string_view kProxyTls = "proxy-tls-failed";
constexpr absl::string_view kProxyNotSocks = "proxy-not-socks";
constexpr absl::string_view kProxyLibrary = "proxy-library-missing";

// Before the ClientHello, where a protocol begins without TLS.
constexpr absl::string_view kStartTlsNotOffered = "starttls-not-offered";
constexpr absl::string_view kStartTlsRefused = "starttls-refused";
constexpr absl::string_view kStartTlsMalformed = "starttls-malformed";
constexpr absl::string_view kStartTlsInjected = "starttls-injected";
constexpr absl::string_view kStartTlsClosed = "starttls-closed";
constexpr absl::string_view kStartTlsTimeout = "starttls-timeout";
constexpr absl::string_view kTlsAtOnce = "tls-at-once";

// After the ClientHello, without one byte of an answer to it.
constexpr absl::string_view kHelloReset = "reset-after-client-hello";
constexpr absl::string_view kHelloClosed = "closed-after-client-hello";
constexpr absl::string_view kHelloTimeout = "no-answer-to-client-hello";

// After an answer.
constexpr absl::string_view kPlainHttp = "plain-http";
constexpr absl::string_view kNotTls = "not-tls";
constexpr absl::string_view kTlsAlert = "tls-alert";
constexpr absl::string_view kTlsFailed = "tls-failed";
constexpr absl::string_view kTlsReset = "tls-reset";
constexpr absl::string_view kTlsClosed = "tls-closed";
constexpr absl::string_view kTlsTimeout = "tls-timeout";

}  // namespace connection_error

// AllConnectionErrors returns every code: for tests and for documentation.
absl::Span<const absl::string_view> AllConnectionErrors();

// Coded returns an error that bears `code`. CodeOf returns the code of an
// error, or "" if it bears none.
absl::Status Coded(absl::string_view code, absl::StatusCode status,
                   absl::string_view message);
std::string CodeOf(const absl::Status& status);

// Hinted returns `status` with what to do about it. HintOf returns that, or "".
absl::Status Hinted(absl::Status status, absl::string_view hint);
std::string HintOf(const absl::Status& status);

// Located returns `status`, its code kept, with `place` before its message.
absl::Status Located(absl::string_view place, const absl::Status& status);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CONNECTION_ERROR_H_

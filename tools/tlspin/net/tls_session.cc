#include "tools/tlspin/net/tls_session.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tools/tlspin/connection_error.h"

namespace tlspin {
namespace {

constexpr size_t kFirstBytes = 48;

// AlertName returns the name of RFC 8446, section 6, such as
// "handshake_failure".
std::string AlertName(int alert) {
  return absl::StrReplaceAll(
      absl::AsciiStrToLower(SSL_alert_desc_string_long(alert)), {{" ", "_"}});
}

absl::Status Aborted(absl::string_view code, absl::string_view message) {
  return Coded(code, absl::StatusCode::kAborted, message);
}

absl::Status Failed(absl::string_view code, absl::string_view message) {
  return Coded(code, absl::StatusCode::kFailedPrecondition, message);
}

bool LooksLikeHttp(absl::string_view bytes) {
  // A server that could not read a request may answer with the page alone, as
  // HTTP/0.9 did.
  return absl::StartsWith(bytes, "HTTP/") ||
         absl::StartsWithIgnoreCase(bytes, "<html") ||
         absl::StartsWithIgnoreCase(bytes, "<!doctype html");
}

}  // namespace

std::string ExplainNotTls(absl::string_view first_bytes) {
  if (first_bytes.empty()) {
    return "";
  }
  if (LooksLikeHttp(first_bytes)) {
    return "this looks like HTTP: the server speaks plain HTTP here, not TLS";
  }
  // RFC 8446, 5.1: a server's first record is a handshake or an alert.
  const uint8_t type = static_cast<uint8_t>(first_bytes[0]);
  if (type == SSL3_RT_HANDSHAKE || type == SSL3_RT_ALERT) {
    return "";
  }
  absl::string_view line = first_bytes.substr(0, first_bytes.find('\n'));
  if (absl::EndsWith(line, "\r")) {
    line.remove_suffix(1);
  }
  return absl::StrCat("the server does not speak TLS here: it begins with \"",
                      absl::CHexEscape(line.substr(0, kFirstBytes)), "\"");
}

TlsSession::TlsSession(bssl::UniquePtr<SSL> ssl, absl::string_view received)
    : ssl_(std::move(ssl)) {
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  Receive(received);
}

void TlsSession::Receive(absl::string_view bytes) {
  if (first_bytes_.size() < kFirstBytes) {
    first_bytes_ += bytes.substr(0, kFirstBytes - first_bytes_.size());
  }
  BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(),
            static_cast<int>(bytes.size()));
}

absl::string_view TlsSession::Output() const {
  const uint8_t* data = nullptr;
  size_t size = 0;
  if (BIO_mem_contents(SSL_get_wbio(ssl_.get()), &data, &size) != 1) {
    return "";
  }
  return absl::string_view(reinterpret_cast<const char*>(data), size);
}

void TlsSession::Sent(size_t size) {
  BIO* out = SSL_get_wbio(ssl_.get());
  if (size == Output().size()) {
    BIO_reset(out);
    return;
  }
  std::string dropped(size, '\0');
  BIO_read(out, dropped.data(), static_cast<int>(dropped.size()));
}

absl::StatusOr<bool> TlsSession::Handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    return true;
  }
  const absl::Status refused = Explain(result, "in the TLS handshake");
  return refused.ok() ? absl::StatusOr<bool>(false) : refused;
}

absl::Status TlsSession::HandshakeEnded() const {
  const absl::Status other = NotTls();
  if (!other.ok()) {
    return other;
  }
  return first_bytes_.empty()
             ? Aborted(connection_error::kHelloClosed,
                       "the peer closed the connection when it had the "
                       "ClientHello, without an answer")
             : Aborted(connection_error::kTlsClosed,
                       "the peer closed the connection before it was done");
}

absl::Status TlsSession::HandshakeLost(const absl::Status& lost) const {
  return first_bytes_.empty()
             ? Aborted(connection_error::kHelloReset,
                       absl::StrCat(lost.message(),
                                    " when it had the ClientHello, without an "
                                    "answer"))
             : Aborted(connection_error::kTlsReset,
                       absl::StrCat(lost.message(), " in the TLS handshake"));
}

absl::Status TlsSession::HandshakeTimedOut() const {
  return first_bytes_.empty()
             ? Coded(connection_error::kHelloTimeout,
                     absl::StatusCode::kDeadlineExceeded,
                     "timed out in the TLS handshake: no answer to the "
                     "ClientHello")
             : Coded(connection_error::kTlsTimeout,
                     absl::StatusCode::kDeadlineExceeded,
                     "timed out in the TLS handshake");
}

void TlsSession::Close() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

absl::Status TlsSession::Explain(int result, absl::string_view phase) const {
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
    return absl::OkStatus();
  }
  const absl::Status other = NotTls();
  if (!other.ok()) {
    return other;
  }
  if (error == SSL_ERROR_ZERO_RETURN) {
    return Aborted(connection_error::kTlsClosed,
                   absl::StrCat("the peer closed the connection ", phase));
  }
  const uint32_t packed = ERR_peek_error();
  const int reason = ERR_GET_REASON(packed);
  if (ERR_GET_LIB(packed) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET) {
    return Failed(connection_error::kTlsAlert,
                  absl::StrCat("the peer refused ", phase, " with the alert ",
                               AlertName(reason - SSL_AD_REASON_OFFSET)));
  }
  const char* text = ERR_reason_error_string(packed);
  return Failed(connection_error::kTlsFailed,
                absl::StrCat("failed ", phase, ": ",
                             text == nullptr ? "no reason was given" : text));
}

// NotTls returns an error if what the peer sent first is not TLS.
absl::Status TlsSession::NotTls() const {
  const std::string other = ExplainNotTls(first_bytes_);
  return other.empty()
             ? absl::OkStatus()
             : Failed(LooksLikeHttp(first_bytes_) ? connection_error::kPlainHttp
                                                  : connection_error::kNotTls,
                      other);
}

}  // namespace tlspin

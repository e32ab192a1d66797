#include "tools/tlspin/channel.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
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

constexpr size_t kChunk = 16 * 1024;  // about one TLS record
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

Channel::Channel(Socket socket, bssl::UniquePtr<SSL> ssl, Deadline deadline,
                 absl::string_view received)
    : socket_(std::move(socket)), ssl_(std::move(ssl)), deadline_(deadline) {
  // Memory BIOs, so that every byte goes through Socket, which keeps the
  // deadline and does not raise SIGPIPE.
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl_.get(), in, out);
  BIO_write(in, received.data(), static_cast<int>(received.size()));
  first_bytes_ = std::string(received.substr(0, kFirstBytes));
}

absl::Status Channel::Handshake() {
  for (;;) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    const absl::Status refused = result == 1
                                     ? absl::OkStatus()
                                     : Explain(result, "in the TLS handshake");
    // An alert that explains a refusal to the peer is in here too.
    const absl::Status sent = Flush();
    if (!refused.ok()) {
      return refused;
    }
    if (sent.ok() && result == 1) {
      return absl::OkStatus();
    }
    // A peer that refuses may close while this side still sends: what it said
    // matters more than that sending failed.
    const absl::Status filled = Fill();
    if (!filled.ok()) {
      return ExplainLoss(filled);
    }
  }
}

// ExplainLoss returns what the end `lost` of the connection means in a
// handshake: what ended it before an answer knew nothing but the ClientHello,
// which holds the name.
absl::Status Channel::ExplainLoss(const absl::Status& lost) const {
  const bool answered = !first_bytes_.empty();
  if (absl::IsDeadlineExceeded(lost)) {
    return Coded(answered ? connection_error::kTlsTimeout
                          : connection_error::kHelloTimeout,
                 lost.code(),
                 answered ? "timed out in the TLS handshake"
                          : "timed out in the TLS handshake: no answer to the "
                            "ClientHello");
  }
  if (!CodeOf(lost).empty()) {
    return lost;
  }
  return Aborted(
      answered ? connection_error::kTlsReset : connection_error::kHelloReset,
      absl::StrCat(lost.message(),
                   answered ? " in the TLS handshake"
                            : " when it had the ClientHello, without an "
                              "answer"));
}

absl::Status Channel::Write(absl::string_view data) {
  while (!data.empty()) {
    ERR_clear_error();
    const int n = SSL_write(ssl_.get(), data.data(),
                            static_cast<int>(std::min(data.size(), kChunk)));
    if (n <= 0) {
      return Explain(n, "while sending");
    }
    data.remove_prefix(static_cast<size_t>(n));
    const absl::Status sent = Flush();
    if (!sent.ok()) {
      return sent;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Channel::Read() {
  std::string data(kChunk, '\0');
  for (;;) {
    ERR_clear_error();
    const int n =
        SSL_read(ssl_.get(), data.data(), static_cast<int>(data.size()));
    if (n > 0) {
      data.resize(static_cast<size_t>(n));
      return data;
    }
    if (SSL_get_error(ssl_.get(), n) == SSL_ERROR_ZERO_RETURN) {
      return std::string();
    }
    const absl::Status failed = Explain(n, "while receiving");
    absl::Status status = failed.ok() ? Flush() : failed;
    if (status.ok()) {
      status = Fill();
    }
    if (!status.ok()) {
      return status;
    }
  }
}

absl::StatusOr<std::string> Channel::ReadLine(size_t max) {
  for (;;) {
    const size_t end = unread_.find('\n');
    if (end != std::string::npos && end <= max) {
      std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    if (unread_.size() > max) {
      return absl::OutOfRangeError("the line is too long");
    }
    absl::StatusOr<std::string> more = Read();
    if (!more.ok()) {
      return more.status();
    }
    if (more->empty()) {
      return absl::OutOfRangeError("the stream ended inside a line");
    }
    unread_ += *more;
  }
}

void Channel::Close() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
  Flush().IgnoreError();  // the peer may be gone, and need not hear it
}

absl::Status Channel::Flush() {
  const uint8_t* data = nullptr;
  size_t size = 0;
  BIO* out = SSL_get_wbio(ssl_.get());
  if (BIO_mem_contents(out, &data, &size) != 1 || size == 0) {
    return absl::OkStatus();
  }
  const absl::Status sent = socket_.Send(
      absl::string_view(reinterpret_cast<const char*>(data), size), deadline_);
  BIO_reset(out);
  return sent;
}

absl::Status Channel::Fill() {
  const absl::StatusOr<std::string> data = socket_.Receive(kChunk, deadline_);
  if (!data.ok()) {
    return data.status();
  }
  if (data->empty()) {
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
  if (first_bytes_.size() < kFirstBytes) {
    first_bytes_ += data->substr(0, kFirstBytes - first_bytes_.size());
  }
  BIO_write(SSL_get_rbio(ssl_.get()), data->data(),
            static_cast<int>(data->size()));
  return absl::OkStatus();
}

// Explain returns OK if `result` only says that more data is wanted.
absl::Status Channel::Explain(int result, absl::string_view phase) {
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
absl::Status Channel::NotTls() const {
  const std::string other = ExplainNotTls(first_bytes_);
  return other.empty()
             ? absl::OkStatus()
             : Failed(LooksLikeHttp(first_bytes_) ? connection_error::kPlainHttp
                                                  : connection_error::kNotTls,
                      other);
}

}  // namespace tlspin

#include "tools/tlspin/channel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <utility>

#include "tools/tlspin/connection_error.h"

namespace tlspin {
namespace {

constexpr size_t kChunk = 16 * 1024;  // about one TLS record

}  // namespace

Channel::Channel(Socket socket, bssl::UniquePtr<SSL> ssl, Deadline deadline,
                 absl::string_view received)
    : socket_(std::move(socket)),
      session_(std::move(ssl), received),
      deadline_(deadline) {}

absl::Status Channel::Handshake() {
  for (;;) {
    const absl::StatusOr<bool> complete = session_.Handshake();
    // An alert that explains a refusal to the peer is in here too.
    const absl::Status sent = Flush();
    if (!complete.ok()) {
      return complete.status();
    }
    if (sent.ok() && *complete) {
      return absl::OkStatus();
    }
    // A peer that refuses may close while this side still sends: what it said
    // matters more than that sending failed.
    const absl::Status filled = Fill();
    if (absl::IsOutOfRange(filled)) {
      return session_.HandshakeEnded();
    }
    if (!filled.ok()) {
      return absl::IsDeadlineExceeded(filled) ? session_.HandshakeTimedOut()
                                              : session_.HandshakeLost(filled);
    }
  }
}

absl::Status Channel::Write(absl::string_view data) {
  while (!data.empty()) {
    ERR_clear_error();
    const int n = SSL_write(ssl(), data.data(),
                            static_cast<int>(std::min(data.size(), kChunk)));
    if (n <= 0) {
      return session_.Explain(n, "while sending");
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
    const int n = SSL_read(ssl(), data.data(), static_cast<int>(data.size()));
    if (n > 0) {
      data.resize(static_cast<size_t>(n));
      return data;
    }
    if (SSL_get_error(ssl(), n) == SSL_ERROR_ZERO_RETURN) {
      return std::string();
    }
    const absl::Status failed = session_.Explain(n, "while receiving");
    absl::Status status = failed.ok() ? Flush() : failed;
    if (status.ok()) {
      status = Fill();
    }
    if (absl::IsOutOfRange(status)) {
      return Coded(connection_error::kTlsClosed, absl::StatusCode::kAborted,
                   "the peer closed the connection before it was done");
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
  session_.Close();
  Flush().IgnoreError();  // the peer may be gone, and need not hear it
}

absl::Status Channel::Flush() {
  const absl::string_view output = session_.Output();
  if (output.empty()) {
    return absl::OkStatus();
  }
  const absl::Status sent = socket_.Send(output, deadline_);
  session_.Sent(output.size());
  return sent;
}

// Fill returns OUT_OF_RANGE at the end of the stream.
absl::Status Channel::Fill() {
  const absl::StatusOr<std::string> data = socket_.Receive(kChunk, deadline_);
  if (!data.ok()) {
    return data.status();
  }
  if (data->empty()) {
    return absl::OutOfRangeError("the stream ended");
  }
  session_.Receive(*data);
  return absl::OkStatus();
}

}  // namespace tlspin

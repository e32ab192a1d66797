#include "tools/tlspin/net/handshake.h"

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/net/socket_error.h"
#include "tools/tlspin/net/tls_client.h"
#include "tools/tlspin/net/tls_session.h"

namespace tlspin {
namespace {

constexpr size_t kChunk = 16 * 1024;  // about one TLS record

// A Conversation watches a connection, reads what comes and sends what is to be
// sent.
class Conversation : public Operation {
 public:
  Conversation(EventLoop& loop, Connection connection)
      : loop_(loop), connection_(std::move(connection)) {}

  ~Conversation() override { Release(); }

  void Start() {
    // Writable, as it is when it was made: the first event begins.
    const absl::Status watched = loop_.Watch(
        connection_.transport->fd(), EventLoop::kRead | EventLoop::kWrite,
        [this](unsigned ready) { OnReady(ready); });
    if (!watched.ok()) {
      // Its descriptor is in order, so this is the lack of memory. Told from
      // the loop, as every end is.
      timer_ = loop_.After(absl::ZeroDuration(), [this, watched] {
        timer_ = 0;
        Fail(watched);
      });
    }
  }

 protected:
  // Each of these may end the conversation, and returns whether it goes on.
  // OnStart begins it, OnBytes goes on with what came, OnEnd and OnLost with
  // that nothing will.
  virtual bool OnStart() = 0;
  virtual bool OnBytes(absl::string_view bytes) = 0;
  virtual void OnEnd() = 0;
  virtual void OnLost(const absl::Status& lost) = 0;
  virtual void Fail(const absl::Status& status) = 0;

  // Whether the peer may speak before it was spoken to.
  virtual bool peer_begins() const = 0;

  // What is to be sent, and that some was.
  virtual absl::string_view Output() const = 0;
  virtual void Sent(size_t size) = 0;

  // Flush sends what it can. It returns false if the connection is lost.
  bool Flush() {
    while (!Output().empty()) {
      const Transport::Result sent =
          connection_.transport->Write(Output().data(), Output().size());
      if (sent.outcome == Transport::Outcome::kMoved) {
        Sent(sent.bytes);
        continue;
      }
      return sent.outcome == Transport::Outcome::kWait;
    }
    return true;
  }

  // Release ceases to watch the connection, and returns it.
  Connection Release() {
    loop_.Cancel(std::exchange(timer_, 0));
    if (connection_.transport != nullptr) {
      loop_.Unwatch(connection_.transport->fd());
    }
    return std::move(connection_);
  }

 private:
  void OnReady(unsigned ready) {
    const bool first = !std::exchange(started_, true);
    if (first && !OnStart()) {
      return;
    }
    // A peer that refuses may close while this side still sends: what it said
    // matters more than that sending failed.
    broken_ = !Flush() || broken_;
    // What a transport took from its descriptor before shows in no event.
    if (((ready & EventLoop::kRead) != 0 || (first && peer_begins())) &&
        !Read()) {
      return;
    }
    broken_ = !Flush() || broken_;
    loop_.SetInterest(
        connection_.transport->fd(),
        EventLoop::kRead |
            (Output().empty() || broken_ ? 0 : EventLoop::kWrite));
  }

  // Read reads until there is nothing left, or the conversation ends, which is
  // when it returns false.
  bool Read() {
    char data[kChunk];
    // Bounded, so that a peer that never pauses keeps no other from its turn.
    for (int i = 0; i < 4; ++i) {
      const Transport::Result read =
          connection_.transport->Read(data, sizeof(data));
      switch (read.outcome) {
        case Transport::Outcome::kWait:
          return true;
        case Transport::Outcome::kEnd:
          OnEnd();
          return false;
        case Transport::Outcome::kLost:
          OnLost(LostConnection(read.error));
          return false;
        case Transport::Outcome::kMoved:
          if (!OnBytes(absl::string_view(data, read.bytes))) {
            return false;
          }
      }
    }
    loop_.Cancel(timer_);
    timer_ = loop_.After(absl::ZeroDuration(), [this] {
      timer_ = 0;
      OnReady(EventLoop::kRead);
    });
    return true;
  }

  EventLoop& loop_;
  Connection connection_;
  bool started_ = false;
  bool broken_ = false;  // nothing can be sent any more
  EventLoop::TimerId timer_ = 0;
};

class Shaking : public Conversation {
 public:
  Shaking(EventLoop& loop, Connection connection, bssl::UniquePtr<SSL> ssl,
          Shaken done)
      : Conversation(loop, std::move(connection)),
        session_(std::move(ssl)),
        done_(std::move(done)) {}

  void Begin(std::string received) {
    received_ = std::move(received);
    Start();
  }

  absl::Status TimedOut() const override {
    return session_.HandshakeTimedOut();
  }

 protected:
  bool OnStart() override {
    session_.Receive(received_);
    return Shake();
  }
  bool OnBytes(absl::string_view bytes) override {
    session_.Receive(bytes);
    return Shake();
  }
  void OnEnd() override { Fail(session_.HandshakeEnded()); }
  void OnLost(const absl::Status& lost) override {
    Fail(session_.HandshakeLost(lost));
  }
  bool peer_begins() const override { return false; }
  absl::string_view Output() const override { return session_.Output(); }
  void Sent(size_t size) override { session_.Sent(size); }

  void Fail(const absl::Status& status) override { Finish(status); }

 private:
  bool Shake() {
    const absl::StatusOr<bool> complete = session_.Handshake();
    if (complete.ok() && !*complete) {
      return true;
    }
    if (!complete.ok()) {
      Flush();  // an alert that explains a refusal to the peer
      Finish(complete.status());
      return false;
    }
    Served served = WhatWasServed(session_.ssl());
    session_.Close();
    Flush();  // the peer may be gone, and need not hear it
    Finish(std::move(served));
    return false;
  }

  void Finish(absl::StatusOr<Served> result) {
    const Connection connection = Release();
    if (result.ok()) {
      result->peer = connection.peer;
    }
    const Shaken done = std::move(done_);
    done(std::move(result));
  }

  TlsSession session_;
  Shaken done_;
  std::string received_;
};

class Asking : public Conversation {
 public:
  Asking(EventLoop& loop, Connection connection, StartTls protocol,
         const std::string& host, Connected done)
      : Conversation(loop, std::move(connection)),
        dialogue_(protocol, host),
        done_(std::move(done)) {}

  void Begin(std::string received) {
    received_ = std::move(received);
    Start();
  }

  absl::Status TimedOut() const override {
    return dialogue_.Lost(StartTlsDialogue::Loss::kTimedOut);
  }

 protected:
  bool OnStart() override {
    output_ = dialogue_.Begin();
    return received_.empty() || OnBytes(received_);
  }
  bool OnBytes(absl::string_view bytes) override {
    absl::StatusOr<StartTlsDialogue::Step> step = dialogue_.Receive(bytes);
    if (!step.ok()) {
      Finish(step.status());
      return false;
    }
    output_ += step->send;
    if (!step->done) {
      return true;
    }
    Flush();
    Finish(absl::OkStatus());
    return false;
  }
  void OnEnd() override {
    Finish(dialogue_.Lost(StartTlsDialogue::Loss::kClosed));
  }
  void OnLost(const absl::Status&) override {
    Finish(dialogue_.Lost(StartTlsDialogue::Loss::kReset));
  }
  bool peer_begins() const override { return true; }
  absl::string_view Output() const override { return output_; }
  void Sent(size_t size) override { output_.erase(0, size); }
  void Fail(const absl::Status& status) override { Finish(status); }

 private:
  void Finish(const absl::Status& status) {
    Connection connection = Release();
    const Connected done = std::move(done_);
    if (status.ok()) {
      done(std::move(connection));
    } else {
      done(status);
    }
  }

  StartTlsDialogue dialogue_;
  Connected done_;
  std::string received_;
  std::string output_;  // what is not yet sent
};

}  // namespace

std::unique_ptr<Operation> Handshake(EventLoop& loop, Connection connection,
                                     bssl::UniquePtr<SSL> ssl, Shaken done) {
  std::string received = std::exchange(connection.received, "");
  auto shaking = std::make_unique<Shaking>(loop, std::move(connection),
                                           std::move(ssl), std::move(done));
  shaking->Begin(std::move(received));
  return shaking;
}

std::unique_ptr<Operation> AskForTls(EventLoop& loop, Connection connection,
                                     StartTls protocol, const std::string& host,
                                     Connected done) {
  std::string received = std::exchange(connection.received, "");
  auto asking = std::make_unique<Asking>(loop, std::move(connection), protocol,
                                         host, std::move(done));
  asking->Begin(std::move(received));
  return asking;
}

}  // namespace tlspin

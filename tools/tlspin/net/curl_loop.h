#ifndef TOOLS_TLSPIN_NET_CURL_LOOP_H_
#define TOOLS_TLSPIN_NET_CURL_LOOP_H_

#include <functional>
#include <memory>
#include <set>

#include "tools/tlspin/net/curl_library.h"
#include "tools/tlspin/net/event_loop.h"

namespace tlspin {

// A CurlLoop lets libcurl's transfers run on an EventLoop, with its thread.
class CurlLoop {
 public:
  // Called from the loop when a transfer has ended. It may add and remove
  // transfers, that one too.
  using OnEnd = std::function<void(CURL* transfer, CURLcode result)>;

  CurlLoop(const CurlLibrary* curl, EventLoop* loop, OnEnd on_end);
  // Every transfer was removed before.
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  // ok is whether there was memory for it.
  bool ok() const { return multi_ != nullptr; }

  // Add starts a transfer, from the loop. Remove gives it up if it has not
  // ended, and closes its connection.
  bool Add(CURL* transfer);
  void Remove(CURL* transfer);

  // Release leaves `fd`, which is a transfer's that has ended, to others.
  void Release(curl_socket_t fd);

  // Leave leaves the EventLoop alone from now on. Nothing goes on.
  void Leave();

 private:
  static int OnSocket(CURL* transfer, curl_socket_t fd, int what, void* self,
                      void* unused);
  static int OnTimer(CURLM* multi, long milliseconds,  // NOLINT: libcurl's
                     void* self);
  void Act(curl_socket_t fd, int events);

  const CurlLibrary* const curl_;
  EventLoop* loop_;  // null: left
  const OnEnd on_end_;
  CURLM* const multi_;
  EventLoop::TimerId timer_ = 0;
  std::set<curl_socket_t> watched_;
  // Tells whether a callback has ended this.
  const std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_CURL_LOOP_H_

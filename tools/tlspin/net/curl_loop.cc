#include "tools/tlspin/net/curl_loop.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace tlspin {

CurlLoop::CurlLoop(const CurlLibrary* curl, EventLoop* loop, OnEnd on_end)
    : curl_(curl),
      loop_(loop),
      on_end_(std::move(on_end)),
      multi_(curl->multi_init()) {
  if (multi_ == nullptr) {
    return;
  }
  curl_->multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::OnSocket);
  curl_->multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_->multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::OnTimer);
  curl_->multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

CurlLoop::~CurlLoop() {
  if (multi_ != nullptr) {
    curl_->multi_cleanup(multi_);
  }
  Leave();
}

bool CurlLoop::Add(CURL* transfer) {
  return curl_->multi_add_handle(multi_, transfer) == CURLM_OK;
}

void CurlLoop::Remove(CURL* transfer) {
  curl_->multi_remove_handle(multi_, transfer);
}

void CurlLoop::Release(curl_socket_t fd) {
  if (watched_.erase(fd) > 0 && loop_ != nullptr) {
    loop_->Unwatch(fd);
  }
}

void CurlLoop::Leave() {
  if (loop_ == nullptr) {
    return;
  }
  for (const curl_socket_t fd : watched_) {
    loop_->Unwatch(fd);
  }
  watched_.clear();
  loop_->Cancel(timer_);
  loop_ = nullptr;
}

int CurlLoop::OnSocket(CURL*, curl_socket_t fd, int what, void* self, void*) {
  CurlLoop* const that = static_cast<CurlLoop*>(self);
  if (that->loop_ == nullptr) {
    return 0;
  }
  // What a tunnel was made of is another's to watch, and to cease to.
  if (what == CURL_POLL_REMOVE) {
    that->Release(fd);
    return 0;
  }
  const unsigned interest = (what & CURL_POLL_IN ? EventLoop::kRead : 0) |
                            (what & CURL_POLL_OUT ? EventLoop::kWrite : 0);
  that->watched_.insert(fd);
  const absl::Status watched =
      that->loop_->Watch(fd, interest, [that, fd](unsigned ready) {
        that->Act(fd, (ready & EventLoop::kRead ? CURL_CSELECT_IN : 0) |
                          (ready & EventLoop::kWrite ? CURL_CSELECT_OUT : 0));
      });
  return watched.ok() ? 0 : -1;
}

int CurlLoop::OnTimer(CURLM*, long milliseconds,  // NOLINT: libcurl's
                      void* self) {
  CurlLoop* const that = static_cast<CurlLoop*>(self);
  if (that->loop_ == nullptr) {
    return 0;
  }
  that->loop_->Cancel(that->timer_);
  that->timer_ = 0;
  if (milliseconds >= 0) {
    that->timer_ = that->loop_->After(absl::Milliseconds(milliseconds), [that] {
      that->timer_ = 0;
      that->Act(CURL_SOCKET_TIMEOUT, 0);
    });
  }
  return 0;
}

void CurlLoop::Act(curl_socket_t fd, int events) {
  const std::weak_ptr<char> alive = alive_;
  int running = 0;
  curl_->multi_socket_action(multi_, fd, events, &running);
  while (!alive.expired()) {
    int left = 0;
    const CURLMsg* message = curl_->multi_info_read(multi_, &left);
    if (message == nullptr) {
      return;
    }
    if (message->msg == CURLMSG_DONE) {
      on_end_(message->easy_handle, message->data.result);
    }
  }
}

}  // namespace tlspin

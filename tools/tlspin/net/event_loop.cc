#include "tools/tlspin/net/event_loop.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"

namespace tlspin {
namespace {

constexpr int kBatch = 256;  // events taken from the kernel at once

uint32_t EpollBits(unsigned interest) {
  uint32_t bits = 0;
  if ((interest & EventLoop::kRead) != 0) {
    bits |= EPOLLIN | EPOLLRDHUP;
  }
  if ((interest & EventLoop::kWrite) != 0) {
    bits |= EPOLLOUT;
  }
  return bits;
}

unsigned ReadyBits(uint32_t events) {
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
    return EventLoop::kRead | EventLoop::kWrite;
  }
  unsigned ready = 0;
  if ((events & (EPOLLIN | EPOLLRDHUP)) != 0) {
    ready |= EventLoop::kRead;
  }
  if ((events & EPOLLOUT) != 0) {
    ready |= EventLoop::kWrite;
  }
  return ready;
}

absl::Status Failed(const char* call) {
  return absl::UnavailableError(absl::StrCat(call, ": ", std::strerror(errno)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<EventLoop>> EventLoop::Create() {
  const int fd = epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) {
    return Failed("epoll_create1");
  }
  return std::unique_ptr<EventLoop>(new EventLoop(fd));
}

EventLoop::~EventLoop() { close(epoll_fd_); }

// Change tells the kernel of `watched`, where it knew of `before`. It knows
// nothing of what is watched for nothing: it would tell of errors all the same,
// again and again.
absl::Status EventLoop::Change(int fd, unsigned before,
                               const Watched& watched) {
  epoll_event event = {};
  event.events = EpollBits(watched.interest);
  event.data.u64 = (static_cast<uint64_t>(watched.generation) << 32) |
                   static_cast<uint32_t>(fd);
  const int operation = watched.interest == 0 ? EPOLL_CTL_DEL
                        : before == 0         ? EPOLL_CTL_ADD
                                              : EPOLL_CTL_MOD;
  if (before == 0 && watched.interest == 0) {
    return absl::OkStatus();
  }
  return epoll_ctl(epoll_fd_, operation, fd, &event) == 0 ? absl::OkStatus()
                                                          : Failed("epoll_ctl");
}

absl::Status EventLoop::Watch(int fd, unsigned interest, FdCallback callback) {
  Watched watched;
  watched.interest = interest;
  watched.generation = ++generation_;
  watched.callback = std::make_shared<FdCallback>(std::move(callback));
  const auto known = watches_.find(fd);
  const absl::Status changed =
      Change(fd, known == watches_.end() ? 0 : known->second.interest, watched);
  if (changed.ok()) {
    watches_[fd] = std::move(watched);
  }
  return changed;
}

void EventLoop::SetInterest(int fd, unsigned interest) {
  const auto found = watches_.find(fd);
  if (found == watches_.end() || found->second.interest == interest) {
    return;
  }
  const unsigned before = std::exchange(found->second.interest, interest);
  // The kernel took it before, so that only a descriptor that was closed under
  // the loop can be refused, and that one is ready for nothing.
  Change(fd, before, found->second).IgnoreError();
}

void EventLoop::Unwatch(int fd) {
  const auto found = watches_.find(fd);
  if (found == watches_.end()) {
    return;
  }
  const unsigned before = std::exchange(found->second.interest, 0);
  Change(fd, before, found->second).IgnoreError();
  watches_.erase(found);
}

EventLoop::TimerId EventLoop::After(absl::Duration delay,
                                    TimerCallback callback) {
  // Bounded, so that adding to the clock's value cannot overflow.
  const absl::Duration bounded =
      std::clamp(delay, absl::ZeroDuration(), absl::Hours(24 * 365));
  const Clock::time_point at =
      Clock::now() + absl::ToChronoNanoseconds(bounded);
  const TimerId id = ++last_timer_;
  timers_.emplace(std::make_pair(at, id), std::move(callback));
  timer_times_.emplace(id, at);
  return id;
}

void EventLoop::Cancel(TimerId timer) {
  const auto found = timer_times_.find(timer);
  if (found != timer_times_.end()) {
    timers_.erase({found->second, timer});
    timer_times_.erase(found);
  }
}

void EventLoop::Run() {
  stopping_ = false;
  std::array<epoll_event, kBatch> events;
  while (!stopping_ && !(watches_.empty() && timers_.empty())) {
    const int n =
        epoll_wait(epoll_fd_, events.data(), kBatch, WaitMilliseconds());
    CallTimers();
    for (int i = 0; i < n && !stopping_; ++i) {
      const uint64_t data = events[i].data.u64;
      CallReady(static_cast<int>(data & 0xffffffff),
                static_cast<uint32_t>(data >> 32), ReadyBits(events[i].events));
    }
  }
}

// WaitMilliseconds returns how long to wait for descriptors: until the first
// timer, rounded up, so that the last millisecond is no busy loop.
int EventLoop::WaitMilliseconds() const {
  if (timers_.empty()) {
    return -1;
  }
  const auto left = timers_.begin()->first.first - Clock::now();
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(left).count() + 1;
  return left.count() <= 0 ? 0
                           : static_cast<int>(std::min<int64_t>(ms, 60'000));
}

void EventLoop::CallTimers() {
  // Only those that are due now: a callback that sets a timer of no delay must
  // not keep descriptors from their turn.
  const Clock::time_point now = Clock::now();
  const TimerId newest = last_timer_;
  while (!stopping_ && !timers_.empty()) {
    const auto first = timers_.begin();
    if (first->first.first > now || first->first.second > newest) {
      return;
    }
    const TimerCallback callback = std::move(first->second);
    timer_times_.erase(first->first.second);
    timers_.erase(first);
    callback();
  }
}

void EventLoop::CallReady(int fd, uint32_t generation, unsigned ready) {
  const auto found = watches_.find(fd);
  if (found == watches_.end() || found->second.generation != generation) {
    return;  // withdrawn by a callback before this one
  }
  ready &= found->second.interest;
  if (ready == 0) {
    return;
  }
  // Kept while it runs, should it withdraw itself.
  const std::shared_ptr<FdCallback> callback = found->second.callback;
  (*callback)(ready);
}

}  // namespace tlspin

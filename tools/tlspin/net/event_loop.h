#ifndef TOOLS_TLSPIN_NET_EVENT_LOOP_H_
#define TOOLS_TLSPIN_NET_EVENT_LOOP_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace tlspin {

// An EventLoop calls back when descriptors are ready and when time has passed.
// One thread uses it, without locks. Callbacks may do anything to the loop:
// watch, cease to watch (themselves too), set and cancel timers, stop it. They
// are never called again once they were withdrawn.
class EventLoop {
 public:
  // What a descriptor is watched for, and what it is ready for: bits.
  static constexpr unsigned kRead = 1;
  static constexpr unsigned kWrite = 2;

  // An error or a hang-up makes a descriptor ready for all that it is watched
  // for: the next call on it tells.
  using FdCallback = std::function<void(unsigned ready)>;

  using TimerId = uint64_t;  // never zero
  using TimerCallback = std::function<void()>;

  // Create returns UNAVAILABLE if there are no descriptors left.
  static absl::StatusOr<std::unique_ptr<EventLoop>> Create();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Watch calls `callback` each time that `fd` is ready for some of `interest`
  // (level-triggered), in place of what `fd` was watched for before. `fd` stays
  // its owner's, who calls Unwatch before closing it. It returns an error if
  // the kernel refuses: a regular file, or no memory.
  absl::Status Watch(int fd, unsigned interest, FdCallback callback);

  // SetInterest changes what a watched `fd` is watched for; zero: for nothing.
  void SetInterest(int fd, unsigned interest);

  // Unwatch forgets `fd`, if it is watched.
  void Unwatch(int fd);

  // After calls `callback` once, when `delay` has passed on the monotonic
  // clock. Timers that are due are called in the order of their times.
  TimerId After(absl::Duration delay, TimerCallback callback);

  // Cancel withdraws a timer; one that was called, or zero, is none.
  void Cancel(TimerId timer);

  // Run calls back until Stop, or until nothing is watched and no timer is set.
  void Run();

  // Stop ends Run when the callback that calls it returns.
  void Stop() { stopping_ = true; }

  int watched() const { return static_cast<int>(watches_.size()); }

 private:
  using Clock = std::chrono::steady_clock;

  struct Watched {
    unsigned interest = 0;
    uint32_t generation = 0;  // tells `fd` from one that was closed
    std::shared_ptr<FdCallback> callback;
  };

  explicit EventLoop(int epoll_fd) : epoll_fd_(epoll_fd) {}
  absl::Status Change(int fd, unsigned before, const Watched& watched);
  int WaitMilliseconds() const;
  void CallTimers();
  void CallReady(int fd, uint32_t generation, unsigned ready);

  const int epoll_fd_;
  bool stopping_ = false;
  uint32_t generation_ = 0;
  TimerId last_timer_ = 0;
  std::unordered_map<int, Watched> watches_;
  // By time, and by age for one time.
  std::map<std::pair<Clock::time_point, TimerId>, TimerCallback> timers_;
  std::unordered_map<TimerId, Clock::time_point> timer_times_;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_EVENT_LOOP_H_

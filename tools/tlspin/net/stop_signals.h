#ifndef TOOLS_TLSPIN_NET_STOP_SIGNALS_H_
#define TOOLS_TLSPIN_NET_STOP_SIGNALS_H_

#include <csignal>
#include <functional>
#include <memory>

#include "tools/tlspin/net/event_loop.h"

namespace tlspin {

// StopSignals has an EventLoop call back at the first SIGINT or SIGTERM, in
// place of the end of the process. After that, and after its own end, they have
// their usual effect again, so that a second Ctrl-C ends what does not stop. A
// signal that is ignored, as under nohup, stays so. For processes of one
// thread.
class StopSignals {
 public:
  // Watch returns nothing if the kernel has no descriptor left; the signals
  // then end the process. `loop` outlives it.
  static std::unique_ptr<StopSignals> Watch(EventLoop& loop,
                                            std::function<void()> stop);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  explicit StopSignals(EventLoop& loop) : loop_(loop) {}
  void Release();

  EventLoop& loop_;
  int fd_ = -1;
  sigset_t before_ = {};  // the thread's mask
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_STOP_SIGNALS_H_

#include "tools/tlspin/net/stop_signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <utility>

namespace tlspin {
namespace {

bool IsIgnored(int signal) {
  struct sigaction action = {};
  return sigaction(signal, nullptr, &action) == 0 &&
         action.sa_handler == SIG_IGN;
}

}  // namespace

std::unique_ptr<StopSignals> StopSignals::Watch(EventLoop& loop,
                                                std::function<void()> stop) {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int signal : {SIGINT, SIGTERM}) {
    if (!IsIgnored(signal)) {
      sigaddset(&watched, signal);
    }
  }
  std::unique_ptr<StopSignals> signals(new StopSignals(loop));
  signals->fd_ = signalfd(-1, &watched, SFD_NONBLOCK | SFD_CLOEXEC);
  if (signals->fd_ < 0 ||
      pthread_sigmask(SIG_BLOCK, &watched, &signals->before_) != 0) {
    if (signals->fd_ >= 0) {
      close(std::exchange(signals->fd_, -1));
    }
    return nullptr;
  }
  StopSignals* const self = signals.get();
  const absl::Status added = loop.Watch(
      signals->fd_, EventLoop::kRead, [self, stop = std::move(stop)](unsigned) {
        signalfd_siginfo info;
        if (read(self->fd_, &info, sizeof(info)) == sizeof(info)) {
          const std::function<void()> call = stop;
          self->Release();
          call();
        }
      });
  return added.ok() ? std::move(signals) : nullptr;
}

StopSignals::~StopSignals() { Release(); }

void StopSignals::Release() {
  if (fd_ >= 0) {
    loop_.Unwatch(fd_);
    close(std::exchange(fd_, -1));
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
}

}  // namespace tlspin

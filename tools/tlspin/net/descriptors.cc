#include "tools/tlspin/net/descriptors.h"

#include <sys/resource.h>

#include <algorithm>

namespace tlspin {
namespace {

// For files, the loop, the resolver's sockets, signals.
constexpr rlim_t kOthers = 48;

}  // namespace

int MakeRoomForDescriptors(int jobs, int each) {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return jobs;
  }
  const rlim_t needed =
      static_cast<rlim_t>(jobs) * static_cast<rlim_t>(each) + kOthers;
  if (limit.rlim_cur < needed && limit.rlim_cur < limit.rlim_max) {
    rlimit raised = limit;
    raised.rlim_cur = std::min(needed, limit.rlim_max);
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) {
      limit = raised;
    }
  }
  const rlim_t room =
      limit.rlim_cur > kOthers ? limit.rlim_cur - kOthers : rlim_t{1};
  return static_cast<int>(std::min(room, static_cast<rlim_t>(jobs)));
}

}  // namespace tlspin

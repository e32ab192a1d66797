#include "tools/tlspin/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/numbers.h"

namespace tlspin {
namespace {

constexpr int kUsualWidth = 80;
constexpr int kNarrowest = 40;
constexpr int kWidest = 1000;  // beyond it COLUMNS is a mistake

}  // namespace

size_t OutputWidth() {
  int width = 0;
  const char* columns = std::getenv("COLUMNS");
  if (columns == nullptr || !absl::SimpleAtoi(columns, &width) || width <= 0 ||
      width > kWidest) {
    winsize size = {};
    width = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
  }
  if (width <= 0) {
    width = kUsualWidth;
  }
  return static_cast<size_t>(std::max(width, kNarrowest));
}

}  // namespace tlspin

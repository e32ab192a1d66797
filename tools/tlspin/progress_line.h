#ifndef TOOLS_TLSPIN_PROGRESS_LINE_H_
#define TOOLS_TLSPIN_PROGRESS_LINE_H_

#include <chrono>
#include <string>

#include "pinning/language.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/probe.h"

namespace tlspin {

// A ProgressLine says on standard error how far many probes are, on one line
// that it writes over: for somebody who waits at a terminal. Elsewhere, and
// under -q, it is silent. It is gone at its end.
class ProgressLine {
 public:
  explicit ProgressLine(const Context& context);
  ~ProgressLine() { Clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void Show(const ProbeProgress& progress);

  // Clear takes the line away, before anything else is written.
  void Clear();

 private:
  void Write(const std::string& text);

  const bool enabled_;
  const pinning::Language language_;
  const std::chrono::steady_clock::time_point start_;
  bool shown_ = false;
};

// SayInterrupted notes that a signal stopped `probes`, and what was not asked,
// if one did. It returns whether.
bool SayInterrupted(Context& context, const std::vector<Probe>& probes);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_PROGRESS_LINE_H_

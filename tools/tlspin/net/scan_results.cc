#include "tools/tlspin/net/scan_results.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "tools/tlspin/connection_error.h"

namespace tlspin {

ScanResults::ScanResults(const std::vector<Endpoint>& endpoints,
                         const ScanObserver& observer)
    : endpoints_(endpoints), observer_(observer), states_(endpoints.size()) {
  for (size_t i = 0; i < states_.size(); ++i) {
    states_[i].result.index = i;
  }
}

ScanAnswer& ScanResults::Add(size_t index) {
  State& state = states_[index];
  ++state.to_come;
  return state.result.answers.emplace_back();
}

void ScanResults::Complete(size_t index) {
  State& state = states_[index];
  if (--state.to_come > 0) {
    return;
  }
  state.complete = true;
  ++done_;
  const std::vector<ScanAnswer>& answers = state.result.answers;
  failed_ += std::none_of(answers.begin(), answers.end(),
                          [](const ScanAnswer& a) { return a.served.ok(); });
  Deliver();
}

void ScanResults::Interrupt() {
  for (State& state : states_) {
    if (state.complete) {
      continue;
    }
    state.complete = true;
    std::vector<ScanAnswer>& answers = state.result.answers;
    if (answers.empty()) {
      answers.emplace_back();
    }
    for (ScanAnswer& answer : answers) {
      if (absl::IsUnknown(answer.served.status())) {
        answer.interrupted = true;
        answer.served = Located(endpoints_[state.result.index].ToString(),
                                absl::CancelledError("interrupted"));
      }
    }
  }
  Deliver();
}

void ScanResults::Progress(size_t in_flight) const {
  if (observer_.on_progress) {
    observer_.on_progress({states_.size(), done_, failed_, in_flight});
  }
}

void ScanResults::Deliver() {
  while (!all_delivered() && states_[delivered_].complete) {
    ScanResult result = std::move(states_[delivered_].result);
    ++delivered_;
    observer_.on_result(std::move(result));
  }
}

}  // namespace tlspin

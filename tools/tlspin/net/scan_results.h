#ifndef TOOLS_TLSPIN_NET_SCAN_RESULTS_H_
#define TOOLS_TLSPIN_NET_SCAN_RESULTS_H_

#include <cstddef>
#include <vector>

#include "tools/tlspin/endpoint.h"
#include "tools/tlspin/net/scan.h"

namespace tlspin {

// ScanResults collects the answers of a scan, which come in any order, and
// gives the results to its observer in that of the endpoints.
class ScanResults {
 public:
  // Both outlive it.
  ScanResults(const std::vector<Endpoint>& endpoints,
              const ScanObserver& observer);

  // Add makes room for an answer of the endpoint `index`, whose results are
  // not given away before Complete was called once for each. The reference is
  // good until the next Add for this endpoint, or the last Complete.
  ScanAnswer& Add(size_t index);
  ScanAnswer& answer(size_t index, size_t number) {
    return states_[index].result.answers[number];
  }

  // Complete says that another answer of the endpoint is as it will be.
  void Complete(size_t index);

  // Interrupt completes all answers that are not complete, as interrupted.
  void Interrupt();

  bool all_delivered() const { return delivered_ == states_.size(); }

  // Progress tells the observer how far the scan is.
  void Progress(size_t in_flight) const;

 private:
  struct State {
    ScanResult result;   // until delivered
    size_t to_come = 0;  // answers
    bool complete = false;
  };

  void Deliver();

  const std::vector<Endpoint>& endpoints_;
  const ScanObserver& observer_;
  std::vector<State> states_;  // of each endpoint
  size_t delivered_ = 0;       // all before it
  size_t done_ = 0, failed_ = 0;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_SCAN_RESULTS_H_

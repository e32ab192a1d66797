#ifndef TOOLS_TLSPIN_NET_SCAN_H_
#define TOOLS_TLSPIN_NET_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/tlspin/connect_options.h"
#include "tools/tlspin/endpoint.h"
#include "tools/tlspin/served.h"

// Asks many servers for their chains at once, from one thread.
namespace tlspin {

struct ScanOptions {
  ConnectOptions connect;  // the time-out is for each attempt
  int jobs = 64;           // connections and look-ups at once, positive
  int retries = 0;         // of what had no answer: retry.h
  bool all_addresses = false;
  std::vector<uint16_t> versions;  // each offered alone; empty: as `connect`
  bool stop_on_signals = false;
};

// A ScanAnswer is what came of one address and one offer of versions.
struct ScanAnswer {
  std::string peer;      // the address that answered, or that was asked alone
  uint16_t version = 0;  // of ScanOptions::versions; zero: there are none
  int attempts = 0;
  bool interrupted = false;  // `served` is then CANCELLED
  absl::StatusOr<Served> served = absl::UnknownError("not asked");
};

// A ScanResult is what came of one endpoint: an answer for each address, and
// for each of those for each version, in their order.
struct ScanResult {
  size_t index = 0;  // of the endpoint
  std::vector<ScanAnswer> answers;
};

struct ScanCounts {
  size_t total = 0, done = 0, failed = 0;  // endpoints; failed: no answer is OK
  size_t in_flight = 0;                    // connections and look-ups
};

struct ScanObserver {
  // Called in the order of the endpoints, as soon as one and all before it are
  // done.
  std::function<void(ScanResult result)> on_result;
  std::function<void(const ScanCounts&)> on_progress;  // a few times a second
};

// Scan fetches the chain of each of `endpoints`. It returns when it is done, or
// a signal stopped it: what is not done is interrupted then. Its errors are
// those of the whole: INVALID_ARGUMENT for options that are not valid,
// UNAVAILABLE if there are no descriptors; the errors of an endpoint are those
// of FetchChain, and name it.
absl::Status Scan(const std::vector<Endpoint>& endpoints,
                  const ScanOptions& options, const ScanObserver& observer);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_SCAN_H_

// The engine of tlspin alone: chains are fetched, and not judged. For
// tools/dev/compare_scan.
//
// Usage: scan_engine TARGETS JOBS [SECONDS]
//   TARGETS has lines "HOST ADDRESS PORT"; SECONDS is the time-out.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tools/tlspin/endpoint.h"
#include "tools/tlspin/net/scan.h"

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::fprintf(stderr, "usage: scan_engine TARGETS JOBS [SECONDS]\n");
    return 2;
  }
  std::vector<tlspin::Endpoint> endpoints;
  std::ifstream file(argv[1]);
  for (tlspin::Endpoint endpoint;
       file >> endpoint.host >> endpoint.address >> endpoint.port;) {
    endpoints.push_back(endpoint);
  }
  tlspin::ScanOptions options;
  options.jobs = std::atoi(argv[2]);
  if (argc == 4) {
    options.connect.timeout = absl::Seconds(std::atoi(argv[3]));
  }
  size_t good = 0;
  tlspin::ScanObserver observer;
  observer.on_result = [&good](tlspin::ScanResult result) {
    good += result.answers.front().served.ok();
  };
  const absl::Status scanned = tlspin::Scan(endpoints, options, observer);
  std::printf("%zu of %zu\n", good, endpoints.size());
  return scanned.ok() && good == endpoints.size() ? 0 : 1;
}

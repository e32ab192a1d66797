#ifndef TESTS_TESTING_REPORTS_H_
#define TESTS_TESTING_REPORTS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/error.h"
#include "pinning/report.h"
#include "pinning/verdict.h"
#include "tests/testing/pki.h"

namespace testing_support {

// A Recorder keeps the hosts it was told of and may do something of its own.
class Recorder : public pinning::ReportSink {
 public:
  void Submit(const pinning::Report& report) override {
    hosts.push_back(report.host);
    if (then) {
      then(report);
    }
  }

  std::vector<std::string> hosts;
  std::function<void(const pinning::Report&)> then;
};

// ReportOf returns a report, without certificates, that pins refused `host`.
inline pinning::Report ReportOf(absl::string_view host, absl::Time at = Now()) {
  pinning::Report report;
  report.host = std::string(host);
  report.date_time = at;
  report.error = pinning::ErrorCode::kPinMismatch;
  report.pin_status = pinning::PinStatus::kMismatch;
  return report;
}

}  // namespace testing_support

#endif  // TESTS_TESTING_REPORTS_H_

#ifndef TOOLS_TLSPIN_REPORT_TO_H_
#define TOOLS_TLSPIN_REPORT_TO_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "pinning/report.h"
#include "pinning/report_file.h"
#include "pinning/report_sinks.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/http_post.h"
#include "tools/tlspin/judge.h"

namespace tlspin {

// AddReportFlag adds --report-to, whose value is a file or a URL.
void AddReportFlag(Command& command, std::string* report_to);

// A Reporter takes the reports of one run and delivers them at its end, so that
// no answer waits for a collector. What goes wrong is a warning on standard
// error and never changes the exit code.
class Reporter {
 public:
  // FromFlag returns INVALID_ARGUMENT, naming the flag, if `report_to` is
  // neither empty, which makes a Reporter that does nothing, nor a file or a
  // URL to post to.
  static absl::StatusOr<Reporter> FromFlag(const std::string& report_to);

  // CheckHost returns INVALID_ARGUMENT if reports would go to `endpoint`, the
  // host under test: what is in the middle of one is in the middle of both.
  absl::Status CheckHost(const Endpoint& endpoint) const;

  // sink is what a verifier reports to; null if nothing is to be reported.
  std::shared_ptr<pinning::ReportSink> sink() const;

  // Collect takes what was reported since, all of it about a server on `port`
  // (0: a file), which the library does not know.
  void Collect(int port);

  // Deliver writes or posts what was collected, and says on standard error how
  // many, and what could not be.
  void Deliver(Context& context, const Judge& judge,
               const ConnectOptions& options);

 private:
  Reporter() = default;

  absl::Status Write(size_t* delivered);
  absl::Status Post(const Judge& judge, const ConnectOptions& options,
                    size_t* delivered);

  std::string place_;  // for people; empty: nothing is reported
  std::optional<Collector> collector_;
  std::string path_;
  std::shared_ptr<pinning::QueueSink> queue_;
  std::shared_ptr<pinning::LimitedSink> limited_;
  std::vector<pinning::Report> reports_;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_REPORT_TO_H_

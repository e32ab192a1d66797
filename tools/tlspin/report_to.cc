#include "tools/tlspin/report_to.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/output.h"

namespace tlspin {
namespace {

using ::pinning::LimitedSink;
using ::pinning::LineSink;
using ::pinning::QueueSink;
using ::pinning::Report;
using ::pinning::ReportFile;

// One run asks each host once, so that all that is left for limits to do is to
// bound it: as many as anyone reads.
constexpr int kMaxReports = 1000;
constexpr size_t kMaxReportBytes = 64 << 20;

// Of one report; a collector would refuse more.
constexpr size_t kMaxBody = 1 << 20;

// A collector that fails so often is not asked again.
constexpr int kMaxFailures = 3;

// IsLoopback takes a canonical host. A name may begin with "127." too.
bool IsLoopback(absl::string_view host) {
  return host == "localhost" || host == "::1" ||
         (absl::StartsWith(host, "127.") &&
          host.find_first_not_of("0123456789.") == absl::string_view::npos);
}

}  // namespace

void AddReportFlag(Command& command, std::string* report_to) {
  command
      .Option("--report-to", "WHERE", report_to,
              "Append a report on each pin failure to this file, or "
              "post it to this http:// or https:// URL; default: "
              "nothing is reported")
      .Offer(Completes::kFile);
}

absl::StatusOr<Reporter> Reporter::FromFlag(const std::string& report_to) {
  Reporter reporter;
  if (report_to.empty()) {
    return reporter;
  }
  LimitedSink::Options limits;
  limits.max_remembered = limits.burst = limits.host_burst = kMaxReports;
  if (absl::StrContains(report_to, "://")) {
    absl::StatusOr<Collector> collector = ParseCollector(report_to);
    if (!collector.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--report-to: ", collector.status().message()));
    }
    limits.reporting_hosts = {collector->host};
    reporter.place_ = collector->Origin();
    reporter.collector_ = *std::move(collector);
  } else if (report_to == "-") {
    return absl::InvalidArgumentError(
        "--report-to: give a file or a URL; standard output is for answers");
  } else {
    reporter.place_ = Escape(report_to);
    reporter.path_ = report_to;
  }
  reporter.queue_ = std::make_shared<QueueSink>(
      QueueSink::Options{kMaxReports, kMaxReportBytes});
  absl::StatusOr<std::shared_ptr<LimitedSink>> limited =
      LimitedSink::Create(reporter.queue_, limits);
  if (!limited.ok()) {
    return limited.status();
  }
  reporter.limited_ = *std::move(limited);
  return reporter;
}

absl::Status Reporter::CheckHost(const Endpoint& endpoint) const {
  if (!collector_.has_value()) {
    return absl::OkStatus();
  }
  // The name, on whatever port, since pins are for names; the address only on
  // the same port, since many servers share one.
  if (collector_->host != endpoint.host &&
      (collector_->host != endpoint.address ||
       collector_->port != endpoint.port)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--report-to: ", place_,
      " is the host under test: whoever is in the "
      "middle would get the report too, and a report about reporting would "
      "follow"));
}

std::shared_ptr<pinning::ReportSink> Reporter::sink() const { return limited_; }

void Reporter::Collect(int port) {
  if (queue_ == nullptr) {
    return;
  }
  for (Report& report : queue_->Drain()) {
    report.port = port;
    reports_.push_back(std::move(report));
  }
}

void Reporter::Deliver(Context& context, const Judge& judge,
                       const ConnectOptions& options) {
  if (queue_ == nullptr) {
    return;
  }
  // The answer is not to wait for a collector.
  context.out.Flush().IgnoreError();  // kept by Output, told by Finish
  if (reports_.empty()) {
    context.out.Note("nothing to report: no pins were refused");
    return;
  }
  if (collector_.has_value() && !collector_->tls &&
      !IsLoopback(collector_->host)) {
    context.out.Note(absl::StrCat("warning: ", place_,
                                  ": anyone on the way can read and change a "
                                  "report over plain HTTP"));
  }
  size_t delivered = 0;
  const absl::Status status = collector_.has_value()
                                  ? Post(judge, options, &delivered)
                                  : Write(&delivered);
  const size_t lost = reports_.size() - delivered;
  if (delivered > 0) {
    context.out.Note(absl::StrCat("reports: ", delivered, " to ", place_));
  }
  if (lost > 0) {
    context.out.Note(absl::StrCat("warning: reports: ", lost, " of ",
                                  reports_.size(), " not delivered to ", place_,
                                  ": ", EscapeMessage(status.message())));
  }
  const int64_t dropped = queue_->dropped() + limited_->counts().rate_limited;
  if (dropped > 0) {
    context.out.Note(
        absl::StrCat("warning: reports: ", dropped, " more than are kept"));
  }
}

absl::Status Reporter::Write(size_t* delivered) {
  const absl::StatusOr<std::shared_ptr<ReportFile>> file =
      ReportFile::Open(path_);
  if (!file.ok()) {
    return file.status();
  }
  LineSink lines(
      [&file](absl::string_view line) { return (*file)->Append(line); });
  for (const Report& report : reports_) {
    lines.Submit(report);
  }
  *delivered = static_cast<size_t>(lines.written());
  return lines.last_error();
}

absl::Status Reporter::Post(const Judge& judge, const ConnectOptions& options,
                            size_t* delivered) {
  PostOptions post;
  post.connect = options;
  post.verifier = judge.silent_verifier;
  absl::Status last;
  int failures = 0;
  for (const Report& report : reports_) {
    const std::string json = report.ToJson();
    absl::Status status =
        json.size() > kMaxBody
            ? absl::ResourceExhaustedError("a report is larger than 1 MiB")
            : PostReport(*collector_, json, post);
    if (status.ok()) {
      ++*delivered;
      continue;
    }
    last = std::move(status);
    // What has said nothing, or not been let say it, will not the next time.
    const bool answered =
        absl::IsCancelled(last) || absl::IsResourceExhausted(last);
    if (!answered || ++failures >= kMaxFailures) {
      break;
    }
  }
  return last;
}

}  // namespace tlspin

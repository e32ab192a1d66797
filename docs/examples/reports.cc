// Writes reports to a file, on a thread of its own.
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "pinning/report_file.h"
#include "pinning/report_sinks.h"
#include "pinning/verifier.h"

// DOCS: begin
// A Reporter writes reports to a file until it is destroyed.
class Reporter {
 public:
  explicit Reporter(std::shared_ptr<pinning::ReportFile> file)
      : lines_([file](absl::string_view line) { return file->Append(line); }),
        thread_([this] { Run(); }) {}

  ~Reporter() {
    queue_->Close();
    thread_.join();
  }

  // What goes into Verifier::Options::report_sink.
  absl::StatusOr<std::shared_ptr<pinning::ReportSink>> Sink() const {
    pinning::LimitedSink::Options limits;
    limits.reporting_hosts = {"reports.example.com"};  // where reports end up
    return pinning::LimitedSink::Create(queue_, limits);
  }

 private:
  void Run() {
    for (auto reports = queue_->WaitAndDrain(); !reports.empty();
         reports = queue_->WaitAndDrain()) {
      for (const pinning::Report& report : reports) {
        lines_.Submit(report);
      }
    }
  }

  std::shared_ptr<pinning::QueueSink> queue_ =
      std::make_shared<pinning::QueueSink>();
  pinning::LineSink lines_;
  std::thread thread_;
};
// DOCS: end

int main(int argc, char** argv) {
  auto file = pinning::ReportFile::Open(argc > 1 ? argv[1] : "reports.ndjson");
  if (!file.ok()) {
    return 1;
  }
  Reporter reporter(*file);
  auto sink = reporter.Sink();
  if (!sink.ok()) {
    return 1;
  }
  pinning::Verifier::Options options;
  options.report_sink = *sink;
  return 0;
}

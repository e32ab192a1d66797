#ifndef PINNING_REPORT_SINKS_H_
#define PINNING_REPORT_SINKS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/report.h"

// The parts that a report goes through, in the order they are meant to stand:
//
//   Verifier -> LimitedSink -> QueueSink    ...on the application's thread:
//   QueueSink::Drain -> LineSink -> a writer, such as ReportFile::Append
//
// None of them is there unless the application puts it there, and none knows
// where to send anything: reports say whom a user connected to
// (docs/reports.md). All may be used from several threads at once.
//
// Left to the application: the connection that carries a report is made with a
// Verifier of its own that has no sink, and the host that it goes to is listed
// in LimitedSink::Options::reporting_hosts. RFC 7469, 2.1.4 asks for both: for
// pins to be enforced on that connection, and for no report about it.
namespace pinning {

// A LimitedSink passes reports on to another sink, each failure once and not
// too many in sum (RFC 7469, 2.1.4). Two reports are of one failure if they
// have the same host, configuration (Report::config_digest, so that new pins
// are reported on anew), served keys in their order, error and pin status, and
// both or neither are report-only.
class LimitedSink : public ReportSink {
 public:
  struct Options {
    // Failures, and hosts, that are remembered; then the one met the longest
    // ago makes place.
    int max_remembered = 256;
    // How long a failure is not reported again, if it is remembered so long.
    absl::Duration repeat_after = absl::Hours(24);
    // Reports of one host at once, and how long until it may have one more: a
    // host that is attacked does not use up what is there for the others.
    int host_burst = 5;
    absl::Duration host_interval = absl::Hours(1);
    // The same for all hosts together.
    int burst = 20;
    absl::Duration interval = absl::Minutes(1);
    // Where reports are sent to: names, IP addresses, or patterns as in a pin
    // file. A report about one of them is dropped, since it would lead to the
    // next. Names are compared as names; none is looked up.
    std::vector<std::string> reporting_hosts;
  };

  // Counts says what became of the reports so far.
  struct Counts {
    int64_t passed = 0;
    int64_t repeated = 0;      // reported before
    int64_t rate_limited = 0;  // and not remembered: it may come again
    int64_t own_host = 0;      // about a reporting host
    int64_t reentered = 0;     // out of the Submit of the sink behind this one
  };

  // Create returns INVALID_ARGUMENT, naming the option, if `sink` is null, a
  // number or a duration is not positive, or a reporting host is not a host.
  static absl::StatusOr<std::shared_ptr<LimitedSink>> Create(
      std::shared_ptr<ReportSink> sink, Options options);
  ~LimitedSink() override;

  // Submit passes `report` on, or drops and counts it. Time is what the report
  // says it is, and may go back: then nothing is forgotten and nothing earned.
  // No lock is held while the other sink has the report, and a report that the
  // other sink causes, on the thread that it was called on, is dropped.
  void Submit(const Report& report) override;

  Counts counts() const;

 private:
  struct Rep;
  explicit LimitedSink(std::unique_ptr<Rep> rep);

  const std::unique_ptr<Rep> rep_;
};

// A QueueSink keeps reports until a thread of the application takes them, so
// that a handshake never waits for a disk or a network. Its destructor drops
// what was not taken; no thread may be in WaitAndDrain then.
class QueueSink : public ReportSink {
 public:
  struct Options {
    size_t max_reports = 64;
    // Of the certificates held, in DER: an honest report has some 10 KiB, and
    // one that a peer has stuffed may have over 2 MiB.
    size_t max_bytes = 8 << 20;
  };

  QueueSink();
  explicit QueueSink(Options options);
  ~QueueSink() override;

  // Submit keeps a copy of `report`, or drops and counts it if there is no room
  // or the queue is closed. What came first is kept: it is what began it all.
  void Submit(const Report& report) override;

  // Drain returns what is kept, oldest first, and keeps it no longer.
  std::vector<Report> Drain();

  // WaitAndDrain is Drain, but waits until there is a report or the queue is
  // closed. It returns none only when the queue is closed and empty.
  std::vector<Report> WaitAndDrain();

  // Close makes every later Submit drop, and ends every wait.
  void Close();

  // dropped returns how many reports were lost for want of room or because the
  // queue was closed.
  int64_t dropped() const;

 private:
  struct Rep;

  const std::unique_ptr<Rep> rep_;
};

// A LineWriter takes one line, its end included, whole or not at all. It may be
// called from several threads at once if the LineSink is.
using LineWriter = std::function<absl::Status(absl::string_view line)>;

// A LineSink writes each report as one line of JSON (NDJSON). It calls the
// writer within Submit: behind a QueueSink, unless the writer cannot block.
class LineSink : public ReportSink {
 public:
  // `writer` is not empty.
  explicit LineSink(LineWriter writer);
  ~LineSink() override;

  // Submit writes `report`. A failure is counted, and kept as last_error.
  void Submit(const Report& report) override;

  int64_t written() const { return written_; }
  int64_t failed() const { return failed_; }
  // last_error returns the last failure of the writer; OK if there was none.
  absl::Status last_error() const;

 private:
  struct Rep;

  const LineWriter writer_;
  std::atomic<int64_t> written_{0}, failed_{0};
  const std::unique_ptr<Rep> rep_;
};

}  // namespace pinning

#endif  // PINNING_REPORT_SINKS_H_

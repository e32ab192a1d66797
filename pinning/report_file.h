#ifndef PINNING_REPORT_FILE_H_
#define PINNING_REPORT_FILE_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

// The one room of this library that touches a file, for those who ask for it by
// name: a file that several processes append to without ever tearing a line is
// easy to get wrong (docs/design.md). No other room includes it.
namespace pinning {

// A ReportFile appends lines of JSON to a file. Each line is written by one
// call, to the end of the file, under an advisory lock (flock), so that
// processes and threads that share the file do not mix their lines; a line that
// could not be written whole is taken back. Threads may share it.
//
// Duties of the application: a file system that is local (O_APPEND and flock
// are not what they seem on some network file systems); rotation, which renames
// the file and opens a new ReportFile.
class ReportFile {
 public:
  // As large as the file may get, by default: some 5,000 reports.
  static constexpr size_t kMaxSize = 64 << 20;

  // Open opens `path`, or makes it, with permissions for its owner alone. It
  // returns FAILED_PRECONDITION if what is there is not a regular file (a
  // symbolic link is not followed) or holds something else than reports: a
  // slip of the hand must not append them to a pin file. Other errors are those
  // of the system. Every message names `path`.
  static absl::StatusOr<std::shared_ptr<ReportFile>> Open(
      const std::string& path, size_t max_size = kMaxSize);
  ~ReportFile();
  ReportFile(const ReportFile&) = delete;
  ReportFile& operator=(const ReportFile&) = delete;

  // Append writes `line`, which ends in the only line feed in it, or nothing.
  // If the file ends inside a line, which a machine that stopped may leave, the
  // new one begins after a line feed. It returns INVALID_ARGUMENT if `line` is
  // not one line, RESOURCE_EXHAUSTED if the disk or the file is full, and
  // UNAVAILABLE if another process has kept the file locked for about a second.
  absl::Status Append(absl::string_view line);

 private:
  ReportFile(int file, std::string path, size_t max_size);

  const int file_;
  const std::string path_;
  const size_t max_size_;
  absl::Mutex mutex_;
};

}  // namespace pinning

#endif  // PINNING_REPORT_FILE_H_

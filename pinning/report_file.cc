#include "pinning/report_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"

namespace pinning {
namespace {

// How every report begins: Report::ToJson has its keys in a fixed order.
constexpr absl::string_view kBeginning = "{\"date-time\":";

constexpr int kLockAttempts = 1000;  // a millisecond apart

absl::Status ErrorOf(int error, absl::string_view what,
                     absl::string_view path) {
  return absl::ErrnoToStatus(error, absl::StrCat("cannot ", what, " ", path));
}

// ReadAt returns `size` bytes at `offset`, or fewer at the end of the file.
std::string ReadAt(int file, size_t size, off_t offset) {
  std::string bytes(size, '\0');
  const ssize_t count = pread(file, bytes.data(), size, offset);
  bytes.resize(count < 0 ? 0 : static_cast<size_t>(count));
  return bytes;
}

// A Lock is an flock, held while it lives if `held`.
class Lock {
 public:
  explicit Lock(int file) : file_(file) {
    for (int i = 0; i < kLockAttempts; ++i) {
      if (flock(file_, LOCK_EX | LOCK_NB) == 0) {
        held_ = true;
        return;
      }
      if (errno != EWOULDBLOCK && errno != EINTR) {
        return;
      }
      poll(nullptr, 0, 1);
    }
  }
  ~Lock() {
    if (held_) {
      flock(file_, LOCK_UN);
    }
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  bool held() const { return held_; }

 private:
  const int file_;
  bool held_ = false;
};

// CheckContent refuses a file that is not one of reports.
absl::Status CheckContent(int file, const std::string& path) {
  struct stat info;
  if (fstat(file, &info) != 0) {
    return ErrorOf(errno, "read", path);
  }
  if (!S_ISREG(info.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": not a regular file"));
  }
  if (info.st_size > 0 && ReadAt(file, kBeginning.size(), 0) != kBeginning) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, ": holds something else than reports; nothing was written"));
  }
  return absl::OkStatus();
}

}  // namespace

ReportFile::ReportFile(int file, std::string path, size_t max_size)
    : file_(file), path_(std::move(path)), max_size_(max_size) {}

ReportFile::~ReportFile() { close(file_); }

absl::StatusOr<std::shared_ptr<ReportFile>> ReportFile::Open(
    const std::string& path, size_t max_size) {
  // O_NONBLOCK: a FIFO is to be refused, not waited for.
  const int file = open(path.c_str(),
                        O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
                            O_NONBLOCK | O_NOCTTY,
                        S_IRUSR | S_IWUSR);
  if (file < 0 && errno == ELOOP) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": a symbolic link, which is not followed"));
  }
  if (file < 0) {
    return ErrorOf(errno, "open", path);
  }
  std::shared_ptr<ReportFile> opened(new ReportFile(file, path, max_size));
  const absl::Status good = CheckContent(file, path);
  if (!good.ok()) {
    return good;
  }
  return opened;
}

absl::Status ReportFile::Append(absl::string_view line) {
  if (line.size() < 2 || line.find('\n') != line.size() - 1) {
    return absl::InvalidArgumentError("not one line");
  }
  // Threads that share this object share its lock, which belongs to the open
  // file; one of their own keeps them apart.
  absl::MutexLock threads(&mutex_);
  const Lock lock(file_);
  struct stat info;
  if (!lock.held()) {
    return absl::UnavailableError(
        absl::StrCat(path_, ": another process keeps it locked"));
  }
  if (fstat(file_, &info) != 0) {
    return ErrorOf(errno, "write", path_);
  }
  const bool cut_off =
      info.st_size > 0 && ReadAt(file_, 1, info.st_size - 1) != "\n";
  const std::string text = absl::StrCat(cut_off ? "\n" : "", line);
  const uint64_t size = static_cast<uint64_t>(info.st_size);
  if (size > max_size_ || text.size() > max_size_ - size) {
    return absl::ResourceExhaustedError(
        absl::StrCat(path_, ": has reached ", max_size_, " bytes"));
  }
  ssize_t count = 0;
  do {
    count = write(file_, text.data(), text.size());
  } while (count < 0 && errno == EINTR);
  if (count == static_cast<ssize_t>(text.size())) {
    return absl::OkStatus();
  }
  // A write that stops half-way has met a limit; the errno of none at all says
  // which.
  const int error = count < 0 ? errno : ENOSPC;
  if (count > 0 && ftruncate(file_, info.st_size) != 0) {
    return ErrorOf(errno, "take back part of a line from", path_);
  }
  return ErrorOf(error, "write", path_);
}

}  // namespace pinning

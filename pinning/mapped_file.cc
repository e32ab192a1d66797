#include "pinning/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/status_macros.h"

namespace pinning {
namespace {

absl::Status Failed(int error, const std::string& path,
                    absl::string_view what) {
  absl::StatusCode code = absl::ErrnoToStatusCode(error);
  if (code != absl::StatusCode::kNotFound &&
      code != absl::StatusCode::kPermissionDenied) {
    code = absl::StatusCode::kUnavailable;
  }
  return absl::Status(code,
                      absl::StrCat(path, ": ", what, ": ",
                                   absl::ErrnoToStatus(error, "").message()));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const MappedFile>> MappedFile::Open(
    const std::string& path) {
  // Not blocking: a FIFO would wait for a writer.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return Failed(errno, path, "cannot open the file");
  }
  struct stat about = {};
  absl::Status status;
  void* data = MAP_FAILED;
  if (fstat(fd, &about) != 0) {
    status = Failed(errno, path, "cannot read the size of the file");
  } else if (!S_ISREG(about.st_mode) || about.st_size == 0) {
    status = absl::InvalidArgumentError(
        absl::StrCat(path, about.st_size == 0 ? ": the file is empty"
                                              : ": this is no regular file"));
  } else {
    data = mmap(nullptr, static_cast<size_t>(about.st_size), PROT_READ,
                MAP_SHARED, fd, 0);
    if (data == MAP_FAILED) {
      status = Failed(errno, path, "cannot map the file");
    }
  }
  close(fd);  // the mapping does not need it
  PINNING_RETURN_IF_ERROR(status);
  return std::shared_ptr<const MappedFile>(new MappedFile(
      static_cast<const uint8_t*>(data), static_cast<size_t>(about.st_size)));
}

MappedFile::~MappedFile() { munmap(const_cast<uint8_t*>(data_), size_); }

absl::StatusOr<std::shared_ptr<const PinStore>> OpenCompiledPins(
    const std::string& path) {
  PINNING_ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> file,
                           MappedFile::Open(path));
  const absl::Span<const uint8_t> bytes = file->bytes();
  absl::StatusOr<std::shared_ptr<const PinStore>> store =
      PinStore::FromCompiled(bytes, std::move(file));
  if (!store.ok()) {
    return absl::Status(store.status().code(),
                        absl::StrCat(path, ": ", store.status().message()));
  }
  return store;
}

}  // namespace pinning

#ifndef PINNING_MAPPED_FILE_H_
#define PINNING_MAPPED_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "pinning/pin_store.h"

namespace pinning {

// A MappedFile is a file in memory, shared with every process that maps it and
// read page by page as it is used. It is immutable, and good after the file was
// removed or another one was renamed to its name.
//
// Whoever updates the file must rename a new one to its name, as `tlspin
// compile` does: to write into it changes it under those who map it, and to
// shorten it makes the system end them (SIGBUS).
class MappedFile {
 public:
  // Open returns NOT_FOUND, PERMISSION_DENIED or UNAVAILABLE, naming `path`, if
  // the file cannot be opened and mapped, and INVALID_ARGUMENT if it is empty
  // or no regular file.
  static absl::StatusOr<std::shared_ptr<const MappedFile>> Open(
      const std::string& path);

  absl::Span<const uint8_t> bytes() const { return {data_, size_}; }

  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

 private:
  MappedFile(const uint8_t* data, size_t size) : data_(data), size_(size) {}

  const uint8_t* data_;
  size_t size_;
};

// OpenCompiledPins maps the compiled pin store at `path`. It fails as
// MappedFile::Open and PinStore::FromCompiled do, naming `path`.
absl::StatusOr<std::shared_ptr<const PinStore>> OpenCompiledPins(
    const std::string& path);

}  // namespace pinning

#endif  // PINNING_MAPPED_FILE_H_

#ifndef TOOLS_TLSPIN_FILES_H_
#define TOOLS_TLSPIN_FILES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"

namespace tlspin {

constexpr size_t kMaxFileSize = 256 * 1024 * 1024;

// ReadInput returns the content of the file `path`, or of standard input if
// that is "-". It returns an error that names the file if it cannot be read or
// is over `max_size`.
absl::StatusOr<std::string> ReadInput(const std::string& path,
                                      size_t max_size = kMaxFileSize);

// WriteFileAtomically makes `content` the whole content of `path`, or leaves
// `path` as it was: it writes a temporary file in the same directory and
// renames it. A symbolic link is followed; an existing file keeps its mode.
absl::Status WriteFileAtomically(const std::string& path,
                                 absl::string_view content);

// IsPem returns whether `content` holds PEM.
bool IsPem(absl::string_view content);

// SplitDer returns the DER elements that `content` is made of, one after the
// other, or INVALID_ARGUMENT naming the offset of the first that is none.
absl::StatusOr<std::vector<absl::string_view>> SplitDer(
    absl::string_view content);

// ReadCertificates returns the certificates in the file `path`, PEM or DER, in
// order: at least one. It returns an error that names the file otherwise.
absl::StatusOr<std::vector<pinning::Certificate>> ReadCertificates(
    const std::string& path);

// AsBytes returns `text` as bytes, not copied.
absl::Span<const uint8_t> AsBytes(absl::string_view text);

// InFile returns `status` with "FILE: " before its message.
absl::Status InFile(const std::string& path, const absl::Status& status);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FILES_H_

#ifndef PINNING_INTERNAL_COMPILED_BYTES_H_
#define PINNING_INTERNAL_COMPILED_BYTES_H_

#include <openssl/bytestring.h>

#include <cstddef>
#include <cstdint>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

// What the readers of a compiled pin store have in common.
namespace pinning::internal::compiled {

inline absl::Status Damaged(uint64_t offset, absl::string_view what) {
  return absl::DataLossError(absl::StrCat(
      "the compiled pin store is damaged at offset ", offset, ": ", what));
}

// The largest number of seconds is the infinite future.
inline absl::Time TimeOf(uint64_t seconds, uint32_t nanoseconds) {
  const int64_t signed_seconds = static_cast<int64_t>(seconds);
  return signed_seconds == std::numeric_limits<int64_t>::max()
             ? absl::InfiniteFuture()
             : absl::FromUnixSeconds(signed_seconds) +
                   absl::Nanoseconds(nanoseconds);
}

inline CBS Cursor(absl::Span<const uint8_t> bytes) {
  CBS cbs;
  CBS_init(&cbs, bytes.data(), bytes.size());
  return cbs;
}

inline absl::string_view Text(const CBS& cbs) {
  return absl::string_view(reinterpret_cast<const char*>(CBS_data(&cbs)),
                           CBS_len(&cbs));
}

}  // namespace pinning::internal::compiled

#endif  // PINNING_INTERNAL_COMPILED_BYTES_H_

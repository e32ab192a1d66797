#ifndef PINNING_INTERNAL_COMPILED_WRITER_H_
#define PINNING_INTERNAL_COMPILED_WRITER_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/internal/host_index.h"
#include "pinning/pin_set.h"

namespace pinning::internal {

// What a compiled pin store is made of; nothing is owned.
struct CompilerInput {
  absl::Time updated;
  std::array<uint8_t, 32> digest{};  // what CompiledReader::digest returns
  absl::Span<const PinSet> sets;     // each is used by a host
  const HostIndex& hosts;            // whose sets are indexes into `sets`
};

// WriteCompiled returns the file that CompiledReader reads. The same input is
// the same file, on every machine. Times are kept to the nanosecond. It returns
// INVALID_ARGUMENT, naming the set or host, if one is too large for the form.
absl::StatusOr<std::string> WriteCompiled(const CompilerInput& input);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_COMPILED_WRITER_H_

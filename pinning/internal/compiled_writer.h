#ifndef PINNING_INTERNAL_COMPILED_WRITER_H_
#define PINNING_INTERNAL_COMPILED_WRITER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/pin_set.h"

namespace pinning::internal {

// What a compiled pin store is made of. The sets are not owned.
struct CompilerInput {
  static constexpr size_t kNoSet = static_cast<size_t>(-1);

  struct Host {
    HostPattern pattern;
    size_t set = kNoSet;  // an index; kNoSet: carved out
  };

  absl::Time updated;
  std::array<uint8_t, 32> digest{};  // what CompiledReader::digest returns
  std::vector<const PinSet*> sets;   // each is used by a host
  std::vector<Host> hosts;           // none twice
};

// WriteCompiled returns the file that CompiledReader reads. The same input is
// the same file, on every machine. Times are kept to the nanosecond. It returns
// INVALID_ARGUMENT, naming the set or host, if one is too large for the form.
absl::StatusOr<std::string> WriteCompiled(const CompilerInput& input);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_COMPILED_WRITER_H_

#ifndef TESTS_FUZZ_FUZZ_H_
#define TESTS_FUZZ_FUZZ_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// What fuzz targets share. Each defines LLVMFuzzerTestOneInput, and aborts
// when an invariant is broken.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace fuzz {

// Require ends the program, saying which invariant, unless it `holds`.
inline void Require(bool holds, const char* invariant) {
  if (!holds) {
    std::fprintf(stderr, "broken: %s\n", invariant);
    std::abort();
  }
}

inline absl::string_view TextOf(const uint8_t* data, size_t size) {
  return absl::string_view(reinterpret_cast<const char*>(data), size);
}

// A ByteSource turns the input into choices. Past its end every choice is 0.
class ByteSource {
 public:
  ByteSource(const uint8_t* data, size_t size) : rest_(data, size) {}

  bool empty() const { return rest_.empty(); }

  size_t Below(size_t n) {
    if (rest_.empty()) {
      return 0;
    }
    const size_t octet = rest_.front();
    rest_.remove_prefix(1);
    return octet % n;
  }

  bool OneIn(size_t n) { return Below(n) == n - 1; }

 private:
  absl::Span<const uint8_t> rest_;
};

}  // namespace fuzz

#endif  // TESTS_FUZZ_FUZZ_H_

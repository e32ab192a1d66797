#ifndef PINNING_INTERNAL_HOST_PROBES_H_
#define PINNING_INTERNAL_HOST_PROBES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/server_name.h"

namespace pinning::internal {

// HostDepths says how many labels the bases of an index's patterns have, by
// kind, so that no one looks for what no pattern has. Bit n stands for n + 1
// labels, and the last one for all that are more.
struct HostDepths {
  static constexpr uint32_t kOneLabel = 1;

  // OneMore returns `depths` with a label more.
  static uint32_t OneMore(uint32_t depths) {
    return depths << 1 | (depths & uint32_t{1} << 31);
  }

  void Add(HostPattern::Kind kind, absl::string_view base);

  uint32_t Of(HostPattern::Kind kind) const {
    return of_kind[static_cast<size_t>(kind)];
  }

  std::array<uint32_t, 3> of_kind{};
};

// HashHost is no cryptographic hash: a pattern that it finds is compared.
uint64_t HashHost(uint64_t seed, HostPattern::Kind kind,
                  absl::string_view base);

// HostProbes are the patterns that cover a name and that an index may have,
// most specific first: the name itself, "*." and its parent, and "**." with the
// name, its parent, and so on. All are hashed in one pass over the name.
class HostProbes {
 public:
  struct Probe {
    uint64_t hash;  // HashHost
    HostPattern::Kind kind;
    uint8_t from;  // where in the name the base begins
  };

  HostProbes() = default;

  // `name` must outlive this.
  HostProbes(const ServerName& name, uint64_t seed, const HostDepths& depths) {
    Set(name, seed, depths);
  }

  void Set(const ServerName& name, uint64_t seed, const HostDepths& depths);

  HostProbes(const HostProbes&) = delete;
  HostProbes& operator=(const HostProbes&) = delete;

  const Probe* begin() const { return begin_; }
  const Probe* end() const { return probes_.data() + kMax; }

  absl::string_view BaseOf(const Probe& probe) const {
    return text_.substr(probe.from);
  }

 private:
  // A name has at most 127 labels, each of which begins a base.
  static constexpr size_t kMax = 127 + 2;

  absl::string_view text_;
  const Probe* begin_ = end();
  std::array<Probe, kMax> probes_;  // filled from the end
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_HOST_PROBES_H_

#include "pinning/internal/host_probes.h"

#include "absl/numeric/bits.h"
#include "pinning/internal/words.h"

namespace pinning::internal {
namespace {

constexpr size_t kWord = sizeof(uint64_t);

// Odd, with as many ones as zeros.
constexpr uint64_t kStepKey = 0xd1b54a32d192ed03;
constexpr uint64_t kLastKey = 0x9e3779b97f4a7c15;

// DotsIn returns the highest bit of each octet of `word` that is a dot.
uint64_t DotsIn(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101, kLow = 0x7f * kOnes;
  const uint64_t zero_at_dots = word ^ ('.' * kOnes);
  return ~(((zero_at_dots & kLow) + kLow) | zero_at_dots | kLow);
}

// FirstOctets returns the first `count`, below 8, octets of `text` as the last
// of a word.
uint64_t FirstOctets(absl::string_view text, size_t count) {
  const auto* data = reinterpret_cast<const uint8_t*>(text.data());
  if (text.size() >= kWord) {  // `count` may be 0
    return Load64(data) << 8 * (kWord - 1 - count) << 8;
  }
  if (count >= 4) {  // all of `text`; some octets may be in both halves
    return uint64_t{Load32(data)} << 8 * (kWord - count) |
           uint64_t{Load32(data + count - 4)} << 32;
  }
  uint64_t word = 0;
  for (size_t i = 0; i < count; ++i) {
    word = word >> 8 | uint64_t{data[i]} << 56;
  }
  return word;
}

// ForEachLabel calls `visit` with where each label but the first begins, the
// last one first, and with the state of the hash of all from there on. It
// returns the state of all of `text`. Words are taken from the end, so that
// what a suffix begins with is all that is its own.
template <typename Visit>
inline uint64_t ForEachLabel(uint64_t seed, absl::string_view text,
                             Visit visit) {
  const auto* data = reinterpret_cast<const uint8_t*>(text.data());
  uint64_t state = seed;
  for (size_t end = text.size();; end -= kWord) {  // of what is not in `state`
    const bool whole = end >= kWord;
    const uint64_t word =
        whole ? Load64(data + end - kWord) : FirstOctets(text, end);
    for (uint64_t dots = DotsIn(word); dots != 0;) {
      const int bit = 63 ^ absl::countl_zero(dots);
      const uint64_t dot = uint64_t{1} << bit;
      const uint64_t above = ~(dot - 1) << 1;
      visit(end + static_cast<size_t>(bit) / 8 + 1 - kWord,
            state ^ (word & above));
      dots ^= dot;
    }
    if (!whole) {
      return state ^ word;
    }
    state = Mix(state ^ word, kStepKey);
  }
}

inline uint64_t Finish(HostPattern::Kind kind, uint64_t state) {
  return Mix(state + static_cast<uint64_t>(kind) * kStepKey, kLastKey);
}

}  // namespace

void HostDepths::Add(HostPattern::Kind kind, absl::string_view base) {
  uint32_t depth = kOneLabel;
  for (const char c : base) {
    depth = c == '.' ? OneMore(depth) : depth;
  }
  of_kind[static_cast<size_t>(kind)] |= depth;
}

uint64_t HashHost(uint64_t seed, HostPattern::Kind kind,
                  absl::string_view base) {
  return Finish(kind, ForEachLabel(seed, base, [](size_t, uint64_t) {}));
}

void HostProbes::Set(const ServerName& name, uint64_t seed,
                     const HostDepths& depths) {
  using Kind = HostPattern::Kind;
  text_ = name.ToString();
  const bool is_dns = name.kind() == ServerName::Kind::kDns;
  const uint32_t any_labels = is_dns ? depths.Of(Kind::kAnyLabels) : 0;
  const uint32_t one_label =
      is_dns ? HostDepths::OneMore(depths.Of(Kind::kOneLabel)) : 0;
  Probe* first = probes_.data() + kMax;
  const auto push = [&](Kind kind, size_t from, uint64_t state) {
    *--first = {Finish(kind, state), kind, static_cast<uint8_t>(from)};
  };
  uint32_t depth = HostDepths::kOneLabel;
  size_t parent = 0;
  uint64_t parent_state = 0;
  const uint64_t state =
      ForEachLabel(seed, text_, [&](size_t from, uint64_t suffix_state) {
        if ((any_labels & depth) != 0) {
          push(Kind::kAnyLabels, from, suffix_state);
        }
        depth = HostDepths::OneMore(depth);
        parent = from;
        parent_state = suffix_state;
      });
  if ((any_labels & depth) != 0) {
    push(Kind::kAnyLabels, 0, state);
  }
  if ((one_label & depth) != 0) {
    push(Kind::kOneLabel, parent, parent_state);
  }
  if ((depths.Of(Kind::kExact) & depth) != 0) {
    push(Kind::kExact, 0, state);
  }
  begin_ = first;
}

}  // namespace pinning::internal

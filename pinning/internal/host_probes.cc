#include "pinning/internal/host_probes.h"

#include <algorithm>

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
  if (text.size() >= kWord) {
    return count == 0 ? 0 : Load64(data) << 8 * (kWord - count);
  }
  uint64_t word = 0;
  for (size_t i = 0; i < count; ++i) {
    word = word >> 8 | uint64_t{data[i]} << 56;
  }
  return word;
}

// ForEachLabel calls `visit` with where each label begins, the last one first,
// and with the state of the hash of all from there on. Words are taken from the
// end, so that what a suffix begins with is all that is its own.
template <typename Visit>
void ForEachLabel(uint64_t seed, absl::string_view text, Visit visit) {
  const auto* data = reinterpret_cast<const uint8_t*>(text.data());
  uint64_t state = seed;
  size_t end = text.size();  // of what is not in `state`
  const auto visit_labels = [&](uint64_t word) {
    for (uint64_t dots = DotsIn(word); dots != 0;) {
      const int bit = 63 - absl::countl_zero(dots);
      visit(end + static_cast<size_t>(bit) / 8 + 1 - kWord,
            state ^ (word & ~uint64_t{0} << bit << 1));
      dots ^= uint64_t{1} << bit;
    }
  };
  for (; end >= kWord; end -= kWord) {
    const uint64_t word = Load64(data + end - kWord);
    visit_labels(word);
    state = Mix(state ^ word, kStepKey);
  }
  const uint64_t word = FirstOctets(text, end);
  visit_labels(word);
  visit(size_t{0}, state ^ word);
}

uint64_t Finish(HostPattern::Kind kind, uint64_t state) {
  return Mix(state + static_cast<uint64_t>(kind) * kStepKey, kLastKey);
}

}  // namespace

void HostDepths::Add(HostPattern::Kind kind, absl::string_view base) {
  const auto dots = std::count(base.begin(), base.end(), '.');
  of_kind[static_cast<size_t>(kind)] |= uint32_t{1}
                                        << BitOf(static_cast<int>(dots) + 1);
}

uint64_t HashHost(uint64_t seed, HostPattern::Kind kind,
                  absl::string_view base) {
  uint64_t hash = 0;
  ForEachLabel(seed, base,
               [&](size_t /*from*/, uint64_t state) { hash = state; });
  return Finish(kind, hash);
}

void HostProbes::Push(HostPattern::Kind kind, size_t from, uint64_t state) {
  probes_[--begin_] = {Finish(kind, state), kind, static_cast<uint8_t>(from)};
}

void HostProbes::Set(const ServerName& name, uint64_t seed,
                     const HostDepths& depths) {
  using Kind = HostPattern::Kind;
  text_ = name.ToString();
  begin_ = kMax;
  const bool is_dns = name.kind() == ServerName::Kind::kDns;
  int labels = 0;
  size_t parent = 0;
  uint64_t parent_state = 0, whole_state = 0;
  ForEachLabel(seed, text_, [&](size_t from, uint64_t state) {
    ++labels;
    if (is_dns && depths.Has(Kind::kAnyLabels, labels)) {
      Push(Kind::kAnyLabels, from, state);
    }
    if (from != 0) {
      parent = from;
      parent_state = state;
    }
    whole_state = state;
  });
  if (is_dns && parent != 0 && depths.Has(Kind::kOneLabel, labels - 1)) {
    Push(Kind::kOneLabel, parent, parent_state);
  }
  if (depths.Has(Kind::kExact, labels)) {
    Push(Kind::kExact, 0, whole_state);
  }
}

}  // namespace pinning::internal

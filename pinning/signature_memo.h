#ifndef PINNING_SIGNATURE_MEMO_H_
#define PINNING_SIGNATURE_MEMO_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/types/span.h"

namespace pinning {

namespace internal {
struct SignedData;  // pinning/internal/signature.h
}  // namespace internal

// A SignatureMemo remembers which signatures have been found valid: that this
// key signed these bytes, with this algorithm, by this signature. That never
// stops being true, whatever the time and whatever a Verifier is configured to
// accept, so that one memo may serve several Verifiers, one after the other or
// at once. It says nothing of whether the key is trusted or the bytes are to be
// believed: that is asked each time.
//
// Only valid signatures are kept, and those are asked for from the anchor
// downward: a peer cannot fill the memo with keys of its own making. All four
// parts are kept whole and compared whole; one for each beginning of a
// signature, as that is what finds the place. It is bounded in bytes, what has
// not been asked for longest leaving first, and may be used from several
// threads at once.
class SignatureMemo {
 public:
  static constexpr size_t kDefaultMaxBytes = 2 * 1024 * 1024;

  // A `max_bytes` of zero remembers nothing. `hash_mask` tells which bits of
  // the hash that finds a place count; fewer cost time and never a wrong
  // answer: for tests.
  explicit SignatureMemo(size_t max_bytes = kDefaultMaxBytes,
                         uint64_t hash_mask = ~uint64_t{0});
  ~SignatureMemo();
  SignatureMemo(const SignatureMemo&) = delete;
  SignatureMemo& operator=(const SignatureMemo&) = delete;

  // size and bytes return how many signatures are remembered, and what they
  // take up.
  size_t size() const;
  size_t bytes() const;

  // For this library's own rooms. HashOf hashes a question, for the two below.
  // Knows returns whether `data` is known to be signed by the key in `spki`;
  // Remember is told so.
  uint64_t HashOf(const internal::SignedData& data) const;
  bool Knows(uint64_t hash, const internal::SignedData& data,
             absl::Span<const uint8_t> spki) const;
  void Remember(uint64_t hash, const internal::SignedData& data,
                absl::Span<const uint8_t> spki);

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace pinning

#endif  // PINNING_SIGNATURE_MEMO_H_

#ifndef PINNING_INTERNAL_TOKEN_BUCKET_H_
#define PINNING_INTERNAL_TOKEN_BUCKET_H_

#include "absl/time/time.h"

namespace pinning::internal {

// A TokenBucket bounds how often something is done: `capacity` times at once,
// and once more for each `interval` that passes. It starts full. The time is
// whatever the caller says it is, which need not be right: a step back gives no
// token and takes none, and the next is earned from there, so that a clock that
// was ahead for a while does not close the bucket for as long.
class TokenBucket {
 public:
  // Both are positive.
  TokenBucket(int capacity, absl::Duration interval);

  // Has returns whether there is a token at `now`. Take takes one if there is,
  // and returns whether there was.
  bool Has(absl::Time now);
  bool Take(absl::Time now);

 private:
  void Refill(absl::Time now);

  int capacity_;
  int tokens_;
  absl::Duration interval_;
  absl::Time since_;  // tokens are earned from here on
  bool started_ = false;
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_TOKEN_BUCKET_H_

#include "pinning/internal/token_bucket.h"

#include <cstdint>

#include "absl/time/time.h"

namespace pinning::internal {

TokenBucket::TokenBucket(int capacity, absl::Duration interval)
    : capacity_(capacity), tokens_(capacity), interval_(interval) {}

bool TokenBucket::Has(absl::Time now) {
  Refill(now);
  return tokens_ > 0;
}

bool TokenBucket::Take(absl::Time now) {
  if (!Has(now)) {
    return false;
  }
  --tokens_;
  return true;
}

void TokenBucket::Refill(absl::Time now) {
  // No interval ends at an infinite time.
  if (now == absl::InfiniteFuture() || now == absl::InfinitePast()) {
    return;
  }
  if (!started_ || now < since_) {
    started_ = true;
    since_ = now;
    return;
  }
  absl::Duration rest;
  const int64_t earned = absl::IDivDuration(now - since_, interval_, &rest);
  if (earned >= capacity_ - tokens_) {
    tokens_ = capacity_;
    since_ = now;  // a full bucket earns nothing
    return;
  }
  tokens_ += static_cast<int>(earned);
  since_ = now - rest;
}

}  // namespace pinning::internal

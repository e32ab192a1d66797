#include "pinning/verdict.h"

// There is no verdict before somebody has reached one.
pinning::Verdict Use(absl::Time now) {
#ifdef MISUSE
  (void)now;
  pinning::Verdict verdict;
#else
  pinning::Verdict verdict =
      pinning::Verdict::Reject(pinning::PathError(), now);
#endif
  return verdict;
}

#ifndef PINNING_INTERNAL_VERIFICATION_CACHE_H_
#define PINNING_INTERNAL_VERIFICATION_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/cache_options.h"
#include "pinning/connection_facts.h"
#include "pinning/internal/byte_hash.h"
#include "pinning/internal/sharded_cache.h"
#include "pinning/path.h"
#include "pinning/revocation.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"

namespace pinning {
namespace internal {

// A VerificationQuestion is everything that a Verifier is asked with, but for
// the time. All of it is borrowed.
struct VerificationQuestion {
  absl::Span<const absl::Span<const uint8_t>> certificates;
  const ServerName* name = nullptr;
  const Revocation* revocation = nullptr;
  const ConnectionFacts* facts = nullptr;
};

// A RememberedVerdict is an answer, and what it answers: the certificates are
// those in the verdict.
struct RememberedVerdict {
  RememberedVerdict(const VerificationQuestion& question, Verdict verdict);

  Verdict verdict;
  TimeWindow window;        // when it holds
  bool diagnosed = false;   // refused, or would have been
  bool reportable = false;  // a ReportSink is to be told of it each time

  // Answers returns whether it answers `question`; of the facts, only those on
  // SCTs are compared if `accepted_needs_scts`, and none if not, unless it is
  // diagnosed.
  bool Answers(const VerificationQuestion& question, bool needs_scts) const;

  // What the answer, and what it answers, take up in bytes, about.
  size_t HeapBytes() const;

 private:
  using OwnedBytes = std::optional<std::vector<uint8_t>>;

  ServerName name_;
  // The lists of revoked certificates are large, and not kept alive: if they
  // are gone, nobody can ask with them.
  const RevocationData* crls_address_;  // compared, never followed
  std::weak_ptr<const RevocationData> crls_;
  ConnectionFacts facts_;  // its spans are of these:
  OwnedBytes ocsp_response_, sct_list_;
};

// A VerificationCache remembers the answers of one Verifier, whose
// configuration never changes: with it, all that was remembered goes. It may be
// used from several threads at once. To find an answer nothing is allocated or
// parsed.
class VerificationCache {
 public:
  // `needs_scts`: the SCTs of a connection show in an accepted verdict.
  VerificationCache(const CacheOptions& options, bool needs_scts);

  uint64_t HashOf(const VerificationQuestion& question) const;

  // Find returns the answer to `question` that holds at `now`, or null. `hash`
  // is that of the question.
  std::shared_ptr<const RememberedVerdict> Find(
      uint64_t hash, const VerificationQuestion& question,
      absl::Time now) const;

  // Remember keeps `answer`, which was reached at `now`.
  void Remember(uint64_t hash, RememberedVerdict answer, absl::Time now);

  bool is_off() const { return accepted_.is_off() && refused_.is_off(); }
  size_t size() const { return accepted_.size() + refused_.size(); }
  size_t bytes() const { return accepted_.bytes() + refused_.bytes(); }

 private:
  const absl::Duration refusals_for_;
  const bool needs_scts_;
  const ByteHash hash_;
  ShardedCache<std::shared_ptr<const RememberedVerdict>> accepted_, refused_;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_VERIFICATION_CACHE_H_

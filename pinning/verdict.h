#ifndef PINNING_VERDICT_H_
#define PINNING_VERDICT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/chain.h"
#include "pinning/connection_facts.h"
#include "pinning/ct_log_list.h"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/path.h"
#include "pinning/pin_set.h"

namespace pinning {

// PinStatus says what pinning had to say about a verification.
enum class PinStatus : uint8_t {
  kNotEvaluated = 0,  // no valid path for the name was found to compare, or
                      // the search was cut off before one matched
  kNotPinned = 1,     // the pin store has no pin set for the name
  kMatched = 2,
  kMatchedBackup = 3,  // matched, but by a backup pin: rotation is under way
  kMismatch = 4,
  kExpired = 5,   // the pin set has expired; `PinDetails` says to what effect
  kBypassed = 6,  // a local trust anchor, and danger.h's bypass is on
  kBlocked = 7,   // a blocked pin is on the path
};

// PinStatusName returns the stable name, such as "matched-backup".
absl::string_view PinStatusName(PinStatus status);

// AllPinStatuses returns every status, in numeric order.
absl::Span<const PinStatus> AllPinStatuses();

// PinDetails is the pin set that was applied, in a copy that outlives it.
struct PinDetails {
  std::string set;
  std::string pattern;  // the pattern of the store that covered the name
  PinSet::Mode mode = PinSet::Mode::kEnforce;
  PinSet::OnExpiry on_expiry = PinSet::OnExpiry::kReject;
  absl::Time expires;
  std::vector<NamedPin> pins, backup_pins, blocked_pins;
  std::optional<NamedPin> matched;  // the pin that matched, or was blocked
  int matched_depth = -1;
};

// VerdictWork is what a verification took.
struct VerdictWork {
  // The answer was remembered: nothing was parsed or searched, and what follows
  // is zero.
  bool from_cache = false;
  // Signatures that were asked about, those of CRLs included; and how many of
  // them a SignatureMemo remembered to be valid. Limits count them alike.
  int signatures = 0;
  int signatures_remembered = 0;
};

// A Verdict is the answer of Verifier::Verify. It is not a Status: a refused
// certificate is a successful verification with the answer no. A Verdict does
// not convert to bool, cannot be made by default, and only a Verifier can make
// one that accepts. It owns what it holds, in an immutable form that copies
// share, so that copying it is cheap and copies may be read in several threads.
class [[nodiscard]] Verdict {
 public:
  // Reject returns a refusal, for callers that must refuse before a Verifier
  // can be asked (no certificate, no server name, an internal error).
  static Verdict Reject(PathError error, absl::Time now);

  // A Verdict is copied and never moved from, so that it always holds one.
  Verdict(const Verdict&) = default;
  Verdict& operator=(const Verdict&) = default;

  // accepted returns whether the connection may proceed.
  bool accepted() const { return contents_->accepted; }

  // path returns the path that decided: the one accepted, or on a refusal by
  // name or pins the valid path that was refused; null if no path was valid.
  const VerifiedPath* path() const {
    return contents_->path ? &*contents_->path : nullptr;
  }

  // error returns why the chain was refused; kUnspecified if it was accepted.
  const PathError& error() const { return contents_->error; }

  PinStatus pin_status() const { return contents_->pin_status; }

  // pins returns the pin set that covers the name; null if there is none.
  const PinDetails* pins() const {
    return contents_->pins ? &*contents_->pins : nullptr;
  }

  // would_reject returns whether a report-only pin set would have refused this
  // connection had it been enforced.
  bool would_reject() const { return contents_->would_reject; }

  // diagnosis returns what a refusal (or `would_reject`) most likely means.
  const Diagnosis& diagnosis() const { return contents_->diagnosis; }

  // is_mitm returns whether the connection was refused, or would have been,
  // and the diagnosis is interception: someone terminates TLS in the middle.
  bool is_mitm() const {
    return contents_->diagnosis.kind == DiagnosisKind::kInterception;
  }

  // scts returns what came of the SCTs of the connection; null if the Verifier
  // has no list of logs, or the certificates could not be read.
  const SctEvidence* scts() const {
    return contents_->scts ? &*contents_->scts : nullptr;
  }

  // seen_elsewhere returns what the KeyObserver knew; null if the Verifier has
  // none, or the certificates could not be read.
  const SeenElsewhere* seen_elsewhere() const { return seen_elsewhere_.get(); }

  // work returns what it took to get this answer.
  const VerdictWork& work() const { return work_; }

  // host returns the name asked about, canonical; empty if there was none.
  const std::string& host() const { return contents_->host; }
  // time returns the time the chain was judged at.
  absl::Time time() const { return time_; }
  // presented returns what the peer presented, leaf first; may be empty.
  absl::Span<const Certificate> presented() const {
    return contents_->chain ? contents_->chain->certificates()
                            : absl::Span<const Certificate>();
  }
  // failed_paths returns the candidates that were refused, in the order tried.
  absl::Span<const FailedPath> failed_paths() const {
    return contents_->failed_paths;
  }
  // weakenings returns the names of the danger.h options in force.
  absl::Span<const std::string> weakenings() const {
    return contents_->weakenings;
  }

  // ToString returns one line for a log, certificate text escaped: "ACCEPT
  // idbroker.webex.com pins=matched depth=3" or "REJECT idbroker.webex.com
  // PIN_MISMATCH (RFC 7469 2.6) at depth -1: ...; MITM: ...".
  std::string ToString() const;

 private:
  friend class Verifier;

  // Contents are what does not depend on when a verdict is asked for again.
  struct Contents {
    bool accepted = false;
    std::optional<VerifiedPath> path;
    PathError error;
    PinStatus pin_status = PinStatus::kNotEvaluated;
    std::optional<PinDetails> pins;
    bool would_reject = false;
    Diagnosis diagnosis;
    std::optional<SctEvidence> scts;
    std::string host;
    std::optional<Chain> chain;  // presented, as far as it could be read
    std::vector<FailedPath> failed_paths;
    std::vector<std::string> weakenings;
  };

  Verdict(std::shared_ptr<const Contents> contents, absl::Time time)
      : contents_(std::move(contents)), time_(time) {}

  std::shared_ptr<const Contents> contents_;  // never null
  std::shared_ptr<const SeenElsewhere> seen_elsewhere_;
  absl::Time time_;
  VerdictWork work_;
};

}  // namespace pinning

#endif  // PINNING_VERDICT_H_

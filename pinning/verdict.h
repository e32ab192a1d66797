#ifndef PINNING_VERDICT_H_
#define PINNING_VERDICT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
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

// A Verdict is the answer of Verifier::Verify. It is not a Status: a refused
// certificate is a successful verification with the answer no. A Verdict does
// not convert to bool, cannot be made by default, and only a Verifier can make
// one that accepts. It owns what it holds.
class [[nodiscard]] Verdict {
 public:
  // Reject returns a refusal, for callers that must refuse before a Verifier
  // can be asked (no certificate, no server name, an internal error).
  static Verdict Reject(PathError error, absl::Time now);

  // accepted returns whether the connection may proceed.
  bool accepted() const { return accepted_; }

  // path returns the path that decided: the one accepted, or on a refusal by
  // name or pins the valid path that was refused; null if no path was valid.
  const VerifiedPath* path() const { return path_ ? &*path_ : nullptr; }

  // error returns why the chain was refused; kUnspecified if it was accepted.
  const PathError& error() const { return error_; }

  PinStatus pin_status() const { return pin_status_; }

  // pins returns the pin set that covers the name; null if there is none.
  const PinDetails* pins() const { return pins_ ? &*pins_ : nullptr; }

  // would_reject returns whether a report-only pin set would have refused this
  // connection had it been enforced.
  bool would_reject() const { return would_reject_; }

  // diagnosis returns what a refusal (or `would_reject`) most likely means.
  const Diagnosis& diagnosis() const { return diagnosis_; }

  // is_mitm returns whether the connection was refused, or would have been,
  // and the diagnosis is interception: someone terminates TLS in the middle.
  bool is_mitm() const {
    return diagnosis_.kind == DiagnosisKind::kInterception;
  }

  // scts returns what came of the SCTs of the connection; null if the Verifier
  // has no list of logs, or the certificates could not be read.
  const SctEvidence* scts() const { return scts_ ? &*scts_ : nullptr; }

  // seen_elsewhere returns what the KeyObserver knew; null if the Verifier has
  // none, or the certificates could not be read.
  const SeenElsewhere* seen_elsewhere() const {
    return seen_elsewhere_ ? &*seen_elsewhere_ : nullptr;
  }

  // host returns the name asked about, canonical; empty if there was none.
  const std::string& host() const { return host_; }
  // time returns the time the chain was judged at.
  absl::Time time() const { return time_; }
  // presented returns what the peer presented, leaf first; may be empty.
  absl::Span<const Certificate> presented() const { return presented_; }
  // failed_paths returns the candidates that were refused, in the order tried.
  absl::Span<const FailedPath> failed_paths() const { return failed_paths_; }
  // weakenings returns the names of the danger.h options in force.
  absl::Span<const std::string> weakenings() const { return weakenings_; }

  // ToString returns one line for a log, certificate text escaped: "ACCEPT
  // idbroker.webex.com pins=matched depth=3" or "REJECT idbroker.webex.com
  // PIN_MISMATCH (RFC 7469 2.6) at depth -1: ...; MITM: ...".
  std::string ToString() const;

 private:
  friend class Verifier;

  Verdict() = default;

  bool accepted_ = false;
  std::optional<VerifiedPath> path_;
  PathError error_;
  PinStatus pin_status_ = PinStatus::kNotEvaluated;
  std::optional<PinDetails> pins_;
  bool would_reject_ = false;
  Diagnosis diagnosis_;
  std::optional<SctEvidence> scts_;
  std::optional<SeenElsewhere> seen_elsewhere_;
  std::string host_;
  absl::Time time_;
  std::vector<Certificate> presented_;
  std::vector<FailedPath> failed_paths_;
  std::vector<std::string> weakenings_;
};

}  // namespace pinning

#endif  // PINNING_VERDICT_H_

#ifndef PINNING_VERIFIER_H_
#define PINNING_VERIFIER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/cache_options.h"
#include "pinning/chain.h"
#include "pinning/connection_facts.h"
#include "pinning/ct_log_list.h"
#include "pinning/error.h"
#include "pinning/interception.h"
#include "pinning/key_observer.h"
#include "pinning/path_builder.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/policy_options.h"
#include "pinning/report.h"
#include "pinning/requirements.h"
#include "pinning/revocation.h"
#include "pinning/server_name.h"
#include "pinning/signature_memo.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"

namespace pinning {

namespace danger {
class Options;
}  // namespace danger

namespace internal {
struct HeldPins;              // pinning/internal/pin_decision.h
class PathJudge;              // pinning/internal/path_judge.h
struct RememberedVerdict;     // pinning/internal/verification_cache.h
struct VerificationQuestion;  // the same
}  // namespace internal

// A Verifier answers one question: may a client trust this chain for this name
// at this time? Its configuration is immutable, and it may be used from several
// threads at once. It remembers answers (docs/caching.md): asked again with the
// same certificates, name, revocation data and facts, it does not decide anew
// while no date that counted has passed. The report sink and the observer are
// told each time; with an observer, refusals are decided anew each time.
//
// How pins are applied, once a path is valid and the leaf matches the name. A
// leaf that does not match ends the search: kNameMismatch at depth 0, pins not
// evaluated. Pins apply if PinStore::Find gives a set.
//
// - Enforced: the first path that matches is accepted (kMatched or
//   kMatchedBackup). A path that does not match, or that holds a blocked key,
//   does not end the search: a cross-sign must not cause an outage. If no path
//   matches the refusal is kBlockedPin if any path held a blocked key, else
//   kPinMismatch.
// - Expired: with OnExpiry::kStopEnforcing the first valid path is accepted and
//   the status is kExpired; with kReject the refusal is kPinSetExpired.
// - Report-only: a valid path is always accepted, a matching one by preference;
//   the status is what enforcement would have found, and `would_reject` says
//   that it would have refused. Reports are sent as if it had.
// - The origin of an anchor makes no difference, unless danger.h says so.
//
// A search that `limits` cut off proves nothing about the paths not seen: with
// no match before the cut, the refusal is kBudgetExhausted and the status
// kNotEvaluated, never kPinMismatch. It is reported like a pin failure if a
// valid path was seen, so that a hostile chain cannot mute the report.
class Verifier {
 public:
  struct Options {
    // Required: the anchors to trust. There is no default store.
    std::shared_ptr<const TrustStore> trust_store;
    // Required: the pins to apply. To verify without pins, pass
    // PinStore::Empty().
    std::shared_ptr<const PinStore> pin_store;
    // Optional: where pin failures are reported.
    std::shared_ptr<ReportSink> report_sink;
    // Optional: who is known to intercept; null means the built-in catalogue.
    // It never changes whether a chain is accepted.
    std::shared_ptr<const InterceptorCatalogue> interceptors;
    // Optional: what the application needs of a network. It only makes the
    // advice for an administrator complete.
    std::shared_ptr<const Requirements> requirements;
    // Optional: the logs whose signatures on SCTs are verified; null: SCTs are
    // not looked at. They never change whether a chain is accepted.
    std::shared_ptr<const CtLogList> ct_logs;
    // Optional: remembers keys over verifications, accepted and refused; null:
    // nothing is remembered. It may be shared by several Verifiers, and never
    // changes whether a chain is accepted.
    std::shared_ptr<KeyObserver> observer;
    // Optional: which signatures are known to be valid; null: the Verifier has
    // a memo of its own. One that is shared keeps what it knows when a Verifier
    // is replaced. To remember none, give SignatureMemo(0).
    std::shared_ptr<SignatureMemo> signature_memo;
    // What the Verifier remembers of its own answers. Like the memo, it never
    // changes what is answered, but for the time that a diagnosis speaks of.
    CacheOptions cache;
    KeyPurpose purpose = KeyPurpose::kServerAuth;
    Profile profile = Profile::kRfc5280;
    PolicyOptions policies;
    Limits limits;
  };

  // Create returns INVALID_ARGUMENT, naming the option, if a required option is
  // missing, the trust store is empty, a limit is not positive, or
  // `policies.acceptable` is empty or no list of OBJECT IDENTIFIERs.
  static absl::StatusOr<std::shared_ptr<const Verifier>> Create(
      Options options);

  // Verify decides whether `chain` is acceptable for `name` at `now`. It does
  // all of: path building, RFC 5280 validation, name matching and pin matching,
  // in that order; there is no way to do only some of them. If several paths
  // are valid, it accepts the first that satisfies the pins. It reads no clock
  // and no file, and touches no network.
  //
  // `revocation` is what the caller knows about revocation; without it nothing
  // is asked about that. A path that is refused for it does not end the search.
  //
  // `facts` are what the caller knows about the connection: for the diagnosis,
  // and never for the decision.
  Verdict Verify(const Chain& chain, const ServerName& name, absl::Time now,
                 const Revocation& revocation = {},
                 const ConnectionFacts& facts = {}) const;

  // VerifyDer is Verify for certificates as a peer sent them, leaf first. None
  // at all, too many, or one that does not parse is a refusal
  // (kEmptyChain, kChainTooLong, kMalformedCertificate).
  Verdict VerifyDer(absl::Span<const absl::Span<const uint8_t>> certificates,
                    const ServerName& name, absl::Time now,
                    const Revocation& revocation = {},
                    const ConnectionFacts& facts = {}) const;

  // ConfigDigest returns a SHA-256 over everything that can change whether a
  // chain is accepted or why it is refused: anchors and their flags, distrusted
  // keys, patterns and what they pin, purpose, profile, policies, limits and
  // weakenings. Names, the catalogue and the report sink are not in it; nor is
  // the order in which anything was added, nor what Verify is given about
  // revocation, which is of one call. Key session caches with it, so that
  // a session made under old pins is not resumed under new ones.
  std::array<uint8_t, 32> ConfigDigest() const;

  const TrustStore& trust_store() const;
  const PinStore& pin_store() const;

  ~Verifier();

 private:
  friend class danger::Options;

  // What danger.h turned on. Set there and nowhere else.
  struct Weakenings {
    bool bypass_pins_for_local_anchors = false;
    bool accept_expired_certificates = false;
  };

  static absl::StatusOr<std::shared_ptr<const Verifier>> CreateWeakened(
      Options options, Weakenings weakenings);

  static absl::Status CheckOptions(const Options& options);

  // StartContents returns a refusal without an error yet.
  std::shared_ptr<Verdict::Contents> StartContents(
      const ServerName& name,
      const absl::StatusOr<internal::HeldPins>& pins) const;

  // Recall returns `answer`, which was found for `question`, and tells the sink
  // and the observer.
  Verdict Recall(
      const std::shared_ptr<const internal::RememberedVerdict>& answer,
      const internal::VerificationQuestion& question, absl::Time now) const;

  // VerifyAnew is Verify without looking for a remembered answer. It remembers
  // its own, under `hash`.
  Verdict VerifyAnew(Chain presented,
                     const internal::VerificationQuestion& question,
                     uint64_t hash, absl::Time now) const;

  // Decide fills `contents` from a finished search and returns what there is
  // against the chain, kUnspecified if nothing: for a report-only set, also
  // what was let pass.
  PathError Decide(const internal::PathJudge& judge, const PinSet* set,
                   const PathBuilder::Result& result,
                   Verdict::Contents* contents) const;

  // Observe tells Options::observer about a decided verification, if there is
  // one, and puts into `verdict` what it knew. It returns `facts` and what was
  // learnt, in `*learnt` if that is needed.
  const ConnectionFacts& Observe(const Chain& chain, const ServerName& name,
                                 const ConnectionFacts& facts, Verdict* verdict,
                                 std::optional<ConnectionFacts>* learnt) const;

  // SubmitReport tells the sink, which there is, of a failure by pins.
  void SubmitReport(const Verdict& verdict) const;

  // Refuse returns a refusal before a search.
  Verdict Refuse(PathError error, const ServerName& name, absl::Time now) const;

  // RefuseDamaged returns the refusal of a chain one of whose certificates is
  // malformed; `readable` are those before it.
  Verdict RefuseDamaged(PathError error, std::vector<Certificate> readable,
                        const internal::VerificationQuestion& question,
                        absl::Time now) const;

  // MakeObservation returns what a diagnosis needs, but for the pin set, the
  // paths and the timestamps.
  static Observation MakeObservation(const Options& options, const Chain& chain,
                                     const ServerName& name, absl::Time now,
                                     const PathError& error,
                                     const ConnectionFacts& facts);

  // DiagnoseDamaged says what a chain means one of whose certificates is
  // malformed. Some interceptors make such: of version 4, or with one
  // extension twice.
  static Diagnosis DiagnoseDamaged(
      const Options& options, const internal::VerificationQuestion& question,
      const PinSet* set, absl::Time now, const PathError& error);

  struct Rep;
  explicit Verifier(std::unique_ptr<const Rep> rep);

  std::unique_ptr<const Rep> rep_;
};

}  // namespace pinning

#endif  // PINNING_VERIFIER_H_

#include "pinning/verifier.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/connection_facts.h"
#include "pinning/ct_log_list.h"
#include "pinning/error.h"
#include "pinning/interception.h"
#include "pinning/internal/config_digest.h"
#include "pinning/internal/connection_evidence.h"
#include "pinning/internal/path_judge.h"
#include "pinning/internal/policy.h"
#include "pinning/internal/status_macros.h"
#include "pinning/internal/text_escape.h"
#include "pinning/internal/utc_time.h"
#include "pinning/key_observer.h"
#include "pinning/path_builder.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/report.h"
#include "pinning/revocation.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"

namespace pinning {

using internal::JudgedPath;
using internal::PathJudge;

struct Verifier::Rep {
  Options options;
  Weakenings weakenings;
  std::vector<std::string> weakening_names;
  PathBuilder builder;
  std::array<uint8_t, 32> digest;
};

namespace {

absl::Status CheckOptions(const Verifier::Options& options) {
  if (options.trust_store == nullptr) {
    return absl::InvalidArgumentError("trust_store is required");
  }
  if (options.trust_store->anchors().empty()) {
    return absl::InvalidArgumentError("trust_store is empty");
  }
  if (options.pin_store == nullptr) {
    return absl::InvalidArgumentError(
        "pin_store is required; to verify without pins, pass "
        "PinStore::Empty()");
  }
  const Limits& limits = options.limits;
  if (limits.max_depth <= 0 || limits.max_signatures <= 0 ||
      limits.max_build_calls <= 0 || limits.max_name_comparisons <= 0 ||
      limits.max_policy_nodes <= 0) {
    return absl::InvalidArgumentError("limits: every limit must be positive");
  }
  if (limits.max_path_length.value_or(0) < 0) {
    return absl::InvalidArgumentError(
        "limits: max_path_length must not be negative");
  }
  if (options.policies.acceptable.empty()) {
    return absl::InvalidArgumentError("policies: none would be acceptable");
  }
  for (const std::string& oid : options.policies.acceptable) {
    if (!internal::IsDottedOid(oid)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "policies: not an OBJECT IDENTIFIER: ", internal::EscapeText(oid)));
    }
  }
  return absl::OkStatus();
}

PinDetails CopyDetails(const PinStore::Entry& entry) {
  PinDetails details;
  details.set = entry.pin_set->name();
  details.pattern = entry.pattern;
  details.mode = entry.pin_set->mode();
  details.on_expiry = entry.pin_set->on_expiry();
  details.expires = entry.pin_set->expires();
  const auto copy = [](absl::Span<const NamedPin> pins) {
    return std::vector<NamedPin>(pins.begin(), pins.end());
  };
  details.pins = copy(entry.pin_set->pins());
  details.backup_pins = copy(entry.pin_set->backup_pins());
  details.blocked_pins = copy(entry.pin_set->blocked_pins());
  return details;
}

// PathFailure returns why no path was valid. It never returns kUnspecified.
PathError PathFailure(const PathBuilder::Result& result) {
  PathError error = result.best_error;
  if (result.exhausted_budget && error.code != ErrorCode::kBudgetExhausted) {
    // The error met so far may not be that of the path the peer meant.
    error.detail = absl::StrCat("the search was cut off; so far: ",
                                ErrorCodeName(error.code), " ", error.detail);
    error.code = ErrorCode::kBudgetExhausted;
    error.depth = -1;
  }
  if (error.code == ErrorCode::kUnspecified) {
    error.code = ErrorCode::kNoPath;
  }
  return error;
}

// PinFailure is a refusal by pins, before the set's mode is considered.
struct PinFailure {
  PinStatus status;
  PathError error;
  const JudgedPath* path;
};

// FindPinFailure returns what pins have against every path that `judge` saw,
// or nothing if one of them satisfies the set.
std::optional<PinFailure> FindPinFailure(const PathJudge& judge,
                                         const PinSet* set,
                                         const PathBuilder::Result& result) {
  if (judge.satisfied().has_value()) {
    if (judge.satisfied()->status != PinStatus::kExpired ||
        set->on_expiry() == PinSet::OnExpiry::kStopEnforcing) {
      return std::nullopt;
    }
    return PinFailure{PinStatus::kExpired,
                      {ErrorCode::kPinSetExpired, -1,
                       absl::StrCat("the pin set expired at ",
                                    internal::FormatUtcTime(set->expires()))},
                      &*judge.satisfied()};
  }
  const JudgedPath* path =
      judge.blocked().has_value() ? &*judge.blocked() : &*judge.first();
  if (result.exhausted_budget) {
    return PinFailure{
        PinStatus::kNotEvaluated,
        {ErrorCode::kBudgetExhausted, -1,
         absl::StrCat("the search was cut off; none of the ",
                      result.paths_visited, " valid paths seen matches")},
        path};
  }
  if (judge.blocked().has_value()) {
    return PinFailure{PinStatus::kBlocked,
                      {ErrorCode::kBlockedPin, path->depth,
                       absl::StrCat("a key on the path is blocked; valid "
                                    "paths: ",
                                    result.paths_visited)},
                      path};
  }
  return PinFailure{PinStatus::kMismatch,
                    {ErrorCode::kPinMismatch, -1,
                     absl::StrCat("no pinned key on any of the valid paths: ",
                                  result.paths_visited)},
                    path};
}

}  // namespace

Verifier::Verifier(std::unique_ptr<const Rep> rep) : rep_(std::move(rep)) {}
Verifier::~Verifier() = default;

absl::StatusOr<std::shared_ptr<const Verifier>> Verifier::Create(
    Options options) {
  return CreateWeakened(std::move(options), Weakenings{});
}

absl::StatusOr<std::shared_ptr<const Verifier>> Verifier::CreateWeakened(
    Options options, Weakenings weakenings) {
  PINNING_RETURN_IF_ERROR(CheckOptions(options));
  if (options.interceptors == nullptr) {
    options.interceptors = InterceptorCatalogue::BuiltIn();
  }
  std::vector<std::string> names;
  if (weakenings.bypass_pins_for_local_anchors) {
    names.push_back("bypass-pins-for-local-anchors");
  }
  if (weakenings.accept_expired_certificates) {
    names.push_back("accept-expired-certificates");
  }
  PathBuilder builder(options.trust_store, options.limits,
                      weakenings.accept_expired_certificates
                          ? PathBuilder::ValidityPeriod::kIgnore
                          : PathBuilder::ValidityPeriod::kEnforce,
                      options.profile, options.policies);
  const std::array<uint8_t, 32> digest = internal::ConfigDigest(
      *options.trust_store, *options.pin_store, options.purpose,
      options.profile, options.policies, options.limits, names);
  return std::shared_ptr<const Verifier>(
      new Verifier(std::make_unique<const Rep>(
          Rep{std::move(options), weakenings, std::move(names),
              std::move(builder), digest})));
}

Verdict Verifier::StartVerdict(const ServerName& name, absl::Time now) const {
  Verdict verdict;
  verdict.host_ = name.ToString();
  verdict.time_ = now;
  verdict.weakenings_ = rep_->weakening_names;
  const PinStore::Entry* entry = rep_->options.pin_store->Find(name);
  if (entry != nullptr && entry->pin_set != nullptr) {
    verdict.pins_ = CopyDetails(*entry);
  }
  return verdict;
}

Verdict Verifier::Verify(const Chain& chain, const ServerName& name,
                         absl::Time now, const Revocation& revocation,
                         const ConnectionFacts& facts) const {
  Verdict verdict = StartVerdict(name, now);
  verdict.presented_.assign(chain.certificates().begin(),
                            chain.certificates().end());
  const PinStore::Entry* entry = rep_->options.pin_store->Find(name);
  const PinSet* set = entry == nullptr ? nullptr : entry->pin_set;
  PathJudge judge(name, set, now,
                  rep_->weakenings.bypass_pins_for_local_anchors);
  PathBuilder::Result result = rep_->builder.Search(
      chain, rep_->options.purpose, now,
      [&judge](const VerifiedPath& path) { return judge.Visit(path); },
      revocation.crls.get());
  const PathError error = Decide(judge, set, result, &verdict);
  verdict.failed_paths_ = std::move(result.failed_paths);
  std::optional<ConnectionFacts> learnt;
  const ConnectionFacts& known =
      GatherEvidence(chain, name, facts, &verdict, &learnt);
  if (error.code != ErrorCode::kUnspecified) {
    Observation observation = MakeObservation(chain, name, now, error, known);
    observation.valid_paths = judge.valid_paths();
    observation.failed_paths = verdict.failed_paths_;
    observation.scts = verdict.scts();
    verdict.diagnosis_ = Diagnose(observation);
    if (judge.first().has_value() && !judge.name_mismatch() &&
        rep_->options.report_sink != nullptr) {
      Report report = Report::FromVerdict(verdict);
      report.pins_updated = rep_->options.pin_store->updated();
      report.config_digest = rep_->digest;
      rep_->options.report_sink->Submit(report);
    }
  }
  return verdict;
}

const ConnectionFacts& Verifier::GatherEvidence(
    const Chain& chain, const ServerName& name, const ConnectionFacts& facts,
    Verdict* verdict, std::optional<ConnectionFacts>* learnt) const {
  const absl::Time now = verdict->time_;
  if (rep_->options.ct_logs != nullptr) {
    verdict->scts_ = internal::GatherScts(*rep_->options.ct_logs, chain, facts,
                                          now, *verdict);
  }
  if (rep_->options.observer == nullptr) {
    return facts;
  }
  verdict->seen_elsewhere_ =
      internal::Observe(*rep_->options.observer, chain, name, now,
                        *rep_->options.trust_store, facts, *verdict);
  *learnt = facts;
  (*learnt)->seen_elsewhere = verdict->seen_elsewhere_;
  return **learnt;
}

Observation Verifier::MakeObservation(const Chain& chain,
                                      const ServerName& name, absl::Time now,
                                      const PathError& error,
                                      const ConnectionFacts& facts) const {
  const PinStore::Entry* entry = rep_->options.pin_store->Find(name);
  Observation observation;
  observation.chain = &chain;
  observation.name = &name;
  observation.now = now;
  observation.error = error;
  observation.trust_store = rep_->options.trust_store.get();
  observation.pin_store = rep_->options.pin_store.get();
  observation.pin_set = entry == nullptr ? nullptr : entry->pin_set;
  observation.requirements = rep_->options.requirements.get();
  observation.catalogue = rep_->options.interceptors.get();
  observation.facts = &facts;
  return observation;
}

Diagnosis Verifier::DiagnoseDamaged(
    absl::Span<const absl::Span<const uint8_t>> certificates,
    const ServerName& name, absl::Time now, const PathError& error,
    const ConnectionFacts& facts) const {
  std::vector<Certificate> readable;
  for (size_t i = 0; i < certificates.size(); ++i) {
    absl::StatusOr<Certificate> read = Certificate::FromDer(certificates[i]);
    if (!read.ok()) {
      read = Certificate::FromDamagedDer(certificates[i]);
    }
    if (read.ok()) {
      readable.push_back(*std::move(read));
    } else if (i == 0) {
      return Diagnosis();  // without a leaf there is nothing to say
    }
  }
  const absl::StatusOr<Chain> chain =
      Chain::FromCertificates(std::move(readable));
  if (!chain.ok()) {
    return Diagnosis();
  }
  return Diagnose(MakeObservation(*chain, name, now, error, facts));
}

PathError Verifier::Decide(const PathJudge& judge, const PinSet* set,
                           const PathBuilder::Result& result,
                           Verdict* verdict) const {
  if (!judge.first().has_value()) {
    verdict->error_ = PathFailure(result);
    return verdict->error_;
  }
  if (judge.name_mismatch()) {
    verdict->path_ = judge.first()->path;
    verdict->error_ = {
        ErrorCode::kNameMismatch, 0,
        absl::StrCat("the certificate is not for ", verdict->host_)};
    return verdict->error_;
  }
  std::optional<PinFailure> failure = FindPinFailure(judge, set, result);
  const JudgedPath& decided =
      failure.has_value() ? *failure->path : *judge.satisfied();
  verdict->path_ = decided.path;
  verdict->pin_status_ = failure.has_value() ? failure->status : decided.status;
  if (decided.pin != nullptr) {
    verdict->pins_->matched = *decided.pin;
    verdict->pins_->matched_depth = decided.depth;
  }
  if (!failure.has_value()) {
    verdict->accepted_ = true;
    return PathError();
  }
  if (set->mode() == PinSet::Mode::kReportOnly) {
    verdict->accepted_ = true;
    verdict->would_reject_ = true;
  } else {
    verdict->error_ = failure->error;
  }
  return failure->error;
}

Verdict Verifier::VerifyDer(
    absl::Span<const absl::Span<const uint8_t>> certificates,
    const ServerName& name, absl::Time now, const Revocation& revocation,
    const ConnectionFacts& facts) const {
  Verdict refusal = StartVerdict(name, now);
  if (certificates.empty()) {
    refusal.error_ = {ErrorCode::kEmptyChain, -1,
                      "the peer presented no certificate"};
    return refusal;
  }
  if (certificates.size() > Chain::kMaxLength) {
    refusal.error_ = {ErrorCode::kChainTooLong,
                      static_cast<int>(Chain::kMaxLength),
                      absl::StrCat("the peer presented ", certificates.size(),
                                   " certificates")};
    return refusal;
  }
  for (size_t i = 0; i < certificates.size(); ++i) {
    absl::StatusOr<Certificate> parsed = Certificate::FromDer(certificates[i]);
    if (!parsed.ok()) {
      refusal.error_ = {ErrorCode::kMalformedCertificate, static_cast<int>(i),
                        std::string(parsed.status().message())};
      refusal.diagnosis_ =
          DiagnoseDamaged(certificates, name, now, refusal.error_, facts);
      return refusal;
    }
    refusal.presented_.push_back(*std::move(parsed));
  }
  absl::StatusOr<Chain> chain = Chain::FromCertificates(refusal.presented_);
  if (!chain.ok()) {
    refusal.error_ = {ErrorCode::kMalformedCertificate, -1,
                      std::string(chain.status().message())};
    return refusal;
  }
  return Verify(*chain, name, now, revocation, facts);
}

std::array<uint8_t, 32> Verifier::ConfigDigest() const { return rep_->digest; }

const TrustStore& Verifier::trust_store() const {
  return *rep_->options.trust_store;
}

const PinStore& Verifier::pin_store() const { return *rep_->options.pin_store; }

}  // namespace pinning

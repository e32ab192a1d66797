#include "pinning/verifier.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
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
#include "pinning/internal/certificate_pool.h"
#include "pinning/internal/config_digest.h"
#include "pinning/internal/connection_evidence.h"
#include "pinning/internal/path_judge.h"
#include "pinning/internal/pin_decision.h"
#include "pinning/internal/policy.h"
#include "pinning/internal/status_macros.h"
#include "pinning/internal/text_escape.h"
#include "pinning/internal/verification_cache.h"
#include "pinning/key_observer.h"
#include "pinning/path_builder.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/report.h"
#include "pinning/revocation.h"
#include "pinning/server_name.h"
#include "pinning/signature_memo.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"

namespace pinning {

using internal::CertificatePool;
using internal::HeldPins;
using internal::JudgedPath;
using internal::PathJudge;
using internal::PinFailure;
using internal::RememberedVerdict;
using internal::VerificationCache;
using internal::VerificationQuestion;

struct Verifier::Rep {
  Options options;
  Weakenings weakenings;
  std::vector<std::string> weakening_names;
  PathBuilder builder;
  std::array<uint8_t, 32> digest;
  std::unique_ptr<VerificationCache> cache;
  std::unique_ptr<CertificatePool> intermediates;
};

namespace {

// The least by which two absl::Time differ.
constexpr double kTickNanoseconds = 0.25;

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
  if (options.signature_memo == nullptr) {
    options.signature_memo = std::make_shared<SignatureMemo>();
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
                      options.profile, options.policies,
                      options.signature_memo);
  auto cache = std::make_unique<VerificationCache>(
      options.cache, /*needs_scts=*/options.ct_logs != nullptr);
  auto intermediates = std::make_unique<CertificatePool>(
      options.cache.max_intermediate_bytes, options.cache.hash_mask);
  const std::array<uint8_t, 32> digest = internal::ConfigDigest(
      *options.trust_store, *options.pin_store, options.purpose,
      options.profile, options.policies, options.limits, names);
  return std::shared_ptr<const Verifier>(
      new Verifier(std::make_unique<const Rep>(Rep{
          std::move(options), weakenings, std::move(names), std::move(builder),
          digest, std::move(cache), std::move(intermediates)})));
}

std::shared_ptr<Verdict::Contents> Verifier::StartContents(
    const ServerName& name, const absl::StatusOr<HeldPins>& pins) const {
  auto contents = std::make_shared<Verdict::Contents>();
  contents->host = name.ToString();
  contents->weakenings = rep_->weakening_names;
  if (pins.ok() && pins->set != nullptr) {
    contents->pins = internal::DetailsOf(*pins);
  }
  return contents;
}

Verdict Verifier::Verify(const Chain& chain, const ServerName& name,
                         absl::Time now, const Revocation& revocation,
                         const ConnectionFacts& facts) const {
  absl::InlinedVector<absl::Span<const uint8_t>, 8> certificates;
  for (const Certificate& certificate : chain.certificates()) {
    certificates.push_back(certificate.der());
  }
  const VerificationQuestion question{certificates, &name, &revocation, &facts};
  const uint64_t hash = rep_->cache->HashOf(question);
  if (const auto known = rep_->cache->Find(hash, question, now)) {
    return Recall(known, question, now);
  }
  return VerifyAnew(chain, question, hash, now);
}

Verdict Verifier::Recall(const std::shared_ptr<const RememberedVerdict>& answer,
                         const VerificationQuestion& question,
                         absl::Time now) const {
  // It shares the count of `answer`, which was touched to find it, so that
  // threads that ask the same do not take another cache line from each other.
  Verdict verdict({answer, answer->verdict.contents_.get()}, now);
  verdict.work_ = VerdictWork{/*from_cache=*/true};
  if (rep_->options.observer != nullptr) {
    std::optional<ConnectionFacts> learnt;
    Observe(*verdict.contents_->chain, *question.name, *question.facts,
            &verdict, &learnt);
  }
  if (answer->reportable) {
    SubmitReport(verdict);
  }
  return verdict;
}

Verdict Verifier::VerifyAnew(Chain presented,
                             const VerificationQuestion& question,
                             uint64_t hash, absl::Time now) const {
  const ServerName& name = *question.name;
  const ConnectionFacts& facts = *question.facts;
  const absl::StatusOr<HeldPins> pins =
      internal::LookUpPins(*rep_->options.pin_store, name);
  std::shared_ptr<Verdict::Contents> contents = StartContents(name, pins);
  const Chain& chain = contents->chain.emplace(std::move(presented));
  if (!pins.ok()) {
    // What the name's pins are cannot be known, so that nothing is accepted.
    contents->error = {ErrorCode::kPinStoreDamaged, -1,
                       std::string(pins.status().message())};
    return Verdict(contents, now);
  }
  const PinSet* set = pins->set.get();
  PathJudge judge(name, set, now,
                  rep_->weakenings.bypass_pins_for_local_anchors);
  PathBuilder::Result result = rep_->builder.Search(
      chain, rep_->options.purpose, now,
      [&judge](const VerifiedPath& path) { return judge.Visit(path); },
      question.revocation->crls.get());
  const PathError error = Decide(judge, set, result, contents.get());
  contents->failed_paths = std::move(result.failed_paths);

  Verdict verdict(contents, now);
  verdict.work_.signatures = result.signatures_checked;
  verdict.work_.signatures_remembered = result.signatures_remembered;
  TimeWindow window = result.unchanged;
  if (set != nullptr) {
    window.EndAt(set->expires() + absl::Nanoseconds(kTickNanoseconds), now);
  }
  if (rep_->options.ct_logs != nullptr) {
    contents->scts = internal::GatherScts(*rep_->options.ct_logs, chain, facts,
                                          now, verdict);
    for (const SctResult& sct : contents->scts->results) {
      window.EndAt(sct.sct.timestamp(), now);
    }
  }
  std::optional<ConnectionFacts> learnt;
  const ConnectionFacts& known = Observe(chain, name, facts, &verdict, &learnt);
  const bool diagnosed = error.code != ErrorCode::kUnspecified;
  if (diagnosed) {
    Observation observation =
        MakeObservation(rep_->options, chain, name, now, error, known);
    observation.pin_set = set;
    observation.valid_paths = judge.valid_paths();
    observation.failed_paths = contents->failed_paths;
    observation.scts = verdict.scts();
    contents->diagnosis = Diagnose(observation);
  }
  const bool reportable = diagnosed && judge.first().has_value() &&
                          !judge.name_mismatch() &&
                          rep_->options.report_sink != nullptr;
  if (reportable) {
    SubmitReport(verdict);
  }
  // What an observer knows changes with each sighting, and a diagnosis with it.
  if (!rep_->cache->is_off() &&
      !(diagnosed && rep_->options.observer != nullptr)) {
    RememberedVerdict answer(question, verdict);
    answer.window = window;
    answer.diagnosed = diagnosed;
    answer.reportable = reportable;
    rep_->cache->Remember(hash, std::move(answer), now);
  }
  return verdict;
}

void Verifier::SubmitReport(const Verdict& verdict) const {
  Report report = Report::FromVerdict(verdict);
  report.pins_updated = rep_->options.pin_store->updated();
  report.config_digest = rep_->digest;
  rep_->options.report_sink->Submit(report);
}

const ConnectionFacts& Verifier::Observe(
    const Chain& chain, const ServerName& name, const ConnectionFacts& facts,
    Verdict* verdict, std::optional<ConnectionFacts>* learnt) const {
  if (rep_->options.observer == nullptr) {
    return facts;
  }
  const auto seen = std::make_shared<const SeenElsewhere>(
      internal::Observe(*rep_->options.observer, chain, name, verdict->time_,
                        *rep_->options.trust_store, facts, *verdict));
  verdict->seen_elsewhere_ = seen;
  *learnt = facts;
  (*learnt)->seen_elsewhere = *seen;
  return **learnt;
}

PathError Verifier::Decide(const PathJudge& judge, const PinSet* set,
                           const PathBuilder::Result& result,
                           Verdict::Contents* contents) const {
  if (!judge.first().has_value()) {
    contents->error = internal::PathFailure(result);
    return contents->error;
  }
  if (judge.name_mismatch()) {
    contents->path = judge.first()->path;
    contents->error = {
        ErrorCode::kNameMismatch, 0,
        absl::StrCat("the certificate is not for ", contents->host)};
    return contents->error;
  }
  std::optional<PinFailure> failure =
      internal::FindPinFailure(judge, set, result);
  const JudgedPath& decided =
      failure.has_value() ? *failure->path : *judge.satisfied();
  contents->path = decided.path;
  contents->pin_status = failure.has_value() ? failure->status : decided.status;
  if (decided.pin != nullptr) {
    contents->pins->matched = *decided.pin;
    contents->pins->matched_depth = decided.depth;
  }
  if (!failure.has_value()) {
    contents->accepted = true;
    return PathError();
  }
  if (set->mode() == PinSet::Mode::kReportOnly) {
    contents->accepted = true;
    contents->would_reject = true;
  } else {
    contents->error = failure->error;
  }
  return failure->error;
}

Verdict Verifier::Refuse(PathError error, const ServerName& name,
                         absl::Time now) const {
  std::shared_ptr<Verdict::Contents> contents =
      StartContents(name, internal::LookUpPins(*rep_->options.pin_store, name));
  contents->error = std::move(error);
  return Verdict(std::move(contents), now);
}

Verdict Verifier::RefuseDamaged(PathError error,
                                std::vector<Certificate> readable,
                                const VerificationQuestion& question,
                                absl::Time now) const {
  const auto pins =
      internal::LookUpPins(*rep_->options.pin_store, *question.name);
  std::shared_ptr<Verdict::Contents> contents =
      StartContents(*question.name, pins);
  absl::StatusOr<Chain> chain = Chain::FromCertificates(std::move(readable));
  if (chain.ok()) {
    contents->chain = *std::move(chain);
  }
  contents->diagnosis =
      DiagnoseDamaged(rep_->options, question,
                      pins.ok() ? pins->set.get() : nullptr, now, error);
  contents->error = std::move(error);
  return Verdict(std::move(contents), now);
}

Verdict Verifier::VerifyDer(
    absl::Span<const absl::Span<const uint8_t>> certificates,
    const ServerName& name, absl::Time now, const Revocation& revocation,
    const ConnectionFacts& facts) const {
  if (certificates.empty()) {
    return Refuse(
        {ErrorCode::kEmptyChain, -1, "the peer presented no certificate"}, name,
        now);
  }
  if (certificates.size() > Chain::kMaxLength) {
    return Refuse(
        {ErrorCode::kChainTooLong, static_cast<int>(Chain::kMaxLength),
         absl::StrCat("the peer presented ", certificates.size(),
                      " certificates")},
        name, now);
  }
  const VerificationQuestion question{certificates, &name, &revocation, &facts};
  const uint64_t hash = rep_->cache->HashOf(question);
  if (const auto known = rep_->cache->Find(hash, question, now)) {
    return Recall(known, question, now);
  }
  std::vector<Certificate> parsed;
  parsed.reserve(certificates.size());
  bool is_new = false;  // some intermediate
  for (size_t i = 0; i < certificates.size(); ++i) {
    // The leaf is another one each time that it is not remembered whole.
    std::optional<Certificate> kept;
    if (i > 0 && (kept = rep_->intermediates->Find(certificates[i]))) {
      parsed.push_back(*std::move(kept));
      continue;
    }
    absl::StatusOr<Certificate> certificate =
        Certificate::FromDer(certificates[i]);
    if (!certificate.ok()) {
      return RefuseDamaged(
          {ErrorCode::kMalformedCertificate, static_cast<int>(i),
           std::string(certificate.status().message())},
          std::move(parsed), question, now);
    }
    parsed.push_back(*std::move(certificate));
    is_new |= i > 0;
  }
  // Their number is one that a chain may have.
  Verdict verdict = VerifyAnew(*Chain::FromCertificates(std::move(parsed)),
                               question, hash, now);
  if (is_new && verdict.accepted()) {
    const absl::Span<const Certificate> path = verdict.path()->certificates();
    for (size_t i = 1; i + 1 < path.size(); ++i) {
      rep_->intermediates->Keep(path[i]);
    }
  }
  return verdict;
}

std::array<uint8_t, 32> Verifier::ConfigDigest() const { return rep_->digest; }

const TrustStore& Verifier::trust_store() const {
  return *rep_->options.trust_store;
}

const PinStore& Verifier::pin_store() const { return *rep_->options.pin_store; }

}  // namespace pinning

#include "pinning/internal/verification_cache.h"

#include <algorithm>
#include <utility>

#include "pinning/certificate.h"
#include "pinning/internal/certificate_parser.h"

namespace pinning {
namespace internal {
namespace {

using OptionalBytes = std::optional<absl::Span<const uint8_t>>;

bool SameOptional(const OptionalBytes& a, const OptionalBytes& b) {
  return a.has_value() == b.has_value() &&
         (!a.has_value() || SameBytes(*a, *b));
}

// SameObject returns whether `b` is the object at `address` that `a` was made
// of, or both are null. One owner may have several objects; and of one without
// an owner it cannot be told whether another has taken its place.
bool SameObject(const RevocationData* address,
                const std::weak_ptr<const RevocationData>& a,
                const std::shared_ptr<const RevocationData>& b) {
  if (b == nullptr || address == nullptr) {
    return address == b.get();
  }
  return address == b.get() && b.use_count() > 0 && !a.owner_before(b) &&
         !b.owner_before(a);
}

size_t BytesOf(const std::string& text) { return sizeof(text) + text.size(); }

size_t BytesOf(const PathError& error) { return BytesOf(error.detail); }

size_t BytesOf(absl::Span<const NamedPin> pins) {
  size_t bytes = 0;
  for (const NamedPin& pin : pins) {
    bytes += sizeof(pin) + pin.name.size();
  }
  return bytes;
}

size_t BytesOf(const Diagnosis& diagnosis) {
  size_t bytes = diagnosis.product.size() + diagnosis.advice.size();
  for (const Evidence& evidence : diagnosis.evidence) {
    bytes += sizeof(evidence) + evidence.sentence.size() +
             evidence.code.size() + evidence.message.size();
    for (const std::string& argument : evidence.arguments) {
      bytes += BytesOf(argument);
    }
  }
  for (const std::string& host : diagnosis.exempt) {
    bytes += BytesOf(host);
  }
  for (const std::string& argument : diagnosis.advice_arguments) {
    bytes += BytesOf(argument);
  }
  return bytes;
}

size_t BytesOf(const SctEvidence& scts) {
  size_t bytes = 0;
  for (const SctResult& result : scts.results) {
    bytes += sizeof(result) + result.sct.extensions.size() +
             result.sct.signature.size() + result.log.size() +
             result.operator_name.size();
  }
  for (const std::string& fault : scts.faults) {
    bytes += BytesOf(fault);
  }
  return bytes;
}

// BytesOf counts the certificates presented. Those of paths are these, or the
// trust store's.
size_t BytesOf(const Verdict& verdict) {
  constexpr size_t kContents = 1024;
  size_t bytes =
      kContents + BytesOf(verdict.error()) + BytesOf(verdict.diagnosis());
  for (const Certificate& certificate : verdict.presented()) {
    bytes += HeapBytes(certificate.parsed());
  }
  for (const FailedPath& failed : verdict.failed_paths()) {
    bytes += sizeof(failed) + BytesOf(failed.error) +
             failed.certificates.size() * sizeof(Certificate);
  }
  if (verdict.pins() != nullptr) {
    bytes += BytesOf(verdict.pins()->pins) +
             BytesOf(verdict.pins()->backup_pins) +
             BytesOf(verdict.pins()->blocked_pins);
  }
  return verdict.scts() == nullptr ? bytes : bytes + BytesOf(*verdict.scts());
}

}  // namespace

RememberedVerdict::RememberedVerdict(const VerificationQuestion& question,
                                     Verdict verdict)
    : verdict(std::move(verdict)),
      name_(*question.name),
      crls_address_(question.revocation->crls.get()),
      crls_(question.revocation->crls),
      facts_(*question.facts) {
  const auto own = [](OptionalBytes& bytes, OwnedBytes& owned) {
    if (bytes.has_value()) {
      owned.emplace(bytes->begin(), bytes->end());
      bytes.reset();
    }
  };
  own(facts_.ocsp_response, ocsp_response_);
  own(facts_.sct_list, sct_list_);
}

bool RememberedVerdict::Answers(const VerificationQuestion& question,
                                bool needs_scts) const {
  const absl::Span<const Certificate> presented = verdict.presented();
  if (presented.size() != question.certificates.size() ||
      name_ != *question.name ||
      !SameObject(crls_address_, crls_, question.revocation->crls)) {
    return false;
  }
  const ConnectionFacts& facts = *question.facts;
  const auto same = [](const OwnedBytes& owned, const OptionalBytes& bytes) {
    return SameOptional(
        owned.has_value() ? OptionalBytes(*owned) : OptionalBytes(), bytes);
  };
  if ((needs_scts || diagnosed) &&
      !(same(ocsp_response_, facts.ocsp_response) &&
        same(sct_list_, facts.sct_list))) {
    return false;
  }
  if (diagnosed &&
      !(facts_.tls_version == facts.tls_version &&
        facts_.offered_alpn == facts.offered_alpn &&
        facts_.alpn == facts.alpn && facts_.resumed == facts.resumed &&
        !facts_.seen_elsewhere.has_value() &&
        !facts.seen_elsewhere.has_value())) {
    return false;
  }
  for (size_t i = 0; i < presented.size(); ++i) {
    if (!SameBytes(presented[i].der(), question.certificates[i])) {
      return false;
    }
  }
  return true;
}

size_t RememberedVerdict::HeapBytes() const {
  size_t bytes = sizeof(*this) + BytesOf(verdict) +
                 2 * BytesOf(name_.ToString()) +
                 facts_.alpn.value_or("").size();
  for (const OwnedBytes* owned : {&ocsp_response_, &sct_list_}) {
    bytes += owned->has_value() ? (*owned)->size() : 0;
  }
  return bytes;
}

VerificationCache::VerificationCache(const CacheOptions& options,
                                     bool needs_scts)
    : refusals_for_(options.refusals_for),
      needs_scts_(needs_scts),
      hash_(options.hash_mask),
      accepted_(options.max_bytes),
      refused_(options.max_refused_bytes) {}

uint64_t VerificationCache::HashOf(const VerificationQuestion& question) const {
  uint64_t state = ByteHash::kStart;
  if (is_off()) {
    return state;
  }
  for (const absl::Span<const uint8_t> certificate : question.certificates) {
    state = hash_.Extend(state, certificate);
  }
  const std::string& name = question.name->ToString();
  state = hash_.Extend(
      state, absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(name.data()),
                                 name.size()));
  return hash_.Finish(state);
}

std::shared_ptr<const RememberedVerdict> VerificationCache::Find(
    uint64_t hash, const VerificationQuestion& question, absl::Time now) const {
  for (const auto* answers : {&accepted_, &refused_}) {
    auto found = answers->Find(hash);
    if (found.has_value() && (*found)->window.Contains(now) &&
        (*found)->Answers(question, needs_scts_)) {
      return *std::move(found);
    }
  }
  return nullptr;
}

void VerificationCache::Remember(uint64_t hash, RememberedVerdict answer,
                                 absl::Time now) {
  if (answer.diagnosed) {
    answer.window.from = now;
    answer.window.until = std::min(answer.window.until, now + refusals_for_);
  }
  if (answer.window.until <= now) {
    return;
  }
  auto& answers = answer.diagnosed ? refused_ : accepted_;
  auto kept = std::make_shared<const RememberedVerdict>(std::move(answer));
  const size_t bytes = kept->HeapBytes();
  answers.Put(hash, std::move(kept), bytes);
}

}  // namespace internal
}  // namespace pinning

#include "pinning/internal/connection_evidence.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/internal/interception_scene.h"
#include "pinning/internal/text_escape.h"
#include "pinning/observation.h"
#include "pinning/path.h"
#include "pinning/sct.h"

namespace pinning {
namespace internal {
namespace {

// PossibleIssuers returns every certificate that was met: proved ones first.
std::vector<Certificate> PossibleIssuers(const Chain& chain,
                                         const Verdict& verdict) {
  std::vector<Certificate> all;
  const auto append = [&all](absl::Span<const Certificate> certificates) {
    all.insert(all.end(), certificates.begin(), certificates.end());
  };
  if (verdict.path() != nullptr) {
    append(verdict.path()->certificates());
  }
  append(chain.certificates());
  for (const FailedPath& failed : verdict.failed_paths()) {
    append(failed.certificates);
  }
  return all;
}

// A Gatherer verifies lists of SCTs one after the other.
class Gatherer {
 public:
  Gatherer(const CtLogList& logs, const Certificate& leaf, absl::Time now,
           std::vector<Certificate> issuers)
      : logs_(logs), leaf_(leaf), now_(now), issuers_(std::move(issuers)) {}

  void Add(const absl::StatusOr<std::vector<Sct>>& scts) {
    if (!scts.ok()) {
      evidence_.faults.push_back(
          EscapeText(std::string(scts.status().message())));
      return;
    }
    for (const Sct& sct : *scts) {
      evidence_.results.push_back(logs_.Verify(sct, leaf_, issuers_, now_));
    }
  }

  SctEvidence Take() { return std::move(evidence_); }

 private:
  const CtLogList& logs_;
  const Certificate& leaf_;
  absl::Time now_;
  std::vector<Certificate> issuers_;
  SctEvidence evidence_;
};

}  // namespace

SctEvidence GatherScts(const CtLogList& logs, const Chain& chain,
                       const ConnectionFacts& facts, absl::Time now,
                       const Verdict& verdict) {
  Gatherer gatherer(logs, chain.leaf(), now, PossibleIssuers(chain, verdict));
  gatherer.Add(EmbeddedScts(chain.leaf()));
  if (facts.sct_list.has_value() && !facts.sct_list->empty()) {
    gatherer.Add(ParseSctList(*facts.sct_list, SctSource::kTlsExtension));
  }
  if (facts.ocsp_response.has_value() && !facts.ocsp_response->empty()) {
    gatherer.Add(OcspScts(*facts.ocsp_response, chain.leaf()));
  }
  return gatherer.Take();
}

SeenElsewhere Observe(KeyObserver& observer, const Chain& chain,
                      const ServerName& name, absl::Time now,
                      const TrustStore& trust_store,
                      const ConnectionFacts& facts, const Verdict& verdict) {
  KeyObserver::Sighting sighting;
  sighting.name = &name;
  sighting.leaf = &chain.leaf();
  sighting.accepted = verdict.accepted();
  sighting.now = now;
  sighting.facts = &facts;
  const VerifiedPath* path = verdict.path();
  if (path != nullptr) {
    sighting.vouched = path->anchor_origin() == TrustAnchor::Origin::kBundled;
    if (path->certificates().size() > 1) {
      sighting.issuer = &path->certificates()[1];
      sighting.issuer_signed = true;
    }
    return observer.Record(sighting);
  }
  // No path is valid. Whose signatures hold is asked all the same: under a
  // wrong clock every public leaf is refused, and shares its issuer with many.
  Observation observation;
  observation.chain = &chain;
  observation.name = &name;
  observation.now = now;
  observation.trust_store = &trust_store;
  const Scene scene = MakeScene(observation);
  sighting.vouched = scene.proven_origin == TrustAnchor::Origin::kBundled;
  sighting.issuer = scene.issuer;
  sighting.issuer_signed = scene.issuer_signed;
  return observer.Record(sighting);
}

}  // namespace internal
}  // namespace pinning

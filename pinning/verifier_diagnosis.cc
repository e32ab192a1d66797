#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/connection_facts.h"
#include "pinning/error.h"
#include "pinning/interception.h"
#include "pinning/internal/verification_cache.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"
#include "pinning/verifier.h"

namespace pinning {

Observation Verifier::MakeObservation(const Options& options,
                                      const Chain& chain,
                                      const ServerName& name, absl::Time now,
                                      const PathError& error,
                                      const ConnectionFacts& facts) {
  Observation observation;
  observation.chain = &chain;
  observation.name = &name;
  observation.now = now;
  observation.error = error;
  observation.trust_store = options.trust_store.get();
  observation.pin_store = options.pin_store.get();
  observation.requirements = options.requirements.get();
  observation.catalogue = options.interceptors.get();
  observation.facts = &facts;
  return observation;
}

Diagnosis Verifier::DiagnoseDamaged(
    const Options& options, const internal::VerificationQuestion& question,
    const PinSet* set, absl::Time now, const PathError& error) {
  std::vector<Certificate> readable;
  for (size_t i = 0; i < question.certificates.size(); ++i) {
    absl::StatusOr<Certificate> read =
        Certificate::FromDer(question.certificates[i]);
    if (!read.ok()) {
      read = Certificate::FromDamagedDer(question.certificates[i]);
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
  Observation observation = MakeObservation(options, *chain, *question.name,
                                            now, error, *question.facts);
  observation.pin_set = set;
  return Diagnose(observation);
}

}  // namespace pinning

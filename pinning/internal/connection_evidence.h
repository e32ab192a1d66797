#ifndef PINNING_INTERNAL_CONNECTION_EVIDENCE_H_
#define PINNING_INTERNAL_CONNECTION_EVIDENCE_H_

#include "absl/time/time.h"
#include "pinning/chain.h"
#include "pinning/connection_facts.h"
#include "pinning/ct_log_list.h"
#include "pinning/key_observer.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"

// What a Verifier asks about a connection once it has decided, if it was given
// something to ask with.
namespace pinning {
namespace internal {

// GatherScts verifies the SCTs that the leaf of `chain` and `facts` hold.
// `verdict` is finished but for the diagnosis: issuers are taken from its paths
// too, so that the key of an anchor that was not sent is found.
SctEvidence GatherScts(const CtLogList& logs, const Chain& chain,
                       const ConnectionFacts& facts, absl::Time now,
                       const Verdict& verdict);

// Observe records the verification of `chain` for `name` that ended in
// `verdict`, and returns what was known.
SeenElsewhere Observe(KeyObserver& observer, const Chain& chain,
                      const ServerName& name, absl::Time now,
                      const TrustStore& trust_store,
                      const ConnectionFacts& facts, const Verdict& verdict);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_CONNECTION_EVIDENCE_H_

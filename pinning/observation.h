#ifndef PINNING_OBSERVATION_H_
#define PINNING_OBSERVATION_H_

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/chain.h"
#include "pinning/connection_facts.h"
#include "pinning/ct_log_list.h"
#include "pinning/error.h"
#include "pinning/interceptor_catalogue.h"
#include "pinning/path.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/requirements.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"

namespace pinning {

// An Observation is what is known of one refused verification. All pointers
// but `catalogue`, `pin_set`, `pin_store`, `requirements`, `facts` and `scts`
// are required; none is kept.
struct Observation {
  const Chain* chain = nullptr;
  const ServerName* name = nullptr;
  absl::Time now;
  PathError error;
  // The valid paths, if any: certificates and the origin of their anchor.
  absl::Span<const VerifiedPath> valid_paths;
  absl::Span<const FailedPath> failed_paths;
  const TrustStore* trust_store = nullptr;
  const PinStore* pin_store = nullptr;  // for the advice: what to exempt
  const PinSet* pin_set = nullptr;      // null: the name is not pinned
  // For the advice too: what the application needs of the network.
  const Requirements* requirements = nullptr;
  const InterceptorCatalogue* catalogue = nullptr;
  const ConnectionFacts* facts = nullptr;  // null: nothing is known
  // The SCTs of the connection, verified; null: no list of logs was given.
  const SctEvidence* scts = nullptr;
};

}  // namespace pinning

#endif  // PINNING_OBSERVATION_H_

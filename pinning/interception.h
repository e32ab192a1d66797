#ifndef PINNING_INTERCEPTION_H_
#define PINNING_INTERCEPTION_H_

#include "pinning/diagnosis.h"
#include "pinning/observation.h"

// Says what a refusal most likely means. Everything here is evidence for
// people, never an input to trust (docs/threat-model.md): an interceptor picks
// the text in its own certificates.
namespace pinning {

// Diagnose returns what the refusal in `observation` most likely means. It is
// a pure function.
Diagnosis Diagnose(const Observation& observation);

}  // namespace pinning

#endif  // PINNING_INTERCEPTION_H_

#ifndef TOOLS_TLSPIN_CHECK_FINDINGS_H_
#define TOOLS_TLSPIN_CHECK_FINDINGS_H_

#include <vector>

#include "absl/time/time.h"
#include "pinning/language.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/check_result.h"
#include "tools/tlspin/check_state.h"
#include "tools/tlspin/pin_places.h"
#include "tools/tlspin/probe.h"
#include "tools/tlspin/reports/check_report.h"

// What `tlspin check` finds on the pin file as a whole, once every host has
// been asked.
namespace tlspin {

// CheckedSets returns the sets of `store`, and which of their keys servers
// showed. `state` may be null; else it learns of the run at `now`.
std::vector<CheckedSet> CheckedSets(const std::vector<CheckResult>& results,
                                    const pinning::PinStore& store,
                                    const PinPlaces& places, absl::Time now,
                                    CheckState* state);

// CheckedPatterns returns the patterns that have a set. One is reached if a
// host that is looked up under it presented a chain for which the library gave
// a verdict on the pins.
std::vector<CheckedPattern> CheckedPatterns(
    const std::vector<CheckResult>& results, const pinning::PinStore& store,
    const PinPlaces& places);

struct FilePolicy {
  int min_coverage = 0;  // per cent of the patterns
  pinning::Language language = pinning::Language::kEnglish;
};

// FileFindings returns what there is to say of sets and patterns: pins that no
// server of a set showed, backup keys, roots that are all that matches,
// patterns that nobody asked about.
std::vector<Finding> FileFindings(const std::vector<CheckResult>& results,
                                  const pinning::PinStore& store,
                                  const PinPlaces& places,
                                  const std::vector<CheckedSet>& sets,
                                  const std::vector<CheckedPattern>& patterns,
                                  const FilePolicy& policy);

// DivergenceFindings finds the endpoints whose addresses, or versions of TLS,
// show different chains. Each has the endpoint as its target.
std::vector<Finding> DivergenceFindings(const std::vector<Probe>& probes,
                                        const pinning::PinStore& store,
                                        const PinPlaces& places,
                                        pinning::Language language);

// Locate gives each finding of `results` that has no place the place of the
// pattern that covers its host, or else of the file.
void Locate(const pinning::PinStore& store, const PinPlaces& places,
            std::vector<CheckResult>& results);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CHECK_FINDINGS_H_

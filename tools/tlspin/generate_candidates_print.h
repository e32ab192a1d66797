#ifndef TOOLS_TLSPIN_GENERATE_CANDIDATES_PRINT_H_
#define TOOLS_TLSPIN_GENERATE_CANDIDATES_PRINT_H_

#include <string>

#include "absl/time/time.h"
#include "pinning/verdict.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/pin_file.h"

// What is said of the keys that could be pinned.
namespace tlspin {

// A CandidatesView is what is said of them depends on.
struct CandidatesView {
  absl::Time now;
  absl::Time expires;                  // of the pins
  const PinFilePin* backup = nullptr;  // the first of those given; null: none
  bool full = true;                    // whole pins
};

// CandidatesText returns the lines about the keys of `verdict`, which has a
// path, ending with the proposal.
std::string CandidatesText(const pinning::Verdict& verdict,
                           const CandidatesView& view);

// AddCandidates adds the keys "candidates" and "proposal" to `json`: an empty
// list and null if `verdict` is null, for what is not fit to be pinned.
void AddCandidates(const pinning::Verdict* verdict, const CandidatesView& view,
                   Json& json);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_GENERATE_CANDIDATES_PRINT_H_

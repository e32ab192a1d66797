#ifndef TOOLS_TLSPIN_FINDING_WORDS_H_
#define TOOLS_TLSPIN_FINDING_WORDS_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/strings/substitute.h"
#include "pinning/language.h"

namespace tlspin {

// A FindingWords is one sentence on a finding of `check`, beside those that it
// shares with what is said of hosts (phrases.h).
enum class FindingWords {
  kPinMismatch,
  kKeyBlocked,
  kExpiredRejects,
  kCertificateExpires,
  kCertificateExpiresToday,
  kBackupServed,
  kBackupSeenBefore,
  kBackupNotSeen,
  kBackupNotSeenInRuns,
  kKeyNotPinned,
  kRootPinned,
  kChainsDiverge,
  kPatternNotAsked,
  kCoverageLow,
  kFileFindings,
};

inline constexpr size_t kFindingWordsCount =
    static_cast<size_t>(FindingWords::kFileFindings) + 1;

// FindingTemplate returns `words` in `language`; `$0`, `$1`, ... stand for its
// arguments.
absl::string_view FindingTemplate(FindingWords words,
                                  pinning::Language language);

// Say returns `words` in `language` with `arguments`, not escaped, in their
// places.
template <typename... Arguments>
std::string Say(FindingWords words, pinning::Language language,
                const Arguments&... arguments) {
  return absl::Substitute(FindingTemplate(words, language), arguments...);
}

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FINDING_WORDS_H_

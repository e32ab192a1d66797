#include "tools/tlspin/sct_text.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "pinning/sct.h"
#include "tools/tlspin/phrases.h"

namespace tlspin {
namespace {

using ::pinning::Language;
using ::pinning::SctEvidence;
using ::pinning::SctResult;
using ::pinning::SctSource;
using ::pinning::SctStatus;

struct SourcePhrase {
  SctSource source;
  Phrase phrase;
};

constexpr SourcePhrase kSources[] = {
    {SctSource::kEmbedded, Phrase::kSctsEmbedded},
    {SctSource::kTlsExtension, Phrase::kSctsTls},
    {SctSource::kOcsp, Phrase::kSctsOcsp},
};

// LogsText returns " (Log A, Log B)" for the logs whose SCTs are of `status`,
// each named once, or nothing.
std::string LogsText(const SctEvidence& scts, SctStatus status) {
  std::vector<std::string> logs;
  for (const SctResult& result : scts.results) {
    if (result.status == status && !result.log.empty() &&
        std::find(logs.begin(), logs.end(), result.log) == logs.end()) {
      logs.push_back(result.log);
    }
  }
  return logs.empty() ? "" : absl::StrCat(" (", absl::StrJoin(logs, ", "), ")");
}

}  // namespace

std::string SctText(const SctEvidence& scts, Language language) {
  std::vector<std::string> parts;
  for (const SourcePhrase& row : kSources) {
    const size_t count = std::count_if(
        scts.results.begin(), scts.results.end(),
        [&row](const SctResult& r) { return r.sct.source == row.source; });
    if (count > 0) {
      parts.push_back(Say(row.phrase, language, absl::StrCat(count)));
    }
  }
  if (parts.empty()) {
    parts.push_back(Say(Phrase::kSctsNone, language));
  }
  // The good ones first.
  for (int i = static_cast<int>(SctStatus::kValid); i > 0; --i) {
    const SctStatus status = static_cast<SctStatus>(i);
    const std::string count = absl::StrCat(scts.CountOf(status));
    if (count != "0") {
      parts.push_back(absl::StrCat(
          status == SctStatus::kValid
              ? Say(Phrase::kSctsValid, language, count)
              : absl::StrCat(count, " ", pinning::SctStatusName(status)),
          LogsText(scts, status)));
    }
  }
  for (const std::string& fault : scts.faults) {
    parts.push_back(Say(Phrase::kSctsFault, language, fault));
  }
  return absl::StrJoin(parts, ", ");
}

}  // namespace tlspin

#include "tools/tlspin/explain_code.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"

namespace tlspin {

namespace {

std::string Normal(absl::string_view code) {
  return absl::StrReplaceAll(code, {{"_", "-"}});
}

}  // namespace

std::vector<const CodeEntry*> FindCodes(absl::string_view code) {
  const std::string wanted = Normal(code);
  std::vector<const CodeEntry*> same, alike;
  for (const CodeEntry& entry : AllCodeEntries()) {
    const std::string candidate = Normal(entry.code);
    if (candidate == wanted) {
      same.push_back(&entry);
    } else if (absl::EqualsIgnoreCase(candidate, wanted)) {
      alike.push_back(&entry);
    }
  }
  return same.empty() ? alike : same;
}

}  // namespace tlspin

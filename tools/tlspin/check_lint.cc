#include "tools/tlspin/check_lint.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/escape.h"
#include "tools/tlspin/lint_checks.h"

namespace tlspin {

std::vector<Finding> LintFindings(absl::string_view text,
                                  const std::string& name, absl::Time now,
                                  const PinPlaces& places) {
  std::vector<Finding> findings;
  for (const LintFinding& lint : LintPinFile(text, name, now).findings) {
    if (lint.severity != LintFinding::Severity::kWarning ||
        lint.code == "expires-soon" || RuleOf(lint.code) == nullptr) {
      continue;
    }
    Finding finding;
    finding.code = lint.code;
    finding.severity = Severity::kWarning;
    finding.set = Escape(lint.set);
    finding.message =
        lint.set.empty()
            ? absl::StrCat("the file ", Escape(lint.message))
            : absl::StrCat("set \"", finding.set, "\" ", Escape(lint.message));
    finding.place = places.Byte(lint.offset);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace tlspin

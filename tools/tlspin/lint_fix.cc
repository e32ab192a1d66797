#include "tools/tlspin/lint_fix.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/pin_diff.h"

namespace tlspin {
namespace {

// What is mended may bring to light what was hidden behind it.
constexpr int kMaxRounds = 8;

// Apply returns `text` with the fixes of `findings`, those moved to `*fixed`.
// One that overlaps with another is left for the next round.
std::string Apply(absl::string_view text, std::vector<LintFinding> findings,
                  std::vector<LintFinding>* fixed) {
  std::vector<TextEdit> edits;
  for (LintFinding& finding : findings) {
    const bool overlaps = std::any_of(
        finding.fix.begin(), finding.fix.end(), [&](const TextEdit& edit) {
          return !edits.empty() && edit.begin < edits.back().end;
        });
    if (!finding.fix.empty() && !overlaps) {
      edits.insert(edits.end(), finding.fix.begin(), finding.fix.end());
      fixed->push_back(std::move(finding));
    }
  }
  std::string result;
  size_t done = 0;
  for (const TextEdit& edit : edits) {
    absl::StrAppend(&result, text.substr(done, edit.begin - done), edit.with);
    done = edit.end;
  }
  absl::StrAppend(&result, text.substr(done));
  return result;
}

bool IsFixable(const LintFinding& finding) { return !finding.fix.empty(); }

}  // namespace

absl::StatusOr<FixedFile> FixPinFile(absl::string_view text,
                                     const std::string& name, absl::Time now) {
  FixedFile file;
  file.text = std::string(text);
  const LintResult before = LintPinFile(text, name, now);
  file.left = before;
  for (int round = 0; round < kMaxRounds; ++round) {
    if (std::none_of(file.left.findings.begin(), file.left.findings.end(),
                     IsFixable)) {
      break;
    }
    file.text = Apply(file.text, std::move(file.left.findings), &file.fixed);
    file.left = LintPinFile(file.text, name, now);
  }
  if (before.store == nullptr && file.left.store == nullptr) {
    return FixedFile{std::string(text), {}, before};
  }
  if (before.store != nullptr &&
      (file.left.store == nullptr ||
       before.store->updated() != file.left.store->updated() ||
       !ComparePins(*before.store, *file.left.store).same())) {
    return absl::InternalError(
        absl::StrCat(name, ": mending it would change what it decides"));
  }
  return file;
}

}  // namespace tlspin

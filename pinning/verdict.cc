#include "pinning/verdict.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/internal/text_escape.h"

namespace pinning {
namespace {

constexpr PinStatus kAllPinStatuses[] = {
    PinStatus::kNotEvaluated,  PinStatus::kNotPinned, PinStatus::kMatched,
    PinStatus::kMatchedBackup, PinStatus::kMismatch,  PinStatus::kExpired,
    PinStatus::kBypassed,      PinStatus::kBlocked,
};

// DescribeDiagnosis says in a few words what a refusal means; "MITM" is spelled
// out because it is what people and log filters look for.
std::string DescribeDiagnosis(const Diagnosis& diagnosis) {
  switch (diagnosis.kind) {
    case DiagnosisKind::kNone:
      return "";
    case DiagnosisKind::kInterception:
      return absl::StrCat("; MITM: this connection is intercepted",
                          diagnosis.product.empty()
                              ? ""
                              : absl::StrCat(" by \"", diagnosis.product, "\""),
                          " (", ConfidenceName(diagnosis.confidence),
                          " confidence)");
    default:
      return absl::StrCat("; ", DiagnosisKindName(diagnosis.kind), " (",
                          ConfidenceName(diagnosis.confidence), " confidence)");
  }
}

std::string DescribePins(const Verdict& verdict) {
  std::string text = absl::StrCat("pins=", PinStatusName(verdict.pin_status()));
  if (verdict.pins() != nullptr && verdict.pins()->matched_depth >= 0) {
    absl::StrAppend(&text, " depth=", verdict.pins()->matched_depth);
  }
  if (verdict.would_reject()) {
    absl::StrAppend(&text, " would-reject");
  }
  if (!verdict.weakenings().empty()) {
    absl::StrAppend(&text,
                    " weakened=", absl::StrJoin(verdict.weakenings(), ","));
  }
  return text;
}

std::string DescribeError(const PathError& error) {
  std::string text(ErrorCodeName(error.code));
  const absl::string_view spec = ErrorCodeSpec(error.code);
  if (!spec.empty()) {
    absl::StrAppend(&text, " (", spec, ")");
  }
  absl::StrAppend(&text, " at depth ", error.depth);
  if (!error.detail.empty()) {
    absl::StrAppend(&text, ": ", internal::EscapeText(error.detail));
  }
  return text;
}

}  // namespace

absl::Span<const PinStatus> AllPinStatuses() { return kAllPinStatuses; }

absl::string_view PinStatusName(PinStatus status) {
  switch (status) {
    case PinStatus::kNotEvaluated:
      return "not-evaluated";
    case PinStatus::kNotPinned:
      return "not-pinned";
    case PinStatus::kMatched:
      return "matched";
    case PinStatus::kMatchedBackup:
      return "matched-backup";
    case PinStatus::kMismatch:
      return "mismatch";
    case PinStatus::kExpired:
      return "expired";
    case PinStatus::kBypassed:
      return "bypassed";
    case PinStatus::kBlocked:
      return "blocked";
  }
  return "not-evaluated";
}

Verdict Verdict::Reject(PathError error, absl::Time now) {
  auto contents = std::make_shared<Contents>();
  contents->error = std::move(error);
  return Verdict(std::move(contents), now);
}

std::string Verdict::ToString() const {
  const std::string host = contents_->host.empty()
                               ? "(no name)"
                               : internal::EscapeText(contents_->host);
  if (contents_->accepted) {
    return absl::StrCat("ACCEPT ", host, " ", DescribePins(*this),
                        DescribeDiagnosis(contents_->diagnosis));
  }
  std::string text =
      absl::StrCat("REJECT ", host, " ", DescribeError(contents_->error));
  if (!contents_->weakenings.empty()) {
    absl::StrAppend(&text,
                    "; weakened=", absl::StrJoin(contents_->weakenings, ","));
  }
  return absl::StrCat(text, DescribeDiagnosis(contents_->diagnosis));
}

}  // namespace pinning

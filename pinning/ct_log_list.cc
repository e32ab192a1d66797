#include "pinning/ct_log_list.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "pinning/internal/ct_log_reader.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/sct_signature.h"
#include "pinning/internal/status_macros.h"
#include "pinning/internal/text_escape.h"

namespace pinning {
namespace {

CtLog LogOf(internal::CtLogEntry entry) {
  CtLog log;
  log.description = std::move(entry.description);
  log.operator_name = std::move(entry.operator_name);
  log.url = std::move(entry.url);
  log.log_id = entry.log_id;
  log.key = std::move(entry.key);
  if (entry.state.has_value()) {
    log.state = static_cast<CtLogState>(*entry.state + 1);
  }
  log.state_since = entry.state_since;
  log.interval_start = entry.interval_start;
  log.interval_end = entry.interval_end;
  log.tiled = entry.tiled;
  return log;
}

// IssuerKeys returns the different keys of those of `issuers` that have the
// name of the issuer of `leaf`, at most kMaxIssuers.
std::vector<absl::Span<const uint8_t>> IssuerKeys(
    const Certificate& leaf, absl::Span<const Certificate> issuers) {
  std::vector<absl::Span<const uint8_t>> keys;
  for (const Certificate& issuer : issuers) {
    if (internal::NamesMatch(issuer.parsed().subject, leaf.parsed().issuer) &&
        std::find(keys.begin(), keys.end(), issuer.spki_der()) == keys.end() &&
        keys.size() < CtLogList::kMaxIssuers) {
      keys.push_back(issuer.spki_der());
    }
  }
  return keys;
}

// CheckSignature returns kValid if `log` has signed `sct`.
SctStatus CheckSignature(const Sct& sct, const CtLog& log,
                         const Certificate& leaf,
                         absl::Span<const Certificate> issuers) {
  if (sct.source != SctSource::kEmbedded) {
    return internal::IsSctSignedBy(sct, leaf, {}, log.key)
               ? SctStatus::kValid
               : SctStatus::kBadSignature;
  }
  const std::vector<absl::Span<const uint8_t>> keys = IssuerKeys(leaf, issuers);
  for (const absl::Span<const uint8_t> key : keys) {
    if (internal::IsSctSignedBy(sct, leaf, key, log.key)) {
      return SctStatus::kValid;
    }
  }
  return keys.empty() ? SctStatus::kIssuerMissing : SctStatus::kBadSignature;
}

// CheckLog returns kValid if `log` could give `leaf` an SCT dated `when`.
SctStatus CheckLog(const CtLog& log, absl::Time when, const Certificate& leaf) {
  if (log.state == CtLogState::kPending || log.state == CtLogState::kRejected) {
    return SctStatus::kLogNotQualified;
  }
  if (log.state == CtLogState::kRetired && when >= *log.state_since) {
    return SctStatus::kLogRetired;
  }
  if ((log.interval_start.has_value() &&
       leaf.not_after() < *log.interval_start) ||
      (log.interval_end.has_value() && leaf.not_after() >= *log.interval_end)) {
    return SctStatus::kOutsideInterval;
  }
  return SctStatus::kValid;
}

}  // namespace

absl::string_view SctStatusName(SctStatus status) {
  switch (status) {
    case SctStatus::kUnsupportedVersion:
      return "unsupported-version";
    case SctStatus::kUnknownLog:
      return "unknown-log";
    case SctStatus::kIssuerMissing:
      return "issuer-missing";
    case SctStatus::kBadSignature:
      return "bad-signature";
    case SctStatus::kInFuture:
      return "in-future";
    case SctStatus::kLogNotQualified:
      return "log-not-qualified";
    case SctStatus::kLogRetired:
      return "log-retired";
    case SctStatus::kOutsideInterval:
      return "outside-interval";
    case SctStatus::kValid:
      return "valid";
  }
  return "unknown";
}

absl::string_view CtLogStateName(CtLogState state) {
  return state == CtLogState::kUnspecified
             ? "unspecified"
             : internal::kCtLogStateNames[static_cast<size_t>(state) - 1];
}

size_t SctEvidence::CountOf(SctStatus status) const {
  return std::count_if(
      results.begin(), results.end(),
      [status](const SctResult& result) { return result.status == status; });
}

absl::StatusOr<std::shared_ptr<const CtLogList>> CtLogList::FromJson(
    absl::string_view text, absl::string_view file_name) {
  if (text.size() > kMaxFileSize) {
    return absl::ResourceExhaustedError(absl::StrCat(
        file_name, ": a log list of more than ", kMaxFileSize, " bytes"));
  }
  PINNING_ASSIGN_OR_RETURN(internal::CtLogFile file,
                           internal::ParseCtLogFile(text, file_name, kMaxLogs));
  CtLogList list;
  list.timestamp_ = file.timestamp;
  for (internal::CtLogEntry& entry : file.logs) {
    list.by_id_.try_emplace(entry.log_id, list.logs_.size());
    list.logs_.push_back(LogOf(std::move(entry)));
  }
  return std::make_shared<const CtLogList>(std::move(list));
}

const CtLog* CtLogList::Find(const std::array<uint8_t, 32>& log_id) const {
  const auto found = by_id_.find(log_id);
  return found == by_id_.end() ? nullptr : &logs_[found->second];
}

SctResult CtLogList::Verify(const Sct& sct, const Certificate& leaf,
                            absl::Span<const Certificate> issuers,
                            absl::Time now) const {
  SctResult result;
  result.sct = sct;
  if (sct.version != 0) {
    result.status = SctStatus::kUnsupportedVersion;
    return result;
  }
  const CtLog* log = Find(sct.log_id);
  if (log == nullptr) {
    result.status = SctStatus::kUnknownLog;
    return result;
  }
  result.log = internal::EscapeText(log->description);
  result.operator_name = internal::EscapeText(log->operator_name);
  result.status = CheckSignature(sct, *log, leaf, issuers);
  if (result.status != SctStatus::kValid) {
    return result;
  }
  result.status = sct.timestamp() > now ? SctStatus::kInFuture
                                        : CheckLog(*log, sct.timestamp(), leaf);
  return result;
}

}  // namespace pinning

#include "pinning/report.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "nlohmann/json.hpp"
#include "pinning/certificate.h"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/interceptor_catalogue.h"
#include "pinning/internal/pem.h"
#include "pinning/internal/text_escape.h"
#include "pinning/path.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/verdict.h"

namespace pinning {
namespace {

using Json = nlohmann::ordered_json;
using internal::EscapeText;

std::string FormatRfc3339(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

// ReportedError returns the error of a refusal or, for a report-only set, the
// one that enforcement would have refused with.
ErrorCode ReportedError(const Verdict& verdict) {
  if (!verdict.accepted()) {
    return verdict.error().code;
  }
  if (!verdict.would_reject()) {
    return ErrorCode::kUnspecified;
  }
  switch (verdict.pin_status()) {
    case PinStatus::kMismatch:
      return ErrorCode::kPinMismatch;
    case PinStatus::kBlocked:
      return ErrorCode::kBlockedPin;
    case PinStatus::kExpired:
      return ErrorCode::kPinSetExpired;
    default:
      return ErrorCode::kBudgetExhausted;
  }
}

// RFC 7469, section 3 gives this form, not that of pin files.
std::string KnownPin(const Pin& pin) {
  return absl::StrCat(
      "pin-sha256=\"",
      absl::StripPrefix(pin.ToString(), absl::string_view("sha256/")), "\"");
}

Json ChainToJson(absl::Span<const Certificate> certificates) {
  Json list = Json::array();
  for (const Certificate& certificate : certificates) {
    list.push_back(internal::PemEncode("CERTIFICATE", certificate.der()));
  }
  return list;
}

// Codes and places, not sentences: a receiver compares, and the certificates
// that the sentences quote are in the report.
Json DiagnosisToJson(const Diagnosis& diagnosis) {
  if (diagnosis.kind == DiagnosisKind::kNone) {
    return nullptr;
  }
  Json json;
  json["kind"] = std::string(DiagnosisKindName(diagnosis.kind));
  json["product"] = diagnosis.product;
  json["vendor-kind"] = std::string(VendorKindName(diagnosis.vendor_kind));
  json["confidence"] = std::string(ConfidenceName(diagnosis.confidence));
  json["evidence"] = Json::array();
  for (const Evidence& evidence : diagnosis.evidence) {
    Json item;
    item["code"] = evidence.code;
    item["depth"] = evidence.depth;
    item["field"] = evidence.field;
    json["evidence"].push_back(std::move(item));
  }
  return json;
}

void AppendCertificates(absl::string_view title,
                        absl::Span<const Certificate> certificates,
                        std::string* text) {
  absl::StrAppend(text, title, "\n");
  for (size_t i = 0; i < certificates.size(); ++i) {
    absl::StrAppend(text, "  ", i, "  ", certificates[i].pin().ToString(), "  ",
                    EscapeText(certificates[i].subject()), "\n");
  }
}

}  // namespace

Report Report::FromVerdict(const Verdict& verdict) {
  Report report;
  report.date_time = verdict.time();
  report.host = verdict.host();
  report.pin_status = verdict.pin_status();
  report.error = ReportedError(verdict);
  report.served_chain.assign(verdict.presented().begin(),
                             verdict.presented().end());
  if (verdict.path() != nullptr) {
    const absl::Span<const Certificate> path = verdict.path()->certificates();
    report.validated_path.assign(path.begin(), path.end());
  }
  report.weakenings.assign(verdict.weakenings().begin(),
                           verdict.weakenings().end());
  report.diagnosis = verdict.diagnosis();
  if (verdict.pins() == nullptr) {
    return report;
  }
  const PinDetails& pins = *verdict.pins();
  absl::string_view noted = pins.pattern;
  report.include_subdomains =
      absl::ConsumePrefix(&noted, "**.") || absl::ConsumePrefix(&noted, "*.");
  report.noted_host = std::string(noted);
  report.report_only = pins.mode == PinSet::Mode::kReportOnly;
  report.expires = pins.expires;
  for (const std::vector<NamedPin>* list : {&pins.pins, &pins.backup_pins}) {
    for (const NamedPin& pin : *list) {
      report.known_pins.push_back(pin.pin);
    }
  }
  return report;
}

std::string Report::ToJson() const {
  Json json;
  json["date-time"] = FormatRfc3339(date_time);
  json["hostname"] = EscapeText(host);
  json["port"] = port;
  json["effective-expiration-date"] = FormatRfc3339(expires);
  json["include-subdomains"] = include_subdomains;
  json["noted-hostname"] = EscapeText(noted_host);
  json["served-certificate-chain"] = ChainToJson(served_chain);
  json["validated-certificate-chain"] = ChainToJson(validated_path);
  json["known-pins"] = Json::array();
  for (const Pin& pin : known_pins) {
    json["known-pins"].push_back(KnownPin(pin));
  }
  // Ours, after those of the RFC.
  json["report-only"] = report_only;
  json["pin-status"] = std::string(PinStatusName(pin_status));
  json["error"] = std::string(ErrorCodeName(error));
  json["weakenings"] = Json::array();
  for (const std::string& weakening : weakenings) {
    json["weakenings"].push_back(weakening);
  }
  json["diagnosis"] = DiagnosisToJson(diagnosis);
  json["pins-updated"] = FormatRfc3339(pins_updated);
  return json.dump(/*indent=*/-1, /*indent_char=*/' ', /*ensure_ascii=*/false,
                   Json::error_handler_t::replace);
}

std::string Report::ToText() const {
  std::string text = absl::StrCat(
      report_only ? "pins not met (report only)" : "pins not met", " for ",
      EscapeText(host), " at ", FormatRfc3339(date_time), ": ",
      ErrorCodeName(error), ", pins ", PinStatusName(pin_status), "\n");
  if (diagnosis.kind != DiagnosisKind::kNone) {
    absl::StrAppend(&text, "means ", DiagnosisKindName(diagnosis.kind), ", ",
                    ConfidenceName(diagnosis.confidence), " confidence",
                    diagnosis.product.empty() ? "" : ": ", diagnosis.product,
                    "\n");
  }
  AppendCertificates("served", served_chain, &text);
  AppendCertificates(validated_path.empty() ? "validated: none" : "validated",
                     validated_path, &text);
  absl::StrAppend(&text, "expected for ", include_subdomains ? "*." : "",
                  EscapeText(noted_host), " until ", FormatRfc3339(expires),
                  "\n");
  for (const Pin& pin : known_pins) {
    absl::StrAppend(&text, "     ", pin.ToString(), "\n");
  }
  if (!weakenings.empty()) {
    absl::StrAppend(&text, "weakened: ", absl::StrJoin(weakenings, ", "), "\n");
  }
  return text;
}

}  // namespace pinning

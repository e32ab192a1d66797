#include "pinning/verdict_json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "nlohmann/json.hpp"
#include "pinning/certificate.h"
#include "pinning/connection_facts.h"
#include "pinning/ct_log_list.h"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/internal/text_escape.h"
#include "pinning/language.h"
#include "pinning/path.h"
#include "pinning/pin_set.h"
#include "pinning/sct.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"

namespace pinning {
namespace {

using Json = nlohmann::ordered_json;
using internal::EscapeText;

std::string FormatRfc3339(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string HexOf(absl::Span<const uint8_t> bytes) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

Json CertificateToJson(const Certificate& certificate, int depth,
                       absl::string_view role) {
  Json json;
  json["depth"] = depth;
  json["role"] = std::string(role);
  json["subject"] = EscapeText(certificate.subject());
  json["issuer"] = EscapeText(certificate.issuer());
  json["serial"] = HexOf(certificate.serial());
  json["not_before"] = FormatRfc3339(certificate.not_before());
  json["not_after"] = FormatRfc3339(certificate.not_after());
  json["pin"] = certificate.pin().ToString();
  return json;
}

Json PathToJson(const VerifiedPath& path) {
  Json list = Json::array();
  const int last = static_cast<int>(path.certificates().size()) - 1;
  for (int depth = 0; depth <= last; ++depth) {
    const absl::string_view role = depth == 0      ? "leaf"
                                   : depth == last ? "anchor"
                                                   : "issuer";
    Json json = CertificateToJson(path.certificates()[depth], depth, role);
    if (depth == last) {
      json["origin"] = path.anchor_origin() == TrustAnchor::Origin::kLocal
                           ? "local"
                           : "bundled";
    }
    list.push_back(std::move(json));
  }
  return list;
}

// What a peer sent after its leaf has no role until a path gives it one.
Json PresentedToJson(absl::Span<const Certificate> presented) {
  Json list = Json::array();
  for (size_t i = 0; i < presented.size(); ++i) {
    list.push_back(CertificateToJson(presented[i], static_cast<int>(i),
                                     i == 0 ? "leaf" : "extra"));
  }
  return list;
}

Json ErrorToJson(const PathError& error) {
  Json json;
  json["code"] = static_cast<int>(error.code);
  json["name"] = std::string(ErrorCodeName(error.code));
  json["spec"] = std::string(ErrorCodeSpec(error.code));
  json["depth"] = error.depth;
  json["detail"] = EscapeText(error.detail);
  return json;
}

Json DiagnosisToJson(const Diagnosis& diagnosis, Language language) {
  if (diagnosis.kind == DiagnosisKind::kNone) {
    return nullptr;
  }
  Json json;
  json["kind"] = std::string(DiagnosisKindName(diagnosis.kind));
  json["product"] = diagnosis.product;
  json["vendor_kind"] = std::string(VendorKindName(diagnosis.vendor_kind));
  json["confidence"] = std::string(ConfidenceName(diagnosis.confidence));
  json["evidence"] = Json::array();
  for (const Evidence& evidence : diagnosis.evidence) {
    Json item;
    item["code"] = evidence.code;
    item["sentence"] = EvidenceSentence(evidence, language);
    item["depth"] = evidence.depth;
    item["field"] = evidence.field;
    item["weight"] = std::string(EvidenceWeightName(evidence.weight));
    json["evidence"].push_back(std::move(item));
  }
  json["advice"] = DiagnosisAdvice(diagnosis, language);
  json["exempt"] = diagnosis.exempt;
  return json;
}

Json PinToJson(const NamedPin& pin) {
  Json json;
  json["name"] = EscapeText(pin.name);
  json["pin"] = pin.pin.ToString();
  json["role"] = std::string(PinRoleName(pin.role));
  return json;
}

void AppendExpected(absl::Span<const NamedPin> pins, bool backup, Json* list) {
  for (const NamedPin& pin : pins) {
    Json json = PinToJson(pin);
    json["backup"] = backup;
    list->push_back(std::move(json));
  }
}

Json PinsToJson(const PinDetails* pins) {
  if (pins == nullptr) {
    return nullptr;
  }
  Json json;
  json["set"] = EscapeText(pins->set);
  json["pattern"] = EscapeText(pins->pattern);
  json["mode"] =
      pins->mode == PinSet::Mode::kEnforce ? "enforce" : "report-only";
  json["on_expiry"] = pins->on_expiry == PinSet::OnExpiry::kReject
                          ? "reject"
                          : "stop-enforcing";
  json["expires"] = FormatRfc3339(pins->expires);
  json["matched"] = nullptr;
  if (pins->matched.has_value()) {
    json["matched"] = PinToJson(*pins->matched);
    json["matched"]["depth"] = pins->matched_depth;
  }
  json["expected"] = Json::array();
  AppendExpected(pins->pins, /*backup=*/false, &json["expected"]);
  AppendExpected(pins->backup_pins, /*backup=*/true, &json["expected"]);
  json["blocked"] = Json::array();
  for (const NamedPin& pin : pins->blocked_pins) {
    json["blocked"].push_back(PinToJson(pin));
  }
  return json;
}

Json FailedPathsToJson(absl::Span<const FailedPath> failed_paths) {
  Json list = Json::array();
  for (const FailedPath& failed : failed_paths) {
    Json json;
    json["error"] = ErrorToJson(failed.error);
    json["certificates"] = Json::array();
    for (const Certificate& certificate : failed.certificates) {
      Json item;
      item["subject"] = EscapeText(certificate.subject());
      item["pin"] = certificate.pin().ToString();
      json["certificates"].push_back(std::move(item));
    }
    list.push_back(std::move(json));
  }
  return list;
}

Json SctToJson(const SctResult& result) {
  Json json;
  json["source"] = std::string(SctSourceName(result.sct.source));
  json["status"] = std::string(SctStatusName(result.status));
  json["log"] = result.log;
  json["operator"] = result.operator_name;
  json["log_id"] = HexOf(result.sct.log_id);
  const absl::Time timestamp = result.sct.timestamp();
  json["timestamp"] = nullptr;  // of another version, or past the year 9999
  if (result.sct.version == 0 && timestamp != absl::InfiniteFuture()) {
    json["timestamp"] = FormatRfc3339(timestamp);
  }
  return json;
}

void AppendScts(const SctEvidence& scts, Json* json) {
  (*json)["scts"] = Json::array();
  for (const SctResult& result : scts.results) {
    (*json)["scts"].push_back(SctToJson(result));
  }
  (*json)["sct_faults"] = scts.faults;
}

Json SeenElsewhereToJson(const SeenElsewhere& seen) {
  const auto or_null = [](const std::optional<bool>& fact) {
    return fact.has_value() ? Json(*fact) : Json(nullptr);
  };
  Json json;
  json["leaf_key_hosts"] = seen.leaf_key_hosts;
  json["issuer_key_hosts"] = seen.issuer_key_hosts;
  json["issuer_key_proved"] = seen.issuer_key_proved;
  json["last_seen"] = nullptr;
  if (seen.last_seen.has_value()) {
    const LastSeen& last = *seen.last_seen;
    Json item;
    item["time"] = FormatRfc3339(last.when);
    item["accepted"] = last.accepted;
    item["same_key"] = last.same_key;
    item["key_type"] = last.key_type;
    item["key_bits"] = last.key_bits;
    item["serial"] = last.serial;
    item["alpn"] = or_null(last.had_alpn);
    item["staple"] = or_null(last.had_staple);
    item["tls_scts"] = or_null(last.had_tls_sct);
    json["last_seen"] = std::move(item);
  }
  return json;
}

}  // namespace

std::string VerdictToJson(const Verdict& verdict, Language language) {
  Json json;
  json["schema"] = "tlspin.verdict/1";
  json["host"] = EscapeText(verdict.host());
  json["time"] = FormatRfc3339(verdict.time());
  json["accepted"] = verdict.accepted();
  json["error"] = nullptr;
  if (!verdict.accepted()) {
    json["error"] = ErrorToJson(verdict.error());
  }
  json["pin_status"] = std::string(PinStatusName(verdict.pin_status()));
  json["would_reject"] = verdict.would_reject();
  json["mitm"] = verdict.is_mitm();
  json["diagnosis"] = DiagnosisToJson(verdict.diagnosis(), language);
  json["path"] =
      verdict.path() == nullptr ? Json::array() : PathToJson(*verdict.path());
  json["pins"] = PinsToJson(verdict.pins());
  json["presented"] = PresentedToJson(verdict.presented());
  json["failed_paths"] = FailedPathsToJson(verdict.failed_paths());
  // Only if they were asked about: an empty list says that there was none.
  if (verdict.scts() != nullptr) {
    AppendScts(*verdict.scts(), &json);
  }
  if (verdict.seen_elsewhere() != nullptr && verdict.seen_elsewhere()->any()) {
    json["seen_elsewhere"] = SeenElsewhereToJson(*verdict.seen_elsewhere());
  }
  json["weakenings"] = Json::array();
  for (const std::string& weakening : verdict.weakenings()) {
    json["weakenings"].push_back(weakening);
  }
  return json.dump(/*indent=*/-1, /*indent_char=*/' ', /*ensure_ascii=*/false,
                   Json::error_handler_t::replace);
}

}  // namespace pinning

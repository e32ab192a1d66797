#include "pinning/interception.h"

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/interceptor_catalogue.h"
#include "pinning/internal/diagnoser.h"
#include "pinning/internal/evidence_codes.h"
#include "pinning/internal/exempt_hosts.h"
#include "pinning/internal/text_escape.h"
#include "pinning/internal/utc_time.h"
#include "pinning/language.h"
#include "pinning/observation.h"
#include "pinning/server_name.h"

namespace pinning {
namespace {

using internal::EscapeText;

// AdviseOnInterception: who can do something about it depends on whose
// interceptor it is.
void AdviseOnInterception(const Observation& seen, Diagnosis* diagnosis) {
  diagnosis->advice_arguments = {diagnosis->product};
  if (diagnosis->vendor_kind == VendorKind::kMalware) {
    diagnosis->advice_message = "advice.malware";
    return;
  }
  diagnosis->exempt =
      internal::ExemptHosts(*seen.name, seen.pin_store, seen.requirements);
  switch (diagnosis->vendor_kind) {
    case VendorKind::kAntivirus:
      diagnosis->advice_message = "advice.exempt-antivirus";
      return;
    case VendorKind::kDeveloperProxy:
      diagnosis->advice_message = "advice.exempt-developer-proxy";
      return;
    case VendorKind::kParentalControl:
      diagnosis->advice_message = "advice.exempt-parental-control";
      return;
    case VendorKind::kState:
      diagnosis->advice_message = "advice.exempt-state";
      return;
    default:
      diagnosis->advice_message = "advice.exempt";
      diagnosis->advice_arguments.clear();
  }
}

const Evidence* FindEvidence(const Diagnosis& diagnosis,
                             absl::string_view code) {
  for (const Evidence& evidence : diagnosis.evidence) {
    if (evidence.code == code) {
      return &evidence;
    }
  }
  return nullptr;
}

// AdviseOnServer: what its operator is to do, where that is known.
void AdviseOnServer(const Observation& seen, Diagnosis* diagnosis) {
  const std::string host = EscapeText(seen.name->ToString());
  if (FindEvidence(*diagnosis, internal::evidence::kExpired) != nullptr &&
      seen.error.code == ErrorCode::kExpired) {
    diagnosis->advice_message = "advice.server.expired";
    diagnosis->advice_arguments = {host, internal::FormatUtcTime(seen.now)};
    return;
  }
  const Evidence* missing =
      FindEvidence(*diagnosis, internal::evidence::kMissingIssuer);
  if (missing != nullptr && !missing->arguments.empty()) {
    diagnosis->advice_message = "advice.server.missing-issuer";
    diagnosis->advice_arguments = {host, missing->arguments[0]};
    return;
  }
  diagnosis->advice_message = "advice.server";
  diagnosis->advice_arguments = {host,
                                 std::string(ErrorCodeName(seen.error.code))};
}

void Advise(const Observation& seen, Diagnosis* diagnosis) {
  const std::string host = EscapeText(seen.name->ToString());
  switch (diagnosis->kind) {
    case DiagnosisKind::kNone:
      return;
    case DiagnosisKind::kInterception:
      AdviseOnInterception(seen, diagnosis);
      break;
    case DiagnosisKind::kUnexpectedIssuer:
      if (diagnosis->advice_message.empty()) {
        diagnosis->advice_message = "advice.unexpected-issuer";
        diagnosis->advice_arguments = {host};
      }
      break;
    case DiagnosisKind::kStalePins:
      diagnosis->advice_message = "advice.stale-pins";
      diagnosis->advice_arguments = {host};
      break;
    case DiagnosisKind::kCaptivePortal:
      diagnosis->advice_message = "advice.captive-portal";
      break;
    case DiagnosisKind::kClock:
      diagnosis->advice_message = "advice.clock";
      diagnosis->advice_arguments = {internal::FormatUtcTime(seen.now)};
      break;
    case DiagnosisKind::kServer:
      AdviseOnServer(seen, diagnosis);
      break;
  }
  diagnosis->advice = DiagnosisAdvice(*diagnosis, Language::kEnglish);
}

}  // namespace

Diagnosis Diagnose(const Observation& observation) {
  Diagnosis diagnosis = internal::Diagnoser(observation).Diagnose();
  Advise(observation, &diagnosis);
  return diagnosis;
}

}  // namespace pinning

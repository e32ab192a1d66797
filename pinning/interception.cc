#include "pinning/interception.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/internal/diagnoser.h"
#include "pinning/internal/exempt_hosts.h"
#include "pinning/observation.h"
#include "pinning/server_name.h"

namespace pinning {
namespace {

// HostsToExempt lists what is to be exempted from inspection, as a sentence
// does.
std::string HostsToExempt(const Observation& seen) {
  std::vector<std::string> hosts = internal::ExemptHosts(
      *seen.name, seen.pin_store, seen.pin_set, seen.requirements);
  if (hosts.size() == 1) {
    return hosts.front();
  }
  const std::string last = std::move(hosts.back());
  hosts.pop_back();
  return absl::StrCat(absl::StrJoin(hosts, ", "), " and ", last);
}

std::string Advice(DiagnosisKind kind, const Observation& seen) {
  const std::string& host = seen.name->ToString();
  switch (kind) {
    case DiagnosisKind::kInterception:
      return absl::StrCat("ask the administrator to exempt ",
                          HostsToExempt(seen), " from TLS inspection");
    case DiagnosisKind::kUnexpectedIssuer:
      return absl::StrCat("ask the operator of ", host,
                          " whether its keys or its certificate authority "
                          "changed; if they did not, report a mis-issued "
                          "certificate to the authority");
    case DiagnosisKind::kStalePins:
      return absl::StrCat("update the pin file, then check ", host, " again");
    case DiagnosisKind::kCaptivePortal:
      return "sign in to the network in a browser, then try again";
    case DiagnosisKind::kClock:
      return absl::StrCat("set the clock of this machine, which says ",
                          absl::FormatTime(seen.now, absl::UTCTimeZone()),
                          ", then try again");
    case DiagnosisKind::kServer:
      return absl::StrCat(
          "tell the operator of ", host,
          " that its certificate is refused: ", ErrorCodeName(seen.error.code));
    case DiagnosisKind::kNone:
      break;
  }
  return "";
}

}  // namespace

Diagnosis Diagnose(const Observation& observation) {
  Diagnosis diagnosis = internal::Diagnoser(observation).Diagnose();
  diagnosis.advice = Advice(diagnosis.kind, observation);
  return diagnosis;
}

}  // namespace pinning

#ifndef PINNING_REPORT_H_
#define PINNING_REPORT_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "pinning/certificate.h"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/pin.h"
#include "pinning/verdict.h"
#include "pinning/verdict_json.h"

namespace pinning {

// A Report is the record of a pin failure, enforced or not, with the fields of
// RFC 7469, section 3. It owns copies of everything it holds.
struct Report {
  // FromVerdict fills a report from a verdict that pins refused or would have.
  static Report FromVerdict(const Verdict& verdict);

  absl::Time date_time;
  std::string host;
  int port = 0;  // 0: not known to the library
  std::string noted_host;
  bool include_subdomains = false;
  bool report_only = false;
  absl::Time expires;
  PinStatus pin_status = PinStatus::kNotEvaluated;
  ErrorCode error = ErrorCode::kUnspecified;
  std::vector<Certificate> served_chain;
  std::vector<Certificate> validated_path;  // empty if none was valid
  std::vector<Pin> known_pins;
  std::vector<std::string> weakenings;  // danger.h options in force
  Diagnosis diagnosis;                  // what the failure most likely means
  // When the pin list was last known to be right; the Verifier sets it.
  absl::Time pins_updated = absl::UnixEpoch();
  // Verifier::ConfigDigest of the verifier that reports, which sets it. It
  // tells one report from another here and is in neither text below: it covers
  // the anchors added to this machine, and so would name the machine.
  std::array<uint8_t, 32> config_digest = {};

  // ToJson returns the RFC 7469 JSON object, keys in a fixed order.
  std::string ToJson() const;
  // ToText returns the same for people: served pins beside expected pins.
  std::string ToText() const;
};

// A ReportSink receives reports (pinning/report_sinks.h has some). Submit may
// be called from any thread during a handshake, so it must not block, and must
// not call back into the verifier, but through a LimitedSink. It returns
// nothing because a report never changes a verdict, which is made before.
class ReportSink {
 public:
  virtual ~ReportSink() = default;
  virtual void Submit(const Report& report) = 0;
};

}  // namespace pinning

#endif  // PINNING_REPORT_H_

#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/nsc.h"

namespace tlspin {
namespace {

// TrustKit takes no empty pin-set, and Android itself enforces the pins
// whatever enforcePinning says: neither carve-outs nor report-only.
constexpr Capabilities Can() {
  Capabilities can;
  can.hosts = HostForm::kNamesAndAllBelow;
  can.overlap = Overlap::kMostSpecific;
  can.expiry = Expiry::kDay;
  can.notes = true;
  return can;
}

absl::StatusOr<std::vector<std::string>> Write(const ExportPlan& plan) {
  return std::vector<std::string>{NetworkSecurityConfig(plan, true)};
}

absl::StatusOr<Imported> Read(const ImportSource& source) {
  return ReadNetworkSecurityConfig(source, true);
}

}  // namespace

const FormatSpec kTrustKitAndroidFormat = {
    "trustkit-android",
    "TrustKit for Android",
    ".xml",
    "",
    Can(),
    "Android reads the expiration in the time zone of the device: the pins end "
    "up to 14 hours before or 12 hours after the date in UTC",
    Write,
    Read};

}  // namespace tlspin

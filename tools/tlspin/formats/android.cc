#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/nsc.h"

namespace tlspin {
namespace {

// A domain stands once in a file; the exact name wins, then the longest.
constexpr Capabilities Can() {
  Capabilities can;
  can.hosts = HostForm::kNamesAndAllBelow;
  can.overlap = Overlap::kMostSpecific;
  can.carve_outs = CarveOuts::kTrees;
  can.expiry = Expiry::kDay;
  can.notes = true;
  return can;
}

absl::StatusOr<std::vector<std::string>> Write(const ExportPlan& plan) {
  return std::vector<std::string>{NetworkSecurityConfig(plan, false)};
}

absl::StatusOr<Imported> Read(const ImportSource& source) {
  return ReadNetworkSecurityConfig(source, false);
}

}  // namespace

const FormatSpec kAndroidFormat = {
    "android",
    "Android Network Security Config",
    ".xml",
    "",
    Can(),
    "Android reads the expiration in the time zone of the device: the pins end "
    "up to 14 hours before or 12 hours after the date in UTC",
    Write,
    Read};

}  // namespace tlspin

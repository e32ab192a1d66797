#ifndef TOOLS_TLSPIN_FORMATS_NSC_H_
#define TOOLS_TLSPIN_FORMATS_NSC_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/tlspin/formats/format.h"

// Android's Network Security Config, which TrustKit reads too.
namespace tlspin {

// NetworkSecurityConfig returns the file of `plan`; `trustkit` adds TrustKit's
// element to each domain-config and gives each domain its own, because old
// versions of TrustKit read the last domain of one only.
std::string NetworkSecurityConfig(const ExportPlan& plan, bool trustkit);

// ReadNetworkSecurityConfig reads such a file.
absl::StatusOr<Imported> ReadNetworkSecurityConfig(const ImportSource& source,
                                                   bool trustkit);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_NSC_H_

#ifndef TOOLS_TLSPIN_FORMATS_IMPORT_HOSTS_H_
#define TOOLS_TLSPIN_FORMATS_IMPORT_HOSTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/formats/format.h"

namespace tlspin {

// An ImportedHost is a pattern of a pin file and the sets, by index, whose pins
// are its pins; none if it is carved out.
struct ImportedHost {
  std::string pattern;
  std::vector<size_t> sets;
  Place place;
};

// ImportHosts returns the fewest patterns that say what `imported.entries` say
// in `format`, in their order. It makes the hosts of the entries canonical, and
// returns INVALID_ARGUMENT at the place of one that is no host of a pin file or
// is there twice. What the format does not tell is added to the losses.
absl::StatusOr<std::vector<ImportedHost>> ImportHosts(
    const FormatSpec& format, absl::string_view file_name, Imported& imported);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_IMPORT_HOSTS_H_

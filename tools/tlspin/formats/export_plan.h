#ifndef TOOLS_TLSPIN_FORMATS_EXPORT_PLAN_H_
#define TOOLS_TLSPIN_FORMATS_EXPORT_PLAN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/pin_document.h"

namespace tlspin {

// MakeExportPlan fills in `plan`, whose `document`, `now`, `pkix` and `keys`
// are set, for `format`, and adds to `losses` everything in the pin file that
// the format cannot say, in the order of the file. `host` is the host that a
// format without hosts is for; it may be empty if the file has one name and
// nothing else. It returns INVALID_ARGUMENT if there is nothing to write for
// it.
//
// Hosts are compared by what they are held to, as the format reads them, with
// one name for each kind of name that the patterns tell apart (host_cells.h):
// what is not listed is held to the same set as before.
absl::Status MakeExportPlan(const FormatSpec& format, const std::string& host,
                            ExportPlan& plan, std::vector<Loss>& losses);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_EXPORT_PLAN_H_

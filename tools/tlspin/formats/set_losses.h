#ifndef TOOLS_TLSPIN_FORMATS_SET_LOSSES_H_
#define TOOLS_TLSPIN_FORMATS_SET_LOSSES_H_

#include <cstddef>
#include <vector>

#include "tools/tlspin/formats/format.h"

namespace tlspin {

// AddSetLosses adds to `losses` what a format that `can` cannot say of the set
// numbered `index` of the pin file: its mode, expiry, roles, blocked pins,
// names and comments.
void AddSetLosses(const Capabilities& can, const ExportPlan& plan, size_t index,
                  std::vector<Loss>& losses);

// DayNotBefore returns the first day, as "2027-02-20", that begins at or after
// `time`, UTC: a date in whole days must not end a set early.
std::string DayNotBefore(absl::Time time);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_SET_LOSSES_H_

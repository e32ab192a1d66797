#ifndef TOOLS_TLSPIN_REPORTS_SARIF_H_
#define TOOLS_TLSPIN_REPORTS_SARIF_H_

#include <string>

#include "tools/tlspin/reports/check_report.h"

namespace tlspin {

// SarifReport returns `report` as a SARIF 2.1.0 log (OASIS): a result for each
// finding, with its place in the pin file where it has one. What could not be
// checked is a notification too, and makes `executionSuccessful` false.
std::string SarifReport(const CheckReport& report);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_REPORTS_SARIF_H_

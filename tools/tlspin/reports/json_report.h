#ifndef TOOLS_TLSPIN_REPORTS_JSON_REPORT_H_
#define TOOLS_TLSPIN_REPORTS_JSON_REPORT_H_

#include <string>

#include "tools/tlspin/reports/check_report.h"

namespace tlspin {

// JsonReport returns `report` as one JSON object, "tlspin.check-report/1"
// (check_report.schema.json). Within a version keys are only added.
std::string JsonReport(const CheckReport& report);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_REPORTS_JSON_REPORT_H_

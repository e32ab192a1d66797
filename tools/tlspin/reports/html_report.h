#ifndef TOOLS_TLSPIN_REPORTS_HTML_REPORT_H_
#define TOOLS_TLSPIN_REPORTS_HTML_REPORT_H_

#include <string>

#include "tools/tlspin/reports/check_report.h"

namespace tlspin {

// HtmlReport returns `report` as one page in English that needs nothing else:
// no script, nothing fetched, light and dark.
std::string HtmlReport(const CheckReport& report);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_REPORTS_HTML_REPORT_H_

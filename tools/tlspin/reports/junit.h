#ifndef TOOLS_TLSPIN_REPORTS_JUNIT_H_
#define TOOLS_TLSPIN_REPORTS_JUNIT_H_

#include <string>

#include "tools/tlspin/reports/check_report.h"

namespace tlspin {

// JUnitReport returns `report` as JUnit XML, as Jenkins and GitLab read it: a
// test case for each endpoint, and one for each finding. What makes the exit
// code 1 is a failure; what could not be checked is an error; a pattern that
// nobody asked about is skipped; any other finding passes and says so.
std::string JUnitReport(const CheckReport& report);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_REPORTS_JUNIT_H_

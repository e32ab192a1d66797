#ifndef TOOLS_TLSPIN_REPORTS_PROMETHEUS_H_
#define TOOLS_TLSPIN_REPORTS_PROMETHEUS_H_

#include <string>

#include "tools/tlspin/reports/check_report.h"

namespace tlspin {

// PrometheusReport returns `report` in Prometheus's text format, version 0.0.4,
// as node_exporter's textfile collector takes it: no timestamps of samples, and
// dates as seconds since 1970.
std::string PrometheusReport(const CheckReport& report);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_REPORTS_PROMETHEUS_H_

#ifndef TOOLS_TLSPIN_REPORTS_REPORT_FILES_H_
#define TOOLS_TLSPIN_REPORTS_REPORT_FILES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/reports/check_report.h"

namespace tlspin {

// A ReportFile is one value of --report: "FORMAT=FILE".
struct ReportFile {
  using Writer = std::string (*)(const CheckReport&);

  Writer writer = nullptr;
  std::string path;
};

// ReportFormats returns the formats, as the help lists them: "junit, sarif,
// json, html or prometheus".
std::string ReportFormats();

// ParseReportFiles parses the values of --report. It returns INVALID_ARGUMENT,
// naming the flag, if one is not FORMAT=FILE, or if two reports, or a report
// and one of the files in `read`, are the same file.
absl::StatusOr<std::vector<ReportFile>> ParseReportFiles(
    const std::vector<std::string>& values,
    const std::vector<std::string>& read);

// WriteReports writes every report it can, each whole or not at all, and
// returns the first error, which names the file.
absl::Status WriteReports(const std::vector<ReportFile>& files,
                          const CheckReport& report);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_REPORTS_REPORT_FILES_H_

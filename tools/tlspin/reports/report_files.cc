#include "tools/tlspin/reports/report_files.h"

#include <sys/stat.h>

#include <cstddef>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/reports/html_report.h"
#include "tools/tlspin/reports/json_report.h"
#include "tools/tlspin/reports/junit.h"
#include "tools/tlspin/reports/prometheus.h"
#include "tools/tlspin/reports/sarif.h"

namespace tlspin {
namespace {

struct Format {
  absl::string_view name;
  ReportFile::Writer writer;
};

constexpr Format kFormats[] = {
    {"junit", JUnitReport},
    {"sarif", SarifReport},
    {"json", JsonReport},
    {"html", HtmlReport},
    {"prometheus", PrometheusReport},
};

// SameFile returns whether `a` and `b` are the same path, or two of one file.
bool SameFile(const std::string& a, const std::string& b) {
  struct stat one, other;
  return a == b || (stat(a.c_str(), &one) == 0 &&
                    stat(b.c_str(), &other) == 0 && S_ISREG(one.st_mode) &&
                    one.st_dev == other.st_dev && one.st_ino == other.st_ino);
}

absl::Status Bad(absl::string_view value, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("--report ", value, ": ", why));
}

absl::StatusOr<ReportFile> ParseReportFile(const std::string& value) {
  const size_t equals = value.find('=');
  const absl::string_view name = absl::string_view(value).substr(0, equals);
  for (const Format& format : kFormats) {
    if (format.name != name) {
      continue;
    }
    if (equals == value.npos || equals + 1 == value.size()) {
      return Bad(value, absl::StrCat("names no file; write ", name, "=FILE"));
    }
    ReportFile file{format.writer, value.substr(equals + 1)};
    if (file.path == "-") {
      return Bad(value, "standard output holds the answer; name a file");
    }
    return file;
  }
  return Bad(value,
             absl::StrCat("write FORMAT=FILE; a format is ", ReportFormats()));
}

}  // namespace

std::string ReportFormats() {
  std::string text;
  const size_t count = std::size(kFormats);
  for (size_t i = 0; i < count; ++i) {
    absl::StrAppend(&text,
                    i == 0           ? ""
                    : i + 1 == count ? " or "
                                     : ", ",
                    kFormats[i].name);
  }
  return text;
}

absl::StatusOr<std::vector<ReportFile>> ParseReportFiles(
    const std::vector<std::string>& values,
    const std::vector<std::string>& read) {
  std::vector<ReportFile> files;
  for (const std::string& value : values) {
    absl::StatusOr<ReportFile> file = ParseReportFile(value);
    if (!file.ok()) {
      return file.status();
    }
    for (const std::string& other : read) {
      if (!other.empty() && SameFile(file->path, other)) {
        return Bad(value, "would overwrite a file that is read");
      }
    }
    for (const ReportFile& other : files) {
      if (SameFile(file->path, other.path)) {
        return Bad(value, "two reports for one file");
      }
    }
    files.push_back(*std::move(file));
  }
  return files;
}

absl::Status WriteReports(const std::vector<ReportFile>& files,
                          const CheckReport& report) {
  absl::Status status;
  for (const ReportFile& file : files) {
    status.Update(WriteFileAtomically(file.path, file.writer(report)));
  }
  return status;
}

}  // namespace tlspin

#include "tools/tlspin/check_outcome.h"

#include <cstddef>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "pinning/certificate.h"
#include "pinning/error.h"
#include "pinning/path.h"
#include "pinning/verdict.h"
#include "tools/tlspin/escape.h"
#include "tools/tlspin/finding_words.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/verdict_words.h"
#include "tools/tlspin/version.h"

namespace tlspin {
namespace {

using ::pinning::Language;

CheckedHost HostOf(const CheckResult& result, Language language) {
  CheckedHost host;
  host.target = Escape(result.target);
  host.host = Escape(result.endpoint->host);
  host.address = Escape(result.endpoint->address);
  host.port = result.endpoint->port;
  host.peer = Escape(result.peer);
  host.result = CheckKindName(result.kind);
  host.message = ResultText(result, language);
  host.error_code = result.code;
  if (!result.verdict.has_value()) {
    return host;
  }
  const pinning::Verdict& verdict = *result.verdict;
  if (!verdict.accepted()) {
    host.error_code = std::string(ErrorCodeName(verdict.error().code));
  }
  if (verdict.pins() != nullptr) {
    host.set = Escape(verdict.pins()->set);
    host.pattern = Escape(verdict.pins()->pattern);
    if (verdict.pins()->matched.has_value()) {
      host.matched = Escape(verdict.pins()->matched->name);
    }
  }
  if (verdict.path() != nullptr) {
    for (const pinning::Certificate& certificate :
         verdict.path()->certificates()) {
      host.path.push_back({static_cast<int>(host.path.size()),
                           SubjectText(certificate, language),
                           certificate.pin().ToString(),
                           certificate.not_after()});
    }
  }
  return host;
}

// PlaceIn returns the place that `message` begins with, "FILE:LINE:COLUMN: ".
FilePlace PlaceIn(absl::string_view message, const std::string& pin_file) {
  FilePlace place;
  const std::string name = pin_file == "-" ? "standard input" : pin_file;
  if (!absl::ConsumePrefix(&message, absl::StrCat(name, ":"))) {
    return place;
  }
  const std::vector<absl::string_view> parts =
      absl::StrSplit(message, absl::MaxSplits(':', 2));
  int line = 0, column = 0;
  if (parts.size() == 3 && absl::SimpleAtoi(parts[0], &line) &&
      absl::SimpleAtoi(parts[1], &column)) {
    // The text was not kept: a byte stands for a character.
    place = {line, column, column};
  }
  return place;
}

}  // namespace

std::string CheckAnswer(const CheckOutcome& outcome, Language language) {
  size_t refused = 0, unknown = 0, of_file = 0;
  for (const CheckResult& result : outcome.results) {
    refused += result.kind == CheckResult::Kind::kRefused ? 1 : 0;
    unknown += result.kind == CheckResult::Kind::kNotReached ? 1 : 0;
  }
  CheckReport strictness;
  strictness.strict = outcome.strict;
  for (const Finding& finding : outcome.of_file) {
    of_file += Fails(strictness, finding) ? 1 : 0;
  }
  const size_t hosts = outcome.results.size();
  std::string text;
  if (refused + unknown == 0) {
    text = hosts == 1 ? Say(Phrase::kCheckOneGood, language)
                      : Say(Phrase::kCheckAllGood, language, hosts);
  } else {
    if (refused > 0) {
      text = Say(Phrase::kCheckCountRefused, language, refused);
    }
    if (unknown > 0) {
      absl::StrAppend(&text, text.empty() ? "" : ", ",
                      Say(Phrase::kCheckCountUnknown, language, unknown));
    }
    text = hosts == 1 ? Say(Phrase::kCheckOfOne, language, text)
                      : Say(Phrase::kCheckOfMany, language, hosts, text);
  }
  if (of_file > 0) {
    absl::StrAppend(&text, "; ",
                    Say(FindingWords::kFileFindings, language, of_file));
  }
  return text;
}

CheckReport ReportOf(const CheckOutcome& outcome, const std::string& pin_file,
                     absl::Time now, Language language) {
  CheckReport report;
  report.tool = kVersion;
  report.pin_file = pin_file;
  report.time = now;
  report.exit_code = outcome.exit_code;
  report.answer = CheckAnswer(outcome, language);
  report.strict = outcome.strict;
  for (const CheckResult& result : outcome.results) {
    if (result.endpoint.has_value()) {
      report.hosts.push_back(HostOf(result, language));
    }
    for (Finding finding : result.findings) {
      finding.target = Escape(finding.target);
      report.findings.push_back(std::move(finding));
    }
  }
  report.findings.insert(report.findings.end(), outcome.of_file.begin(),
                         outcome.of_file.end());
  report.sets = outcome.sets;
  report.patterns = outcome.patterns;
  return report;
}

CheckReport ReportOf(const absl::Status& error, const std::string& pin_file,
                     absl::Time now) {
  CheckReport report;
  report.tool = kVersion;
  report.pin_file = pin_file;
  report.time = now;
  report.exit_code = kUndecided;
  report.answer = EscapeMessage(error.message());
  Finding finding;
  finding.code = "pin-file-unreadable";
  finding.severity = Severity::kError;
  finding.message = report.answer;
  finding.place = PlaceIn(error.message(), pin_file);
  finding.undecided = true;
  report.findings.push_back(std::move(finding));
  return report;
}

}  // namespace tlspin

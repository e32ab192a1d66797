#include "tools/tlspin/reports/junit.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/html_writer.h"
#include "tools/tlspin/time_text.h"

namespace tlspin {
namespace {

// XmlText returns `text` for an element or a quoted attribute. What HTML has
// escaped is what XML has, and characters that XML forbids are escaped too.
std::string XmlText(absl::string_view text) { return HtmlText(text); }

struct Case {
  enum class Outcome { kPassed, kFailed, kError, kSkipped };

  std::string classname, name;
  Outcome outcome = Outcome::kPassed;
  std::string type;  // the code
  std::string message;
  std::vector<std::string> details;
};

std::string PlaceText(const CheckReport& report, const FilePlace& place) {
  return place.line == 0 ? ""
                         : absl::StrCat("pin file: ", report.pin_file, ":",
                                        place.line, ":", place.column);
}

Case CaseOf(const CheckReport& report, const CheckedHost& host) {
  Case result;
  result.classname = host.host;
  result.name = absl::StrCat(host.target, " chain");
  result.message = host.message;
  result.type = host.error_code;
  result.details.push_back(host.message);
  for (const CheckedCertificate& certificate : host.path) {
    result.details.push_back(absl::StrCat(
        certificate.depth, "  ", certificate.subject, "  ", certificate.pin,
        "  valid to ", TimeText(certificate.not_after)));
  }
  if (host.result == "not-reached") {
    result.outcome = Case::Outcome::kError;
    return result;
  }
  // Its findings are the reasons: the first that fails stands for all.
  for (const Finding& finding : report.findings) {
    if (finding.target == host.target && Fails(report, finding)) {
      result.outcome = Case::Outcome::kFailed;
      result.type = finding.code;
      result.message = finding.message;
      break;
    }
  }
  if (host.result == "refused") {
    result.outcome = Case::Outcome::kFailed;
  }
  return result;
}

Case CaseOf(const CheckReport& report, const Finding& finding) {
  Case result;
  const auto host = std::find_if(
      report.hosts.begin(), report.hosts.end(),
      [&finding](const CheckedHost& h) { return h.target == finding.target; });
  result.classname = host != report.hosts.end() ? host->host
                     : finding.target.empty()   ? "pin file"
                                                : finding.target;
  result.name = absl::StrCat(
      finding.target, finding.target.empty() ? "" : " ", finding.code,
      finding.set.empty() ? "" : absl::StrCat(" ", finding.set),
      finding.item.empty() ? "" : absl::StrCat(" ", finding.item));
  result.type = finding.code;
  result.message = finding.message;
  if (finding.undecided) {
    result.outcome = Case::Outcome::kError;
  } else if (Fails(report, finding)) {
    result.outcome = Case::Outcome::kFailed;
  } else if (finding.code == "pattern-not-asked") {
    result.outcome = Case::Outcome::kSkipped;
  }
  result.details.push_back(absl::StrCat(SeverityName(finding.severity), ": ",
                                        finding.message, " [", finding.code,
                                        "]"));
  if (finding.place.line != 0) {
    result.details.push_back(PlaceText(report, finding.place));
  }
  if (const FindingRule* rule = RuleOf(finding.code); rule != nullptr) {
    result.details.push_back(std::string(rule->advice));
  }
  return result;
}

std::string DetailsText(const Case& test) {
  std::string text;
  for (const std::string& line : test.details) {
    absl::StrAppend(&text, XmlText(line), "\n");
  }
  return text;
}

std::string CaseText(const Case& test) {
  std::string text =
      absl::StrCat("    <testcase classname=\"", XmlText(test.classname),
                   "\" name=\"", XmlText(test.name), "\" time=\"0\">\n");
  absl::string_view tag;
  switch (test.outcome) {
    case Case::Outcome::kPassed:
      absl::StrAppend(&text, "      <system-out>", DetailsText(test),
                      "</system-out>\n");
      break;
    case Case::Outcome::kSkipped:
      absl::StrAppend(&text, "      <skipped message=\"", XmlText(test.message),
                      "\"/>\n");
      break;
    case Case::Outcome::kFailed:
      tag = "failure";
      break;
    case Case::Outcome::kError:
      tag = "error";
      break;
  }
  if (!tag.empty()) {
    absl::StrAppend(&text, "      <", tag, " message=\"", XmlText(test.message),
                    "\" type=\"", XmlText(test.type), "\">", DetailsText(test),
                    "</", tag, ">\n");
  }
  return absl::StrCat(text, "    </testcase>\n");
}

std::vector<Case> CasesOf(const CheckReport& report) {
  std::vector<Case> cases;
  for (const CheckedHost& host : report.hosts) {
    cases.push_back(CaseOf(report, host));
  }
  for (const Finding& finding : report.findings) {
    // The case of the host that was not reached says it already.
    if (finding.code != "not-reached" || finding.target.empty()) {
      cases.push_back(CaseOf(report, finding));
    }
  }
  return cases;
}

}  // namespace

std::string JUnitReport(const CheckReport& report) {
  const std::vector<Case> cases = CasesOf(report);
  const auto count = [&cases](Case::Outcome outcome) {
    return std::count_if(
        cases.begin(), cases.end(),
        [outcome](const Case& test) { return test.outcome == outcome; });
  };
  const std::string counts = absl::StrCat(
      "tests=\"", cases.size(), "\" failures=\"", count(Case::Outcome::kFailed),
      "\" errors=\"", count(Case::Outcome::kError), "\"");
  // Without "Z": what reads the format knows no zones.
  std::string timestamp = TimeText(report.time);
  timestamp.pop_back();
  std::string text = absl::StrCat(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"tlspin "
      "check\" ",
      counts, " time=\"0\">\n  <testsuite name=\"tlspin check ",
      XmlText(report.pin_file), "\" ", counts, " skipped=\"",
      count(Case::Outcome::kSkipped), "\" time=\"0\" timestamp=\"", timestamp,
      "\" hostname=\"localhost\">\n    <properties>\n",
      "      <property name=\"tool\" value=\"", XmlText(report.tool), "\"/>\n",
      "      <property name=\"exit_code\" value=\"", report.exit_code, "\"/>\n",
      "      <property name=\"answer\" value=\"", XmlText(report.answer),
      "\"/>\n    </properties>\n");
  for (const Case& test : cases) {
    absl::StrAppend(&text, CaseText(test));
  }
  return absl::StrCat(text, "  </testsuite>\n</testsuites>\n");
}

}  // namespace tlspin

#include "tools/tlspin/reports/prometheus.h"

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tlspin {
namespace {

// A Metric is one family of samples, all of them gauges. Samples with equal
// labels would make the whole file invalid: the first stands.
class Metric {
 public:
  using Labels = std::vector<std::pair<absl::string_view, std::string>>;

  Metric(absl::string_view name, absl::string_view help)
      : name_(name),
        text_(absl::StrCat("# HELP ", name, " ", help, "\n# TYPE ", name,
                           " gauge\n")) {}

  void Add(const Labels& labels, int64_t value) {
    std::string text;
    for (const auto& [label, content] : labels) {
      absl::StrAppend(
          &text, text.empty() ? "{" : ",", label, "=\"",
          absl::StrReplaceAll(content,
                              {{"\\", "\\\\"}, {"\"", "\\\""}, {"\n", "\\n"}}),
          "\"");
    }
    if (!seen_.insert(text).second) {
      return;
    }
    absl::StrAppend(&text_, name_, text, text.empty() ? "" : "}", " ", value,
                    "\n");
  }

  // Text returns the family, or nothing if it has no sample.
  std::string Text() const { return seen_.empty() ? "" : text_; }

 private:
  absl::string_view name_;
  std::string text_;
  std::set<std::string> seen_;
};

int64_t Seconds(absl::Time time) { return absl::ToUnixSeconds(time); }

Metric::Labels LabelsOf(const CheckedHost& host) {
  return {{"target", host.target}, {"host", host.host}};
}

std::string HostMetrics(const CheckReport& report) {
  Metric reached("tlspin_host_reached",
                 "Whether the host presented a chain (1) or not (0).");
  Metric accepted("tlspin_host_accepted",
                  "Whether a host that was reached passed the check.");
  Metric expiry("tlspin_certificate_expiry_timestamp_seconds",
                "When a certificate of the path that decided expires.");
  for (const CheckedHost& host : report.hosts) {
    const bool was_reached = host.result != "not-reached";
    reached.Add(LabelsOf(host), was_reached ? 1 : 0);
    if (was_reached) {
      accepted.Add(LabelsOf(host), host.result == "accepted" ? 1 : 0);
    }
    for (const CheckedCertificate& certificate : host.path) {
      Metric::Labels labels = LabelsOf(host);
      labels.emplace_back("depth", absl::StrCat(certificate.depth));
      expiry.Add(labels, Seconds(certificate.not_after));
    }
  }
  return absl::StrCat(reached.Text(), accepted.Text(), expiry.Text());
}

std::string SetMetrics(const CheckReport& report) {
  Metric expiry("tlspin_pin_set_expiry_timestamp_seconds",
                "When a pin set of the file expires.");
  Metric seen("tlspin_pin_seen",
              "Whether a server that was asked showed the key of a pin.");
  for (const CheckedSet& set : report.sets) {
    expiry.Add({{"set", set.name}}, Seconds(set.expires));
    for (const CheckedPin& pin : set.pins) {
      const char* kind = pin.kind == CheckedPin::Kind::kPin      ? "pin"
                         : pin.kind == CheckedPin::Kind::kBackup ? "backup"
                                                                 : "blocked";
      seen.Add({{"set", set.name},
                {"kind", kind},
                {"name", pin.name},
                {"pin", pin.pin}},
               pin.seen ? 1 : 0);
    }
  }
  Metric reached("tlspin_pattern_reached",
                 "Whether a host was reached that the file looks up under a "
                 "pattern.");
  for (const CheckedPattern& pattern : report.patterns) {
    reached.Add({{"pattern", pattern.pattern}, {"set", pattern.set}},
                pattern.reached ? 1 : 0);
  }
  return absl::StrCat(expiry.Text(), seen.Text(), reached.Text());
}

std::string FindingMetrics(const CheckReport& report) {
  // Every code, so that one that ends is seen to end.
  std::map<std::pair<std::string, std::string>, int64_t> counts;
  for (const FindingRule& rule : FindingRules()) {
    counts[{std::string(rule.code), std::string(SeverityName(rule.severity))}] =
        0;
  }
  for (const Finding& finding : report.findings) {
    ++counts[{finding.code, std::string(SeverityName(finding.severity))}];
  }
  Metric findings("tlspin_check_findings",
                  "What the check found, by code and severity.");
  for (const auto& [key, count] : counts) {
    findings.Add({{"code", key.first}, {"severity", key.second}}, count);
  }
  return findings.Text();
}

}  // namespace

std::string PrometheusReport(const CheckReport& report) {
  Metric time("tlspin_check_timestamp_seconds",
              "The time that the last check judged at.");
  time.Add({}, Seconds(report.time));
  Metric exit_code(
      "tlspin_check_exit_code",
      "The exit code of the last check: 0 yes, 1 no, 3 undecided.");
  exit_code.Add({}, report.exit_code);
  return absl::StrCat(time.Text(), exit_code.Text(), HostMetrics(report),
                      SetMetrics(report), FindingMetrics(report));
}

}  // namespace tlspin

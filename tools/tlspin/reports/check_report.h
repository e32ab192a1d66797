#ifndef TOOLS_TLSPIN_REPORTS_CHECK_REPORT_H_
#define TOOLS_TLSPIN_REPORTS_CHECK_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tools/tlspin/pin_places.h"

// What one run of `tlspin check` found, as the writers of reports take it. Each
// writer is a function of this and of nothing else. All text is UTF-8, and what
// certificates hold is escaped in it as everywhere in the tool.
namespace tlspin {

// An error makes the exit code 1, a warning does with --strict, a note never.
enum class Severity { kNote, kWarning, kError };

// SeverityName returns "note", "warning" or "error".
absl::string_view SeverityName(Severity severity);

// A FindingRule is what a code of a finding means.
struct FindingRule {
  absl::string_view code;  // stable
  Severity severity;       // unless a threshold or --strict says otherwise
  absl::string_view summary;
  absl::string_view advice;
};

// FindingRules returns a rule for each code, sorted by code; RuleOf that of
// `code`, or null.
absl::Span<const FindingRule> FindingRules();
const FindingRule* RuleOf(absl::string_view code);

// A Finding is one thing that a check found.
struct Finding {
  std::string code;
  Severity severity = Severity::kNote;
  std::string target;  // the endpoint it is about; empty: the pin file
  std::string set;     // the pin set it is about; may be empty
  std::string item;  // whose: a pin's name, "depth 0", a pattern; may be empty
  std::string message;  // a sentence without a full stop
  FilePlace place;      // in the pin file
  // Something could not be checked, which is exit code 3, never 1.
  bool undecided = false;
};

struct CheckedCertificate {
  int depth = 0;
  std::string subject;
  std::string pin;
  absl::Time not_after;
};

// A CheckedHost is an endpoint that was asked.
struct CheckedHost {
  std::string target;
  std::string host, address;
  int port = 0;
  std::string peer;        // the address that answered; may be empty
  std::string result;      // "accepted", "refused", "not-reached"
  std::string message;     // a sentence on the result
  std::string error_code;  // of the verdict, or of the connection; may be empty
  std::string set, pattern;              // empty: not pinned
  std::string matched;                   // the pin that matched; empty: none
  std::vector<CheckedCertificate> path;  // empty: no valid path
};

// A CheckedPin is one pin of a set, and whether its key is in service.
struct CheckedPin {
  enum class Kind { kPin, kBackup, kBlocked };

  std::string name, pin, role;
  Kind kind = Kind::kPin;
  bool seen = false;  // on a path, or in what a server sent, in this run
  // What --state remembers, this run included; zero runs: not remembered.
  int64_t runs = 0;  // in which a host of the set answered
  absl::Time since = absl::InfinitePast();  // the first of them
  std::optional<absl::Time> last_seen;
};

struct CheckedSet {
  std::string name;
  std::string mode;  // "enforce", "report-only"
  absl::Time expires;
  FilePlace place;
  std::vector<CheckedPin> pins;
};

// A CheckedPattern is a pattern of the file that has a set.
struct CheckedPattern {
  std::string pattern, set;
  bool reached = false;  // by a host that the file looks up under it
  FilePlace place;
};

struct CheckReport {
  std::string tool;      // "tlspin 0.1.0"
  std::string pin_file;  // as given; "-" is standard input
  absl::Time time;       // judged at
  int exit_code = 0;
  std::string answer;  // the last line of the command, in a sentence
  bool strict = false;
  std::vector<CheckedHost> hosts;        // in the order asked
  std::vector<CheckedSet> sets;          // in the order of the file
  std::vector<CheckedPattern> patterns;  // in the order of the file
  std::vector<Finding> findings;         // of hosts, then of the file
};

// Fails returns whether `finding` makes the exit code of `report` 1.
bool Fails(const CheckReport& report, const Finding& finding);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_REPORTS_CHECK_REPORT_H_

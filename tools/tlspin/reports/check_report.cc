#include "tools/tlspin/reports/check_report.h"

#include <algorithm>
#include <iterator>

namespace tlspin {
namespace {

// Sorted by code.
constexpr FindingRule kRules[] = {
    {"backup-in-use", Severity::kWarning,
     "The key of a backup pin is in service",
     "Make it a pin, make a new key, and add its pin as the backup: a key that "
     "servers hold cannot replace one that they lose."},
    {"backup-not-seen", Severity::kNote,
     "No server showed the key of a backup pin, as it should be",
     "Nothing. Whether the key still exists no check of servers can tell."},
    {"backup-seen-before", Severity::kWarning,
     "The key of a backup pin was in service in an earlier run",
     "It has been on a server: make a new key and replace the backup pin."},
    {"broad-pattern", Severity::kWarning,
     "A set is for one pattern that covers every name under a domain",
     "Names of other operators under it would be refused too: carve them out "
     "with \"none\"."},
    {"certificate-expires-soon", Severity::kWarning,
     "A certificate of the path that was accepted expires soon",
     "Renew it; if its key changes, the pins have to be in place before."},
    {"chain-refused", Severity::kError,
     "The chain is refused whatever is pinned",
     "tlspin inspect shows each path that was tried and why it failed."},
    {"chains-diverge", Severity::kWarning,
     "One endpoint shows different chains by address or version of TLS",
     "Find the server that was missed when the certificate was replaced."},
    {"coverage-low", Severity::kError,
     "Fewer of the file's patterns were reached than --min-coverage asks",
     "Name a host for each pattern, and --all for the exact names."},
    {"expires-soon", Severity::kWarning, "A pin set expires soon",
     "Check the pins, move the date, and ship the file to the clients before."},
    {"intercepted", Severity::kError,
     "Somebody between here and the server terminates TLS",
     "Run the check from a network without inspection, or have these hosts "
     "exempted from it. Do not pin what was served."},
    {"key-blocked", Severity::kError, "A key that the set blocks is in service",
     "Replace the certificate that holds it."},
    {"key-not-pinned", Severity::kWarning,
     "No key that is served in a pinned role is one of the set's",
     "Another role matched. Add a pin of the key, or delete those of the "
     "role."},
    {"leaf-only", Severity::kWarning, "A set pins leaf keys only",
     "Each renewal with a new key needs a new pin file first; pin an issuer or "
     "an anchor as well, or keep the key."},
    {"not-covered", Severity::kError,
     "The pin file does not cover a host that was asked",
     "Add the host to the file, or to its \"none\"."},
    {"not-reached", Severity::kWarning, "A host could not be checked",
     "Nothing was presented: the message says what kept the connection from "
     "being made."},
    {"pattern-not-asked", Severity::kNote,
     "No host that was asked is looked up under a pattern of the file",
     "Name such a host on the command line."},
    {"pin-file-unreadable", Severity::kError,
     "The pin file, or another file, could not be read: nothing was checked",
     "tlspin lint says what is wrong with a pin file."},
    {"pin-mismatch", Severity::kError,
     "No key of the path is one that the set pins",
     "If the operator replaced the key, update the pins; if not, somebody is "
     "in the middle or a certificate was mis-issued."},
    {"pin-not-served", Severity::kNote,
     "A pin was on no path of the hosts of its set that were asked",
     "If no host of the set uses the key any more, delete the pin."},
    {"pins-expired", Severity::kError, "A pin set has expired",
     "Check the pins, move the date, and ship the file to the clients."},
    {"redundant-pattern", Severity::kWarning, "A pattern changes nothing",
     "tlspin lint says which one covers it."},
    {"report-only", Severity::kWarning, "A set refuses nothing",
     "Enforce it once its reports are quiet."},
    {"report-only-mismatch", Severity::kError,
     "A report-only set would refuse a host",
     "Update the pins before the set is enforced."},
    {"root-pinned", Severity::kNote,
     "All that matched is a pin of a root without name constraints",
     "Any certificate that the root leads to for the host is accepted. A pin "
     "of an issuer or of the leaf admits less."},
    {"stale", Severity::kWarning,
     "The pin file was last known to be right long ago",
     "Review the pins and set \"updated\"."},
    {"updated-in-future", Severity::kWarning,
     "The pin file says it was updated at a time that is yet to come",
     "Correct \"updated\", or the clock."},
};

}  // namespace

absl::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kNote:
      break;
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "note";
}

absl::Span<const FindingRule> FindingRules() { return kRules; }

const FindingRule* RuleOf(absl::string_view code) {
  const FindingRule* const rule =
      std::find_if(std::begin(kRules), std::end(kRules),
                   [code](const FindingRule& r) { return r.code == code; });
  return rule == std::end(kRules) ? nullptr : rule;
}

bool Fails(const CheckReport& report, const Finding& finding) {
  return !finding.undecided &&
         (finding.severity == Severity::kError ||
          (report.strict && finding.severity == Severity::kWarning));
}

}  // namespace tlspin

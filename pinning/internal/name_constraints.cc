#include "pinning/internal/name_constraints.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/general_names.h"

namespace pinning {
namespace internal {
namespace {

using Strings = std::vector<std::string>;

// Context tags of GeneralName (RFC 5280, 4.2.1.6) that are not processed:
// otherName [0], x400Address [3], ediPartyName [5], registeredID [8].
constexpr uint16_t kUnprocessedKinds = 1 << 0 | 1 << 3 | 1 << 5 | 1 << 8;

constexpr char kEmailAddressOid[] = "1.2.840.113549.1.9.1";

// Match says how a name lies to one constraint. A wildcard, or a name that is
// not well formed, can be neither inside nor outside.
enum class Match { kInside, kOutside, kUnclear };

// A Matcher compares one name with one constraint, which is in the permitted
// or in the excluded subtrees.
using Matcher = Match (*)(absl::string_view name, absl::string_view constraint,
                          bool excluded);

// IsHost returns whether `host` is a sequence of non-empty labels of letters,
// digits, hyphens and, as hosts that are no hosts carry it, the underscore.
bool IsHost(absl::string_view host) {
  bool label_empty = true;
  for (const char c : host) {
    if (c == '.') {
      if (label_empty) {
        return false;
      }
      label_empty = true;
    } else if (absl::ascii_isalnum(c) || c == '-' || c == '_') {
      label_empty = false;
    } else {
      return false;
    }
  }
  return !label_empty;
}

// IsWithin returns whether `host` is `domain` or below it.
bool IsWithin(absl::string_view host, absl::string_view domain) {
  if (!absl::EndsWithIgnoreCase(host, domain)) {
    return false;
  }
  return domain.empty() || host.size() == domain.size() ||
         host[host.size() - domain.size() - 1] == '.';
}

bool IsBelow(absl::string_view host, absl::string_view domain) {
  return host.size() > domain.size() && IsWithin(host, domain);
}

Match MatchDns(absl::string_view name, absl::string_view constraint,
               bool excluded) {
  if (constraint.empty()) {
    return Match::kInside;  // zero labels: every name is below it
  }
  const bool wildcard = absl::ConsumePrefix(&name, "*.");
  if (!IsHost(name)) {
    return Match::kUnclear;
  }
  const bool below_only = absl::ConsumePrefix(&constraint, ".") && !excluded;
  if (below_only ? (wildcard ? IsWithin : IsBelow)(name, constraint)
                 : IsWithin(name, constraint)) {
    return Match::kInside;
  }
  // The wildcard is one label: only a constraint exactly one label below
  // `name` can hold some, and not all, of what it matches.
  if (wildcard && IsBelow(constraint, name) &&
      !absl::StrContains(
          constraint.substr(0, constraint.size() - name.size() - 1), '.')) {
    return Match::kUnclear;
  }
  return Match::kOutside;
}

// MatchIp compares an address with address and mask, each in network order.
// An address of the other family lies outside.
Match MatchIp(absl::string_view address, absl::string_view range, bool) {
  const size_t size = address.size();
  if (range.size() != 2 * size) {
    return Match::kOutside;
  }
  for (size_t i = 0; i < size; ++i) {
    if (((address[i] ^ range[i]) & range[size + i]) != 0) {
      return Match::kOutside;
    }
  }
  return Match::kInside;
}

// MatchHostRule compares a host as e-mail and URI constraints do: `host` is
// that host alone and `.domain` whatever is below the domain.
Match MatchHostRule(absl::string_view host, absl::string_view constraint) {
  const bool inside = absl::StartsWith(constraint, ".")
                          ? IsBelow(host, constraint.substr(1))
                          : absl::EqualsIgnoreCase(host, constraint);
  return inside ? Match::kInside : Match::kOutside;
}

// MatchEmail compares an rfc822Name; a constraint with "@" is one mailbox. The
// local part is case-sensitive (RFC 5280, 7.5).
Match MatchEmail(absl::string_view name, absl::string_view constraint, bool) {
  const size_t at = name.rfind('@');
  if (at == absl::string_view::npos || at == 0 ||
      !IsHost(name.substr(at + 1))) {
    return Match::kUnclear;
  }
  const absl::string_view host = name.substr(at + 1);
  const size_t constraint_at = constraint.rfind('@');
  if (constraint_at != absl::string_view::npos) {
    return name.substr(0, at) == constraint.substr(0, constraint_at) &&
                   absl::EqualsIgnoreCase(host,
                                          constraint.substr(constraint_at + 1))
               ? Match::kInside
               : Match::kOutside;
  }
  return constraint.empty() ? Match::kInside : MatchHostRule(host, constraint);
}

// MatchUri compares the host of a URI. One without a host name, or with an
// address for one, MUST be refused (RFC 5280, 4.2.1.10).
Match MatchUri(absl::string_view uri, absl::string_view constraint, bool) {
  const size_t scheme_end = uri.find("://");
  if (scheme_end == absl::string_view::npos) {
    return Match::kUnclear;
  }
  absl::string_view host = uri.substr(scheme_end + 3);
  host = host.substr(0, host.find_first_of("/?#\\"));
  const size_t at = host.rfind('@');
  if (at != absl::string_view::npos) {
    host.remove_prefix(at + 1);
  }
  host = host.substr(0, host.find(':'));
  absl::string_view last_label = host.substr(host.rfind('.') + 1);
  if (!IsHost(host) || absl::ascii_isdigit(last_label[0])) {
    return Match::kUnclear;
  }
  return constraint.empty() ? Match::kInside : MatchHostRule(host, constraint);
}

// MatchDirectory compares normalized names (RFC 5280, 7.1).
Match MatchDirectory(absl::string_view name, absl::string_view constraint,
                     bool) {
  return IsWithinSubtree(name, constraint) ? Match::kInside : Match::kOutside;
}

// A Kind is one kind of name and how it is compared.
struct Kind {
  absl::string_view label;
  GeneralNameKind tag;
  Matcher match;
  bool printable;
};

constexpr Kind kKinds[] = {
    {"e-mail", GeneralNameKind::kRfc822Name, MatchEmail, true},
    {"DNS name", GeneralNameKind::kDnsName, MatchDns, true},
    {"directory name", GeneralNameKind::kDirectoryName, MatchDirectory, false},
    {"URI", GeneralNameKind::kUri, MatchUri, true},
    {"IP address", GeneralNameKind::kIpAddress, MatchIp, false},
};

bool Has(const GeneralNames& names, GeneralNameKind kind) {
  return (names.kinds >> static_cast<int>(kind) & 1) != 0;
}

// A Comparison is the names of one kind that the certificate presents, and what
// is permitted and excluded of it.
struct Comparison {
  Kind kind;
  Strings names;
  Strings permitted;
  Strings excluded;
  bool has_permitted;
};

CheckResult Violated(const Kind& kind, absl::string_view name,
                     absl::string_view how) {
  return CheckResult::Refuse(
      ErrorCode::kNameConstraintViolated,
      absl::StrCat(
          kind.label,
          kind.printable
              ? absl::StrCat(" \"", absl::CHexEscape(name.substr(0, 255)), "\"")
              : "",
          how));
}

CheckResult Compare(const Comparison& all) {
  for (const std::string& name : all.names) {
    for (const std::string& constraint : all.excluded) {
      if (all.kind.match(name, constraint, true) != Match::kOutside) {
        return Violated(all.kind, name, " is in an excluded subtree");
      }
    }
    bool permitted = !all.has_permitted;
    for (const std::string& constraint : all.permitted) {
      permitted |= all.kind.match(name, constraint, false) == Match::kInside;
    }
    if (!permitted) {
      return Violated(all.kind, name, " is in no permitted subtree");
    }
  }
  return CheckResult::Pass();
}

// TextsOf returns the names of `kind`; directories in their normalized form.
Strings TextsOf(const GeneralNames& names, GeneralNameKind kind) {
  if (kind == GeneralNameKind::kDirectoryName) {
    return DirectoriesOf(names);
  }
  const GeneralNameRange range = NamesOf(names, kind);
  return Strings(range.begin(), range.end());
}

// NamesIn returns the names of `kind` in `certificate`: the alternative ones,
// and the subject or the mailboxes in it. RFC 5280, 4.2.1.10 has those count if
// there are no alternative names; here they always do, as software shows them
// either way.
Strings NamesIn(const ParsedCertificate& certificate, GeneralNameKind kind) {
  Strings names =
      TextsOf(certificate.subject_alt_names.value_or(GeneralNames()), kind);
  if (kind == GeneralNameKind::kDirectoryName && !certificate.subject.empty()) {
    names.push_back(NormalizedOf(certificate.subject));
  }
  if (kind == GeneralNameKind::kRfc822Name) {
    for (const NameAttribute& attribute : AttributesOf(certificate.subject)) {
      if (attribute.oid == kEmailAddressOid) {
        names.push_back(attribute.value);
      }
    }
  }
  return names;
}

bool IsWellFormed(const GeneralNames& names) {
  const GeneralNameRange range = NamesOf(names, GeneralNameKind::kDnsName);
  return std::all_of(range.begin(), range.end(), [](absl::string_view dns) {
    absl::ConsumePrefix(&dns, ".");
    return dns.empty() || IsHost(dns);
  });
}

}  // namespace

CheckResult CheckConstraintSyntax(const NameConstraints& constraints) {
  if (!IsWellFormed(constraints.permitted) ||
      !IsWellFormed(constraints.excluded)) {
    return CheckResult::Refuse(ErrorCode::kInvalidProfile,
                               "name constraints hold a DNS name that is none");
  }
  return CheckResult::Pass();
}

CheckResult CheckNameConstraints(const NameConstraints& constraints,
                                 const ParsedCertificate& certificate,
                                 int64_t* comparisons_left) {
  const GeneralNames& permitted = constraints.permitted;
  const GeneralNames& excluded = constraints.excluded;
  const unsigned constrained = permitted.kinds | excluded.kinds;
  if (certificate.subject_alt_names.has_value() &&
      (certificate.subject_alt_names->kinds & constrained &
       kUnprocessedKinds) != 0) {
    return CheckResult::Refuse(
        ErrorCode::kNameConstraintViolated,
        "a name is of a kind that is constrained and not processed");
  }

  std::vector<Comparison> comparisons;
  int64_t needed = 0;
  for (const Kind& kind : kKinds) {
    if (!Has(permitted, kind.tag) && !Has(excluded, kind.tag)) {
      continue;
    }
    comparisons.push_back(Comparison{
        kind, NamesIn(certificate, kind.tag), TextsOf(permitted, kind.tag),
        TextsOf(excluded, kind.tag), Has(permitted, kind.tag)});
    // Sizes are bounded by the certificate's own: this cannot overflow.
    const Comparison& last = comparisons.back();
    needed +=
        static_cast<int64_t>(last.names.size()) *
        static_cast<int64_t>(last.permitted.size() + last.excluded.size());
  }
  if (needed > *comparisons_left) {
    return CheckResult::Refuse(
        ErrorCode::kBudgetExhausted,
        absl::StrCat(needed, " comparisons with name constraints to make"));
  }
  *comparisons_left -= needed;
  for (const Comparison& comparison : comparisons) {
    CheckResult result = Compare(comparison);
    if (!result.passed()) {
      return result;
    }
  }
  return CheckResult::Pass();
}

}  // namespace internal
}  // namespace pinning

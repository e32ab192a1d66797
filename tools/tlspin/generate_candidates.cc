#include "tools/tlspin/generate_candidates.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "pinning/internal/general_names.h"
#include "pinning/internal/parsed_certificate.h"
#include "tools/tlspin/escape.h"
#include "tools/tlspin/time_text.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::PinRole;

bool Holds(absl::Span<const Certificate> certificates, const Certificate& one) {
  return std::find(certificates.begin(), certificates.end(), one) !=
         certificates.end();
}

std::string EscapedList(const std::vector<std::string>& names) {
  return absl::StrJoin(names, ", ",
                       [](std::string* out, const std::string& name) {
                         absl::StrAppend(out, Escape(name));
                       });
}

std::string InDays(absl::Time end, absl::Time now) {
  const int days = DaysLeft(end, now);
  return absl::StrCat("ends ", DateText(end), ", in ", days,
                      days == 1 ? " day" : " days");
}

}  // namespace

int DaysLeft(absl::Time end, absl::Time now) {
  return static_cast<int>(
      absl::ToDoubleSeconds(absl::Floor(end - now, absl::Hours(24))) / 86400);
}

PinRole RoleAt(size_t depth, size_t length) {
  if (depth == 0) {
    return PinRole::kLeaf;
  }
  return depth + 1 == length ? PinRole::kAnchor : PinRole::kIssuer;
}

std::string KeyName(const Certificate& certificate) {
  const std::vector<std::string> names =
      certificate.SubjectAttribute("2.5.4.3");
  const std::string name(absl::StripAsciiWhitespace(
      Escape(names.empty() ? certificate.subject() : names.front())));
  return name.empty() ? "no name" : name;
}

std::vector<Candidate> CandidatesOf(const pinning::Verdict& verdict) {
  std::vector<Candidate> candidates;
  if (verdict.path() == nullptr) {
    return candidates;
  }
  const absl::Span<const Certificate> path = verdict.path()->certificates();
  const absl::Span<const Certificate> served = verdict.presented();
  for (size_t i = 0; i < path.size(); ++i) {
    candidates.push_back({path[i], RoleAt(i, path.size()), i,
                          Holds(served, path[i]), std::nullopt});
  }
  for (const Certificate& certificate : served) {
    const bool known = std::any_of(candidates.begin(), candidates.end(),
                                   [&certificate](const Candidate& c) {
                                     return c.certificate == certificate;
                                   });
    if (known) {
      continue;
    }
    Candidate candidate{certificate, std::nullopt, std::nullopt, true,
                        std::nullopt};
    for (size_t i = 0; i < path.size(); ++i) {
      if (path[i].pin() == certificate.pin()) {
        candidate.same_key = i;
      }
    }
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

absl::string_view AdmitsName(Admits admits) {
  switch (admits) {
    case Admits::kThisKey:
      return "this-key";
    case Admits::kItsOwn:
      return "its-own";
    case Admits::kSomeLevels:
      return "some-levels";
    case Admits::kAnythingBelow:
      return "anything-below";
  }
  return "";
}

std::optional<int> PathLengthOf(const Certificate& certificate) {
  const auto& constraints = certificate.parsed().basic_constraints;
  return constraints.has_value() ? std::optional<int>(constraints->path_length)
                                 : std::nullopt;
}

ConstrainedNames ConstrainedNamesOf(const Certificate& certificate) {
  const auto& constraints = certificate.parsed().name_constraints;
  if (!constraints.has_value()) {
    return {};
  }
  const auto dns_of = [](const pinning::internal::GeneralNames& side) {
    const auto names = pinning::internal::NamesOf(
        side, pinning::internal::GeneralNameKind::kDnsName);
    return std::vector<std::string>(names.begin(), names.end());
  };
  return {dns_of(constraints->permitted), dns_of(constraints->excluded)};
}

Admits AdmitsOf(const Candidate& candidate) {
  const auto& constraints = candidate.certificate.parsed().basic_constraints;
  // A certificate of version 1 may be an anchor, and says nothing of itself.
  const bool says_no = constraints.has_value() && !constraints->is_ca;
  if (candidate.role == PinRole::kLeaf || says_no) {
    return Admits::kThisKey;
  }
  const std::optional<int> length = PathLengthOf(candidate.certificate);
  if (!length.has_value()) {
    return Admits::kAnythingBelow;
  }
  return *length == 0 ? Admits::kItsOwn : Admits::kSomeLevels;
}

std::string AdmitsText(const Candidate& candidate) {
  std::string text;
  switch (AdmitsOf(candidate)) {
    case Admits::kThisKey:
      return "this key alone, in whatever certificate";
    case Admits::kItsOwn:
      text = "what it issues itself, and no authority below it (path length 0)";
      break;
    case Admits::kSomeLevels:
      text =
          absl::StrCat("what it and authorities below it issue (path length ",
                       *PathLengthOf(candidate.certificate), ")");
      break;
    case Admits::kAnythingBelow:
      text = "what it and any authority below it issue (no path length)";
      break;
  }
  const ConstrainedNames names = ConstrainedNamesOf(candidate.certificate);
  if (!names.permitted.empty()) {
    absl::StrAppend(&text, "; for names under ", EscapedList(names.permitted),
                    " only");
  }
  if (!names.excluded.empty()) {
    absl::StrAppend(&text, "; for no names under ",
                    EscapedList(names.excluded));
  }
  return text;
}

std::string LastsText(const Candidate& candidate, const Certificate& leaf,
                      absl::Time now) {
  const Certificate& certificate = candidate.certificate;
  const std::string ends = InDays(certificate.not_after(), now);
  if (!candidate.role.has_value()) {
    return ends;
  }
  switch (*candidate.role) {
    case PinRole::kLeaf:
      return absl::StrCat(
          ends, " of ",
          DaysLeft(certificate.not_after(), certificate.not_before()),
          "; its renewal, by then at the latest, may bring a new key");
    case PinRole::kIssuer:
      return absl::StrCat(ends, "; the next leaf, due by ",
                          DateText(leaf.not_after()),
                          ", may come from another issuer");
    case PinRole::kAnchor:
    case PinRole::kAny:
      break;
  }
  return absl::StrCat(ends,
                      "; a root programme may drop it, or the server move to "
                      "another, before");
}

Proposal Propose(const pinning::VerifiedPath& path, absl::Time expires) {
  const absl::Span<const Certificate> certificates = path.certificates();
  const std::string expiry =
      absl::StrCat("the pins expire on ", DateText(expires));
  if (certificates.size() == 1) {
    return {0, "the path has no other key"};
  }
  const bool leaf_stays = path.leaf().not_after() > expires;
  const size_t anchor = certificates.size() - 1;
  if (anchor > 1 && leaf_stays && certificates[1].not_after() > expires) {
    return {1, absl::StrCat("it lets in less than the anchor, and the leaf "
                            "need not be renewed before ",
                            expiry)};
  }
  if (certificates[anchor].not_after() > expires) {
    const std::string why =
        anchor == 1 ? "it signed the leaf itself"
        : leaf_stays
            ? absl::StrCat("the issuer ends before ", expiry)
            : absl::StrCat("the leaf has to be renewed before ", expiry,
                           ", and may come from another issuer then");
    return {anchor, why};
  }
  const auto last =
      std::max_element(certificates.begin() + 1, certificates.end(),
                       [](const Certificate& a, const Certificate& b) {
                         return a.not_after() < b.not_after();
                       });
  return {static_cast<size_t>(last - certificates.begin()),
          absl::StrCat("it ends last, yet before ", expiry,
                       ": give an earlier --expires")};
}

std::string WhyBackup(const PinFilePin* backup) {
  if (backup != nullptr) {
    return "not in service; whoever runs the server must be able to put it "
           "into service";
  }
  return "no key seen here is one: a key in service is lost with the others, "
         "and what was served beside the path is not verified. If the server "
         "is yours, --new-backup-key FILE makes a key to keep offline; if not, "
         "ask whoever runs it for the key or the authority it would move to, "
         "and give its certificate as --backup";
}

}  // namespace tlspin

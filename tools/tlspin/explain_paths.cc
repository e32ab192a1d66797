#include "tools/tlspin/explain_paths.h"

#include <cstddef>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "pinning/chain.h"
#include "pinning/path.h"
#include "pinning/path_builder.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/table.h"
#include "tools/tlspin/verdict_words.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::Chain;
using ::pinning::FailedPath;
using ::pinning::Language;
using ::pinning::NamedPin;
using ::pinning::PathBuilder;
using ::pinning::PinSet;
using ::pinning::Verdict;
using ::pinning::VerifiedPath;
using Outcome = TriedPath::Outcome;

constexpr size_t kMaxPaths = 64;  // valid ones; a builder keeps 16 that failed

// FindSet returns the set that decided `verdict`, or null.
std::shared_ptr<const PinSet> FindSet(const Judge& judge,
                                      const Verdict& verdict) {
  const auto name = pinning::ServerName::FromString(verdict.host());
  if (!name.ok()) {
    return nullptr;
  }
  const auto entry = judge.pin_store->Find(*name);
  if (!entry.ok() || !entry->has_value()) {
    return nullptr;  // a damaged store has refused already
  }
  return (*entry)->pin_set().value_or(nullptr);
}

// AddMisplaced notes the pins whose key is on `path` in another role.
void AddMisplaced(absl::Span<const NamedPin> pins, const VerifiedPath& path,
                  TriedPath& tried) {
  for (const NamedPin& pin : pins) {
    for (size_t i = 0; i < path.certificates().size(); ++i) {
      if (path.certificates()[i].pin() == pin.pin) {
        tried.misplaced.push_back({pin.name, static_cast<int>(i)});
      }
    }
  }
}

// ComparePath sets what the pins say to a path that is valid for the name.
void ComparePath(const VerifiedPath& path, const PinSet& set,
                 TriedPath& tried) {
  const PinSet::MatchResult match = set.MatchPath(path);
  switch (match.match) {
    case PinSet::Match::kMatched:
      tried.outcome = Outcome::kMatched;
      break;
    case PinSet::Match::kMatchedBackup:
      tried.outcome = Outcome::kMatchedBackup;
      break;
    case PinSet::Match::kBlocked:
      tried.outcome = Outcome::kBlocked;
      break;
    case PinSet::Match::kMismatch:
      tried.outcome = Outcome::kMismatch;
      AddMisplaced(set.pins(), path, tried);
      AddMisplaced(set.backup_pins(), path, tried);
      break;
  }
  if (match.pin != nullptr) {
    tried.pin = match.pin->name;
    tried.depth = match.depth;
  }
}

TriedPath Refused(const FailedPath& failed) {
  TriedPath tried;
  tried.certificates = failed.certificates;
  if (failed.reached_anchor) {
    tried.anchor = failed.anchor_origin;
  }
  tried.error = failed.error;
  return tried;
}

// WasSet returns the set's name, as the verdict has it.
std::string SetName(const Verdict& verdict) {
  return verdict.pins() == nullptr ? "" : verdict.pins()->set;
}

std::string OutcomeText(const TriedPath& tried, const Verdict& verdict,
                        Language language) {
  const std::string pin = Escape(tried.pin);
  switch (tried.outcome) {
    case Outcome::kRefused:
      return Say(Phrase::kRefusedFor, language,
                 ErrorText(tried.error, language));
    case Outcome::kName:
      return Say(Phrase::kExplainName, language);
    case Outcome::kNotPinned:
      return Say(Phrase::kExplainNotPinned, language);
    case Outcome::kMismatch:
      return Say(Phrase::kExplainMismatch, language, Escape(SetName(verdict)));
    case Outcome::kBlocked:
      return Say(Phrase::kExplainBlocked, language, pin, tried.depth);
    case Outcome::kMatched:
      return Say(Phrase::kExplainMatched, language, pin, tried.depth);
    case Outcome::kMatchedBackup:
      return Say(Phrase::kExplainBackup, language, pin, tried.depth);
  }
  return "";
}

}  // namespace

absl::string_view TriedOutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kRefused:
      return "refused";
    case Outcome::kName:
      return "name-mismatch";
    case Outcome::kNotPinned:
      return "not-pinned";
    case Outcome::kMismatch:
      return "mismatch";
    case Outcome::kBlocked:
      return "blocked";
    case Outcome::kMatched:
      return "matched";
    case Outcome::kMatchedBackup:
      return "matched-backup";
  }
  return "";
}

Exploration ExplorePaths(const Judge& judge, const Verdict& verdict) {
  Exploration exploration;
  const absl::StatusOr<Chain> chain = Chain::FromCertificates(
      {verdict.presented().begin(), verdict.presented().end()});
  if (!chain.ok()) {
    return exploration;  // the verdict says what is wrong with it
  }
  const std::shared_ptr<const PinSet> held = FindSet(judge, verdict);
  const PinSet* set = held.get();
  const bool wrong_name =
      verdict.error().code == pinning::ErrorCode::kNameMismatch;
  const PathBuilder builder(judge.roots.store, pinning::Limits(),
                            PathBuilder::ValidityPeriod::kEnforce, judge.rules);
  const PathBuilder::Result result = builder.Search(
      *chain, pinning::KeyPurpose::kServerAuth, verdict.time(),
      [&](const VerifiedPath& path) {
        if (exploration.paths.size() == kMaxPaths) {
          ++exploration.not_listed;
          return PathBuilder::Visit::kContinue;
        }
        TriedPath tried;
        tried.certificates.assign(path.certificates().begin(),
                                  path.certificates().end());
        tried.anchor = path.anchor_origin();
        tried.outcome = wrong_name ? Outcome::kName : Outcome::kNotPinned;
        if (!wrong_name && set != nullptr) {
          ComparePath(path, *set, tried);
        }
        exploration.paths.push_back(std::move(tried));
        return PathBuilder::Visit::kContinue;
      });
  for (const FailedPath& failed : result.failed_paths) {
    exploration.paths.push_back(Refused(failed));
  }
  exploration.complete = !result.exhausted_budget &&
                         result.failed_paths.size() <
                             static_cast<size_t>(PathBuilder::kMaxFailedPaths);
  return exploration;
}

std::string ExplorationText(const Exploration& exploration,
                            const Verdict& verdict, bool full_pins,
                            Language language) {
  std::string text;
  for (const TriedPath& tried : exploration.paths) {
    Table table;
    for (size_t i = 0; i < tried.certificates.size(); ++i) {
      const Certificate& certificate = tried.certificates[i];
      table.AddRow(
          {absl::StrCat(i), SubjectText(certificate, language),
           PinText(certificate.pin(), full_pins),
           absl::StrCat(
               RoleText(i, tried.certificates.size(), tried.anchor, language),
               tried.outcome == Outcome::kRefused &&
                       static_cast<int>(i) == tried.error.depth
                   ? "  <--"
                   : "")});
    }
    absl::StrAppend(&text, table.ToString(Say(Phrase::kLabelTried, language)),
                    Labelled("", OutcomeText(tried, verdict, language)));
    for (const auto& [name, depth] : tried.misplaced) {
      absl::StrAppend(
          &text,
          Labelled("", Say(Phrase::kExplainPinned, language, Escape(name),
                           Say(Phrase::kOnPathNoCount, language, depth))));
    }
  }
  if (exploration.not_listed > 0) {
    absl::StrAppend(&text, Labelled("", Say(Phrase::kExplainMore, language,
                                            exploration.not_listed)));
  }
  return text;
}

Json ExplorationJson(const Exploration& exploration) {
  Json list = Json::array();
  for (const TriedPath& tried : exploration.paths) {
    Json path;
    path["outcome"] = TriedOutcomeName(tried.outcome);
    path["error"] = nullptr;
    if (tried.outcome == Outcome::kRefused) {
      path["error"] = {{"code", ErrorCodeName(tried.error.code)},
                       {"number", static_cast<int>(tried.error.code)},
                       {"spec", ErrorCodeSpec(tried.error.code)},
                       {"depth", tried.error.depth},
                       {"detail", tried.error.detail}};
    }
    path["pin"] = tried.pin.empty() ? Json() : Json(tried.pin);
    path["pin_depth"] = tried.depth < 0 ? Json() : Json(tried.depth);
    path["anchor"] = nullptr;
    if (tried.anchor.has_value()) {
      path["anchor"] = *tried.anchor == pinning::TrustAnchor::Origin::kBundled
                           ? "bundled"
                           : "local";
    }
    path["certificates"] = Json::array();
    for (const Certificate& certificate : tried.certificates) {
      path["certificates"].push_back(
          {{"subject", EscapeMessage(certificate.subject())},
           {"pin", certificate.pin().ToString()}});
    }
    path["misplaced"] = Json::array();
    for (const auto& [name, depth] : tried.misplaced) {
      path["misplaced"].push_back({{"name", name}, {"depth", depth}});
    }
    list.push_back(std::move(path));
  }
  return list;
}

}  // namespace tlspin

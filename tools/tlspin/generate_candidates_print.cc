#include "tools/tlspin/generate_candidates_print.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "pinning/certificate.h"
#include "pinning/path.h"
#include "pinning/pin_set.h"
#include "tools/tlspin/generate_candidates.h"
#include "tools/tlspin/table.h"
#include "tools/tlspin/time_text.h"
#include "tools/tlspin/verdict_words.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;

std::string RoleText(const Candidate& candidate) {
  return candidate.role.has_value()
             ? std::string(pinning::PinRoleName(*candidate.role))
             : "beside";
}

// NotesText returns what a reader has to know of where `candidate` stands.
std::string NotesText(const Candidate& candidate) {
  if (!candidate.served) {
    return "not served: from the roots given";
  }
  if (candidate.role.has_value()) {
    return "";
  }
  return candidate.same_key.has_value()
             ? absl::StrCat("served beside the path: the key of ",
                            *candidate.same_key, " in another certificate")
             : "served beside the path: nothing about it is verified";
}

std::string Line(absl::string_view label, absl::string_view text) {
  std::string line = absl::StrCat("            ", label);
  line.resize(21, ' ');
  return absl::StrCat(line, text, "\n");
}

Json StringsJson(const std::vector<std::string>& names) {
  Json list = Json::array();
  for (const std::string& name : names) {
    list.push_back(name);
  }
  return list;
}

template <typename T>
Json ValueOrNull(const std::optional<T>& value) {
  return value.has_value() ? Json(*value) : Json();
}

Json JsonOf(const Candidate& candidate, const Certificate& leaf,
            absl::Time now) {
  const Certificate& certificate = candidate.certificate;
  const ConstrainedNames names = ConstrainedNamesOf(certificate);
  Json json;
  json["role"] = candidate.role.has_value()
                     ? Json(std::string(pinning::PinRoleName(*candidate.role)))
                     : Json();
  json["depth"] = ValueOrNull(candidate.depth);
  json["served"] = candidate.served;
  json["same_key_as_depth"] = ValueOrNull(candidate.same_key);
  json["pin"] = certificate.pin().ToString();
  json["name"] = KeyName(certificate);
  json["subject"] = Escape(certificate.subject());
  json["not_before"] = TimeText(certificate.not_before());
  json["not_after"] = TimeText(certificate.not_after());
  json["days_left"] = DaysLeft(certificate.not_after(), now);
  json["lasts"] = LastsText(candidate, leaf, now);
  json["admits"] = std::string(AdmitsName(AdmitsOf(candidate)));
  json["path_length"] = ValueOrNull(PathLengthOf(certificate));
  json["permitted_names"] = StringsJson(names.permitted);
  json["excluded_names"] = StringsJson(names.excluded);
  return json;
}

}  // namespace

std::string CandidatesText(const pinning::Verdict& verdict,
                           const CandidatesView& view) {
  std::string text;
  const Certificate& leaf = verdict.path()->leaf();
  for (const Candidate& candidate : CandidatesOf(verdict)) {
    std::string head = absl::StrCat(text.empty() ? "keys     " : "         ",
                                    candidate.depth.has_value()
                                        ? absl::StrCat(*candidate.depth)
                                        : std::string("-"),
                                    "  ", RoleText(candidate));
    head.resize(20, ' ');
    absl::StrAppend(&text, head,
                    PinText(candidate.certificate.pin(), view.full), "  ",
                    KeyName(candidate.certificate), "\n");
    absl::StrAppend(&text, Line("lasts", LastsText(candidate, leaf, view.now)),
                    Line("lets in", AdmitsText(candidate)));
    const std::string notes = NotesText(candidate);
    if (!notes.empty()) {
      absl::StrAppend(&text, Line("note", notes));
    }
  }
  const Proposal proposal = Propose(*verdict.path(), view.expires);
  const Certificate& proposed = verdict.path()->certificates()[proposal.depth];
  absl::StrAppend(
      &text,
      Labelled("propose",
               absl::StrCat("pin     ", PinText(proposed.pin(), view.full),
                            "  ", KeyName(proposed), ": ", proposal.reason)),
      Labelled("", absl::StrCat("backup  ",
                                view.backup == nullptr
                                    ? std::string("none")
                                    : absl::StrCat(PinText(view.backup->pin.pin,
                                                           view.full),
                                                   "  ", view.backup->pin.name),
                                ": ", WhyBackup(view.backup))));
  return text;
}

void AddCandidates(const pinning::Verdict* verdict, const CandidatesView& view,
                   Json& json) {
  json["candidates"] = Json::array();
  json["proposal"] = Json();
  if (verdict == nullptr || verdict->path() == nullptr) {
    return;
  }
  for (const Candidate& candidate : CandidatesOf(*verdict)) {
    json["candidates"].push_back(
        JsonOf(candidate, verdict->path()->leaf(), view.now));
  }
  const Proposal proposal = Propose(*verdict->path(), view.expires);
  const Certificate& proposed = verdict->path()->certificates()[proposal.depth];
  const size_t length = verdict->path()->certificates().size();
  Json backup;
  backup["pin"] =
      view.backup == nullptr ? Json() : Json(view.backup->pin.pin.ToString());
  backup["name"] =
      view.backup == nullptr ? Json() : Json(view.backup->pin.name);
  backup["reason"] = WhyBackup(view.backup);
  json["proposal"] = {
      {"current",
       {{"pin", proposed.pin().ToString()},
        {"role",
         std::string(pinning::PinRoleName(RoleAt(proposal.depth, length)))},
        {"depth", proposal.depth},
        {"reason", proposal.reason}}},
      {"backup", std::move(backup)}};
}

}  // namespace tlspin

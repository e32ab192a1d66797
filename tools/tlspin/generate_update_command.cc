#include "tools/tlspin/generate_update_command.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "pinning/pin_set.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/generate_set.h"
#include "tools/tlspin/generate_update.h"
#include "tools/tlspin/generate_write.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/pin_diff.h"
#include "tools/tlspin/pin_diff_print.h"
#include "tools/tlspin/pin_file.h"
#include "tools/tlspin/probe.h"
#include "tools/tlspin/table.h"
#include "tools/tlspin/time_text.h"
#include "tools/tlspin/verdict_words.h"

namespace tlspin {
namespace {

using ::pinning::PinStore;

// WasLeft returns whether no host of a set was asked, though all were meant.
bool WasLeft(const SetUpdate& set, const OldPinFile& old) {
  return old.whole && set.asked.empty();
}

// HasNewHost returns whether a host to ask is one that `store` does not cover.
bool HasNewHost(const GeneratePlan& plan, const PinStore& store) {
  return std::any_of(plan.endpoints.begin(), plan.endpoints.end(),
                     [&store](const Endpoint& endpoint) {
                       return !EntryOf(store, endpoint.host).has_value();
                     });
}

void AddLines(absl::string_view what, const std::vector<PinFilePin>& pins,
              absl::string_view note, bool full, std::string& text) {
  for (const PinFilePin& pin : pins) {
    absl::StrAppend(&text, "         ", what, ": ",
                    pinning::PinRoleName(pin.pin.role), "  ",
                    PinText(pin.pin.pin, full), "  ", Escape(pin.pin.name),
                    note, "\n");
  }
}

// SetText returns the lines about `set`; "" if there is nothing to say.
std::string SetText(const SetUpdate& set, const OldPinFile& old, bool prune,
                    bool full) {
  std::string text;
  for (const std::string& host : set.hosts_added) {
    absl::StrAppend(&text, "         host added: ", host, "\n");
  }
  AddLines("added", set.added, "", full, text);
  AddLines("backup added", set.backups_added, "", full, text);
  AddLines("no backup any more, in service", set.promoted, "", full, text);
  AddLines("removed, on no path", set.removed, "", full, text);
  AddLines(
      "kept, on no path asked", set.not_served,
      prune ? ": hosts of the set were not asked, or it is the only pin" : "",
      full, text);
  AddLines("backup in service", set.backups_in_service,
           ": the set has no other; give one with --backup or "
           "--new-backup-key",
           full, text);
  if (!set.not_asked.empty() && (old.whole || !set.asked.empty())) {
    absl::StrAppend(&text, "         kept as it is for what was not asked: ",
                    absl::StrJoin(set.not_asked, ", "), "\n");
  }
  if (text.empty() && set.asked.empty()) {
    return "";
  }
  return absl::StrCat(
      Labelled("set", absl::StrCat(
                          Escape(set.set), set.made ? ": new, " : ": ",
                          set.asked.empty()
                              ? "no host was asked"
                              : absl::StrCat("asked ",
                                             absl::StrJoin(set.asked, ", ")))),
      text);
}

Json PinsJson(const std::vector<PinFilePin>& pins) {
  Json list = Json::array();
  for (const PinFilePin& pin : pins) {
    list.push_back({{"pin", pin.pin.pin.ToString()},
                    {"name", pin.pin.name},
                    {"role", std::string(PinRoleName(pin.pin.role))}});
  }
  return list;
}

std::string UpdateJson(const GenerateFlags& flags, const PinFileUpdate& update,
                       const PinDiff& diff) {
  Json json;
  json["schema"] = "tlspin.update/1";
  json["old"] = flags.update;
  json["new"] = flags.pin_file();
  json["complete"] = update.complete;
  json["sets"] = Json::array();
  for (const SetUpdate& set : update.sets) {
    json["sets"].push_back(
        {{"set", set.set},
         {"made", set.made},
         {"hosts_added", set.hosts_added},
         {"asked", set.asked},
         {"not_asked", set.not_asked},
         {"added", PinsJson(set.added)},
         {"backups_added", PinsJson(set.backups_added)},
         {"promoted", PinsJson(set.promoted)},
         {"removed", PinsJson(set.removed)},
         {"not_served", PinsJson(set.not_served)},
         {"backups_in_service", PinsJson(set.backups_in_service)}});
  }
  AddDiffKeys(diff, json);
  return JsonLine(json);
}

// Print says what became of the file; on standard error if the file itself is
// the answer.
void Print(Context& context, const GenerateFlags& flags, const OldPinFile& old,
           const PinFileUpdate& update, const PinDiff& diff) {
  if (context.json) {
    context.out.Answer(UpdateJson(flags, update, diff));
    return;
  }
  const bool to_stdout = flags.pin_file().empty();
  const bool full = to_stdout || !context.out.answers_to_terminal();
  std::string text;
  for (const SetUpdate& set : update.sets) {
    absl::StrAppend(&text, SetText(set, old, flags.prune, full));
  }
  absl::StrAppend(&text, DiffText(diff));
  const std::string effect =
      diff.same() ? "every host is decided alike"
                  : DiffEffectText(diff.accepts_more(), diff.refuses_more());
  if (!to_stdout) {
    context.out.Answer(text);
    context.out.Answer(
        absl::StrCat(context.out.Paint(Output::Style::kGood, "OK"), "       ",
                     Escape(flags.update), " -> ", Escape(flags.pin_file()),
                     ": ", effect, "\n"));
    return;
  }
  for (const absl::string_view line :
       absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    context.out.Note(line);
  }
  context.out.Note(effect);
}

absl::string_view HintOf(const absl::Status& status) {
  return absl::IsAborted(status)
             ? "if the change is known and wanted, --allow-mismatch; nothing "
               "was written"
             : "nothing was written";
}

}  // namespace

absl::StatusOr<OldPinFile> ReadOldPinFile(const std::string& path,
                                          GeneratePlan& plan) {
  absl::StatusOr<std::string> text = ReadInput(path, PinStore::kMaxFileSize);
  if (!text.ok()) {
    return text.status();
  }
  absl::StatusOr<std::shared_ptr<const PinStore>> store =
      PinStore::FromJson(*text, path == "-" ? "standard input" : path);
  if (!store.ok()) {
    return store.status();
  }
  OldPinFile old{*std::move(text), *std::move(store), plan.endpoints.empty()};
  if (old.whole) {
    plan.endpoints = HostsToAsk(*old.store, plan.default_port);
  }
  if (plan.endpoints.empty()) {
    return absl::NotFoundError(absl::StrCat(
        path, ": has no host but patterns: name hosts that they stand for"));
  }
  const absl::Status pinnable = CheckNotExempt(plan.endpoints, *old.store);
  if (!pinnable.ok()) {
    return InFile(path, pinnable);
  }
  if (!plan.policy.set_name.empty() && !HasNewHost(plan, *old.store)) {
    return absl::OutOfRangeError(
        "--set is for hosts that the pin file does not cover, and it covers "
        "all of those named");
  }
  return old;
}

int WriteUpdate(Context& context, const GenerateFlags& flags,
                const GeneratePlan& plan, const Judge& judge,
                const OldPinFile& old, const ProbeResult& asked,
                const std::optional<BackupKey>& key) {
  const bool reached =
      std::any_of(asked.probes.begin(), asked.probes.end(),
                  [](const Probe& probe) { return probe.verdict.has_value(); });
  if (!reached) {
    context.out.Note("nothing was written");
    return kUndecided;
  }
  const absl::StatusOr<PinFileUpdate> update =
      UpdatePinFile(old.text, *old.store, asked.probes,
                    UpdatePolicyOf(flags, plan), judge.now);
  if (!update.ok()) {
    return context.Fail(update.status(), HintOf(update.status()), kNo);
  }
  const absl::StatusOr<std::shared_ptr<const PinStore>> store =
      PinStore::FromJson(update->text, "the pin file to be written");
  if (!store.ok()) {
    return context.Fail(store.status(), "nothing was written");
  }
  const absl::Status written = WriteFiles(context, flags, update->text, key);
  if (!written.ok()) {
    return context.Fail(written);
  }
  Print(context, flags, old, *update, ComparePins(*old.store, **store));
  bool left = false;
  for (const SetUpdate& set : update->sets) {
    left = left || WasLeft(set, old);
  }
  if (asked.unreached || asked.missing || left) {
    context.out.Note(
        "what could not be asked keeps the pins that it had; see above");
    return kUndecided;
  }
  return kYes;
}

}  // namespace tlspin

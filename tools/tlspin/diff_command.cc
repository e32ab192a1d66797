#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "pinning/pin.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/host_cells.h"
#include "tools/tlspin/pin_diff.h"

namespace tlspin {
namespace {

using ::pinning::PinStore;

struct DiffFlags {
  std::string before, after;
};

using Store = std::shared_ptr<const PinStore>;

absl::StatusOr<Store> ReadStore(const std::string& path) {
  const absl::StatusOr<std::string> text =
      ReadInput(path, PinStore::kMaxFileSize);
  if (!text.ok()) {
    return text.status();
  }
  return PinStore::FromJson(*text, path == "-" ? "standard input" : path);
}

Json TextOrNull(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json JsonOf(const PinChange& change) {
  Json json;
  json["code"] = std::string(PinChangeName(change.kind));
  json["accepts_more"] = change.accepts_more;
  json["refuses_more"] = change.refuses_more;
  json["pin"] = change.pin.has_value() ? Json(change.pin->ToString()) : Json();
  json["name"] = TextOrNull(change.name);
  json["old"] = TextOrNull(change.was);
  json["new"] = TextOrNull(change.is_now);
  return json;
}

Json JsonOf(const HostChange& host) {
  Json json;
  json["hosts"] = Json::array();
  for (const HostCell& cell : host.hosts) {
    json["hosts"].push_back({{"pattern", cell.ToString()},
                             {"example", cell.representative.ToString()}});
  }
  json["old_set"] = TextOrNull(host.old_set);
  json["new_set"] = TextOrNull(host.new_set);
  json["changes"] = Json::array();
  for (const PinChange& change : host.changes) {
    json["changes"].push_back(JsonOf(change));
  }
  return json;
}

std::string JsonOf(const DiffFlags& flags, const PinDiff& diff) {
  Json json;
  json["schema"] = "tlspin.diff/1";
  json["old"] = flags.before;
  json["new"] = flags.after;
  json["same"] = diff.same();
  json["accepts_more"] = diff.accepts_more();
  json["refuses_more"] = diff.refuses_more();
  json["hosts"] = Json::array();
  for (const HostChange& host : diff.hosts) {
    json["hosts"].push_back(JsonOf(host));
  }
  return JsonLine(json);
}

std::string SetText(const std::string& name) {
  return name.empty() ? "not pinned"
                      : absl::StrCat("set \"", Escape(name), "\"");
}

// EffectText says what a change does: the words carry it, not the signs.
std::string EffectText(bool accepts_more, bool refuses_more) {
  return accepts_more && refuses_more ? "accepts more and refuses more"
         : accepts_more               ? "accepts more"
         : refuses_more               ? "refuses more"
                                      : "decides nothing else";
}

std::string LineOf(const PinChange& change) {
  std::string line = absl::StrCat("  ", PinChangeName(change.kind));
  line.resize(15, ' ');
  if (change.pin.has_value()) {
    absl::StrAppend(&line, change.pin->ToString(), "  ", Escape(change.name),
                    "  ");
  }
  if (!change.was.empty() && !change.is_now.empty()) {
    absl::StrAppend(&line, change.was, " -> ", change.is_now);
  } else {
    absl::StrAppend(&line, change.was, change.is_now);
  }
  return absl::StrCat(
      line, ": ", EffectText(change.accepts_more, change.refuses_more), "\n");
}

void PrintHosts(Context& context, const HostChange& host) {
  std::string text;
  for (size_t i = 0; i < host.hosts.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? "hosts    " : "         ",
                    Escape(host.hosts[i].ToString()), "\n");
  }
  absl::StrAppend(&text, "         ", SetText(host.old_set), " -> ",
                  SetText(host.new_set), "\n");
  for (const PinChange& change : host.changes) {
    absl::StrAppend(&text, LineOf(change));
  }
  context.out.Answer(text);
}

void PrintDiff(Context& context, const DiffFlags& flags, const PinDiff& diff) {
  for (const HostChange& host : diff.hosts) {
    PrintHosts(context, host);
  }
  const std::string files =
      absl::StrCat(Escape(flags.before), " -> ", Escape(flags.after), ": ");
  if (diff.same()) {
    context.out.Answer(
        absl::StrCat(context.out.Paint(Output::Style::kGood, "SAME"), "     ",
                     files, "every host is decided alike\n"));
    return;
  }
  context.out.Answer(absl::StrCat(
      context.out.Paint(Output::Style::kBad, "DIFFER"), "   ", files,
      EffectText(diff.accepts_more(), diff.refuses_more()), "\n"));
}

int RunDiff(Context& context, const DiffFlags& flags) {
  if (flags.before == "-" && flags.after == "-") {
    return context.Fail(
        absl::InvalidArgumentError("only one file can be standard input"), "",
        kUsage);
  }
  const absl::StatusOr<Store> before = ReadStore(flags.before);
  if (!before.ok()) {
    return context.Fail(before.status());
  }
  const absl::StatusOr<Store> after = ReadStore(flags.after);
  if (!after.ok()) {
    return context.Fail(after.status());
  }
  const PinDiff diff = ComparePins(**before, **after);
  if (context.json) {
    context.out.Answer(JsonOf(flags, diff));
  } else {
    PrintDiff(context, flags, diff);
  }
  return diff.same() ? kYes : kNo;
}

const HelpText& Help() {
  static const HelpText& help = *new HelpText{
      "Tell what another pin file would start and stop accepting",
      "Compares what two pin files decide, host by host: pins, roles, backup\n"
      "and blocked pins, mode, expiry. Hosts are \"example.com\", "
      "\"*.example.com\"\n"
      "(a label that neither file mentions) and \"*.*.example.com\" (two or "
      "more).\n"
      "Names, comments, the date of the list and other ways to write the same\n"
      "patterns are no difference. It asks no server (see tlspin check).",
      "  0  every host is decided alike\n"
      "  1  there are differences\n"
      "  2  the command line is wrong\n"
      "  3  a file could not be read or is no pin file\n",
      "  $ tlspin diff pins/webex.json new.json\n"
      "  hosts    *.wbx2.com\n"
      "           set \"webex\" -> not pinned\n"
      "    unpinned     enforce: accepts more\n"
      "  DIFFER   pins/webex.json -> new.json: accepts more"};
  return help;
}

}  // namespace

void AddDiffCommand(CommandTable& table, Context& context) {
  const auto flags = std::make_shared<DiffFlags>();
  Command& command =
      AddCommand(table, context, "diff", Help(),
                 [&context, flags] { return RunDiff(context, *flags); });
  command.Argument("OLD", &flags->before, "A pin file; - is standard input")
      .Required();
  command.Argument("NEW", &flags->after, "What is to replace it").Required();
}

}  // namespace tlspin

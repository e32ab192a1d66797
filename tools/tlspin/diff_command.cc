#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/pin_diff.h"
#include "tools/tlspin/pin_diff_print.h"

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

std::string JsonOf(const DiffFlags& flags, const PinDiff& diff) {
  Json json;
  json["schema"] = "tlspin.diff/1";
  json["old"] = flags.before;
  json["new"] = flags.after;
  AddDiffKeys(diff, json);
  return JsonLine(json);
}

void PrintDiff(Context& context, const DiffFlags& flags, const PinDiff& diff) {
  context.out.Answer(DiffText(diff));
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
      DiffEffectText(diff.accepts_more(), diff.refuses_more()), "\n"));
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
